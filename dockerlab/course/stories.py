"""Lo que una lección o un notebook puede pedir que se anime, cada cosa con su nombre.

Cada relato recibe el motor, lo pedido (`Animation`: sus órdenes y, en `about`,
de qué se habla) y cómo dar una orden; y devuelve la película.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..events import Event
from ..scenes import layers, processes, union
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


def union_film(engine: Any, animation: Animation, run: Run) -> Film:
    """Lo que cada orden hace en la capa de escritura del contenedor `container`; `paths`: qué archivos se enseñan."""
    about = dict(animation.about)
    states = [("", union.still(engine.containers.get(about["container"]).root))]
    for line in animation.orders:
        run(line)
        states.append((line, union.still(engine.containers.get(about["container"]).root)))
    return union.film(states, animation.title, about.get("paths", ()))


def processes_film(engine: Any, animation: Animation, run: Run) -> Film:
    """Los procesos del contenedor `container` y las señales que las órdenes le mandan."""
    instants, now = [processes.Instant(engine.view())], ""

    def hear(event: Any) -> None:
        if isinstance(event, Event):
            instants.append(processes.Instant(engine.view(), event, now))

    leave = engine.events.subscribe(hear)
    for now in animation.orders:
        run(now)
    leave()
    return processes.film(instants, dict(animation.about)["container"], animation.title)


STORIES: dict[str, Story] = {
    "layers": layers_film, "secret": secret_film, "union": union_film, "processes": processes_film}

# como se piden en un notebook: animar("capas", image="my-image")
SPOKEN: dict[str, str] = {"capas": "layers", "secreto": "secret", "copia": "union", "procesos": "processes"}
