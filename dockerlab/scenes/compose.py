"""Los servicios de una pila de Compose: quién espera a quién, y en qué estado está cada uno."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import layout
from .board import Board, Item, Link, Mark, Zone
from .parts import STATE_TONES
from .scene import Film
from .words import listing, plural

CONDITIONS = {"service_started": "a que {} arranque", "service_healthy": "a que {} esté sano",
              "service_completed_successfully": "a que {} termine bien"}


@dataclass(frozen=True, slots=True)
class Service:
    """Un servicio en un instante.

    `depends`: pares (servicio, condición de `depends_on`); `state`: el de `docker ps`, «waiting»
    si espera a otro o «removed»; `health`: starting, healthy, unhealthy o "".
    """

    name: str
    image: str = ""
    depends: tuple[tuple[str, str], ...] = ()
    state: str = "created"
    health: str = ""
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class Instant:
    """La pila en un instante: la orden, los servicios y sus volúmenes y redes."""

    services: tuple[Service, ...]
    order: str = ""
    volumes: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    note: str = ""


def film(instants: Iterable[Instant], title: str = "") -> Film:
    """La película: un fotograma por instante."""
    return layout.film(_boards(tuple(instants)), title or "Los servicios de la pila")


def ranks(services: Iterable[Service]) -> tuple[tuple[Service, ...], ...]:
    """Los servicios por turnos: cada uno, detrás de todos los que espera. Un círculo va entero al último turno."""
    pending, done, result = list(services), set(), []
    names = {service.name for service in pending}
    while pending:
        ready = [s for s in pending if {name for name, _ in s.depends} & names <= done] or pending
        result.append(tuple(ready))
        done |= {service.name for service in ready}
        pending = [service for service in pending if service not in ready]
    return tuple(result)


def _boards(instants: tuple[Instant, ...]) -> Iterator[Board]:
    before: dict[str, Service] = {}
    for instant in instants:
        moved = [s for s in instant.services if before and before.get(s.name) != s]
        yield _board(instant, {service.name for service in moved}, instant.note or _caption(instant, moved, before))
        before = {service.name: service for service in instant.services}


def _badge(service: Service) -> Mark:
    if service.state == "waiting":
        return ("espera", "pause", "restarting")
    words = service.state + (f" ({service.exit_code})" if service.state == "exited" and service.exit_code is not None
                             else f" ({service.health})" if service.health and service.state == "running" else "")
    bad = service.health == "unhealthy" or service.state == "exited" and bool(service.exit_code)
    return (words, "error" if bad else STATE_TONES.get(service.state, "idle"), service.state)


def _board(instant: Instant, lit: set[str], caption: str) -> Board:
    zones, links = [], []
    turns = ranks(instant.services)
    alive = {service.name: service.state in ("running", "paused", "restarting") for service in instant.services}
    for number, turn in enumerate(turns, 1):
        items = tuple(Item(f"service:{s.name}", s.name, s.image, "container" if alive[s.name] else "container.off",
                           _badge(s), lit=s.name in lit, prose=True) for s in turn)
        zones.append(Zone(f"turn:{number}", f"Turno {number}", items, plural(len(items), "servicio"), tall=True))
    for service in instant.services:
        for name, condition in service.depends:
            links.append(Link(f"waits:{name}-{service.name}", f"service:{name}", f"service:{service.name}",
                              "arrow.lit" if service.name in lit else "arrow",
                              f"{service.name} espera {CONDITIONS.get(condition, '{}').format(name)}."))
    volumes = tuple(Item(f"volume:{name}", name, shape="volume") for name in instant.volumes)
    lanes = tuple(Item(f"network:{name}", name, style="network", prose=True) for name in instant.networks)
    rows = tuple(tuple(zones[start:start + 4]) for start in range(0, len(zones), 4))
    return Board(caption, (*rows, (Zone("volumes", "Volúmenes", volumes, empty="ninguno"),
                                   Zone("networks", "Redes", lanes, empty="ninguna"))),
                 tuple(links), order=instant.order, mark=instant.order)


def _caption(instant: Instant, moved: list[Service], before: dict[str, Service]) -> str:
    if not before:
        waits = sum(bool(service.depends) for service in instant.services)
        return f"La pila tiene {plural(len(instant.services), 'servicio')}; {waits} esperan a otros."
    said = []
    for service in moved[:3]:
        if service.state == "waiting":
            who = listing(f"{CONDITIONS[c].format(name) if c in CONDITIONS else name}" for name, c in service.depends)
            said.append(f"{service.name} espera {who}.")
        elif service.state == "exited" and service.exit_code:
            said.append(f"{service.name} falla: código de salida {service.exit_code}.")
        elif service.health and before[service.name].state == service.state if service.name in before else False:
            said.append(f"{service.name} está {service.health}.")
        else:
            said.append(f"{service.name} pasa a {service.state}.")
    gone = [name for name in before if name not in {service.name for service in instant.services}]
    if gone:
        kept = f" Los volúmenes se quedan: {listing(instant.volumes)}." if instant.volumes else ""
        said.append(f"Se {'eliminan' if len(gone) > 1 else 'elimina'} {listing(gone)}.{kept}")
    if len(moved) > 3:
        said.append(f"Y cambian {len(moved) - 3} más.")
    return " ".join(said) or "Nada cambia."
