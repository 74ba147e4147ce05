"""Nombres y direcciones: `--add-host`, `--dns`, `--dns-search`, `--link`, `-e`, `-l`, `-a`, `-H`."""

from __future__ import annotations

import ipaddress
import re
import urllib.parse
from collections.abc import Mapping

from dockerlab.errors import fault

from ..flags import quote

DOMAIN = re.compile(r"(?:(?=.{1,255}$)(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)"
                    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*)\.?")
SYSCTLS = ("kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
           "kernel.shmmni", "kernel.shm_rmid_forced")
STREAMS = ("stdin", "stdout", "stderr")


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def parse_extra_host(text: str) -> str:
    """`equipo:1.2.3.4` o `equipo=::1` → `equipo:dirección`. Faltas `add-host-format`, `add-host-address`."""
    cut = min((at for at in (text.find("="), text.find(":")) if at >= 0), default=-1)
    name, address = text[:cut], text[cut + 1:]
    if cut <= 0:
        raise fault("add-host-format", text=quote(text))
    bare = address[1:-1] if address.startswith("[") and address.endswith("]") else address
    if bare != "host-gateway" and not _is_address(bare):
        raise fault("add-host-address", address=quote(bare))
    return f"{name}:{bare}"


def parse_address(text: str) -> str:
    """Una dirección IP, en su forma corta. Falta `ip-invalid`."""
    if not _is_address(text.strip()):
        raise fault("ip-invalid", address=text)
    return str(ipaddress.ip_address(text.strip()))


def parse_dns_search(text: str) -> str:
    """Un dominio, sin el punto final; `.` solo vale. Falta `domain-invalid`."""
    text = text.strip()
    if text == ".":
        return text
    if not DOMAIN.fullmatch(text) or not re.search("[a-zA-Z]", text):
        raise fault("domain-invalid", domain=text)
    return text.removesuffix(".")


def parse_link(text: str) -> tuple[str, str]:
    """`contenedor:alias` → (contenedor, alias). Faltas `link-empty`, `link-format`."""
    if not text:
        raise fault("link-empty")
    pieces = text.split(":")
    if len(pieces) > 2:
        raise fault("link-format", text=text)
    name, alias = pieces[0], pieces[-1]
    if name.startswith("/"):
        return name[1:], alias.rpartition("/")[2] if len(pieces) == 2 else name[1:]
    return name, alias


def check_link(text: str) -> str:
    """El enlace tal cual, si está bien escrito."""
    parse_link(text)
    return text


def parse_label(text: str) -> str:
    """`clave=valor` o `clave`. Faltas `label-name`, `label-space`."""
    name = text.partition("=")[0]
    if not name.strip():
        raise fault("label-name", text=text)
    if re.search(r"\s", name.lstrip()):
        raise fault("label-space", name=name)
    return text


def parse_env(text: str) -> str:
    """`NOMBRE=valor` o `NOMBRE`. Falta `env-name`."""
    if not text or text.startswith("="):
        raise fault("env-name", text=text)
    return text


def with_value(text: str, environment: Mapping[str, str]) -> str:
    """`NOMBRE` a secas toma su valor del entorno, si lo tiene."""
    return text if "=" in text or text not in environment else f"{text}={environment[text]}"


def parse_attach(text: str) -> str:
    """`stdin`, `stdout` o `stderr`. Falta `attach-stream`."""
    if text.lower() not in STREAMS:
        raise fault("attach-stream")
    return text.lower()


def parse_sysctl(text: str) -> tuple[str, str]:
    """`net.ipv4.ip_forward=1`. Falta `sysctl-denied`."""
    name, equals, value = text.partition("=")
    if not equals or (name not in SYSCTLS and not name.startswith(("net.", "fs.mqueue."))):
        raise fault("sysctl-denied", name=text)
    return name, value


def parse_host(text: str) -> str:
    """A qué motor se habla (`-H`): `tcp://equipo:2375`, `unix:///…`. Faltas `host-*`."""
    text = text.strip()
    if not text:
        return "unix:///var/run/docker.sock"
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "tcp", text
    if scheme not in ("tcp", "unix", "npipe", "fd", "ssh"):
        raise fault("host-format", text=text)
    if scheme == "npipe" and not rest:
        return "npipe:////./pipe/docker_engine"
    if scheme != "tcp":
        return f"{scheme}://{rest}"
    if re.search(r"\s", rest):
        raise fault("host-character", text=f"tcp://{rest}")
    name, colon, port = rest.rpartition(":") if not rest.endswith("]") else (rest, "", "")
    if not colon:
        name, port = rest, ""
    if port and not port.isdecimal():
        raise fault("host-port", text=f"tcp://{rest}", port=port)
    return urllib.parse.urlunsplit(("tcp", f"{name or 'localhost'}:{port or '2375'}", "", "", ""))
