"""Del texto a símbolos: palabras, operadores, saltos de línea, redirecciones y here-documents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from .compounds import COMPOUND
from .dialects import Dialect
from .dollars import META, ShellSyntaxError
from .scanner import Scanner
from .tree import Redirect, Text, Word

OPERATORS = ("&&", "||", ";;&", ";;", ";&", "<<<", "<<-", "<<", ">>", "<&", ">&", "<>", ">|", "&>>", "&>",
             "|", "&", ";", "<", ">", "(", ")")
REDIRECTS = frozenset(("<<<", "<<-", "<<", ">>", "<&", ">&", "<>", ">|", "&>>", "&>", "<", ">"))
CLOSERS = frozenset(("then", "else", "elif", "fi", "do", "done", "esac", "}"))
KEYWORDS = CLOSERS | (COMPOUND.keys() - {"("}) | {"!", "in"}
SPACE = re.compile(r"(?:[ \t]|\\\n)*(?:#[^\n]*)?")


class Token(NamedTuple):
    """`kind`: word, op, newline o eof; `value`: el operador o la palabra; `number`: el descriptor de `2>`."""

    kind: str
    value: str | Word
    start: int
    number: int | None = None


class Tokens(Scanner):
    """Los símbolos de `text`, de uno en uno. `final`: el texto está entero; si no, lo que falte puede llegar."""

    def __init__(self, text: str, dialect: Dialect, line: int = 1, aliases: Mapping[str, str] | None = None,
                 final: bool = True, depth: int = 0):
        super().__init__(text, dialect, line, depth)
        self.aliases, self.final = {} if aliases is None else aliases, final
        self.token: Token | None = None
        self.heredocs: list[tuple[Redirect, str, bool, bool]] = []
        self.active: list[tuple[str, int]] = []     # alias en uso y cuánto texto queda detrás de cada uno

    def peek(self) -> Token:
        """El símbolo siguiente, sin gastarlo."""
        if self.token is None:
            self.token = self._read()
        return self.token

    def take(self) -> Token:
        """El símbolo siguiente."""
        token, self.token = self.peek(), None
        return token

    def _read(self) -> Token:
        found = SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        text, start = self.text, self.at
        if start >= len(text):
            self._bodies()
            return Token("eof", "", start)
        if text[start] == "\n":
            self.at += 1
            self._bodies()
            return Token("newline", "\n", start)
        for operator in OPERATORS if text[start] in META else ():
            if text.startswith(operator, start) and self._known(operator):
                self.at += len(operator)
                return Token("op", operator, start)
        number = re.compile(r"\d+(?=[<>])").match(text, start)
        if number:
            self.at = number.end()
            operator = self._read()
            return Token("op", operator.value, start, int(number[0]))
        return Token("word", self.word(), start)

    def _known(self, operator: str) -> bool:
        if operator.startswith("&>"):
            return self.dialect.both_redirect
        return operator != "<<<" or self.dialect.here_strings

    def ahead(self, *names: str) -> bool:
        """¿Es lo siguiente uno de esos operadores o palabras reservadas?"""
        return self._name(self.peek()) in names

    def _name(self, token: Token) -> str:
        if token.kind == "word":
            return token.value.literal or ""
        return token.value if token.kind == "op" and token.number is None else ""

    def unexpected(self, expecting: str = "") -> ShellSyntaxError:
        """Sobra el símbolo siguiente (y hacía falta `expecting`)."""
        token = self.peek()
        incomplete = token.kind == "eof"
        found = {"eof": "end of file", "newline": "newline"}.get(token.kind, "")
        if token.kind == "word":
            literal = token.value.literal
            found = f'"{literal}"' if literal in KEYWORDS else "word"
        elif token.kind == "op":
            found = "redirection" if token.value in REDIRECTS else f'"{token.value}"'
        error = self.fail("unexpected", found, expecting, incomplete)
        if token.kind == "newline":
            error.line -= 1
        return error

    def expect(self, name: str) -> None:
        """Gasta ese operador o palabra reservada; si no está, error de sintaxis."""
        if not self.ahead(name):
            raise self.unexpected(name)
        self.take()

    def accept(self, name: str) -> bool:
        """Gasta ese operador o palabra reservada si es lo siguiente."""
        if self.ahead(name):
            self.take()
            return True
        return False

    def skip_newlines(self) -> None:
        """Gasta los saltos de línea."""
        while self.peek().kind == "newline":
            self.take()

    def _redirects(self) -> tuple[Redirect, ...]:
        found = []
        while self.peek().kind == "op" and self.peek().value in REDIRECTS:
            found.append(self.redirect())
        return tuple(found)

    def redirect(self) -> Redirect:
        """Una redirección; la de un here-document se completa al llegar al salto de línea."""
        token = self.take()
        if self.peek().kind != "word":
            raise self.unexpected()
        target, operator = self.take().value, token.value
        fd = token.number if token.number is not None else 0 if operator[0] == "<" else 1
        if operator in ("<<", "<<-"):
            quoted = any(not isinstance(part, Text) or part.quoted for part in target.parts)
            redirect = Redirect(fd, "<<", Word(()))
            self.heredocs.append((redirect, "".join(getattr(part, "text", "") for part in target.parts), quoted,
                                  operator == "<<-"))
            return redirect
        return Redirect(fd, operator, target)

    def _bodies(self) -> None:
        """Lee los here-documents que esperaban a este salto de línea."""
        waiting, self.heredocs = self.heredocs, []
        for redirect, delimiter, quoted, strip in waiting:
            start, lines = self.line, []
            while True:
                if self.at >= len(self.text):
                    if not self.final:
                        raise self.fail("heredoc", incomplete=True)
                    break
                end = self.text.find("\n", self.at)
                line, after = (self.text[self.at:], len(self.text)) if end < 0 else (self.text[self.at:end], end + 1)
                self.at = after
                line = line.lstrip("\t") if strip else line
                if line == delimiter:
                    break
                lines.append(line + ("\n" if end >= 0 else ""))
            body = "".join(lines)
            reader = type(self)(body, self.dialect, start, self.aliases, depth=self.depth)
            parts = (Text(body, True),) if quoted else tuple(reader.quoted(""))
            object.__setattr__(redirect, "target", Word(parts, start))  # el único nodo que se acaba más tarde
