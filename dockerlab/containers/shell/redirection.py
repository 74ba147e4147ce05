"""Las redirecciones: cambiar a dónde apuntan los descriptores, y dejarlos como estaban."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from dockerlab.errors import FileError

from .tree import Redirect

if TYPE_CHECKING:
    from .interpreter import Interpreter

FLAGS = {"<": "r", ">": "w", ">>": "a", ">|": "w", "<>": "r+", "&>": "w", "&>>": "a"}
FIRST_SAVED = 10
Undo = list[tuple[int, int | None]]


def apply(shell: Interpreter, redirects: tuple[Redirect, ...]) -> Generator[Any, Any, Undo | None]:
    """Las pone en orden; contesta cómo deshacerlas, o `None` (y ya deshechas) si alguna falla."""
    undo: Undo = []
    for redirect in redirects:
        if not (yield from _one(shell, redirect, undo)):
            restore(shell.sys, undo)
            return None
    return undo


def _one(shell: Interpreter, redirect: Redirect, undo: Undo) -> Generator[Any, Any, bool]:
    sys, operator = shell.sys, redirect.op
    target = yield from shell.expand.text(redirect.target)
    if operator in ("<<", "<<<"):
        text = target + ("\n" if operator == "<<<" else "")
        _install(sys, undo, redirect.fd, sys.input(text.encode("utf-8", "surrogateescape")))
        return True
    if operator in (">&", "<&") and (target == "-" or target.isdigit()):
        return _duplicate(shell, redirect.fd, target, undo)
    if operator == ">&":
        operator = "&>"
    if operator == ">" and "noclobber" in shell.state.options and sys.fs.isfile(target):
        shell.complain("exists", path=target)
        return False
    try:
        opened = sys.open(target, FLAGS.get(operator, "r"))
    except FileError as error:
        _explain(shell, target, operator, error)
        return False
    if operator.startswith("&>"):
        _save(sys, undo, 2)
        sys.dup(opened, 2)
        _install(sys, undo, 1, opened)
    else:
        _install(sys, undo, redirect.fd, opened)
    return True


def _duplicate(shell: Interpreter, fd: int, target: str, undo: Undo) -> bool:
    if target == "-":
        _save(shell.sys, undo, fd)
        shell.sys.close(fd)
        return True
    source = int(target)
    if source not in shell.sys.fds() or source >= FIRST_SAVED:
        shell.complain("bad-fd", fd=target)
        return False
    if source != fd:
        _save(shell.sys, undo, fd)
        shell.sys.dup(source, fd)
    return True


def _explain(shell: Interpreter, path: str, operator: str, error: FileError) -> None:
    """Por qué no se pudo abrir, con el texto del dialecto."""
    action = "open" if operator == "<" else "create"
    missing = error.key == "ENOENT"
    shell.complain(action if missing else f"{action}-other", path=path, reason=error.text)


def _save(sys: Any, undo: Undo, fd: int) -> None:
    """Guarda una copia de `fd` para devolverlo después."""
    undo.append((fd, sys.dup(fd, None, FIRST_SAVED) if fd in sys.fds() else None))


def _install(sys: Any, undo: Undo, fd: int, opened: int) -> None:
    """Mueve `opened` a `fd`."""
    if opened == fd:
        undo.append((fd, None))
        return
    _save(sys, undo, fd)
    sys.dup(opened, fd)
    sys.close(opened)


def restore(sys: Any, undo: Undo) -> None:
    """Deshace las redirecciones, la última primero."""
    for fd, copy in reversed(undo):
        if copy is None:
            sys.close(fd)
        else:
            sys.dup(copy, fd)
            sys.close(copy)


def keep(sys: Any, undo: Undo) -> None:
    """Las deja puestas (`exec > archivo`): solo suelta las copias."""
    for _, copy in undo:
        if copy is not None:
            sys.close(copy)
