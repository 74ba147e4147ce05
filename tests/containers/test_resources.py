"""Lo que un contenedor puede gastar: procesador, memoria y procesos."""

from __future__ import annotations

import pytest

from dockerlab.clock import SECOND
from dockerlab.containers.launch import Launch
from dockerlab.containers.requests import Cpu, Sleep
from dockerlab.containers.space import Limits, Space
from dockerlab.errors import FileError


def test_two_processors_are_shared_by_weight_and_capped_by_cpus(lab):
    @lab.program
    def work(sys):
        yield Cpu(10)
    spaces = [Space(f"s{number}", lab.fs, limits=Limits(shares=shares, cpus=cpus))
              for number, (shares, cpus) in enumerate([(1024, 0), (1024, 0), (512, 0), (1024, 0.25)])]
    for space in spaces:
        for _ in range(2):
            start = lab.kernel.exec if space.init else lab.kernel.spawn_init
            start(space, Launch(["work"], {"PATH": "/bin"}))
    lab.kernel.run(deadline=lab.kernel.clock.now + 4 * SECOND)
    assert [round(space.cpu_ns / SECOND, 1) for space in spaces] == [2.8, 2.8, 1.4, 1.0]


def test_a_process_that_passes_the_memory_limit_is_killed_and_the_space_knows(lab):
    victims = []
    lab.kernel.oom_listeners.append(lambda process: victims.append(process.argv))

    @lab.program
    def greedy(sys):
        for megabytes in range(10, 100, 10):
            sys.memory(megabytes * 1024 * 1024)
            yield Sleep(1)
    lab.space.limits = Limits(memory=50 * 1024 * 1024)
    process = lab.start("greedy")
    lab.kernel.run()
    assert (process.exit_code, lab.space.oom_killed, victims) == (137, True, [("greedy",)])
    assert lab.space.memory_peak == 50 * 1024 * 1024


def test_the_process_limit_refuses_one_more(lab):
    @lab.program
    def main(sys):
        with pytest.raises(FileError) as caught:
            for _ in range(5):
                sys.spawn(["forever"])
        sys.out(f"{len(sys.processes())} {caught.value.text}")
    lab.space.limits = Limits(pids=3)
    lab.start("main")
    lab.kernel.run()
    assert lab.log() == "3 Resource temporarily unavailable"


def test_the_control_group_shows_the_limits_from_inside(lab):
    @lab.program
    def main(sys):
        for name in ("memory.max", "cpu.max", "pids.max", "memory.current"):
            sys.out(sys.fs.read(f"/sys/fs/cgroup/{name}"))
    lab.space.limits = Limits(memory=64 * 1024 * 1024, cpus=0.5)
    lab.start("main")
    lab.kernel.run()
    assert lab.log() == "67108864\n50000 100000\nmax\n400000\n"


def test_a_busy_loop_spends_virtual_time_so_it_never_hangs(lab):
    @lab.program
    def spin(sys):
        while True:
            yield Cpu(0)
    lab.start("spin")
    before = lab.kernel.clock.now
    assert lab.kernel.run(deadline=before + 60 * SECOND, max_steps=100_000) == "deadline"
    assert lab.kernel.run(max_steps=1000) == "steps"
