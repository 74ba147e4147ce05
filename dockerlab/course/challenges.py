"""Los retos del curso: `challenges/NN-nombre.toml`, por secuencias, del más suave al más difícil.

    from dockerlab.course import challenges
    reto = challenges.find("05-nombre-ocupado")
    intento = challenges.Attempt(reto)
    intento.order("docker ps -a")
    intento.verdict()
"""

from __future__ import annotations

import difflib
import functools
import html
from collections.abc import Collection
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from . import lessons
from .challenge import Attempt, Challenge, Goal, WrongEnd, count, reached
from .challenge_file import ChallengeError, Fault, read
from .show import SIGNS, inline

__all__ = ["Attempt", "Challenge", "ChallengeError", "Fault", "Goal", "Shelf", "WrongEnd", "count", "find", "load",
           "names", "following", "reached", "read", "shelf"]


@functools.cache
def everything() -> tuple[Challenge, ...]:
    """Todos los del curso, por notebook y, dentro, por puesto y dificultad. `ChallengeError` si alguno no vale."""
    folder = files("dockerlab.course").joinpath("challenges")
    found = [read(path.read_text(encoding="utf-8"), path.name) for path in folder.iterdir()
             if path.name.endswith(".toml")]
    return tuple(sorted(found, key=lambda one: (one.sequence, one.place, one.level, one.id)))


def names() -> tuple[str, ...]:
    """Los nombres de todos los del curso, en orden."""
    return tuple(one.id for one in everything())


def load(path: Path) -> Challenge:
    """El reto de un archivo cualquiera. `ChallengeError` si no está o no vale."""
    try:
        return read(path.read_text(encoding="utf-8"), path.name)
    except FileNotFoundError:
        what, tip = "no está en esa carpeta.", "Mira la ruta, letra a letra."
    except UnicodeDecodeError:
        what, tip = "no es un texto UTF-8.", "Guárdalo con esa codificación."
    except OSError as error:
        what, tip = f"no se puede leer ({error.strerror}).", "Mira que sea un archivo y que puedas abrirlo."
    raise ChallengeError((Fault(path.name, "", what, tip),))


def find(name: str, folder: Path | None = None) -> Challenge:
    """Un reto por su nombre («05-nombre-ocupado») o por la ruta de su archivo, contada desde `folder`.

    `ChallengeError` si no existe, con el nombre más parecido, o si su archivo no vale.
    """
    if name.endswith(".toml"):
        return load((folder or Path.cwd()) / name)
    for one in everything():
        if one.id == name:
            return one
    close = difflib.get_close_matches(name, names(), n=1, cutoff=0.6)
    tip = f"¿Querías decir `{close[0]}`?" if close else "`reto()` enseña la lista."
    raise ChallengeError((Fault(name, "", "no hay un reto con ese nombre.", tip),))


def following(challenge: Challenge, solved: Collection[str] = ()) -> Challenge | None:
    """El siguiente por resolver, o None si no queda ninguno o no es del curso.

    Primero, los que van detrás en su notebook; después, los que se dejaron atrás en él, si ya se ha
    resuelto alguno; al final, los de los notebooks que siguen.
    """
    order = everything()
    if challenge.id not in [one.id for one in order]:
        return None
    at = [one.id for one in order].index(challenge.id)
    before, after = order[:at], order[at + 1:]
    same = [one for one in (*after, *(before if solved else ())) if one.sequence == challenge.sequence]
    return next((one for one in (*same, *after) if one.id not in solved), None)


@dataclass(frozen=True, slots=True, repr=False)
class Shelf:
    """La lista de los retos, con lo resuelto marcado."""

    challenges: tuple[Challenge, ...]
    solved: frozenset[str] = frozenset()

    def rows(self) -> list[tuple[str, list[tuple[Challenge, bool]]]]:
        """(«05 · El ciclo de vida», [(reto, ¿resuelto?)…])."""
        rows: dict[str, list[tuple[Challenge, bool]]] = {}
        for one in self.challenges:
            rows.setdefault(_heading(one.sequence), []).append((one, one.id in self.solved))
        return list(rows.items())

    def __repr__(self) -> str:
        lines = [f"Retos: {len(self.challenges)}, resueltos {len(self.solved)}"]
        for heading, items in self.rows():
            lines += ["", heading]
            lines += [f"  {SIGNS['correcto'] if done else '·'} {'●' * one.level + '○' * (3 - one.level)} "
                      f"{one.title}   reto(\"{one.id}\")" for one, done in items]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        blocks = "".join(f"<h4 style='margin:.8em 0 .2em'>{html.escape(heading)}</h4>{''.join(map(_row, items))}"
                         for heading, items in self.rows())
        return (f"<div style='color:var(--jp-content-font-color1,#1f2328)'><b>Retos: {len(self.challenges)}, resueltos "
                f"{len(self.solved)}</b>{blocks}</div>")


def _row(item: tuple[Challenge, bool]) -> str:
    one, done = item
    mark = f"<b>{SIGNS['correcto']} hecho</b>" if done else ""
    return (f"<div style='display:flex;flex-wrap:wrap;gap:.2em 1em;margin:.15em 0 .15em 1em'>"
            f"<span style='flex:1 1 14em'><span role='img' aria-label='dificultad {one.level} de 3'>{'●' * one.level}"
            f"{'○' * (3 - one.level)}</span> {inline(one.title)} {mark}</span>"
            f"<code>reto(\"{one.id}\")</code></div>")


def _heading(sequence: str) -> str:
    for name in lessons.names():
        if name.partition("_")[0] == sequence:
            return f"{sequence} · {lessons.load(name).title}"
    return f"{sequence} · Retos" if sequence else "Otros"


def shelf(solved: Collection[str] = (), first: str = "") -> Shelf:
    """La lista de los retos. `solved`: los nombres de los resueltos; `first`: el notebook («05») que va antes."""
    order = sorted(everything(), key=lambda one: one.sequence != first)
    return Shelf(tuple(order), frozenset(solved) & set(names()))
