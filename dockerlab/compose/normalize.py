"""Lo que un archivo de Compose da por supuesto: la red `default`, los nombres, las dependencias implícitas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

STARTED = {"condition": "service_started", "required": True}
SWITCHES = ("tty", "stdin_open", "privileged", "read_only", "oom_kill_disable")   # apagados, no se escriben
SHARED = ("network_mode", "ipc", "pid", "uts", "cgroup")


def normalize(data: Mapping[str, Any], name: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """El proyecto `name` con todo dicho."""
    services = {key: service(value, environment) for key, value in (data.get("services") or {}).items()}
    found = {**data, "name": name, "services": services}
    networks = dict(data.get("networks") or {})
    used = {net for value in services.values() for net in value.get("networks") or {}}
    if "default" in used:
        networks.setdefault("default", None)
    found["networks"] = networks
    for kind in ("networks", "volumes", "secrets", "configs"):
        found[kind] = {key: resource(name, key, value) for key, value in (found.get(kind) or {}).items()}
    return found


def resource(project: str, key: str, value: Mapping[str, Any] | None) -> dict[str, Any]:
    """Un recurso, con su nombre: el suyo, el externo tal cual, o `proyecto_clave`."""
    found = dict(value or {})
    if not found.get("external"):
        found.pop("external", None)
    if "name" not in found:
        found["name"] = key if found.get("external") else f"{project}_{key}"
    return found


def service(value: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Un servicio."""
    found = dict(value)
    if "build" in found:
        found["build"] = build(found["build"], environment)
    if not found.get("network_mode") and not found.get("networks"):
        found["networks"] = {"default": None}
    if found.get("pull_policy") == "if_not_present":
        found["pull_policy"] = "missing"
    if found.get("secrets"):
        found["secrets"] = [secret(item) for item in found["secrets"]]
    waits = dict(found.get("depends_on") or {})
    for other, restarts in implied(found):
        waits.setdefault(other, {**STARTED, "restart": True} if restarts else STARTED)
    if found.get("pre_start"):
        found["pre_start"] = [{"image": found.get("image"), **item} for item in found["pre_start"]]
    if waits:
        found["depends_on"] = dict(sorted(waits.items()))
    if "healthcheck" in found and found["healthcheck"].get("disable") is False:
        found["healthcheck"] = {key: item for key, item in found["healthcheck"].items() if key != "disable"}
    return {key: item for key, item in found.items() if item not in (None, [], {})
            and not (key in SWITCHES and item is False)}


def build(value: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """Una construcción: el contexto es esta carpeta, el archivo `Dockerfile`, y los argumentos, con su valor."""
    found = dict(value)
    found.setdefault("context", ".")
    if not found.get("dockerfile_inline"):
        found["dockerfile"] = found.get("dockerfile") or "Dockerfile"
    if found.get("args"):
        known = {key: environment.get(key) if item is None else item for key, item in found["args"].items()}
        found["args"] = {key: item for key, item in known.items() if item is not None}
    return found


def secret(item: Mapping[str, Any]) -> dict[str, Any]:
    """Un secreto: se monta en `/run/secrets` si no se dice otra ruta."""
    target = item.get("target") or item["source"]
    return {**item, "target": target if target.startswith("/") else f"/run/secrets/{target}"}


def implied(value: Mapping[str, Any]) -> list[tuple[str, bool]]:
    """De quién depende un servicio sin decirlo, y si se reinicia con él."""
    others = [(link.partition(":")[0], True) for link in value.get("links") or ()]
    others += [(value[key].partition(":")[2], True) for key in SHARED
               if str(value.get(key, "")).startswith("service:")]
    return others + [(item.partition(":")[0], False) for item in value.get("volumes_from") or ()
                     if not item.startswith("container:")]
