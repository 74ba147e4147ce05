"""El núcleo: procesos, señales, tuberías, esperas, límites y red, sin shell por medio."""

from __future__ import annotations

import pytest

from dockerlab.clock import SECOND
from dockerlab.containers.fds import capture
from dockerlab.containers.kernel import Kernel
from dockerlab.containers.launch import Launch
from dockerlab.containers.process import PROGRAMS, Program
from dockerlab.containers.requests import Accept, Connect, Cpu, Exec, Pause, Read, Signalled, Sleep, Wait, WaitAny
from dockerlab.containers.space import Limits, Space
from dockerlab.errors import DockerlabError, FileError
from dockerlab.filesystem import FileSystem, Overlay
from dockerlab.filesystem.nodes import Directory, File


class Lab:
    """Un núcleo con un espacio y programas escritos en la propia prueba."""

    def __init__(self, monkeypatch):
        self.monkeypatch, self.kernel, self.fs = monkeypatch, Kernel(), FileSystem(Overlay())
        self.fs.put("/bin", Directory())
        self.fs.put("/tmp", Directory(0o1777))
        self.space = Space("lab", self.fs)

    def program(self, main):
        """Pone `main` como ejecutable /bin/<nombre>."""
        name = main.__name__
        self.monkeypatch.setitem(PROGRAMS, name, Program(name, "prueba", main))
        self.fs.put(f"/bin/{name}", File(f"#!dockerlab {name}\n".encode(), 0o755))
        return main

    def start(self, *argv, init=False, **options):
        return self.kernel.spawn_init(self.space, Launch(argv, {"PATH": "/bin"}, **options), init=init)

    def exec(self, *argv, space=None):
        out, err = capture()
        return self.kernel.exec(space or self.space, Launch(argv, {"PATH": "/bin"}, stdout=out, stderr=err)), out

    def log(self, stream=None):
        return b"".join(data for _, number, data in self.space.log.records if stream in (None, number)).decode()


@pytest.fixture
def lab(monkeypatch):
    lab = Lab(monkeypatch)

    @lab.program
    def forever(sys):
        yield Sleep(1e6)

    @lab.program
    def nap(sys):
        yield Sleep(float(sys.argv[1]))
        sys.out(f"{sys.argv[1]}\n")
        return 3

    @lab.program
    def tidy(sys):
        sys.catch("TERM")
        try:
            yield Pause()
        except Signalled as signal:
            sys.out(f"señal {signal.signo}\n")
            return 0
    return lab


def test_a_plain_function_is_a_program_and_its_result_the_exit_code(lab):
    @lab.program
    def hello(sys):
        sys.out("hola\n")
        sys.err("mal\n")
        return 7
    process = lab.start("hello")
    assert lab.kernel.run() == "idle"
    assert (process.exit_code, lab.log(1), lab.log(2)) == (7, "hola\n", "mal\n")


def test_sleeping_costs_virtual_time_and_run_stops_at_its_deadline(lab):
    before = lab.kernel.clock.now
    process = lab.start("nap", "5")
    assert lab.kernel.run(deadline=before + 2 * SECOND) == "deadline"
    assert lab.kernel.clock.now == before + 2 * SECOND and process.alive
    assert lab.kernel.run(until=lambda: not process.alive) == "done"
    assert 5 * SECOND < lab.kernel.clock.now - before < 5.01 * SECOND


def test_run_says_idle_when_nothing_will_ever_happen_and_ignores_background_timers(lab):
    ticks = []
    lab.kernel.handlers["tick"] = ticks.append
    lab.start("tidy")
    lab.kernel.agenda.at(lab.kernel.clock.now + SECOND, "tick", 1, background=True)
    assert lab.kernel.run() == "idle" and ticks == []
    lab.kernel.run(deadline=lab.kernel.clock.now + 2 * SECOND)
    assert ticks == [1]


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


def test_a_frozen_space_does_nothing_until_it_is_thawed(lab):
    process = lab.start("nap", "1")
    lab.kernel.freeze(lab.space)
    lab.kernel.run(deadline=lab.kernel.clock.now + 5 * SECOND)
    lab.kernel.signal(process.pid, 9)
    assert process.alive and lab.log() == ""
    lab.kernel.thaw(lab.space)
    assert process.exit_code == 137


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


def test_a_connection_reaches_a_listener_of_the_same_network_space(lab):
    @lab.program
    def server(sys):
        listening = sys.listen(8080)
        connection = yield Accept(listening)
        data = yield Read(connection)
        sys.write(connection, b"eco " + data)
        sys.close(connection)
        yield Pause()

    @lab.program
    def client(sys):
        connection = yield Connect("localhost", 8080)
        sys.write(connection, "hola")
        sys.out((yield Read(connection)))
        sys.out((yield Read(connection)) or b".")
    lab.start("server")
    lab.kernel.run(deadline=lab.kernel.clock.now + SECOND)
    _, out = lab.exec("client")
    lab.kernel.run(deadline=lab.kernel.clock.now + SECOND)
    assert out.text() == "eco hola."


@pytest.mark.parametrize("host, port, text", [
    ("localhost", 81, "Connection refused"), ("nadie", 80, "Name or service not known"),
    ("10.0.0.9", 80, "Network is unreachable")])
def test_a_connection_that_cannot_be_made_says_why(lab, host, port, text):
    @lab.program
    def client(sys):
        try:
            yield Connect(host, port)
        except FileError as error:
            sys.out(error.text)
    lab.start("client")
    lab.kernel.run()
    assert lab.log() == text


def test_a_port_cannot_be_listened_on_twice_and_is_free_again_when_closed(lab):
    @lab.program
    def main(sys):
        first = sys.listen(80)
        with pytest.raises(FileError, match="Address already in use"):
            sys.listen(80)
        sys.close(first)
        sys.listen(80)
    process = lab.start("main")
    lab.kernel.run()
    assert process.exit_code == 0


@pytest.mark.parametrize("argv, code, text", [
    (("noesta",), 127, 'exec: "noesta": executable file not found in $PATH'),
    (("/bin/noesta",), 127, 'exec: "/bin/noesta": stat /bin/noesta: no such file or directory'),
    (("/datos",), 126, 'exec: "/datos": permission denied'),
    (("/bin",), 126, 'exec: "/bin": is a directory: permission denied')])
def test_what_cannot_be_started_fails_as_runc_says(lab, argv, code, text):
    lab.fs.put("/datos", File(b"x", 0o644))
    with pytest.raises(DockerlabError) as caught:
        lab.start(*argv)
    assert caught.value.code == code
    assert str(caught.value) == ("failed to create task for container: failed to create shim task: OCI runtime create "
                                 "failed: runc create failed: unable to start container process: error during "
                                 "container init: " + text)


@pytest.mark.parametrize("content, text", [
    (b"echo sin cabecera\n", "exec /s: exec format error\n"),
    (b"#!/bin/noesta\n", "exec /s: no such file or directory\n")])
def test_a_file_with_no_known_format_starts_and_ends_with_255(lab, content, text):
    lab.fs.put("/s", File(content, 0o755))
    process = lab.start("/s")
    lab.kernel.run()
    assert (process.exit_code, lab.log(2)) == (255, text)


def test_proc_and_dev_tell_about_the_processes_of_their_own_space(lab):
    @lab.program
    def main(sys):
        sys.out(sys.fs.read("/proc/1/cmdline").replace(b"\0", b" ") + b"\n")
        sys.out(f"{sys.fs.readlink('/proc/self')} {sys.fs.exists('/proc/99')} {sys.fs.listdir('/dev/pts')}\n")
        sys.fs.write("/dev/stdout", b"por dev\n")
        sys.write(sys.open("/dev/stderr", "w"), "al error\n")
        sys.write(sys.open("/dev/null", "w"), "nada")
        with pytest.raises(FileError, match="Read-only file system"):
            sys.fs.write("/proc/nuevo", b"")
    lab.start("main", "a b")
    lab.kernel.run()
    assert lab.log(1) == "main a b \n1 False ['0']\npor dev\n" and lab.log(2) == "al error\n"


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


def test_a_terminal_echoes_what_is_read_and_its_interrupt_reaches_the_foreground(lab):
    from dockerlab.containers.tty import Terminal, typed
    out, _ = capture()
    terminal = Terminal(out)

    @lab.program
    def main(sys):
        sys.catch("INT")
        sys.out((yield Read(0)))
        try:
            yield Read(0)
        except Signalled as signal:
            sys.out(f"señal {signal.signo}\n")
    lab.start("main", tty=terminal)
    lab.kernel.run()
    typed(lab.kernel, terminal, b"hola\n")
    lab.kernel.run()
    typed(lab.kernel, terminal, b"\x03")
    lab.kernel.run()
    assert out.text() == "hola\r\nhola\r\n^C\r\nseñal 2\r\n"


def test_the_same_run_gives_the_same_instants(monkeypatch):
    def once():
        lab = Lab(monkeypatch)

        @lab.program
        def main(sys):
            for _ in range(3):
                sys.out(sys.random(4).hex())
                yield Sleep(0.5)
        lab.start("main")
        lab.kernel.run()
        return lab.space.log.records
    assert once() == once()
