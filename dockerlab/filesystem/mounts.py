"""Encontrar: de una ruta absoluta al nodo, a través de enlaces simbólicos y montajes.

Un montaje tapa lo que hubiera en su ruta; un enlace simbólico se sigue siempre
dentro de la raíz del contenedor (`path_resolution(7)` del manual de Linux).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from dockerlab.errors import fault

from .access import PASS, User, allowed
from .nodes import Directory, Node, Symlink
from .paths import join, normalise, parent

_HOPS = 40  # enlaces simbólicos seguidos antes de ELOOP, como en Linux


class Tree(Protocol):
    """Lo que hace falta para montarse: una `Overlay` o algo que se le parezca."""

    def lookup(self, path: str) -> Node | None: ...
    def children(self, path: str) -> list[str]: ...
    def put(self, path: str, node: Node) -> None: ...
    def remove(self, path: str) -> None: ...
    def link(self, old: str, new: str) -> None: ...
    def move(self, old: str, new: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Mount:
    """Algo montado: el árbol, si es de solo lectura y qué parte de él se ve (`subpath`, "" = toda).

    `limit`: los bytes que caben (un tmpfs con `size=`); 0, los que sean. `kind`: el tipo
    que enseña `/proc/mounts` (`ext4`, `tmpfs`...), y `device`, el dispositivo, si se llama de otra manera.
    """

    tree: Tree
    read_only: bool = False
    subpath: str = ""
    limit: int = 0
    kind: str = "ext4"
    device: str = ""


class Place(NamedTuple):
    """Dónde acaba una ruta: la ruta real, su montaje, la ruta dentro de él y el nodo (None si no existe)."""

    path: str
    mount: Mount
    inner: str
    node: Node | None


class Namespace:
    """Un árbol raíz con sus montajes. `mounts`: ruta absoluta → `Mount`."""

    def __init__(self, root: Tree, mounts: Mapping[str, Mount] | None = None, read_only: bool = False):
        self._mounts = {"": Mount(root, read_only)}
        for path, mount in (mounts or {}).items():
            self.mount(path, mount)

    @property
    def root(self) -> Tree:
        """El árbol de abajo del todo: la unión de las capas del contenedor."""
        return self._mounts[""].tree

    @property
    def mounts(self) -> dict[str, Mount]:
        """Los montajes: ruta absoluta → `Mount`, sin la raíz."""
        return {f"/{path}": mount for path, mount in self._mounts.items() if path}

    def mount(self, path: str, mount: Mount) -> None:
        """Monta algo en `path`: tapa lo que hubiera debajo."""
        self._mounts[normalise(path)] = mount

    def unmount(self, path: str) -> None:
        """Lo desmonta: vuelve a verse lo de debajo."""
        del self._mounts[normalise(path)]

    def _place(self, path: str) -> Place:
        probe = path
        while probe not in self._mounts:
            probe = parent(probe)
        mount = self._mounts[probe]
        inner = path[len(probe):].lstrip("/") if probe else path
        if mount.subpath:
            inner = join(mount.subpath, inner) if inner else mount.subpath
        return Place(path, mount, inner, mount.tree.lookup(inner))

    def _locate(self, path: str, user: User, follow: bool = True) -> Place:
        todo = path.split("/")[::-1]
        must_be_folder = not todo[0] or todo[0] == "."
        place, hops = self._place(""), 0
        if not path:
            raise fault("ENOENT", path=path)
        while todo:
            part = todo.pop()
            if not part or part == ".":
                continue
            if not isinstance(place.node, Directory):
                raise fault("ENOENT" if place.node is None else "ENOTDIR", path=path)
            if not allowed(place.node, user, PASS):
                raise fault("EACCES", path=path)
            if part == "..":
                place = self._place(parent(place.path))
                continue
            below = self._place(join(place.path, part))
            if isinstance(below.node, Symlink) and (follow or todo):
                hops += 1
                if hops > _HOPS:
                    raise fault("ELOOP", path=path)
                todo += below.node.target.split("/")[::-1]
                if below.node.target.startswith("/"):
                    place = self._place("")
                continue
            if len(part) > 85 and len(part.encode("utf-8", "surrogateescape")) > 255:
                raise fault("ENAMETOOLONG", path=path)
            place = below
        if must_be_folder and place.node is not None and not isinstance(place.node, (Directory, Symlink)):
            raise fault("ENOTDIR", path=path)
        return place

    def _existing(self, path: str, user: User, follow: bool = True) -> Place:
        place = self._locate(path, user, follow)
        if place.node is None:
            raise fault("ENOENT", path=path)
        return place

    def _folder(self, path: str, user: User) -> Place:
        place = self._existing(path, user)
        if not isinstance(place.node, Directory):
            raise fault("ENOTDIR", path=path)
        return place

    def _names(self, place: Place) -> list[str]:
        names = place.mount.tree.children(place.inner)
        points = {point.rpartition("/")[2] for point in self._mounts
                  if point and parent(point) == place.path}
        return sorted({*names, *points}) if points else names
