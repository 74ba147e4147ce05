"""Por dónde se llega: nombres, direcciones y puertos, vistos desde dentro de un contenedor o desde el anfitrión.

Responde a las tres preguntas que el núcleo hace de la red de un espacio (véase
`net`). El espacio de red del anfitrión se llama `host`.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from .net import Route

if TYPE_CHECKING:
    from .container import Container
    from .manager import Containers

HOST = "host"
PATIENCE = 60.0   # segundos que se espera a quien no contesta
LAN = "192.168.1.10"   # la dirección del anfitrión en su propia red


def is_address(text: str) -> bool:
    """¿Es una dirección y no un nombre?"""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


class Routes:
    """La red de todos los espacios: una sola, que sabe quién pregunta."""

    def __init__(self, containers: Containers):
        self.containers = containers
        self.board = containers.engine.switchboard

    def owner(self, space: Any) -> Container | None:
        """El contenedor que pregunta, o None si es el anfitrión o una construcción."""
        return self.containers.records.get(space.netns or space.id)

    def networks(self, space: Any) -> list[tuple[Any, Any]]:
        """Sus redes con dirección, con la que se le dio al crearlo delante: pares (red, enchufe)."""
        owner = self.owner(space)
        if not owner:
            return []
        first = owner.host_config.get("NetworkMode")
        return sorted(((net, end) for net, end in self.board.of(owner) if end.address),
                      key=lambda pair: first not in (pair[0].name, pair[0].id))

    # ── las tres preguntas ───────────────────────────────────────────────────

    def lookup(self, space: Any, host: str) -> list[str]:
        """Las direcciones de `host`: /etc/hosts primero, y después el servidor de nombres de sus redes."""
        if host == "localhost":
            return ["127.0.0.1"]
        if is_address(host):
            return [host]
        for line in self.hosts_file(space).splitlines():
            address, *names = line.split("#")[0].split() or [""]
            if host in names and ":" not in address:
                return [address]
        return [address for network, _ in self.networks(space) for address in network.resolve(host)]

    def route(self, space: Any, host: str, port: int) -> Route:
        """El camino hasta `host`:`port`."""
        found = self.lookup(space, host)
        if not found:
            return Route(error="ENONAME")
        address = found[0]
        here = space.netns or space.id
        joined = self.networks(space)
        if address.startswith("127.") or address in ("0.0.0.0", "::1"):
            return self.published(port, "127.0.0.1") if here == HOST else Route(here, address, port, "127.0.0.1")
        if any(end.address == address for _, end in joined):
            return Route(here, address, port, address)
        for network, mine in joined or [(net, None) for net in self.board.networks.list() if here == HOST]:
            if address == network.gateway:
                return self.published(port, network.gateway, mine.address if mine else address)
            for end in network.endpoints.values():
                if end.address == address:
                    return Route(end.container, address, port, mine.address if mine else network.gateway)
        if not joined and here != HOST:
            return Route(error="ENETUNREACH")
        if address in (LAN, *(net.gateway for net in self.board.networks.list())):   # el anfitrión, por otra tarjeta
            return self.published(port, address, joined[0][1].address if joined else address)
        return Route(error="ETIMEDOUT", delay=PATIENCE)

    def addresses(self, space: Any) -> list[dict[str, str]]:
        """Sus tarjetas de red."""
        cards = [{"name": "lo", "address": "127.0.0.1/8", "mac": "00:00:00:00:00:00"}]
        if (space.netns or space.id) == HOST:
            cards.append({"name": "eth0", "address": f"{LAN}/24", "mac": "02:42:c0:a8:01:0a"})
            cards.append({"name": "docker0", "address": "172.17.0.1/16", "mac": "02:42:ac:11:00:01"})
        for number, (network, end) in enumerate(self.networks(space)):
            prefix = network.subnet.partition("/")[2]
            cards.append({"name": f"eth{number}", "address": f"{end.address}/{prefix}", "mac": end.mac})
        return cards

    # ── por dentro ───────────────────────────────────────────────────────────

    def published(self, port: int, address: str, source: str = "") -> Route:
        """En el anfitrión: quien escucha ahí mismo o el contenedor que publicó ese puerto."""
        holders = self.board.taken.get((str(port), "tcp"), {})
        holder = holders.get(address) or holders.get("")
        if holder:
            container = self.containers.records[holder]
            inner = next((int(key.partition("/")[0]) for key, items in container.ports.items()
                          if any(item["HostPort"] == str(port) for item in items)), port)
            ends = [(net, end) for net, end in self.board.of(container) if end.address]
            if ends:
                network, end = ends[0]
                return Route(container.id, end.address, inner, network.gateway, published=True)
        return Route(HOST, address, port, source or address)

    def hosts_file(self, space: Any) -> str:
        """El /etc/hosts que ve el espacio."""
        node = space.fs.node("/etc/hosts") if space.fs is not None else None
        return bytes(getattr(node, "content", b"")).decode("utf-8", "replace")
