"""El proyecto: un archivo de Compose (o varios) ya leído, completo y comprobado."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dockerlab.errors import fault

from .convert import without_extensions
from .schema import table

Service = Mapping[str, Any]
RESOURCES = ("networks", "volumes", "secrets", "configs")


@dataclass(frozen=True, slots=True)
class Project:
    """Un proyecto. Los servicios y recursos están en su forma larga, con las claves de la especificación.

    `folder`: la carpeta del proyecto; `files`: los archivos de los que salió;
    `disabled`: los servicios que ningún perfil activo enciende.
    """

    name: str
    folder: str
    files: tuple[str, ...] = ()
    services: Mapping[str, Service] = field(default_factory=dict)
    networks: Mapping[str, Any] = field(default_factory=dict)
    volumes: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, Any] = field(default_factory=dict)
    configs: Mapping[str, Any] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    disabled: Mapping[str, Service] = field(default_factory=dict)

    def service(self, name: str) -> Service:
        """El servicio. Falta `no-such-service`."""
        if name not in self.services:
            raise fault("no-such-service", name=name)
        return self.services[name]

    def only(self, names: Iterable[str], dependencies: bool = True) -> Project:
        """El mismo proyecto con solo esos servicios y, si se quiere, de los que dependen. Falta `no-such-service`."""
        wanted: dict[str, None] = {}
        pending = list(names)
        while pending:
            name = pending.pop(0)
            service = self.service(name)
            if name not in wanted:
                wanted[name] = None
                pending += [other for other in service.get("depends_on") or {} if dependencies
                            and other in self.services]
        return replace(self, services={name: self.services[name] for name in self.services if name in wanted})

    def used(self) -> Project:
        """El mismo proyecto sin los recursos que nadie usa."""
        return replace(self, **{kind: {name: value for name, value in getattr(self, kind).items()
                                       if name in users(self.services, kind)} for kind in RESOURCES})

    def image(self, name: str) -> str:
        """La imagen de un servicio: la suya, o el nombre que tendrá la que se construya."""
        return self.services[name].get("image") or f"{self.name}-{name}"

    def config_hash(self, name: str) -> str:
        """La huella de su configuración: si cambia, su contenedor se vuelve a crear."""
        kept = {key: value for key, value in self.services[name].items()
                if key not in ("build", "depends_on", "deploy", "scale", "profiles")}
        return digest([name, kept])

    def to_data(self) -> dict[str, Any]:
        """Como lo escribe `docker compose config`: solo lo que hay."""
        kinds = {kind: dict(getattr(self, kind)) for kind in RESOURCES}
        return {"name": self.name, "services": dict(sorted(self.services.items())),
                **{kind: dict(sorted(value.items())) for kind, value in kinds.items() if value}, **self.extensions}

    def to_json(self) -> dict[str, Any]:
        """Como lo escribe `config --format json`: con las órdenes que no hay en nulo."""
        data = self.to_data()
        data = {key: value if key.startswith("x-") else without_extensions(value, table("project")[key].type)
                for key, value in data.items()}
        data["services"] = {name: {key: service.get(key) for key in keys_with_commands(service)}
                            for name, service in data["services"].items()}
        data["networks"] = {name: {**network, "ipam": network.get("ipam") or {}}
                            for name, network in data.get("networks", {}).items()}
        return dict(sorted(data.items()))


def digest(value: Any) -> str:
    """La huella de una descripción."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def copies(service: Service) -> int:
    """Cuántos contenedores pide un servicio."""
    return service.get("scale", (service.get("deploy") or {}).get("replicas", 1))


def keys_with_commands(service: Service) -> list[str]:
    """Las claves de un servicio, con `command` y `entrypoint` aunque falten, en el orden del esquema."""
    order = [key for key in table("service") if key in service or key in ("command", "entrypoint")]
    return order + [key for key in service if key not in order]


def users(services: Mapping[str, Service], kind: str) -> set[str]:
    """Los recursos de una clase que los servicios nombran."""
    found: set[str] = set()
    for service in services.values():
        items = service.get(kind) or ()
        if kind == "networks":
            found |= set(items)
        elif kind == "volumes":
            found |= {item["source"] for item in items if item["type"] == "volume" and item.get("source")}
        else:
            build = (service.get("build") or {}).get(kind) or ()
            found |= {item["source"] for item in (*items, *build) if item.get("source")}
    return found
