"""COPY y ADD: qué se elige en el origen y dónde queda en el destino.

Primero `choose` mira el origen (el contexto u otra etapa) y da lo elegido, con
su huella para la caché; después `place` lo pone en el destino. Las reglas, caso
a caso y preguntadas al motor real, están en `tests/build/copy_rules.json`
(Dockerfile reference, *COPY* y *ADD*).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dockerlab.clock import EPOCH
from dockerlab.dockerfile.ignore import Ignore
from dockerlab.errors import BuildError, FileError, fault
from dockerlab.filesystem import Directory, File, FileSystem, Node, Overlay, Symlink
from dockerlab.filesystem.paths import ancestors, join, normalise, parent
from dockerlab.filesystem.view import Tree

from .cache import MANY, digest_of
from .context import Context
from .modes import Mode
from .operations import Copy
from .patterns import component, is_wild
from .unpack import Inside, extract, read_tar

MERGED = "/var/lib/docker/overlay2/build/merged"  # donde el motor real tiene montado el destino


class Below:
    """Lo que cuelga de una carpeta elegida, en orden: pares (ruta desde ella, nodo), en dos listas que pesan menos."""

    __slots__ = ("paths", "nodes")

    def __init__(self, pairs: Iterable[tuple[str, Node]] = ()):
        self.paths: list[str] = []
        self.nodes: list[Node] = []
        for path, node in pairs:
            self.paths.append(path)
            self.nodes.append(node)

    def __iter__(self) -> Iterator[tuple[str, Node]]:
        return zip(self.paths, self.nodes, strict=True)

    def __len__(self) -> int:
        return len(self.paths)


@dataclass(frozen=True, slots=True)
class Item:
    """Algo elegido: cómo se llama, el nodo y, si es una carpeta, lo que lleva dentro.

    `path`: dónde estaba; `wild`: si salió de un comodín (entonces su nombre cuenta).
    """

    name: str
    node: Node
    path: str = ""
    below: Below = Below()
    wild: bool = False

    def paths(self) -> Iterator[str]:
        """Dónde está en el origen todo lo elegido."""
        if self.path:
            yield self.path
        yield from (join(self.path, inner) for inner in self.below.paths)


# ── elegir ───────────────────────────────────────────────────────────────────

def choose(tree: Tree, copy: Copy) -> tuple[Item, ...]:
    """Lo que `copy` toma de `tree`, en orden. Falta `copy-not-found` si algo sin comodines no está."""
    view = FileSystem(tree)
    items = [item for source in copy.sources
             for item in (_with_parents(tree, source, copy) if copy.parents else _matches(tree, view, source, copy))]
    return (*items, *(Item(name, File(text.encode(), mtime=EPOCH)) for name, text in copy.contents))


def fingerprints(items: Sequence[Item]) -> tuple[tuple[str, str], ...]:
    """La huella de cada archivo elegido: nombre, permisos, dueño y contenido; ni fechas ni orden de llegada.

    De muchos archivos, solo el resumen de todas, sin guardarlas.
    """
    rows = _rows(items)
    if sum(1 + len(item.below) for item in items) > MANY:
        return (("*", digest_of(rows)),)
    return tuple(rows)


def _rows(items: Sequence[Item]) -> Iterator[tuple[str, str]]:
    for item in items:
        base = item.name if item.wild or not item.path else ""
        yield base, _fingerprint(item.node)
        yield from ((join(base, inner), _fingerprint(node)) for inner, node in item.below)


def _fingerprint(node: Node) -> str:
    if isinstance(node, File):
        tail = hashlib.sha256(node.content).hexdigest()
        if node.declared_size is not None:
            tail += f"+{node.declared_size}"
    else:
        tail = f"-> {node.target}" if isinstance(node, Symlink) else type(node).__name__.lower()
    return f"{node.mode:o} {node.uid}:{node.gid} {tail}"


def _matches(tree: Tree, view: FileSystem, source: str, copy: Copy) -> Iterator[Item]:
    path = normalise(source)
    wild = is_wild(path)
    for found in _expand(tree, view, path) if wild else (path,):
        node, real = follow(view, found, "copy-lstat" if copy.exclude else "copy-not-found")
        below = Below(_below(tree, real, copy.exclude) if isinstance(node, Directory) else ())
        yield Item(found.rpartition("/")[2], node, real, below, wild)


def follow(view: FileSystem, path: str, missing: str = "copy-not-found") -> tuple[Node, str]:
    """El nodo de `path` y dónde está de verdad, siguiendo enlaces sin salir de la raíz. Falta `missing` si no está."""
    try:
        real = view.resolve(f"/{path}")
        node = view.node(real, follow=False)
    except FileError as error:
        if error.key == "ELOOP":
            raise fault("copy-link-loop", path=f"/{path}", ref=ref(path)) from None
        node = None
    if node is None:
        raise fault(missing, path=f"/{path}", ref=ref(path))
    return node, real.lstrip("/")


def ref(path: str) -> str:
    """Un identificador como los que BuildKit pone en sus errores; aquí, siempre el mismo para lo mismo."""
    digits = hashlib.sha256(path.encode("utf-8", "surrogateescape")).hexdigest()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32])) + f"::{digits[32:57]}"


def _expand(tree: Tree, view: FileSystem, path: str) -> list[str]:
    """Las rutas que casan con un patrón. Los comodines no pasan de «/» ni entran en enlaces."""
    parts = path.split("/")
    fixed = next(index for index, part in enumerate(parts) if is_wild(part))
    start = "/".join(parts[:fixed])
    try:
        base = view.resolve(f"/{start}").lstrip("/")
    except FileError:
        return []
    level = [base]
    for part in parts[fixed:]:
        matches = component(part)
        level = [join(folder, name) for folder in level if isinstance(tree.lookup(folder), Directory)
                 for name in tree.children(folder) if matches(name)]
    return level


def _below(tree: Tree, folder: str, excludes: tuple[str, ...]) -> Iterator[tuple[str, Node]]:
    """Lo que cuelga de `folder`, en orden, con rutas desde ella; sin lo que `--exclude` quita."""
    if not excludes:
        return walk(tree, folder)
    found = list(walk(tree, folder))
    kept = Ignore.of(excludes).keep(path for path, _ in found)
    return iter([(path, node) for path, node in found if path in kept])


def walk(tree: Tree, folder: str) -> Iterator[tuple[str, Node]]:
    """Todo lo que cuelga de `folder`, con rutas desde ella, cada carpeta antes que lo suyo."""
    if not folder and isinstance(tree, Context):     # sus rutas ya están escritas: no se hacen otras
        yield from tree.everything()
        return
    pending = [(folder, "")]
    while pending:
        inside, shown = pending.pop()
        if shown:
            node = tree.lookup(inside)
            if node is None:
                continue
            yield shown, node
            if not isinstance(node, Directory):
                continue
        pending += [(join(inside, name), join(shown, name)) for name in reversed(tree.children(inside))]


def _with_parents(tree: Tree, source: str, copy: Copy) -> Iterator[Item]:
    """`--parents`: lo que casa, con las carpetas de las que cuelga (desde «/./», si se puso)."""
    pivot, mark, pattern = source.strip("/").partition("/./")
    base, pattern = (normalise(pivot), pattern) if mark else ("", pivot)
    wanted = Ignore.of((normalise(pattern),))
    found = dict(_below(tree, base, copy.exclude))
    chosen = {path for path in found if wanted.matches(path)}
    chosen |= {above for path in tuple(chosen) for above in ancestors(path)}
    below = Below((path, node) for path, node in found.items() if path in chosen)
    if len(below):
        yield Item("", Directory(mtime=EPOCH), base, below)


# ── poner ────────────────────────────────────────────────────────────────────

def place(root: Overlay, items: Sequence[Item], copy: Copy, owner: tuple[int, int] | None = None) -> None:
    """Pone lo elegido en `root`, a nombre de `owner` si se da. `BuildError` si choca con lo que hay."""
    target = Destination(root, owner, Mode.parse(copy.chmod) if copy.chmod else None)
    unpacks = copy.add if copy.unpack is None else copy.unpack
    for item in items:
        if unpacks and isinstance(item.node, File):
            found = read_tar(item.node.content)
            if found is not None:
                folder = Destination(root, owner).make(copy.destination)  # el --chmod no es para lo que sale de un tar
                extract(Inside(root, folder), *found, owner)
                continue
        target.receive(item, copy.destination)


class Destination:
    """El árbol en el que se escribe, con el dueño y los permisos que se pidieron."""

    def __init__(self, tree: Tree, owner: tuple[int, int] | None = None, mode: Mode | None = None):
        self.tree, self.view, self.owner, self.mode = tree, FileSystem(tree), owner, mode
        # Docker real: las carpetas que faltan toman el --chmod si es un número, y el --chown.
        uid, gid = owner or (0, 0)
        self.folder = Directory(mode.fixed if mode and mode.fixed is not None else 0o755, uid, gid, EPOCH)

    def receive(self, item: Item, target: str) -> None:
        """Pone `item` en `target`, con las reglas de la barra final y de las carpetas que ya están."""
        head, _, last = target.rpartition("/")
        self.make(head if last not in ("", ".") else target)
        present = self.look(target)
        if not isinstance(item.node, Directory):
            if isinstance(present, Directory):
                target = f"{target.rstrip('/')}/{item.name}"
            self.put(self.real(target), item.node)
            return
        if present is None:
            self.make(target)
        elif not isinstance(present, Directory):
            raise fault("copy-to-file", path=f"{MERGED}{target.rstrip('/')}")
        base = self.real(target)
        for inner, node in item.below:
            self.put(join(base, inner), node)

    def look(self, path: str) -> Node | None:
        """Lo que hay en `path`, siguiendo enlaces."""
        return self.view.node(path.rstrip("/") or "/")

    def real(self, path: str) -> str:
        """Dónde acaba `path` (relativa a la raíz), siguiendo enlaces; puede no existir todavía."""
        return self.view.resolve(path.rstrip("/") or "/").lstrip("/")

    def make(self, path: str) -> str:
        """Crea las carpetas que falten hasta `path`; devuelve dónde está de verdad. Falta `copy-not-folder`."""
        at = ""
        for name in [part for part in path.split("/") if part and part != "."]:
            if name == "..":
                at = parent(at)
                continue
            below = join(at, name)
            node = self.tree.lookup(below)
            if isinstance(node, Symlink):
                link = self.real(f"/{below}")
                below, node = link, self.tree.lookup(link)
                if node is None:
                    below = self.make(f"/{link}")
                    node = self.tree.lookup(below)
            if node is None:
                self.tree.put(below, self.folder)
            elif not isinstance(node, Directory):
                raise fault("copy-not-folder", path=f"/{below}")
            at = below
        return at

    def make_workdir(self, path: str) -> None:
        """La carpeta de un WORKDIR. Faltas `copy-not-folder`, `workdir-below-file`."""
        try:
            self.make(path)
        except BuildError as error:
            if error.data["path"] == path:
                raise
            raise fault("workdir-below-file", path=path) from None

    def put(self, path: str, node: Node) -> None:
        """Pone un nodo en su sitio exacto. Una carpeta no sustituye a un archivo, ni al revés."""
        present = self.tree.lookup(path)
        if isinstance(node, Directory):
            if present is not None and not isinstance(present, Directory):
                raise fault("copy-to-file", path=f"{MERGED}/{path}")
        elif isinstance(present, Directory):
            raise fault("copy-over-folder", path=f"{MERGED}/{path}")
        self.tree.put(path, self.dress(node))

    def dress(self, node: Node) -> Node:
        """El nodo con el dueño y los permisos pedidos, y la hora de siempre."""
        changes: dict[str, object] = {} if node.mtime == EPOCH else {"mtime": EPOCH}
        if self.owner and (node.uid, node.gid) != self.owner:
            changes["uid"], changes["gid"] = self.owner
        if self.mode is not None and not isinstance(node, Symlink):
            changes["mode"] = self.mode.apply(node.mode, isinstance(node, Directory))
        if isinstance(node, File) and node.inode:
            changes["inode"] = 0
        return node.replace(**changes) if changes else node
