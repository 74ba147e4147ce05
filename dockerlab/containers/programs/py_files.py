"""Los archivos del Python simulado: `open` y los errores del sistema."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from dockerlab.errors import FileError

from .py_values import Class, Instance, Native, Raise, make_error, raised, text_of

KINDS = {"ENOENT": ("FileNotFoundError", 2), "EEXIST": ("FileExistsError", 17), "EACCES": ("PermissionError", 13),
         "EPERM": ("PermissionError", 1), "EISDIR": ("IsADirectoryError", 21), "ENOTDIR": ("NotADirectoryError", 20),
         "EPIPE": ("BrokenPipeError", 32), "EROFS": ("OSError", 30), "ENOSPC": ("OSError", 28),
         "ENOTEMPTY": ("OSError", 39)}
"""Por error del núcleo, la excepción de Python y su `errno`."""


def os_error(error: FileError, path: str) -> Raise:
    """El error de Python para un error de archivos; sin `path`, no es de ninguno."""
    kind, number = KINDS.get(error.key, ("OSError", 5))
    return Raise(make_error(kind, number, error.text, errno=number, strerror=error.text, filename=path))


def checked(path: str, action: Callable[[], Any]) -> Any:
    """Lo que conteste `action`; si falla, el error de Python sobre `path`."""
    try:
        return action()
    except FileError as error:
        raise os_error(error, path) from None


class OpenedFile:
    """Un archivo abierto: lo leído, y por dónde va. Lo que se escribe se guarda en el momento."""

    def __init__(self, sys: Any, path: str, mode: str):
        self.sys, self.path = sys, path
        self.binary = "b" in mode
        if "r" in mode:
            self.data = checked(path, lambda: sys.fs.read(path))
        elif "x" in mode and sys.fs.exists(path):
            raise raised("FileExistsError", f"[Errno 17] File exists: '{path}'")
        else:
            self.data = b""
            checked(path, lambda: sys.fs.write(path, b"", append="a" in mode, mode=0o666 & ~sys.umask))
        self.at = 0

    def decode(self, data: bytes) -> str | bytes:
        """Texto, o bytes si se abrió con «b»."""
        return data if self.binary else data.decode("utf-8", "replace")

    def read(self, size: int | None = -1) -> str | bytes:
        """Lo que queda, o como mucho `size` bytes."""
        end = len(self.data) if size is None or size < 0 else self.at + size
        piece, self.at = self.data[self.at:end], min(end, len(self.data))
        return self.decode(piece)

    def readline(self) -> str | bytes:
        """La línea siguiente, con su salto."""
        end = self.data.find(b"\n", self.at) + 1 or len(self.data)
        piece, self.at = self.data[self.at:end], end
        return self.decode(piece)

    def readlines(self) -> list[str | bytes]:
        """Las líneas que quedan."""
        piece, self.at = self.data[self.at:], len(self.data)
        return [self.decode(line) for line in piece.splitlines(keepends=True)]

    def write(self, value: str | bytes) -> int:
        """Lo añade al archivo; contesta cuánto ha escrito."""
        if not isinstance(value, str | bytes):
            raise raised("TypeError", f"write() argument must be str, not {type(value).__name__}")
        data = value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")
        checked(self.path, lambda: self.sys.fs.write(self.path, data, append=True))
        return len(value)


def opened(sys: Any, machine: Any, path: Any, mode: str = "r", **ignored: Any) -> Instance:
    """`open`: el objeto que se lee, se escribe, se recorre y se usa con `with`."""
    file = OpenedFile(sys, text_of(path), mode)

    def method(action: Callable[..., Any], machine: Any, *args: Any) -> Any:
        return action(*args)
    made = Instance(Class("TextIOWrapper", [], {
        "__iter__": Native("__iter__", lambda machine, this: file.readlines()),
        "write": Native("write", lambda machine, this, value: file.write(value))}), inner=file)
    actions = {"read": file.read, "readline": file.readline, "readlines": file.readlines, "write": file.write,
               "__iter__": file.readlines, "close": lambda *args: None, "flush": lambda: None,
               "__enter__": lambda: made, "__exit__": lambda *args: None}
    made.names |= {name: Native(name, partial(method, action)) for name, action in actions.items()}
    made.names["name"] = path
    return made
