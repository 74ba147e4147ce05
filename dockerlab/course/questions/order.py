"""Poner unas cosas en orden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ..answers import LETTERS, Unreadable, lettered, letters, shuffled
from .base import Question, Reply, quoted


@dataclass(frozen=True, slots=True)
class Item:
    """Una de las cosas que se ordenan; `reason`: por qué va justo detrás de la anterior."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Question):
    """Poner en orden; en `items` están ya ordenadas, y se enseñan barajadas (siempre igual)."""

    kind: ClassVar[str] = "order"
    hint: ClassVar[str] = "ponlas en orden"
    items: tuple[Item, ...]

    @property
    def sample(self) -> str:
        """Una respuesta con la forma debida, que no es la buena."""
        backwards = LETTERS[:len(self.items)][::-1]
        return quoted((backwards, backwards[1:] + backwards[0]), self.answer)

    @property
    def shown(self) -> tuple[str, ...]:
        """Los textos como se enseñan."""
        return shuffled(item.text for item in self.items)

    @property
    def choices(self) -> list[tuple[str, str]]:
        return lettered(self.shown)

    @property
    def answer(self) -> str:
        """Las letras, de la primera a la última."""
        return "".join(LETTERS[self.shown.index(item.text)] for item in self.items)

    def read(self, answer: Any) -> str:
        total = len(self.items)
        given = letters(answer, total, self.sample)
        if sorted(given) != list(LETTERS[:total]):
            raise Unreadable("Hacen falta todas, una vez cada una",
                             f"Escribe las {total} letras, de la primera a la última.")
        return given

    def judge(self, given: str) -> Reply:
        if given == self.answer:
            told = [f"{place}. {item.text}. {item.reason}" for place, item in enumerate(self.items, 1)]
            return Reply(True, f"Correcto · {', '.join(given)}", "\n".join(told))
        place = next(index for index, letter in enumerate(given) if letter != self.answer[index])
        item = self.items[self.answer.index(given[place])]
        so_far = f"Vas bien hasta el puesto {place}. " if place else ""
        return Reply(False, f"En el puesto {place + 1} no va {given[place]}) (porque…)",
                     f"{so_far}«{item.text}» va más tarde. {item.reason}", (given[place],))

    def known(self) -> list[tuple[str, str]]:
        right = self.answer
        return [(right[:n - 1] + right[n] + right[n - 1] + right[n + 1:], item.reason)
                for n, item in enumerate(self.items) if n]

    def describe(self, fault: str) -> str:
        text = dict(self.choices).get(fault)
        return f"demasiado pronto: {text}" if text else fault

    def reveal(self) -> list[tuple[str, str, str]]:
        reply = self.judge(self.answer)
        return [("El orden, y por qué", reply.heading, reply.text)]
