"""Preguntas con botones: la versión de JupyterLab de predicciones y cuestionarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as ui

from ..course.quiz import lettered
from ..course.show import BORDERS, marked

if TYPE_CHECKING:
    from ..course.lessons import Question
    from ..course.quiz import Asked


def question_widget(asked: Asked) -> ui.VBox:
    """Una caja con todas las preguntas; al elegir una opción aparece debajo su razón."""
    heading = ui.HTML(f"<b><span aria-hidden='true'>?</span> {asked.heading}</b>")
    questions = (_one(asked, number, question) for number, question in enumerate(asked.questions, 1))
    layout = ui.Layout(border_left=f"4px solid {BORDERS['pista']}", padding="0 .8em")
    return ui.VBox([heading, *questions], layout=layout)


def _one(asked: Asked, number: int, question: Question) -> ui.VBox:
    count = f"{number}. " if len(asked.questions) > 1 else ""
    options = ui.RadioButtons(
        options=[(f"{letter}) {text.replace('`', '')}", letter) for letter, text in lettered(question)], index=None,
        layout=ui.Layout(width="auto"))
    reason = ui.HTML()

    def chosen(change: dict) -> None:
        if change["new"] is not None:
            reason.value = f"<div role='status'>{asked.answer(number, change['new'])._repr_html_()}</div>"

    options.observe(chosen, names="value")
    return ui.VBox([ui.HTML(marked(count + question.ask)), options, reason])
