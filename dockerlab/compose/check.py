"""Que el proyecto tenga sentido: que exista lo que se nombra, y que nadie dependa de sí mismo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dockerlab.errors import fault

from . import graph
from .model import Project, Service, copies

UNDEFINED = {"networks": "network", "volumes": "volume", "secrets": "secret", "configs": "config"}


def check_resources(data: Mapping[str, Any]) -> None:
    """Volúmenes, secretos y configuraciones, uno a uno. Faltas `compose-external` y `compose-secret-source`."""
    for kind in ("volumes", "networks"):
        for name, value in (data.get(kind) or {}).items():
            extra = [key for key in (value or {}) if key not in ("external", "name") and not key.startswith("x-")]
            if value and value.get("external") and extra:
                raise fault("compose-external", path=f"{kind}.{name}", other=extra[0])
    for kind in ("secrets", "configs"):
        for name, value in (data.get(kind) or {}).items():
            if not any(key in value for key in ("file", "environment", "content", "external", "driver")):
                shown = "file|environment" if kind == "secrets" else "file|environment|content"
                raise fault("compose-secret-source", path=f"{kind}.{name}", choices=shown)


def check(project: Project, models: Mapping[str, Any] | None = None) -> None:
    """Faltas `compose-no-image`, `compose-undefined-*`, `compose-modes`, `compose-scale-name`, `compose-cycle`..."""
    for name, service in sorted(project.services.items()):
        if not service.get("image") and not service.get("build") and not service.get("provider"):
            raise fault("compose-no-image", service=name)
        check_service(project, name, service, models or {})
    graph.check_cycles(project)


def check_service(project: Project, name: str, service: Service, models: Mapping[str, Any]) -> None:
    """Un servicio."""
    if service.get("network_mode") and service.get("networks"):
        raise fault("compose-modes", service=name)
    for other in service.get("depends_on") or {}:
        if other not in project.services:
            raise fault("compose-undefined-service", service=name, other=other, disabled=other in project.disabled)
    for kind, what in (*UNDEFINED.items(), ("models", "model")):
        known = models if kind == "models" else getattr(project, kind)
        for other in named(service, kind):
            if other not in known:
                raise fault("compose-undefined", service=name, kind=what, other=other)
    if "container_name" in service and copies(service) > 1:
        raise fault("compose-scale-name", service=name)
    limits = ((service.get("deploy") or {}).get("resources") or {}).get("limits") or {}
    for key, other in (("cpus", "cpus"), ("mem_limit", "memory"), ("pids_limit", "pids")):
        if service.get(key) and limits.get(other) and str(service[key]) != str(limits[other]):
            raise fault("compose-limits", service=name, mine=key, other=other)
    check_mounts(name, service)


def named(service: Service, kind: str) -> list[str]:
    """Los recursos de una clase que nombra un servicio."""
    items = service.get(kind) or ()
    if kind in ("networks", "models"):
        return list(items)
    if kind == "volumes":
        return [item["source"] for item in items if item["type"] == "volume" and item.get("source")]
    return [item["source"] for item in items if item.get("source")]


def check_mounts(name: str, service: Service) -> None:
    """Dos cosas no se montan en el mismo sitio. Falta `compose-mounted`."""
    seen: dict[str, str] = {}
    for at, item in enumerate(service.get("tmpfs") or ()):
        seen[item.partition(":")[0]] = f"services.{name}.tmpfs[{at}]"
    for at, item in enumerate(service.get("volumes") or ()):
        place = f"services.{name}.volumes[{at}]"
        if item["target"] in seen:
            raise fault("compose-mounted", place=place, target=item["target"], other=seen[item["target"]])
        seen[item["target"]] = place
