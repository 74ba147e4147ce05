"""Las escenas con lo que cuenta el motor de verdad (el nuestro), sin nada hecho a mano."""

from __future__ import annotations

import pytest

from dockerlab.client import Docker
from dockerlab.engine import Engine
from dockerlab.scenes import build
from dockerlab.scenes import map as engine_map
from tests.extras import ROOT

from .geometry import drawings, faults

APP = str(ROOT / "notebooks" / "app")


@pytest.fixture(scope="module")
def engine():
    """Un motor con la aplicación del curso construida dos veces y tres contenedores."""
    made = Engine()
    made.first = list(made.build(APP, tags=["my-image"]))
    made.second = list(made.build(APP, tags=["my-image"]))
    docker = Docker(made)
    docker.containers.run("my-image", detach=True, name="my-container", volumes=["datos:/app/datos"])
    docker.containers.run("my-image", detach=True, name="otro").stop()
    docker.containers.run("nginx", detach=True, name="web")
    return made


def test_a_real_build_is_drawn_without_faults(engine):
    film = build.film(engine.first)
    assert len(film.frames) == 14 and film.frames[-1].mark == "Resultado"
    assert not [fault for drawing in drawings(film) for fault in faults(drawing)]


def test_the_second_build_is_all_hits(engine):
    said = [frame.caption for frame in build.film(engine.second).frames]
    assert sum("Acierto de caché" in caption for caption in said) == 3
    assert not any("Fallo de caché" in caption for caption in said)


def test_a_real_engine_is_mapped_without_faults(engine):
    frame = engine_map.draw(engine.view())
    assert not faults(frame.wide) and not faults(frame.narrow)
    said = " ".join(frame.description)
    assert "Contenedor otro: exited" in said and "Contenedor my-container: running" in said
    assert "Volumen datos" in said and "datos → /app/datos" in said
