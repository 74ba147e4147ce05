"""Emparejar unas cosas con otras."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ..answers import LETTERS, Unreadable, lettered, letters, shuffled
from .base import Question, Reply, quoted


@dataclass(frozen=True, slots=True)
class Pair:
    """Una pareja; `reason`: por qué van juntas."""

    left: str
    right: str
    reason: str


@dataclass(frozen=True, slots=True)
class Extra:
    """Una opción de emparejar que no es de nadie; `reason`: por qué no."""

    right: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match(Question):
    """Emparejar: a cada cosa de la izquierda, una de la derecha (que puede repetirse o sobrar)."""

    kind: ClassVar[str] = "match"
    hint: ClassVar[str] = "a cada número, su letra"
    pairs: tuple[Pair, ...]
    extra: tuple[Extra, ...] = ()

    @property
    def shown(self) -> tuple[str, ...]:
        """Lo de la derecha, sin repetir y barajado (siempre igual)."""
        return shuffled(dict.fromkeys([*(pair.right for pair in self.pairs), *(item.right for item in self.extra)]))

    @property
    def choices(self) -> list[tuple[str, str]]:
        return lettered(self.shown)

    @property
    def answer(self) -> str:
        """Las letras, en el orden de lo de la izquierda."""
        return "".join(LETTERS[self.shown.index(pair.right)] for pair in self.pairs)

    def lines(self) -> list[str]:
        lefts = [f"   {number}. {pair.left}" for number, pair in enumerate(self.pairs, 1)]
        return [self.asked, *lefts, *(f"      {letter}) {text}" for letter, text in self.choices)]

    def read(self, answer: Any) -> str:
        total = len(self.pairs)
        if isinstance(answer, dict):
            answer = [answer.get(number, answer.get(str(number), "")) for number in range(1, total + 1)]
        given = letters(answer, len(self.shown), self.sample)
        if len(given) != total:
            raise Unreadable("Falta alguna pareja" if len(given) < total else "Sobran letras",
                             f"Son {total}: elige una para cada número. En una celda se escribe así: `{self.sample}`.")
        return given

    @property
    def sample(self) -> str:
        """Una respuesta con la forma debida, que no es la buena."""
        backwards, total = LETTERS[:len(self.shown)][::-1] * len(self.pairs), len(self.pairs)
        return quoted((backwards[:total], backwards[1:total + 1]), self.answer)

    def judge(self, given: str) -> Reply:
        right = self.answer
        if given == right:
            told = [f"{pair.left}: {pair.right}. {pair.reason}" for pair in self.pairs]
            return Reply(True, f"Correcto · {', '.join(given)}", "\n".join(told))
        wrong = [index for index, letter in enumerate(given) if letter != right[index]]
        pair, chosen = self.pairs[wrong[0]], self.shown[LETTERS.index(given[wrong[0]])]
        reason = next((item.reason for item in self.extra if item.right == chosen), pair.reason)
        total = len(self.pairs)
        good = total - len(wrong)
        return Reply(False, f"Bien, {good} de {total}" if good else f"Ninguna de las {total}",
                     f"«{pair.left}» no va con «{chosen}». {reason}",
                     tuple(f"{index + 1}{given[index]}" for index in wrong))

    def known(self) -> list[tuple[str, str]]:
        right, mine = self.answer, LETTERS[:len(self.shown)]
        extra = {LETTERS[self.shown.index(item.right)]: item.reason for item in self.extra}
        found = []
        for index, pair in enumerate(self.pairs):
            other = next(letter for letter in mine if letter != right[index] and letter not in extra)
            found.append((right[:index] + other + right[index + 1:], pair.reason))
        return found + [(letter + right[1:], reason) for letter, reason in extra.items()]

    def describe(self, fault: str) -> str:
        number, text = fault[:-1], dict(self.choices).get(fault[-1:])
        if not text or number not in map(str, range(1, len(self.pairs) + 1)):
            return fault
        return f"«{self.pairs[int(number) - 1].left}» con «{text}»"

    def reveal(self) -> list[tuple[str, str, str]]:
        return [(pair.left, pair.right, pair.reason) for pair in self.pairs] \
            + [(item.right, "De nadie (porque…)", item.reason) for item in self.extra]
