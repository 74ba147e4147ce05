"""El progreso, para verlo: una tabla con barras, y lo mismo en texto."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

from . import codes, lessons
from .show import BORDERS, Note, marked

HEADINGS = {"ejercicios": "Ejercicios", "preguntas": "Preguntas", "predicciones": "Predicciones", "retos": "Retos"}
FINISHED = {"ejercicios": lambda one: one.get("veredicto") == "correcto",
            "preguntas": lambda one: one.get("acierto", False),
            "predicciones": lambda one: "opcion" in one,
            "retos": lambda one: one.get("resuelto", False)}
INK = "color:var(--jp-content-font-color1,#1f2328)"
FULL, EMPTY = "■", "□"


@dataclass(frozen=True, slots=True)
class Count:
    """Cuántas cosas hechas de cuántas."""

    done: int
    total: int

    def __str__(self) -> str:
        return f"{self.done} de {self.total}" if self.total else "–"


def done(data: dict[str, Any], notebook: str) -> codes.Done:
    """Lo hecho en un notebook: ejercicios correctos, preguntas acertadas, predicciones apuntadas y retos resueltos."""
    place = data["notebooks"].get(notebook, {})
    return frozenset((section, id) for section, finished in FINISHED.items()
                     for id, one in place.get(section, {}).items() if finished(one))


def counts(data: dict[str, Any], notebook: str) -> dict[str, Count]:
    """Cuánto hay hecho de cada clase en un notebook."""
    everything, finished = codes.contents(notebook), done(data, notebook)
    return {section: Count(sum(item in finished for item in everything if item[0] == section),
                           sum(item[0] == section for item in everything)) for section in codes.SECTIONS}


def code_note(data: dict[str, Any], notebook: str) -> Note:
    """El código de un notebook y lo que dice."""
    finished = done(data, notebook)
    told = ", ".join(f"{HEADINGS[section].lower()} {count}" for section, count in counts(data, notebook).items()
                     if count.total)
    return Note("nota", f"Tu código del notebook {notebook}: {codes.encode(notebook, finished)}",
                f"Léeselo a quien enseña, letra a letra. Dice esto: {told}.")


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """El progreso: una fila por notebook empezado, además de `now`, el abierto. `said`: algo más que contar."""

    data: dict[str, Any]
    now: str = ""
    said: str = ""

    @property
    def heading(self) -> str:
        """El título, con el nombre si se sabe."""
        return f"Progreso de {self.data['nombre']}" if self.data["nombre"] else "Tu progreso"

    def rows(self) -> list[tuple[str, dict[str, Count]]]:
        """(«05 · El ciclo de vida», cuánto de cada clase)."""
        started = {self.now, *self.data["notebooks"]}
        return [(f"{name[:2]} · {lessons.load(name).title}", counts(self.data, name[:2])) for name in lessons.names()
                if name[:2] in started]

    def __repr__(self) -> str:
        rows = self.rows()
        wide = max(len(title) for title, _ in rows)
        lines = [self.heading, *([self.said] if self.said else []),
                 f"  {'':{wide}}  " + "  ".join(f"{HEADINGS[section]:<18}" for section in codes.SECTIONS).rstrip()]
        for title, found in rows:
            cells = (f"{FULL * count.done}{EMPTY * (count.total - count.done)} {count}" for count in found.values())
            lines.append(f"  {title:{wide}}  " + "  ".join(f"{cell:<18}" for cell in cells).rstrip())
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        cell = "style='text-align:left;padding:.25em .9em .25em 0'"
        head = "".join(f"<th scope='col' {cell}>{title}</th>" for title in ("Notebook", *HEADINGS.values()))
        body = "".join(f"<tr><th scope='row' {cell}>{html.escape(title)}</th>"
                       + "".join(f"<td {cell}>{_bar(count)}</td>" for count in found.values()) + "</tr>"
                       for title, found in self.rows())
        told = marked(self.said) if self.said else ""
        return (f"<div style='{INK}'>{told}<table style='border-collapse:collapse'>"
                f"<caption style='text-align:left;font-weight:700;padding-bottom:.3em;"
                f"{INK}'>{html.escape(self.heading)}</caption>"
                f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>")


def _bar(count: Count) -> str:
    if not count.total:
        return "–"
    share = 100 * count.done / count.total
    ready = f" <span aria-label='completo' style='color:{BORDERS['correcto']}'>✔</span>" \
        if count.done == count.total else ""
    return (f"<span aria-hidden='true' style='display:inline-block;vertical-align:middle;width:4.5em;height:.7em;"
            f"margin-right:.5em;border:1px solid currentColor;border-radius:3px;print-color-adjust:exact;"
            f"background:linear-gradient(to right,currentColor {share:.0f}%,transparent {share:.0f}%)'></span>"
            f"<span style='white-space:nowrap'>{count}{ready}</span>")
