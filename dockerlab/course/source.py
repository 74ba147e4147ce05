"""De un texto Markdown a las celdas de un notebook, en dos ediciones: por resolver y resuelta.

Las vallas ```python se ejecutan; las demás (```text, ```dockerfile) son texto.
Una valla ```python ejercicio=ID se convierte en la celda del ejercicio, seguida
de la que lo comprueba; con `ordenes` detrás del ID, entre las dos hay otra
donde dar las órdenes. En la edición resuelta lleva la solución, que está en los
datos de la lección, y debajo su explicación. Un comentario `<!-- docente` es
una nota para quien enseña: sale en la edición resuelta y, en las diapositivas,
en la vista del orador.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .checks import outline
from .lessons import Exercise, Lesson
from .roads import road_cells

NOTE = r"^<!-- docente\n(?P<note>.*?)^-->[ \t]*$"
PART = re.compile(r"^```python(?P<options>[^\n]*)\n(?P<body>.*?)^```[ \t]*$|" + NOTE, re.M | re.S)
PAGE = re.compile(r"\]\((?=[\w/]+\.md\b)")    # un enlace a una página suelta: los resueltos viven una carpeta más abajo
WIDTH = 76


@dataclass(frozen=True, slots=True)
class Cell:
    """Una celda: `kind` es markdown o code; `tags`, las etiquetas de sus metadatos."""

    kind: str
    source: str
    tags: tuple[str, ...] = ()
    data: dict[str, str] = field(default_factory=dict)

    @property
    def slide(self) -> str:
        """Qué es en las diapositivas (`slideshow.slide_type`): `slide`, `subslide`, `notes`, `skip` o `-`."""
        if "docente" in self.tags:
            return "notes"
        if self.kind == "code":
            return "skip" if self.source.startswith("%load_ext") else "-"
        return {"#": "slide", "##": "slide", "###": "subslide"}.get(self.source.partition(" ")[0], "-")


def cells(text: str, lesson: Lesson, solved: bool = False, notes: bool | None = None) -> Iterator[Cell]:
    """Las celdas del notebook, en orden; `notes`: con las de quien enseña (si no se dice, en la edición resuelta).

    `KeyError` si un ejercicio no está en la lección.
    """
    if not (solved if notes is None else notes):
        text = re.sub(NOTE + r"\n?", "", text, flags=re.M | re.S)
    if solved:
        text = PAGE.sub("](../", text)
    end = 0
    for part in PART.finditer(text):
        yield from prose(text[end:part.start()])
        end = part.end()
        if part["note"] is not None:
            yield Cell("markdown", f"**Para quien enseña.** {part['note'].strip()}", ("docente",))
            continue
        options = dict(option.partition("=")[::2] for option in part["options"].split())
        tags = tuple(filter(None, options.get("tags", "").split(",")))
        if "ejercicio" in options:
            yield from exercise_cells(lesson.exercise(options["ejercicio"]), part["body"].strip("\n"), solved,
                                      "ordenes" in options)
        else:
            yield Cell("code", part["body"].strip("\n"), tags)
    yield from prose(text[end:])


def prose(text: str) -> Iterator[Cell]:
    """Una celda de texto por apartado: se parte delante de cada título."""
    blocks = re.split(r"(?m)^(?=#{1,3} )", text)
    for block in blocks:
        if block.strip():
            yield Cell("markdown", block.strip())


def exercise_cells(exercise: Exercise, body: str, solved: bool, orders: bool = False) -> Iterator[Cell]:
    """La celda donde se resuelve y la que comprueba; resuelta, además la explicación.

    `orders`: entre las dos, otra donde dar las órdenes que el archivo pide.
    """
    data = {"ejercicio": exercise.id}
    if solved:
        for part in road_cells(exercise.solution):
            yield Cell("code", wrapped(part), ("solucion",), data)
    else:
        start = wrapped(f"respuesta = {outline(exercise.key)}") if exercise.answered else body
        hint = "" if start.startswith("%%") else f'# ¿Una ayuda? pista("{exercise.id}")\n'
        yield Cell("code", hint + start, ("ejercicio",), data)
        if orders:
            yield Cell("code", f'# Aquí, tus órdenes. ¿Una ayuda? pista("{exercise.id}")\n', ("ordenes",), data)
    answer = ", respuesta" if exercise.answered else ""
    yield Cell("code", f'comprobar("{exercise.id}"{answer})', ("comprobar",), data)
    if solved:
        yield Cell("markdown", f"**Por qué.** {exercise.explanation}", ("solucion",), data)


def wrapped(code: str) -> str:
    """Una respuesta larga, partida en líneas que se leen."""
    if not code.startswith("respuesta = ") or len(code) <= WIDTH:
        return code
    head = re.match(r"respuesta = \w*[(\[{]", code)[0]
    lines = [head]
    for part in code[len(head):].split(", "):
        if len(lines[-1]) + len(part) > WIDTH:
            lines.append(" " * len(head))
        lines[-1] += f"{part}, "
    return "\n".join(line.rstrip() for line in lines).removesuffix(",")
