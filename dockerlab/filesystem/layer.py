"""Una capa: lo que cambia respecto a las de abajo, y su nombre, que es su contenido.

Formato de una capa: *OCI Image Layer Filesystem Changeset*. El `diff_id` es el
sha256 del tar sin comprimir; la misma capa tiene el mismo nombre en todas partes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import IO

from dockerlab.clock import SECOND
from dockerlab.display import Described
from dockerlab.errors import fault
from dockerlab.units import human_size

from .compression import Buffer, Limits, plain
from .nodes import Device, Directory, File, Node, Symlink, Whiteout
from .paths import ancestors, join, parent
from .tar import END, header, members, padding

MARK = ".wh."            # prefijo de una marca de borrado
OPAQUE = ".wh..wh..opq"  # «de lo de abajo, en esta carpeta, nada»
_KINDS = {"c": "3", "b": "4", "p": "6"}
_LETTERS = {number: letter for letter, number in _KINDS.items()}
# Los dispositivos que cualquier contenedor tiene; los demás darían la máquina a quien los abra.
_HARMLESS = {(0, 0), (1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 1), (5, 2)}


@dataclass(frozen=True, eq=False, repr=False)
class Layer(Described):
    """Una capa congelada. `entries`: ruta normalizada → nodo (`""` es la raíz, si la capa la cambia).

    `pieces`: los trozos exactos del tar del que se leyó; así el digest no cambia
    al volver a escribirla. Las capas hechas aquí no los llevan: su tar sale de
    `entries`, ordenado y normalizado.
    """

    entries: Mapping[str, Node]
    pieces: tuple[bytes, ...] | None = None

    def facts(self) -> tuple[str, list[tuple[str, str]]]:
        """Título y datos para mostrarla."""
        gone = sum(isinstance(node, Whiteout) for node in self.entries.values())
        return f"Capa {self.diff_id[7:19]}", [
            ("archivos", str(len(self.files))), ("tamaño", human_size(self.size)),
            *([("borrados", str(gone))] if gone else [])]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Layer) and self.diff_id == other.diff_id

    def __hash__(self) -> int:
        return hash(self.diff_id)

    @cached_property
    def diff_id(self) -> str:
        """`sha256:...` del tar sin comprimir."""
        digest = hashlib.sha256()
        for piece in self.chunks():
            digest.update(piece)
        return f"sha256:{digest.hexdigest()}"

    @cached_property
    def size(self) -> int:
        """Bytes de los archivos que añade o cambia (un enlace duro, una vez), como los cuenta Docker."""
        return weigh(self.entries.values())

    @cached_property
    def links(self) -> dict[int, frozenset[str]]:
        """Los enlaces duros: inodo → rutas."""
        paths: dict[int, set[str]] = {}
        for path, node in self.entries.items():
            if isinstance(node, File) and node.inode:
                paths.setdefault(node.inode, set()).add(path)
        return {inode: frozenset(same) for inode, same in paths.items()}

    @property
    def files(self) -> tuple[str, ...]:
        """Las rutas que añade o cambia, sin carpetas ni marcas de borrado."""
        return tuple(sorted(path for path, node in self.entries.items()
                            if not isinstance(node, (Directory, Whiteout))))

    @property
    def is_empty(self) -> bool:
        """¿No cambia nada?"""
        return not self.entries

    @cached_property
    def tar_size(self) -> int:
        """Bytes de su tar sin comprimir."""
        return sum(map(len, self.chunks()))

    def chunks(self) -> Iterator[bytes]:
        """El tar sin comprimir, a trozos, sin copiar el contenido de los archivos."""
        if self.pieces is not None:
            yield from self.pieces
            return
        first: dict[int, str] = {}
        for path in sorted(self.entries):
            yield from _write(path, self.entries[path], first)
        yield END

    def tar(self) -> bytes:
        """El tar sin comprimir, entero."""
        return b"".join(self.chunks())

    def write_tar(self, out: IO[bytes]) -> None:
        """Escribe el tar sin comprimir en `out`."""
        for piece in self.chunks():
            out.write(piece)

    @classmethod
    def from_tar(cls, source: Buffer | IO[bytes], limits: Limits = Limits(), diff_id: str = "") -> Layer:
        """La capa de un tar (en gzip o sin comprimir). `ArchiveError` si está roto o es hostil.

        `diff_id`: el de estos mismos bytes, si ya se ha calculado (no se vuelve a hacer).
        """
        data = plain(source if isinstance(source, (bytes, memoryview)) else source.read(), limits)
        layer = cls(*_read(data, limits))
        if diff_id:
            layer.__dict__["diff_id"] = diff_id
        return layer


def weigh(nodes: Iterable[Node]) -> int:
    """La suma de los tamaños de `nodes`, contando una vez cada enlace duro."""
    total, seen = 0, set()
    for node in nodes:
        if isinstance(node, File):
            if node.inode:
                if node.inode in seen:
                    continue
                seen.add(node.inode)
            total += node.size
    return total


def settled(node: Node) -> Node:
    """El nodo con la hora en segundos enteros: así la guarda Docker en un tar."""
    return node if isinstance(node, Whiteout) or node.mtime % SECOND == 0 \
        else node.replace(mtime=node.mtime - node.mtime % SECOND)


def _write(path: str, node: Node, first: dict[int, str]) -> Iterator[bytes]:
    if isinstance(node, Whiteout):
        folder, _, name = path.rpartition("/")
        yield header(join(folder, MARK + name), mode=0)
        return
    common = {"mode": node.mode, "uid": node.uid, "gid": node.gid, "mtime": node.mtime}
    if isinstance(node, File):
        if node.inode:
            if node.inode in first:
                yield header(path, "1", link=first[node.inode], **common)
                return
            first[node.inode] = path
        yield header(path, "0", size=len(node.content), declared=node.declared_size, **common)
        if node.content:
            yield node.content
            yield padding(len(node.content))
    elif isinstance(node, Directory):
        yield header(f"{path}/" if path else "./", "5", **common)
        if node.opaque:
            yield header(join(path, OPAQUE), mode=0)
    elif isinstance(node, Symlink):
        yield header(path, "2", link=node.target, **common)
    else:
        yield header(path, _KINDS[node.kind], major=node.major, minor=node.minor, **common)


def safe_name(name: str, depth: int = 256) -> str:
    """El nombre de una entrada ajena, normalizado. `ArchiveError` si es absoluto o sale con `..`."""
    if name.startswith("/"):
        raise fault("archive-absolute", name=name)
    if "\0" in name:
        raise fault("archive-malformed", reason="un nombre con un byte nulo")
    parts = [part for part in name.split("/") if part and part != "."]
    if ".." in parts:
        raise fault("archive-escape", name=name)
    if len(parts) > depth:
        raise fault("archive-deep", limit=depth)
    return "/".join(parts)


def _read(data: Buffer, limits: Limits) -> tuple[dict[str, Node], tuple[bytes, ...]]:
    entries: dict[str, Node] = {}
    opaque: list[str] = []
    pieces: list[bytes] = []
    done = links = 0
    for member in members(data, limits):
        path = safe_name(member.name, limits.depth)
        name = path.rpartition("/")[2]
        if name.startswith(MARK):
            if name == OPAQUE:
                opaque.append(parent(path))
            elif not name.startswith(".wh..wh."):
                if name == MARK:
                    raise fault("archive-malformed", reason="una marca de borrado sin nombre")
                entries[join(parent(path), name[len(MARK):])] = Whiteout()
            continue
        kind, attributes = member.kind, (member.mode, member.uid, member.gid, member.mtime)
        if kind == "0":
            content = bytes(data[member.start:member.end])
            if content:
                pieces += (bytes(data[done:member.start]), content)
                done = member.end
            entries[path] = File(content, *attributes, member.declared)
        elif kind == "5":
            entries[path] = Directory(*attributes)
        elif kind == "2":
            entries[path] = Symlink(member.link, *attributes)
        elif kind == "1":
            links += 1
            _hard_link(entries, path, safe_name(member.link, limits.depth), links)
        else:
            if kind == "4" or kind == "3" and (member.major, member.minor) not in _HARMLESS:
                raise fault("archive-device", name=member.name)
            entries[path] = Device(_LETTERS[kind], member.major, member.minor, *attributes)
    pieces.append(bytes(data[done:]))
    for path in opaque:
        node = entries.get(path)
        entries[path] = node.replace(opaque=True) if isinstance(node, Directory) else Directory(opaque=True)
    if not isinstance(entries.get("", Directory()), Directory):
        raise fault("archive-malformed", reason="la raíz no es una carpeta")
    _check_parents(entries)
    return entries, tuple(pieces)


def _hard_link(entries: dict[str, Node], path: str, target: str, number: int) -> None:
    node = entries.get(target)
    if isinstance(node, File):
        if not node.inode:
            entries[target] = node = node.replace(inode=number)
        entries[path] = node
    elif isinstance(node, (Symlink, Device)):
        entries[path] = node
    else:
        raise fault("archive-link", name=path, target=target)


def _check_parents(entries: dict[str, Node]) -> None:
    """Nada puede colgar de algo que no sea una carpeta (p. ej. de un enlace que lleve fuera)."""
    seen: set[str] = set()
    for path in entries:
        folder = parent(path)
        if folder in seen:
            continue
        seen.add(folder)
        for above in (*ancestors(folder), folder):
            node = entries.get(above)
            if node is not None and not isinstance(node, Directory):
                raise fault("archive-through-link", name=path, target=above)


