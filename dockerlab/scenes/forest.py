"""El bosque de capas: las imágenes que comparten capas comparten también el dibujo de esas capas.

Cada `Trunk` es un tramo de capas seguidas sin ramas; encima lleva las imágenes
que acaban ahí, sus contenedores y los tramos que siguen. Aquí se decide cuántas
columnas ocupa cada cosa y qué se pliega cuando no cabe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

from ..views import ContainerView, EngineView, ImageView, LayerView

CARD_ROWS = 3  # filas de contenedores sobre una imagen antes de plegar


@dataclass(slots=True)
class Trunk:
    """Un tramo de capas, de abajo arriba, y lo que se apoya en él."""

    layers: list[LayerView] = field(default_factory=list)
    images: list[ImageView] = field(default_factory=list)
    containers: list[ContainerView] = field(default_factory=list)
    branches: list[Trunk] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)  # de cada capa, sin repetir en todo el bosque

    def columns(self) -> int:
        """Las columnas que querría: una por rama y las de sus contenedores."""
        return max(1, sum(branch.columns() for branch in self.branches) + card_columns(len(self.containers)))

    def total(self) -> int:
        """Las imágenes que hay en este tramo y en los de encima."""
        return len(self.images) + sum(branch.total() for branch in self.branches)


def card_columns(count: int) -> int:
    """Columnas que quieren `count` contenedores: en fila hasta tres, y luego en filas de tres."""
    return count if count <= 3 else max(3, ceil(count / CARD_ROWS))


def grow(view: EngineView) -> list[Trunk]:
    """Los árboles de una fotografía del motor, en el orden de sus imágenes."""
    root = Trunk()
    leaves: dict[str, Trunk] = {}
    for image in view.images:
        place = root
        for layer in image.layers or (LayerView(f"none:{image.id}", 0, "sin capas"),):
            following = next((b for b in place.branches if b.layers[0].digest == layer.digest), None)
            if following is None:
                following = Trunk([layer])
                place.branches.append(following)
            place = following
        place.images.append(image)
        leaves[image.id] = place
    for container in view.containers:
        if container.image in leaves:
            leaves[container.image].containers.append(container)
        else:
            lost = Trunk([LayerView(f"lost:{container.id}", 0, "imagen eliminada")], containers=[container])
            root.branches.append(lost)
    seen: dict[str, int] = {}
    for tree in root.branches:
        _join(tree)
        _name(tree, seen)
    return root.branches


def _join(trunk: Trunk) -> None:
    """Une en un tramo las capas seguidas en las que nada acaba ni se bifurca."""
    while len(trunk.branches) == 1 and not trunk.images and not trunk.containers:
        only = trunk.branches[0]
        trunk.layers += only.layers
        trunk.images, trunk.containers, trunk.branches = only.images, only.containers, only.branches
    for branch in trunk.branches:
        _join(branch)


def _name(trunk: Trunk, seen: dict[str, int]) -> None:
    """Da a cada capa su clave: su digest y, si se repite sobre otras capas, un número de orden."""
    for layer in trunk.layers:
        seen[layer.digest] = seen.get(layer.digest, 0) + 1
        again = "" if seen[layer.digest] == 1 else f"-{seen[layer.digest]}"
        trunk.keys.append(f"layer:{layer.digest.removeprefix('sha256:')[:16]}{again}")
    for branch in trunk.branches:
        _name(branch, seen)


@dataclass(frozen=True, slots=True)
class Share:
    """El reparto de las columnas de un tramo: contenedores y ramas que caben, y lo que se pliega."""

    card_columns: int
    cards: int
    branches: tuple[tuple[Trunk, int], ...]
    hidden: int  # ramas plegadas


def share(trunk: Trunk, columns: int) -> Share:
    """Reparte `columns` columnas entre los contenedores y las ramas de un tramo."""
    count = len(trunk.containers)
    for_cards = min(card_columns(count), max(1, columns - sum(b.columns() for b in trunk.branches))) if count else 0
    left = columns - for_cards
    if trunk.branches and left < 1:
        for_cards, left = columns - 1, 1
    cards = min(count, for_cards * CARD_ROWS)
    if 0 < for_cards and cards < count:
        cards -= 1  # deja sitio a «… n más»
    chosen, room = [], left
    for index, branch in enumerate(trunk.branches):
        waiting = len(trunk.branches) - index - 1
        wanted = min(branch.columns(), room - min(waiting, 1)) if room else 0
        if wanted < 1:
            break
        chosen.append((branch, wanted))
        room -= wanted
    return Share(for_cards, cards, tuple(chosen), len(trunk.branches) - len(chosen))


def rows(trees: Sequence[Trunk], columns: int, most: int) -> tuple[list[list[tuple[Trunk, int]]], int]:
    """Los árboles en filas de `columns` columnas (`most` filas como mucho) y cuántos no caben."""
    result: list[list[tuple[Trunk, int]]] = [[]]
    room = columns
    for index, tree in enumerate(trees):
        wanted = min(columns, tree.columns())
        if wanted > room:
            if len(result) == most:
                return result, len(trees) - index
            result.append([])
            room = columns
        result[-1].append((tree, wanted))
        room -= wanted
    return result, 0


def visible_layers(layers: Sequence[LayerView], most: int = 4) -> list[tuple[int, LayerView | int]]:
    """Las capas que se dibujan de un tramo: (posición, capa), o (posición, cuántas se pliegan)."""
    if len(layers) <= most:
        return list(enumerate(layers))
    start = len(layers) - most + 2
    return [(0, layers[0]), (1, start - 1), *enumerate(layers[start:], start)]
