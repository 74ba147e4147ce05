"""dash y bash: lo que escriben, con qué código, y de dónde pueden salir sus órdenes."""

from __future__ import annotations

import json

import pytest

from .machine import run
from .record import RECORDED

CASES = [(shell, row) for shell, rows in json.loads(RECORDED.read_text(encoding="utf-8")).items() for row in rows]


@pytest.mark.parametrize("shell, row", CASES, ids=[f"{shell}-{row['script'][:30]!r}" for shell, row in CASES])
def test_a_script_says_what_the_real_shell_said(shell, row):
    ours = run(row["script"], shell)
    assert (ours.out, ours.err, ours.code) == (row["out"], row["err"], row["code"])
