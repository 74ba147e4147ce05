"""El espejo: la misma orden en un Docker de verdad y aquí, con lo que contesta cada uno."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import layout
from .board import Board, Item, Zone
from .scene import Film
from .words import plural

SPACE = "\u00a0"   # el que un dibujo no junta
LINES = 6        # renglones de cada respuesta que se enseñan
SAME = ("contestan lo mismo; los identificadores y los segundos son de cada uno.", "contestan lo mismo.",
        "los dos callan, y en Docker eso es que ha ido bien.")


@dataclass(frozen=True, slots=True)
class Answers:
    """Una orden, lo que contestó el motor `engine` y lo que contesta este; `why`: por qué no es lo mismo."""

    order: str
    engine: str
    real: str
    here: str
    why: str = ""


def film(answers: Iterable[Answers], title: str = "") -> Film:
    """La película: un fotograma por orden."""
    return layout.film(_boards(answers), title or "La misma orden, dos motores")


def _boards(answers: Iterable[Answers]) -> Iterator[Board]:
    for number, one in enumerate(answers, 1):
        short = " ".join(one.order.split()[:3])
        same = SAME[(one.real.split() == one.here.split()) + (not one.here.strip())]
        caption = one.why.replace("`", "") or f"{short}: {same}"
        real, here = _lines(one.real), _lines(one.here)
        yield Board(caption, (
            (_zone(f"real:{number}", one.engine, real, here if one.why else real),),
            (_zone(f"here:{number}", "dockerlab", here, real if one.why else here),)),
            order=one.order, mark=one.order)


def _lines(printed: str) -> list[str]:
    """Los renglones de una respuesta; si es una tabla, con las columnas en su sitio y juntas."""
    rows = [re.split(r" {3,}", line.strip()) for line in printed.strip().splitlines() if line.strip()]
    if len({len(row) for row in rows}) != 1:
        return [" ".join(" ".join(row).split()) for row in rows]
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [(2 * SPACE).join(cell.ljust(room, SPACE) for cell, room in zip(row, wide, strict=True)).rstrip(SPACE)
            for row in rows]


def _zone(key: str, title: str, lines: list[str], other: list[str]) -> Zone:
    """Una respuesta; se resaltan los renglones que la otra no tiene."""
    more = plural(len(lines) - LINES + 1, "renglón", "renglones")
    shown = lines if len(lines) <= LINES else [*lines[:LINES - 1], f"… y {more}"]
    items = tuple(Item(f"{key}:{index}", line, style="node", lit=line in lines and line not in other)
                  for index, line in enumerate(shown))
    return Zone(key.partition(":")[0], title, items, empty="no dice nada")
