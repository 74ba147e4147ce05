"""Preguntas que se contestan con el ratón o el teclado: la versión de JupyterLab de predicciones y cuestionarios.

No está hecha con piezas de ipywidgets porque no dejan poner nombre a un grupo
(`fieldset`, `legend`) ni a un botón, y sin eso un lector de pantalla se pierde.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from ..course.show import SIGNS, Note, inline
from ..scenes import palette

if TYPE_CHECKING:
    from ..course.questions import Question
    from ..course.quiz import Asked

HERE = files("dockerlab.widgets")
LABELS = {
    "check": "Comprobar", "note": "Apuntar", "known": "ya la acertaste", "up": "Subir", "down": "Bajar",
    "moved": "{what}: ahora en el puesto {place} de {total}",
    "lacks": {"one": "Elige una opción.", "many": "Marca al menos una.", "match": "Falta elegir en alguna fila.",
              "number": "Escribe una cifra."},
    "choose": "elige…", "first": "Ya está arriba del todo", "last": "Ya está abajo del todo",
}


def question_data(asked: Asked, number: int, question: Question) -> dict[str, Any]:
    """Lo que el navegador necesita de una pregunta: nada de la respuesta."""
    unit = getattr(question, "unit", "")     # se lee al lado de la casilla: no hace falta decirla dos veces
    return {
        "number": number, "kind": question.kind, "known": number in asked.known,
        "hint": question.hint.removesuffix(f", en {unit}") if unit else question.hint,
        "ask": asked.count(number) + inline(question.ask), "unit": unit,
        "choices": [[letter, inline(text), text.replace("`", "")] for letter, text in question.choices],
        "lefts": [inline(pair.left) for pair in getattr(question, "pairs", ())]}


class Quiz(anywidget.AnyWidget):
    """Unas preguntas en el cuaderno; cada respuesta se manda a `asked.answer` y debajo aparece lo que contesta."""

    _esm = HERE.joinpath("quiz.js").read_text(encoding="utf-8")
    _css = palette.variables_css() + "\n" + HERE.joinpath("quiz.css").read_text(encoding="utf-8")
    heading = traitlets.Unicode().tag(sync=True)
    questions = traitlets.List().tag(sync=True)
    labels = traitlets.Dict(LABELS).tag(sync=True)
    given = traitlets.Dict(help="Lo que hay puesto en cada pregunta, por su número.").tag(sync=True)
    replies = traitlets.Dict(help="Lo que se contestó a cada una: {kind, html, times}.").tag(sync=True)

    def __init__(self, asked: Asked, **options: Any):
        self.asked = asked
        questions = [question_data(asked, number, question) for number, question in enumerate(asked.questions, 1)]
        labels = LABELS if asked.reveal else {**LABELS, "check": LABELS["note"]}   # lo que no se corrige, se apunta
        super().__init__(heading=asked.heading, questions=questions, labels=labels, **options)
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        number = message["number"]
        try:
            note = self.asked.answer(number, message["answer"])
        except Exception as error:  # en un cuaderno nadie más lo vería
            note = Note("pendiente", "Algo ha fallado al comprobar", f"{type(error).__name__}: {error}")
        times = self.replies.get(str(number), {}).get("times", 0) + 1
        reply = {"kind": note.kind, "sign": SIGNS[note.kind], "html": note._repr_html_(), "times": times}
        self.replies = {**self.replies, str(number): reply}

    def __repr__(self) -> str:
        return repr(self.asked)
