"""El lenguaje de awk, leído: de un texto a un árbol de tuplas.

Fuente: POSIX.1-2017, *Shell & Utilities*, `awk`, gramática.
"""

from __future__ import annotations

import re
from typing import Any

TOKEN = re.compile(r"""
    (?P<space>[ \t]+|\\\n|\#[^\n]*)|(?P<newline>\n)
  | (?P<number>\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+)
  | (?P<string>"(?:\\.|[^"\\])*")
  | (?P<name>[A-Za-z_]\w*)
  | (?P<mark>\+\+|--|\+=|-=|\*=|/=|%=|\^=|==|<=|>=|!=|&&|\|\||>>|!~|[-+*/%^!<>=?:~${}()\[\],;|])
""", re.VERBOSE)
ENDS_VALUE = {"number", "string", "name"}
KEYWORDS = {"BEGIN", "END", "if", "else", "for", "while", "do", "in", "print", "printf", "next", "exit",
            "delete",
            "break", "continue", "getline", "function", "return"}
Node = tuple[Any, ...]


class AwkError(Exception):
    """Un programa de awk que no se entiende o que falla; `line`: dónde."""

    def __init__(self, text: str, line: int = 1):
        super().__init__(text)
        self.line = line


def tokens(text: str) -> list[tuple[str, str, int]]:
    """(clase, texto, línea). Una barra es división si va detrás de un valor; si no, empieza un patrón."""
    out: list[tuple[str, str, int]] = []
    at, line = 0, 1
    while at < len(text):
        before = out[-1] if out else ("", "", 0)
        value = before[0] in ENDS_VALUE and before[1] not in KEYWORDS or before[1] in (")", "]", "$", "++", "--")
        if text[at] == "/" and not value:
            found = re.compile(r"/((?:\\.|\[[^\]]*\]|[^/\\\n])*)/").match(text, at)
            kind = "regex"
        else:
            found = TOKEN.match(text, at)
            kind = found.lastgroup or "" if found else ""
        if not found:
            raise AwkError("syntax error", line)
        if kind != "space":
            out.append((kind, found[1] if kind == "regex" else found[0], line))
        line += found[0].count("\n")
        at = found.end()
    return [*out, ("end", "", line)]


LEVELS: tuple[tuple[str, ...], ...] = (("||",), ("&&",), ("in",), ("~", "!~"),
                                       ("<", "<=", "==", "!=", ">", ">="), ("",), ("+", "-"), ("*", "/", "%"))


class Parser:
    """Lee el programa; `at` es la ficha que toca."""

    def __init__(self, text: str):
        self.tokens, self.at = tokens(text), 0
        self.no_greater = self.no_in = False

    @property
    def kind(self) -> str:
        return self.tokens[self.at][0]

    @property
    def text(self) -> str:
        return self.tokens[self.at][1] if self.kind not in ("string", "regex") else ""

    def take(self, text: str | None = None) -> str:
        kind, found, line = self.tokens[self.at]
        if text is not None and (found != text or kind in ("string", "regex")):
            raise AwkError("Unexpected token", line)
        self.at += 1
        return found

    def skip(self, *texts: str) -> None:
        while self.kind != "end" and self.text in texts and self.kind != "string":
            self.at += 1

    def program(self) -> list[tuple[Any, Any]]:
        """Las reglas: (patrón, acción); patrón BEGIN, END, `None`, una expresión o un par."""
        rules = []
        self.skip("\n", ";")
        while self.kind != "end":
            pattern: Any = None
            if self.text in ("BEGIN", "END"):
                pattern = self.take()
            elif self.text != "{":
                pattern = self.expression()
                if self.text == ",":
                    self.take()
                    pattern = ("range", pattern, self.expression())
            action = self.block() if self.text == "{" else ("print", [], None)
            rules.append((pattern, action))
            self.skip("\n", ";")
        return rules

    def block(self) -> Node:
        self.take("{")
        body = []
        self.skip("\n", ";")
        while self.text != "}":
            body.append(self.statement())
            self.skip("\n", ";")
        self.take("}")
        return ("block", body)

    def statement(self) -> Node:
        word = self.text
        if word == "{":
            return self.block()
        if word in ("if", "while"):
            self.take()
            self.take("(")
            test = self.expression()
            self.take(")")
            self.skip("\n")
            body = self.statement() if self.text != ";" else ("block", [])
            mark = self.at
            self.skip("\n", ";")
            if word == "if" and self.text == "else":
                self.take()
                self.skip("\n")
                return ("if", test, body, self.statement())
            self.at = mark
            return (word, test, body) if word == "while" else ("if", test, body, ("block", []))
        if word == "for":
            return self.loop()
        if word in ("print", "printf"):
            return self.printing()
        if word in ("next", "break", "continue"):
            return (self.take(),)
        if word == "exit":
            self.take()
            return ("exit", None if self.text in ("}", ";", "\n", "") else self.expression())
        if word == "delete":
            self.take()
            name = self.take()
            if self.text != "[":
                return ("delete", name, None)
            return ("delete", name, self.subscript())
        return ("do", self.expression())

    def loop(self) -> Node:
        self.take("for")
        self.take("(")
        if self.kind == "name" and self.tokens[self.at + 1][1] == "in":
            name = self.take()
            self.take("in")
            array = self.take()
            self.take(")")
            self.skip("\n")
            return ("each", name, array, self.statement())
        start = None if self.text == ";" else self.expression()
        self.take(";")
        test = None if self.text == ";" else self.expression()
        self.take(";")
        step = None if self.text == ")" else self.expression()
        self.take(")")
        self.skip("\n")
        return ("for", start, test, step, self.statement())

    def printing(self) -> Node:
        word, values = self.take(), []
        self.no_greater = True
        if self.text not in ("}", ";", "\n", ">", ">>", "|") and self.kind != "end":
            values = self.values()
        self.no_greater = False
        target = None
        if self.text in (">", ">>", "|"):
            target = (self.take(), self.unary())
        return (word, values, target)

    def values(self) -> list[Node]:
        if self.text == "(":
            mark = self.at
            self.take()
            inner, self.no_greater = self.no_greater, False
            values = self.list(")")
            self.take(")")
            self.no_greater = inner
            if self.text in ("}", ";", "\n", ">", ">>", "|", ""):
                return values
            self.at = mark
        return self.list()

    def list(self, end: str = "") -> list[Node]:
        out = []
        while self.text != end or not end:
            out.append(self.expression())
            if self.text != ",":
                break
            self.take()
            self.skip("\n")
        return out

    def expression(self) -> Node:
        left = self.level(0)
        if self.text == "?":
            self.take()
            yes = self.expression()
            self.take(":")
            return ("?", left, yes, self.expression())
        if self.text in ("=", "+=", "-=", "*=", "/=", "%=", "^=") and left[0] in ("name", "field", "item"):
            return ("=", self.take(), left, self.expression())
        return left

    def level(self, depth: int) -> Node:
        if depth == len(LEVELS):
            return self.unary()
        left = self.level(depth + 1)
        while True:
            word = self.text
            if LEVELS[depth] == ("",):
                starts = self.kind in ("number", "string", "regex") or word in ("$", "(", "!", "-", "+") or \
                    self.kind == "name" and word not in KEYWORDS
                if not starts or word in ("+", "-"):
                    return left
                left = ("join", left, self.level(depth + 1))
            elif word in LEVELS[depth] and self.kind != "end" and not (word == ">" and self.no_greater):
                self.take()
                if word == "in":
                    left = ("in", left, self.take())
                else:
                    left = ("op", word, left, self.level(depth + 1))
            else:
                return left

    def unary(self) -> Node:
        if self.text in ("!", "-", "+"):
            return ("unary", self.take(), self.unary())
        if self.text in ("++", "--"):
            return ("before", self.take(), self.unary())
        base = self.primary()
        if self.text in ("++", "--") and base[0] in ("name", "field", "item"):
            base = ("after", self.take(), base)
        if self.text == "^":
            self.take()
            return ("op", "^", base, self.unary())
        return base

    def subscript(self) -> Node:
        self.take("[")
        values = self.list("]")
        self.take("]")
        return ("subscript", values)

    def primary(self) -> Node:
        kind, text, line = self.tokens[self.at]
        if kind == "number":
            return ("number", float(self.take()))
        if kind in ("string", "regex"):
            self.at += 1
            return (kind, text[1:-1] if kind == "string" else text.replace("\\/", "/"))
        if text == "$":
            self.take()
            return ("field", ("before", self.take(), self.primary()) if self.text in ("++", "--")
                    else self.primary())
        if text == "(":
            self.take()
            inner, self.no_greater = self.no_greater, False
            value = self.expression()
            self.no_greater = inner
            self.take(")")
            return ("group", value)
        if kind == "name" and text not in KEYWORDS:
            self.take()
            if self.text == "(":
                self.take()
                values = self.list(")")
                self.take(")")
                return ("call", text, values, line)
            if self.text == "[":
                return ("item", text, self.subscript())
            return ("call", text, [], line) if text == "length" else ("name", text)
        raise AwkError("Unexpected token", line)
