"""El examen final: preguntas de todo el curso, elegidas y barajadas con una semilla, y corregidas con razones.

La misma semilla da el mismo examen en cualquier equipo; otra, otro distinto.
Cada idea del curso (C1 a C14) se pregunta al menos una vez.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from . import lessons
from .answers import Unreadable
from .questions import Many, One, Question
from .quiz import Asked, Note, examples
from .show import SIGNS, card, indented, inline, marked

LENGTH = 20
PASS = 0.6       # la parte de aciertos con la que se aprueba


def pool() -> list[Question]:
    """Las preguntas de todos los cuestionarios, cada una con el notebook al que hay que volver si se falla."""
    found = []
    for lesson in map(lessons.load, lessons.names()):
        for question in lesson.questions:
            where = f"notebook {lesson.name[:2]} · {lesson.title}" + (f", {question.where}" if question.where else "")
            found.append(replace(question, where=where, page=f"{lesson.name}.ipynb"))
    return found


def drawn(seed: Any, questions: Iterable[Question], length: int = LENGTH) -> tuple[Question, ...]:
    """Las preguntas del examen de esa semilla: una por idea del curso y las demás al azar, todas barajadas."""
    chance = random.Random(f"examen {seed}")
    left = list(questions)
    chance.shuffle(left)
    chosen: list[Question] = []
    for claim in sorted({claim for question in left for claim in question.claims}):
        if not any(claim in question.claims for question in chosen):
            chosen.append(next(question for question in left if claim in question.claims))
    chosen += [question for question in left if question not in chosen][:max(0, length - len(chosen))]
    chance.shuffle(chosen)
    return tuple(variant(question, chance) for question in chosen[:max(length, 0)])


def variant(question: Question, chance: random.Random) -> Question:
    """La misma pregunta con las opciones en otro orden."""
    if isinstance(question, One | Many):
        return replace(question, options=tuple(chance.sample(question.options, len(question.options))))
    return question


@dataclass(slots=True)
class Exam:
    """Un examen empezado: sus preguntas y lo que se va contestando."""

    seed: Any
    questions: tuple[Question, ...]
    answers: dict[int, Any] = field(default_factory=dict)

    def answer(self, number: int, answer: Any) -> Note:
        """Apunta la respuesta a la pregunta `number`, desde 1, sin decir si vale; se puede cambiar."""
        if not isinstance(number, int) or not 1 <= number <= len(self.questions):
            return Note("pendiente", f"No hay pregunta {number}", f"Las preguntas van de 1 a {len(self.questions)}.")
        try:
            self.answers[number] = self.questions[number - 1].read(answer)
        except Unreadable as error:
            return Note("pendiente", error.heading, str(error))
        left = len(self.questions) - len(self.answers)
        return Note("apuntado", f"Apuntada la {number}", f"Faltan {left}." if left else "Era la última: `corregir()`.")

    def mark(self) -> Marks:
        """Lo contestado, corregido."""
        return Marks(self.seed, tuple(
            Marked(number, question, None if number not in self.answers else question.judge(self.answers[number]))
            for number, question in enumerate(self.questions, 1)))


@dataclass(frozen=True, slots=True)
class Marked:
    """Una pregunta corregida; `reply` es None si no se contestó."""

    number: int
    question: Question
    reply: Any

    @property
    def right(self) -> bool:
        """¿Está bien?"""
        return self.reply is not None and self.reply.right


@dataclass(frozen=True, slots=True, repr=False)
class Marks:
    """La nota, y detrás de cada fallo, su razón y dónde volver a leerlo."""

    seed: Any
    rows: tuple[Marked, ...]

    @property
    def right(self) -> int:
        """Cuántas están bien."""
        return sum(row.right for row in self.rows)

    @property
    def heading(self) -> str:
        """La nota en una línea."""
        blank = sum(row.reply is None for row in self.rows)
        told = f"Examen {self.seed}: {self.right} de {len(self.rows)}"
        return told + (f" ({blank} sin contestar)" if blank else "")

    @property
    def state(self) -> str:
        """`pendiente` si no se contestó nada; si no, `correcto` o `incorrecto` según se apruebe."""
        if all(row.reply is None for row in self.rows):
            return "pendiente"
        return "correcto" if self.right >= PASS * len(self.rows) else "incorrecto"

    @property
    def wrong(self) -> list[Marked]:
        """Lo contestado que está mal."""
        return [row for row in self.rows if row.reply is not None and not row.right]

    @property
    def advice(self) -> str:
        """Qué hacer ahora."""
        if self.state == "pendiente":
            return 'Contesta arriba, o desde una celda: `contestar(1, "a")`.'
        again = sorted({row.question.where.partition(",")[0] for row in self.rows if not row.right})
        return f"Para repasar: {'; '.join(again)}." if again else "Ni un fallo. Con otra semilla hay otro examen."

    def __repr__(self) -> str:
        lines = [f"{SIGNS[self.state]} {self.heading}", indented(self.advice)]
        for row in self.wrong:
            lines += ["", f"{row.number}. {row.question.ask}", indented(f"{row.reply.heading}\n{row.reply.text}"),
                      indented(f"Para volver a leerlo: {row.question.where}")]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        body = marked(self.advice) + "".join(
            f"<div style='margin:.7em 0'><b>{row.number}. {inline(row.question.ask)}</b>{marked(row.reply.heading)}"
            f"{marked(row.reply.text)}{marked(f'Para volver a leerlo: {row.question.where}')}</div>"
            for row in self.wrong)
        return card(self.state, self.heading, body)


NONE = Note("pendiente", "Todavía no hay un examen abierto", "Ejecuta antes la celda `examen(1)`.")
_open: Exam | None = None


def examen(semilla: Any = 1) -> Asked:
    """El examen de esa semilla; se contesta en la pantalla o con `contestar`, y se corrige con `corregir()`."""
    global _open
    from .session import with_widget
    _open = Exam(semilla, drawn(semilla, pool()))
    how = examples("contestar", _open.questions)
    return with_widget(Asked(f"Examen final · {semilla}", _open.questions, contestar, how, reveal=False))


def contestar(numero: int, respuesta: Any) -> Note:
    """Apunta tu respuesta a la pregunta `numero` del examen; puedes cambiarla hasta corregir."""
    return _open.answer(numero, respuesta) if _open else NONE


def corregir() -> Marks | Note:
    """La nota del examen, con la razón de cada fallo y dónde volver a leerlo."""
    return _open.mark() if _open else NONE
