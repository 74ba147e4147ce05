"""La unión de capas: lo que se ve al mirar la pila desde arriba.

Se busca de arriba abajo; una marca de borrado o una carpeta opaca tapan lo de
debajo; lo que se escribe va a la capa de escritura (`upper`), y por eso cambiar
un archivo de la imagen lo copia entero (*copy-up*). Docker real: controlador
`overlay2`.
"""

from __future__ import annotations

from collections.abc import Sequence

from .layer import Layer, settled, weigh
from .merged import merged
from .nodes import Directory, File, Node, Whiteout
from .paths import ancestors, join


class Overlay:
    """Unas capas de solo lectura y, encima, una de escritura.

    Rutas normalizadas, sin barra delante. Aquí no hay permisos ni enlaces que
    seguir: de eso se ocupa `FileSystem`.
    """

    __slots__ = ("layers", "lower", "upper", "_names", "_covers", "_links", "_last_inode")

    def __init__(self, layers: Sequence[Layer] = (), upper: dict[str, Node] | None = None):
        self.layers = tuple(layers)
        self.lower = merged(self.layers)
        self.upper: dict[str, Node] = {}
        self._names: dict[str, set[str]] = {}   # carpeta → nombres puestos o borrados en `upper`
        self._covers: set[str] = set()          # rutas de `upper` que tapan lo que tienen debajo
        self._links: dict[int, set[str]] = {}   # inodo → rutas de `upper` que lo comparten
        self._last_inode = 0
        for path, node in (upper or {}).items():
            self._set(path, node)

    def lookup(self, path: str) -> Node | None:
        """El nodo de `path`, o None. No sigue enlaces simbólicos."""
        node = self.upper.get(path)
        if node is None:
            return self._below(path)
        if isinstance(node, Directory) and node.opaque:
            return node.replace(opaque=False)
        return None if isinstance(node, Whiteout) else node

    def children(self, path: str) -> list[str]:
        """Los nombres que hay en la carpeta `path`, en orden."""
        names = self._below_names(path)
        for name in self._names.get(path, ()):
            if isinstance(self.upper[join(path, name)], Whiteout):
                names.discard(name)
            else:
                names.add(name)
        return sorted(names)

    def origin(self, path: str) -> int | str | None:
        """Quién pone `path`: el número de capa desde abajo, "upper", o None si no existe."""
        node = self.upper.get(path)
        if node is not None:
            return None if isinstance(node, Whiteout) else "upper"
        found = self.lower.nodes.get(path)
        return None if found is None or self._covered(path) else found[1]

    def put(self, path: str, node: Node) -> None:
        """Pone `node` en la capa de escritura (y, si faltan, las carpetas de las que cuelga)."""
        for above in ancestors(path):
            if not isinstance(self.upper.get(above), Directory):
                present = self.lookup(above)
                self._set(above, present if isinstance(present, Directory)
                          else Directory(opaque=self._must_cover(above)))
        before = self.upper.get(path)
        if isinstance(node, Directory):
            node = node.replace(opaque=True) if self._must_cover(path) and not node.opaque else node
        elif path in self.lower.names or path in self._names:
            self._forget_under(path)
        if isinstance(node, File) and node.inode:
            if isinstance(before, File) and before.inode == node.inode:
                for other in self._links[node.inode]:
                    self.upper[other] = node
                return
            node = node.replace(inode=0)  # copiar arriba rompe el enlace duro, como en overlay2
        self._set(path, node)

    def link(self, old: str, new: str) -> None:
        """Un enlace duro: `new` es el mismo archivo que `old` (que existe y no es carpeta)."""
        node = self.lookup(old)
        if isinstance(node, File) and not (old in self.upper and node.inode):
            self.put(old, node)
            node = node.replace(inode=self._last_inode + 1)
            self._set(old, node)
        self.put(new, node)
        self._set(new, node)

    def move(self, old: str, new: str) -> None:
        """Cambia el nombre de `old` (con todo lo que cuelga); lo que hubiera en `new` desaparece."""
        if self.lookup(new) is not None:
            self.remove(new)
        node = self.lookup(old)
        self.put(new, node)
        if isinstance(node, File) and node.inode and old in self.upper:
            self._set(new, node)
        for name in self.children(old) if isinstance(node, Directory) else ():
            self.move(join(old, name), join(new, name))
        self.remove(old)

    def remove(self, path: str) -> None:
        """Quita `path` y todo lo que cuelga; deja una marca de borrado si las capas lo tienen."""
        self._forget_under(path)
        self._drop(path)
        if self._below(path) is not None:
            for above in ancestors(path):
                if above not in self.upper:
                    self._set(above, self.lookup(above))
            self._set(path, Whiteout())

    def links(self, path: str) -> frozenset[str]:
        """Todas las rutas que son el mismo archivo que `path` (ella incluida)."""
        node, origin = self.lookup(path), self.origin(path)
        if not isinstance(node, File) or not node.inode:
            return frozenset((path,))
        same = self._links[node.inode] if origin == "upper" else self.layers[origin].links[node.inode]
        return frozenset(other for other in same if self.origin(other) == origin)

    def changes(self) -> list[tuple[str, str]]:
        """Lo que `docker diff` dice: (A | C | D, "/ruta"), en orden de ruta.

        Docker real: compara los dos árboles. De una carpeta solo cuentan los permisos
        y el dueño (o que algo de dentro haya cambiado); de un archivo, también hora y tamaño.
        """
        found: dict[str, str] = {}
        for path, node in self.upper.items():
            below = self.lower.nodes.get(path)
            if isinstance(node, Directory) and (node.opaque or path in self._covers):
                found.update((join(path, name), "D") for name in self.lower.names.get(path, ())
                             if join(path, name) not in self.upper)
            if isinstance(node, Whiteout):
                found[path] = "D"
            elif below is None:
                found[path] = "A"
            elif _looks(node) != _looks(below[0]):
                found[path] = "C"
        for path in tuple(found):
            for above in ancestors(path):
                found.setdefault(above, "C")
        found.pop("", None)
        return [(kind, f"/{path}") for path, kind in sorted(found.items())]

    def freeze(self, mtime: int | None = None) -> Layer:
        """La capa de escritura hecha capa; con `mtime`, todo lleva esa hora.

        La raíz solo entra si cambió de dueño o de permisos: su hora no cuenta.
        """
        entries = dict(self.upper)
        root, below = entries.get(""), self.lower.nodes[""][0]
        if root is not None and (root.mode, root.uid, root.gid) == (below.mode, below.uid, below.gid):
            del entries[""]
        if mtime is not None:
            entries = {path: node if isinstance(node, Whiteout) else node.replace(mtime=mtime)
                       for path, node in entries.items()}
        return Layer({path: settled(node) for path, node in entries.items()})

    @property
    def size(self) -> int:
        """Bytes de la capa de escritura."""
        return weigh(self.upper.values())

    def _must_cover(self, path: str) -> bool:
        """Una carpeta puesta ahora en `path`, ¿tiene que tapar la de las capas, que ya no se veía?"""
        before = self.upper.get(path)
        hidden = before is not None and not (isinstance(before, Directory) and not before.opaque)
        return hidden and path in self.lower.names and not self._covered(path)

    def _below(self, path: str) -> Node | None:
        """Lo que las capas tienen en `path`, si nada de `upper` lo tapa."""
        found = self.lower.nodes.get(path)
        return None if found is None or self._covered(path) else found[0]

    def _below_names(self, path: str) -> set[str]:
        node = self.upper.get(path)
        if isinstance(node, Directory) and node.opaque or path in self._covers or self._covered(path):
            return set()
        return set(self.lower.names.get(path, ()))

    def _covered(self, path: str) -> bool:
        return bool(self._covers) and any(above in self._covers for above in ("", *ancestors(path)))

    def _set(self, path: str, node: Node) -> None:
        self._drop(path)
        self.upper[path] = node
        if path:
            folder, _, name = path.rpartition("/")
            self._names.setdefault(folder, set()).add(name)
        if not isinstance(node, Directory) or node.opaque:
            self._covers.add(path)
        if isinstance(node, File) and node.inode:
            self._links.setdefault(node.inode, set()).add(path)
            self._last_inode = max(self._last_inode, node.inode)

    def _drop(self, path: str) -> None:
        node = self.upper.pop(path, None)
        if node is None:
            return
        folder, _, name = path.rpartition("/")
        names = self._names.get(folder)
        if names is not None:
            names.discard(name)
            if not names:
                del self._names[folder]
        self._covers.discard(path)
        if isinstance(node, File) and node.inode:
            paths = self._links[node.inode]
            paths.discard(path)
            if not paths:
                del self._links[node.inode]

    def _forget_under(self, path: str) -> None:
        """Quita de `upper` todo lo que cuelga de `path`."""
        for name in tuple(self._names.get(path, ())):
            below = join(path, name)
            self._forget_under(below)
            self._drop(below)


def _looks(node: Node) -> tuple[object, ...]:
    """Lo que Docker mira de un nodo para decir que cambió."""
    if isinstance(node, Directory):
        return (Directory, node.mode, node.uid, node.gid)
    return (type(node), node.mode, node.uid, node.gid, node.mtime, node.size, getattr(node, "target", ""))
