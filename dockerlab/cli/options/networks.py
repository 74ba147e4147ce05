"""La opción `--network`: un nombre, o `name=red,alias=web,ip=172.20.0.5`."""

from __future__ import annotations

import re
from typing import Any

from dockerlab.errors import fault

from ..flags import split_csv

MAC = re.compile(r"[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}")
LISTS = {"alias": "Aliases", "link-local-ip": "LinkLocalIPs"}
TEXTS = {"name": "Target", "ip": "IPv4Address", "ip6": "IPv6Address", "mac-address": "MacAddress"}


def empty(target: str = "") -> dict[str, Any]:
    """Una red sin más que su nombre."""
    return {"Target": target, "Aliases": None, "DriverOpts": None, "Links": None, "IPv4Address": "",
            "IPv6Address": "", "LinkLocalIPs": None, "MacAddress": "", "GwPriority": 0}


def parse_network(text: str) -> dict[str, Any]:
    """Faltas `network-field`, `network-priority`, `network-pair`."""
    if "=" not in text:
        return empty(text)
    found = empty() | {"Aliases": []}
    for item in split_csv(text):
        key, equals, value = item.partition("=")
        key, value = key.strip().lower(), value.strip()
        if not equals:
            raise fault("network-pair", item=item)
        if key in TEXTS:
            found[TEXTS[key]] = value
        elif key in LISTS:
            found[LISTS[key]] = [*(found[LISTS[key]] or ()), value]
        elif key == "driver-opt":
            name, _, content = value.partition("=")
            found["DriverOpts"] = {**(found["DriverOpts"] or {}), name.strip(): content.strip()}
        elif key == "gw-priority":
            if not re.fullmatch(r"[+-]?\d+", value):
                raise fault("network-priority", value=value)
            found["GwPriority"] = int(value)
        else:
            raise fault("network-field", key=key)
    return found


SINGLE = {"IPv4Address": ("ip", "per-network IPv4 address"), "IPv6Address": ("ip6", "per-network IPv6 address")}


def first_network(network: dict[str, Any], flags: Any) -> dict[str, Any]:
    """La primera red, con las opciones sueltas que hablan de ella (`--ip`, `--network-alias`, `--link`...).

    Falta `options-conflict` si dicen lo mismo dos veces.
    """
    network = dict(network)
    aliases = [*flags["network-alias"], *(flags.get("net-alias") or ())]
    if aliases and network["Aliases"]:
        raise conflict("cannot specify both --network-alias and per-network alias")
    network["Aliases"] = aliases or network["Aliases"]
    for key, (name, what) in SINGLE.items():
        if flags[name] and network[key]:
            raise conflict(f"cannot specify both --{name} and {what}")
        network[key] = flags[name] or network[key]
    if flags["link-local-ip"] and network["LinkLocalIPs"]:
        raise conflict("cannot specify both --link-local-ip and per-network link-local IP addresses")
    network["LinkLocalIPs"] = flags["link-local-ip"] or network["LinkLocalIPs"]
    if flags["mac-address"] and network["MacAddress"]:
        raise conflict("cannot specify both --mac-address and per-network MAC address")
    network["MacAddress"] = flags["mac-address"] or network["MacAddress"]
    if is_user_defined(network["Target"]):
        network["Links"] = flags["link"] or None
    elif network["Aliases"]:
        raise fault("network-alias-user")
    return network


def conflict(reason: str) -> Exception:
    """Dos opciones que no pueden ir juntas."""
    return fault("options-conflict", reason=reason)


def is_user_defined(name: str) -> bool:
    """¿Es una red creada por alguien, y no una de las que trae Docker?"""
    return name not in ("default", "bridge", "host", "none") and not name.startswith("container:")


def endpoint(network: dict[str, Any]) -> dict[str, Any]:
    """El enchufe a esa red, en la forma de la API (*EndpointSettings*)."""
    if network["MacAddress"] and not MAC.fullmatch(network["MacAddress"]):
        raise fault("mac-invalid", address=network["MacAddress"])
    keys = ("Links", "Aliases", "DriverOpts", "MacAddress", "GwPriority")
    found: dict[str, Any] = {key: network[key] for key in keys if network[key]}
    addresses = {key: network[key] for key in ("IPv4Address", "IPv6Address", "LinkLocalIPs") if network[key]}
    if addresses:
        found["IPAMConfig"] = addresses
    return found


def endpoints(networks: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Todos los enchufes, por red. Falta `options-conflict` si se mezclan redes de usuario con las de fábrica."""
    if len(networks) > 1 and not all(is_user_defined(network["Target"]) for network in networks):
        raise conflict("cannot attach both user-defined and non-user-defined network-modes")
    return {network["Target"]: endpoint(network) for network in networks}
