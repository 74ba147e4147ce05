"""Las piezas que comparten todas las escenas: la misma cosa, siempre con la misma figura.

Cada pieza es una función que devuelve figuras; las claves de sus figuras nacen
de la clave de la pieza («layer:ab12» tiene dentro «layer:ab12/box»).
"""

from __future__ import annotations

from math import cos, pi, sin

from .metrics import fit, width
from .palette import TEXTS
from .primitives import Arrow, Box, Element, Group, Point, Text

RING = tuple((6 + 4 * cos(a * pi / 6), 6 + 4 * sin(a * pi / 6)) for a in range(10))
CIRCLE = tuple((6 + 4 * cos(a * pi / 6), 6 + 4 * sin(a * pi / 6)) for a in range(12))

TAG_SIZE, TAG_FRAME = 12, 27    # la letra de una etiqueta y lo que su tarjeta ocupa a los lados

# icono de 12 × 12: trazos (puntos, ¿cerrado?, ¿relleno?)
ICONS: dict[str, tuple[tuple[tuple[Point, ...], bool, bool], ...]] = {
    "created": ((CIRCLE, True, False),),
    "running": ((((3, 1.5), (10.5, 6), (3, 10.5)), True, True),),
    "paused": ((((2.5, 2), (4.8, 2), (4.8, 10), (2.5, 10)), True, True),
               (((7.2, 2), (9.5, 2), (9.5, 10), (7.2, 10)), True, True)),
    "restarting": ((RING, False, False), (((5.2, -0.6), (9.4, 2), (5.2, 4.6)), True, True)),
    "exited": ((((2.5, 2.5), (9.5, 2.5), (9.5, 9.5), (2.5, 9.5)), True, True),),
    "dead": ((((2.5, 2.5), (9.5, 9.5)), False, False), (((9.5, 2.5), (2.5, 9.5)), False, False)),
    "removed": ((((2, 6), (10, 6)), False, False),),
    "hit": ((((1.8, 6.4), (4.8, 9.4), (10.2, 2.8)), False, False),),
    "miss": ((((6, 2), (6, 10)), False, False), (((2, 6), (10, 6)), False, False)),
}
ICONS["error"] = ICONS["removing"] = ICONS["dead"]

STATE_TONES = {"created": "idle", "running": "hit", "paused": "pause", "restarting": "accent", "exited": "idle",
               "dead": "error", "removing": "error", "removed": "idle"}


def icon(key: str, name: str, x: float, y: float, tone: str = "", scale: float = 1) -> tuple[Element, ...]:
    """El icono `name`, con la esquina en (x, y)."""
    suffix = f".{tone}" if tone else ""
    return tuple(Arrow(f"{key}/{name}{index}", tuple((x + px * scale, y + py * scale) for px, py in points),
                       ("icon" if filled else "stroke") + suffix, closed=closed)
                 for index, (points, closed, filled) in enumerate(ICONS[name]))


def text(key: str, x: float, y: float, words: str, room: float, style: str = "text", size: float = 14,
         anchor: str = "start", tail: int = 0) -> Text:
    """Un texto que no pasa de `room` píxeles; si no cabe se abrevia con «…» (`tail`: véase `metrics.fit`)."""
    _, mono, bold = TEXTS[style]
    return Text(key, x, y, fit(words, room, size, mono, bold, tail), style, size, anchor)


def panel(key: str, x: float, y: float, w: float, h: float, title: str, note: str = "") -> tuple[Element, ...]:
    """Una zona con título y, a la derecha, una nota si cabe."""
    room = width(title, 13, bold=True)
    parts: list[Element] = [Box(f"{key}/panel", x, y, w, h, "panel", 10),
                            text(f"{key}/title", x + 14, y + 23, title, w - 28, "text.strong", 13)]
    if note and width(note, 12) <= w - room - 40:
        parts.append(Text(f"{key}/note", x + w - 14, y + 23, note, "text.muted", 12, "end"))
    return tuple(parts)


def badge_width(words: str, with_icon: bool = True) -> float:
    """Lo que mide una insignia con ese texto."""
    return width(words, 11.5, bold=True) + (31 if with_icon else 18)


def badge(key: str, right: float, y: float, words: str, tone: str, icon_name: str = "") -> Group:
    """Una insignia con texto e icono; `right` es su borde derecho y 18 su alto."""
    wide = badge_width(words, bool(icon_name))
    start = 23 if icon_name else 9
    return Group(key, right - wide, y, (
        Box(f"{key}/pill", 0, 0, wide, 18, f"badge.{tone}", 9),
        *(icon(key, icon_name, 8, 3.5, "inverse", 0.92) if icon_name else ()),
        Text(f"{key}/words", start, 13.2, words, "text.inverse", 11.5)))


def state_badge(key: str, right: float, y: float, state: str, words: str = "") -> Group:
    """La insignia de un estado: su palabra (la de `docker ps`), su figura y su color."""
    return badge(key, right, y, words or state, STATE_TONES[state], state)


def slab(key: str, x: float, y: float, w: float, words: str, note: str, style: str = "layer", high: float = 44,
         mark: Group | None = None, enter: Point | None = None, strong: bool = False) -> Group:
    """Una losa de dos renglones: qué es y cuánto pesa; `mark` es su insignia, abajo a la derecha."""
    taken = mark.children[0].width + 14 if mark else 0  # type: ignore[union-attr]
    return Group(key, x, y, (
        Box(f"{key}/box", 0, 0, w, high, style, 6),
        text(f"{key}/text", 12, 17, words, w - 24, "code.strong" if strong else "code", 12),
        text(f"{key}/note", 12, high - 9, note, w - 24 - taken, "text.muted", 12),
        *((mark,) if mark else ())), enter=enter)


def thin_slab(key: str, x: float, y: float, w: float, words: str, note: str, style: str = "layer",
              high: float = 24, enter: Point | None = None) -> Group:
    """Una losa de un renglón: qué es, a la izquierda, y cuánto pesa, a la derecha."""
    room = w - 28 - width(note, 11.5)
    alone = not note or room < 40
    children: list[Element] = [Box(f"{key}/box", 0, 0, w, high, style, 5),
                               text(f"{key}/text", 10, high / 2 + 4, words, w - 20 if alone else room, "code", 11.5)]
    if not alone:
        children.append(Text(f"{key}/note", w - 10, high / 2 + 4, note, "text.muted", 11.5, "end"))
    return Group(key, x, y, tuple(children), enter=enter)


def tag_width(words: str, room: float = 1e9) -> float:
    """Lo que mide una etiqueta colgante con ese texto, hasta `room`."""
    return min(room, width(words, TAG_SIZE, mono=True, bold=True) + TAG_FRAME + 7)


def tag(key: str, x: float, y: float, words: str, room: float = 1e9, enter: Point | None = None) -> Group:
    """La etiqueta de una imagen (*tag*): una tarjeta colgante con su agujero; 22 de alto."""
    wide = tag_width(words, room)
    return Group(key, x, y, (
        Arrow(f"{key}/card", ((9, 0), (wide, 0), (wide, 22), (9, 22), (0, 15), (0, 7)), "tag", closed=True),
        Box(f"{key}/hole", 6, 8, 6, 6, "tag.hole", 3),
        text(f"{key}/words", 19, 15.2, words, wide - TAG_FRAME, "code.strong", TAG_SIZE, tail=8)), enter=enter)


def volume(key: str, x: float, y: float, w: float, h: float, lines: tuple[tuple[str, str], ...]) -> Group:
    """Un volumen: un cilindro con sus renglones en el centro, cada uno (texto, estilo)."""
    first = h / 2 + 11 - 8 * (len(lines) - 1)
    return Group(key, x, y, (
        Box(f"{key}/body", 0, 0, w, h, "volume", w / 2, 7),
        Box(f"{key}/lid", 0, 0, w, 14, "volume", w / 2, 7),
        *(text(f"{key}/line{index}", w / 2, first + index * 16, words, w - 20, style, 12, "middle", 4)
          for index, (words, style) in enumerate(lines))))
