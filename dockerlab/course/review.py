"""El repaso del principio: preguntas de lecciones anteriores, elegidas en los datos (`review = ["01.4"]`)."""

from __future__ import annotations

from dataclasses import replace

from . import lessons
from .lessons import Lesson, Question


def chosen(lesson: Lesson) -> tuple[Question, ...]:
    """Las preguntas que la lección repasa; «01.4» es la cuarta del cuestionario de la 01.

    `KeyError` si la lección no existe; `IndexError` si no tiene tantas preguntas.
    """
    found = []
    for name, _, number in (place.partition(".") for place in lesson.review):
        past = lessons.load(name)
        question = past.questions[int(number) - 1]
        where = f"notebook {name} · {past.title}" + (f", {question.where}" if question.where else "")
        found.append(replace(question, where=where, page=f"{past.name}.ipynb"))
    return tuple(found)
