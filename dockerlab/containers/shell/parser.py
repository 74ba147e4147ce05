"""De palabras a órdenes: la gramática del shell, orden a orden.

Un guion se ejecuta según se lee: `next_command` da la orden completa siguiente,
y un error de más abajo no impide que se ejecute lo de arriba.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from .compounds import COMPOUND
from .dialects import Dialect
from .scanner import META, NAME, Scanner, ShellSyntaxError
from .tree import AndOr, Condition, Function, Node, Pipeline, Redirect, Sequence, Simple, Text, Timed, Word

OPERATORS = ("&&", "||", ";;&", ";;", ";&", "<<<", "<<-", "<<", ">>", "<&", ">&", "<>", ">|", "&>>", "&>",
             "|", "&", ";", "<", ">", "(", ")")
REDIRECTS = frozenset(("<<<", "<<-", "<<", ">>", "<&", ">&", "<>", ">|", "&>>", "&>", "<", ">"))
CLOSERS = frozenset(("then", "else", "elif", "fi", "do", "done", "esac", "}"))
KEYWORDS = CLOSERS | (COMPOUND.keys() - {"("}) | {"!", "in"}
ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\+?)=")
FUNCTION = re.compile(r"[ \t]*\([ \t]*\)")
SPACE = re.compile(r"(?:[ \t]|\\\n)*(?:#[^\n]*)?")


class Token(NamedTuple):
    """`kind`: word, op, newline o eof; `value`: el operador o la palabra; `number`: el descriptor de `2>`."""

    kind: str
    value: str | Word
    start: int
    number: int | None = None


class Parser(Scanner):
    """Lee órdenes de `text`. `final`: el texto está entero (si no, lo que falte puede llegar después)."""

    def __init__(self, text: str, dialect: Dialect, line: int = 1, aliases: Mapping[str, str] | None = None,
                 final: bool = True, depth: int = 0):
        super().__init__(text, dialect, line, depth)
        self.aliases, self.final = {} if aliases is None else aliases, final
        self.token: Token | None = None
        self.heredocs: list[tuple[Redirect, str, bool, bool]] = []
        self.active: list[tuple[str, int]] = []     # alias en uso y cuánto texto queda detrás de cada uno

    # -- símbolos --
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

    # -- listas --
    def next_command(self) -> Node | None:
        """La orden completa siguiente (hasta el final de su línea); `None` al final del texto."""
        self.skip_newlines()
        if self.peek().kind == "eof":
            return None
        node = self.list(line_only=True)
        if self.peek().kind not in ("newline", "eof"):
            raise self.unexpected()
        if self.peek().kind == "newline":
            self.take()
        return node

    def nested(self) -> Node | None:
        """Las órdenes hasta el paréntesis que cierra, que también gasta."""
        outer, self.heredocs, self.token = self.heredocs, [], None
        self._deeper()
        node = self.list(optional=True)
        if not self.ahead(")"):
            error = self.unexpected(")")
            error.nested = True
            raise error
        self.take()
        self.depth -= 1
        self.heredocs = outer + self.heredocs
        return node

    def inner(self, text: str, line: int) -> Node | None:
        """Todas las órdenes de otro texto (el de unas comillas invertidas)."""
        self._deeper()
        parser = Parser(text, self.dialect, line, self.aliases, depth=self.depth)
        node = parser.list(optional=True)
        if parser.peek().kind != "eof":
            raise parser.unexpected()
        self.depth -= 1
        return node

    def list(self, until: str = "", line_only: bool = False, optional: bool = False) -> Node | None:
        """Órdenes separadas por `;`, `&` o saltos de línea (con `line_only`, solo las de esta línea).

        `until`: la palabra que debería venir después, para el mensaje si el texto se acaba.
        """
        items: list[tuple[Node, bool]] = []
        while True:
            if not line_only:
                self.skip_newlines()
            token = self.peek()
            name = self._name(token)
            if token.kind in ("eof", "newline") or name in CLOSERS or name in (")", ";;", ";&", ";;&"):
                if line_only and not items and token.kind not in ("eof", "newline"):
                    raise self.unexpected()
                break
            node = self.and_or()
            background = self.ahead("&")
            items.append((node, background))
            if self.ahead("&", ";"):
                self.take()
            elif self.peek().kind != "newline" or line_only:
                break
        if not items:
            if optional:
                return None
            raise self.unexpected(until if self.peek().kind == "eof" else "")
        return items[0][0] if len(items) == 1 and not items[0][1] else Sequence(tuple(items))

    def and_or(self) -> Node:
        first, rest = self.pipeline(), []
        while self.ahead("&&", "||"):
            operator = self.take().value
            self.skip_newlines()
            rest.append((operator, self.pipeline()))
        return AndOr(first, tuple(rest)) if rest else first

    def pipeline(self) -> Node:
        if self.dialect.timing and self.accept("time"):
            return Timed(self.pipeline())
        negated = False
        while self.ahead("!"):
            self.take()
            negated = not negated
        commands = [self.command()]
        while self.ahead("|"):
            self.take()
            self.skip_newlines()
            commands.append(self.command())
        return commands[0] if len(commands) == 1 and not negated else Pipeline(tuple(commands), negated)

    # -- órdenes --
    def command(self) -> Node:
        token = self.peek()
        name, line = self._name(token), self.line
        if name == "(" and self.dialect.arithmetic_commands and self.text.startswith("((", token.start):
            found = self._arithmetic_command(line)
            if found:
                return found
        if name in COMPOUND:
            self._deeper()
            self.take()
            node = COMPOUND[name](self, line)
            self.depth -= 1
            return self._with_redirects(node)
        if name == "[[" and self.dialect.conditions:
            return self._with_redirects(self._condition(line))
        if name == "function" and self.dialect.function_word:
            self.take()
            if self.peek().kind != "word":
                raise self.unexpected()
            name = self.take().value.literal or ""
            if self.accept("("):
                self.expect(")")
            return self._function(name, line)
        if token.kind == "word" and name in CLOSERS:
            raise self.unexpected()
        return self.simple(line)

    def _with_redirects(self, node: Node) -> Node:
        redirects = self._redirects()
        return type(node)(**{key: getattr(node, key) for key in node.__slots__} | {"redirects": redirects}) \
            if redirects else node

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
            reader = Parser(body, self.dialect, start, self.aliases, depth=self.depth)
            parts = (Text(body, True),) if quoted else tuple(reader.quoted(""))
            object.__setattr__(redirect, "target", Word(parts, start))  # el único nodo que se acaba más tarde

    def simple(self, line: int) -> Node:
        """Una orden sencilla, o la definición de una función."""
        assignments: list[tuple[str, Word]] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while True:
            token = self.peek()
            if token.kind == "op" and token.value in REDIRECTS:
                redirects.append(self.redirect())
                continue
            if token.kind != "word":
                break
            if not words and self._alias(token):
                continue
            word = self.take().value
            assignment = None if words else self._assignment(word)
            if assignment:
                assignments.append(assignment)
                continue
            words.append(word)
            if len(words) == 1 and not assignments and not redirects and FUNCTION.match(self.text, self.at):
                if not word.literal or not NAME.match(word.literal):
                    raise self.fail("bad-function")
                self.at = FUNCTION.match(self.text, self.at).end()
                return self._function(word.literal, line)
        if not (assignments or words or redirects):
            raise self.unexpected()
        return Simple(tuple(assignments), tuple(words), tuple(redirects), line)

    def _assignment(self, word: Word) -> tuple[str, Word] | None:
        first = word.parts[0] if word.parts else None
        found = ASSIGNMENT.match(first.text) if isinstance(first, Text) and not first.quoted else None
        if not found or (found[2] and not self.dialect.arithmetic_commands):
            return None
        rest = first.text[found.end():]
        return found[1] + found[2], Word(((Text(rest),) if rest else ()) + word.parts[1:], word.line)

    def _alias(self, token: Token) -> bool:
        """Si la palabra es un alias, pone su texto en su lugar."""
        name = token.value.literal if self.aliases else None
        self.active = [(alias, left) for alias, left in self.active if len(self.text) - token.start > left]
        if name not in self.aliases or any(alias == name for alias, _ in self.active):
            return False
        self.active.append((name, len(self.text) - self.at))
        self.text = self.text[:token.start] + self.aliases[name] + self.text[self.at:]
        self.at, self.token = token.start, None
        return not self.ahead(*COMPOUND)

    def _function(self, name: str, line: int) -> Node:
        self.skip_newlines()
        return Function(name, self.command(), line)

    def _arithmetic_command(self, line: int) -> Node | None:
        """`((expresión))` de bash: es `let "expresión"`."""
        start = self.peek().start
        self.at, self.token = start - 1, None       # `_arithmetic` espera un `$` delante
        found = self._arithmetic(True)
        if found is None:
            self.at = start
            return None
        return Simple((), (Word((Text("let"),), line), Word((Text("", True), *found.expression.parts), line)), (), line)

    def _condition(self, line: int) -> Condition:
        """`[[ ... ]]`: sus palabras, con `&&`, `||`, `<`, `(`... como texto."""
        self.take()
        words: list[Word] = []
        while True:
            token = self.take()
            if token.kind == "eof":
                self.token = token
                raise self.unexpected("]]")
            if token.kind == "newline":
                continue
            if token.kind == "op":
                words.append(Word((Text(token.value),), line))
            elif token.value.literal == "]]":
                return Condition(tuple(words), (), line)
            else:
                words.append(token.value)
                if token.value.literal == "=~":
                    words.append(self._regex())

    def _regex(self) -> Word:
        """Lo que sigue a `=~`: hasta el blanco, con sus paréntesis y barras."""
        found = re.compile(r"[ \t]*((?:\\.|\[[^\]]*\]|\([^)\n]*\)|[^\s])+)").match(self.text, self.at)
        if not found or "$" in found[1] or "'" in found[1] or '"' in found[1]:
            return self.take().value
        self.at = found.end()
        return Word((Text(found[1]),), self.line)
