"""La carpeta del equipo anfitrión que un bind mount deja ver: lo real debajo, lo simulado encima.

Se lee de verdad; lo que se escribe se queda en el simulador (`upper`), salvo que
la persona pida lo contrario con `writable=True`. Nunca se sale de `root`: los
enlaces simbólicos se leen como texto y los resuelve el contenedor, no el equipo.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from pathlib import Path

from .nodes import Directory, File, Node, Symlink, Whiteout
from .paths import join, parent

BIG = 64 * 1024 * 1024  # un archivo mayor se ve con su tamaño, pero vacío


class HostTree:
    """Un `Tree` sobre la carpeta `root` del equipo."""

    def __init__(self, root: str | Path, upper: dict[str, Node] | None = None, writable: bool = False):
        self.root = Path(root)
        self.writable = writable
        self.upper = {} if upper is None else upper  # lo escrito solo en el simulador

    def lookup(self, path: str) -> Node | None:
        """El nodo de `path`: el simulado, si lo hay; si no, el de verdad."""
        node = self.upper.get(path)
        if node is not None and path:
            return None if isinstance(node, Whiteout) else node
        return None if self._hidden(path) else self._real(path)

    def children(self, path: str) -> list[str]:
        """Los nombres de la carpeta, los de verdad y los simulados."""
        names = set()
        if not self._hidden(path) and not isinstance(self.upper.get(path), File):
            real = self._inside(path)
            if real is not None and real.is_dir() and not real.is_symlink():
                names = set(os.listdir(real))
        prefix = f"{path}/" if path else ""
        for key, node in self.upper.items():
            if key.startswith(prefix) and key != path and "/" not in key[len(prefix):]:
                name = key[len(prefix):]
                names.discard(name) if isinstance(node, Whiteout) else names.add(name)
        return sorted(names)

    def put(self, path: str, node: Node) -> None:
        """Escribe el nodo: en el simulador o, si se pidió, en la carpeta de verdad."""
        if not self.writable:
            self.upper[path] = node
            return
        real = self._inside(path)
        if real is None:
            return
        if isinstance(node, Directory):
            real.mkdir(parents=True, exist_ok=True)
        elif isinstance(node, File):
            real.parent.mkdir(parents=True, exist_ok=True)
            real.write_bytes(bytes(node.content))
            real.chmod(node.mode)
            self._own(real, node)
        elif isinstance(node, Symlink):
            real.unlink(missing_ok=True)
            os.symlink(node.target, real)

    @staticmethod
    def _own(real: Path, node: File) -> None:
        """El dueño, por número; quien no es root en el anfitrión no puede darlo, y se queda el suyo."""
        if hasattr(os, "chown") and (real.stat().st_uid, real.stat().st_gid) != (node.uid, node.gid):
            with contextlib.suppress(OSError):
                os.chown(real, node.uid, node.gid)

    def remove(self, path: str) -> None:
        """Lo quita, con todo lo que cuelga."""
        if not self.writable:
            for key in [key for key in self.upper if f"{key}/".startswith(f"{path}/")]:
                del self.upper[key]
            if self._real(path) is not None:
                self.upper[path] = Whiteout()
            return
        real = self._inside(path)
        if real is None:
            return
        if real.is_dir() and not real.is_symlink():
            shutil.rmtree(real)
        else:
            real.unlink(missing_ok=True)

    def link(self, old: str, new: str) -> None:
        """Un enlace duro; aquí, una copia."""
        node = self.lookup(old)
        if node is not None:
            self.put(new, node)

    def move(self, old: str, new: str) -> None:
        """Cambia el nombre, con todo lo que cuelga."""
        node = self.lookup(old)
        if node is None:
            return
        self.put(new, node)
        for name in self.children(old) if isinstance(node, Directory) else ():
            self.move(join(old, name), join(new, name))
        self.remove(old)

    def _hidden(self, path: str) -> bool:
        while path:
            if isinstance(self.upper.get(path), Whiteout):
                return True
            path = parent(path)
        return False

    def _inside(self, path: str) -> Path | None:
        """La ruta de verdad, o None si algún tramo es un enlace o se sale de `root`."""
        at = self.root
        parts = [part for part in path.split("/") if part]
        if ".." in parts:
            return None
        for part in parts[:-1]:
            at = at / part
            if at.is_symlink():
                return None
        return at / parts[-1] if parts else at

    def _real(self, path: str) -> Node | None:
        real = self._inside(path)
        try:
            info = os.lstat(real) if real is not None else None
        except (OSError, ValueError):
            return None
        if info is None:
            return None
        common = {"uid": getattr(info, "st_uid", 0), "gid": getattr(info, "st_gid", 0), "mtime": info.st_mtime_ns}
        mode = stat.S_IMODE(info.st_mode)
        if stat.S_ISDIR(info.st_mode):
            return Directory(mode, **common)
        if stat.S_ISLNK(info.st_mode):
            return Symlink(os.readlink(real), **common)
        if not stat.S_ISREG(info.st_mode):
            return None
        if info.st_size > BIG:
            return File(b"", mode, declared_size=info.st_size, **common)
        return File(real.read_bytes(), mode, **common)
