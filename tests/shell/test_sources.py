"""De dónde salen las órdenes: archivos, la entrada, un terminal; y qué proceso las ejecuta."""

from __future__ import annotations

import pytest

from dockerlab.clock import SECOND
from dockerlab.containers.fds import capture
from dockerlab.containers.kernel import Kernel
from dockerlab.containers.launch import Launch
from dockerlab.containers.tty import Terminal, hang_up, typed

from .machine import run, space

ENV = {"PATH": "/bin", "HOME": "/root"}


@pytest.mark.parametrize("shell, errors", [
    ("sh", "/s.sh: line 2: nope: not found\n/s.sh: cd: line 4: can't cd to /nope: No such file or directory\n"),
    ("dash", "/s.sh: 2: nope: not found\n/s.sh: 4: cd: can't cd to /nope\n"),
    ("bash", "/s.sh: line 2: nope: command not found\n/s.sh: line 4: cd: /nope: No such file or directory\n")])
def test_a_script_file_says_its_name_and_line(shell, errors):
    script = f"#!/bin/{shell}\nnope\nif true; then\n  cd /nope\nfi\necho $0 $1\n".encode()
    done = run("", argv=("/s.sh", "uno"), files={"s.sh": script})
    assert (done.out, done.err, done.code) == ("/s.sh uno\n", errors, 0)


def test_what_comes_before_a_syntax_error_is_executed():
    done = run("echo uno\necho dos\nfi\necho tres")
    assert (done.out, done.code) == ("uno\ndos\n", 2)


@pytest.mark.parametrize("shell, out", [("sh", "hola\nx=\n"), ("dash", "hola\nx=\n"), ("bash", "hola\nx=dato\n")])
def test_a_script_from_the_input_is_read_by_blocks_except_in_bash(shell, out):
    done = run("", argv=(shell,), stdin=b"echo hola\nread x\ndato\necho \"x=$x\"\n")
    assert done.out == out


def test_commands_share_the_input_with_the_shell_line_by_line():
    done = run("while read x; do echo \"<$x>\"; cat; done", argv=None, stdin=b"uno\ndos\ntres\n")
    assert done.out == "<uno>\ndos\ntres\n"


def test_a_script_without_its_first_line_is_run_by_the_shell_that_finds_it():
    assert run("/t.sh a b", files={"t.sh": b"echo $0 $2; exit 4\n"}).out == "/t.sh b\n"


def test_a_script_whose_interpreter_is_missing_is_not_found():
    done = run("/t.sh", files={"t.sh": b"#!/bin/noesta\n"})
    assert (done.code, done.err) == (127, "sh: /t.sh: not found\n")


def session(shell: str, *keys: bytes) -> str:
    """Lo que se ve en el terminal de una sesión interactiva."""
    kernel, where = Kernel(), space()
    out, _ = capture()
    terminal = Terminal(out)
    process = kernel.spawn_init(where, Launch([shell], ENV, cwd="/", tty=terminal))
    for key in keys:
        kernel.run(deadline=kernel.clock.now + SECOND)
        typed(kernel, terminal, key)
    kernel.run(deadline=kernel.clock.now + SECOND)
    hang_up(kernel, terminal)
    kernel.run(deadline=kernel.clock.now + 60 * SECOND)
    assert not process.alive
    return out.text()


def test_an_interactive_shell_prompts_and_echoes():
    assert session("sh", b"cd /tmp\n", b"echo hola\n", b"exit\n") == (
        "/ # cd /tmp\r\n/tmp # echo hola\r\nhola\r\n/tmp # exit\r\n")


def test_an_error_does_not_end_an_interactive_shell():
    assert "sigo\r\n" in session("sh", b"fi\n", b": ${x?}\n", b"echo sigo\n")


def test_an_unfinished_line_asks_for_more():
    seen = session("sh", b"if true; then\n", b"echo si; fi\n")
    assert seen.startswith("/ # if true; then\r\n> echo si; fi\r\nsi\r\n/ # ")


def test_control_c_interrupts_the_command_and_not_the_shell():
    seen = session("sh", b"sleep 1000\n", b"\x03", b"echo $?\n")
    assert "^C\r\n" in seen and "130\r\n" in seen


@pytest.mark.parametrize("shell, argv", [
    ("sh", ("sleep", "5")), ("bash", ("sleep", "5")), ("dash", ("dash", "-c", "sleep 5"))])
def test_the_last_command_takes_the_place_of_the_shell_except_in_dash(shell, argv):
    kernel, where = Kernel(), space()
    process = kernel.spawn_init(where, Launch([shell, "-c", "sleep 5"], ENV))
    kernel.run(deadline=kernel.clock.now + SECOND)
    assert process.argv == argv


def test_a_trap_waits_for_the_command_in_the_foreground():
    kernel, where = Kernel(), space()
    process = kernel.spawn_init(where, Launch(["sh", "-c", "trap 'echo oido; exit 5' TERM; sleep 10; echo no"], ENV))
    kernel.run(deadline=kernel.clock.now + SECOND)
    start = kernel.clock.now
    kernel.signal(process.pid, 15)
    kernel.run(until=lambda: not process.alive)
    assert process.exit_code == 5 and kernel.clock.now - start > 8 * SECOND


def test_a_trap_interrupts_wait_at_once():
    kernel, where = Kernel(), space()
    process = kernel.spawn_init(where, Launch(["sh", "-c", "trap 'exit 5' TERM; sleep 10 & wait"], ENV))
    kernel.run(deadline=kernel.clock.now + SECOND)
    start = kernel.clock.now
    kernel.signal(process.pid, 15)
    kernel.run(until=lambda: not process.alive)
    assert process.exit_code == 5 and kernel.clock.now - start < SECOND


def test_endless_scripts_spend_virtual_time_and_recursion_ends():
    kernel, where = Kernel(), space()
    kernel.spawn_init(where, Launch(["sh", "-c", "while :; do :; done"], ENV))
    assert kernel.run(deadline=kernel.clock.now + 10 * SECOND, max_steps=100_000) == "deadline"
    assert run("f() { f; }; f").code == 139
    assert run("f() { f; }; f", "dash").err == "dash: 1: Maximum function recursion depth (1000) reached\n"


def test_an_executable_that_is_not_simulated_is_not_found():
    done = run("raro; echo $?", files={"bin/raro": b"#!dockerlab raro\n"})
    assert (done.out, done.err) == ("127\n", "sh: raro: not found\n")


def test_a_named_pipe_joins_two_commands():
    done = run("mkfifo p; (sleep 1; echo hola > p) & cat p; (echo dos > p) & sleep 1; cat p",
               files={"bin/mkfifo": b"#!dockerlab busybox\n"})
    assert done.out == "hola\ndos\n"


def test_a_bomb_of_processes_meets_the_limit_and_the_reader_is_told():
    kernel, where = Kernel(), space()
    where.limits.pids = 20
    kernel.spawn_init(where, Launch(["sh", "-c", "b() { b | b & }; b; sleep 5"], ENV))
    kernel.run(deadline=kernel.clock.now + SECOND)
    assert len(where.members) == 20
    assert b"can't fork: Resource temporarily unavailable" in b"".join(data for _, _, data in where.log.records)
