"""Un motor con busybox descargado y una manera corta de escribirle órdenes."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from dockerlab.cli import capture
from dockerlab.engine import Engine

CATALOGUE = Path(__file__).resolve().parent.parent / "oracle" / "catalogue"


@pytest.fixture
def engine(tmp_path):
    """Un motor nuevo, con la carpeta de la prueba como anfitrión."""
    made = Engine(catalogue=CATALOGUE, folder=str(tmp_path))
    made.pull("busybox")
    return made


@pytest.fixture
def docker(engine, tmp_path):
    """`docker("ps -a")` ejecuta la línea y devuelve lo que dejó."""
    def run(line, stdin=None, **options):
        return capture(engine, shlex.split(line), stdin, **{"cwd": str(tmp_path), **options})
    return run
