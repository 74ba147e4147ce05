"""De una línea de órdenes al programa que la hace: PATH, permisos, `#!` y formatos.

Un ejecutable simulado es un archivo cuya primera línea es `#!dockerlab programa`
(y, si hace falta, la familia: `#!dockerlab sed busybox`). BusyBox es un solo
ejecutable con muchos nombres: el programa es el nombre con el que se le llama.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dockerlab.errors import FileError, fault
from dockerlab.filesystem.access import PASS, User, allowed
from dockerlab.filesystem.nodes import Directory, File

from .process import find_program

MARK = b"#!dockerlab "
MAX_INTERPRETERS = 5
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CREATE = ("failed to create task for container: failed to create shim task: OCI runtime create failed: runc create "
          "failed: unable to start container process: error during container init: ")
EXEC = "OCI runtime exec failed: exec failed: unable to start container process: "


@dataclass(frozen=True, slots=True)
class Executable:
    """Lo que hay que ejecutar: programa simulado, familia y línea de órdenes. `problem`: por qué no se puede."""

    program: str
    dialect: str
    argv: tuple[str, ...]
    problem: str | None = None


def join(cwd: str, path: str) -> str:
    """`path` vista desde la carpeta `cwd`."""
    return path if path.startswith("/") else f"{cwd.rstrip('/')}/{path}"


def check(fs: Any, path: str, user: User) -> File:
    """El archivo ejecutable de `path`. `FileError` ENOENT, ENOTDIR, EACCES (sin permiso o carpeta)."""
    node = fs.stat(path, user=user).node
    if not isinstance(node, File):
        raise fault("EACCES", path=path)
    if not allowed(node, user, PASS):
        raise fault("EACCES", path=path)
    return node


def which(fs: Any, name: str, search: str, cwd: str, user: User) -> str | None:
    """La primera ruta de `search` (PATH) donde `name` se puede ejecutar."""
    for folder in search.split(":"):
        path = join(cwd, f"{folder or '.'}/{name}")
        try:
            check(fs, path, user)
        except FileError:
            continue
        return f"{folder}/{name}" if folder else name
    return None


def load(fs: Any, path: str, argv: Sequence[str], cwd: str, user: User) -> Executable:
    """El programa del archivo `path`. `FileError`: los de `check`, ENOEXEC si el formato no se conoce."""
    words = list(argv)
    for _ in range(MAX_INTERPRETERS):
        first = check(fs, join(cwd, path), user).content.split(b"\n", 1)[0]
        if first.startswith(MARK):
            return simulated(first[len(MARK):].decode("utf-8", "replace").split(), words, path)
        line = first[2:].strip(b" \t")  # el retorno de carro de un archivo de Windows se queda, como en el núcleo
        if not first.startswith(b"#!") or not line:
            raise fault("ENOEXEC", path=path)
        interpreter, _, argument = line.decode("utf-8", "surrogateescape").partition(" ")
        words = [interpreter, *([argument.strip()] if argument.strip() else []), path, *words[1:]]
        path = interpreter
    raise fault("ELOOP", path=path)


def simulated(mark: list[str], words: list[str], path: str) -> Executable:
    """El programa que nombra la marca `#!dockerlab`."""
    name, dialect = mark[0], mark[1] if len(mark) > 1 else ""
    if name == "busybox":
        dialect, name = "busybox", words[0].rpartition("/")[2].lstrip("-") if words else "busybox"
        if name == "busybox" and len(words) > 1 and find_program(words[1]):
            words, name = words[1:], words[1]
    if find_program(name) is None:
        raise fault("ENOENT", path=path)
    return Executable(name, dialect, tuple(words))


def _absent(name: str) -> str:
    """La falta de un programa que no está en PATH: un texto, y la explicación que pida su forma."""
    return "start-option" if name.startswith("-") else "start-words" if " " in name else "start-not-found"


def start(fs: Any, argv: Sequence[str], search: str, cwd: str, user: User, stage: str = CREATE) -> Executable:
    """Lo que inicia el motor (runc): los mismos pasos, con sus textos.

    Un programa que aquí no está simulado es como si no estuviera.

    Faltas: `start-not-found`, `start-option`, `start-words`, `start-no-file` y
    `start-words-file` (127), `start-not-executable` y
    `start-directory` (126). ENOEXEC y un intérprete que falta no son faltas: el
    contenedor llega a iniciarse y acaba con 255 (los lanza como `FileError`).
    """
    name = argv[0]
    path: str | None = name
    if "/" not in name:
        path = which(fs, name, search, cwd, user)
        if path is None:
            raise fault(_absent(name), stage=stage, name=name)
    try:
        check(fs, join(cwd, path or name), user)
    except FileError as error:
        if error.key in ("ENOENT", "ENOTDIR"):
            key = "start-words-file" if " " in name else "start-no-file"
            raise fault(key, stage=stage, name=name, reason=error.text.lower()) from None
        directory = isinstance(fs.stat(join(cwd, name)).node, Directory) if fs.exists(join(cwd, name)) else False
        raise fault("start-directory" if directory else "start-not-executable", stage=stage, name=name) from None
    try:
        return load(fs, path or name, argv, cwd, user)
    except FileError as error:
        if error.key == "ENOENT" and error.data["path"] == (path or name):
            raise fault("start-not-found", stage=stage, name=name) from None
        raise
