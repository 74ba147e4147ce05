"""Las animaciones de una lección: unas órdenes en un motor aparte, y la película que sale.

Nada de lo que se anima toca el motor de quien aprende: por eso se puede ver
antes de hacerlo.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..scenes import build, lifecycle, map, moments
from ..scenes.scene import Film
from .hand import Hand, Story
from .lessons import Animation
from .practice import prepare
from .roads import order
from .slips import RESTORE, Missing
from .stories import SPOKEN, STORIES


def film(animation: Animation, files: tuple[tuple[str, str], ...], folder: Path) -> Film:
    """La película de `animation`; `files`, los archivos de práctica; `folder`, donde están los ejemplos."""
    from ..engine import Engine
    with tempfile.TemporaryDirectory() as practice:
        prepare(Path(practice), files)
        here = folder if animation.examples else Path(practice)
        engine = Engine(folder=str(here))
        for line in animation.start:
            order(engine, line, here)
        return SCENES[animation.scene](engine, animation, Hand(engine, here))


def map_film(engine: Any, animation: Animation, run: Hand) -> Film:
    """El mapa del motor antes de empezar y después de cada orden; con `networks = false`, sin las redes."""
    whole = dict(animation.about).get("networks", True)

    def seen() -> Any:
        return engine.view() if whole else replace(engine.view(), networks=())

    def views() -> Iterator[Any]:
        yield seen()
        for line in animation.orders:
            run(line)
            yield seen()
    return map.film(views(), animation.title, animation.orders)


def build_film(engine: Any, animation: Animation, run: Hand) -> Film:
    """La construcción, paso a paso."""
    heard: list[Any] = []
    leave = engine.events.subscribe(heard.append)
    for line in animation.orders:
        _, said, code = run(line)
        if code and not heard:
            raise Missing(f"Esta animación necesita los archivos del curso, y no están: `{line}` contesta "
                          f"«{said.strip().splitlines()[-1]}». {RESTORE}")
    leave()
    return build.film(heard, animation.title)


def lifecycle_film(engine: Any, animation: Animation, run: Hand) -> Film:
    """La vida del contenedor `animation.subject`, con la orden que lo movió; con `signals = false`, sin señales."""
    signals = dict(animation.about).get("signals", True)

    def story() -> Iterator[moments.Moment]:
        now = moments.arrival(engine.view(), animation.subject)
        yield now
        for line in animation.orders:
            before = len(engine.events.events)
            run(line)
            for now in moments.moments(now, engine.events.events[before:], engine.view(), line):
                if signals or not now.signal:
                    yield now
    return lifecycle.film(story(), animation.title)


SCENES: dict[str, Story] = {
    "map": map_film, "build": build_film, "lifecycle": lifecycle_film, **STORIES}


def told(engine: Any, name: str, folder: Path, about: dict[str, Any]) -> Film:
    """La película que se pide por su nombre («capas») sobre un motor que ya está como se quiere ver.

    `about`: de qué se habla (`image="my-image"`) y, si hacen falta, las órdenes (`orders=[...]`).
    """
    details = {key: value for key, value in about.items() if key != "orders"}
    animation = Animation(name, about.get("title", ""), SPOKEN[name], tuple(about.get("orders", ())),
                          about=tuple(details.items()))
    return SCENES[animation.scene](engine, animation, Hand(engine, folder))
