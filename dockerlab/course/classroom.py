"""La clase, vista por quien enseña: una carpeta con los `progreso.json` de cada cual, sin servidor.

    from dockerlab.course.classroom import descifrar, leer_clase
    clase = leer_clase("muestra")
    clase.tropiezos("05")
    descifrar("Ana 3GH-8KP")
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import codes, lessons, progress
from .checks import reason_text
from .facts import listed
from .pictures import Picture, Words
from .report import HEADINGS, counts, done
from .show import Note, inline

LETTERS = "ABCDEFGHIJ"
MANY_TRIES = 3   # intentos sin acertar a partir de los que alguien está atascado
WHOLE = 24       # letras de una casilla que no se parte en dos renglones
MOST_ROWS = 14   # filas del mapa de todo el curso


@dataclass(frozen=True, slots=True, repr=False)
class Table:
    """Una tabla con título: igual en texto que en HTML, y se entiende impresa."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = "Nada todavía."

    def __repr__(self) -> str:
        if not self.rows:
            return f"{self.caption}\n  {self.empty}"
        plain = [tuple(cell.replace("`", "") for cell in row) for row in (self.heads, *self.rows)]
        widths = [max(map(len, column)) for column in zip(*plain, strict=True)]
        lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in plain)
        return "\n".join([self.caption, *(f"  {line}".rstrip() for line in lines)])

    def _repr_html_(self) -> str:
        head = "".join(f"<th scope='col' {_style(name)}>{html.escape(name)}</th>" for name in self.heads)
        body = "".join(f"<tr><th scope='row' {_style(row[0])}>{inline(row[0])}</th>"
                       + "".join(f"<td {_style(cell)}>{inline(cell)}</td>" for cell in row[1:]) + "</tr>"
                       for row in self.rows)
        empty = "" if self.rows else f"<p>{html.escape(self.empty)}</p>"
        return (f"<table style='border-collapse:collapse'><caption style='text-align:left;font-weight:700;"
                f"color:var(--jp-content-font-color1,#1f2328)'>{html.escape(self.caption)}</caption>"
                f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{empty}")


def _style(cell: str) -> str:
    whole = ";white-space:nowrap" if len(cell) < WHOLE else ""
    return f"style='text-align:left;vertical-align:top;padding:.25em .9em .25em 0{whole}'"


@dataclass(frozen=True, slots=True)
class Learner:
    """Alguien de la clase y su progreso."""

    name: str
    data: dict[str, Any]

    def place(self, notebook: str, section: str) -> dict[str, Any]:
        """Lo apuntado de una clase de cosas en un notebook, sin lo que ya no está en el curso."""
        known = codes.contents(notebook)
        return {id: one for id, one in self.data["notebooks"].get(notebook, {}).get(section, {}).items()
                if (section, id) in known}

    @property
    def started(self) -> list[str]:
        """Los notebooks que ha empezado, del último al primero."""
        mine = {number: place.get("ultima_vez", "") for number, place in self.data["notebooks"].items()
                if number in codes.numbers()}
        return sorted(mine, key=lambda number: (mine[number], number), reverse=True)


@dataclass(frozen=True, slots=True)
class Stumble:
    """Un error y quiénes han caído en él. `where`: el ejercicio o la pregunta; `told`: el error, con palabras."""

    notebook: str
    where: str
    told: str
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Classroom:
    """La clase entera. `unread`: los archivos que no se pudieron leer, y por qué."""

    learners: tuple[Learner, ...]
    unread: tuple[str, ...] = field(default=())

    # ── quién va por dónde ───────────────────────────────────────────────────

    def table(self) -> Table:
        """Una fila por persona: cuánto lleva de cada notebook y por cuál va."""
        numbers = sorted({number for learner in self.learners for number in learner.started})
        rows = tuple((learner.name, *(self._share(learner, number) for number in numbers), self._now(learner))
                     for learner in self.learners)
        count = f"La clase: {len(self.learners)} {'persona' if len(self.learners) == 1 else 'personas'}"
        unread = f" (sin leer: {'; '.join(self.unread)})" if self.unread else ""
        return Table(count + unread, ("Quién", *numbers, "Va por"), rows, "En esa carpeta no hay ningún progreso.")

    @staticmethod
    def _share(learner: Learner, number: str) -> str:
        found = counts(learner.data, number).values()
        finished, total = sum(one.done for one in found), sum(one.total for one in found)
        mark = " ✔" if finished == total else ""
        return f"{finished}/{total}{mark}" if number in learner.started else "–"

    @staticmethod
    def _now(learner: Learner) -> str:
        if not learner.started:
            return "–"
        last = learner.started[0]
        return f"{last} · {learner.data['notebooks'][last].get('ultima_vez', '')}".removesuffix(" · ")

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()

    def codigos(self, notebook: str) -> str:
        """Lo que dictaría cada cual en un notebook: una línea por persona, como la espera `descifrar`."""
        return "\n".join(f"{learner.name} {codes.encode(notebook, done(learner.data, notebook))}"
                         for learner in self.learners if notebook in learner.started)

    def atascados(self) -> Table:
        """Quién lleva tres intentos o más en un ejercicio sin resolverlo."""
        rows = [(learner.name, f"{number} · {lessons.load(number).exercise(id).title}", str(one.get("intentos", 0)),
                 str(one.get("pistas", 0)))
                for learner in self.learners for number in sorted(learner.started)
                for id, one in learner.place(number, "ejercicios").items()
                if one.get("intentos", 0) >= MANY_TRIES and one.get("veredicto") != "correcto"]
        return Table("Quién necesita ayuda", ("Quién", "Ejercicio", "Intentos", "Pistas"),
                     tuple(sorted(rows, key=lambda row: -int(row[2]))), "Nadie: no hay nadie atascado.")

    # ── en qué se falla ──────────────────────────────────────────────────────

    def stumbles(self, notebook: str = "") -> list[Stumble]:
        """Los errores de un notebook (o de todos), de más a menos personas."""
        found: dict[tuple[str, str, str], list[str]] = {}
        for learner in self.learners:
            for number in ([notebook] if notebook else sorted(learner.started)):
                for section in ("ejercicios", "preguntas"):
                    for id, one in learner.place(number, section).items():
                        for reason in one.get("errores", {}):
                            found.setdefault((number, section, id, reason), []).append(learner.name)
        told = [Stumble(number, *_words(number, section, id, reason), tuple(who))
                for (number, section, id, reason), who in found.items()]
        return sorted(told, key=lambda one: (-len(one.who), one.notebook, one.where, one.told))

    def tropiezos(self, notebook: str = "", al_menos: int = 1) -> Table:
        """La tabla de los errores de `al_menos` tantas personas; la letra es la columna del mapa."""
        rows = tuple((where, letter, f"{len(one.who)} de {len(self.learners)}", one.told)
                     for where, letter, one in self._lettered(notebook) if len(one.who) >= al_menos)
        heads = ("Dónde", "Error", "Quiénes", "Qué se dice al fallar")
        return Table(f"En qué se falla{self._of(notebook)}", heads, rows)

    def mapa(self, notebook: str = "") -> Words:
        """Enseña el mapa de calor (ejercicios por errores; el número es cuántas personas) y lo dice con palabras."""
        return self.picture(notebook).shown()

    def picture(self, notebook: str = "") -> Picture:
        """El mapa de calor y sus palabras."""
        from ..scenes import plots
        lettered = self._lettered(notebook)
        rows = list(dict.fromkeys(where for where, _, _ in lettered))
        columns = sorted({letter for _, letter, _ in lettered}) or ["A"]
        people = {(where, letter): len(one.who) for where, letter, one in lettered}
        values = [[people.get((row, column), 0) for column in columns] for row in rows] or [[0]]
        title = f"En qué se falla{f' en el {notebook}' if notebook else ''}: cuántas personas en cada error"
        words = [f"{row}: " + ", ".join(f"{letter} {people[row, letter]}" for letter in columns
                                        if (row, letter) in people) for row in rows]
        figure = plots.heat(rows or ["nada todavía"], columns, values, title)
        return Picture(figure, title, "\n".join([f"{title}.", *words]))

    def _of(self, notebook: str) -> str:
        return f" en el {notebook} · {lessons.load(notebook).title}" if notebook else ""

    def _lettered(self, notebook: str) -> list[tuple[str, str, Stumble]]:
        """(dónde, letra de su columna, error), por sitios; arriba, donde más gente falla."""
        places: dict[str, list[Stumble]] = {}
        for one in self.stumbles(notebook):
            where = one.where if notebook else f"{one.notebook} · {one.where}"
            places.setdefault(where, []).append(one)
        order = sorted(places, key=lambda where: -sum(len(one.who) for one in places[where]))
        kept = order if notebook else order[:MOST_ROWS]
        return [(where, letter, one) for where in kept for letter, one in zip(LETTERS, places[where], strict=False)]


def _words(number: str, section: str, id: str, reason: str) -> tuple[str, str]:
    """(el ejercicio o la pregunta, el error con palabras)."""
    lesson = lessons.load(number)
    if section == "ejercicios":
        exercise = lesson.exercise(id)
        told = reason_text(exercise, reason) or reason
        if reason.startswith("caso "):
            return exercise.title, told
        part = f"la {int(reason) + 1}.ª" if isinstance(exercise.key, list) and reason.isdecimal() else reason
        return exercise.title, f"{part}: {told}"
    question = lesson.questions[int(id) - 1]
    return f"Pregunta {id}", f"{question.describe(reason)} ({question.ask})"


def leer_clase(carpeta: str | Path) -> Classroom | Note:
    """La clase que hay en una carpeta: un archivo JSON por persona, se llame como se llame.

    Quien no puso su nombre con `progreso("…")` sale con el de su archivo. Lo
    que no se pueda leer se dice y no estorba.
    """
    folder = Path(carpeta)
    if not folder.is_dir():
        return Note("pendiente", f"No encuentro la carpeta «{carpeta}»",
                    f"Se busca desde {Path.cwd().name}/. Ponla al lado de este notebook o escribe su ruta entera.")
    found, unread = [], []
    for path in sorted(folder.glob("*.json")):
        try:
            data = progress.read(path)
        except progress.Damaged:
            unread.append(f"{path.name}, no es un progreso")
        except OSError as error:
            unread.append(f"{path.name}, {error.strerror}")
        else:
            found.append((data["nombre"] or path.stem, path.stem, data))
    names = [name for name, _, _ in found]
    learners = (Learner(f"{name} ({stem})" if names.count(name) > 1 else name, data) for name, stem, data in found)
    return Classroom(tuple(sorted(learners, key=lambda one: one.name.casefold())), tuple(unread))


def descifrar(dictado: str) -> Table:
    """Lo que dicen los códigos: uno en cada línea, con el nombre delante si se quiere («Ana 3GH-8KP»)."""
    rows = []
    for line in filter(str.strip, dictado.splitlines()):
        name, code = _split(line)
        try:
            read = codes.decode(code)
        except codes.CodeError as error:
            rows.append((name or "–", code, "–", str(error)))
        else:
            rows.append((name or "–", code, f"{read.notebook} · {lessons.load(read.notebook).title}", _told(read)))
    return Table("Códigos leídos", ("Quién", "Código", "Notebook", "Qué está hecho"), tuple(rows), "Ningún código.")


def _split(line: str) -> tuple[str, str]:
    """(nombre, código): el código es la última palabra o, si se dictó partido, las dos últimas."""
    words: Sequence[str] = re.split(r"[\s:,;=]+", line.strip().strip(",;"))
    for size in (1, 2):
        code = " ".join(words[-size:])
        try:
            codes.decode(code)
        except codes.CodeError:
            continue
        return " ".join(words[:-size]), code.upper()
    size = 2 if len(words[-1]) <= codes.SHORTEST and len(words) > 1 else 1
    return " ".join(words[:-size]), " ".join(words[-size:]).upper()


def _told(read: codes.Read) -> str:
    everything = codes.contents(read.notebook)
    parts = []
    for section in codes.SECTIONS:
        mine = [item for item in everything if item[0] == section]
        missing = [number for number, item in enumerate(mine, 1) if item not in read.done]
        if mine:
            left = f" ({'falta el' if len(missing) == 1 else 'faltan'} {listed(missing)})" \
                if section == "ejercicios" and missing else ""
            parts.append(f"{HEADINGS[section].lower()} {len(mine) - len(missing)} de {len(mine)}{left}")
    return "; ".join(parts)
