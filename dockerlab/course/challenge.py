"""Un reto: un motor de salida, unas metas que se leen del estado y los finales equivocados que se conocen.

El reto no sabe por qué camino se llega. Mira el motor: si se cumple alguno de
los finales equivocados, dice por qué no vale; si no, dice qué metas faltan.
"""

from __future__ import annotations

import functools
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..engine import Engine
from ..views import EngineView
from . import practice, roads
from .expressions import evaluate, pieces
from .facts import World
from .show import Verdict


@dataclass(frozen=True, slots=True)
class Goal:
    """Una meta: lo que se lee y la condición que la da por alcanzada."""

    text: str
    when: str


@dataclass(frozen=True, slots=True)
class WrongEnd:
    """Un final equivocado: cómo se llega, cómo se reconoce, qué idea hay detrás y qué se contesta."""

    road: str
    when: str
    idea: str
    say: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """Un reto entero. `par`: las órdenes `docker` de la solución; `level`: de 1 (suave) a 3 (difícil).

    `place`: su puesto, si los de su notebook se hacen en un orden dado (0: por dificultad).

    `start`, `solution` y `roads` (otros caminos que también valen) son celdas de
    notebook; `files`, pares (ruta, texto) de la carpeta en la que se resuelve.
    """

    id: str
    title: str
    story: str
    claims: tuple[str, ...]
    par: int
    aims: tuple[Goal, ...]
    hints: tuple[str, ...]
    solution: str
    explanation: str
    wrong: tuple[WrongEnd, ...]
    start: str = ""
    roads: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    level: int = 2
    place: int = 0

    @property
    def sequence(self) -> str:
        """El número del notebook al que acompaña («05»), o «» si no es del curso."""
        number = self.id.partition("-")[0]
        return number if number.isdigit() else ""

    def goals(self, engine: Engine) -> tuple[tuple[str, bool], ...]:
        """Cada meta y si ya se cumple. No cambia nada."""
        names = World(engine).names()
        return tuple((aim.text, holds(aim.when, names)) for aim in self.aims)

    def verdict(self, engine: Engine) -> Verdict:
        """Incorrecto si el motor está en un final equivocado conocido; correcto si están todas las metas."""
        names = World(engine).names()
        for end in self.wrong:
            if holds(end.when, names):
                return Verdict("incorrecto", self.title, told(end.say, names))
        missing = [aim.text for aim in self.aims if not holds(aim.when, names)]
        if missing:
            listing = "\n".join(f"– {text}" for text in missing)
            return Verdict("pendiente", self.title, f"Todavía falta ({len(missing)} de {len(self.aims)}):\n{listing}")
        return Verdict("correcto", self.title, self.explanation)


NOTHING = (AttributeError, KeyError, IndexError, TypeError, ValueError, ZeroDivisionError)   # lo preguntado no está


def holds(when: str, names: dict[str, Any]) -> bool:
    """¿Se cumple la condición? La que pregunta por algo que no existe (`container('x').state`) no se cumple."""
    try:
        return bool(evaluate(when, names))
    except NOTHING:
        return False


def told(say: str, names: dict[str, Any]) -> str:
    """El texto, con el valor de cada `{expresión}`; «nada» si pregunta por algo que no existe."""
    parts = []
    for literal, expression in pieces(say):
        try:
            parts.append(literal + (str(evaluate(expression, names)) if expression else ""))
        except NOTHING:
            parts.append(f"{literal}nada")
    return "".join(parts)


def count(road: str) -> int:
    """Las órdenes `docker` de un camino."""
    return sum(kind == "orden" for kind, _, _ in roads.steps(road))


class Attempt:
    """Un reto abierto: su motor y su carpeta, solo suyos, y las órdenes que se han dado."""

    def __init__(self, challenge: Challenge):
        self.challenge = challenge
        self.started: tuple[tuple[str, str, int], ...] = ()
        self.restart()

    def restart(self) -> None:
        """Vuelve a empezar: motor nuevo, carpeta nueva con sus archivos, y lo que hubiera antes de empezar."""
        self.home = tempfile.TemporaryDirectory(prefix="reto-", ignore_cleanup_errors=True)
        self.folder = Path(self.home.name, "reto").resolve()   # con este nombre nombra Compose los contenedores
        self.folder.mkdir()
        self.engine = Engine(folder=str(self.folder), seed=f"reto {self.challenge.id}")
        practice.prepare(self.folder, self.challenge.files)
        self.started = roads.walk(self.engine, self.challenge.start, self.folder).transcript

    def walk(self, road: str) -> roads.Walked:
        """Recorre un camino escrito como en un notebook."""
        return roads.walk(self.engine, road, self.folder)

    def order(self, line: str) -> tuple[str, str, int]:
        """Da una orden `docker …`: (la orden, lo que imprimió, su código de salida)."""
        return roads.order(self.engine, line, self.folder)

    def goals(self) -> tuple[tuple[str, bool], ...]:
        """Cada meta y si ya se cumple."""
        return self.challenge.goals(self.engine)

    def verdict(self) -> Verdict:
        """El veredicto, ahora."""
        return self.challenge.verdict(self.engine)


@functools.lru_cache(maxsize=8)
def reached(challenge: Challenge) -> EngineView:
    """La fotografía del motor al que lleva la solución: la meta, para dibujarla."""
    attempt = Attempt(challenge)
    attempt.walk(challenge.solution)
    return attempt.engine.view()
