"""De palabras a órdenes: la gramática del shell, orden a orden.

Un guion se ejecuta según se lee: `next_command` da la orden completa siguiente,
y un error de más abajo no impide que se ejecute lo de arriba.
"""

from __future__ import annotations

import re

from .compounds import COMPOUND
from .dollars import NAME
from .tokens import CLOSERS, REDIRECTS, Token, Tokens
from .tree import AndOr, Condition, Function, Node, Pipeline, Redirect, Sequence, Simple, Text, Timed, Word

ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\+?)=")
FUNCTION = re.compile(r"[ \t]*\([ \t]*\)")


class Parser(Tokens):
    """Lee órdenes de `text`."""

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
        """Órdenes unidas por `&&` y `||`."""
        first, rest = self.pipeline(), []
        while self.ahead("&&", "||"):
            operator = self.take().value
            self.skip_newlines()
            rest.append((operator, self.pipeline()))
        return AndOr(first, tuple(rest)) if rest else first

    def pipeline(self) -> Node:
        """Órdenes unidas por tuberías, quizá con `!` o `time` delante."""
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

    def command(self) -> Node:
        """Una orden simple o compuesta."""
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
