"""Un banco de trabajo en una carpeta vacía."""

from __future__ import annotations

import pytest

from dockerlab.engine import Engine
from dockerlab.workshop.bench import Workbench
from dockerlab.workshop.desk import Desk


class Session(Workbench):
    """Un banco que recuerda lo que se vio en el terminal y lo que se dibujó."""

    def __init__(self, engine, desk):
        super().__init__(engine, desk)
        self.seen_entries, self.shots = [], []
        self.tell = lambda kind, content: self.seen_entries.append((kind, content))
        self.show = self.shots.extend

    def does(self, text):
        """Teclea y devuelve lo que se vio: el texto de Docker y, aparte, lo que dice el taller."""
        self.seen_entries.clear()
        self.type(text)
        return "".join(content for kind, content in self.seen_entries if kind in ("out", "err"))

    @property
    def said(self):
        """Lo último que dijo el taller en español."""
        return " ".join(text for kind, content in self.seen_entries if kind == "say" for _, text in content)

    def states(self):
        """Los contenedores y su estado."""
        return {item.name: item.state for item in self.engine.view().containers}


@pytest.fixture
def bench(tmp_path):
    """Un banco vacío."""
    made = Session(Engine(folder=str(tmp_path)), Desk(tmp_path))
    yield made
    made.leave()
    made.close()
