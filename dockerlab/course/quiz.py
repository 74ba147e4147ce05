"""Predicciones y cuestionarios: en texto, en HTML plegable y, en JupyterLab, con botones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .lessons import LETTERS, Question
from .show import Note, card, indented, inline, marked


def lettered(question: Question) -> list[tuple[str, str]]:
    """(«a», texto), («b», texto)..."""
    return [(letter, option.text) for letter, option in zip(LETTERS, question.options, strict=False)]


def told(question: Question, letter: str) -> Note:
    """Lo que se contesta a quien elige `letter`; `KeyError` si esa opción no existe."""
    option = question.option(letter)
    if option.right:
        return Note("correcto", f"Correcto · {letter})", option.reason)
    again = f"\n\nPara volver a leerlo: {question.where}" if question.where else ""
    return Note("incorrecto", f"No es {letter}) (porque…)", option.reason + again)


def outcome(question: Question, letter: str | None) -> Note:
    """Lo que pasó de verdad, comparado con la predicción `letter` (None: no hubo)."""
    right = question.option(question.answer)
    truth = f"{question.answer}) {right.text}\n\n{right.reason}"
    if letter is None:
        return Note("nota", "Lo que pasa", truth)
    if letter == question.answer:
        return Note("correcto", "Lo predijiste", truth)
    guess = question.option(letter)
    return Note("incorrecto", f"Predijiste {letter}) (y no, porque…)", f"{guess.reason}\n\nLo que pasa: {truth}")


@dataclass(slots=True, repr=False)
class Asked:
    """Unas preguntas puestas en pantalla.

    `answer(número, letra)` recibe lo que se elige y devuelve la nota que se
    enseña; `reveal`: si la versión plegable puede enseñar las razones.
    """

    heading: str
    questions: tuple[Question, ...]
    answer: Callable[[int, str], Note]
    how: str
    reveal: bool = True
    widget: Any = field(default=None, compare=False)

    def __repr__(self) -> str:
        lines = [f"? {self.heading}"]
        for number, question in enumerate(self.questions, 1):
            lines += ["", f"{number}. {question.ask}" if len(self.questions) > 1 else question.ask]
            lines += [f"   {letter}) {text}" for letter, text in lettered(question)]
        return "\n".join([lines[0], indented("\n".join(lines[1:])), "", indented(self.how)])

    def _repr_html_(self) -> str:
        return card("pista", self.heading, "".join(
            self._question_html(number, question) for number, question in enumerate(self.questions, 1))
            + marked(self.how))

    def _question_html(self, number: int, question: Question) -> str:
        count = f"{number}. " if len(self.questions) > 1 else ""
        options = "".join(self._option_html(question, letter, text) for letter, text in lettered(question))
        return f"<div style='margin:.6em 0'>{marked(count + question.ask)}{options}</div>"

    def _option_html(self, question: Question, letter: str, text: str) -> str:
        label = f"{letter}) {inline(text)}"
        if not self.reveal:
            return f"<div style='margin-left:1em'>{label}</div>"
        note = told(question, letter)
        return (f"<details style='margin-left:1em'><summary>{label}</summary>"
                f"<div style='margin-left:1em'><b>{note.heading}</b>{marked(note.text)}</div></details>")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle = {"text/plain": repr(self), "text/html": self._repr_html_()}
        if self.widget is not None:
            bundle |= self.widget._repr_mimebundle_() | {"text/plain": repr(self)}
        return bundle
