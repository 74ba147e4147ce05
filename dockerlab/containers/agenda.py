"""Lo que va a pasar: una cola de sucesos ordenada por su hora en el reloj virtual."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from dockerlab.clock import Clock


class Happening(NamedTuple):
    """Algo apuntado para más tarde, ordenado por su hora (ns) y, entre iguales, por orden de llegada.

    `kind` y `data`: `timer` (clave, dato) es un aviso; `wake` (pid, turno), un proceso
    que sigue; `cpu` (generación), un reparto nuevo del procesador. Lo que es
    `background` no impide que el núcleo diga «idle».
    """

    instant: int
    order: int
    kind: str
    data: Any
    background: bool = False


class Agenda:
    """La cola. `valid(suceso)`: ¿sigue en pie, o quien lo apuntó ya no lo espera?"""

    def __init__(self, clock: Clock, valid: Callable[[Happening], bool]):
        self.clock, self.valid = clock, valid
        self.heap: list[Happening] = []
        self.count = 0

    def push(self, delay: int, kind: str, data: Any, background: bool = False) -> None:
        """Apunta un suceso para dentro de `delay` ns."""
        self.count += 1
        heapq.heappush(self.heap, Happening(self.clock.now + delay, self.count, kind, data, background))

    def at(self, instant: int, key: str, payload: Any = None, background: bool = False) -> None:
        """Apunta un aviso `key` con `payload` (JSON) para `instant`; si ya pasó, para ahora mismo."""
        self.push(max(0, instant - self.clock.now), "timer", (key, payload), background)

    def first(self) -> Happening | None:
        """El próximo suceso que sigue en pie, sin quitarlo; None si no queda ninguno."""
        while self.heap and not self.valid(self.heap[0]):
            heapq.heappop(self.heap)
        return self.heap[0] if self.heap else None

    def pop(self) -> Happening:
        """Quita el primero y lo da."""
        return heapq.heappop(self.heap)

    def next_instant(self) -> int | None:
        """La hora del próximo suceso que no sea de fondo, si lo hay."""
        return min((one.instant for one in self.heap if not one.background and self.valid(one)), default=None)

    def restore(self, heap: Iterable[Iterable[Any]], count: int) -> None:
        """Vuelve a poner los sucesos guardados."""
        self.heap, self.count = [Happening(*one) for one in heap], count
