"""El espejo: la misma orden en un Docker de verdad y aquí, con lo que contesta cada uno."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import layout
from .board import Board, Item, Zone
from .scene import Film
from .words import plural

LINES = 6        # renglones de cada respuesta que se enseñan
SAME = ("Contestan lo mismo; los identificadores y los segundos son de cada uno.", "Contestan lo mismo.",
        "Los dos callan: en Docker, no decir nada es que ha ido bien.")


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
        caption = one.why or SAME[(one.real.split() == one.here.split()) + (not one.here.strip())]
        yield Board(caption, (
            (_zone(f"real:{number}", one.engine, one.real, bool(one.why)),),
            (_zone(f"here:{number}", "dockerlab", one.here, bool(one.why)),)), order=one.order, mark=one.order)


def _zone(key: str, title: str, printed: str, lit: bool) -> Zone:
    lines = [" ".join(line.split()) for line in printed.strip().splitlines() if line.strip()]
    more = plural(len(lines) - LINES + 1, "renglón", "renglones")
    shown = lines if len(lines) <= LINES else [*lines[:LINES - 1], f"… y {more}"]
    items = tuple(Item(f"{key}:{index}", line, style="node", lit=lit) for index, line in enumerate(shown))
    return Zone(key.partition(":")[0], title, items, empty="no dice nada")
