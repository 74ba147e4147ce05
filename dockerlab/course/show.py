"""Cómo se ven los veredictos, las pistas y las preguntas: siempre igual en texto, y bonito en HTML.

Nada se dice solo con color: cada estado lleva su palabra y su signo.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

SIGNS = {"correcto": "✔", "incorrecto": "✘", "pendiente": "…", "pista": "?", "apuntado": "✎", "nota": "i"}
BORDERS = {"correcto": "#1a7f37", "incorrecto": "#b3261e", "pendiente": "#9a6700", "pista": "#0b57d0",
           "apuntado": "#0b57d0", "nota": "#57606a"}
AGAIN = "Para volver a leerlo:"


def marked(text: str) -> str:
    """El texto en HTML, con `código`, saltos de párrafo y, dentro de uno, las líneas que traiga."""
    return "".join(_paragraph(part) for part in re.split(r"\n\s*\n", inline(text)))


def _paragraph(part: str) -> str:
    lines = ";white-space:pre-wrap" if "\n" in part else ""
    return f"<p style='margin:.3em 0{lines}'>{part}</p>"


def inline(text: str) -> str:
    """Una línea de texto en HTML, con `código`. Entre dos «$» sueltos JupyterLab leería una fórmula: van aparte."""
    parts = html.escape(text.strip(), quote=False).split("`")
    parts[::2] = [part.replace("$", "<span>$</span>") for part in parts[::2]]
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", "`".join(parts))


def linked(where: str, page: str = "") -> str:
    """Un sitio donde releer, en HTML: cada «título» es un enlace a ese título de `page` (o de este notebook)."""
    return re.sub(r"«([^»]+)»", lambda title: f"«<a href='{page}#{html.escape(anchor(title[1]))}'>{title[1]}</a>»",
                  inline(where))


def anchor(title: str) -> str:
    """El destino de un título, como lo nombra JupyterLab."""
    return title.strip().replace(" ", "-")


def indented(text: str, margin: str = "  ") -> str:
    """El texto con un margen delante de cada línea."""
    return "\n".join(f"{margin}{line}".rstrip() for line in text.strip("\n").splitlines())


def card(kind: str, heading: str, body: str) -> str:
    """Una caja suave con borde, signo y palabra. `body` es HTML."""
    return (f"<div role='note' style='border-left:4px solid {BORDERS[kind]};padding:.4em .8em;margin:.3em 0;"
            "background:var(--jp-layout-color1,#fff);color:var(--jp-content-font-color1,#1f2328)'>"
            f"<b><span aria-hidden='true'>{SIGNS[kind]}</span> {html.escape(heading, quote=False)}</b>{body}</div>")


@dataclass(frozen=True, slots=True, repr=False)
class Note:
    """Algo que el curso dice: `kind` (una clave de `SIGNS`), un encabezado y un texto.

    `where`: qué volver a leer, con los títulos entre «»; `page`: en qué notebook, si no es este.
    """

    kind: str
    heading: str
    text: str = ""
    where: str = ""
    page: str = ""

    def __repr__(self) -> str:
        again = f"\n\n{AGAIN} {self.where}" if self.where else ""
        told = indented(self.text + again)
        return f"{SIGNS[self.kind]} {self.heading}" + (f"\n{told}" if told else "")

    def _repr_html_(self) -> str:
        again = f"<p style='margin:.3em 0'>{AGAIN} {linked(self.where, self.page)}</p>" if self.where else ""
        return card(self.kind, self.heading, (marked(self.text) if self.text else "") + again)


@dataclass(frozen=True, slots=True, repr=False)
class Verdict:
    """El resultado de una comprobación: `state` es pendiente, correcto o incorrecto, y `text` el porqué.

    `reasons`: qué falló, para el progreso («caso 3», o la parte de la respuesta).
    """

    state: str
    title: str
    text: str
    reasons: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.state == "correcto"

    @property
    def note(self) -> Note:
        """El veredicto como nota."""
        because = " (porque…)" if self.state == "incorrecto" else ""
        return Note(self.state, f"{self.state.capitalize()}{because} · {self.title}", self.text)

    def __repr__(self) -> str:
        return repr(self.note)

    def _repr_html_(self) -> str:
        return self.note._repr_html_()


@dataclass(frozen=True, slots=True, repr=False)
class Listing:
    """Un archivo de texto, para leerlo."""

    name: str
    text: str

    def __repr__(self) -> str:
        return f"{self.name}\n{indented(self.text)}"

    def _repr_html_(self) -> str:
        return f"<b><code>{html.escape(self.name)}</code></b><pre><code>{html.escape(self.text.rstrip())}</code></pre>"
