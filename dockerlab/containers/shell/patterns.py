"""Patrones del shell (`*`, `?`, `[...]`): para `case`, `${x#...}` y los nombres de archivo.

Un patrón es un texto en el que lo entrecomillado lleva una barra invertida
delante de cada carácter (`quote`).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator

SPECIAL = re.compile(r"([*?\[\]\\!^-])")
MAGIC = re.compile(r"(?<!\\)(?:\\\\)*(?:[*?]|\[.+\])", re.DOTALL)
CLASSES = {"alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z",
           "space": r"\s", "blank": " \\t", "punct": r"!-/:-@\[-`{-~", "xdigit": "0-9A-Fa-f", "cntrl": r"\x00-\x1f\x7f",
           "graph": "!-~", "print": " -~"}


def quote(text: str) -> str:
    """El texto como patrón que solo casa consigo mismo."""
    return SPECIAL.sub(r"\\\1", text)


def unquote(pattern: str) -> str:
    """El texto de un patrón sin sus barras."""
    return re.sub(r"\\(.)", r"\1", pattern, flags=re.DOTALL)


def has_magic(pattern: str) -> bool:
    """¿Tiene algo que pueda casar con más de un texto?"""
    return MAGIC.search(pattern) is not None


@functools.lru_cache(maxsize=1024)
def translate(pattern: str, lazy: bool = False) -> str:
    """La expresión regular equivalente; `lazy`: los `*` casan con lo menos posible."""
    out, at = [], 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            while pattern.startswith("*", at):
                at += 1
            out.append(".*?" if lazy else ".*")
        elif char == "?":
            out.append(".")
        elif char == "\\" and at < len(pattern):
            out.append(re.escape(pattern[at]))
            at += 1
        elif char == "[":
            found, at = _bracket(pattern, at)
            out.append(found)
        else:
            out.append(re.escape(char))
    return "".join(out)


def _bracket(pattern: str, at: int) -> tuple[str, int]:
    """Lo que sigue a un `[`; si no se cierra, es un corchete corriente."""
    start, out = at, []
    negated = at < len(pattern) and pattern[at] in "!^"
    at += negated
    first = True
    while at < len(pattern):
        char = pattern[at]
        if char == "]" and not first:
            return f"[{'^' if negated else ''}{''.join(out)}]", at + 1
        first = False
        named = re.compile(r"\[:(\w+):\]").match(pattern, at)
        if named and named[1] in CLASSES:
            out.append(CLASSES[named[1]])
            at = named.end()
            continue
        at += 1
        if char == "\\" and at < len(pattern):
            char, at = pattern[at], at + 1
        elif char == "/":
            break
        if pattern.startswith("-", at) and at + 1 < len(pattern) and pattern[at + 1] != "]":
            end, skip = pattern[at + 1], 2
            if end == "\\" and at + 2 < len(pattern):
                end, skip = pattern[at + 2], 3
            at += skip
            if char <= end:
                out.append(f"{re.escape(char)}-{re.escape(end)}")
            continue
        out.append(re.escape(char))
    return r"\[", start


@functools.lru_cache(maxsize=1024)
def compiled(pattern: str, lazy: bool = False) -> re.Pattern[str]:
    """La expresión compilada."""
    return re.compile(translate(pattern, lazy), re.DOTALL)


def matches(pattern: str, text: str) -> bool:
    """¿Casa `text` entero con el patrón?"""
    return compiled(pattern).fullmatch(text) is not None


def trim(text: str, op: str, pattern: str) -> str:
    """`${x#p}`, `${x##p}`, `${x%p}` y `${x%%p}`: quita el prefijo o sufijo más corto o más largo."""
    if op in ("#", "##"):
        found = compiled(pattern, op == "#").match(text)
        return text[found.end():] if found else text
    middle = ".*" if op == "%" else ".*?"
    found = re.compile(f"({middle})(?:{translate(pattern)})\\Z", re.DOTALL).match(text)
    return found[1] if found else text


def replace(text: str, op: str, pattern: str, value: str, anchors: bool = True) -> str:
    """`${x/p/v}` (la primera) y `${x//p/v}` (todas).

    Con `anchors`, un `#` o un `%` delante del patrón lo atan al principio o al final.
    """
    if not pattern:
        return text
    anchor = pattern[0] if anchors and op == "/" and pattern[0] in "#%" else ""
    body = translate(pattern[len(anchor):])
    regex = f"\\A(?:{body})" if anchor == "#" else f"(?:{body})\\Z" if anchor == "%" else f"(?:{body})"
    pieces, at, count = [], 0, 0
    for found in re.compile(regex, re.DOTALL).finditer(text):
        if found.start() == found.end() and not anchor:
            continue
        pieces += [text[at:found.start()], value]
        at, count = found.end(), count + 1
        if op == "/":
            break
    return "".join(pieces) + text[at:]


def paths(pattern: str, listdir: Callable[[str], list[str]], exists: Callable[[str], bool],
          dots: bool = True) -> Iterator[str]:
    """Las rutas que casan con el patrón, en orden. `listdir` da los nombres de una carpeta (vacía si no se puede)."""
    parts = re.split(r"(/+)", pattern)
    found = [""]
    for index, part in enumerate(parts):
        if index % 2 or not part:
            found = [head + part for head in found]
        elif not has_magic(part):
            found = [head + unquote(part) for head in found]
        else:
            hidden = part.startswith((".", "\\."))
            found = [head + name for head in found
                     for name in ([".", ".."] if hidden and dots else []) + listdir(head or ".")
                     if (hidden or not name.startswith(".")) and matches(part, name)]
    return (path for path in sorted(found) if exists(path))
