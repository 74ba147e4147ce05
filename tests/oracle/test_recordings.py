"""Lo que contestó un Docker de verdad, orden a orden, y lo que contesta dockerlab.

Cada guion grabado se ejecuta entero. El código de salida tiene que ser siempre el
mismo; lo que se imprime, también, salvo los pasos de `exceptions.toml`, cada uno
con su motivo.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from .in_process import InProcess
from .playing import play
from .scenario import load
from .verdict import LEVELS, judge

RULES = tomllib.loads(Path(__file__).with_name("exceptions.toml").read_text(encoding="utf-8"))
MISSING = RULES["missing"]                    # tema → por qué todavía no se juzga
EXCEPTIONS = {(one["scenario"], one["step"]): one for one in RULES.get("exception", ())}
GROUPS = {
    "imágenes y construcción": ("archive", "build", "build-errors", "cache", "dockerignore", "entrypoint", "images",
                                "layers", "multistage"),
    "contenedores": ("cli", "exec", "fs", "inspect", "lifecycle", "logs", "network", "ps", "resources",
                     "restart-health", "run", "system", "volumes"),
    "registro y Compose": ("compose", "registry"),
}
PRINTED = 0.98    # de lo impreso, lo que como poco tiene que coincidir en cada grupo
ALL = {one["name"]: one for one in load([Path(__file__).with_name("scenarios")])}
JUDGED = [name for name, one in ALL.items() if one["topic"] not in MISSING]


@cache
def differences(name: str) -> dict[str, dict[str, str]]:
    """Por paso (su orden, tal como se escribió), en qué se aparta de lo grabado."""
    played = play(ALL[name], InProcess())
    return {text(one.step): {level: why for level, why in result.items() if why}
            for one, result in zip(played, judge(played), strict=True) if any(result.values())}


def text(step: dict[str, Any]) -> str:
    """El paso, en una línea."""
    return step.get("cmd") or "; ".join(f"{key} {step[key]}" for key in ("show", "tar") if key in step)


def known(name: str, step: str) -> set[str]:
    """Los niveles en los que ese paso está exceptuado."""
    return set(EXCEPTIONS.get((name, step), {}).get("levels", ()))


@pytest.mark.parametrize("name", JUDGED)
def test_every_step_answers_as_docker_did(name):
    """Ni un paso se aparta, salvo los exceptuados, y ninguna excepción sobra."""
    found = differences(name)
    surprises = {step: {level: why for level, why in levels.items() if level not in known(name, step)}
                 for step, levels in found.items()}
    assert not {step: levels for step, levels in surprises.items() if levels}
    stale = {step: levels - set(found.get(step, ())) for (one, step), levels in
             ((key, set(value["levels"])) for key, value in EXCEPTIONS.items()) if one == name}
    assert not {step: levels for step, levels in stale.items() if levels}, "esto ya coincide: sobra la excepción"


@pytest.mark.parametrize("group", GROUPS)
def test_exceptions_leave_each_group_above_its_bar(group):
    """Todos los códigos de salida y, de la salida y de los errores, el 98 %: lo exceptuado no llega a tanto."""
    names = {name for name in JUDGED if ALL[name]["topic"] in GROUPS[group]}
    steps = sum("cmd" in step for name in names for step in ALL[name]["steps"])
    excepted = Counter(level for (name, _), one in EXCEPTIONS.items() if name in names for level in one["levels"])
    assert steps > 0
    assert excepted["code"] == 0
    assert excepted["out"] <= (1 - PRINTED) * steps
    assert excepted["err"] <= (1 - PRINTED) * steps


def test_every_topic_is_judged_or_listed_as_missing():
    """Un tema nuevo entra en un grupo; uno sin hacer dice por qué."""
    topics = {one["topic"] for one in ALL.values()}
    grouped = {topic for group in GROUPS.values() for topic in group}
    assert topics - grouped <= set(MISSING)
    assert all(len(reason) > 40 for reason in MISSING.values())


def test_every_exception_names_a_real_step_and_its_reason():
    """Una excepción señala un paso que existe, unos niveles que existen, y dice por qué."""
    for (name, step), one in EXCEPTIONS.items():
        assert name in JUDGED and step in {text(each) for each in ALL[name]["steps"]}, (name, step)
        assert one["levels"] and set(one["levels"]) <= set(LEVELS)
        assert len(one["reason"]) > 40
