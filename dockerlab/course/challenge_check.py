"""Comprobar un archivo de reto entero: `dockerlab reto comprobar mi-reto.toml`.

Se abre el reto tantas veces como caminos trae, cada vez en un motor nuevo: al
empezar, con la solución, con los otros caminos y con cada final equivocado.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from .challenge import Attempt, Challenge, told
from .challenge_file import ChallengeError
from .challenges import load
from .facts import World
from .show import SIGNS, Verdict, indented

ENOUGH = 3       # finales equivocados que se esperan, como poco
REFUSED = 125    # el código con el que `docker` dice que no ha llegado a hacer lo que se le pedía

USAGE = """Uso:  dockerlab reto nuevo ARCHIVO.toml
      dockerlab reto comprobar ARCHIVO.toml [ARCHIVO.toml…]

nuevo      Escribe un reto de ejemplo, entero, para cambiarlo.
comprobar  Que se entiende, que al empezar está pendiente, que la solución y los
           otros caminos llegan, y que cada final equivocado se rechaza con su
           propio texto. Acaba con 0 si todo está bien y con 1 si algo no.
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """Algo comprobado: `kind` es correcto, incorrecto o nota; `tip`, qué probar."""

    kind: str
    what: str
    tip: str = ""

    def __str__(self) -> str:
        return f"{SIGNS[self.kind]} {self.what}" + (f"\n{indented(self.tip, '    ')}" if self.tip else "")


def findings(challenge: Challenge) -> Iterator[Finding]:
    """Todo lo que se puede comprobar de un reto que ya se entiende, en orden."""
    yield Finding("correcto", f"El archivo se entiende: {len(challenge.aims)} metas, {len(challenge.hints)} pistas, "
                  f"{len(challenge.wrong)} finales equivocados.")
    yield from at_the_start(challenge)
    for name, road in (("La solución", challenge.solution),
                       *((f"El camino {number}", road) for number, road in enumerate(challenge.roads, 1))):
        yield arrives(challenge, name, road)
    for number in range(len(challenge.wrong)):
        yield refused(challenge, number)
    if len(challenge.wrong) < ENOUGH:
        yield Finding("nota", f"Hay {len(challenge.wrong)} finales equivocados.",
                      f"Con {ENOUGH} o más, casi nadie se queda sin saber por qué no le sale.")


def at_the_start(challenge: Challenge) -> Iterator[Finding]:
    """Antes de tocar nada: lo preparado ha salido bien y el reto está pendiente de algo."""
    attempt = Attempt(challenge)
    for line, output, code in attempt.started:
        if code:
            yield Finding("incorrecto", f"Al preparar, `{line}` acaba con {code}.", output)
    goals, verdict = attempt.goals(), attempt.verdict()
    missing = [text for text, done in goals if not done]
    if verdict.state == "incorrecto":
        yield Finding("incorrecto", "Nada más empezar ya se cumple un final equivocado.", f"Contesta: {verdict.text}")
    elif not missing:
        yield Finding("incorrecto", "Nada más empezar ya se cumplen todas las metas.",
                      "Alguna tiene que faltar. ¿Sobra una orden en `start`?")
    else:
        yield Finding("correcto", f"Al empezar está pendiente. Metas que faltan: {len(missing)} de {len(goals)}.")


def arrives(challenge: Challenge, name: str, road: str) -> Finding:
    """¿Llega ese camino a la meta?"""
    attempt = Attempt(challenge)
    walked = attempt.walk(road)
    verdict = attempt.verdict()
    if verdict:
        return Finding("correcto", f"{name} llega. Órdenes: {len(walked.transcript)}.")
    failed = [f"$ {line}\n{output.strip()}" for line, output, code in walked.transcript if code]
    return Finding("incorrecto", f"{name} no llega: queda {verdict.state}.", "\n".join([verdict.text, *failed]))


def refused(challenge: Challenge, number: int) -> Finding:
    """¿Se rechaza el final equivocado `number` (desde 0) con su texto, y no con el de otro?"""
    end, attempt = challenge.wrong[number], Attempt(challenge)
    walked = attempt.walk(end.road)
    verdict, heading = attempt.verdict(), f"El final equivocado {number + 1} («{end.idea}»)"
    own = told(end.say, World(attempt.engine).names())
    if verdict.state == "incorrecto" and verdict.text == own:
        return Finding("correcto", f"{heading} se rechaza con su texto.")
    said = [f"$ {line}\n{output.strip()}" for line, output, code in walked.transcript if code]
    return Finding("incorrecto", f"{heading} {_why(verdict)}", "\n".join([verdict.text, *said]))


def _why(verdict: Verdict) -> str:
    if verdict.state == "incorrecto":
        return "se rechaza con el texto de otro: su condición va detrás de una que también se cumple. Contesta:"
    return f"no se reconoce: queda {verdict.state}, porque su `when` no se cumple al acabar su `road`. Contesta:"


def report(path: Path) -> tuple[str, bool]:
    """(el informe de ese archivo, ¿está todo bien?)."""
    try:
        challenge = load(path)
    except ChallengeError as error:
        rows = [Finding("incorrecto", f"{fault.field}: {fault.what}" if fault.field else fault.what, fault.tip)
                for fault in error.faults]
        return _written(path.name, rows), False
    rows = list(findings(challenge))
    return _written(f"{path.name} · {challenge.title}", rows), all(row.kind != "incorrecto" for row in rows)


def _written(heading: str, rows: Sequence[Finding]) -> str:
    wrong = sum(row.kind == "incorrecto" for row in rows)
    end = "Todo bien: ya se puede usar." if not wrong else f"Por arreglar: {wrong}."
    return "\n".join([heading, indented("\n".join(map(str, rows))), indented(end)])


def main(words: Sequence[str]) -> int:
    """`reto nuevo ARCHIVO` o `reto comprobar ARCHIVO…`: 1 si algo falla, 2 si la orden no se entiende."""
    match words:
        case ["nuevo", name]:
            return new(Path(name))
        case ["comprobar", _, *_]:
            reports = [report(Path(name)) for name in words[1:]]
            print("\n".join(text for text, _ in reports))
            return 0 if all(fine for _, fine in reports) else 1
    print(USAGE, end="")
    return 0 if words in ([], ["--help"], ["-h"]) else 2


def new(path: Path) -> int:
    """Escribe el reto de ejemplo en `path`, si no hay ya un archivo; 1 si no se puede."""
    example = files("dockerlab.course").joinpath("example_challenge.toml").read_text(encoding="utf-8")
    try:
        with open(path, "x", encoding="utf-8") as file:
            file.write(example)
    except FileExistsError:
        print(f"{path} ya existe, y no se ha tocado. Elige otro nombre.")
        return 1
    except OSError as error:
        print(f"{path} no se puede escribir ({error.strerror}). Mira que exista la carpeta y que sea tuya.")
        return 1
    print(f"Escrito. Cámbialo y compruébalo:  dockerlab reto comprobar {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
