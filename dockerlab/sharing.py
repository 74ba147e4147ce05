"""Los volúmenes y las redes vistos desde Python: los objetos y las colecciones del SDK de Docker.

    datos = docker.volumes.create("datos")
    red = docker.networks.create("mi-red")
    red.connect("web", aliases=["www"])
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import housekeeping
from .display import Described
from .models import Container, order

if TYPE_CHECKING:
    from .client import Docker
    from .containers.networks import Network as NetworkRecord
    from .containers.volumes import Volume as VolumeRecord

Filters = Mapping[str, Any] | None


def asked(filters: Filters, name: str) -> list[str]:
    """Los valores de un filtro, venga solo o en una lista; un sí o no se escribe como en la línea de órdenes."""
    value = (filters or {}).get(name, [])
    return [str(item).lower() if isinstance(item, bool) else str(item)
            for item in (value if isinstance(value, (list, tuple)) else [value])]


def labelled(labels: Mapping[str, str] | None, wanted: Sequence[str]) -> bool:
    """¿Tiene todos esos metadatos (`clave` o `clave=valor`)?"""
    labels = labels or {}
    pairs = [text.partition("=") for text in wanted]
    return all(name in labels and (not equals or labels[name] == value) for name, equals, value in pairs)


def one_of(value: str, wanted: Sequence[str]) -> bool:
    """Sin valores pedidos, vale cualquiera."""
    return not wanted or value in wanted


class Volume(Described):
    """Un volumen del motor. `name`, `attrs`, `remove()`."""

    def __init__(self, docker: Docker, name: str):
        self.docker, self.name = docker, name

    @property
    def id(self) -> str:
        """Su nombre: un volumen no tiene otro id."""
        return self.name

    @property
    def short_id(self) -> str:
        """Las doce primeras letras de su nombre."""
        return self.name[:12]

    @property
    def record(self) -> VolumeRecord:
        """La ficha del motor (`dockerlab.containers.volumes.Volume`), con su árbol de archivos."""
        return self.docker.engine.volumes.get(self.name)

    @property
    def attrs(self) -> dict[str, Any]:
        """Lo que diría `docker volume inspect`."""
        from .inspection import volume_json
        return volume_json(self.record)

    @order
    def remove(self, force: bool = False) -> None:
        """Lo elimina, con lo que guarda. `Conflict` si algún contenedor lo monta."""
        self.docker.engine.remove_volume(self.name, force)

    def facts(self) -> tuple[str, list[tuple[str, str]]]:
        """Título y datos para mostrarlo."""
        from .units import human_size
        users = self.docker.engine.containers.using_volume(self.name)
        return f"Volumen {self.name}", [
            ("tamaño", human_size(self.record.size)),
            ("contenedores", ", ".join(user.name for user in users) or "ninguno")]


class Volumes(Described):
    """`docker.volumes`: crear, listar, limpiar."""

    def __init__(self, docker: Docker):
        self.docker = docker

    @order
    def create(self, name: str | None = None, driver: str = "local", driver_opts: Mapping[str, str] | None = None,
               labels: Mapping[str, str] | None = None) -> Volume:
        """El volumen `name`, o uno anónimo; si ya existe, es ese."""
        engine = self.docker.engine
        record = housekeeping.create_volume(
            engine, name or engine.ids.next(), driver=driver, anonymous=not name, labels=dict(labels or {}) or None,
            options=dict(driver_opts or {}) or None)
        return Volume(self.docker, record.name)

    def get(self, volume_id: str) -> Volume:
        """El volumen de ese nombre; `NotFound` si no está."""
        return Volume(self.docker, self.docker.engine.volumes.get(volume_id).name)

    def list(self, filters: Filters = None) -> list[Volume]:
        """Todos, por nombre. `filters`: `name`, `driver`, `label` y `dangling`."""
        engine = self.docker.engine
        loose = asked(filters, "dangling")
        return [Volume(self.docker, one.name) for one in engine.volumes.list()
                if all(text in one.name for text in asked(filters, "name")[:1])
                and one_of(one.driver, asked(filters, "driver")) and labelled(one.labels, asked(filters, "label"))
                and (not loose or (loose[0] in ("true", "1")) != bool(engine.containers.using_volume(one.name)))]

    @order
    def prune(self, filters: Filters = None) -> dict[str, Any]:
        """Quita los anónimos que nadie monta (con `{"all": True}`, también los que tienen nombre)."""
        names, size = housekeeping.sweep_volumes(
            self.docker.engine, asked(filters, "all")[:1] in (["true"], ["1"]),
            lambda volume: labelled(volume.labels, asked(filters, "label")))
        return {"VolumesDeleted": names or None, "SpaceReclaimed": size}

    def facts(self) -> tuple[str, list[tuple[str, str]]]:
        """Título y una línea por volumen, para mostrarlos."""
        from .units import human_size
        return "Volúmenes", [(volume.name, human_size(volume.record.size)) for volume in self.list()]


class Network(Described):
    """Una red del motor. `name`, `containers`, `connect()`, `disconnect()`, `remove()`."""

    def __init__(self, docker: Docker, identity: str):
        self.docker, self.id = docker, identity

    @property
    def short_id(self) -> str:
        """Las doce primeras cifras de su id."""
        return self.id[:12]

    @property
    def record(self) -> NetworkRecord:
        """La ficha del motor (`dockerlab.containers.networks.Network`)."""
        return self.docker.engine.networks.get(self.id)

    @property
    def name(self) -> str:
        """Su nombre."""
        return self.record.name

    @property
    def attrs(self) -> dict[str, Any]:
        """Lo que diría `docker network inspect`."""
        from .inspection import network_json
        return network_json(self.record)

    @property
    def containers(self) -> list[Container]:
        """Los contenedores que están conectados ahora."""
        return [Container(self.docker, identity) for identity in self.record.endpoints]

    @order
    def connect(self, container: str | Container, aliases: Sequence[str] | None = None,
                links: Sequence[str] | None = None, ipv4_address: str | None = None) -> None:
        """Conecta un contenedor; con `aliases`, los de esta red lo encuentran también por esos nombres."""
        details = {"Aliases": list(aliases or ()), "Links": list(links or ()),
                   "IPAMConfig": {"IPv4Address": ipv4_address} if ipv4_address else None}
        self.docker.engine.containers.connect(
            self._found(container), self.name, {key: value for key, value in details.items() if value})

    @order
    def disconnect(self, container: str | Container, force: bool = False) -> None:
        """Desconecta un contenedor."""
        self.docker.engine.containers.disconnect(self._found(container), self.name, force)

    @order
    def remove(self) -> None:
        """La elimina. Un error si todavía tiene alguien conectado."""
        housekeeping.remove_network(self.docker.engine, self.id)

    def _found(self, container: str | Container) -> Any:
        return self.docker.engine.containers.get(container if isinstance(container, str) else container.id)

    def facts(self) -> tuple[str, list[tuple[str, str]]]:
        """Título y datos para mostrarla."""
        record = self.record
        return f"Red {record.name}", [("driver", record.driver), ("subred", record.subnet or "ninguna"),
                                      ("contenedores", ", ".join(end.name for end in record.endpoints.values()) or
                                       "ninguno")]


class Networks(Described):
    """`docker.networks`: crear, listar, limpiar."""

    def __init__(self, docker: Docker):
        self.docker = docker

    @order
    def create(self, name: str, driver: str = "bridge", options: Mapping[str, str] | None = None,
               ipam: Mapping[str, Any] | None = None, internal: bool = False, attachable: bool = False,
               labels: Mapping[str, str] | None = None) -> Network:
        """Una red nueva. `ipam`: `{"Config": [{"Subnet": ..., "Gateway": ...}]}`; sin él, la subred libre siguiente."""
        pool = next(iter((ipam or {}).get("Config") or ()), {})
        record = housekeeping.create_network(
            self.docker.engine, name, driver=driver, options=options, internal=internal, attachable=attachable,
            labels=labels, subnet=pool.get("Subnet") or "", gateway=pool.get("Gateway") or "",
            ip_range=pool.get("IPRange") or "")
        return Network(self.docker, record.id)

    def get(self, network_id: str) -> Network:
        """La red de ese nombre o id; `NotFound` si no está."""
        return Network(self.docker, self.docker.engine.networks.get(network_id).id)

    def list(self, names: Sequence[str] | None = None, ids: Sequence[str] | None = None,
             filters: Filters = None) -> list[Network]:
        """Todas, por nombre. `filters`: `driver` y `label`; `names`, `ids`: lo que tienen que contener."""
        return [Network(self.docker, one.id) for one in self.docker.engine.networks.list()
                if (not names or any(text in one.name for text in names))
                and (not ids or any(one.id.startswith(text) for text in ids))
                and one_of(one.driver, asked(filters, "driver")) and labelled(one.labels, asked(filters, "label"))]

    @order
    def prune(self, filters: Filters = None) -> dict[str, Any]:
        """Quita las redes propias sin nadie en marcha."""
        names = housekeeping.sweep_networks(
            self.docker.engine, lambda network: labelled(network.labels, asked(filters, "label")))
        return {"NetworksDeleted": names or None}

    def facts(self) -> tuple[str, list[tuple[str, str]]]:
        """Título y una línea por red, para mostrarlas."""
        return "Redes", [(one.name, one.record.subnet or one.record.driver) for one in self.list()]
