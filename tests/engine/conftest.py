"""Un motor con el BusyBox de las grabaciones, listo para usar."""

from __future__ import annotations

from pathlib import Path

import pytest

from dockerlab.engine import Engine

CATALOGUE = Path(__file__).resolve().parent.parent / "oracle" / "catalogue"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Un motor vacío que sabe descargar `busybox` y `hello-world`."""
    return Engine(catalogue=CATALOGUE, folder=str(tmp_path))


def start(engine: Engine, *argv: str, name: str | None = None, host: dict | None = None, **config):
    """Crea y arranca un contenedor de BusyBox con esa orden."""
    container = engine.create("busybox", name, {"Cmd": list(argv), **config}, host)
    engine.containers.start(container)
    return container
