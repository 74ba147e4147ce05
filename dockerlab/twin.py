"""Un motor igual y aparte: para ver qué pasaría sin que pase.

El gemelo nace de lo mismo que se guardaría en el disco, pero en memoria y con
las capas compartidas, que no cambian nunca. Lo que se le ordene no toca al
original; lo que un contenedor suyo escriba en un bind mount no llega al disco.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from .engine import Engine
from .filesystem import Layer
from .state import Archive


class _Memory(dict[str, bytes]):
    """Los bytes grandes, por su sha256, sin pasar por el disco."""

    def put_bytes(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        self[digest] = content
        return digest

    def get(self, digest: str) -> bytes:
        return self[digest]


class _Desk(Archive):
    def dump_layer(self, layer: Layer) -> str:
        self.layers[layer.diff_id] = layer
        return layer.diff_id


def twin(engine: Engine) -> Engine:
    """Un motor en el mismo estado que `engine`, en el mismo instante y con la misma carpeta."""
    desk = _Desk(Path(), _Memory())
    with engine.turn:
        data = json.loads(json.dumps(desk.dump(engine)))
        other = desk.load(data, catalogue=engine.catalogue, folder=engine.host.folder)
    return other
