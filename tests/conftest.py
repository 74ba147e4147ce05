"""Lo común a todas las pruebas: nada toca la carpeta personal, y el azar es siempre el mismo."""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("dockerlab", deadline=None, derandomize=True)
settings.load_profile("dockerlab")


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """Cada prueba tiene su propio motor en disco y dibuja sin pantalla."""
    monkeypatch.setenv("DOCKERLAB_HOME", str(tmp_path / "dockerlab-home"))
    monkeypatch.setenv("MPLBACKEND", "Agg")
