"""Un proceso, y la lista de programas que existen.

Un programa es una función `def cat(sys): ...` que habla con el núcleo solo a
través de `sys` (véase `calls.Sys`) y devuelve su código de salida. Si tiene que
esperar algo, es un generador y lo pide con `yield` (véase `requests`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

from dockerlab.filesystem.access import User

from .codec import saved
from .fds import OpenFile
from .journal import Journal
from .space import Space


@dataclass(frozen=True, slots=True)
class Program:
    """Un programa simulado: su nombre, el paquete del que viene y la función que lo hace."""

    name: str
    package: str
    main: Callable[..., Any]


PROGRAMS: dict[str, Program] = {}


def program(name: str, package: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Anota una función como el programa `name` del paquete `package`."""
    def register(main: Callable[..., Any]) -> Callable[..., Any]:
        PROGRAMS[name] = Program(name, package, main)
        return main
    return register


def find_program(name: str) -> Program | None:
    """El programa `name`, o `None` si no está simulado."""
    if name not in PROGRAMS:
        from . import init, programs, shell  # noqa: F401  (cada módulo anota los suyos)
    return PROGRAMS.get(name)


saved(User)


@saved
@dataclass(frozen=True, slots=True)
class Birth:
    """Cómo empezó el programa de un proceso: lo necesario para volver a ejecutarlo igual."""

    program: str
    argv: tuple[str, ...]
    env: tuple[tuple[str, str], ...]
    cwd: str
    user: User
    dialect: str = ""
    payload: Any = None
    umask: int = 0o022


@saved
@dataclass(slots=True, eq=False)
class Process:
    """Un proceso. `pid`: su número en el anfitrión; `inner`: el que ve su contenedor.

    `state`: R (listo), S (espera), T (detenido), Z (acabado y sin recoger).
    """

    pid: int
    inner: int
    parent: int                  # número de anfitrión; 0 si lo inició el motor
    space: Space
    birth: Birth
    argv: tuple[str, ...]
    cwd: str
    user: User
    started: int
    umask: int = 0o022
    group: int = 0
    state: str = "R"
    exit_code: int | None = None
    fds: dict[int, OpenFile] = field(default_factory=dict)
    caught: set[int] = field(default_factory=set)
    ignored: set[int] = field(default_factory=set)
    pending: list[int] = field(default_factory=list)
    request: Any = None
    adopted: bool = False        # su padre acabó antes: ahora es hijo del proceso 1
    token: int = 0               # cambia cada vez que se duerme: los avisos viejos no valen
    answer: tuple[str, Any] | None = None
    debt: int = 0                # procesador gastado y todavía no contado, ns
    busy: int = 0                # pasos seguidos sin esperar nada
    begun: bool = False
    held: bool = False           # le tocaba seguir mientras estaba detenido o congelado
    journal: Journal = field(default_factory=Journal)
    memory: int = 0
    cpu_ns: int = 0
    children_ns: int = 0
    asleep: int = 0              # desde cuándo espera, ns
    sys: Any = field(default=None, metadata={"saved": False})
    stack: list[Generator[Any, Any, Any]] | None = field(default=None, metadata={"saved": False})

    @property
    def alive(self) -> bool:
        """¿No ha acabado todavía?"""
        return self.state != "Z"

    @property
    def command(self) -> str:
        """Su línea de órdenes, como en `ps`."""
        return " ".join(self.argv)

