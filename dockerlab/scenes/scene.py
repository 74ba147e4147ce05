"""Dibujos, fotogramas y películas; y cómo viaja una película: por diferencias.

Un `Drawing` es un dibujo de un tamaño. Un `Frame` es un instante, dibujado dos
veces —ancho, para un portátil, y estrecho, para un teléfono o media pantalla—
y contado con palabras. Una `Film` es una lista de fotogramas.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .primitives import LETTERS, Element, walk

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
class Frame:
    """Un instante: sus dos dibujos, el pie (`caption`), la descripción por frases y su capítulo (`mark`)."""

    wide: Drawing
    narrow: Drawing
    caption: str
    description: tuple[str, ...] = ()
    mark: str = ""


def frame(draw: Callable[[int], Drawing], caption: str, description: Sequence[str] = (), mark: str = "") -> Frame:
    """El fotograma que `draw` dibuja a los dos anchos."""
    return Frame(draw(WIDE), draw(NARROW), caption, tuple(description), mark)


@dataclass(frozen=True, slots=True)
class Film:
    """Una sucesión de fotogramas con un título."""

    title: str
    frames: tuple[Frame, ...]

    def key_frames(self, most: int = 3) -> tuple[Frame, ...]:
        """Los que mejor la cuentan en una tira: los capítulos, repartidos, y el último."""
        marked = [f for f in self.frames[:-1] if f.mark] or list(self.frames[:-1])
        room = min(most - 1, len(marked))
        chosen = [marked[round(i * (len(marked) - 1) / max(1, room - 1))] for i in range(room)]
        return (*chosen, *self.frames[-1:])


def _entry(element: Element, parent: str) -> dict[str, Any]:
    """Una figura como datos: k clase, n números, c estilo, s texto, p grupo, e entrada."""
    entry: dict[str, Any] = {"k": LETTERS[type(element)], "n": [round(value, 1) for value in element.numbers]}
    if element.style:
        entry["c"] = element.style.replace(".", "-")
    if element.data:
        entry["s"] = element.data
    if parent:
        entry["p"] = parent
    if element.enter:
        entry["e"] = [round(value) for value in element.enter]
    return entry


def _whole(value: float) -> float | int:
    return int(value) if value == int(value) else value


def entries(drawing: Drawing | None) -> dict[str, dict[str, Any]]:
    """Todas las figuras como datos, por clave y en orden de pintado."""
    found = {} if drawing is None else {e.key: _entry(e, parent) for e, parent, _ in walk(drawing.elements)}
    for entry in found.values():
        entry["n"] = [_whole(value) for value in entry["n"]]
    return found


def difference(before: Drawing | None, after: Drawing) -> dict[str, Any]:
    """Lo que cambia de un dibujo al siguiente.

    h: alto; r: claves que se van; s: figuras nuevas enteras (con «a», la que va
    detrás en su grupo, si no es la última) o solo los campos que cambian
    (`None`: ya no lo tiene); o: el orden entero, cuando cambia de otra forma.
    """
    old, new = entries(before), entries(after)
    result: dict[str, Any] = {} if before and before.height == after.height else {"h": round(after.height)}
    if gone := [key for key in old if key not in new]:
        result["r"] = gone
    changed = {}
    for key, entry in new.items():
        if key not in old:
            changed[key] = dict(entry)
        elif fields := {name: entry.get(name) for name in {**old[key], **entry} if entry.get(name) != old[key].get(name)}:
            changed[key] = fields
    order = _insert(old, new, changed)
    if changed:
        result["s"] = changed
    if order != list(new):
        result["o"] = list(new)
    return result


def _insert(old: dict, new: dict, changed: dict) -> list[str]:
    """Anota detrás de quién entra cada figura nueva y devuelve el orden que resulta."""
    order = [key for key in old if key in new]
    previous = ""
    for key in new:
        if key not in old:
            if order and previous != order[-1]:
                changed[key]["a"] = previous
                order.insert(order.index(previous) + 1 if previous else 0, key)
            else:
                order.append(key)
        previous = key
    return order


def differences(frames: Sequence[Frame], before: Frame | None = None,
                sentences: dict[str, int] | None = None) -> list[dict[str, Any]]:
    """Los fotogramas como una lista de diferencias, lista para enviar.

    c: pie; m: capítulo; v: diferencias del dibujo ancho y del estrecho; d: la
    descripción, con un número por cada frase ya dicha. `sentences` recuerda las
    frases ya enviadas y se amplía aquí.
    """
    known = {} if sentences is None else sentences
    result = []
    for after in frames:
        said: list[int | str] = []
        for sentence in after.description:
            said.append(known.get(sentence, sentence))
            known.setdefault(sentence, len(known))
        entry = {"c": after.caption, "d": said,
                 "v": [difference(before and before.wide, after.wide),
                       difference(before and before.narrow, after.narrow)]}
        if after.mark:
            entry["m"] = after.mark
        result.append(entry)
        before = after
    return result
