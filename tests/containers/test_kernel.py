"""El núcleo: el tiempo, lo que se puede iniciar y lo que se ve desde dentro, sin shell por medio."""

from __future__ import annotations

import pytest

from dockerlab.clock import SECOND
from dockerlab.containers.fds import capture
from dockerlab.containers.requests import Read, Signalled, Sleep
from dockerlab.errors import DockerlabError, FileError
from dockerlab.filesystem.nodes import File

from .conftest import Lab


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


def test_a_frozen_space_does_nothing_until_it_is_thawed(lab):
    process = lab.start("nap", "1")
    lab.kernel.freeze(lab.space)
    lab.kernel.run(deadline=lab.kernel.clock.now + 5 * SECOND)
    lab.kernel.signal(process.pid, 9)
    assert process.alive and lab.log() == ""
    lab.kernel.thaw(lab.space)
    assert process.exit_code == 137


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
