"""Dos películas a la par en un solo dibujo: la A a la izquierda (o arriba) y la B a la derecha (o abajo)."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

from .metrics import fit
from .primitives import Element, Group, Text
from .scene import NARROW, WIDE, Drawing, Film, Frame

HEAD = 34   # lo que ocupa el título de cada mitad


def film(left: Film, right: Film, title: str = "") -> Film:
    """La carrera: el paso n de cada una, a la vez; la que acaba antes espera en su último fotograma."""
    frames, last = [], (left.frames[0], right.frames[0])
    for pair in zip_longest(left.frames, right.frames):
        one, other = (new or old for new, old in zip(pair, last, strict=True))
        frames.append(_together(one, other, left.title, right.title))
        last = (one, other)
    return Film(title or f"{left.title} · {right.title}", tuple(frames))


def _together(one: Frame, other: Frame, a: str, b: str) -> Frame:
    wide = Drawing(WIDE, HEAD + max(one.narrow.height, other.narrow.height),
                   (_half("a", a, one.narrow, 0, 0), _half("b", b, other.narrow, WIDE - NARROW, 0)))
    below = HEAD + one.narrow.height
    narrow = Drawing(NARROW, below + HEAD + other.narrow.height,
                     (_half("a", a, one.narrow, 0, 0), _half("b", b, other.narrow, 0, below)))
    said = (f"A · {a}:", *one.description, f"B · {b}:", *other.description)
    return Frame(wide, narrow, f"A: {one.caption} B: {other.caption}", said, one.mark or other.mark,
                 one.ask or other.ask)


def _half(key: str, title: str, drawing: Drawing, x: float, y: float) -> Group:
    words = fit(f"{key.upper()} · {title}", NARROW - 32, 14, bold=True)
    return Group(key, x, y, (Text(f"{key}/title", 16, 23, words, "text.strong", 14),
                             Group(f"{key}/film", 0, HEAD, tuple(_own(key, e) for e in drawing.elements))))


def _own(key: str, element: Element) -> Element:
    """La misma figura con la clave de su mitad, para que A y B no se confundan."""
    if isinstance(element, Group):
        return replace(element, key=f"{key}:{element.key}", children=tuple(_own(key, e) for e in element.children))
    return replace(element, key=f"{key}:{element.key}")
