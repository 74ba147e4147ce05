"""La ficha quieta de un taller: lo que se cuenta, los objetivos y, lado a lado, los mapas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from . import parts
from .metrics import wrap
from .primitives import Arrow, Box, Element, Group, Text
from .scene import NARROW, WIDE, Drawing, Frame

MARGIN, LINE, SIZE = 24, 21, 14.5
STATES = {True: "hecho", False: "pendiente"}


def draw(title: str, story: str, goals: Sequence[tuple[str, bool]], maps: Sequence[tuple[str, Frame]]) -> Frame:
    """El fotograma de la ficha: `goals` son los objetivos y si se cumplen; `maps`, (nombre, mapa)."""
    def at(width: int) -> Drawing:
        return _drawing(width, title, story, goals, maps)
    said = [title, " ".join(story.split())]
    said += [f"Objetivo ({STATES[done]}): {text}." for text, done in goals]
    for name, frame in maps:
        said += [f"{name}: {frame.description[0]}", *(f"  {sentence}" for sentence in frame.description[1:])]
    return Frame(at(WIDE), at(NARROW), title, tuple(said))


def _drawing(width: int, title: str, story: str, goals: Sequence[tuple[str, bool]], maps: Sequence[tuple[str, Frame]]
             ) -> Drawing:
    inner, y = width - 2 * MARGIN, 44.0
    elements: list[Element] = [parts.text("title", MARGIN, 14, title, inner, "text.strong", 18)]
    for index, line in enumerate(wrap(story.replace("`", ""), inner, SIZE)):
        elements.append(Text(f"story/{index}", MARGIN, y, line, "text", SIZE))
        y += LINE
    if goals:
        y += 14
        elements.append(Text("goals", MARGIN, y, "Objetivos", "text.muted", 13))
        y += 12
        for index, (text, done) in enumerate(goals):
            elements += _goal(f"goal/{index}", y, width, text.replace("`", ""), done)
            y += 32
    y += 16
    columns = 2 if width >= WIDE else 1
    unit = (inner + MARGIN) / columns
    high = 0.0
    for index, (name, frame) in enumerate(maps):
        drawing = frame.narrow if len(maps) > 1 or columns == 1 else frame.wide
        column = index % columns
        if index and not column:
            y, high = y + high + 16, 0.0
        x = MARGIN + column * unit
        elements.append(Text(f"map/{name}", x, y + 12, name, "text.muted", 13))
        elements.append(Group(f"map/{name}/drawing", x, y + 20, _apart(drawing.elements, name)))
        high = max(high, drawing.height + 28)
    return Drawing(width, y + high + 8, tuple(elements))


def _goal(key: str, y: float, width: int, text: str, done: bool) -> list[Element]:
    word = STATES[done]
    room = width - 2 * MARGIN - 110
    mark: Element = Box(f"{key}/box", MARGIN + 2, y + 9, 13, 13, "node", 3)
    tick = (Arrow(f"{key}/tick", ((MARGIN + 5, y + 15.5), (MARGIN + 8, y + 18.5), (MARGIN + 13, y + 12)), "stroke.hit"),
            ) if done else ()
    return [Box(f"{key}/rule", MARGIN, y, width - 2 * MARGIN, 1, "rule", 0), mark, *tick,
            parts.text(f"{key}/text", MARGIN + 26, y + 20, text, room, "text", 14),
            Text(f"{key}/word", width - MARGIN, y + 20, word, "text.muted", 12.5, "end")]


def _apart(elements: Sequence[Element], name: str) -> tuple[Element, ...]:
    """Las mismas figuras con otras claves: dos mapas caben en un dibujo."""
    return tuple(replace(element, key=f"{name}/{element.key}",
                         **({"children": _apart(element.children, name)} if isinstance(element, Group) else {}))
                 for element in elements)
