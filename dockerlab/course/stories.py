"""Lo que una lección o un notebook puede pedir que se anime, cada cosa con su nombre.

Cada relato recibe el motor, lo pedido (`Animation`: sus órdenes y, en `about`,
de qué se habla) y cómo dar una orden; y devuelve la película.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..scenes import layers
from ..scenes.scene import Film
from .lessons import Animation

Run = Callable[[str], Any]
Story = Callable[[Any, Animation, Run], Film]


def give(animation: Animation, run: Run) -> dict[str, Any]:
    """Da las órdenes que haya antes de mirar; devuelve de qué se habla."""
    for line in animation.orders:
        run(line)
    return dict(animation.about)


def layers_film(engine: Any, animation: Animation, run: Run) -> Film:
    """Las capas de la imagen `image`, de abajo arriba."""
    return layers.film(engine.image(give(animation, run)["image"]), animation.title)


def secret_film(engine: Any, animation: Animation, run: Run) -> Film:
    """La búsqueda de `path` en las capas de la imagen `image`."""
    about = give(animation, run)
    return layers.search(engine.image(about["image"]), about["path"], animation.title)


STORIES: dict[str, Story] = {"layers": layers_film, "secret": secret_film}

# como se piden en un notebook: animar("capas", image="my-image")
SPOKEN: dict[str, str] = {"capas": "layers", "secreto": "secret"}
