"""De texto a piezas: la gramática de las plantillas de Go (paquete text/template/parse)."""

from __future__ import annotations

import ast

from dockerlab.errors import DockerlabError

from .functions import FUNCTIONS
from .lexer import KEYWORDS, Token, quoted, syntax_fault, tokens
from .nodes import (
    Action,
    Branch,
    Chain,
    Command,
    Dot,
    Expression,
    Field,
    Function,
    Jump,
    Literal,
    Node,
    Pipe,
    Text,
    Variable,
)

CONSTANTS = {"true": True, "false": False, "nil": None}


class Parser:
    """Lee `source`; `parse()` da sus piezas. Falta `template-syntax`, con la línea."""

    def __init__(self, source: str):
        self.source = source
        self.tokens = list(tokens(source))
        self.at = 0
        self.variables = ["$"]

    def parse(self) -> tuple[Node, ...]:
        """Toda la plantilla."""
        body, word = self.body()
        if word is not None:
            raise self.error(f"unexpected {{{{{word.text}}}}}", word)
        return body

    def error(self, reason: str, token: Token) -> DockerlabError:
        """La falta, con la línea de `token`."""
        return syntax_fault(self.source, token.position, reason)

    def next(self) -> Token:
        """La palabra siguiente, que se consume."""
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def peek(self) -> Token:
        """La palabra siguiente que no sea un blanco, sin consumirla."""
        while self.tokens[self.at].kind == "space":
            self.at += 1
        return self.tokens[self.at]

    def body(self) -> tuple[tuple[Node, ...], Token | None]:
        """Las piezas hasta un `{{end}}` o `{{else}}` (que se devuelve) o hasta el final."""
        nodes: list[Node] = []
        while (token := self.next()).kind != "eof":
            if token.kind == "text":
                nodes.append(Text(token.text))
                continue
            word = self.peek()
            if word.kind == "word" and word.text in ("end", "else"):
                self.next()
                return tuple(nodes), word
            nodes.append(self.action(word))
        return tuple(nodes), None

    def action(self, word: Token) -> Node:
        """Una acción ya abierta, hasta su `}}` (o su `{{end}}`)."""
        if word.kind != "word" or word.text not in KEYWORDS:
            pipe = self.pipe("command", "right")
            return Action(pipe)
        self.next()
        if word.text in ("if", "range", "with"):
            return self.branch(word.text)
        if word.text in ("break", "continue"):
            self.close()
            return Jump(word.text)
        raise self.error(f"unexpected {word.text} in command", word)

    def branch(self, kind: str) -> Branch:
        """`if`, `range` o `with`, con sus `else` (también `else if`)."""
        known = len(self.variables)
        pipe = self.pipe(kind, "right")
        body, word = self.body()
        otherwise: tuple[Node, ...] = ()
        if word is not None and word.text == "else":
            follow = self.peek()
            if follow.kind == "word" and follow.text in ("if", "with"):
                self.next()
                otherwise, word = (self.branch(follow.text),), None
                del self.variables[known:]
                return Branch(kind, pipe, body, otherwise)
            self.close()
            otherwise, word = self.body()
        if word is None:
            raise self.error("unexpected EOF", self.tokens[-1])
        self.close()
        del self.variables[known:]
        return Branch(kind, pipe, body, otherwise)

    def close(self) -> None:
        """Consume el `}}`."""
        if self.peek().kind != "right":
            raise self.error(f"unexpected {self.shown(self.peek())} in end", self.peek())
        self.next()

    @staticmethod
    def shown(token: Token) -> str:
        """La palabra como la citan los errores."""
        return f"<{token.text}>" if token.text in KEYWORDS else quoted(token.text)

    def declaration(self, kind: str) -> tuple[tuple[str, ...], bool]:
        """`$x :=`, `$x =` o, en `range`, `$i, $v :=`; vacío si no hay."""
        start, names = self.at, []
        while self.peek().kind == "variable":
            names.append(self.next().text)
            separator = self.peek()
            if separator.kind == "declare" or separator.text == "=":
                self.next()
                if separator.kind == "declare":
                    self.variables += names
                return tuple(names), separator.text == "="
            if separator.text != "," or kind != "range" or len(names) > 1:
                break
            self.next()
        self.at = start
        return (), False

    def pipe(self, kind: str, end: str) -> Pipe:
        """Órdenes unidas por `|`, hasta `end` (que se consume)."""
        position = self.peek().position
        names, assigns = self.declaration(kind)
        commands: list[Command] = []
        while True:
            token = self.peek()
            if token.kind == end or (end == "close" and token.text == ")"):
                self.next()
                if not commands:
                    raise self.error(f"missing value for {kind}", token)
                return Pipe(position, tuple(commands), names, assigns)
            if token.text == "|" and commands:
                self.next()
            commands.append(self.command())
            if len(commands) > 1 and isinstance(commands[-1].arguments[0], (Literal, Dot)):
                raise self.error(f"non executable command in pipeline stage {len(commands)}", token)

    def command(self) -> Command:
        """Operandos separados por blancos."""
        start = self.peek()
        operands: list[Expression] = []
        while True:
            token = self.peek()
            if token.kind == "right" or token.text in ("|", ")"):
                break
            operands.append(self.operand(token))
        if not operands:
            raise self.error("missing value for command", start)
        return Command(start.position, tuple(operands))

    def operand(self, token: Token) -> Expression:
        """Un término y los campos que lleve pegados."""
        term = self.term(token)
        names, position = [], None
        while self.tokens[self.at].kind == "field":
            field = self.next()
            position = position or field.position
            names.append(field.text[1:])
        if not names or position is None:
            return term
        if isinstance(term, Field):
            return Field(position, (*term.names, *names))
        if isinstance(term, Variable):
            return Variable(position, term.name, (*term.names, *names))
        if isinstance(term, (Literal, Dot)):
            raise self.error(f"unexpected . after term {quoted(str(term))}", token)
        return Chain(position, term, tuple(names))

    def term(self, token: Token) -> Expression:
        """Una constante, un campo, una variable, una función o un paréntesis."""
        self.next()
        kind, text, position = token.kind, token.text, token.position
        if kind == "field":
            return Field(position, (text[1:],))
        if kind == "dot":
            return Dot(position)
        if kind == "variable":
            if text not in self.variables:
                raise self.error(f"undefined variable {quoted(text)}", token)
            return Variable(position, text)
        if kind == "word" and text in CONSTANTS:
            return Literal(position, text, CONSTANTS[text])
        if kind == "word" and text not in KEYWORDS:
            if text not in FUNCTIONS:
                raise self.error(f"function {quoted(text)} not defined", token)
            return Function(position, text)
        if kind == "number":
            return Literal(position, text, ast.literal_eval(text.lstrip("+").lstrip("0") or "0")
                           if text.isdecimal() else ast.literal_eval(text))
        if kind in ("string", "raw", "char"):
            value = text[1:-1] if kind == "raw" else ast.literal_eval(text)
            return Literal(position, text, ord(value) if kind == "char" else value)
        if text == "(":
            return self.pipe("parenthesized pipeline", "close")
        if kind == "eof":
            raise self.error("unclosed action", token)
        raise self.error(f"unexpected {self.shown(token)} in operand", token)
