"""Predicciones y cuestionarios: en texto, en HTML plegable y, en JupyterLab, con botones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .answers import Unreadable
from .questions import One, Question, Reply
from .show import Note, card, indented, inline, marked


def told(question: Question, answer: Any, heard: Callable[[Reply], None] | None = None) -> Note:
    """Lo que se contesta a quien responde `answer`; si no se entiende, cómo se escribe.

    `heard` recibe las respuestas que sí se entienden.
    """
    try:
        reply = question.judge(question.read(answer))
    except Unreadable as error:
        return Note("pendiente", error.heading, str(error))
    if heard:
        heard(reply)
    if reply.right:
        return Note("correcto", reply.heading, reply.text)
    return Note("incorrecto", reply.heading, reply.text, question.where, question.page)


def outcome(question: One, letter: str | None) -> Note:
    """Lo que pasó de verdad, comparado con la predicción `letter` (None: no hubo)."""
    right = question.option(question.answer)
    truth = f"{question.answer}) {right.text}\n\n{right.reason}"
    if letter is None:
        return Note("nota", "Lo que pasa", truth)
    if letter == question.answer:
        return Note("correcto", "Lo predijiste", truth)
    guess = question.option(letter)
    return Note("incorrecto", f"Predijiste {letter}), y no es eso", f"{guess.reason}\n\nLo que pasa: {truth}")


@dataclass(slots=True, repr=False)
class Asked:
    """Unas preguntas puestas en pantalla.

    `answer(número, respuesta)` recibe lo que se contesta y devuelve la nota
    que se enseña; `reveal`: si la versión plegable puede enseñar las razones;
    `known`: los números de las que ya se acertaron otro día.
    """

    heading: str
    questions: tuple[Question, ...]
    answer: Callable[[int, Any], Note]
    how: str
    reveal: bool = True
    known: frozenset[int] = frozenset()
    widget: Any = field(default=None, compare=False)

    def __repr__(self) -> str:
        lines = []
        for number, question in enumerate(self.questions, 1):
            asked, *rest = question.lines()
            lines += ["", f"{self.count(number)}{asked}", *rest]
        return "\n".join([f"? {self.heading}", indented("\n".join(lines[1:])), "", indented(self.how)])

    def count(self, number: int) -> str:
        """«3. », o nada si solo hay una."""
        return f"{number}. " if len(self.questions) > 1 else ""

    def _repr_html_(self) -> str:
        return card("pista", self.heading, "".join(
            self._question_html(number, question) for number, question in enumerate(self.questions, 1))
            + marked(self.how))

    def _question_html(self, number: int, question: Question) -> str:
        lines = "".join(f"<div style='margin-left:1em'>{inline(line)}</div>" for line in question.lines()[1:])
        if self.reveal:
            lines = ("" if question.folded else lines) + "".join(_folded(*part) for part in question.reveal())
        return f"<div style='margin:.6em 0'>{marked(self.count(number) + question.asked)}{lines}</div>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle = {"text/plain": repr(self), "text/html": self._repr_html_()}
        if self.widget is not None:
            shown = self.widget._repr_mimebundle_()
            bundle |= (shown[0] if isinstance(shown, tuple) else shown) | {"text/plain": repr(self)}
        return bundle


def _folded(label: str, heading: str, reason: str) -> str:
    return (f"<details style='margin-left:1em'><summary>{inline(label)}</summary><div style='margin-left:1em'>"
            f"<b>{inline(heading)}</b>{marked(reason)}</div></details>")


def examples(call: str, questions: tuple[Question, ...]) -> str:
    """Cómo se responde desde una celda: una muestra de cada forma que haga falta."""
    shapes: dict[str, int] = {}
    for number, question in enumerate(questions, 1):
        shapes.setdefault(question.sample, number)
    return "Responde así: " + ", ".join(f"`{call}({number}, {sample})`" for sample, number in shapes.items())
