"""Comprobar un ejercicio: mirar el motor, decidir y decir por qué."""

from __future__ import annotations

import re
from typing import Any

from .expressions import evaluate, fill
from .facts import World, blank, differ, tidy
from .lessons import Exercise, written
from .show import Verdict


def judge(exercise: Exercise, engine: Any, answer: Any = None, since: int = 0) -> Verdict:
    """El veredicto del primer caso que se cumple; los `since` primeros sucesos del motor no cuentan.

    No cambia nada. El último caso de cada ejercicio se cumple siempre, así
    que siempre hay veredicto; si no lo hubiera, `LookupError`.
    """
    if exercise.answered and (refusal := unreadable(exercise, answer)) is not None:
        return refusal
    names = World(engine, answer, exercise.key, exercise.because, since).names()
    for number, case in enumerate(exercise.cases, 1):
        if evaluate(case.when, names):
            failed = case.verdict == "incorrecto"
            return Verdict(case.verdict, exercise.title, fill(case.say, names),
                           reasons(exercise, answer, number) if failed else ())
    raise LookupError(f"el ejercicio «{exercise.id}» no tiene un último caso")


def reasons(exercise: Exercise, answer: Any, case: int) -> tuple[str, ...]:
    """Qué falló: las partes de la respuesta, si cada una tiene su razón; si no, el caso («caso 3»)."""
    if exercise.because and isinstance(exercise.key, dict | list):
        return tuple(str(part) for part in differ(answer, exercise.key))
    return (f"caso {case}",)


def reason_text(exercise: Exercise, reason: str) -> str:
    """La razón en palabras, sin los datos de cada cual."""
    number = reason.removeprefix("caso ")
    if number != reason and number.isdecimal() and 0 < int(number) <= len(exercise.cases):
        return re.sub(r"\{[^}]*\}", "…", exercise.cases[int(number) - 1].say)
    if isinstance(exercise.because, dict):
        return exercise.because.get(reason, "")
    if isinstance(exercise.because, list) and reason.isdecimal() and int(reason) < len(exercise.because):
        return exercise.because[int(reason)]
    return ""


def unreadable(exercise: Exercise, answer: Any) -> Verdict | None:
    """El veredicto de una respuesta sin escribir o con otra forma; None si se puede leer."""
    key = exercise.key
    if blank(answer):
        return Verdict("pendiente", exercise.title, "Escribe tu respuesta en lugar de cada «?» y vuelve a comprobar.")
    shape = f"Se espera algo con esta forma: `respuesta = {outline(key)}`"
    if isinstance(key, dict):
        if not isinstance(answer, dict):
            return Verdict("incorrecto", exercise.title, shape)
        if missing := [name for name in key if name not in answer]:
            return Verdict("pendiente", exercise.title, f"Falta responder: {', '.join(missing)}.")
    elif isinstance(key, list):
        if not isinstance(answer, list | tuple) or len(answer) != len(key):
            return Verdict("incorrecto", exercise.title, shape)
    elif not isinstance(tidy(answer), str):
        return Verdict("incorrecto", exercise.title, shape)
    return _unknown_word(exercise, answer)


def _unknown_word(exercise: Exercise, answer: Any) -> Verdict | None:
    """El veredicto de quien contesta con otras palabras: no es un error, y se dice cuáles valen."""
    known = tidy(exercise.words)
    for name in exercise.key if known else ():
        if tidy(word := answer[name]) not in known:
            usable = ", ".join(f"«{one}»" for one in exercise.words[:-1]) + f" o «{exercise.words[-1]}»"
            return Verdict("pendiente", exercise.title, f"En «{name}» pone «{word}». Responde con {usable}.")
    return None


def outline(key: Any) -> str:
    """La forma de la respuesta, sin decirla."""
    if isinstance(key, dict):
        return written(dict.fromkeys(key, "?"))
    if isinstance(key, list):
        return written(["?"] * len(key))
    return '"?"' if isinstance(key, str) else "un número"
