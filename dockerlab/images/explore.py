"""El explorador de capas: qué puso cada una, qué tapó y cuánto se desperdicia.

Lo que una capa escribe y otra posterior cambia o borra sigue ocupando sitio en
la imagen: son los bytes *desperdiciados* de la capa de abajo.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dockerlab.filesystem import Directory, Overlay, Whiteout
from dockerlab.filesystem.merged import Merged, merged
from dockerlab.filesystem.paths import join

from .image import Image


@dataclass(frozen=True, slots=True)
class LayerReport:
    """Lo que hizo una capa. Las rutas llevan barra delante; los tamaños son bytes.

    `removed`: lo que sus marcas de borrado ocultan; `wasted`: sus bytes que las
    capas de encima cambiaron o borraron.
    """

    digest: str
    created_by: str
    size: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    wasted: int


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """Una ruta de la imagen y la capa (desde 0, abajo) de la que viene lo que se ve."""

    path: str
    kind: str   # d carpeta, l enlace, - archivo, c b p dispositivo
    size: int
    layer: int


def explore(image: Image) -> tuple[LayerReport, ...]:
    """El informe de cada capa, de abajo arriba."""
    names = [row.entry.created_by for row in image.history if row.layer is not None]
    reports = []
    final = merged(image.layers)
    for index, layer in enumerate(image.layers):
        below = merged(image.layers[:index])
        added, changed, removed = [], [], []
        wasted, counted = 0, set()
        for path, node in sorted(layer.entries.items()):
            if isinstance(node, Whiteout):
                removed += [f"/{each}" for each in _subtree(below, path)]
                continue
            if isinstance(node, Directory):
                if node.opaque:
                    removed += [f"/{each}" for name in sorted(below.names.get(path, ()))
                                for each in _subtree(below, join(path, name)) if each not in layer.entries]
                continue
            (changed if path in below.nodes else added).append(f"/{path}")
            inode = getattr(node, "inode", 0)
            if final.nodes.get(path, (None, -1))[1] != index and inode not in counted:
                wasted += node.size
                if inode:
                    counted.add(inode)
        reports.append(LayerReport(layer.diff_id, names[index] if index < len(names) else "", layer.size,
                                   tuple(added), tuple(changed), tuple(removed), wasted))
    return tuple(reports)


def _subtree(union: Merged, path: str) -> list[str]:
    """Los archivos (no carpetas) que hay en `path` y por debajo."""
    found = union.nodes.get(path)
    if found is None:
        return []
    if not isinstance(found[0], Directory):
        return [path]
    below = [each for name in sorted(union.names[path]) for each in _subtree(union, join(path, name))]
    return below or [path]


def tree(image: Image) -> tuple[TreeEntry, ...]:
    """Todo lo que se ve en la imagen, en orden, con la capa que lo pone."""
    overlay = Overlay(image.layers)
    entries, pending = [], [""]
    while pending:
        path = pending.pop()
        node, layer = overlay.lower.nodes[path]
        if path:
            kind = {"File": "-", "Directory": "d", "Symlink": "l"}.get(type(node).__name__) or node.kind
            entries.append(TreeEntry(f"/{path}", kind, node.size, layer))
        if isinstance(node, Directory):
            pending += [join(path, name) for name in reversed(overlay.children(path))]
    return tuple(entries)


@dataclass(frozen=True, slots=True)
class Sharing:
    """Cuánto de una imagen es solo suyo y cuánto comparte con otras (bytes)."""

    image: str
    own: int
    shared: int


def sharing(images: Iterable[Image]) -> tuple[Sharing, ...]:
    """Por cada imagen, los bytes de capas propias y compartidas con las demás de la lista."""
    images = tuple(images)
    holders: dict[str, set[str]] = {}
    for image in images:
        for chain in image.chain_ids:
            holders.setdefault(chain, set()).add(image.id)
    result = []
    for image in images:
        shared = sum(layer.size for chain, layer in zip(image.chain_ids, image.layers, strict=True)
                     if len(holders[chain]) > 1)
        result.append(Sharing(image.id, image.size - shared, shared))
    return tuple(result)
