"""Cuánto ocupa un texto, sin preguntar a ninguna pantalla.

No se sabe qué letra tendrá quien mire, así que se mide con la más ancha de las
corrientes (DejaVu) y se redondea hacia arriba: lo que aquí cabe, cabe en todas.
Los anchos son fracciones del tamaño de la letra.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from os.path import commonprefix

MONO = 0.6021  # DejaVu Sans Mono; Menlo mide lo mismo y Consolas menos
ASCENT, DESCENT = 0.78, 0.24  # lo que sube y baja la tinta desde la línea base

REGULAR = {
    0.28: "'ijl", 0.30: "IJ", 0.32: " ,.·‘’", 0.34: "/:;\\|", 0.36: "f", 0.38: "-", 0.40: "()[]t",
    0.42: "!r¡", 0.46: '"', 0.48: "ºª", 0.50: "*_`–°", 0.52: "“”", 0.54: "?sz¿", 0.56: "Lc", 0.58: "Fk",
    0.60: "vxy•", 0.62: "PTYaeo«»", 0.64: "$0123456789ESbdghnpqu{}€", 0.66: "K", 0.70: "ABCRVXZ",
    0.74: "U", 0.76: "HN", 0.78: "&DG", 0.80: "OQ", 0.82: "w", 0.84: "#+<=>^~×→←↑↓✓", 0.88: "M",
    0.96: "%", 0.98: "m", 1.0: "@W…—",
}
BOLD = {
    0.32: "'", 0.36: " ijl", 0.38: ",./IJ\\|·‘’", 0.40: ":;", 0.42: "-", 0.44: "f", 0.46: "!()[]¡",
    0.48: "t", 0.50: "_`r–°", 0.54: '"*', 0.58: "ºª", 0.60: "?csz¿", 0.64: "L•", 0.66: "vxy«»“”",
    0.68: "aek", 0.70: "$0123456789EFTo€", 0.72: "bdghnpqu{}", 0.74: "CPSYZ", 0.78: "ABKRVX", 0.82: "U",
    0.84: "#+<=>DGHN^~×→←↑↓✓", 0.86: "OQ", 0.88: "&", 0.94: "w", 1.0: "@M…—", 1.02: "%", 1.06: "m", 1.12: "W",
}
UNKNOWN = 1.12
MARKS = "-_./: "       # lo que separa las palabras de un nombre


def _by_character(table: dict[float, str]) -> dict[str, float]:
    return {character: width for width, characters in table.items() for character in characters}


_TABLES = {False: _by_character(REGULAR), True: _by_character(BOLD)}


@functools.lru_cache(maxsize=8192)
def width(text: str, size: float, mono: bool = False, bold: bool = False) -> float:
    """Ancho de `text` en píxeles, nunca menor que el verdadero."""
    table, total = _TABLES[bold], 0.0
    for character in text:
        base = unicodedata.normalize("NFD", character)[0]
        if unicodedata.combining(character):
            continue
        if mono:
            total += MONO if unicodedata.east_asian_width(character) not in "WF" else 2 * MONO
        else:
            total += table.get(base, UNKNOWN)
    return total * size


@functools.lru_cache(maxsize=4096)
def fit(text: str, room: float, size: float, mono: bool = False, bold: bool = False, tail: int = 0) -> str:
    """`text`, o lo que quepa de él en `room` píxeles con un «…»: al final, o antes de sus `tail` últimas letras.

    Los nombres se distinguen a menudo por el final («servicio-12»): para ellos, `tail`. Los blancos
    seguidos se juntan, salvo los que no se separan (`\\xa0`): con ellos se alinea una columna.
    """
    text = " ".join(re.split(r"[ \t\r\n]+", text.strip(" \t\r\n")))
    if width(text, size, mono, bold) <= room:
        return text
    end = text[-tail:] if tail and width("xxx…" + text[-tail:], size, mono, bold) <= room else ""
    low, high = 0, len(text) - len(end)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip(" …") + "…" + end, size, mono, bold) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip(" …") + "…" + end if low else "…" if width("…", size, mono, bold) <= room else ""


def distinct(name: str, others: Iterable[str], room: float, size: float, mono: bool = False, bold: bool = False,
             tail: int = 4) -> str:
    """`name` abreviado como `fit`, pero sin que se confunda con ninguno de `others` abreviado igual.

    Si con el principio y el final no basta, se enseña desde la palabra en que se distinguen: «…ingresos-1».
    """
    short = fit(name, room, size, mono, bold, tail)
    if short == name:
        return name
    rivals = [other for other in others if other != name and fit(other, room, size, mono, bold, tail) == short]
    if not rivals:
        return short
    at = max(len(commonprefix([name, other])) for other in rivals)
    word = max(name.rfind(mark, 0, at) for mark in MARKS) + 1
    return fit("…" + name[word if at - word < 8 else max(0, at - 2):], room, size, mono, bold)


def halves(name: str, room: float, size: float, bold: bool = False) -> tuple[str, str]:
    """Un nombre en dos renglones, partido si se puede donde acaba una de sus palabras; el segundo puede no caber."""
    if width(name, size, bold=bold) <= room:
        return name, ""
    end = next(n for n in range(len(name), 0, -1) if n == 1 or width(name[:n], size, bold=bold) <= room)
    word = max(name.rfind(mark, 0, end) for mark in MARKS) + 1
    cut = word if word > end // 3 else end
    return name[:cut], name[cut:]


def wrap(text: str, room: float, size: float, bold: bool = False) -> list[str]:
    """`text` en líneas de `room` píxeles como mucho; una palabra más larga se abrevia."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(fit(word, room, size, bold=bold))
    return lines
