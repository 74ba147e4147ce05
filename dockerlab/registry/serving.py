"""El registro que un contenedor de la imagen `registry` tiene encendido en un puerto de este equipo."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from dockerlab.errors import fault

from .exchange import Place
from .files import Files

if TYPE_CHECKING:
    from dockerlab.engine import Engine

LOOPBACK = ("localhost", "127.0.0.1")
PROGRAM = "registry"


def served(engine: Engine, domain: str) -> Place | None:
    """El registro que contesta en `domain` (`localhost:5000`), o None si no contesta nadie.

    Sus datos están en los archivos del contenedor: se van con él, salvo que un volumen los
    guarde. Falta `registry-not-one` si lo que contesta es otra cosa.
    """
    host, _, port = domain.partition(":")
    if host not in LOOPBACK:
        return None
    anyone = SimpleNamespace(id="host", netns="host", fs=None)
    runtime = engine.containers.runtime
    route = runtime.routes.route(anyone, host, int(port or 80))
    if route.error or engine.kernel.sockets.find(route) is None:
        return None
    records = engine.containers.records
    near = [record for record in ([records[route.netns]] if route.netns in records else
                                  [one for one in records.values() if one.network_mode == "host"])
            if record.space is not None and record.state.status != "paused"]
    for container in near:
        if any(process.argv[0].rpartition("/")[2] == PROGRAM for process in runtime.processes(container)):
            return Files(container.space.fs, domain=domain, now=lambda: engine.clock.now)
    if near:
        raise fault("registry-not-one", domain=domain)
    return None
