"""Los servicios de un proyecto de Compose: quién espera a quién, y en qué estado está cada uno."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from . import layout
from .board import Board, Item, Link, Mark, Zone
from .parts import STATE_TONES
from .scene import Film
from .words import listing, plural

OPTIONS = re.compile(r"^docker compose |(?<= )(?:-f|--file|--progress|--env-file) \S+ ")   # lo que un capítulo calla
CONDITIONS = {"service_started": "a que {} arranque", "service_healthy": "a que {} esté sano",
              "service_completed_successfully": "a que {} termine bien"}
HEALTH = {"starting": "empieza a comprobarse (starting)", "healthy": "ya está sano (healthy)",
          "unhealthy": "no está sano (unhealthy)"}


@dataclass(frozen=True, slots=True)
class Service:
    """Un servicio en un instante.

    `depends`: pares (servicio, condición de `depends_on`); `state`: el de `docker ps`, «waiting»
    si espera a otro o "" si no tiene contenedor; `health`: starting, healthy, unhealthy o "";
    `ready` de sus `total` contenedores están en ese estado.
    """

    name: str
    image: str = ""
    depends: tuple[tuple[str, str], ...] = ()
    state: str = "created"
    health: str = ""
    exit_code: int | None = None
    ready: int = 1
    total: int = 1


@dataclass(frozen=True, slots=True)
class Instant:
    """El proyecto en un instante: la orden y lo que contestó, los servicios y sus volúmenes y redes."""

    services: tuple[Service, ...]
    order: str = ""
    volumes: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    note: str = ""
    answer: str = ""
    wrong: bool = False


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
    before: Instant | None = None
    for instant in instants:
        was = {service.name: service for service in before.services} if before else {}
        moved = [s for s in instant.services if before and was.get(s.name) != s]
        yield _board(instant, {service.name for service in moved},
                     instant.note or _caption(instant, moved, before), _mark(instant, moved, before))
        before = instant


def _mark(instant: Instant, moved: list[Service], before: Instant | None) -> str:
    """El capítulo: cada orden, y dentro de ella cada servicio que se sana o falla."""
    if before is None or instant.order != before.order:
        return OPTIONS.sub("", instant.order) or ("El archivo cambia" if before else "El proyecto")
    told = next((s for s in moved if _failed(s) and not _asked(instant.order)
                 or s.health == "healthy" and s.state == "running"), None)
    return f"{told.name}: {_state(told)}" if told else ""


def _asked(order: str) -> bool:
    """¿Manda la orden que los servicios acaben? Entonces acabar no es fallar."""
    return bool({"stop", "down", "kill", "restart"} & set(order.split()))


def _failed(service: Service) -> bool:
    return service.health == "unhealthy" and service.state == "running" or (
        service.state == "exited" and bool(service.exit_code))


def _state(service: Service) -> str:
    """El estado como lo enseña `docker ps`: «running (healthy)», «exited (1)», «2/3 running»."""
    many = f"{service.ready}/{service.total} " if service.total > 1 else ""
    aside = str(service.exit_code) if service.state == "exited" and service.exit_code is not None else (
        service.health if service.state == "running" else "")
    return f"{many}{service.state}" + (f" ({aside})" if aside else "")


def _badge(service: Service) -> Mark:
    if not service.state:
        return ("sin contenedor", "idle", "removed")
    if service.state == "waiting":
        return ("espera", "pause", "restarting")
    tone = "error" if _failed(service) else STATE_TONES.get(service.state, "idle")
    return (_state(service), tone, service.state)


def _board(instant: Instant, lit: set[str], caption: str, mark: str) -> Board:
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
                 tuple(links), order=instant.order, answer=instant.answer, wrong=instant.wrong, mark=mark)


def _caption(instant: Instant, moved: list[Service], before: Instant | None) -> str:
    if before is None:
        waits = sum(bool(service.depends) for service in instant.services)
        return (f"El proyecto tiene {plural(len(instant.services), 'servicio')}; "
                f"{waits} {'espera' if waits == 1 else 'esperan'} a otros.")
    was = {service.name: service for service in before.services}
    rewired = [s for s in moved if s.name in was and s == replace(was[s.name], depends=s.depends)]
    moved = [s for s in moved if s not in rewired]
    gone = [s.name for s in moved if not s.state and s.name in was] + [
        name for name in was if name not in {service.name for service in instant.services}]
    born = [s.name for s in moved if s.state == "created" and not (was[s.name].state if s.name in was else "")]
    said = [f"El archivo cambia: {s.name} {'espera ' + _waits(s) if s.depends else 'ya no espera a nadie'}."
            for s in rewired]
    said += [_news(service, was.get(service.name), instant.order)
             for service in moved if service.name not in {*gone, *born}]
    if len(said) > 3:
        said[3:] = [f"Y cambian {len(said) - 3} más."]
    if born:
        said.append(f"{'Se crean los contenedores' if len(born) > 1 else 'Se crea el contenedor'} de {listing(born)}, "
                    "sin arrancar.")
    if gone:
        said.append(f"{'Se eliminan los contenedores' if len(gone) > 1 else 'Se elimina el contenedor'} de "
                    f"{listing(gone)}.")
    made = ([f"la red {name}" for name in instant.networks if name not in before.networks]
            + [f"el volumen {name}" for name in instant.volumes if name not in before.volumes])
    lost = ([f"la red {name}" for name in before.networks if name not in instant.networks]
            + [f"el volumen {name}" for name in before.volumes if name not in instant.volumes])
    said += [f"Se {verb}{'n' if len(names) > 1 else ''} {listing(names)}."
             for verb, names in (("crea", made), ("elimina", lost)) if names]
    if lost and instant.volumes and not any(service.state for service in instant.services):
        said.append(f"Los volúmenes se quedan: {listing(instant.volumes)}.")
    if instant.wrong:
        said.append(f"La orden se rinde: {instant.answer}")
    return " ".join(said) or f"{instant.order or 'El archivo nuevo'}: en la pila no cambia nada."


def _waits(service: Service) -> str:
    """A qué espera: «a que web esté sano»."""
    return listing(f"{CONDITIONS[c].format(name) if c in CONDITIONS else name}" for name, c in service.depends)


def _news(service: Service, was: Service | None, order: str) -> str:
    """Lo que le ha pasado a un servicio, en una frase."""
    if service.state == "waiting":
        return f"{service.name} espera {_waits(service)}."
    if service.state == "created" and was is not None and was.state == "waiting":
        return f"{service.name} no llega a arrancar."
    if _failed(service) and service.state == "exited":
        return f"{service.name} {'se detiene' if _asked(order) else 'falla'}: código de salida {service.exit_code}."
    if service.health in HEALTH and was is not None and (was.state, was.ready) == (service.state, service.ready):
        return f"{service.name} {HEALTH[service.health]}."
    if was is not None and 0 < service.total < was.total:
        return f"{service.name} pierde un contenedor: queda{'n' * (service.total > 1)} {service.total}."
    return f"{service.name} pasa a {_state(service) if service.state else 'no tener contenedor'}."
