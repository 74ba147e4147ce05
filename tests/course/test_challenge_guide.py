"""La guía «Escribir un reto» dice lo que hay: el ejemplo vale, y las tablas son las del código."""

from __future__ import annotations

import dataclasses
import inspect
import re
from importlib.resources import files

import pytest

from dockerlab import views
from dockerlab.course import challenge_check, challenge_file, challenges
from dockerlab.course.expressions import evaluate
from dockerlab.course.facts import World
from dockerlab.course.roads import walk
from dockerlab.engine import Engine
from tests.extras import ROOT

GUIDE = (ROOT / "notebooks" / "guia" / "escribir_un_reto.md").read_text(encoding="utf-8")
VIEWS = {"un contenedor": views.ContainerView, "una imagen": views.ImageView, "una capa": views.LayerView,
         "un proceso": views.ProcessView, "un montaje": views.MountView, "un volumen": views.VolumeView,
         "una red": views.NetworkView}


def fences(language: str) -> list[str]:
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", GUIDE)


def rows(heading: str) -> list[list[str]]:
    """Las filas de la primera tabla que sigue a un título."""
    text = GUIDE.partition(f"{heading}\n")[2]
    table = re.search(r"(?m)(?:^\|.*\n)+", text)[0]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table.splitlines()[2:]]


FACTS = rows("### Los hechos")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guia")
    road = next(text for text in fences("text") if "--network barrio" in text)
    engine = Engine(folder=str(folder))
    walked = walk(engine, road, folder)
    assert not [line for line in walked.transcript if line[2]]
    return World(engine)


def test_the_whole_example_is_good():
    example, = fences("toml")
    assert example == files("dockerlab.course").joinpath("example_challenge.toml").read_text(encoding="utf-8")
    challenge = challenges.read(example, "mi-reto")
    assert [finding for finding in challenge_check.findings(challenge) if finding.kind != "correcto"] == []


def test_the_fields_are_those_that_are_read():
    fields = {name.strip("`"): asked == "sí" for name, asked, _ in rows("## Los campos")}
    assert fields == {name: name not in challenge_file.OPTIONAL for name in challenge_file.SHAPES}
    text = {row[0].strip("`"): row[2] for row in rows("## Los campos")}
    assert all(f"`{name}`" in text["goals"] for name in challenge_file.GOAL)
    assert all(f"`{name}`" in text["wrong"] for name in challenge_file.WRONG)


def test_the_ideas_are_those_of_the_course():
    assert tuple(key.strip("`") for key, _ in rows("### Las ideas del curso")) == challenge_file.CLAIMS


def test_every_fact_is_in_the_table_with_its_own_words():
    table = {re.match(r"`(\w+)", row[0])[1]: row for row in FACTS}
    assert set(table) == {*challenge_file.SIGNATURES, *challenge_file.VALUES}, "apunta el hecho en la tabla de la guía"
    offered = World(None).offered()
    for name, signature in challenge_file.SIGNATURES.items():
        names = ", ".join(f"{one.name}, …" if one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD) else one.name
                          for one in signature.parameters.values())
        assert table[name][0] == f"`{name}({names})`"
        assert table[name][1] == inspect.getdoc(offered[name]).splitlines()[0]


@pytest.mark.parametrize("row", FACTS, ids=lambda row: row[0])
def test_every_example_is_true(world, row):
    example = row[2].strip("`")
    assert list(challenge_file.expression_faults("ejemplo", example)) == []
    assert evaluate(example, world.names()) is True


@pytest.mark.parametrize(("what", "view"), VIEWS.items(), ids=lambda item: str(item)[:12])
def test_what_can_be_asked_of_each_thing_is_what_there_is(what, view):
    table = {row[0]: re.findall(r"`(\w+)`", row[1]) for row in rows("### Qué se puede preguntar de cada cosa")}
    assert table[what] == [field.name for field in dataclasses.fields(view)]
