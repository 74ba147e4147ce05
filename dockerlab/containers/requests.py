"""Lo que un programa puede esperar: se pide con `yield` y el núcleo contesta cuando llega.

    yield Sleep(2)                 # dos segundos del reloj virtual
    data = yield Read(0, 4096)     # b"" al final de la entrada
    status = yield Wait(pid)       # el código de salida de un hijo

Si mientras espera llega una señal que el programa dijo atender (`sys.catch`), el
`yield` lanza `Signalled`. También se puede ceder un generador: se ejecuta y
el `yield` devuelve su resultado, como una llamada, sin gastar pila de Python.
"""

from __future__ import annotations

from dataclasses import dataclass

from .codec import saved


class Signalled(Exception):
    """Llegó una señal atendida mientras se esperaba; `signo`: su número."""

    def __init__(self, signo: int):
        super().__init__(signo)
        self.signo = signo


@saved
@dataclass(frozen=True, slots=True)
class Sleep:
    """Espera `seconds` segundos."""

    seconds: float


@saved
@dataclass(frozen=True, slots=True)
class Cpu:
    """Trabaja `seconds` segundos de procesador (más de reloj si hay que compartirlo)."""

    seconds: float


@saved
@dataclass(frozen=True, slots=True)
class Read:
    """Lee hasta `count` bytes de `fd`; contesta `bytes`, vacíos al final.

    `line`: no pasa del primer salto de línea (lo de detrás queda para quien lea después).
    """

    fd: int
    count: int = 65536
    line: bool = False


@saved
@dataclass(frozen=True, slots=True)
class Wait:
    """Espera a que acabe el hijo `pid`; contesta su código (128+n si lo mató la señal n; 127 si no es hijo).

    `others`: entretanto recoge también a los huérfanos que haya adoptado, como hacen los shells.
    """

    pid: int
    others: bool = False


@saved
@dataclass(frozen=True, slots=True)
class WaitAny:
    """Espera a cualquier hijo; contesta (pid, código), o `None` si no hay ninguno.

    `block=False`: no espera; contesta `None` si ninguno ha acabado todavía.
    """

    block: bool = True


@saved
@dataclass(frozen=True, slots=True)
class Pause:
    """Espera una señal; no contesta nunca: lanza `Signalled`."""


@saved
@dataclass(frozen=True, slots=True)
class Connect:
    """Abre una conexión con `host`:`port`; contesta un fd. `FileError`: ECONNREFUSED, EHOSTUNREACH, ENONAME..."""

    host: str
    port: int
    timeout: float = 0


@saved
@dataclass(frozen=True, slots=True)
class Accept:
    """Espera una conexión en `fd` (de `sys.listen`); contesta un fd nuevo."""

    fd: int


@saved
@dataclass(frozen=True, slots=True)
class Exec:
    """Cambia el programa de este proceso por otro (como `execve`); solo contesta si falla (`FileError`)."""

    argv: tuple[str, ...]
    env: tuple[tuple[str, str], ...]
    path: str = ""
