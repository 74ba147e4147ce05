"""`--chmod`: permisos en octal (`640`) o simbólicos (`u+x,go-w`, `a=rX`)."""

from __future__ import annotations

import re
from dataclasses import dataclass

WHO = {"u": 0o4700, "g": 0o2070, "o": 0o1007, "a": 0o7777}
BITS = {"r": 0o444, "w": 0o222, "x": 0o111}
SHIFT = {"u": 6, "g": 3, "o": 0}
_CLAUSE = re.compile(r"(?P<who>[ugoa]*)(?P<actions>(?:[-+=](?:[rwxXst]*|[ugo]))+)")
_ACTION = re.compile(r"([-+=])([rwxXst]+|[ugo]|)")


@dataclass(frozen=True, slots=True)
class Mode:
    """Unos permisos pedidos. `fixed`: el número, o None si dependen de los que ya tenga el archivo."""

    text: str
    fixed: int | None = None

    @classmethod
    def parse(cls, text: str) -> Mode:
        """Lee el valor de `--chmod`, que `operations` ya comprobó."""
        return cls(text, int(text, 8) if text.isdecimal() else None)

    def apply(self, mode: int, directory: bool) -> int:
        """Los permisos que quedan en algo que tenía `mode`."""
        if self.fixed is not None:
            return self.fixed
        for clause in self.text.split(","):
            found = _CLAUSE.fullmatch(clause)
            who = found["who"] or "a"
            mask = 0
            for letter in who:
                mask |= WHO[letter]
            for sign, what in _ACTION.findall(found["actions"]):
                bits = _bits(what, mode, directory) & mask
                if sign == "+":
                    mode |= bits
                elif sign == "-":
                    mode &= ~bits
                else:
                    mode = mode & ~(mask & 0o777) | bits
        return mode


def _bits(what: str, mode: int, directory: bool) -> int:
    if what in SHIFT:
        digit = mode >> SHIFT[what] & 7
        return digit << 6 | digit << 3 | digit
    bits = 0
    for letter in what:
        if letter == "X":
            bits |= BITS["x"] if directory or mode & 0o111 else 0
        elif letter == "s":
            bits |= 0o6000
        elif letter == "t":
            bits |= 0o1000
        else:
            bits |= BITS[letter]
    return bits
