"""Lo que un taller necesita saber de un reto, lo escriba quien lo escriba."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ..engine import Engine


class Judged(Protocol):
    """Un veredicto."""

    state: str   # correcto, incorrecto o pendiente
    text: str    # por qué


class Task(Protocol):
    """Un reto: qué se cuenta y cuándo está resuelto."""

    id: str
    title: str
    story: str
    par: int                 # órdenes `docker` de la solución
    hints: Sequence[str]     # de la más leve a la que casi lo dice
    solution: str
    explanation: str

    def goals(self, engine: Engine) -> Sequence[tuple[str, bool]]:
        """Cada meta y si ya se cumple."""

    def verdict(self, engine: Engine) -> Judged:
        """El veredicto con el motor como está."""
