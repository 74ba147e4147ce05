"""Elegir una opción, o todas las que valgan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ...scenes.scene import Ask
from ..answers import LETTERS, Unreadable, lettered, letters
from .base import Question, Reply, quoted


@dataclass(frozen=True, slots=True)
class Option:
    """Una opción de una pregunta, con la razón por la que vale o no."""

    text: str
    reason: str
    right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class One(Question):
    """Elegir una opción: la buena es una sola."""

    kind: ClassVar[str] = "one"
    folded: ClassVar[bool] = True
    hint: ClassVar[str] = ""
    sample: ClassVar[str] = '"a"'
    options: tuple[Option, ...]

    @property
    def choices(self) -> list[tuple[str, str]]:
        return lettered(option.text for option in self.options)

    def option(self, letter: str) -> Option:
        """La opción «a», «b»...; `KeyError` si no existe."""
        try:
            return self.options[LETTERS.index(self.read(letter))]
        except Unreadable as error:
            raise KeyError(letter) from error

    def before(self) -> Ask:
        """La pregunta como se hace en medio de una animación."""
        return Ask(self.ask, tuple((option.text, option.reason, option.right) for option in self.options))

    @property
    def answer(self) -> str:
        """La letra de la opción buena."""
        return next(letter for letter, option in zip(LETTERS, self.options, strict=False) if option.right)

    def read(self, answer: Any) -> str:
        chosen = letters(answer, len(self.options), self.sample)
        if len(chosen) != 1:
            raise Unreadable("Solo una opción", f"Esta pregunta tiene una sola respuesta, y has dado {len(chosen)}.")
        return chosen

    def judge(self, chosen: str) -> Reply:
        option = self.options[LETTERS.index(chosen)]
        if option.right:
            return Reply(True, f"Correcto · {chosen})", option.reason)
        return Reply(False, f"No es {chosen}) (porque…)", option.reason, (chosen,))

    def known(self) -> list[tuple[str, str]]:
        return [(letter, option.reason) for letter, option in zip(LETTERS, self.options, strict=False)
                if not option.right]

    def describe(self, fault: str) -> str:
        return described(fault, self.choices)

    def reveal(self) -> list[tuple[str, str, str]]:
        """(lo que se lee, encabezado, razón) de cada parte que se despliega."""
        return [(f"{letter}) {text}", reply.heading, reply.text)
                for letter, text in self.choices for reply in (self.judge(letter),)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Many(Question):
    """Elegir todas las que valgan."""

    kind: ClassVar[str] = "many"
    folded: ClassVar[bool] = True
    hint: ClassVar[str] = "elige todas las que valgan"
    options: tuple[Option, ...]

    @property
    def choices(self) -> list[tuple[str, str]]:
        return lettered(option.text for option in self.options)

    @property
    def sample(self) -> str:
        """Una respuesta con la forma debida, que no es la buena."""
        return quoted(("ac", "ab"), self.answer)

    @property
    def answer(self) -> str:
        """Las letras de las opciones buenas."""
        return "".join(letter for letter, option in zip(LETTERS, self.options, strict=False) if option.right)

    def read(self, answer: Any) -> str:
        return "".join(sorted(set(letters(answer, len(self.options), self.sample))))

    def judge(self, chosen: str) -> Reply:
        pairs = list(zip(LETTERS, self.options, strict=False))
        spare = [(letter, option) for letter, option in pairs if letter in chosen and not option.right]
        missed = [(letter, option) for letter, option in pairs if letter not in chosen and option.right]
        if not spare and not missed:
            told = [f"{letter}) {option.reason}" for letter, option in pairs if option.right]
            return Reply(True, f"Correcto · {', '.join(chosen)}", "\n".join(told))
        told = [f"Sobra {letter}): {option.reason}" for letter, option in spare]
        told += [f"Falta {letter}): {option.reason}" for letter, option in missed]
        return Reply(False, "No del todo (porque…)", "\n".join(told),
                     tuple(f"sobra {letter}" for letter, _ in spare) + tuple(f"falta {letter}" for letter, _ in missed))

    def known(self) -> list[tuple[str, str]]:
        return [("".join(sorted(set(self.answer) ^ {letter})), option.reason)
                for letter, option in zip(LETTERS, self.options, strict=False) if set(self.answer) != {letter}]

    def describe(self, fault: str) -> str:
        return described(fault, self.choices)

    def reveal(self) -> list[tuple[str, str, str]]:
        return [(f"{letter}) {option.text}", f"{'Sí' if option.right else 'No'} (porque…)", option.reason)
                for letter, option in zip(LETTERS, self.options, strict=False)]


def described(fault: str, choices: list[tuple[str, str]]) -> str:
    """«sobra b», con lo que dice la opción b."""
    *before, letter = fault.split(" ")
    return " ".join([*before, f"{letter}) {dict(choices)[letter]}"]) if letter in dict(choices) else fault
