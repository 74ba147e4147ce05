"""Dibujos, fotogramas y películas.

Un `Drawing` es un dibujo de un tamaño. Un `Frame` es un instante, dibujado dos
veces —ancho, para un portátil, y estrecho, para un teléfono o media pantalla—
y contado con palabras. Una `Film` es una lista de fotogramas.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .primitives import Element, walk

WIDE, NARROW = 880, 400


@dataclass(frozen=True, slots=True)
class Drawing:
    """Un dibujo de `width` × `height`. `ValueError` si dos figuras tienen la misma clave."""

    width: float
    height: float
    elements: tuple[Element, ...]

    def __post_init__(self) -> None:
        keys = [element.key for element, _, _ in walk(self.elements)]
        if len(keys) != len(set(keys)):
            raise ValueError(f"claves repetidas: {sorted({k for k in keys if keys.count(k) > 1})}")


@dataclass(frozen=True, slots=True)
class Ask:
    """Una pregunta que se hace antes de seguir: cada opción es (texto, por qué sí o por qué no, ¿es la buena?)."""

    question: str
    options: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """Un instante: sus dos dibujos, el pie (`caption`), la descripción por frases y su capítulo (`mark`).

    `ask`: lo que se pregunta aquí; hasta que se contesta, la película no sigue.
    """

    wide: Drawing
    narrow: Drawing
    caption: str
    description: tuple[str, ...] = ()
    mark: str = ""
    ask: Ask | None = None


def frame(draw: Callable[[int], Drawing], caption: str, description: Sequence[str] = (), mark: str = "",
          widths: tuple[int, int] = (WIDE, NARROW)) -> Frame:
    """El fotograma que `draw` dibuja a los dos anchos."""
    wide, narrow = widths
    return Frame(draw(wide), draw(narrow), caption, tuple(description), mark)


@dataclass(frozen=True, slots=True)
class Film:
    """Una sucesión de fotogramas con un título."""

    title: str
    frames: tuple[Frame, ...]

    def asking(self, mark: str, ask: Ask) -> Film:
        """La misma película, que pregunta justo antes de que se vea el capítulo `mark`. `KeyError` si no está."""
        at = next((index for index, one in enumerate(self.frames) if one.mark == mark), None)
        if at is None:
            raise KeyError(f"no hay un capítulo «{mark}»; hay: {', '.join(f.mark for f in self.frames if f.mark)}")
        at = max(0, at - 1)
        return replace(self, frames=(*self.frames[:at], replace(self.frames[at], ask=ask), *self.frames[at + 1:]))

    def key_frames(self, most: int = 3) -> tuple[Frame, ...]:
        """Los que mejor la cuentan en una tira: los capítulos, repartidos, y el último."""
        marked = [f for f in self.frames[:-1] if f.mark] or list(self.frames[:-1])
        room = min(most - 1, len(marked))
        chosen = [marked[round(i * (len(marked) - 1) / max(1, room - 1))] for i in range(room)]
        return (*chosen, *self.frames[-1:])
