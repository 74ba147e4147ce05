"""Recordar un instante entero —motor, carpeta y registros— y volver a él.

El motor se guarda como lo guarda `state`; las capas, que no cambian nunca, van
a una sola carpeta temporal que comparten todos los talleres del proceso.
"""

from __future__ import annotations

import functools
import json
import tempfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..filesystem import Layer
from ..registry.hub import Shelf
from ..state import Archive
from .desk import Desk, Photo

if TYPE_CHECKING:
    from ..engine import Engine
    from ..views import EngineView

QUIET = ("exec_create", "exec_start", "exec_die", "top", "attach", "resize")  # sucesos que no dejan huella por sí solos


@functools.cache
def shelf() -> tempfile.TemporaryDirectory[str]:
    """La carpeta de las capas; se borra al acabar el proceso."""
    return tempfile.TemporaryDirectory(prefix="dockerlab-taller-", ignore_cleanup_errors=True)


def look(view: EngineView, sizes: bool = True) -> EngineView:
    """La fotografía sin lo que cambia solo porque pasa el tiempo, para comparar dos; `sizes`: ¿con lo que pesan?"""
    still = {"status": "", "processes": ()} | ({} if sizes else {"size_rw": 0, "changes": ()})
    volumes = view.volumes if sizes else tuple(replace(item, size=0) for item in view.volumes)
    return replace(view, time=0, containers=tuple(replace(item, **still) for item in view.containers), volumes=volumes)


def copied(shelves: dict[str, Shelf]) -> dict[str, Shelf]:
    """Los mismos estantes, para que lo que cambie en unos no cambie en otros."""
    return {path: Shelf(dict(one.manifests), dict(one.tags)) for path, one in shelves.items()}


@dataclass(frozen=True, slots=True)
class Moment:
    """Un instante: el motor comprimido, la carpeta, la carpeta presente y el registro."""

    engine: bytes
    files: Photo
    here: str
    shelves: dict[str, Shelf]     # lo subido a Docker Hub
    users: dict[str, str]
    view: EngineView
    cache: str           # huella de la caché de construcción
    events: int          # cuántos sucesos que cambian algo llevaba el motor

    @property
    def plain(self) -> bool:
        """¿Está el motor recién instalado?"""
        return not (self.events or self.view.images or self.view.containers)

    def same(self, other: Moment) -> bool:
        """¿Está todo como en `other`, salvo el paso del tiempo?"""
        return (self.files == other.files and self.events == other.events and self.here == other.here
                and self.users == other.users and self.cache == other.cache and look(self.view) == look(other.view))


class Memory:
    """Toma y repone instantes de un motor y una carpeta."""

    def __init__(self, engine: Engine, desk: Desk):
        self.engine, self.desk = engine, desk
        self.layers: dict[str, Layer] = {}   # las ya leídas

    def take(self) -> Moment:
        """El instante presente."""
        engine = self.engine
        with engine.turn:
            saved = Archive(Path(shelf().name)).dump(engine)
            data = json.dumps(saved, ensure_ascii=False, separators=(",", ":"))
            cache = str(zlib.crc32(json.dumps(saved["cache"]).encode()))
            hub = engine._hub
            shelves, users = (copied(hub.shelves), dict(hub.users)) if hub else ({}, {})
            events = sum(event.action.partition(":")[0] not in QUIET for event in engine.events.events)
            execs = sum(event.action.startswith("exec_die") for event in engine.events.events)
            return Moment(zlib.compress(data.encode(), 1), self.desk.photo(), self.desk.here, shelves, users,
                          engine.view(), cache, events + execs)

    def restore(self, moment: Moment) -> None:
        """El motor y la carpeta presente vuelven a `moment`; de los archivos se ocupa `Desk.revert`."""
        engine, archive = self.engine, Archive(Path(shelf().name))
        archive.layers = self.layers
        with engine.order():
            archive.restore(engine, json.loads(zlib.decompress(moment.engine)))
            if engine._hub:
                engine.hub.shelves = copied(moment.shelves)
                engine.hub.users = dict(moment.users)
        self.desk.here = moment.here
