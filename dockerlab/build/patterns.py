"""Los comodines de COPY: `*`, `?`, `[a-z]` y `\\`, que no pasan de una carpeta a otra.

Es la gramática de `filepath.Match` de Go: `[^a]` niega; `!` no tiene nada de especial.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from dockerlab.errors import fault


def is_wild(path: str) -> bool:
    """¿Lleva algún comodín?"""
    return any(mark in path for mark in "*?[")


@cache
def component(pattern: str) -> Callable[[str], object]:
    """La función que dice si un nombre (sin «/») casa con `pattern`. Falta `copy-bad-pattern`."""
    regex, at = "", 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            regex += "[^/]*"
        elif char == "?":
            regex += "[^/]"
        elif char == "[":
            piece, at = _class(pattern, at)
            regex += piece
        else:
            if char == "\\":
                if at == len(pattern):
                    raise _bad(pattern)
                char = pattern[at]
                at += 1
            regex += re.escape(char)
    return re.compile(regex, re.DOTALL).fullmatch


def _class(pattern: str, at: int) -> tuple[str, int]:
    """Lo que sigue a un `[`: su expresión regular y dónde acaba."""
    negated = pattern[at:at + 1] == "^"
    at += negated
    ranges = []
    while pattern[at:at + 1] != "]" or not ranges:
        low, at = _letter(pattern, at)
        high = low
        if pattern[at:at + 1] == "-":
            high, at = _letter(pattern, at + 1)
        ranges.append(f"{re.escape(low)}-{re.escape(high)}" if low <= high else "")
    inside = "".join(ranges)
    if not inside:
        return ("[^/]" if negated else "(?!)"), at + 1
    return f"[{'^' if negated else ''}{inside}]", at + 1


def _bad(pattern: str) -> Exception:
    return fault("copy-bad-pattern", pattern=pattern)


def _letter(pattern: str, at: int) -> tuple[str, int]:
    char = pattern[at:at + 1]
    if char in ("", "-", "]"):
        raise _bad(pattern)
    if char == "\\":
        at += 1
        char = pattern[at:at + 1]
    if at + 1 >= len(pattern):
        raise _bad(pattern)
    return char, at + 1
