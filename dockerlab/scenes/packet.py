"""El viaje de un paquete: quién llama, quién traduce el nombre y el puerto, y quién contesta o se niega."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from . import layout
from .board import Board, Item, Mark, Zone
from .scene import Film
from .words import listing, plural, quoted

HOST, PUBLISHED = "el equipo anfitrión", "Puerto publicado"
ERRORS = {"ENONAME": "Name or service not known", "ENETUNREACH": "Network is unreachable",
          "ETIMEDOUT": "Connection timed out", "EHOSTUNREACH": "No route to host", "ECONNREFUSED": "Connection refused",
          "ECONNRESET": "Connection reset by peer"}
REFUSALS = {
    "ENONAME": "nadie conoce ese nombre: en la red puente de siempre no hay servidor de nombres, y en las demás solo "
               "responde por quien está conectado",
    "ENETUNREACH": "quien llama no tiene ninguna red por la que salir",
    "ETIMEDOUT": "el paquete sale y nadie contesta: están en redes distintas",
    "EHOSTUNREACH": "no hay camino hasta esa dirección",
    "ECONNREFUSED": "se llega a la dirección, pero en ese puerto no escucha nadie",
    "ECONNRESET": "el puerto está publicado, pero dentro no escucha nadie",
}


@dataclass(frozen=True, slots=True)
class Trip:
    """Un viaje ya resuelto.

    `caller` y `target`: contenedores, o «host»; `names`: las direcciones que dio
    el nombre; `published`: (puerto del anfitrión, «dirección:puerto» del contenedor) si se
    pasó por un puerto publicado; `listening`: en qué dirección escucha el destino
    («0.0.0.0», «127.0.0.1» o "" si en ese puerto no hay nadie); `answered`: si
    atiende a quien llama; `error`: por qué no se llega; `ports`: todos los publicados.
    """

    caller: str
    host: str
    port: int
    source: str = ""
    names: tuple[str, ...] = ()
    network: str = ""
    published: tuple[str, str] | None = None
    target: str = ""
    address: str = ""
    inner_port: int = 0
    listening: str = ""
    answered: bool = False
    error: str = ""
    ports: tuple[str, ...] = ()
    order: str = ""

    @property
    def refusal(self) -> str:
        """La clave de la negativa, o "" si alguien contesta."""
        return self.error or ("" if self.answered else "ECONNRESET" if self.published else "ECONNREFUSED")


def film(trip: Trip, title: str = "") -> Film:
    """La película de un viaje: un fotograma por parada."""
    return layout.film(_boards(trip), title or f"Un paquete {_of(trip.caller)} a {trip.host}:{trip.port}")


def _who(name: str) -> str:
    return HOST if name == "host" else name


def _of(name: str) -> str:
    return "del equipo anfitrión" if name == "host" else f"de {name}"


def _boards(trip: Trip) -> Iterator[Board]:
    where = f"{trip.host}:{trip.port}"
    yield _board(trip, "caller", where, f"Un proceso {_of(trip.caller)} quiere hablar con {where}.", "Sale")
    if trip.error == "ENONAME":
        yield _board(trip, "names", where, f"No se llega: {REFUSALS['ENONAME']}.", "Se pierde", "error")
        return
    if trip.names and trip.names != (trip.host,):
        yield _board(trip, "names", f"{trip.names[0]}:{trip.port}",
                     f"El nombre {quoted(trip.host)} es {listing(trip.names)} visto desde {_who(trip.caller)}.",
                     "Nombre")
    if trip.error:
        yield _board(trip, "network", where, f"No se llega: {REFUSALS.get(trip.error, trip.error)}.", "Se pierde",
                     "error")
        return
    if trip.published:
        outside, inside = trip.published
        yield _board(trip, "names", f"→ {inside}",
                     f"El puerto {outside} del anfitrión está publicado: el paquete cambia de destino, a {inside}.",
                     PUBLISHED)
    if trip.network:
        yield _board(trip, "network", f"→ {trip.address}",
                     f"Cruza la red {trip.network} y llega a {_who(trip.target)} desde {trip.source}.", "Red")
    end = f"{trip.address}:{trip.inner_port}"
    if trip.answered:
        yield _board(trip, "target", end, f"En {_who(trip.target)} hay un proceso que escucha en {trip.listening}:"
                     f"{trip.inner_port}: contesta.", "Contesta", "hit")
    else:
        why = f"{_who(trip.target)} solo escucha en {trip.listening}, y desde fuera no se entra por ahí" \
            if trip.listening else REFUSALS[trip.refusal]
        yield _board(trip, "target", end, f"{ERRORS[trip.refusal]}: {why}.", "Se niega", "error")


def _board(trip: Trip, stop: str, packet: str, caption: str, mark: str, tone: str = "") -> Board:
    badge: Mark | None = {"hit": ("llega", "hit", "hit"), "error": ("no llega", "error", "error")}.get(tone)
    note = "" if badge else f"desde {trip.source}" if stop == "network" and trip.source else "el paquete"
    moving = Item("packet", packet, note, style="lit", mark=badge, lit=True)
    here = {zone: (moving,) if stop == zone else () for zone in ("caller", "names", "network", "target")}
    asker = Item("asker", _who(trip.caller), trip.source, "container" if trip.caller != "host" else "node", prose=True)
    used = trip.published[0] if trip.published and mark == PUBLISHED else "—"
    table = [Item(f"port:{port}", port, "publicado", "config", lit=f":{used}->" in port) for port in trip.ports]
    table += [Item(f"name:{trip.host}", trip.host, trip.names[0] if trip.names else "desconocido", "network",
                   lit=stop == "names" and mark != PUBLISHED)] \
        if trip.host not in trip.names else []
    lane = (Item(f"network:{trip.network}", trip.network, "red", "network", prose=True),) if trip.network else ()
    goal: tuple[Item, ...] = ()
    if trip.target:
        ear = f"{trip.listening}:{trip.inner_port}" if trip.listening else f"nadie en {trip.inner_port}"
        same = trip.target == trip.caller
        goal = (Item("goal", f"{_who(trip.target)}{' (él mismo)' if same else ''}", trip.address,
                     "container" if trip.target != "host" else "node", prose=True),
                Item("ear", ear, "a la escucha", "file") if trip.listening else
                Item("ear", ear, "cerrado", "file.gone"))
    refused = trip.refusal if tone == "error" else ""
    answer = "" if not tone else "conectado" if tone == "hit" else ERRORS.get(refused, refused)
    return Board(caption, ((
        Zone("caller", "Quien llama", (asker, *here["caller"]), tall=True),
        Zone("names", "Nombres y puertos", (*table, *here["names"]), plural(len(trip.ports), "puerto") + " publicado"
             + "s" * (len(trip.ports) != 1), tall=True, weight=1.25, empty="nada que traducir"),
        Zone("network", "Red", (*lane, *here["network"]), tall=True, empty="no sale de su espacio de red"),
        Zone("target", "Destino", (*goal, *here["target"]), tall=True, empty="todavía no se sabe")),),
        order=trip.order, answer=answer, wrong=tone == "error", mark=mark)
