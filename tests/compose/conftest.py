"""Un proyecto de Compose en una carpeta de usar y tirar, con un motor vacío."""

from __future__ import annotations

from pathlib import Path

import pytest

from dockerlab.cli import capture
from dockerlab.engine import Engine

CATALOGUE = Path(__file__).resolve().parents[1] / "oracle" / "catalogue"


class Desk:
    """La carpeta `tienda`, su motor y cómo escribir en ella."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.engine = Engine(catalogue=CATALOGUE, folder=str(folder), writable_host=True)
        self.engine.pull("busybox")

    def write(self, text: str, name: str = "compose.yaml") -> None:
        """Deja un archivo."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def compose(self, *words: str, **environment: str):
        """`docker compose words…`."""
        return capture(self.engine, ["compose", *words], cwd=str(self.folder),
                       environment={"HOME": str(self.folder), **environment})

    def states(self) -> dict[str, str]:
        """El estado de cada contenedor."""
        return {record.name: record.state.status for record in self.engine.containers.list()}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Una carpeta llamada `tienda`."""
    folder = tmp_path / "tienda"
    folder.mkdir()
    return Desk(folder)
