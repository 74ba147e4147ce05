"""Dar un número."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, ClassVar

from ..answers import Unreadable, written
from .base import Question, Reply


@dataclass(frozen=True, slots=True)
class Figure:
    """Un número que se sabe que se responde mal, y por qué no es ese."""

    value: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Question):
    """Dar un número. `right`: el bueno, con un margen de `tolerance`; `otherwise`: qué se dice de los demás."""

    kind: ClassVar[str] = "number"
    sample: ClassVar[str] = "7"
    right: float
    reason: str
    otherwise: str
    wrong: tuple[Figure, ...] = ()
    tolerance: float = 0
    unit: str = ""

    @property
    def hint(self) -> str:
        """Cómo se contesta."""
        return f"un número, en {self.unit}" if self.unit else "un número"

    @property
    def answer(self) -> str:
        """El número bueno, como se escribe."""
        return written(self.right)

    def read(self, answer: Any) -> float:
        text = str(answer).strip().lower().removesuffix(self.unit.lower()).strip()
        if re.fullmatch(r"-?\d{1,3}([.,]\d{3})+", text) and not isinstance(answer, int | float):
            joined = re.sub("[.,]", "", text)
            raise Unreadable("¿Separa los millares?", f"Escríbelo sin separarlos: {joined}.")
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = math.nan
        if isinstance(answer, bool) or not math.isfinite(value):
            raise Unreadable("Se espera un número", f"Escribe solo la cifra, como 7 o 2,5{self.units}.")
        return value

    @property
    def units(self) -> str:
        """La unidad, para detrás de una cifra."""
        return f", en {self.unit}" if self.unit else ""

    def near(self, value: float, other: float) -> bool:
        """¿Cuentan como el mismo número?"""
        return abs(value - other) <= self.tolerance + 1e-9

    def judge(self, value: float) -> Reply:
        said = f"{written(value)} {self.unit}".strip()
        if self.near(value, self.right):
            return Reply(True, f"Correcto · {said}", self.reason)
        figure = next((figure for figure in self.wrong if self.near(value, figure.value)), None)
        return Reply(False, f"No es {said} (porque…)", figure.reason if figure else self.otherwise,
                     (written(figure.value) if figure else "otro",))

    def known(self) -> list[tuple[str, str]]:
        taken = [self.right, *(figure.value for figure in self.wrong)]
        unseen = max(taken) + self.tolerance * 3 + 1000
        return [*((written(figure.value), figure.reason) for figure in self.wrong), (written(unseen), self.otherwise)]

    def describe(self, fault: str) -> str:
        return f"{fault} {self.unit}".strip() if fault != "otro" else "otro número"

    def reveal(self) -> list[tuple[str, str, str]]:
        reply = self.judge(self.right)
        return [("La respuesta, y por qué", reply.heading, reply.text)] \
            + [(f"¿Y {written(figure.value)}?", "No (porque…)", figure.reason) for figure in self.wrong]
