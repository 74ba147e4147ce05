"""Una lección como datos: ejercicios, predicciones y preguntas, en `lessons/*.toml`.

La prosa vive en el notebook; aquí está lo que se comprueba y lo que se responde.
"""

from __future__ import annotations

import functools
import json
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from .questions import One, Question, question
from .slips import unknown

VERDICTS = ("pendiente", "incorrecto", "correcto")


@dataclass(frozen=True, slots=True)
class Case:
    """Si `when` se cumple, el veredicto es `verdict` y se dice `say` (con `{expresiones}`)."""

    when: str
    verdict: str
    say: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """Un final conocido que no es el bueno: por qué camino, o con qué respuesta, y un trozo de lo que se contesta."""

    says: str
    road: str = ""
    answer: Any = None


@dataclass(frozen=True, slots=True)
class Exercise:
    """Un ejercicio comprobado.

    `cases` se miran en orden: vale el primero que se cumple. `key`: la
    respuesta esperada, si se responde escribiendo; `because`: la razón de cada
    parte de la respuesta; `words`, las únicas palabras con que se contesta, si
    son unas pocas. `start`, `solution` y `roads` (otros caminos que
    también valen) son celdas de notebook. `wrong`: los errores conocidos;
    `halfway`: los que se quedan a medias, y qué se dice que falta.
    """

    id: str
    title: str
    cases: tuple[Case, ...]
    hints: tuple[str, ...]
    solution: str
    explanation: str
    wrong: tuple[Wrong, ...]
    claims: tuple[str, ...] = ()
    start: str = ""
    roads: tuple[str, ...] = ()
    halfway: tuple[Wrong, ...] = ()
    key: Any = None
    because: Any = None
    words: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        """¿Se responde escribiendo una respuesta? (si no, dejando el motor en un estado)."""
        return self.key is not None


@dataclass(frozen=True, slots=True)
class Recording:
    """Unas órdenes y lo que contestó a cada una un Docker de verdad.

    `differs`: pares (orden, razón) de las que dockerlab contesta de otra manera;
    `needs`: las imágenes que hacen falta para volver a grabarla, si no son las de siempre.
    """

    id: str
    engine: str
    note: str
    steps: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...] = ()
    differs: tuple[tuple[str, str], ...] = ()
    needs: tuple[str, ...] = ()

    def why(self, order: str) -> str:
        """Por qué dockerlab contesta otra cosa a `order`; vacío si contesta lo mismo."""
        return dict(self.differs).get(order, "")


@dataclass(frozen=True, slots=True)
class Animation:
    """Unas órdenes que se ven: `scene` es una clave de `animations.SCENES`; `subject`, su contenedor (en lifecycle).

    `start`: órdenes que se dan antes de empezar a mirar; `examples`: si usan
    las carpetas de ejemplo del curso en lugar de las de práctica; `about`: pares
    que dicen de qué se habla («image», «path»...), según la escena; `ask`: pares
    (capítulo, predicción): antes de enseñar ese capítulo se pregunta esa predicción.
    """

    id: str
    title: str
    scene: str
    orders: tuple[str, ...]
    start: tuple[str, ...] = ()
    subject: str = ""
    examples: bool = False
    about: tuple[tuple[str, Any], ...] = ()
    ask: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """Lo comprobable de un notebook.

    `files`: (ruta, texto) de su carpeta de práctica; `review`: qué preguntas
    de otras lecciones se repasan al empezar («01.4»: la cuarta de la 01).
    """

    name: str
    title: str
    exercises: tuple[Exercise, ...]
    predictions: tuple[One, ...]
    questions: tuple[Question, ...]
    recordings: tuple[Recording, ...] = ()
    animations: tuple[Animation, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    review: tuple[str, ...] = ()

    def exercise(self, id: str) -> Exercise:
        """El ejercicio `id`; `KeyError` con los que hay si no existe."""
        return _named(self.exercises, id, "un ejercicio")

    def prediction(self, id: str) -> One:
        """La predicción `id`; `KeyError` con las que hay si no existe."""
        return _named(self.predictions, id, "una predicción")

    def recording(self, id: str) -> Recording:
        """La grabación `id`; `KeyError` con las que hay si no existe."""
        return _named(self.recordings, id, "una grabación")

    def animation(self, id: str) -> Animation:
        """La animación `id`; `KeyError` con las que hay si no existe."""
        return _named(self.animations, id, "una animación")


def _named(items: tuple[Any, ...], id: str, what: str) -> Any:
    for item in items:
        if item.id == id:
            return item
    raise unknown(f"{what} de esta lección", id, (item.id for item in items))


def _exercise(data: dict[str, Any]) -> Exercise:
    key = data.get("key")
    return Exercise(**{
        **data,
        "cases": tuple(Case(**case) for case in data["cases"]),
        "hints": tuple(data["hints"]),
        "wrong": tuple(Wrong(**wrong) for wrong in data["wrong"]),
        "halfway": tuple(Wrong(**end) for end in data.get("halfway", ())),
        "claims": tuple(data.get("claims", ())),
        "words": tuple(data.get("words", ())),
        "roads": tuple(data.get("roads", ())),
        "solution": data.get("solution", "").strip() or f"respuesta = {written(key)}",
    })


def written(value: Any) -> str:
    """La respuesta como la escribiría una persona: los diccionarios, con `dict(...)` si caben."""
    if isinstance(value, dict) and all(name.isidentifier() for name in value):
        return "dict(" + ", ".join(f"{name}={item!r}" for name, item in value.items()) + ")"
    return repr(value)


def _recording(data: dict[str, Any], recorded: dict[str, Any]) -> Recording:
    outputs = recorded.get(data["id"], [""] * len(data["orders"]))
    return Recording(data["id"], recorded.get("engine", ""), data.get("note", ""),
                     tuple(zip(data["orders"], outputs, strict=True)), tuple(data.get("files", {}).items()),
                     tuple(data.get("differs", {}).items()), tuple(data.get("needs", ())))


def _animation(data: dict[str, Any]) -> Animation:
    return Animation(**{**data, "orders": tuple(data.get("orders", ())), "start": tuple(data.get("start", ())),
                        "about": tuple(data.get("about", {}).items()),
                        "ask": tuple(data.get("ask", {}).items())})


def read(text: str, name: str = "", recorded: dict[str, Any] | None = None) -> Lesson:
    """La lección escrita en TOML; `recorded`: lo que contestó un Docker de verdad, por grabación."""
    data = tomllib.loads(text)
    return Lesson(
        name=name, title=data["title"],
        exercises=tuple(_exercise(item) for item in data.get("exercise", ())),
        predictions=tuple(question(item) for item in data.get("prediction", ())),
        questions=tuple(question(item) for item in data.get("question", ())),
        recordings=tuple(_recording(item, recorded or {}) for item in data.get("recording", ())),
        animations=tuple(_animation(item) for item in data.get("animation", ())),
        files=tuple(data.get("files", {}).items()), review=tuple(data.get("review", ())))


def names() -> tuple[str, ...]:
    """Los nombres de todas las lecciones, en orden."""
    folder = files("dockerlab.course").joinpath("lessons")
    return tuple(sorted(path.name.removesuffix(".toml") for path in folder.iterdir() if path.name.endswith(".toml")))


@functools.cache
def load(name: str) -> Lesson:
    """La lección `name`: «01» o «01_imagen_y_contenedor»."""
    for full in names():
        if full == name or full.partition("_")[0] == name:
            course = files("dockerlab.course")
            text = course.joinpath("lessons", f"{full}.toml").read_text(encoding="utf-8")
            recorded = course.joinpath("recorded", f"{full}.json")
            return read(text, full, json.loads(recorded.read_text(encoding="utf-8")) if recorded.is_file() else None)
    raise unknown("una lección", name, (full.partition("_")[0] for full in names()))
