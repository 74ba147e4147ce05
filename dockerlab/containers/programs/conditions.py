"""Las condiciones de `test` y `[`.

Fuente: POSIX.1-2017, *Shell & Utilities*, `test`: el número de palabras decide
cómo se leen; con más de cuatro, `-o` y `-a` de menor a mayor prioridad.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from dockerlab.errors import FileError

NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": operator.eq, "-ne": operator.ne, "-lt": operator.lt,
    "-le": operator.le, "-gt": operator.gt, "-ge": operator.ge}
STRINGS: dict[str, Callable[[str, str], bool]] = {
    "=": operator.eq, "==": operator.eq, "!=": operator.ne, "<": operator.lt, ">": operator.gt}
FILES = ("-nt", "-ot", "-ef")
MODES = {"-r": 4, "-w": 2, "-x": 1}
KINDS = {"-f": "-", "-d": "d", "-h": "l", "-L": "l", "-p": "p", "-c": "c", "-b": "b", "-S": "s"}
UNARY = {"-n", "-z", "-e", "-s", "-t", "-u", "-g", "-k", "-O", "-G", *MODES, *KINDS}


def evaluate(sys: Any, words: list[str]) -> bool:
    """Si se cumple la condición. `ValueError` con el texto del error si está mal escrita."""
    return Condition(sys, list(words)).whole()


class Condition:
    """Una condición que se va leyendo: `words` es lo que queda."""

    def __init__(self, sys: Any, words: list[str]):
        self.sys, self.words = sys, words

    def whole(self) -> bool:
        words = self.words
        if len(words) <= 1:
            return bool(words and words[0])
        if len(words) == 3 and self.is_binary(words[1]):
            return self.binary(*words)
        if len(words) == 4 and words[0] == "!":
            return not evaluate(self.sys, words[1:])
        value = self.either()
        if self.words:
            raise ValueError(f"{self.words[0]}: unknown operand")
        return value

    def either(self) -> bool:
        value = self.both()
        while self.words[:1] == ["-o"]:
            self.words.pop(0)
            value = self.both() or value
        return value

    def both(self) -> bool:
        value = self.negated()
        while self.words[:1] == ["-a"]:
            self.words.pop(0)
            value = self.negated() and value
        return value

    def negated(self) -> bool:
        if self.words[:1] == ["!"] and len(self.words) > 1:
            self.words.pop(0)
            return not self.negated()
        return self.primary()

    def primary(self) -> bool:
        if not self.words:
            raise ValueError("argument expected")
        word = self.words.pop(0)
        if self.words and self.is_binary(self.words[0]) and len(self.words) > 1:
            symbol, right = self.words.pop(0), self.words.pop(0)
            return self.binary(word, symbol, right)
        if word == "(":
            value = self.either()
            if self.words[:1] != [")"]:
                raise ValueError("closing paren expected")
            self.words.pop(0)
            return value
        if word in UNARY:
            if self.words:
                return self.unary(word, self.words.pop(0))
        return bool(word)

    @staticmethod
    def is_binary(word: str) -> bool:
        return word in NUMBERS or word in STRINGS or word in FILES

    def binary(self, left: str, symbol: str, right: str) -> bool:
        if symbol in STRINGS:
            return STRINGS[symbol](left, right)
        if symbol in NUMBERS:
            return NUMBERS[symbol](integer(left), integer(right))
        one, other = self.stat(left), self.stat(right)
        if symbol == "-ef":
            return bool(one and other and one.path == other.path)
        if symbol == "-ot":
            one, other = other, one
        return bool(one and (not other or one.node.mtime > other.node.mtime))

    def unary(self, symbol: str, word: str) -> bool:
        if symbol in ("-n", "-z"):
            return bool(word) == (symbol == "-n")
        if symbol == "-t":
            return self.sys.isatty(integer(word))
        found = self.stat(word, follow=symbol not in ("-h", "-L"))
        if not found:
            return False
        if symbol in KINDS:
            return found.kind == KINDS[symbol]
        if symbol in MODES:
            return self.sys.fs.access(word, MODES[symbol])
        user, node = self.sys.user, found.node
        return {"-e": True, "-s": found.size > 0, "-O": node.uid == user.uid, "-G": node.gid == user.gid,
                "-u": bool(node.mode & 0o4000), "-g": bool(node.mode & 0o2000),
                "-k": bool(node.mode & 0o1000)}[symbol]

    def stat(self, path: str, follow: bool = True) -> Any:
        try:
            return self.sys.fs.stat(path, follow=follow)
        except FileError:
            return None


def integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{text}: bad number") from None
