"""Conexiones entre procesos: quién escucha, quién llama y por dónde se llega.

El núcleo solo sabe unir dos extremos; los nombres y las rutas los pone la red
del espacio (`space.network`), con tres preguntas: `route`, `lookup` y `addresses`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dockerlab.errors import fault

from .codec import saved
from .fds import CAPACITY, OpenFile, Pipe, Waiters, line_length

WILDCARDS = ("0.0.0.0", "::", "*", "")
FIRST_PORT, LAST_PORT = 32768, 60999


@dataclass(frozen=True, slots=True)
class Route:
    """Por dónde se llega: el espacio de red, la dirección y el puerto de destino, y la de quien llama.

    `error`: la clave de la falta si no se llega (ENONAME, EHOSTUNREACH...).
    `delay`: segundos que tarda en saberse. `published`: por un puerto publicado; ahí
    descuelga siempre el motor, y si dentro no hay nadie, cuelga.
    """

    netns: str = ""
    address: str = ""
    port: int = 0
    source: str = ""
    error: str = ""
    delay: float = 0.0
    published: bool = False


class Loopback:
    """La red de quien no tiene red: solo su propio equipo."""

    def route(self, space: Any, host: str, port: int) -> Route:
        """El camino hasta `host`."""
        addresses = self.lookup(space, host)
        if addresses:
            return Route(space.netns or space.id, addresses[0], port, addresses[0])
        numeric = host.replace(".", "").isdigit() or ":" in host
        return Route(error="ENETUNREACH" if numeric else "ENONAME")

    def lookup(self, space: Any, host: str) -> list[str]:
        """Las direcciones de `host`; vacía si no se conoce."""
        if host in ("localhost", "::1", space.hostname):
            return ["127.0.0.1"]
        return [host] if host.startswith("127.") or host == "0.0.0.0" else []

    def addresses(self, space: Any) -> list[dict[str, str]]:
        """Las tarjetas de red del espacio."""
        return [{"name": "lo", "address": "127.0.0.1/8", "mac": "00:00:00:00:00:00"}]


@saved
@dataclass(slots=True, eq=False)
class Listener(OpenFile):
    """Un puerto a la escucha: las llamadas sin atender y quién espera alguna."""

    netns: str
    address: str
    port: int
    owner: int
    queue: list[Socket] = field(default_factory=list)
    accepting: Waiters = field(default_factory=list)
    refs: int = 0

    def released(self, kernel: Any) -> None:
        kernel.sockets.remove(self)
        for socket in self.queue:
            socket.opened()
            socket.closed(kernel)


@saved
@dataclass(slots=True, eq=False)
class Socket(OpenFile):
    """Un extremo de una conexión: dos tuberías, la que llega y la que sale."""

    incoming: Pipe
    outgoing: Pipe
    local: tuple[str, int]
    remote: tuple[str, int]
    refs: int = 0

    def __post_init__(self) -> None:
        self.incoming.readers += 1
        self.outgoing.writers += 1

    def read(self, kernel: Any, count: int) -> bytes | None:
        return self.incoming.read(kernel, count)

    def read_line(self, kernel: Any, count: int) -> bytes | None:
        return self.incoming.read(kernel, line_length(self.incoming.buffer, 0, count))

    def write(self, kernel: Any, data: bytes) -> None:
        self.outgoing.write(kernel, data)

    def waiters(self) -> Waiters:
        return self.incoming.reading

    def full(self) -> Waiters | None:
        return self.outgoing.writing if len(self.outgoing.buffer) >= CAPACITY and self.outgoing.readers else None

    def released(self, kernel: Any) -> None:
        self.incoming.readers -= 1
        self.outgoing.writers -= 1
        self.incoming.left(kernel)
        self.outgoing.left(kernel)


@saved
@dataclass(slots=True, eq=False)
class Sockets:
    """Todos los puertos a la escucha, por (espacio de red, puerto)."""

    listeners: dict[tuple[str, int], list[Listener]] = field(default_factory=dict)
    next_port: int = FIRST_PORT

    def listen(self, netns: str, address: str, port: int, owner: int) -> Listener:
        """Empieza a escuchar. `FileError` EADDRINUSE si ya hay quien escuche ahí."""
        if port == 0:
            port = self.ephemeral()
        others = self.listeners.setdefault((netns, port), [])
        for other in others:
            if other.address in WILDCARDS or address in WILDCARDS or other.address == address:
                raise fault("EADDRINUSE", port=port)
        listener = Listener(netns, address, port, owner)
        others.append(listener)
        return listener

    def ephemeral(self) -> int:
        """El siguiente puerto libre para quien llama."""
        self.next_port = FIRST_PORT if self.next_port >= LAST_PORT else self.next_port + 1
        return self.next_port

    def remove(self, listener: Listener) -> None:
        """Deja de escuchar."""
        key = (listener.netns, listener.port)
        self.listeners[key].remove(listener)
        if not self.listeners[key]:
            del self.listeners[key]

    def of(self, netns: str) -> list[Listener]:
        """Lo que se escucha en un espacio de red, por puerto."""
        return [one for key in sorted(self.listeners) if key[0] == netns for one in self.listeners[key]]

    def find(self, route: Route) -> Listener | None:
        """Quién contesta al final de `route`."""
        for listener in self.listeners.get((route.netns, route.port), ()):
            if listener.address in WILDCARDS or listener.address == route.address:
                return listener
        return None

    def connect(self, kernel: Any, listener: Listener, route: Route) -> Socket:
        """Une a quien llama con quien escucha; contesta el extremo de quien llama."""
        there, here = (route.address, route.port), (route.source, self.ephemeral())
        going, coming = Pipe(), Pipe()
        mine = Socket(coming, going, here, there)
        listener.queue.append(Socket(going, coming, there, here))
        kernel.wake_all(listener.accepting)
        return mine
