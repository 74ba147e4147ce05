"""La memoria de quien guarda todo lo que lee: `tail /dev/zero` crece hasta que el núcleo lo mata.

Aquí no se guardan de verdad gigas de ceros: de un dispositivo que no se acaba
solo se declara lo que ocuparía.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from .requests import Cpu

STEP = 2**20              # bytes a partir de los que lo leído se nota en la memoria del programa
PLENTY = 256 * 2**20      # más que esto no se guarda de verdad: se da por hecho que no va a acabar
LONG_LINE = 16 * 2**20    # ni una línea tan larga
SPEED = 2 * 2**30         # bytes que se leen por segundo de procesador


def swell(sys: Any, fd: int) -> Generator[Any, Any, None]:
    """Si `fd` no se acaba nunca (`/dev/zero`, `/dev/urandom`), crece hasta morir por falta de memoria."""
    if sys.endless(fd):
        yield from grow(sys, STEP)


def grow(sys: Any, size: int) -> Generator[Any, Any, None]:
    """Ocupa cada vez más; no vuelve."""
    while True:
        sys.memory(size)
        yield Cpu(size / SPEED)
        size *= 2


def hold(sys: Any, total: int, most: int = PLENTY) -> Generator[Any, Any, None]:
    """El programa guarda ya `total` bytes; a partir de `most`, se da por hecho que no va a parar."""
    if total >= STEP:
        sys.memory(STEP + total)
    if total > most:
        yield from grow(sys, total)
