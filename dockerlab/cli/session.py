"""Estar delante de un contenedor: ver lo que escribe mientras corre, y teclearle.

Nadie espera de verdad: el reloj virtual corre hasta que el proceso acaba. Si no
va a acabar nunca, se hace lo que haría una persona: Ctrl+C, y se dice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dockerlab.clock import SECOND
from dockerlab.containers.requests import Cpu, Sleep
from dockerlab.containers.tty import Terminal as Pty
from dockerlab.containers.tty import hang_up, typed

from .terminal import Terminal

if TYPE_CHECKING:
    from dockerlab.containers.container import Container
    from dockerlab.engine import Engine

LONG = 600 * SECOND    # cuánto reloj virtual se da a quien no para
BUSY = 2000            # y cuántas cosas tiene que haber hecho en él para darlo por infinito
CALM = 60 * SECOND     # cuánto tiene que faltar para el próximo suceso si nadie de dentro hace nada
ENDLESS = ("El programa sigue en primer plano y no va a acabar por sí solo: se ha interrumpido, como con Ctrl+C. "
           "Para dejarlo en marcha sin esperar, usa `-d`.")
STUBBORN = ("Esta vez no ha servido: el programa no hace caso de Ctrl+C, y el contenedor sigue en marcha. "
            "Detenlo con `docker stop {name}`.")


def run_until(engine: Engine, done: Callable[[], bool], main: Callable[[], Any]) -> str:
    """Deja correr el reloj hasta `done()`; `idle` si el proceso `main()` no va a acabar por sí solo.

    Se da por hecho cuando él y los suyos esperan algo de fuera (a alguien que teclee, una
    conexión) y no va a pasar nada en un rato, o cuando llevan mucho sin parar quietos.
    """
    begin, looks = engine.clock.now, 0

    def enough() -> bool:
        nonlocal looks
        looks += 1
        return done() or (looks > BUSY and engine.clock.now - begin > LONG) or calm(engine, main())
    why = engine.run(enough)
    return "idle" if why == "done" and not done() else why


def family(engine: Engine, main: Any) -> list[Any]:
    """Un proceso y los que descienden de él, vivos."""
    found, numbers = [], {main.pid}
    for number, process in sorted(engine.kernel.processes.items()):
        if process.alive and (number in numbers or process.parent in numbers):
            numbers.add(number)
            found.append(process)
    return found


def calm(engine: Engine, main: Any) -> bool:
    """¿Espera a que alguien teclee, o esperan él y los suyos algo de fuera que no va a llegar pronto?"""
    if main is None or not main.alive:
        return False
    members = family(engine, main)
    if any(process.state != "S" for process in members):
        return False
    pty = pty_of(main)
    if pty is not None and any(pid == process.pid for pid, _ in pty.waiting for process in members):
        return True
    if any(isinstance(process.request, (Sleep, Cpu)) for process in members):
        return False
    soon = engine.kernel.agenda.next_instant()
    return soon is not None and soon - engine.clock.now > CALM


def main_process(engine: Engine, container: Container) -> Any:
    """El proceso principal de un contenedor, o `None` si no está en marcha."""
    return engine.kernel.processes.get(container.state.pid)


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
        why = run_until(self.engine, self.done, lambda: main_process(self.engine, self.container))
        return "done" if self.done() else why

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
        process = main_process(self.engine, self.container)
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
