"""Construir otra vez: qué pasos aciertan en la caché, cuáles no y qué parte de su clave cambió.

Una pista es un Dockerfile que ya se construyó y se vuelve a construir. Con dos
pistas, dos Dockerfiles van a la par.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..events import StepFinished
from . import layout
from .board import Board, Item, Mark, Zone
from .scene import Film
from .words import listing, plural, quoted, size, span

PARTS = {"parent": "el paso anterior", "instruction": "la instrucción", "settings": "los ajustes",
         "environment": "el entorno", "files": "lo que copia"}
HIT: Mark = ("acierto", "hit", "hit")
MISS: Mark = ("fallo", "miss", "miss")


@dataclass(frozen=True, slots=True)
class Track:
    """Un Dockerfile y sus dos construcciones: los sucesos de la de antes y los de la de ahora."""

    name: str
    before: tuple[Any, ...]
    after: tuple[Any, ...]

    @property
    def steps(self) -> tuple[StepFinished, ...]:
        """Los pasos de ahora, en orden."""
        return tuple(event for event in self.after if isinstance(event, StepFinished))

    def spent(self, turn: int) -> int:
        """Los nanosegundos que han pasado desde que empezó hasta que acabó el paso `turn`."""
        return self.steps[min(turn, len(self.steps)) - 1].time - self.after[0].time if turn and self.steps else 0

    def old_key(self, step: StepFinished) -> dict[str, str]:
        """La clave que ese paso tenía antes: la de la misma instrucción o, si no, la del mismo lugar."""
        known = [event for event in self.before if isinstance(event, StepFinished)]
        same = [event for event in known if event.instruction == step.instruction]
        return dict((same or [event for event in known if event.index == step.index] or [step])[0].key)


def film(tracks: Iterable[Track], title: str = "") -> Film:
    """La carrera: en cada fotograma, un paso más de cada pista."""
    tracks = tuple(tracks)
    return layout.film(_boards(tracks), title or "Aciertos y fallos de caché")


def _boards(tracks: tuple[Track, ...]) -> Iterator[Board]:
    for turn in range(max((len(track.steps) for track in tracks), default=0) + 1):
        stacks = tuple(_stack(number, track, turn) for number, track in enumerate(tracks))
        keys = tuple(_key(number, track, turn) for number, track in enumerate(tracks))
        mark = "Inicio" if turn == 0 else f"Paso {turn}"
        yield Board(_caption(tracks, turn), (stacks, keys), mark=mark, facts=tuple(
            (f"score:{number}", f"{track.name} · {span(track.spent(turn))}", _score(track.steps[:turn], ", "))
            for number, track in enumerate(tracks)))


def _score(steps: tuple[StepFinished, ...], joint: str = " y ") -> str:
    looked = [step.cached for step in steps if step.key or step.layer]
    return f"{plural(sum(looked), 'acierto')}{joint}{plural(len(looked) - sum(looked), 'fallo')}"


def _caption(tracks: tuple[Track, ...], turn: int) -> str:
    if turn == 0:
        return "Se construye otra vez: de cada paso se calcula la clave y se busca en la caché."
    return " ".join(_said(track, turn, f"{track.name}: " if len(tracks) > 1 else "") for track in tracks)


def _said(track: Track, turn: int, where: str) -> str:
    if turn > len(track.steps):
        return f"{where}ya no quedan pasos: {_score(track.steps)}."
    step = track.steps[turn - 1]
    name = f"{where}{quoted(step.instruction)}"
    if not step.key and not step.layer:
        return f"{name} solo cambia la configuración: no pasa por la caché."
    if not step.key:
        return f"{name} es la imagen base, y ya está descargada." if step.cached else f"{name} trae la imagen base."
    if step.cached:
        return f"{name} acierta: su clave es la misma."
    parts = listing(PARTS.get(part, part) for part in step.differs)
    return f"{name} falla: {f'cambió {parts}' if parts else 'nadie lo había dado antes'}."


def _stack(number: int, track: Track, turn: int) -> Zone:
    items = []
    for index, step in enumerate(track.steps[:turn], 1):
        note = "error" if step.error else size(step.size) if step.layer else "solo configuración"
        mark = None if not step.key and not step.layer else HIT if step.cached else MISS
        items.append(Item(f"step:{number}:{index}", step.instruction, note, "layer" if step.layer else "config", mark,
                          lit=index == turn))
    waiting = tuple(Item(f"step:{number}:{index}", step.instruction, "pendiente", "layer.fold")
                    for index, step in enumerate(track.steps[turn:], turn + 1))
    return Zone(f"track:{number}", track.name, (*items, *waiting), tall=True)


def _key(number: int, track: Track, turn: int) -> Zone:
    title = f"{track.name}: clave del paso"
    if not 0 < turn <= len(track.steps):
        empty = "ya no quedan pasos" if turn else "todavía no hay ninguno"
        return Zone(f"key:{number}", title, empty=empty, tall=True)
    step = track.steps[turn - 1]
    old, items = track.old_key(step), []
    for part, value in step.key:
        changed = part in step.differs
        before = old.get(part, "")
        note = f"{PARTS.get(part, part)}; antes: {before}" if changed and before and before != value \
            else PARTS.get(part, part)
        mark: Mark = ("cambió", "miss", "") if changed else ("igual", "hit", "hit") if old else ("nueva", "idle", "")
        items.append(Item(f"key:{number}:{part}", value, note, "config.new" if changed else "config", mark))
    return Zone(f"key:{number}", title, tuple(items), quoted(step.instruction), tall=True,
                empty="la imagen base no se construye aquí" if step.layer else "este paso no pasa por la caché")
