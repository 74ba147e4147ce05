"""De texto a piezas: la gramática de las plantillas de Go (paquete text/template/parse)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...errors import DockerlabError, fault
from .functions import FUNCTIONS
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

TOKEN = re.compile(r"""
    (?P<space>[ \t\r\n]+)
  | (?P<string>"(?:[^"\\\n]|\\.)*")
  | (?P<raw>`[^`]*`)
  | (?P<char>'(?:[^'\\\n]|\\.)+')
  | (?P<number>[+-]?(?:0[xX][0-9a-fA-F_]+|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?))
  | (?P<field>\.[^\W\d]\w*)
  | (?P<dot>\.)
  | (?P<variable>\$\w*)
  | (?P<declare>:=)
  | (?P<symbol>[=,|()])
  | (?P<word>[^\W\d]\w*)
""", re.VERBOSE)
KEYWORDS = ("if", "else", "end", "range", "with", "break", "continue", "define", "template", "block")
WORDLIKE = ("field", "variable", "word", "number")
TERMINATOR = re.compile(r"[\s.,|:()=]|}}|$")
CONSTANTS = {"true": True, "false": False, "nil": None}


@dataclass(frozen=True, slots=True)
class Token:
    """Una palabra de la plantilla; `text` es texto llano (`kind == "text"`) o parte de una acción."""

    kind: str
    text: str
    position: int


def tokens(source: str) -> Iterator[Token]:
    """Las palabras de la plantilla, con los recortes `{{-` y `-}}` ya hechos."""
    at, trim = 0, False
    while True:
        start = source.find("{{", at)
        text = source[at:] if start < 0 else source[at:start]
        if trim:
            text = text.lstrip(" \t\r\n")
        if start < 0:
            if text:
                yield Token("text", text, at)
            yield Token("eof", "EOF", len(source))
            return
        at = start + 2
        if source.startswith("-", at) and source[at + 1:at + 2].isspace():
            text, at = text.rstrip(" \t\r\n"), at + 1
        if text:
            yield Token("text", text, start)
        comment = re.compile(r"\s*/\*.*?\*/(?P<end>\s+-}}|}})", re.DOTALL).match(source, at)
        if comment:
            at, trim = comment.end(), comment["end"] != "}}"
            continue
        yield Token("left", "{{", start)
        while True:
            close = re.compile(r"\s+-}}|\s*}}").match(source, at)
            if close:
                trim, at = close[0].endswith("-}}"), close.end()
                yield Token("right", "}}", close.start())
                break
            found = TOKEN.match(source, at)
            if not found:
                raise _bad_character(source, at)
            at = found.end()
            if found.lastgroup in WORDLIKE and not TERMINATOR.match(source, at):
                raise _syntax(source, at, f"bad character {shown_char(source[at])}")
            yield Token(str(found.lastgroup), found[0], found.start())


def _syntax(source: str, at: int, reason: str) -> DockerlabError:
    return fault("template-syntax", line=source.count("\n", 0, at) + 1, reason=reason)


def shown_char(char: str) -> str:
    """`U+007D '}'`."""
    return f"U+{ord(char):04X} '{char}'"


def _bad_character(source: str, at: int) -> DockerlabError:
    rest = source[at:at + 1]
    if not rest or rest == "\n":
        reason = "unclosed action"
    elif rest in "\"'`":
        reason = {'"': "unterminated quoted string", "`": "unterminated raw quoted string",
                  "'": "unterminated character constant"}[rest]
    else:
        reason = f"unrecognized character in action: {shown_char(rest)}"
    return _syntax(source, at, reason)


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
        return _syntax(self.source, token.position, reason)

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
        return token.text if token.kind == "eof" else f"<{token.text}>" if token.kind in ("word",) and (
            token.text in KEYWORDS) else f'"{token.text}"'

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


def quoted(text: str) -> str:
    """`text` entre comillas dobles."""
    return f'"{text}"'
