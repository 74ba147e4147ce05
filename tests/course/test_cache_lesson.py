"""El notebook 07: sus respuestas, preguntadas al motor; y una receta cambiada no se juzga por su imagen vieja."""

from __future__ import annotations

import pytest

from dockerlab.course import lessons
from dockerlab.course.checks import judge
from dockerlab.course.facts import World, tidy
from dockerlab.course.practice import prepare
from dockerlab.course.roads import walk
from dockerlab.engine import Engine

CACHE = lessons.load("07_cache")
RECIPE = dict(CACHE.files)["practica/lenta/Dockerfile"]
CHANGES = {
    "letra": "%%archivo practica/lenta/server.js\nconsole.log(\"abierta\");",
    "fecha": "%%archivo practica/lenta/server.js\n" + dict(CACHE.files)["practica/lenta/server.js"],
    "leeme": "%%archivo practica/lenta/LEEME.md\nHola",
    "orden": "%%archivo practica/lenta/Dockerfile\n" + RECIPE.replace("npm install", "npm install --omit=dev"),
    "carpeta": "%%archivo practica/lenta/Dockerfile\n" + RECIPE.replace("/app", "/srv"),
    "comentario": "%%archivo practica/lenta/Dockerfile\n# la tienda\n" + RECIPE,
}


@pytest.fixture
def engine(tmp_path):
    prepare(tmp_path, CACHE.files)
    return Engine(folder=str(tmp_path))


def exercise(name):
    return next(one for one in CACHE.exercises if one.id == name)


@pytest.mark.parametrize("change", CHANGES)
def test_the_first_step_that_misses_is_the_one_the_exercise_says(engine, tmp_path, change):
    walk(engine, "!docker build -q -t lenta practica/lenta", tmp_path)
    missed = World(engine).repeated(CHANGES[change], "docker build -q -t lenta practica/lenta")
    assert tidy(exercise("primer-fallo").key[change]) == (tidy(missed[0].split()[0]) if missed else "ninguno")


@pytest.mark.parametrize(("name", "folder"), [("trampa-apt", "consultas"), ("arg-a-su-sitio", "sello"),
                                              ("ordena", "tienda7"), ("reto-panel", "panel")])
def test_an_image_of_an_older_recipe_is_not_judged(engine, tmp_path, name, folder):
    task = exercise(name)
    walk(engine, task.solution, tmp_path)
    assert judge(task, engine).state == "correcto"
    walk(engine, f"%%archivo practica/{folder}/Dockerfile\nFROM alpine\nRUN falta", tmp_path)
    assert judge(task, engine).state == "pendiente"
