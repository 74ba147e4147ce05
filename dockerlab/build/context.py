"""El contexto: los archivos que viajan al constructor, y nada que esté fuera de su carpeta.

COPY y ADD solo ven lo que hay aquí: por eso `../secreto` no se puede copiar, un
enlace que apunte fuera se queda roto y lo que nombra `.dockerignore` no existe
(Docker docs, *Build context*).
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dockerlab.clock import EPOCH
from dockerlab.dockerfile.ignore import Ignore
from dockerlab.errors import DockerlabError, fault
from dockerlab.filesystem import Directory, File, Layer, Node, Symlink, Whiteout
from dockerlab.filesystem.paths import ancestors, join, normalise, parent

from .unpack import decompress

REMOTE = re.compile(r"(?:https?|git|ssh)://|git@|github\.com/")
# Docker real: desde Windows todo llega con 755; aquí, como en el equipo de al lado.
NO_MODES = os.name == "nt"


@dataclass(frozen=True, slots=True)
class Unread:
    """Un archivo de la carpeta que todavía no ha hecho falta leer; `root`: la carpeta de la que cuelga el contexto."""

    root: str
    mode: int
    size: int


@dataclass(slots=True)
class Context:
    """El árbol que ve COPY y el Dockerfile que se va a construir.

    `dockerfile`: sus bytes, o None si no se encontró con el nombre `name`; `ignore`:
    las reglas de qué se queda fuera, del archivo `ignore_name` (de `ignore_size`
    bytes); `remote`: si todo llegó por la entrada estándar; `folder`: la carpeta de la que
    sale, si sale de una. Se puede mirar como un `Tree` de solo lectura.
    """

    dockerfile: bytes | None = None
    name: str = "Dockerfile"
    nodes: dict[str, Node | Unread] = field(default_factory=dict)
    ignore: Ignore | None = None
    ignore_name: str = ".dockerignore"
    ignore_size: int = 0
    remote: bool = False
    folder: str = ""
    _names: dict[str, list[str]] | None = None

    # ── de dónde sale ────────────────────────────────────────────────────────

    @classmethod
    def of(cls, files: Mapping[str, str | bytes | Node], name: str = "Dockerfile") -> Context:
        """Un contexto hecho aquí mismo: ruta → texto, bytes o nodo."""
        nodes = {normalise(path): node if not isinstance(node, (str, bytes)) else
                 File(node.encode() if isinstance(node, str) else node, mtime=EPOCH)
                 for path, node in files.items()}
        _add_folders(nodes)
        found = nodes.get(name)
        text = found.content if isinstance(found, File) else None
        context = cls(text, name)._rules(_bytes(nodes, f"{name}.dockerignore"), _bytes(nodes, ".dockerignore"))
        kept = nodes if context.ignore is None else context.ignore.keep(nodes)
        context.nodes = {path: node for path, node in nodes.items() if path in kept}
        return context

    @classmethod
    def from_folder(cls, folder: str | Path, dockerfile: str | Path | bytes | None = None, start: str = "") -> Context:
        """La carpeta `folder` (contada desde `start`). `dockerfile`: su ruta (si no, `Dockerfile` en ella) o sus bytes.

        Los archivos se leen cuando un COPY los pide. Faltas `context-missing`, `context-not-folder`, `context-remote`.
        """
        shown, folder = str(folder), Path(start, folder)
        if REMOTE.match(shown):
            raise fault("context-remote", url=shown)
        if not folder.exists():
            raise fault("context-missing", path=shown)
        if not folder.is_dir():
            raise fault("context-not-folder", path=shown)
        if isinstance(dockerfile, bytes):
            text, name, own = dockerfile, "Dockerfile", None
        else:
            path = _dockerfile_in(folder) if dockerfile is None else Path(dockerfile)
            text, name, own = _read(path), path.name, _read(path.with_name(f"{path.name}.dockerignore"))
        context = cls(text, name, folder=os.path.realpath(folder))._rules(own, _read(folder / ".dockerignore"))
        context.nodes = dict(_scan(folder, context.ignore))
        return context

    @classmethod
    def from_stdin(cls, data: bytes, name: str = "Dockerfile") -> Context:
        """Lo que llega por la entrada estándar con `docker build -`: un tar (quizá comprimido) o un Dockerfile."""
        if not is_archive(data):
            if not data:
                raise fault("dockerfile-no-source")
            return cls(data)
        nodes: dict[str, Node | Unread] = {
            path: node.replace(mtime=EPOCH) for path, node in Layer.from_tar(decompress(data)).entries.items()
            if path and not isinstance(node, Whiteout)}
        _add_folders(nodes)
        # Docker real: en un contexto que llega entero no se mira el .dockerignore.
        return cls(_bytes(nodes, normalise(name)), name, nodes, remote=True)

    def _rules(self, own: bytes | None, shared: bytes | None) -> Context:
        """Apunta las reglas: las de `<Dockerfile>.dockerignore` y, si no lo hay, las de `.dockerignore`."""
        text = shared if own is None else own
        try:
            self.ignore = Ignore.read(text) if text else None
        except DockerlabError as error:
            raise fault("bad-dockerignore", reason=error.text) from None
        self.ignore_size = len(text or b"")
        self.ignore_name = ".dockerignore" if own is None else f"{self.name}.dockerignore"
        return self

    # ── mirarlo como un árbol ────────────────────────────────────────────────

    def lookup(self, path: str) -> Node | None:
        """El nodo de `path` (se lee ahora, si hacía falta), o None."""
        if not path:
            return Directory(mtime=EPOCH)
        node = self.nodes.get(path)
        if isinstance(node, Unread):
            content = _read(os.path.join(node.root, path))
            node = None if content is None else File(content, node.mode, mtime=EPOCH)
            if node is not None:
                self.nodes[path] = node
        return node

    def everything(self) -> Iterator[tuple[str, Node]]:
        """Todo lo que hay, con sus rutas, cada carpeta antes que lo suyo y en orden; los archivos se leen al pasar."""
        for path in sorted(self.nodes, key=_order):
            node = self.lookup(path)
            if node is not None:
                yield path, node

    def children(self, path: str) -> list[str]:
        """Los nombres de la carpeta `path`, en orden."""
        if self._names is None:
            self._names = {}
            for name in self.nodes:
                self._names.setdefault(parent(name), []).append(name.rpartition("/")[2])
            for names in self._names.values():
                names.sort()
        return self._names.get(path, [])

    def subtree(self, path: str) -> dict[str, Node]:
        """Lo que cuelga de `path`, con rutas desde ella y ella misma como ""."""
        found: dict[str, Node] = {}
        pending = [(path, "")]
        while pending:
            inside, shown = pending.pop()
            node = self.lookup(inside)
            if node is not None:
                found[shown] = node
                if isinstance(node, Directory):
                    pending += [(join(inside, name), join(shown, name)) for name in self.children(inside)]
        return found

    def travelling(self, paths: Iterable[str]) -> list[tuple[str, Node]]:
        """Lo que viaja al constructor para tener `paths`: ellas y las carpetas de las que cuelgan, en orden."""
        wanted = {path for path in paths if path in self.nodes}
        wanted.update(above for path in tuple(wanted) for above in ancestors(path))
        found = ((path, self.lookup(path)) for path in sorted(wanted, key=_order))
        return [(path, node) for path, node in found if node is not None]


def _order(path: str) -> str:
    """Cada carpeta, antes que lo suyo y junto a ello."""
    return path.replace("/", "\0")


def is_archive(data: bytes) -> bool:
    """¿Es un tar, comprimido o no?"""
    return data[:2] == b"\x1f\x8b" or data[:3] == b"BZh" or data[:6] == b"\xfd7zXZ\0" or data[257:262] == b"ustar"


def _add_folders(nodes: dict[str, Node | Unread]) -> None:
    """Las carpetas que nadie nombró, pero de las que cuelga algo."""
    for path in tuple(nodes):
        for above in ancestors(path):
            nodes.setdefault(above, Directory(mtime=EPOCH))


def _bytes(nodes: Mapping[str, Node | Unread], path: str) -> bytes | None:
    node = nodes.get(path)
    return node.content if isinstance(node, File) else None


def _read(path: str | Path) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _dockerfile_in(folder: Path) -> Path:
    """`Dockerfile`, o `dockerfile` si es lo que hay."""
    path = folder / "Dockerfile"
    return folder / "dockerfile" if not path.exists() and (folder / "dockerfile").exists() else path


def _scan(folder: Path, ignore: Ignore | None) -> Iterator[tuple[str, Node | Unread]]:
    """Lo que hay en la carpeta y no queda fuera, sin leer los archivos ni seguir ningún enlace."""
    held: dict[str, Node] = {}  # carpetas que solo viajan si algo suyo viaja
    root = str(folder)
    pending = [(root, "")]
    while pending:
        place, base = pending.pop()
        with os.scandir(place) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        for entry in entries:
            path = join(base, entry.name)
            ignored = ignore is not None and ignore.matches(path)
            folderish = entry.is_dir(follow_symlinks=False)
            if ignored and not (folderish and ignore.has_exceptions):
                continue
            node = _entry(entry, root)
            if node is None:
                continue
            if folderish:
                pending.append((entry.path, path))
            if ignored:
                held[path] = node
                continue
            for above in ancestors(path):
                if above in held:
                    yield above, held.pop(above)
            yield path, node


def _entry(entry: os.DirEntry[str], root: str) -> Node | Unread | None:
    """El nodo de una entrada de la carpeta; None si es un dispositivo o un zócalo. El dueño no viaja."""
    info = entry.stat(follow_symlinks=False)
    mode = stat.S_IMODE(info.st_mode)
    if stat.S_ISLNK(info.st_mode):
        return Symlink(os.readlink(entry.path).replace("\\", "/") if NO_MODES else os.readlink(entry.path), mtime=EPOCH)
    if stat.S_ISDIR(info.st_mode):
        return Directory(0o755 if NO_MODES else mode, mtime=EPOCH)
    if stat.S_ISREG(info.st_mode):
        return Unread(root, 0o644 if NO_MODES else mode, info.st_size)
    return None
