"""Estar delante de un contenedor: ver lo que escribe mientras corre, y teclearle.

Nadie espera de verdad: el reloj virtual corre hasta que el proceso acaba. Si no
va a acabar nunca, se hace lo que haría una persona: Ctrl+C, y se dice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..clock import SECOND
from ..containers.tty import Terminal as Pty
from ..containers.tty import hang_up, typed
from .terminal import Terminal

if TYPE_CHECKING:
    from ..containers.container import Container
    from ..engine import Engine

LONG = 600 * SECOND    # cuánto se deja hablar a quien no calla
CHATTY = 100           # y cuántos trozos tiene que haber escrito para que se le corte
ENDLESS = ("El programa sigue en primer plano y no va a acabar por sí solo: se ha interrumpido, como con Ctrl+C. "
           "Para dejarlo en marcha sin esperar, usa `-d`.")
STUBBORN = ("El programa no hace caso de Ctrl+C: el contenedor sigue en marcha. "
            "Detenlo con `docker stop {name}`.")


class Follower:
    """Sigue a un contenedor en marcha y copia al terminal lo que escriba en `streams`."""

    def __init__(self, engine: Engine, terminal: Terminal, container: Container, streams: tuple[int, ...] = (1, 2)):
        self.engine, self.terminal, self.container, self.streams = engine, terminal, container, streams
        self.heard = 0

    def listen(self) -> None:
        """Empieza a escuchar; hay que llamarlo con el contenedor recién arrancado."""
        for _, stream, data in self.container.log[self.heard:]:
            self.hear(0, stream, data)
        if self.container.space is not None:
            self.container.space.log.listener = self.hear

    def hear(self, _: int, stream: int, data: bytes) -> None:
        """Un trozo más."""
        self.heard += 1
        if stream in self.streams:
            self.terminal.emit(stream, data)

    def done(self) -> bool:
        """¿Ha acabado?"""
        return not self.container.state.alive

    def run(self) -> str:
        """Deja correr el reloj; dice por qué paró: `done` o lo que diga `Engine.run`."""
        begin, written = self.engine.clock.now, len(self.container.log)

        def enough() -> bool:
            chatty = len(self.container.log) - written > CHATTY
            return self.done() or (chatty and self.engine.clock.now - begin > LONG)
        why = self.engine.run(enough)
        return "done" if self.done() else "idle" if why == "done" else why

    def wait(self) -> int:
        """Espera el final y da el código de salida; interrumpe a quien no vaya a acabar."""
        why = self.run()
        while why != "done" and self.type_line():
            why = self.run()
        if why != "done":
            return self.interrupt()
        return self.container.state.exit_code

    @property
    def pty(self) -> Pty | None:
        """El terminal del proceso principal, si tiene y hay alguien que pueda teclear."""
        process = self.engine.kernel.processes.get(self.container.state.pid)
        return pty_of(process) if process is not None and self.container.config.get("OpenStdin") else None

    def type_line(self) -> bool:
        """Pide una línea a la persona y la teclea; `False` si no hay a quién."""
        return type_line(self.engine, self.terminal, self.pty)

    def interrupt(self) -> int:
        """Ctrl+C."""
        self.terminal.note(ENDLESS)
        self.engine.containers.kill(self.container, "INT")
        self.engine.settle(1)
        if not self.done():
            self.terminal.note(STUBBORN.format(name=self.container.name))
            return 130
        return self.container.state.exit_code


def pty_of(process: Any) -> Pty | None:
    """El terminal de un proceso, si su entrada lo es."""
    return getattr(process.fds.get(0), "terminal", None)


def type_line(engine: Engine, terminal: Terminal, pty: Pty | None) -> bool:
    """Pide una línea y la teclea en `pty`; `False` si no hay terminal o no hay nadie."""
    if pty is None or terminal.ask is None or pty.hung_up:
        return False
    pty.echo = False
    try:
        line = terminal.ask("")
    except EOFError:
        hang_up(engine.kernel, pty)
        return True
    except KeyboardInterrupt:
        return False
    typed(engine.kernel, pty, line.encode() + b"\n")
    return True
