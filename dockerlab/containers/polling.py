"""`Select`: esperar a varios descriptores a la vez, o a que pase un tiempo.

Es lo que necesita un servidor con un solo hilo (node, redis): atiende al que
tenga algo que decir, sea una llamada nueva, un cliente o un temporizador.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .codec import saved
from .cpu import nanoseconds
from .fds import OpenFile, Waiters
from .journal import VALUE
from .net import Listener
from .process import Process

if TYPE_CHECKING:
    from .kernel import Kernel


@saved
@dataclass(frozen=True, slots=True)
class Select:
    """Espera a que alguno de `fds` tenga algo; contesta cuáles. `seconds`: plazo (vacía si se cumple), o `None`."""

    fds: tuple[int, ...]
    seconds: float | None = None


def ready(file: OpenFile) -> bool:
    """¿Contestaría ya una lectura (o una llamada, si es un puerto a la escucha)?"""
    if isinstance(file, Listener):
        return bool(file.queue)
    if file.is_terminal:
        terminal = file.terminal
        return bool(terminal.typed) or terminal.hung_up
    pipe = getattr(file, "incoming", None) or getattr(file, "pipe", None)
    return pipe is None or bool(pipe.buffer) or not (pipe.writers or pipe.waits_writer)


def waiters(file: OpenFile) -> Waiters:
    """Donde se apunta quien espera a `file`."""
    return file.accepting if isinstance(file, Listener) else file.waiters()


def select(kernel: Kernel, process: Process, request: Select) -> tuple[str, Any] | None:
    """La respuesta a `Select`, o `None` si hay que esperar."""
    files = [(fd, kernel.calls.descriptor(process, fd)) for fd in request.fds]
    found = [fd for fd, file in files if ready(file)]
    if found:
        return VALUE, found
    place = (process.pid, process.token)
    for _, file in files:
        line = waiters(file)
        if place not in line:
            line.append(place)
    if request.seconds is not None and process.answer is None:
        kernel.later(process, nanoseconds(max(0, request.seconds)), (VALUE, []))
    return None
