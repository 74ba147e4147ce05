"""La construcción por etapas: qué pesa cada una y qué sobrevive, porque la última solo se lleva lo que copia."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from . import layout
from .board import Board, Item, Link, Mark, Zone
from .progress import Progress, Step, instants
from .scene import Film
from .words import listing, quoted, size

SOURCE = re.compile(r"--from=(\S+)")


def film(events: Iterable[Any], title: str = "") -> Film:
    """La película de una construcción de varias etapas: un fotograma por paso que deja algo."""
    return layout.film(_boards(tuple(instants(events))), title or "Construcción por etapas")


def source(step: Step, stages: list[str]) -> str:
    """La etapa de la que copia un paso, o ""."""
    found = SOURCE.search(step.instruction)
    if not found:
        return ""
    name = found[1]
    return stages[int(name)] if name.isdecimal() and int(name) < len(stages) else name


def _boards(progress: tuple[Progress, ...]) -> Iterator[Board]:
    if not progress:
        return
    stages = list(dict.fromkeys(step.stage for step in progress[-1].steps))
    yield _board(progress[0], stages, "Cada FROM empieza una etapa con su propia pila: "
                 f"{listing(map(quoted, stages)) or 'una sola'}.", "Inicio")
    for one in progress:
        step = one.step
        if one.finished:
            yield _board(one, stages, _end(one, stages), "Resultado")
        elif step and step.done:
            yield _board(one, stages, _told(step, stages), step.instruction)


def _told(step: Step, stages: list[str]) -> str:
    origin = source(step, stages)
    if step.error:
        return f"{quoted(step.instruction)} falla: {step.error.splitlines()[0]}"
    if origin:
        return f"{quoted(step.instruction)} se lleva de la etapa {origin} solo eso: {size(step.size)}."
    if step.base:
        return f"La etapa {step.stage} parte de {step.instruction.split()[1]} ({size(step.size)})."
    what = f"deja una capa de {size(step.size)}" if step.layer else "solo cambia la configuración"
    return f"En la etapa {step.stage}, {quoted(step.instruction)} {what}."


def _weight(progress: Progress, stage: str) -> int:
    return sum(step.size for step in progress.stack(stage))


def _end(progress: Progress, stages: list[str]) -> str:
    finished = progress.finished
    if finished and finished.error:
        return f"La construcción falla y no queda imagen: {finished.error.splitlines()[0]}"
    left = [stage for stage in stages[:-1] if progress.stack(stage)]
    kept = _weight(progress, stages[-1]) if stages else 0
    lost = sum(_weight(progress, stage) for stage in left)
    name = listing(finished.tags) if finished else ""
    return f"{name or 'La imagen'} es solo la última etapa: {size(kept)}. " + (
        f"Los {size(lost)} de {listing(left)} se quedan en la caché de construcción." if left else
        "No había más etapas.")


def _board(progress: Progress, stages: list[str], caption: str, mark: str) -> Board:
    zones, links = [], []
    over = progress.finished is not None and not progress.finished.error
    for index, stage in enumerate(stages):
        last = index == len(stages) - 1
        items = []
        for step in progress.stack(stage):
            origin = source(step, stages)
            fate: Mark = ("se queda", "hit", "hit") if last else ("se descarta", "idle", "removed")
            badge = (f"de {origin}", "accent", "") if origin else fate if over else None
            key, below = f"step:{step.index}", progress.stack(origin)
            above = f"step:{below[-1].index}" if below else ""
            look = "layer.fold" if over and not last else "layer.base" if step.base else "layer"
            items.append(Item(key, step.instruction, size(step.size), look, badge,
                              lit=step.index == progress.current and step.done, source=above))
            if above:
                links.append(Link(f"copy:{step.index}", above, key, "arrow.lit",
                                  f"{step.instruction} copia de la etapa {origin}."))
        note = size(_weight(progress, stage)) if items else ""
        zones.append(Zone(f"stage:{stage}", f"Etapa {stage}" if stage else "Etapa única", tuple(items), note,
                          upward=True, tall=True, empty="todavía vacía"))
    rows = tuple(tuple(zones[start:start + 3]) for start in range(0, len(zones), 3))
    built = sum(_weight(progress, stage) for stage in stages)
    final = size(_weight(progress, stages[-1])) if stages else "0B"
    whole = f"Pesan las {len(stages)} etapas" if len(stages) > 1 else "Pesa la etapa"
    return Board(caption, rows, tuple(links), mark=mark, facts=(
        ("all", whole, size(built)), ("last", "Pesa la última", final)))
