"""Las formas cortas de Compose y su forma larga: puertos, volúmenes, dependencias, listas...

Cada clave que admite varias formas tiene aquí la función que la deja en una sola.
"""

from __future__ import annotations

import ipaddress
import os
import posixpath
import shlex
from collections.abc import Callable, Mapping
from typing import Any

from dockerlab.errors import fault

PROPAGATIONS = ("private", "rprivate", "shared", "rshared", "slave", "rslave")


def text_of(value: Any) -> str:
    """Un valor suelto como texto, como lo escribe Go."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)
    return str(value)


def dictionary(value: Any, path: str = "") -> dict[str, Any]:
    """`[A=1, B]` o `{A: 1, B: }` → `{A: "1", B: None}`. Falta `compose-item`."""
    if isinstance(value, Mapping):
        return {key: item if item is None or not isinstance(item, (bool, int, float)) else text_of(item)
                for key, item in value.items()}
    found: dict[str, Any] = {}
    for at, item in enumerate(value or ()):
        if not isinstance(item, str):
            kind = {"bool": "bool", "float": "float64", "NoneType": "<nil>"}.get(type(item).__name__, "int")
            raise fault("compose-item", path=f"{path}.[{at}]", kind=kind)
        name, equals, rest = item.partition("=")
        found[name] = rest if equals else None
    return found


def labels(value: Any, path: str = "") -> dict[str, str]:
    """Como `dictionary`, y lo que no tiene valor está vacío."""
    return {key: item or "" for key, item in dictionary(value, path).items()}


def listed(value: Any, path: str = "") -> list[Any]:
    """Uno solo es una lista de uno."""
    return [value] if isinstance(value, str) else value


def texts(value: Any, path: str = "") -> list[str]:
    """Una lista de textos."""
    return [text_of(item) for item in value]


def argv(value: Any, path: str = "") -> Any:
    """`nginx -g 'daemon off;'` en palabras. Falta `compose-words` si no se cierran las comillas."""
    if not isinstance(value, str):
        return value
    try:
        return shlex.split(value)
    except ValueError:
        raise fault("compose-words", text=value, path=path) from None


def hosts(value: Any, path: str = "") -> list[str]:
    """`extra_hosts`: `nombre=dirección`."""
    pairs = [(name, item) for name, item in value.items()] if isinstance(value, Mapping) else [
        (text.partition("=")[::2] if "=" in text else text.partition(":")[::2]) for text in value]
    return [f"{name}={address}" for name, found in sorted(pairs, key=lambda pair: pair[0])
            for address in listed(found)]


def keyed(value: Any, path: str = "") -> dict[str, Any]:
    """Una lista de nombres como diccionario."""
    return value if isinstance(value, Mapping) else dict.fromkeys(value)


def dependencies(value: Any, path: str = "") -> dict[str, Any]:
    """`depends_on`: la forma corta solo pide que haya arrancado."""
    named = value if isinstance(value, Mapping) else {name: {"condition": "service_started"} for name in value}
    return {name: {**found, "required": found.get("required", True)} for name, found in named.items()}


def references(value: Any, path: str = "") -> list[dict[str, Any]]:
    """`secrets` y `configs` de un servicio."""
    return [{"source": item} if isinstance(item, str) else item for item in value]


def env_files(value: Any, path: str = "") -> list[dict[str, Any]]:
    """`env_file`: rutas, con si son obligatorias."""
    return [{"path": item, "required": True} if isinstance(item, str) else {"required": True, **item}
            for item in listed(value)]


def build(value: Any, path: str = "") -> dict[str, Any]:
    """`build: carpeta`."""
    return {"context": value} if isinstance(value, str) else value


def extends(value: Any, path: str = "") -> dict[str, Any]:
    """`extends: servicio`."""
    return {"service": value} if isinstance(value, str) else value


def test(value: Any, path: str = "") -> list[str]:
    """`healthcheck.test`. Falta `compose-health-test`."""
    if isinstance(value, str):
        return ["CMD-SHELL", value] if value else []
    if value and value[0] not in ("NONE", "CMD", "CMD-SHELL"):
        raise fault("compose-health-test", path=path)
    return value


def hooks(value: Any, path: str = "") -> list[dict[str, Any]]:
    """`post_start` y compañía: lo que se ejecuta en cada momento."""
    return [{**item, "command": argv(item["command"])} for item in value]


def provider(value: Any, path: str = "") -> dict[str, Any]:
    """`provider`: cada opción es una lista de textos."""
    options = value.get("options") or {}
    return {**value, "options": {key: texts(item if isinstance(item, list) else [item])
                                 for key, item in options.items()}}


def resources(value: Any, path: str = "") -> dict[str, Any]:
    """`deploy.resources`: los aparatos que se reservan. Faltas `compose-device-count` y `compose-device-both`."""
    reserved = value.get("reservations") or {}
    if not reserved.get("devices"):
        return value
    rows = []
    for at, item in enumerate(reserved["devices"]):
        if "count" in item and "device_ids" in item:
            raise fault("compose-device-both", path=f"{path}.reservations.devices.[]")
        count = item.get("count", -1)
        if isinstance(count, str) and count != "all" and not count.isdecimal():
            shown = path.replace("services.", "services[", 1).replace(".deploy", "].deploy", 1)
            raise fault("compose-device-count", path=f"{shown}.reservations.devices[{at}].count", value=count)
        rows.append(item if "device_ids" in item else {**item, "count": -1 if count == "all" else int(count)})
    return {**value, "reservations": {**reserved, "devices": rows}}


def devices(value: Any, path: str = "") -> list[dict[str, Any]]:
    """`devices`: `origen:destino:permisos`."""
    found = []
    for item in value:
        if isinstance(item, str):
            source, target, permissions, *_ = [*item.split(":"), "", ""]
            item = {"source": source, "target": target or source, "permissions": permissions or "rwm"}
        found.append(item)
    return found


def external(value: Any) -> dict[str, Any] | None:
    """Un recurso: sus etiquetas en diccionario y `external: {name: x}` en su forma de ahora."""
    if value is None:
        return None
    found = dict(value)
    if isinstance(found.get("external"), Mapping):
        found.setdefault("name", found["external"].get("name"))
        found["external"] = True
    if "labels" in found:
        found["labels"] = labels(found["labels"])
    return found


# ── puertos ─────────────────────────────────────────────────────────────────

def ports(value: Any, path: str = "") -> list[dict[str, Any]]:
    """`ports`: una fila por puerto del contenedor. Faltas `compose-port*`."""
    rows: list[dict[str, Any]] = []
    for item in value:
        if isinstance(item, Mapping):
            published = {"published": text_of(item["published"])} if "published" in item else {}
            rows.append({"mode": "ingress", "protocol": "tcp", **item, **published})
        else:
            rows += port(text_of(item), path)
    return rows


def bounds(text: str, side: str) -> tuple[int, int]:
    """`80` → (80, 80); `80-82` → (80, 82)."""
    low, dash, high = text.partition("-")
    numbers = (low, high if dash else low)
    if not all(number.isdecimal() and int(number) <= 65535 for number in numbers) or int(numbers[1]) < int(low):
        raise fault("compose-port", side=side, port=text)
    return int(low), int(numbers[1])


def port(text: str, path: str) -> list[dict[str, Any]]:
    """`127.0.0.1:8080-8081:80-81/udp`."""
    *before, target = text.split(":")
    host, address = before[-1] if before else "", ":".join(before[:-1])
    target, _, protocol = target.partition("/")
    if address.strip("[]"):
        try:
            ipaddress.ip_address(address.strip("[]"))
        except ValueError:
            raise fault("compose-port-address", path=path, address=address) from None
    if not target:
        raise fault("compose-port-missing", spec=text)
    low, high = bounds(target, "containerPort")
    first, last = bounds(host, "hostPort") if host else (0, 0)
    if host and high > low and last - first != high - low:
        raise fault("compose-port-ranges", target=target, host=host)
    rows = []
    for number in range(low, high + 1):
        row: dict[str, Any] = {"mode": "ingress", "target": number, "protocol": protocol or "tcp"}
        if address:
            row["host_ip"] = address.strip("[]")
        if host:
            row["published"] = f"{first}-{last}" if last > first and high == low else str(first + number - low)
        rows.append(row)
    return rows


# ── volúmenes ───────────────────────────────────────────────────────────────

def is_drive(text: str) -> bool:
    """¿Es la letra de una unidad de Windows?"""
    return len(text) == 1 and text.isascii() and text.isalpha()


def is_path(source: str) -> bool:
    """¿Es una ruta del anfitrión, y no el nombre de un volumen?"""
    return source.startswith((".", "/", "~", "\\\\")) or (is_drive(source[:1]) and source[1:2] == ":")


def volumes(value: Any, path: str = "") -> list[dict[str, Any]]:
    """`volumes` de un servicio. Faltas `compose-volume-*`."""
    return [volume(item) if isinstance(item, str) else mounted(item, f"{path}.[{at}]")
            for at, item in enumerate(value)]


def mounted(value: Mapping[str, Any], path: str) -> dict[str, Any]:
    """La forma larga. Falta `compose-volume-target`."""
    if not value.get("target"):
        raise fault("compose-volume-target", path=path)
    return dict(value)


def volume(spec: str) -> dict[str, Any]:
    """`origen:destino:opciones`."""
    parts = [""]
    for char in spec:
        if char == ":" and not is_drive(parts[-1]):
            parts.append("")
        else:
            parts[-1] += char
    if "" in parts:
        raise fault("compose-volume-spec", spec=spec)
    if len(parts) == 1:
        return {"type": "volume", "target": spec, "volume": {}}
    source, target, options = parts[0], posixpath.normpath(parts[1]) if parts[1][0] == "/" else parts[1], (
        ":".join(parts[2:]).split(","))
    found: dict[str, Any] = {"type": "bind" if is_path(source) else "volume", "source": source, "target": target}
    if "ro" in options:
        found["read_only"] = True
    if found["type"] == "volume":
        found["volume"] = {"nocopy": True} if "nocopy" in options else {}
        return found
    found["bind"] = {"create_host_path": True}
    for option in options:
        if option in PROPAGATIONS:
            found["bind"]["propagation"] = option
        elif option in ("z", "Z"):
            found["bind"]["selinux"] = option
    return found


Form = Callable[..., Any]
SERVICE: dict[str, Form] = {
    "build": build, "command": argv, "entrypoint": argv, "environment": dictionary, "env_file": env_files,
    "labels": labels, "annotations": labels, "sysctls": labels, "extra_hosts": hosts, "expose": texts,
    "group_add": texts, "dns": listed, "dns_search": listed, "tmpfs": listed, "label_file": listed,
    "depends_on": dependencies, "networks": keyed, "models": keyed, "secrets": references, "configs": references,
    "ports": ports, "volumes": volumes, "devices": devices, "extends": extends, "provider": provider,
    "post_start": hooks, "pre_stop": hooks, "pre_start": hooks}
BUILD: dict[str, Form] = {"args": dictionary, "labels": labels, "ssh": dictionary, "additional_contexts": labels,
                          "extra_hosts": hosts, "secrets": references}
DEPLOY: dict[str, Form] = {"labels": labels, "resources": resources}
HEALTH: dict[str, Form] = {"test": test}


def absolute(path: str, folder: str, home: str = "~") -> str:
    """Una ruta del anfitrión, entera: contada desde `folder`, con `~` en la carpeta personal."""
    if path.startswith("~"):
        path = home + path[1:]
    if is_drive(path[:1]) and path[1:2] == ":":
        return path
    return os.path.normpath(os.path.join(folder, path))
