"""Quien guarda todo lo que lee de un pozo sin fondo muere por falta de memoria, y pronto."""

from __future__ import annotations

import pytest

from dockerlab.cli import capture
from dockerlab.engine import Engine
from tests.engine.conftest import CATALOGUE


@pytest.fixture(scope="module")
def engine():
    engine = Engine(catalogue=CATALOGUE)
    engine.pull("busybox")
    return engine


@pytest.mark.parametrize("program", ["tail /dev/zero", "sort /dev/zero", "sort /dev/urandom"])
@pytest.mark.parametrize("limit", ["-m 32m", ""])
def test_what_never_ends_does_not_fit_in_memory(engine, program, limit):
    done = capture(engine, ["run", *limit.split(), "--name", "gordo", "busybox", "sh", "-c", f"{program}; echo $?"])
    assert "Killed" in done.err and done.out.endswith("137\n")
    assert engine.containers.get("gordo").state.oom_killed
    capture(engine, ["rm", "-f", "gordo"])


def test_a_program_that_does_not_keep_what_it_reads_lives(engine):
    done = capture(engine, ["run", "--rm", "-m", "8m", "busybox", "sh", "-c", "head -c 20000000 /dev/zero | wc -c"])
    assert (done.code, done.out.strip()) == (0, "20000000")
