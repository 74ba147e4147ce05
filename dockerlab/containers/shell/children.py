"""Los hijos de un shell: subshells, segundo plano, sustituciones y la espera de cada uno."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dockerlab.errors import FileError

from .. import signals
from ..appetite import hold
from ..requests import Cpu, Read, Wait
from . import trace
from .tree import Node

Steps = Generator[Any, Any, Any]
SUBSHELL = "sh:subshell"
QUIET_DEATHS = frozenset((128 + signals.INT, 128 + signals.PIPE))
DEATHS = {signals.NUMBERS[name]: text for name, text in (
    ("HUP", "Hangup"), ("QUIT", "Quit"), ("ILL", "Illegal instruction"), ("TRAP", "Trace/breakpoint trap"),
    ("ABRT", "Aborted"), ("BUS", "Bus error"), ("FPE", "Floating point exception"), ("KILL", "Killed"),
    ("USR1", "User defined signal 1"), ("SEGV", "Segmentation fault"), ("USR2", "User defined signal 2"),
    ("ALRM", "Alarm clock"), ("TERM", "Terminated"))}


class Children:
    """Lo que un intérprete hace con sus procesos hijos."""

    def fork(self, node: Node | None, fds: dict[int, int] | None = None, tested: bool = False,
             substitution: bool = False, ignore: tuple[int, ...] = (), group: int | None = None) -> int:
        """Un subshell que ejecuta `node`; contesta su pid."""
        copy = self.state.snapshot(node, self.command_name, tested, substitution)
        try:
            return self.sys.fork(SUBSHELL, copy, fds, group=group, ignore=ignore)
        except FileError:
            self.fatal("fork")

    def wait(self, pid: int, text: str = "") -> Steps:
        """Espera a un hijo en primer plano (la orden `text`)."""
        status = yield from self.block(Wait(pid, others=True))
        self.report(pid, status, text)
        return status

    def report(self, pid: int, status: int, text: str) -> None:
        """Si a un hijo lo mató una señal, lo cuenta como cada shell."""
        if status <= 128 or status in QUIET_DEATHS or status - 128 not in DEATHS:
            return
        if self.state.dialect.name != "bash":
            self.sys.err(DEATHS[status - 128] + "\n")
        elif text:
            before, self.command_name = self.command_name, ""
            self.message(f"{pid:5d} {DEATHS[status - 128]:<24}{text}")
            self.command_name = before

    def background(self, node: Node) -> Steps:
        """`orden &`: sigue sin esperar; sin entrada y sin hacer caso de Ctrl+C."""
        fds = None
        if not self.state.interactive:
            null = self.sys.open("/dev/null", "r")
            fds = {n: n for n in self.sys.fds() if n < 10 and n != null} | {0: null}
        pid = self.fork(node, fds, ignore=() if self.state.interactive else (signals.INT, signals.QUIT),
                        group=0 if self.state.interactive else None)
        if fds:
            self.sys.close(fds[0])
        self.state.last_background = pid
        number = max((job["number"] for job in self.jobs), default=0) + 1
        self.jobs.append({"number": number, "pid": pid, "text": trace.source(node)})
        if self.state.interactive and self.state.dialect.name == "bash":
            self.sys.err(f"[{number}] {pid}\n")
        yield from self.block(Cpu(0))
        return 0

    def substitute(self, node: Node | None) -> Steps:
        """`$(orden)`: lo que escribe, sin los saltos de línea del final."""
        if node is None:
            self.substituted = 0
            return ""
        reader, writer = self.sys.pipe()
        fds = {n: n for n in self.sys.fds() if n < 10 and n not in (reader, writer)} | {1: writer}
        pid = self.fork(node, fds, substitution=True)
        self.sys.close(writer)
        chunks, total = [], 0
        while chunk := (yield from self.block(Read(reader))):
            chunks.append(chunk)
            total += len(chunk)
            yield from hold(self.sys, total)
        self.sys.close(reader)
        self.substituted = yield self.wait(pid)
        text = b"".join(chunks).replace(b"\0", b"").decode("utf-8", "surrogateescape")
        return text.rstrip("\n")
