"""Las películas con las que se prueban las escenas: vacías, corrientes y enormes."""

from __future__ import annotations

import functools

from dockerlab.scenes import build, lifecycle
from dockerlab.scenes import map as engine_map
from dockerlab.scenes.scene import Film
from dockerlab.views import EngineView

from . import samples, worlds

MAKERS = {
    "construcción del curso": lambda: build.film(samples.build()),
    "construcción mínima": lambda: build.film(samples.tiny()),
    "construcción que falla": lambda: build.film(samples.failing()),
    "construcción por etapas": lambda: build.film(samples.staged()),
    "construcción de cuarenta fotogramas": lambda: build.film(samples.forty()),
    "construcción enorme": lambda: build.film(samples.huge()),
    "ciclo de vida": lambda: lifecycle.film(samples.life()),
    "ciclo de vida con nombres largos": lambda: lifecycle.film(
        samples.life("contenedor-de-nombre-" * 6, "imagen/" * 20)
    ),
    "mapa vacío": lambda: engine_map.film([EngineView(0)]),
    "mapa del aula": lambda: engine_map.film([EngineView(0), samples.classroom()]),
    "mapa enorme": lambda: engine_map.film([samples.crowd()]),
    "mapa con una capa repetida": lambda: engine_map.film(samples.repeated()),
    "pregunta": worlds.asking,
    **worlds.WORLDS,
}


@functools.cache
def film(name: str) -> Film:
    """La película `name`, hecha una sola vez."""
    return MAKERS[name]()
