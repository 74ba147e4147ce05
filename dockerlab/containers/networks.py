"""Redes: quién puede hablar con quién, con qué dirección y con qué nombre.

Tres están siempre: `bridge` (la de quien no pide otra; sin nombres), `host` (la
del anfitrión) y `none`. En una red propia, además, los contenedores se
encuentran por su nombre.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

from dockerlab.errors import fault
from dockerlab.ids import Ids

PREDEFINED = ("bridge", "host", "none")
DRIVERS = {"bridge", "host", "null", "none"}
POOLS = tuple(f"172.{second}.0.0/16" for second in range(17, 32)) + tuple(
    f"192.168.{third}.0/20" for third in range(0, 256, 16))


@dataclass(slots=True)
class Endpoint:
    """El enchufe de un contenedor en una red."""

    id: str
    container: str           # id del contenedor
    name: str                # su nombre
    address: str = ""        # 172.18.0.2, o vacío en host y none
    mac: str = ""
    aliases: tuple[str, ...] = ()
    fixed: str = ""          # la dirección que se pidió con --ip
    links: tuple[str, ...] = ()


@dataclass(slots=True)
class Network:
    """Una red y sus enchufes, por id de contenedor."""

    id: str
    name: str
    created: int
    driver: str = "bridge"
    subnet: str = ""
    gateway: str = ""
    internal: bool = False
    attachable: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    user_subnet: bool = False
    ip_range: str = ""           # de dónde salen las direcciones, si no es de toda la subred
    ipv6: bool = False
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)   # dirección dada → id del contenedor
    busy: int = 1                # las direcciones anteriores a esta, contando desde la subred, están dadas

    @property
    def resolves_names(self) -> bool:
        """Solo las redes propias tienen un servidor de nombres (127.0.0.11)."""
        return self.name not in PREDEFINED

    def free_address(self) -> str:
        """La dirección libre más baja. Falta `network-full` si no queda ninguna."""
        pool = ipaddress.ip_network(self.ip_range or self.subnet)
        last = pool.num_addresses - (0 if self.ip_range else 1)
        while self.busy < last:
            address = str(pool[self.busy])
            if address not in self.addresses and address != self.gateway:
                return address
            self.busy += 1
        raise fault("network-full", name=self.name)

    def leave(self, container: str) -> Endpoint | None:
        """Saca el enchufe de un contenedor (por id), si lo tiene; su dirección queda libre."""
        end = self.endpoints.pop(container, None)
        if end is not None and self.addresses.pop(end.address, None):
            first = ipaddress.ip_network(self.ip_range or self.subnet).network_address
            place = int(ipaddress.ip_address(end.address)) - int(first)
            self.busy = min(self.busy, place) if place >= 0 else self.busy
        return end

    def resolve(self, name: str) -> list[str]:
        """Las direcciones de quienes se llaman `name` (o lo tienen de alias o de id corto), por orden de llegada.

        Docker real: si hay varias, las baraja en cada respuesta.
        """
        return [end.address for end in self.endpoints.values() if self.resolves_names and end.address
                and name in (end.name, end.container[:12], *end.aliases)]


@dataclass(slots=True)
class NetworkStore:
    """Las redes del motor, por nombre."""

    ids: Ids
    networks: dict[str, Network] = field(default_factory=dict)

    def start(self, now: int) -> None:
        """Crea las tres redes que todo motor tiene al arrancar."""
        for name, driver in (("bridge", "bridge"), ("host", "host"), ("none", "null")):
            network = Network(self.ids.next(), name, now, driver)
            if driver == "bridge":
                network.subnet, network.gateway = POOLS[0], "172.17.0.1"
                network.options = {
                    "com.docker.network.bridge.default_bridge": "true",
                    "com.docker.network.bridge.enable_icc": "true",
                    "com.docker.network.bridge.enable_ip_masquerade": "true",
                    "com.docker.network.bridge.host_binding_ipv4": "0.0.0.0",
                    "com.docker.network.bridge.name": "docker0",
                    "com.docker.network.driver.mtu": "1500"}
            self.networks[name] = network

    def create(self, name: str, now: int, *, driver: str = "bridge", subnet: str = "", gateway: str = "",
               ip_range: str = "", internal: bool = False, attachable: bool = False, ipv6: bool = False,
               labels: Mapping[str, str] | None = None, options: Mapping[str, str] | None = None) -> Network:
        """Una red nueva. Sin `subnet`, la primera libre: 172.18.0.0/16, 172.19...

        `ip_range`: la parte de la subred de la que salen las direcciones. Faltas: `network-unnamed`,
        `network-predefined`, `network-exists`, `network-driver`, `network-single`, `network-overlap`.
        """
        if not name.strip():
            raise fault("network-unnamed")
        if name in PREDEFINED:
            raise fault("network-predefined", name=name)
        if name in self.networks:
            raise fault("network-exists", name=name)
        if driver not in DRIVERS:
            raise fault("network-driver", driver=driver)
        if driver == "host":
            raise fault("network-single", driver=driver)
        if driver in ("null", "none"):
            self.networks[name] = Network(self.ids.next(), name, now, "null", labels=dict(labels or {}))
            return self.networks[name]
        taken = [ipaddress.ip_network(net.subnet) for net in self.networks.values() if net.subnet]
        if subnet:
            try:
                wanted = ipaddress.ip_network(subnet)
            except ValueError:
                raise fault("network-subnet", subnet=subnet) from None
            if any(wanted.overlaps(other) for other in taken):
                raise fault("network-overlap")
        else:
            free = (ipaddress.ip_network(pool) for pool in POOLS)
            wanted = next((pool for pool in free if not any(pool.overlaps(other) for other in taken)), None)
            if wanted is None:
                raise fault("network-pools")
        network = Network(self.ids.next(), name, now, driver, str(wanted),
                          gateway or str(next(wanted.hosts())), internal, attachable,
                          dict(labels or {}), dict(options or {}), bool(subnet), ip_range, ipv6,
                          busy=0 if ip_range else 1)
        self.networks[name] = network
        return network

    def get(self, name: str) -> Network:
        """La red por nombre, id o principio de id; falta `no-such-network`."""
        if name in self.networks:
            return self.networks[name]
        found = [net for net in self.networks.values() if name and net.id.startswith(name)]
        if len(found) != 1:
            raise fault("no-such-network", name=name)
        return found[0]

    def remove(self, name: str) -> Network:
        """Elimina una red sin nadie. Faltas: `no-such-network`, `network-rm-predefined`, `network-in-use`."""
        network = self.get(name)
        if network.name in PREDEFINED:
            raise fault("network-rm-predefined", name=network.name)
        active = [end for end in network.endpoints.values() if end.address]
        if active:
            ends = ", ".join(f'name:"{end.name}" id:"{end.id[:12]}"' for end in active)
            raise fault("network-in-use", name=network.name, endpoints=ends)
        del self.networks[network.name]
        return network

    def connect(self, network: Network, endpoint: Endpoint) -> Endpoint:
        """Da dirección y MAC al enchufe y lo pone en la red."""
        network.leave(endpoint.container)
        if network.subnet:
            endpoint.address = endpoint.fixed or network.free_address()
            endpoint.mac = endpoint.mac or self.ids.mac()
            network.addresses[endpoint.address] = endpoint.container
        network.endpoints[endpoint.container] = endpoint
        return endpoint

    def list(self) -> list[Network]:
        """Todas, por nombre."""
        return [self.networks[name] for name in sorted(self.networks)]
