"""Lo que puede haber en una ruta: archivo, carpeta, enlace, dispositivo o marca de borrado.

Son valores congelados: cambiar un archivo es poner otro nodo en su ruta.
Permisos (`mode`) sin el tipo, dueños por número, horas en nanosegundos.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, TypeAlias


class _Node:
    """Lo común a todos los nodos."""

    __slots__ = ()
    is_directory = False

    def replace(self, **changes: Any) -> Any:
        """El mismo nodo con `changes` puestos."""
        return dataclasses.replace(self, **changes)


@dataclass(frozen=True, slots=True, repr=False)
class File(_Node):
    """Un archivo corriente.

    `declared_size`: los bytes que dice pesar un archivo de una imagen en
    miniatura (su contenido es pequeño). `inode`: distinto de 0 en los enlaces
    duros; las rutas de una misma capa con el mismo número son el mismo archivo.
    """

    content: bytes = b""
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    mtime: int = 0
    declared_size: int | None = None
    inode: int = 0

    def __repr__(self) -> str:
        return f"File({self.size} B, {self.mode:o}, {self.uid}:{self.gid})"

    @property
    def size(self) -> int:
        """Los bytes que pesa: los declarados o, si no los hay, los de verdad."""
        return len(self.content) if self.declared_size is None else self.declared_size


@dataclass(frozen=True, slots=True)
class Directory(_Node):
    """Una carpeta. `opaque`: tapa todo lo que las capas de abajo tuvieran en ella."""

    mode: int = 0o755
    uid: int = 0
    gid: int = 0
    mtime: int = 0
    opaque: bool = False
    size = 0
    is_directory = True


@dataclass(frozen=True, slots=True)
class Symlink(_Node):
    """Un enlace simbólico a `target`, tal como se escribió."""

    target: str
    mode: int = 0o777
    uid: int = 0
    gid: int = 0
    mtime: int = 0
    size = 0


@dataclass(frozen=True, slots=True)
class Device(_Node):
    """Un dispositivo de caracteres («c»), de bloques («b») o una tubería con nombre («p»)."""

    kind: str = "c"
    major: int = 0
    minor: int = 0
    mode: int = 0o600
    uid: int = 0
    gid: int = 0
    mtime: int = 0
    size = 0


@dataclass(frozen=True, slots=True)
class Whiteout(_Node):
    """Una marca de borrado: lo que las capas de abajo tenían en esta ruta ya no se ve."""

    size = 0


Node: TypeAlias = File | Directory | Symlink | Device | Whiteout


@dataclass(frozen=True, slots=True)
class Stat:
    """Lo que dice `stat`. `kind`: - d l c b p; `size` en bytes (4096 las carpetas)."""

    path: str
    node: Node
    size: int
    ino: int
    kind: str
    nlink: int
    device: int

    @property
    def mode(self) -> int:
        return self.node.mode

    @property
    def uid(self) -> int:
        return self.node.uid

    @property
    def gid(self) -> int:
        return self.node.gid

    @property
    def mtime(self) -> int:
        return self.node.mtime
