"""Lo que casi todos los programas necesitan: leer líneas, rutas, fechas, tamaños y nombres.

El texto se maneja byte a byte: cada byte es un carácter latin-1, como en los
contenedores, que no llevan configuración regional. Así `cut -c` y `wc -m`
cuentan lo mismo que allí, y nada se estropea al pasar.
"""

from __future__ import annotations

import datetime
from collections.abc import Generator, Iterable
from typing import Any

from dockerlab.clock import SECOND
from dockerlab.errors import FileError

from ..appetite import LONG_LINE, STEP, hold, swell
from ..requests import Read
from .options import Options

CHUNK = 65536


def raw(text: str) -> str:
    """El texto de un argumento, byte a byte."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def put(sys: Any, text: str, fd: int = 1) -> None:
    """Escribe un texto de los de `raw` tal cual."""
    sys.write(fd, text.encode("latin-1"))


def slurp(sys: Any, fd: int = 0, kept: bool = False) -> Generator[Any, Any, bytes]:
    """Todo lo que queda por leer de `fd`.

    `kept`: el programa de verdad también lo guarda entero; si no le cabe, el núcleo lo mata.
    """
    if kept:
        yield from swell(sys, fd)
    parts, total = [], 0
    while chunk := (yield Read(fd, CHUNK)):
        parts.append(chunk)
        total += len(chunk)
        if kept:
            yield from hold(sys, total)
    return b"".join(parts)


def contents(sys: Any, path: str, kept: bool = False) -> Generator[Any, Any, bytes]:
    """Todo el archivo `path`, o la entrada estándar si es `-`; `kept`, como en `slurp`. `FileError` si no se puede."""
    fd = 0 if path == "-" else sys.open(path, "r")
    data = yield from slurp(sys, fd, kept)
    if fd:
        sys.close(fd)
    return data


class Input:
    """Los archivos de una orden, uno detrás de otro y línea a línea.

    Un archivo que no se abre se cuenta en `status` con su queja y se sigue con
    el siguiente. `path`: el que se lee ahora; `number`: líneas leídas en total.
    """

    def __init__(self, sys: Any, opt: Options, paths: Iterable[str],
                 busybox: str = "{}", gnu: str = "{}", separator: bytes = b"\n"):
        self.sys, self.opt, self.words, self.separator = sys, opt, (busybox, gnu), separator
        self.waiting = list(paths) or ["-"]
        self.path, self.fd, self.pending = "", -1, b""
        self.status = self.number = 0
        self.ended = True          # la última línea acababa en salto

    def next_file(self) -> bool:
        """Abre el siguiente archivo que se deje; falso si no queda ninguno."""
        while self.waiting:
            self.path = self.waiting.pop(0)
            try:
                if self.path != "-" and self.sys.fs.isdir(self.path):
                    raise FileError("Is a directory", key="EISDIR")
                self.fd = 0 if self.path == "-" else self.sys.open(self.path, "r")
                return True
            except FileError as error:
                self.opt.complain(self.sys, *self.words, self.path, error)
                self.status = 1
        return False

    def line(self) -> Generator[Any, Any, str | None]:
        """La línea siguiente del archivo abierto (o del siguiente), sin su salto; `None` al final de todo."""
        while True:
            if self.fd < 0 and not self.next_file():
                return None
            found = yield from self.line_here()
            if found is not None:
                return found

    def line_here(self) -> Generator[Any, Any, str | None]:
        """La línea siguiente de este archivo; `None` (y se cierra) cuando se acaba."""
        while self.separator not in self.pending:
            chunk = yield Read(self.fd, CHUNK)
            if not chunk:
                rest, self.pending = self.pending, b""
                if rest:
                    self.number, self.ended = self.number + 1, False
                    return rest.decode("latin-1")
                self.close()
                return None
            self.pending += chunk
            if len(self.pending) >= STEP:      # una línea que no acaba
                yield from swell(self.sys, self.fd)
                yield from hold(self.sys, len(self.pending), LONG_LINE)
        head, _, self.pending = self.pending.partition(self.separator)
        self.number, self.ended = self.number + 1, True
        return head.decode("latin-1")

    def close(self) -> None:
        if self.fd > 0:
            self.sys.close(self.fd)
        self.fd, self.pending = -1, b""


def join(folder: str, name: str) -> str:
    """`folder/name` sin barras de más."""
    return f"{folder}{name}" if folder.endswith("/") else f"{folder}/{name}"


def basename(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2] or ("/" if path.startswith("/") else path)


def dirname(path: str) -> str:
    head = path.rstrip("/").rpartition("/")[0].rstrip("/")
    return head or ("/" if path.startswith("/") else ".")


def human(size: float, unit: str = "KMGT", bare: str = "") -> str:
    """Un tamaño como `ls -h`, `du -h` y `df -h` de BusyBox: `4.0K`, `23.5M`."""
    if size < 1024:
        return f"{int(size)}{bare}"
    for letter in unit:
        size /= 1024
        if size < 1024 or letter == unit[-1]:
            return f"{size:.1f}{letter}"
    return str(size)


def human_gnu(size: float) -> str:
    """Un tamaño como las coreutils de GNU: hacia arriba, con decimal si es menor que 10."""
    if size < 1024:
        return str(int(size))
    for letter in "KMGT":
        size /= 1024
        if size < 1024:
            break
    tenths = -int(-size * 10 // 1)
    return f"{tenths / 10:.1f}{letter}" if tenths < 100 else f"{-int(-size // 1)}{letter}"


def moment(nanoseconds: int) -> datetime.datetime:
    """Un instante del reloj como fecha UTC."""
    return datetime.datetime.fromtimestamp(nanoseconds // SECOND, datetime.UTC)


def accounts(sys: Any, path: str = "/etc/passwd") -> list[list[str]]:
    """Las líneas de `/etc/passwd` (o `/etc/group`) partidas por los dos puntos."""
    try:
        text = sys.fs.read(path).decode("utf-8", "replace")
    except FileError:
        return []
    return [line.split(":") for line in text.splitlines() if ":" in line]


def account_name(sys: Any, number: int, path: str = "/etc/passwd") -> str:
    """El nombre del usuario (o grupo) `number`; su número si no tiene nombre."""
    return next((row[0] for row in accounts(sys, path) if row[2:3] == [str(number)]), str(number))


def account_number(sys: Any, name: str, path: str = "/etc/passwd") -> int | None:
    """El número de un usuario (o grupo) por nombre o número; `None` si no existe."""
    for row in accounts(sys, path):
        if row[0] == name and len(row) > 2:
            return int(row[2])
    return int(name) if name.isdigit() else None


def table_file(name: str) -> dict[str, Any]:
    """Una tabla de `programs/data/<name>.toml`."""
    import tomllib
    from importlib.resources import files
    return tomllib.loads(files(__package__).joinpath("data", f"{name}.toml").read_text(encoding="utf-8"))
