"""Los vectores de Docker: entradas y respuestas de sus propios proyectos, juzgadas por su propio juez.

Cada juego se pasa entero. Lo que no se cumple está en `exceptions.toml`, con su
motivo; lo que está ahí y ya se cumple, también es un fallo.
"""

from __future__ import annotations

import importlib.util
import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.conformance import adapter
from tests.extras import need

EXCEPTIONS = tomllib.loads(
    Path(__file__).with_name("exceptions.toml").read_text(encoding="utf-8"))["exception"]
SUITES = ("parser", "corpus", "instructions", "shell", "heredoc", "directives", "json", "lint", "image_config",
          "dockerignore", "dockerignore_file", "dockerignore_tree", "reference", "cli_options", "env_file",
          "run_args", "units", "formatter", "container_status", "restart_policy", "signals", "names",
          "compose_substitute", "dotenv", "compose_load")


@cache
def judge():
    """El programa que acompaña a los vectores, como módulo."""
    spec = importlib.util.spec_from_file_location("vectors_run", need("vectors") / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("suite", SUITES)
def test_a_suite_passes_except_what_is_named(suite, monkeypatch):
    """Todas las respuestas coinciden con las de Docker, menos las excepciones con nombre."""
    run = judge().run
    monkeypatch.chdir("/")
    tally = run(suite, adapter)
    failed = {(level, case): f"{case} [{level}]\n  sale   {got}\n  espera {wanted}"
              for level, case, got, wanted in tally.fail}
    named = {(one["level"], one["case"]) for one in EXCEPTIONS if one["suite"] == suite}
    surprises = [text for key, text in failed.items() if key not in named]
    assert not tally.na, f"el adaptador no sabe responder a {dict(tally.na)}"
    assert not surprises, "\n".join(surprises[:20])
    assert not named - set(failed), "estas excepciones ya se cumplen: hay que quitarlas"
    assert sum(tally.p.values()) > 0


def test_every_exception_has_a_reason_and_differences_are_few():
    """Una excepción dice por qué; las diferencias voluntarias no pasan del 1 % de su juego."""
    run = judge().run
    for exception in EXCEPTIONS:
        assert exception["suite"] in SUITES and len(exception["reason"]) > 40
        assert exception["kind"] in ("vector", "difference")
    for suite in {one["suite"] for one in EXCEPTIONS if one["kind"] == "difference"}:
        differences = [one for one in EXCEPTIONS if one["suite"] == suite and one["kind"] == "difference"]
        assert len(differences) <= sum(run(suite, adapter).p.values()) / 100
