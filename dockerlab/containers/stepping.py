"""Dar un paso a un proceso: ejecutar su generador hasta lo próximo que espera.

Un proceso es una pila de generadores: ceder un generador es llamarlo, y al
acabar su resultado vuelve a quien lo cedió. Así un guion con mil funciones
anidadas no gasta pila de Python.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dockerlab.errors import FileError

from .calls import Sys
from .journal import VALUE, answer
from .process import Process, find_program

if TYPE_CHECKING:
    from .kernel import Kernel


@dataclass(frozen=True, slots=True)
class Ended:
    """El programa acabó con este código."""

    code: int


def begin(kernel: Kernel, process: Process) -> Any:
    """Empieza el programa; contesta su primera petición o `Ended`."""
    program = find_program(process.birth.program)
    if program is None:
        raise KeyError(process.birth.program)
    process.begun, process.stack = True, []
    process.sys = Sys(kernel, process)
    try:
        first = program.main(process.sys)
    except FileError as error:
        return failed(process.sys, error)
    if not isinstance(first, Generator):
        return Ended(int(first or 0) & 0xFF)
    process.stack.append(first)
    return drive(process, VALUE, None)


def drive(process: Process, kind: str, value: Any) -> Any:
    """Entrega la respuesta y sigue hasta la próxima petición."""
    stack = process.stack
    error = answer(kind, value)
    sent = None if error else value
    while stack:
        try:
            item = stack[-1].throw(error) if error else stack[-1].send(sent)
        except StopIteration as stop:
            stack.pop()
            error, sent = None, stop.value
            continue
        except Exception as problem:
            stack.pop()
            if not stack:
                if isinstance(problem, FileError):
                    return failed(process.sys, problem)
                raise
            error, sent = problem, None
            continue
        error = sent = None
        if isinstance(item, Generator):
            stack.append(item)
        else:
            return item
    return Ended(int(sent or 0) & 0xFF)


def failed(sys: Sys, error: FileError) -> Ended:
    """Un error de archivos que el programa no atendió: lo cuenta y acaba con 1."""
    path = error.data.get("path")
    sys.err(f"{sys.name}: {path}: {error.text}\n" if path else f"{sys.name}: {error.text}\n")
    return Ended(1)


def rebuild(kernel: Kernel, process: Process) -> None:
    """Vuelve a ejecutar el programa con las respuestas de su diario, hasta donde estaba."""
    journal = process.journal
    journal.rewind()
    begin(kernel, process)
    while journal.replaying:
        kind, value = journal.recall()
        drive(process, kind, value)


def step(kernel: Kernel, process: Process) -> Any:
    """El siguiente paso, con la respuesta que esperaba; contesta la petición nueva o `Ended`."""
    if not process.begun:
        return begin(kernel, process)
    if process.stack is None:
        rebuild(kernel, process)
    kind, value = process.answer or (VALUE, None)
    process.answer = None
    process.journal.record(kind, value)
    return drive(process, kind, value)


def discard(process: Process) -> None:
    """Suelta los generadores de un proceso acabado, de dentro afuera."""
    process.journal.closed = True
    while process.stack:
        process.stack.pop().close()
