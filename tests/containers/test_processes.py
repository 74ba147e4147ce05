"""Los procesos: el 1 y sus huérfanos, señales, tuberías y esperas."""

from __future__ import annotations

import pytest

from dockerlab.clock import SECOND
from dockerlab.containers.requests import Cpu, Exec, Pause, Read, Signalled, Sleep, Wait, WaitAny


@pytest.mark.parametrize("program, signal, code", [("forever", 9, 137), ("tidy", 15, 0)])
def test_pid_one_dies_only_of_kill_or_of_what_it_handles(lab, program, signal, code):
    process = lab.start(program)
    lab.kernel.run(deadline=lab.kernel.clock.now + SECOND)
    lab.kernel.signal(process.pid, signal)
    lab.kernel.run(until=lambda: not process.alive, deadline=lab.kernel.clock.now + SECOND)
    assert process.exit_code == code


def test_pid_one_without_a_handler_ignores_term_and_even_kill_from_inside(lab):
    @lab.program
    def killer(sys):
        sys.kill(1, "TERM")
        sys.kill(1, "KILL")
    first = lab.start("forever")
    lab.exec("killer")
    lab.kernel.signal(first.pid, 15)
    lab.kernel.run(deadline=lab.kernel.clock.now + SECOND)
    assert first.alive


def test_any_other_process_dies_of_term_with_143(lab):
    lab.start("forever")
    other, _ = lab.exec("forever")
    lab.kernel.run(deadline=lab.kernel.clock.now + SECOND)
    lab.kernel.signal(other.pid, 15)
    assert other.exit_code == 143


def test_when_pid_one_ends_everything_else_in_its_space_is_killed(lab):
    first = lab.start("nap", "1")
    other, _ = lab.exec("forever")
    lab.kernel.run()
    assert (first.exit_code, other.exit_code, lab.kernel.processes) == (3, 137, {})


def test_orphans_go_to_pid_one_and_stay_zombies_if_nobody_waits(lab):
    @lab.program
    def parent(sys):
        sys.spawn(["nap", "2"])
        return 0

    @lab.program
    def first(sys):
        yield Wait(sys.spawn(["parent"]))
        yield Sleep(10)
    lab.start("first")
    lab.kernel.run(deadline=lab.kernel.clock.now + SECOND)
    tree = [(one.inner, lab.kernel.inner(one.parent, lab.space)) for one in lab.kernel.members(lab.space)]
    assert tree == [(1, 0), (3, 1)]
    lab.kernel.run(deadline=lab.kernel.clock.now + 4 * SECOND)
    assert [one.state for one in lab.kernel.members(lab.space)] == ["S", "Z"]


def test_docker_init_reaps_orphans_forwards_signals_and_keeps_the_code(lab):
    @lab.program
    def parent(sys):
        sys.spawn(["nap", "1"])

    @lab.program
    def main(sys):
        yield Wait(sys.spawn(["parent"]))
        sys.catch("TERM")
        try:
            yield Pause()
        except Signalled:
            return 9
    init = lab.start("main", init=True)
    assert init.argv == ("/sbin/docker-init", "--", "main")
    lab.kernel.run(deadline=lab.kernel.clock.now + 3 * SECOND)
    assert [one.state for one in lab.kernel.members(lab.space)] == ["S", "S"]
    lab.kernel.signal(init.pid, 15)
    lab.kernel.run()
    assert init.exit_code == 9


def test_docker_init_of_a_missing_program_ends_with_127(lab):
    init = lab.start("noesta", init=True)
    lab.kernel.run()
    assert init.exit_code == 127 and "exec noesta failed: No such file or directory" in lab.log(2)


def test_stop_and_continue_hold_and_release_a_process(lab):
    lab.start("forever")
    other, out = lab.exec("nap", "1")
    lab.kernel.run(deadline=lab.kernel.clock.now + SECOND // 2)
    lab.kernel.signal(other.pid, 19)
    lab.kernel.run(deadline=lab.kernel.clock.now + 5 * SECOND)
    assert other.state == "T" and out.text() == ""
    lab.kernel.signal(other.pid, 18)
    lab.kernel.run(until=lambda: not other.alive, deadline=lab.kernel.clock.now + SECOND)
    assert out.text() == "1\n"


def test_a_pipe_joins_two_processes_and_a_reader_that_leaves_kills_the_writer(lab):
    @lab.program
    def chatter(sys):
        while True:
            sys.out("y\n" * 1000)
            yield Cpu(0)

    @lab.program
    def main(sys):
        reader, writer = sys.pipe()
        child = sys.spawn(["chatter"], fds={1: writer})
        sys.close(writer)
        data = yield Read(reader, 3)
        sys.close(reader)
        sys.out(data)
        return (yield Wait(child))
    process = lab.start("main")
    assert lab.kernel.run(max_steps=5000) == "idle"
    assert (lab.log(), process.exit_code) == ("y\ny", 141)


def test_a_writer_waits_while_the_pipe_is_full(lab):
    written = []

    @lab.program
    def chatter(sys):
        for count in range(10):
            sys.out(b"x" * 40_000)
            written.append(count)
            yield Cpu(0)

    @lab.program
    def main(sys):
        reader, writer = sys.pipe()
        sys.spawn(["chatter"], fds={1: writer})
        sys.close(writer)
        yield Sleep(1)
        sys.out(f"{len(written)} ")
        total = 0
        while data := (yield Read(reader)):
            total += len(data)
        sys.out(str(total))
    lab.start("main")
    lab.kernel.run()
    assert lab.log() == "2 400000"


def test_exec_keeps_the_number_and_changes_the_program(lab):
    @lab.program
    def main(sys):
        yield Exec(("nap", "1"), (("PATH", "/bin"),))
    process = lab.start("main")
    lab.kernel.run()
    assert (process.exit_code, process.argv, lab.log()) == (3, ("nap", "1"), "1\n")


def test_waiting_for_any_child_gives_them_as_they_end(lab):
    @lab.program
    def main(sys):
        sys.spawn(["nap", "2"])
        sys.spawn(["nap", "1"])
        while ended := (yield WaitAny()):
            sys.out(f"{ended} ")
    lab.start("main")
    lab.kernel.run()
    assert lab.log() == "1\n(3, 3) 2\n(2, 3) "
