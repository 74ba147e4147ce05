"""Puertos: `-p 127.0.0.1:8080:80/tcp`, `--expose 80-82/udp`, y cómo los enseña `docker ps`.

Docker real: biblioteca go-connections (`nat.ParsePortSpecs`).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

from dockerlab.errors import fault

PROTOCOLS = ("tcp", "udp", "sctp")
HIGHEST = 65535


def port_range(text: str) -> tuple[int, int]:
    """`80` → (80, 80); `80-82` → (80, 82). `ValueError`, con las palabras de Docker, si no son puertos."""
    if not text:
        raise ValueError("Empty string specified for ports.")
    first, last = (text.split("-") * 2)[:2] if "-" in text else (text, text)
    low, high = _port(first), _port(last)
    if high < low:
        raise ValueError(f"Invalid range specified for the Port: {text}")
    return low, high


def _port(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() else None
    if number is None or number > HIGHEST:
        reason = "invalid syntax" if number is None else "value out of range"
        raise ValueError(f'strconv.ParseUint: parsing "{text}": {reason}')
    return number


def split_protocol(text: str) -> tuple[str, str]:
    """`80/udp` → (80, udp); sin protocolo, tcp."""
    port, _, protocol = text.partition("/")
    return port, protocol or "tcp" if port else ""


def _address(text: str) -> str:
    """La dirección, sin corchetes; una IPv6 los tiene que llevar. Faltas `port-address` y `port-address-form`."""
    closed = text.startswith("[") and text.endswith("]")
    if text.startswith("[") and not closed:
        raise fault("port-address-form", address=text, reason="missing ']' in address")
    if not closed and ":" in text:
        raise fault("port-address-form", address=text, reason="too many colons in address")
    bare = text[1:-1] if closed else text
    if bare:
        try:
            ipaddress.ip_address(bare)
        except ValueError:
            raise fault("port-address", address=bare) from None
    return bare


def _split(spec: str) -> tuple[str, str, str]:
    """`dirección:anfitrión:contenedor`, de derecha a izquierda: la dirección puede llevar dos puntos."""
    pieces = spec.split(":")
    if len(pieces) <= 2:
        return "", "" if len(pieces) == 1 else pieces[0], pieces[-1]
    return ":".join(pieces[:-2]), pieces[-2], pieces[-1]


def parse_port(spec: str) -> list[tuple[str, dict[str, str]]]:
    """Una opción `-p`: pares (`80/tcp`, {HostIp, HostPort}). Faltas `port-*`."""
    address, host, container = _split(spec)
    container, protocol = split_protocol(container)
    if not container:
        raise fault("port-missing", spec=spec)
    address = _address(address)
    try:
        low, high = port_range(container)
    except ValueError:
        raise fault("port-container", port=container) from None
    try:
        host_low, host_high = port_range(host) if host else (0, 0)
    except ValueError:
        raise fault("port-host", port=host) from None
    ranged = f"{host_low}-{host_high}" if host_high > host_low and high == low else ""
    if host and high - low != host_high - host_low and not ranged:
        raise fault("port-ranges", container=container, host=host)
    if protocol.lower() not in PROTOCOLS:
        raise fault("port-protocol", protocol=protocol)
    return [(f"{port}/{protocol.lower()}",
             {"HostIp": address, "HostPort": ranged or (str(host_low + port - low) if host else "")})
            for port in range(low, high + 1)]


def parse_ports(specs: Iterable[str]) -> tuple[list[str], dict[str, list[dict[str, str]]]]:
    """Todas las `-p`: puertos expuestos y sus enlaces, por puerto del contenedor."""
    bindings: dict[str, list[dict[str, str]]] = {}
    for spec in specs:
        for port, binding in parse_port(spec):
            bindings.setdefault(port, []).append(binding)
    return list(bindings), bindings


def parse_expose(spec: str) -> list[str]:
    """Una opción `--expose`: `80`, `80-82/udp`. Faltas `expose-form` y `expose-range`."""
    if ":" in spec:
        raise fault("expose-form", spec=spec)
    port, protocol = split_protocol(spec)
    try:
        low, high = port_range(port)
    except ValueError as error:
        raise fault("expose-range", spec=spec, reason=error) from None
    return [f"{number}/{protocol}" for number in range(low, high + 1)]


def join_address(address: str, port: object) -> str:
    """`0.0.0.0:80`, `[::]:80`."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def display_ports(ports: Iterable[Mapping[str, Any]]) -> str:
    """La columna PORTS: primero los que tienen el mismo número a los dos lados, agrupados; después los demás."""
    groups: dict[tuple[str, str], list[int]] = {}
    done: list[str] = []
    mapped: list[str] = []
    for port in sorted(ports, key=lambda each: (each["PrivatePort"], each.get("IP") or "",
                                                each.get("PublicPort") or 0, each["Type"])):
        address, inner, outer = port.get("IP") or "", port["PrivatePort"], port.get("PublicPort") or 0
        if address and outer != inner:
            mapped.append(f"{join_address(address, outer)}->{inner}/{port['Type']}")
            continue
        key = (address, port["Type"])
        if key in groups and inner != groups[key][1] + 1:
            done.append(_group(*key, *groups.pop(key)))
        groups[key] = [groups[key][0] if key in groups else inner, inner]
    return ", ".join([*done, *(_group(*key, *group) for key, group in groups.items()), *mapped])


def _group(address: str, protocol: str, first: int, last: int) -> str:
    span = str(first) if first == last else f"{first}-{last}"
    return f"{join_address(address, span)}->{span}/{protocol}" if address else f"{span}/{protocol}"


def sort_ports(names: Iterable[str]) -> list[str]:
    """`80/tcp` antes que `443/tcp`: por número y por protocolo."""
    return sorted(names, key=lambda name: (int(name.partition("/")[0]), name.partition("/")[2]))


