"""El procesador y la memoria de cada contenedor, en series."""

from __future__ import annotations

import pytest

from dockerlab.containers.series import watch
from tests.engine.conftest import start

BUSY = ("sh", "-c", "while :; do :; done")


def test_shares_divide_a_full_processor_and_a_cap_is_never_passed(engine):
    for name, host in (("doble", {"CpuShares": 2048}), ("uno", {"CpuShares": 1024}), ("otro", {"CpuShares": 1024}),
                       ("tope", {"NanoCpus": 250_000_000})):
        start(engine, *BUSY, name=name, host=host)
    series = watch(engine, 4)
    last = {name: samples[-1] for name, samples in series.items()}
    assert [sample.time for sample in series["uno"]] == pytest.approx([1, 2, 3, 4])
    assert sum(sample.cpu for sample in last.values()) == pytest.approx(engine.kernel.processor.cores, rel=0.1)
    assert last["doble"].cpu / last["uno"].cpu == pytest.approx(2, rel=0.2)
    assert last["uno"].cpu == pytest.approx(last["otro"].cpu, rel=0.1)
    assert last["tope"].cpu == pytest.approx(0.25, rel=0.1) and last["tope"].throttled > 0.5


def test_alone_everything_is_yours_and_a_sleeper_takes_nothing(engine):
    start(engine, *BUSY, name="solo", host={"CpuShares": 2})
    start(engine, "sleep", "1000", name="duerme")
    last = {name: samples[-1] for name, samples in watch(engine, 2).items()}
    assert last["solo"].cpu == pytest.approx(1, rel=0.05)
    assert last["duerme"].cpu < 0.001 and last["duerme"].memory > 0


def test_update_changes_the_cap_of_a_running_container(engine):
    container = start(engine, *BUSY, name="web", host={"NanoCpus": 1_000_000_000})
    before = watch(engine, 2)["web"][-1]
    engine.containers.update(container, {"NanoCpus": 500_000_000})
    after = watch(engine, 2)["web"][-1]
    assert (before.cpu, after.cpu) == (pytest.approx(1, rel=0.05), pytest.approx(0.5, rel=0.1))
