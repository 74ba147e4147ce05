"""Enchufar un contenedor: redes, direcciones y puertos publicados.

Docker real: libnetwork. Las direcciones se dan al arrancar y se sueltan al
detener; un puerto del anfitrión solo puede ser de un contenedor en marcha.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dockerlab.errors import NotFound, fault
from dockerlab.ids import Ids

from .container import Container
from .networks import PREDEFINED, Endpoint, Network, NetworkStore

EPHEMERAL = range(32768, 61000)


@dataclass(slots=True)
class Switchboard:
    """Quién está conectado a qué: las redes y los puertos del anfitrión en uso."""

    networks: NetworkStore
    ids: Ids
    taken: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    # (puerto del anfitrión, protocolo) → en cada dirección («» es en todas), el id del contenedor

    def wanted(self, container: Container) -> dict[str, Mapping[str, Any]]:
        """Las redes que pidió y los detalles de cada una (`EndpointsConfig` de la API)."""
        mode = container.network_mode
        asked = {"bridge" if name == "default" else name: details
                 for name, details in (container.networking.get("EndpointsConfig") or {}).items()}
        if mode.startswith("container:"):
            return {}
        asked.setdefault(mode, {})
        return asked

    def check(self, container: Container) -> None:
        """Las reglas que Docker comprueba al crear: la dirección fija solo en redes propias con subred."""
        for name, details in self.wanted(container).items():
            address = ((details or {}).get("IPAMConfig") or {}).get("IPv4Address", "")
            if address and name in PREDEFINED:
                raise fault("network-ip-default")
            network = self.networks.networks.get(name)
            if address and network is not None and not network.user_subnet:
                raise fault("network-ip-own", network=name, code=125)

    def connect(self, container: Container) -> list[Network]:
        """Conecta el contenedor que va a arrancar a todas sus redes."""
        joined = []
        for name, details in self.wanted(container).items():
            try:
                network = self.networks.get(name)
            except NotFound as error:
                raise fault("network-setup", reason=error.text, code=125) from None
            self.join(container, network, details or {})
            joined.append(network)
        return joined

    def join(self, container: Container, network: Network, details: Mapping[str, Any]) -> Endpoint:
        """Un enchufe nuevo en `network`. Faltas: `network-ip-outside`, `network-ip-taken`."""
        import ipaddress
        fixed = (details.get("IPAMConfig") or {}).get("IPv4Address", "")
        if fixed:
            if not network.subnet or ipaddress.ip_address(fixed) not in ipaddress.ip_network(network.subnet):
                raise fault("network-ip-outside", network=network.name, ip=fixed, code=125)
            if network.addresses.get(fixed, container.id) != container.id:
                raise fault("network-ip-taken", ip=fixed)
        before = network.endpoints.get(container.id)
        return self.networks.connect(network, Endpoint(
            before.id if before else self.ids.next(), container.id, container.name, mac=details.get("MacAddress") or "",
            aliases=tuple(details.get("Aliases") or ()), fixed=fixed, links=tuple(details.get("Links") or ())))

    def plug(self, container: Container, name: str, details: Mapping[str, Any]) -> Network:
        """`network connect`: otra red para un contenedor que ya existe; si vive, el enchufe es inmediato.

        Faltas: `no-such-network`, `network-already-connected`, `network-host-connect`, `network-none-connect`.
        """
        network, wanted = self.networks.get(name), self.wanted(container)
        if container.state.alive and container.network_mode == "none" and not self.of(container):
            wanted = {}                        # no es que naciera sin red: la han soltado de la última que tenía
            container.host_config = {**container.host_config, "NetworkMode": network.name}
        if details.get("Aliases") and network.name in PREDEFINED:
            raise fault("network-alias-default")
        if network.name == "host":
            raise fault("network-host-late")
        if "host" in (network.name, *wanted):
            raise fault("network-host-connect")
        if "none" in (network.name, *wanted):
            raise fault("network-none-connect")
        if network.name in wanted and container.state.alive:
            raise fault("network-already-connected", name=container.name, network=network.name)
        if container.state.alive:
            self.join(container, network, details)
        container.networking = {**container.networking, "EndpointsConfig": {**wanted, network.name: dict(details)}}
        return network

    def unplug(self, container: Container, name: str, force: bool = False) -> Network:
        """`network disconnect`. Faltas: `no-such-network`, `network-host-connect`, `network-not-connected`."""
        network, wanted = self.networks.get(name), self.wanted(container)
        if network.name == "host":
            raise fault("network-host-connect")
        if network.name not in wanted and not force:
            key = "network-not-connected" if container.state.alive else "network-not-joined"
            raise fault(key, id=container.id, network=network.name)
        network.leave(container.id)
        wanted.pop(network.name, None)
        container.networking = {**container.networking, "EndpointsConfig": wanted}
        if container.network_mode == network.name:
            container.host_config = {**container.host_config, "NetworkMode": next(iter(wanted), "none")}
        return network

    def disconnect(self, container: Container) -> list[Network]:
        """Suelta sus enchufes y sus puertos; devuelve las redes que deja."""
        left = [net for net in self.networks.list() if net.leave(container.id)]
        self.release(container, container.ports)
        return left

    def of(self, container: Container) -> list[tuple[Network, Endpoint]]:
        """Las redes en las que está, con su enchufe."""
        return [(net, net.endpoints[container.id]) for net in self.networks.list()
                if container.id in net.endpoints]

    def publish(self, container: Container, endpoint: str) -> dict[str, list[dict[str, str]]]:
        """Reserva los puertos que pidió. Falta `port-taken`: no reserva ninguno."""
        asked = {port: list(items or ())
                 for port, items in (container.host_config.get("PortBindings") or {}).items()}
        if container.host_config.get("PublishAllPorts"):
            for port in container.config.get("ExposedPorts") or {}:
                asked.setdefault(port, [{"HostIp": "", "HostPort": ""}])
        if not self.reachable(container):
            asked = {}
        ports: dict[str, list[dict[str, str]]] = {}
        for port, items in sorted(asked.items(), key=lambda item: port_order(item[0])):
            protocol = port.partition("/")[2] or "tcp"
            for item in items or [{}]:
                address = item.get("HostIp") or ""
                number = self.choose(item.get("HostPort") or "", protocol)
                address = "" if address == "0.0.0.0" else address
                holders = self.taken.setdefault((number, protocol), {})
                other = next((held for held in holders if not held or not address or held == address), None)
                if other is not None:
                    self.release(container, ports)
                    raise fault("port-taken", name=container.name, endpoint=endpoint,
                                ip=other or address or "0.0.0.0", port=number, code=125)
                holders[address] = container.id
                shown = [address] if address else ["0.0.0.0", "::"]
                ports.setdefault(port, []).extend({"HostIp": ip, "HostPort": number} for ip in shown)
        return ports

    def reachable(self, container: Container) -> bool:
        """Solo quien está en una red con direcciones puede publicar puertos."""
        return any(net.subnet for net, _ in self.of(container))

    def choose(self, asked: str, protocol: str) -> str:
        """El puerto pedido, o el primero libre de los efímeros; de un intervalo, el primero libre."""
        first, _, last = asked.partition("-")
        options: Iterable[int] = range(int(first), int(last) + 1) if last else EPHEMERAL
        if asked and not last:
            return asked
        for number in options:
            if not self.taken.get((str(number), protocol)):
                return str(number)
        return first

    def release(self, container: Container, ports: Mapping[str, list[dict[str, str]]]) -> None:
        """Deja libres esos puertos suyos."""
        for port, items in ports.items():
            for item in items:
                key = (item["HostPort"], port.partition("/")[2] or "tcp")
                left = {address: who for address, who in self.taken.pop(key, {}).items() if who != container.id}
                if left:
                    self.taken[key] = left


def port_order(port: str) -> tuple[int, str]:
    """Los puertos se ordenan por número y después por protocolo."""
    number, _, protocol = port.partition("/")
    return int(number.partition("-")[0] or 0), protocol


def exposed(container: Container) -> list[str]:
    """Los puertos que la imagen o `--expose` documentan, en orden."""
    return sorted(container.config.get("ExposedPorts") or {}, key=port_order)
