"""El equipo anfitrión, tal como lo ven los contenedores: una carpeta y nada más.

`folder` es la carpeta de trabajo; solo se montan rutas que cuelgan de ella (o
de `/simulado`, que existe solo aquí). Lo que un contenedor escribe en un bind
mount no llega al disco salvo con `writable=True`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from .errors import fault
from .filesystem import Directory, File
from .filesystem.host import HostTree
from .filesystem.nodes import Node

CPUS = 2
START_TIME = 0.25   # segundos que tarda en arrancar un contenedor, como en un equipo real
MEMORY = 8 * 1024**3


@dataclass(slots=True)
class Host:
    """El anfitrión simulado. `written`: por carpeta, lo que los contenedores escribieron en ella."""

    folder: str = ""
    writable: bool = False
    name: str = "anfitrion"
    cpus: int = CPUS
    memory: int = MEMORY
    written: dict[str, dict[str, Node]] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """La carpeta que se puede montar."""
        return Path(self.folder or os.getcwd()).resolve()

    def locate(self, source: str, create: bool) -> tuple[HostTree, str]:
        """El árbol de la carpeta de trabajo y la ruta dentro de él de `source`.

        `create`: si falta, se crea vacía (lo que hace `-v`). Faltas `bind-missing`, `bind-outside`.
        """
        root = self.root
        wanted = Path(os.path.normpath(root / os.path.expanduser(source)))
        try:
            inner = Path(os.path.realpath(wanted)).relative_to(root).as_posix()
        except ValueError:
            raise fault("bind-outside", path=source, code=125) from None
        inner = "" if inner == "." else inner
        tree = HostTree(root, self.written.setdefault(str(root), {}), self.writable)
        if tree.lookup(inner) is None:
            if not create:
                raise fault("bind-missing", path=source, code=125)
            tree.put(inner, Directory())
        return tree, inner

    def move(self, folder: Path) -> None:
        """La carpeta de trabajo pasa a ser `folder`, con lo que los contenedores escribieron en la de antes."""
        self.written[str(folder)] = dict(self.written.get(str(self.root), {}))
        self.folder = str(folder)

    def is_file(self, tree: HostTree, inner: str) -> bool:
        """¿Se monta un archivo suelto?"""
        return isinstance(tree.lookup(inner), File)
