"""Un guion que se guarda a la mitad y se levanta de nuevo acaba igual que si nadie lo hubiera tocado."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .cases import SCRIPTS
from .machine import cut, run
from .scripts import write

SERVICES = [
    "trap 'echo adios; exit 3' TERM; (sleep 2; kill -TERM $$) & while :; do sleep 1; echo tic; done",
    "f() { read x; echo \"<$x>\"; }; { sleep 1; echo a; sleep 1; echo b; } | { f; f; f; }",
    "for i in 1 2 3; do (sleep $i; echo $i) & done; wait; echo fin",
    "exec 3> f; i=0; while [ $i -lt 5 ]; do i=$((i+1)); echo $i >&3; sleep 1; done; cat f",
]


@pytest.mark.parametrize("script", SCRIPTS[::3] + SERVICES)
def test_a_script_cut_everywhere_ends_as_if_it_had_not_been_cut(script):
    assert cut(script, steps=lambda: 1) == run(script)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), st.integers(1, 40))
def test_random_scripts_cut_at_random_instants_end_the_same(dice, most):
    script = write(dice)
    pauses = Random(most)
    assert cut(script, steps=lambda: pauses.randint(1, most)) == run(script)
