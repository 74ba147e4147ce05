"""Límites y dispositivos: `--cpus`, `--memory-swap`, `--ulimit`, `--restart`, `--device`, `--gpus`..."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from dockerlab.errors import fault
from dockerlab.units import ram_in_bytes

from ..flags import parse_int, split_csv

ULIMITS = ("core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss",
           "rtprio", "rttime", "sigpending", "stack")
CDI = re.compile(r"[a-zA-Z][\w.-]*/[a-zA-Z][\w-]*=\S+")


def parse_cpus(text: str) -> int:
    """`1.5` → milmillonésimas de procesador. Faltas `cpus-number`, `cpus-precise`."""
    try:
        nano = Fraction(text) * 10**9
    except (ValueError, ZeroDivisionError):
        raise fault("cpus-number", text=text) from None
    if nano.denominator != 1:
        raise fault("cpus-precise")
    return int(nano)


def parse_swap(text: str) -> int:
    """`--memory-swap`: bytes, o -1 sin límite."""
    return -1 if text == "-1" else ram_in_bytes(text)


def parse_ulimit(text: str) -> dict[str, Any]:
    """`nofile=1024:2048`. Faltas `ulimit-*`."""
    name, equals, limits = text.partition("=")
    if not equals:
        raise fault("ulimit-argument", text=text)
    if name not in ULIMITS:
        raise fault("ulimit-type", name=name)
    values = limits.split(":")
    if len(values) > 2 and "=" not in limits:
        raise fault("ulimit-many", values=limits)
    soft = parse_int(values[0])
    hard = parse_int(values[1]) if len(values) == 2 else soft
    if soft == -1 and hard not in (-1, soft):
        raise fault("ulimit-order", reason=f"soft: -1 (unlimited), hard: {hard}")
    if hard != -1 and soft > hard:
        raise fault("ulimit-order", reason=f"{soft} > {hard}")
    return {"Name": name, "Hard": hard, "Soft": soft}


def parse_restart(text: str) -> dict[str, Any]:
    """`on-failure:3`. Faltas `restart-no-policy`, `restart-count`."""
    name, colon, count = text.partition(":")
    if colon and not name:
        raise fault("restart-no-policy")
    if colon and not re.fullmatch(r"[+-]?\d+", count):
        raise fault("restart-count")
    return {"Name": name, "MaximumRetryCount": int(count or 0)}


def parse_gpus(text: str) -> list[dict[str, Any]]:
    """`all`, `2`, `"device=0,2"`. Falta `gpus-count`."""
    request: dict[str, Any] = {"Driver": "", "Count": None, "DeviceIDs": None, "Capabilities": [["gpu"]],
                               "Options": {}}
    for item in split_csv(text):
        key, equals, value = item.partition("=")
        if not equals:
            key, value = "count", item
        if key == "count":
            if value != "all" and not re.fullmatch(r"[+-]?\d+", value):
                raise fault("gpus-count", value=value)
            request["Count"] = -1 if value == "all" else int(value)
        elif key == "driver":
            request["Driver"] = value
        elif key == "device":
            request["DeviceIDs"] = value.split(",")
        elif key == "capabilities":
            request["Capabilities"] = [[*value.split(","), "gpu"]]
        elif key == "options":
            request["Options"] = dict(pair.partition("=")[::2] for pair in value.split(","))
    if request["Count"] is None:
        request["Count"] = 0 if request["DeviceIDs"] else 1
    return [request]


def parse_device(text: str) -> dict[str, str]:
    """`/dev/a`, `/dev/a:/dev/b`, `/dev/a:/dev/b:rw`. Falta `device-mode`."""
    pieces = text.split(":")
    if len(pieces) > 3 or not pieces[0]:
        raise fault("device-spec", text=text)
    host, mode = pieces[0], "rwm"
    inside = host
    if len(pieces) > 1:
        if set(pieces[1]) <= set("rwm") and pieces[1]:
            mode = pieces[1]
        else:
            inside = pieces[1]
    if len(pieces) == 3:
        if not set(pieces[2]) <= set("rwm") or not pieces[2]:
            raise fault("device-mode", mode=pieces[2])
        mode = pieces[2]
    return {"PathOnHost": host, "PathInContainer": inside or host, "CgroupPermissions": mode}


def parse_devices(specs: list[str]) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """Las `--device`: dispositivos y, si el nombre es de CDI (`vendor.com/class=name`), una petición."""
    named = [spec for spec in specs if CDI.fullmatch(spec)]
    requests = [{"Driver": "cdi", "Count": 0, "DeviceIDs": named, "Capabilities": None, "Options": None}]
    return [parse_device(spec) for spec in specs if spec not in named], requests if named else []


def _throttle(text: str, name: str, read: Any) -> dict[str, Any]:
    path, colon, value = text.partition(":")
    if not colon or not path or not value:
        raise fault("throttle-format", text=text)
    if not path.startswith("/dev/"):
        raise fault("throttle-path", text=text)
    return {"Path": path, name: read(value)}


def parse_weight(text: str) -> dict[str, Any]:
    """`/dev/sda:200`."""
    return _throttle(text, "Weight", parse_int)


def parse_bps(text: str) -> dict[str, Any]:
    """`/dev/sda:1mb`."""
    return _throttle(text, "Rate", ram_in_bytes)


def parse_iops(text: str) -> dict[str, Any]:
    """`/dev/sda:1000`."""
    return _throttle(text, "Rate", parse_int)
