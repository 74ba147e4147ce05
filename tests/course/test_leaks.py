"""Dónde se lee un texto en una imagen: capas tapadas, historia y configuración."""

from __future__ import annotations

from pathlib import Path

import pytest

from dockerlab.course.leaks import leaks
from dockerlab.course.roads import order
from dockerlab.engine import Engine

SECRET = "llave-7f3a91"


@pytest.fixture
def found(tmp_path):
    """`found(receta, opciones)`: dónde está la clave en la imagen que sale."""
    (tmp_path / "clave.txt").write_text(f"{SECRET}\n")
    engine = Engine(folder=str(tmp_path))

    def found(recipe: str, options: str = ""):
        (tmp_path / "Dockerfile").write_text(f"FROM alpine\n{recipe}\n")
        assert order(engine, f"docker build -q -t app {options} .", Path(tmp_path))[2] == 0
        return leaks(engine.image("app"), SECRET)
    return found


def test_a_covered_file_is_still_in_its_layer(found):
    assert found("COPY clave.txt /c\nRUN rm /c") == ["el archivo `/c` de la capa `COPY clave.txt /c`"]


def test_an_argument_stays_in_the_history_and_env_also_in_the_configuration(found):
    given = f"--build-arg CLAVE={SECRET}"
    assert [place.split(",")[0] for place in found("ARG CLAVE\nRUN true", given)] == ["la historia"] * 2
    assert found("ARG CLAVE\nENV X=$CLAVE", given)[-1] == "la variable `X`"
    assert found("LABEL clave=llave-7f3a91")[-1] == "el metadato `clave`"


@pytest.mark.parametrize("recipe", [
    "RUN --mount=type=secret,id=clave wc -c /run/secrets/clave > /medida",
    "COPY clave.txt /c\nFROM alpine\nRUN true"])
def test_what_is_lent_or_stays_in_another_stage_is_not_in_the_image(found, recipe):
    assert found(recipe, "--secret id=clave,src=clave.txt") == []


def test_a_secret_that_the_step_copies_is_found(found):
    assert found("RUN --mount=type=secret,id=clave cp /run/secrets/clave /c", "--secret id=clave,src=clave.txt")
