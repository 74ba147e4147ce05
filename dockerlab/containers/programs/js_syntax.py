"""Del texto de JavaScript a sus fichas: números, textos, plantillas, nombres y signos.

Fuente: ECMA-262, *Lexical Grammar*, en lo que usa una aplicación corriente.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

PUNCTUATION = sorted(
    ("{ } ( ) [ ] ; , < > <= >= == != === !== + - * / % ** ++ -- << >> >>> & | ^ ! ~ && || ?? ? ?. : = += -= "
     "*= /= %= "
     "**= <<= >>= &= |= ^= &&= ||= ??= => . ... #").split(), key=len, reverse=True)
NUMBER = re.compile(r"0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?n?")
NAME = re.compile(r"[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*")
SPACE = re.compile(r"(?:[ \t\r\ufeff\u00a0]+|//[^\n]*|/\*[\s\S]*?\*/)+")
REGEX = re.compile(r"/((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+)/([a-z]*)")
BEFORE_REGEX = {"return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do",
                "await", "yield"}
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}


class JsSyntaxError(Exception):
    """Un programa mal escrito: `line` y `column` (desde 1 y 0) dicen dónde; `text`, por qué."""

    def __init__(self, text: str, line: int, column: int, width: int = 1):
        super().__init__(text)
        self.line, self.column, self.width = line, column, width


@dataclass(frozen=True, slots=True)
class Token:
    """Una ficha. `kind`: number, string, template, name, punct, regex o end; `newline`: va tras un salto de línea."""

    kind: str
    value: Any
    line: int
    column: int
    newline: bool = False


def tokenize(text: str) -> list[Token]:
    """Las fichas del programa. `JsSyntaxError` si hay algo que no lo es."""
    return Scanner(text).all()


class Scanner:
    """Va leyendo el texto desde `at`."""

    def __init__(self, text: str, line: int = 1):
        self.text, self.at, self.line, self.start = text, 0, line, 0
        self.tokens: list[Token] = []

    def all(self) -> list[Token]:
        if self.text.startswith("#!"):
            self.at = self.text.find("\n") if "\n" in self.text else len(self.text)
        newline = False
        while True:
            newline = self.skip() or newline
            if self.at >= len(self.text):
                self.add("end", "", 0, newline)
                return self.tokens
            self.one(newline)
            newline = False

    def skip(self) -> bool:
        """Salta espacios y comentarios; si había un salto de línea."""
        newline = False
        while self.at < len(self.text):
            if self.text[self.at] == "\n":
                self.at += 1
                self.line, self.start, newline = self.line + 1, self.at, True
                continue
            found = SPACE.match(self.text, self.at)
            if not found:
                break
            breaks = found[0].count("\n")
            if breaks:
                self.line, newline = self.line + breaks, True
                self.start = found.start() + found[0].rindex("\n") + 1
            self.at = found.end()
        return newline

    def add(self, kind: str, value: Any, length: int, newline: bool) -> None:
        self.tokens.append(Token(kind, value, self.line, self.at - self.start, newline))
        self.at += length

    def error(self, text: str, width: int = 1) -> JsSyntaxError:
        return JsSyntaxError(text, self.line, self.at - self.start, width)

    def one(self, newline: bool) -> None:
        char = self.text[self.at]
        if char in "\"'":
            self.string(char, newline)
        elif char == "`":
            self.template(newline)
        elif found := NUMBER.match(self.text, self.at) if char.isdigit() or (
                char == "." and self.text[self.at + 1:self.at + 2].isdigit()) else None:
            digits = found[0].replace("_", "").rstrip("n")
            self.add("number", float(int(digits, 0)) if digits[:2].lower() in ("0x", "0b", "0o")
                     else float(digits),
                     len(found[0]), newline)
        elif found := NAME.match(self.text, self.at):
            self.add("name", found[0], len(found[0]), newline)
        elif char == "/" and self.regex_here() and (found := REGEX.match(self.text, self.at)):
            self.add("regex", (found[1], found[2]), len(found[0]), newline)
        else:
            sign = next((each for each in PUNCTUATION if self.text.startswith(each, self.at)), None)
            if sign is None:
                raise self.error("Invalid or unexpected token")
            if sign == "?." and self.text[self.at + 2:self.at + 3].isdigit():
                sign = "?"
            self.add("punct", sign, len(sign), newline)

    def regex_here(self) -> bool:
        """¿Puede empezar aquí una expresión regular, o la barra divide?"""
        if not self.tokens:
            return True
        last = self.tokens[-1]
        if last.kind == "name":
            return last.value in BEFORE_REGEX
        return last.kind == "punct" and last.value not in (")", "]", "}")

    def string(self, quote: str, newline: bool) -> None:
        end, out = self.at + 1, []
        while True:
            char = self.text[end:end + 1]
            if char in ("", "\n"):
                raise self.error("Invalid or unexpected token", end - self.at)
            if char == quote:
                break
            if char == "\\":
                piece, end = escape(self.text, end + 1)
                out.append(piece)
            else:
                out.append(char)
                end += 1
        self.add("string", "".join(out), end + 1 - self.at, newline)

    def template(self, newline: bool) -> None:
        """Una plantilla: textos y, entre ellos, listas de fichas."""
        end, out, parts = self.at + 1, [], []
        while True:
            char = self.text[end:end + 1]
            if not char:
                raise self.error("Unterminated template literal")
            if char == "`":
                break
            if char == "\\":
                piece, end = escape(self.text, end + 1)
                out.append(piece)
            elif self.text.startswith("${", end):
                close = self.closing(end + 2)
                inner = Scanner(self.text[end + 2:close], self.line + self.text.count("\n", self.at, end))
                parts += ["".join(out), inner.all()]
                out, end = [], close + 1
            else:
                out.append(char)
                end += 1
        length = end + 1 - self.at
        breaks = self.text.count("\n", self.at, end)
        last = self.text.rfind("\n", self.at, end) + 1
        self.add("template", [*parts, "".join(out)], length, newline)
        if breaks:
            self.line, self.start = self.line + breaks, last

    def closing(self, at: int) -> int:
        """La llave que cierra un `${`."""
        depth, quote = 1, ""
        while at < len(self.text):
            char = self.text[at]
            if quote:
                at += char == "\\"
                quote = "" if char == quote else quote
            elif char in "\"'`":
                quote = char
            elif char in "{}":
                depth += 1 if char == "{" else -1
                if not depth:
                    return at
            at += 1
        raise self.error("Unterminated template literal")


def escape(text: str, at: int) -> tuple[str, int]:
    """El carácter que dice una secuencia `\\…` (sin la barra) y dónde sigue el texto."""
    char = text[at:at + 1]
    if char == "x":
        return chr(int(text[at + 1:at + 3], 16)), at + 3
    if char == "u":
        if text[at + 1] == "{":
            end = text.index("}", at)
            return chr(int(text[at + 2:end], 16)), end + 1
        return chr(int(text[at + 1:at + 5], 16)), at + 5
    return ESCAPES.get(char, char), at + 1
