"""Quitar lo que nadie usa: lo que hacen las órdenes `prune` sobre un motor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .containers.networks import PREDEFINED

if TYPE_CHECKING:
    from .engine import Engine

Keep = Callable[[Any], bool]


def sweep_volumes(engine: Engine, everything: bool, wanted: Keep = lambda volume: True) -> tuple[list[str], int]:
    """Los volúmenes anónimos (o todos) que ningún contenedor monta y que `wanted`: nombres y bytes recuperados."""
    done, size = [], 0
    for volume in engine.volumes.list():
        if engine.containers.using_volume(volume.name) or not (volume.anonymous or everything):
            continue
        if wanted(volume):
            size += volume.size
            engine.remove_volume(volume.name)
            done.append(volume.name)
    engine.emit("volume", "prune", "", reclaimed=str(size))
    return done, size


def sweep_networks(engine: Engine, wanted: Keep = lambda network: True) -> list[str]:
    """Las redes propias que ningún contenedor en marcha usa y que `wanted`: nombres borrados."""
    used = {name for record in engine.containers.list() if record.state.alive
            for name in engine.switchboard.wanted(record)}
    done = []
    for network in engine.networks.list():
        if network.name not in PREDEFINED and network.name not in used and wanted(network):
            engine.networks.remove(network.name)
            engine.emit("network", "destroy", network.id, name=network.name, type=network.driver)
            done.append(network.name)
    engine.emit("network", "prune", "", reclaimed="0")
    return done


def create_volume(engine: Engine, name: str, **options: Any) -> Any:
    """Un volumen nuevo, anotado como suceso, o el que ya había con ese nombre. Faltas: las de `VolumeStore.create`."""
    is_new = name not in engine.volumes.volumes
    volume = engine.volumes.create(name, engine.clock.now, **options)
    if is_new:
        engine.emit("volume", "create", name, driver=volume.driver)
    return volume


def create_network(engine: Engine, name: str, **options: Any) -> Any:
    """Una red nueva, anotada como suceso. Faltas: las de `NetworkStore.create`."""
    network = engine.networks.create(name, engine.clock.now, **options)
    engine.emit("network", "create", network.id, name=network.name, type=network.driver)
    return network


def remove_network(engine: Engine, name: str) -> None:
    """`docker network rm`. Faltas: las de `NetworkStore.remove`."""
    network = engine.networks.remove(name)
    engine.emit("network", "destroy", network.id, name=network.name, type=network.driver)
