"""Una fotografía de un proyecto: sus servicios, a quién espera cada uno y cómo están sus contenedores.

La toman las escenas: cada `Progress` que se anuncia al motor lleva una, así que
la lista de los que llegan es el proyecto a lo largo del tiempo.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import specs
from .model import Project

if TYPE_CHECKING:
    from dockerlab.containers.container import Container
    from dockerlab.engine import Engine


@dataclass(frozen=True, slots=True)
class ReplicaView:
    """Un contenedor de un servicio: `state` (created, running, exited...), `health` (vacía si no se comprueba)."""

    id: str
    name: str
    state: str
    health: str = ""
    exit_code: int = 0


@dataclass(frozen=True, slots=True)
class ServiceView:
    """Un servicio. `waits`: pares (servicio, condición); `build`: ¿se construye aquí?"""

    name: str
    image: str
    waits: tuple[tuple[str, str], ...] = ()
    replicas: tuple[ReplicaView, ...] = ()
    networks: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    build: bool = False


@dataclass(frozen=True, slots=True)
class ComposeView:
    """El proyecto en un instante (`time`, nanosegundos)."""

    time: int
    project: str
    services: tuple[ServiceView, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """Un paso de una orden: «Container web-1 Started», y cómo quedó el proyecto."""

    time: int
    kind: str
    name: str
    status: str
    view: ComposeView


def containers(engine: Engine, project: str, *, oneoff: bool = False) -> list[Container]:
    """Los contenedores de un proyecto, por servicio y número. `oneoff`: los de `run`, y no los demás."""
    def tag(record: Container, name: str) -> str:
        return (record.config.get("Labels") or {}).get(f"{specs.PREFIX}.{name}", "")

    found = [record for record in engine.containers.records.values()
             if tag(record, "project") == project and (tag(record, "oneoff") == "True") == oneoff]
    return sorted(found, key=lambda record: (tag(record, "service"), int(tag(record, "container-number") or 0)))


def service_of(record: Container) -> str:
    """El servicio de un contenedor."""
    return (record.config.get("Labels") or {}).get(f"{specs.PREFIX}.service", "")


def view(engine: Engine, project: Project) -> ComposeView:
    """La fotografía."""
    mine: dict[str, list[ReplicaView]] = {}
    for record in containers(engine, project.name):
        health = record.state.health.status if record.state.health else ""
        mine.setdefault(service_of(record), []).append(
            ReplicaView(record.id, record.name, record.state.status, health, record.state.exit_code))
    rows = [ServiceView(name, project.image(name),
                        tuple((other, wait["condition"]) for other, wait in (service.get("depends_on") or {}).items()),
                        tuple(mine.get(name, ())), tuple(service.get("networks") or ()),
                        tuple(f"{row.get('published', '')}:{row['target']}" for row in service.get("ports") or ()),
                        "build" in service)
            for name, service in project.services.items()]
    return ComposeView(engine.clock.now, project.name, tuple(rows))
