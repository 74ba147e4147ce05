"""Las capas de solo lectura, unidas de una vez: qué nodo se ve en cada ruta y qué capa lo pone.

Una capa tapa a las de debajo: lo que nombra sustituye a lo que había, una marca de
borrado lo quita y una carpeta opaca vacía la de abajo. Formato: OCI image-spec,
*Image Layer Filesystem Changeset*.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from .layer import Layer
from .nodes import Directory, Node, Whiteout
from .paths import join, parent

_NOTHING: frozenset[str] = frozenset()


class Merged:
    """La unión, ya calculada, de unas capas que no cambian: se comparte entre contenedores."""

    __slots__ = ("nodes", "names")

    def __init__(self) -> None:
        self.nodes: dict[str, tuple[Node, int]] = {"": (Directory(), 0)}  # ruta → (nodo, capa que lo pone)
        self.names: dict[str, frozenset[str] | set[str]] = {"": _NOTHING}  # carpeta → nombres

    def over(self, layer: Layer, index: int) -> Merged:
        """Esta unión con `layer` encima (la número `index` desde abajo)."""
        above = _Stacking(self, index)
        for path, node in layer.entries.items():  # las marcas solo hablan de lo de abajo: van antes
            if isinstance(node, Whiteout):
                above.remove(path)
            elif isinstance(node, Directory) and node.opaque:
                above.empty(path)
        for path, node in layer.entries.items():
            if not isinstance(node, Whiteout):
                above.add(path, node.replace(opaque=False) if isinstance(node, Directory) and node.opaque else node)
        return above.union


class _Stacking:
    """Una unión mientras se le pone encima la capa `index`. Los nombres de una carpeta se copian al cambiarla."""

    def __init__(self, below: Merged, index: int):
        self.union, self.index = Merged(), index
        self.union.nodes, self.union.names = below.nodes.copy(), below.names.copy()
        self.own: set[str] = set()  # carpetas cuyo conjunto de nombres ya no es el de abajo

    def names(self, folder: str) -> set[str]:
        """Los nombres de una carpeta, para cambiarlos."""
        if folder in self.own:
            return self.union.names[folder]
        self.own.add(folder)
        names = self.union.names[folder] = set(self.union.names.get(folder, _NOTHING))
        return names

    def remove(self, path: str) -> None:
        """Quita `path` y lo que cuelga, si está."""
        if path in self.union.nodes:
            self.names(parent(path)).discard(path.rpartition("/")[2])
            self.erase(path)

    def empty(self, folder: str) -> None:
        """Quita todo lo que hay en una carpeta."""
        for name in tuple(self.union.names.get(folder, _NOTHING)):
            self.remove(join(folder, name))

    def erase(self, path: str) -> None:
        """Olvida `path` y lo que cuelga; su carpeta lo sigue nombrando."""
        if self.union.nodes.pop(path, None) is None:
            return
        for name in self.union.names.pop(path, _NOTHING):
            self.erase(join(path, name))
        self.own.discard(path)

    def add(self, path: str, node: Node) -> None:
        """Pone `node` en `path`, y las carpetas que la capa da por supuestas."""
        if path:
            folder = parent(path)
            if folder not in self.union.names:
                self.add(folder, Directory())
            self.names(folder).add(path.rpartition("/")[2])
        if isinstance(node, Directory):
            self.union.names.setdefault(path, _NOTHING)
        elif path in self.union.names:
            self.erase(path)
        self.union.nodes[path] = (node, self.index)


_EMPTY = Merged()
_cache: OrderedDict[tuple[str, ...], Merged] = OrderedDict()
_KEPT = 128


def merged(layers: Sequence[Layer]) -> Merged:
    """La unión de `layers` (de abajo arriba), calculada una vez por cadena de digests."""
    if not layers:
        return _EMPTY
    chain = tuple(layer.diff_id for layer in layers)
    start = len(chain)
    while start and chain[:start] not in _cache:
        start -= 1
    union = _cache[chain[:start]] if start else _EMPTY
    for index in range(start, len(chain)):
        union = union.over(layers[index], index)
        _cache[chain[:index + 1]] = union
    _cache.move_to_end(chain)
    while len(_cache) > _KEPT:
        _cache.popitem(last=False)
    return union
