"""`docker exec`: otro proceso en los mismos espacios de nombres."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .container import Container
    from .manager import Containers


@dataclass(frozen=True, slots=True)
class ExecResult:
    """Lo que dejó un `exec`: su código (None si sigue en marcha) y lo escrito, (flujo, bytes) en orden."""

    exit_code: int | None
    output: tuple[tuple[int, bytes], ...] = ()
    why: str = ""


def exec_id(container: Container) -> str:
    """Las 64 cifras con las que el motor nombra cada `exec`."""
    return hashlib.sha256(f"{container.id}:{len(container.execs)}".encode()).hexdigest()


def begin(containers: Containers, container: Container, argv: list[str], *, env: list[str] = (), cwd: str = "",
          user: str = "", tty: bool = False, stdin: bytes | None = None, privileged: bool = False) -> tuple[Any, Any]:
    """Pone `argv` en marcha dentro de un contenedor: (el proceso, dónde queda lo que escriba).

    Faltas: las de estado (`not-running`, `exec-paused`...) y las de arranque
    (`start-not-found` 127, `start-not-executable` 126, `exec-working-dir` 127).
    """
    containers.move("exec", container)
    command, identity = " ".join(argv), exec_id(container)
    container.execs.append(identity)
    containers.emit(container, f"exec_create: {command} ", execID=identity)
    containers.emit(container, f"exec_start: {command} ", execID=identity)
    process, output = containers.runtime.exec(container, argv, env=list(env), cwd=cwd, user=user, tty=tty, stdin=stdin,
                                              privileged=privileged)
    containers.exec_pids[process.pid] = identity
    return process, output


def run_inside(containers: Containers, container: Container, argv: list[str], *, detach: bool = False,
               **options: Any) -> ExecResult:
    """Ejecuta `argv` dentro de un contenedor en marcha y espera, salvo con `detach`. Lo demás, como `begin`."""
    process, output = begin(containers, container, argv, **options)
    if detach:
        return ExecResult(None)
    why = containers.engine.run(lambda: not process.alive)
    return ExecResult(process.exit_code, tuple(output.chunks), why)
