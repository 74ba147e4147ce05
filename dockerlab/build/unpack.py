"""ADD de un tar local: se desempaqueta en el destino, sin salir nunca de él."""

from __future__ import annotations

from dockerlab.clock import EPOCH
from dockerlab.errors import ArchiveError, fault
from dockerlab.filesystem import Device, Directory, File, Node, Symlink
from dockerlab.filesystem.compression import Limits, plain
from dockerlab.filesystem.paths import join, normalise, parent
from dockerlab.filesystem.tar import Member, members
from dockerlab.filesystem.view import FileSystem, Tree

LIMITS = Limits()
_DEVICES = {"3": "c", "4": "b", "6": "p"}


class Inside:
    """La parte de un árbol que cuelga de `base`, vista como si fuera la raíz."""

    def __init__(self, tree: Tree, base: str):
        self.tree, self.base = tree, base

    def at(self, path: str) -> str:
        """La ruta de fuera."""
        return join(self.base, path) if path else self.base

    def lookup(self, path: str) -> Node | None:
        """El nodo de `path`, o None."""
        return self.tree.lookup(self.at(path))

    def children(self, path: str) -> list[str]:
        """Los nombres de la carpeta `path`."""
        return self.tree.children(self.at(path))

    def put(self, path: str, node: Node) -> None:
        """Pone un nodo."""
        self.tree.put(self.at(path), node)

    def remove(self, path: str) -> None:
        """Quita `path` y lo que cuelgue."""
        self.tree.remove(self.at(path))


PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")   # lo que ADD desempaqueta; Docker real: zstd no


def decompress(data: bytes) -> bytes:
    """Los bytes sin comprimir (gzip, bzip2, xz o nada). `ArchiveError` si están rotos o son demasiados."""
    return plain(data, LIMITS) if data.startswith(PACKED) else data


def read_tar(data: bytes) -> tuple[bytes, list[Member]] | None:
    """Los bytes sin comprimir de un tar y sus entradas; None si no lo es (para Docker, uno vacío tampoco).

    `ArchiveError` si empieza como un tar y luego está roto.
    """
    try:
        unpacked = decompress(data)
        if next(members(unpacked, LIMITS), None) is None:
            return None
    except ArchiveError:
        return None
    return unpacked, list(members(unpacked, LIMITS))


def extract(tree: Tree, data: bytes, found: list[Member], owner: tuple[int, int] | None) -> None:
    """Pone las entradas en `tree`. Los enlaces se siguen sin salir de él. Falta `add-escape`."""
    view = FileSystem(tree)
    for member in found:
        if _climbs(member.name):
            raise fault("add-escape", name=member.name)
        path = normalise(member.name)
        if not path:
            continue
        folder = _folder(tree, view, parent(path))
        path = join(folder, path.rpartition("/")[2])
        node = _node(tree, view, data, member)
        if owner:
            node = node.replace(uid=owner[0], gid=owner[1])
        present = tree.lookup(path)
        if present is not None and not (isinstance(present, Directory) and isinstance(node, Directory)):
            tree.remove(path)
        tree.put(path, node)


def _climbs(name: str) -> bool:
    """¿Sale `name` por encima de donde se desempaqueta?"""
    depth = 0
    for part in name.split("/"):
        depth += -1 if part == ".." else part not in ("", ".")
        if depth < 0:
            return True
    return False


def _folder(tree: Tree, view: FileSystem, path: str) -> str:
    """La carpeta de verdad de una entrada; las que falten, de root y con 755."""
    at = ""
    for name in path.split("/") if path else ():
        at = view.resolve(f"/{join(at, name)}").lstrip("/")
        if not isinstance(tree.lookup(at), Directory):
            if tree.lookup(at) is not None:
                raise fault("copy-not-folder", path=f"/{at}")
            tree.put(at, Directory(mtime=EPOCH))
    return at


def _node(tree: Tree, view: FileSystem, data: bytes, member: Member) -> Node:
    common = {"mode": member.mode, "uid": member.uid, "gid": member.gid, "mtime": EPOCH}
    if member.kind == "0":
        return File(data[member.start:member.end], declared_size=member.declared, **common)
    if member.kind == "5":
        return Directory(**common)
    if member.kind == "2":
        return Symlink(member.link, **common)
    if member.kind == "1":
        if _climbs(member.link):
            raise fault("add-escape", name=member.link)
        linked = tree.lookup(view.resolve(f"/{normalise(member.link)}", follow=False).lstrip("/"))
        if linked is None or isinstance(linked, Directory):
            raise fault("archive-link", name=member.name, target=member.link)
        return linked.replace(inode=0) if isinstance(linked, File) else linked
    return Device(_DEVICES[member.kind], member.major, member.minor, **common)
