"""El shell contra el `sh` de BusyBox: la misma salida y el mismo código con los mismos guiones."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.extras import need

from .cases import SCRIPTS
from .machine import RealBusyBox, run
from .scripts import scripts

QUIET = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


@pytest.fixture(scope="module")
def busybox(tmp_path_factory):
    return RealBusyBox(need("busybox"), tmp_path_factory.mktemp("busybox"))


@pytest.mark.parametrize("script", SCRIPTS, ids=[f"{number:03d}" for number in range(len(SCRIPTS))])
def test_a_script_prints_and_returns_what_busybox_does(busybox, script):
    ours, theirs = run(script), busybox.run(script)
    assert (ours.out, ours.code) == (theirs.out, theirs.code)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=QUIET)
@given(scripts)
def test_random_scripts_print_and_return_what_busybox_does(busybox, script):
    ours, theirs = run(script), busybox.run(script)
    assert (ours.out, ours.code) == (theirs.out, theirs.code)
