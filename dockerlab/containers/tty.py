"""El terminal de `docker run -t`: líneas de entrada con eco, Ctrl+C, Ctrl+D y saltos de línea `\\r\\n`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .codec import saved
from .fds import OpenFile, Waiters

INTERRUPT, END, QUIT = 3, 4, 28


@saved
@dataclass(slots=True, eq=False)
class Terminal:
    """`typed`: lo tecleado y no leído; `sink`: a dónde va lo que se ve; `foreground`: el grupo que recibe Ctrl+C."""

    sink: OpenFile
    typed: bytearray = field(default_factory=bytearray)
    hung_up: bool = False
    echo: bool = True
    foreground: int = 0
    number: int = 0              # /dev/pts/<number>
    waiting: Waiters = field(default_factory=list)
    columns: int = 80
    rows: int = 24


@saved
@dataclass(slots=True, eq=False)
class Tty(OpenFile):
    """Un descriptor del terminal."""

    terminal: Terminal
    refs: int = 0
    is_terminal = True

    def read(self, kernel: Any, count: int) -> bytes | None:
        """Una línea entera como mucho; el eco aparece cuando el programa la lee, como con un editor de líneas."""
        terminal = self.terminal
        if not terminal.typed:
            return b"" if terminal.hung_up else None
        ends = [at + 1 for at in (terminal.typed.find(b"\n"), terminal.typed.find(END)) if at >= 0]
        if not ends and not terminal.hung_up:
            return None
        size = min([count, len(terminal.typed), *ends])
        line = bytes(terminal.typed[:size])
        del terminal.typed[:size]
        line = line.removesuffix(bytes([END]))
        if terminal.echo and line:
            self.write(kernel, line)
        return line

    read_line = read

    def write(self, kernel: Any, data: bytes) -> None:
        self.terminal.sink.write(kernel, data.replace(b"\n", b"\r\n"))

    def waiters(self) -> Waiters:
        return self.terminal.waiting


def typed(kernel: Any, terminal: Terminal, data: bytes) -> None:
    """La persona teclea `data`: las teclas de control mandan señales al primer plano."""
    from . import signals
    start = 0
    for at, byte in enumerate(data):
        if byte in (INTERRUPT, QUIT):
            terminal.typed.clear()
            start = at + 1
            Tty(terminal).write(kernel, b"^C\n" if byte == INTERRUPT else b"^\\\n")
            kernel.signal_group(terminal.foreground, signals.INT if byte == INTERRUPT else signals.QUIT)
    terminal.typed += data[start:].replace(b"\r", b"\n")
    kernel.wake_all(terminal.waiting)


def hang_up(kernel: Any, terminal: Terminal) -> None:
    """No se va a teclear nada más."""
    terminal.hung_up = True
    kernel.wake_all(terminal.waiting)
