"""La explicación mira lo que hay en el motor; el texto de Docker no cambia."""

from __future__ import annotations

import pytest

from dockerlab.cli import Terminal, run
from dockerlab.cli.terminal import plain_explanation
from dockerlab.engine import Engine

WORLD = ("run hello-world", "run -d --name ana alpine sleep 9999", "tag alpine mia:1")
CASES = (
    ("hello-world", "Para ejecutarla falta decirlo: `docker run hello-world`", ""),
    ("nginx", "`docker run nginx`", ""),
    ("pss", "¿Querías `docker ps`?", "es una imagen"),
    ("start hello-world", "«hello-world» es una imagen", "letra a letra"),
    ("exec debian ls", "ni cuyo id empiece así", "es una imagen"),
    ("rm *", "no quiere decir «todos»", ""),
    ("rm anna", "¿Querías decir «ana»?", ""),
    ("rm -f zzz", "ni cuyo id empiece así", "¿Querías"),
    ("run ana", "«ana» es un contenedor", "registro"),
    ("pull ana", "En el registro no hay", "es un contenedor"),
    ("run -d ngnix", "¿Querías decir «nginx»?", "docker search"),
    ("run mia", "se llama `mia:1`", ""),
    ("run -name x alpine", "dos guiones: `--name`", ""),
    ("rm -all ana", "Varias opciones de una letra", "dos guiones: `--all`"),
    ("run --name hello-world", "«hello-world» se lo ha quedado `--name`", ""),
    ("run", "la orden pide al menos 1 y hay 0", "se lo ha quedado"),
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    made = Engine()
    for line in WORLD:
        run(made, line.split(), Terminal(str, str))
    return made


def said(engine: Engine, line: str) -> str:
    """Lo que se lee al dar la orden, en su orden: lo de Docker y la explicación."""
    read: list[str] = []
    run(engine, line.split(), Terminal(read.append, read.append,
                                       explaining=lambda error: read.append(plain_explanation(error))))
    return "".join(read)


@pytest.mark.parametrize(("line", "told", "kept_quiet"), CASES)
def test_the_explanation_knows_what_is_in_the_engine(engine: Engine, line: str, told: str, kept_quiet: str) -> None:
    text = said(engine, line)
    assert told in text
    assert not kept_quiet or kept_quiet not in text


def test_the_explanation_comes_after_all_that_docker_says(engine: Engine) -> None:
    docker, _, ours = said(engine, "start hello-world").partition("  │")
    assert docker.endswith("Error: failed to start containers: hello-world\n")
    assert ours


def test_one_explanation_for_several_names(engine: Engine) -> None:
    assert said(engine, "rm -f uno dos tres").count("Qué ha pasado") == 1


def test_the_words_of_docker_do_not_change(engine: Engine) -> None:
    assert said(engine, "start hello-world").startswith("Error response from daemon: No such container: hello-world\n")
