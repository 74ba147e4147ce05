"""Una regla de `.dockerignore`, convertida en pasos que se pueden comprobar.

Casi todas son un nombre exacto, un principio (`dir/**`) o un final (`**/x`), y
basta comparar textos. Las demás se parten en piezas: letras, `?`, `*` (dentro de
una carpeta) y `**` (a través de ellas).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from dockerlab.errors import DockerlabError, fault

ONE, STAR, FOLDERS, REST = "[^/]", "[^/]*", "(?:.*/)?", ".*"
WIDE = (STAR, FOLDERS, REST)
SAFE = 2  # piezas anchas que una expresión regular resuelve sin tardar de más
LETTER_CLASSES = tuple("dDsSwW")  # tras una barra invertida, una clase de letras
CLASSES = (*LETTER_CLASSES, *"afnrtv")  # y estas, un carácter que no se ve


@dataclass(frozen=True)
class Pattern:
    """Una regla: su texto ya limpio y si es una excepción («!»)."""

    text: str
    exception: bool = False

    def matches(self, path: str) -> bool:
        """Si la regla casa con la ruta entera. `DockerfileError` si la regla no tiene sentido."""
        return self._test(path)

    @cached_property
    def _test(self):
        kind, pieces = _compile(self.text)
        text = self.text
        if kind == "exact":
            return text.__eq__
        if kind == "prefix":
            return lambda path: path.startswith(text[:-2])
        if kind == "suffix":
            return lambda path: path.endswith(text[2:]) or (text[2:3] == "/" and path == text[3:])
        if sum(piece in WIDE for piece in pieces) <= SAFE:
            fullmatch = re.compile("".join(pieces)).fullmatch
            return lambda path: fullmatch(path) is not None
        return lambda path: _simulate(pieces, path)


def _bad(text: str) -> DockerlabError:
    return fault("ignore-syntax", pattern=text)


def check_syntax(text: str) -> None:
    """`DockerfileError` si un corchete no se cierra, está vacío o la barra invertida no protege nada."""
    position = 0
    while position < len(text):
        char = text[position]
        position += 1
        if char == "\\":
            if position == len(text):
                raise _bad(text)
            position += 1
        elif char == "[":
            position = _read_class(text, position)[1]


def _read_class(text: str, position: int) -> tuple[str, int]:
    """Lee `[…]` tras su corchete: como expresión regular, y dónde acaba."""
    negated = text[position:position + 1] == "^"
    position += negated
    ranges: list[str] = []
    while text[position:position + 1] != "]" or not ranges:
        low, position = _class_char(text, position)
        high = low
        if text[position:position + 1] == "-":
            high, position = _class_char(text, position + 1)
        if low == high:
            ranges.append(_escape(low))
        elif low[1:] in LETTER_CLASSES:
            ranges.append(f"{low}\\-{_escape(high)}")  # una clase no empieza un intervalo: el guion es un guion
        else:
            ranges.append(f"{_escape(low)}-{_escape(high)}")
    return f"[{'^' if negated else ''}{''.join(ranges)}]", position + 1


def _class_char(text: str, position: int) -> tuple[str, int]:
    char = text[position:position + 1]
    if char in ("", "-", "]"):
        raise _bad(text)
    if char == "\\":
        position += 1
        char = text[position:position + 1]
        char = "\\" + char if char.isascii() and char.isalnum() else char
    if char == "" or position + 1 >= len(text):
        raise _bad(text)
    return char, position + 1


def _escape(char: str) -> str:
    """Un carácter para una expresión regular; `\\d` y las demás clases quedan como están."""
    return char if len(char) == 2 else re.escape(char)


def _compile(text: str) -> tuple[str, list[str]]:
    """Qué clase de regla es y sus piezas."""
    kind, pieces, position = "exact", [], 0
    while position < len(text):
        start, char = position, text[position]
        position += 1
        if text.startswith("**", start):
            position = start + 2 + text.startswith("/", start + 2)
            if position == len(text):
                kind = "prefix" if kind == "exact" else "pattern"
                pieces.append(REST)
            else:
                kind = "pattern"
                pieces.append(FOLDERS)
            kind = kind if start else "suffix"
            continue
        if char in "*?[\\":
            kind = "pattern"
        if char == "*":
            pieces.append(STAR)
        elif char == "?":
            pieces.append(ONE)
        elif char == "[":
            piece, position = _read_class(text, position)
            if any(letter not in CLASSES for letter in re.findall(r"\\([a-zA-Z0-9])", piece)):
                raise _bad(text)
            try:
                re.compile(piece)
            except re.error:  # un intervalo al revés: Go lo acepta al leer la regla y lo rechaza al usarla
                raise _bad(text) from None
            pieces.append(piece)
        elif char == "\\":
            char = text[position]
            position += 1
            if char.isascii() and char.isalnum():
                if char not in CLASSES:
                    raise _bad(text)
                pieces.append("\\" + char)
            else:
                pieces.append(re.escape(char))
        else:
            pieces.append(re.escape(char))
    return kind, pieces


def _simulate(pieces: list[str], path: str) -> bool:
    """Prueba todas las formas a la vez: el conjunto de sitios de la ruta adonde se puede haber llegado."""
    reached = {0}
    for piece in pieces:
        if piece == REST:
            reached = set(range(min(reached), len(path) + 1))
        elif piece == FOLDERS:
            first = min(reached)
            reached |= {index + 1 for index in range(first, len(path)) if path[index] == "/"}
        elif piece == STAR:
            spread = set()
            for position in sorted(reached):
                while position not in spread:
                    spread.add(position)
                    if position == len(path) or path[position] == "/":
                        break
                    position += 1
            reached = spread
        else:
            single = re.compile(piece)
            reached = {position + 1 for position in reached if single.match(path, position)}
        if not reached:
            return False
    return len(path) in reached
