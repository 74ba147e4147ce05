"""La opción `--mount`: `type=bind,source=/a,target=/b,readonly`."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from dockerlab.errors import DockerlabError, fault
from dockerlab.units import ram_in_bytes

from ..flags import split_csv

Reader = Callable[[str, str], Any]

TRUTHS = {"1": True, "true": True, "0": False, "false": False}


def _boolean(key: str, value: str) -> bool:
    if value not in TRUTHS:
        raise fault("mount-boolean", key=key, value=value)
    return TRUTHS[value]


def _size(key: str, value: str) -> int:
    try:
        return ram_in_bytes(value)
    except DockerlabError:
        raise fault("mount-bad-value", key=key, value=value) from None


def _octal(key: str, value: str) -> int:
    try:
        return int(value, 8)
    except ValueError:
        raise fault("mount-bad-value", key=key, value=value) from None


def _text(_: str, value: str) -> str:
    return value


FIELDS: dict[str, tuple[tuple[str, ...], Reader]] = {
    "type": (("Type",), lambda _, value: value.lower()),
    "source": (("Source",), _text), "src": (("Source",), _text),
    "target": (("Target",), _text), "dst": (("Target",), _text), "destination": (("Target",), _text),
    "readonly": (("ReadOnly",), _boolean), "ro": (("ReadOnly",), _boolean),
    "consistency": (("Consistency",), _text),
    "bind-propagation": (("BindOptions", "Propagation"), _text),
    "bind-nonrecursive": (("BindOptions", "NonRecursive"), _boolean),
    "bind-create-src": (("BindOptions", "CreateMountpoint"), _boolean),
    "volume-nocopy": (("VolumeOptions", "NoCopy"), _boolean),
    "volume-subpath": (("VolumeOptions", "Subpath"), _text),
    "volume-driver": (("VolumeOptions", "DriverConfig", "Name"), _text),
    "image-subpath": (("ImageOptions", "Subpath"), _text),
    "tmpfs-size": (("TmpfsOptions", "SizeBytes"), _size),
    "tmpfs-mode": (("TmpfsOptions", "Mode"), _octal),
}
"""Cada campo: dónde va en la API (*Mount*) y cómo se lee su valor."""

MAPS = {"volume-label": ("VolumeOptions", "Labels"), "volume-opt": ("VolumeOptions", "DriverConfig", "Options")}
"""Campos que se repiten y juntan pares clave-valor."""

RECURSION: dict[str, dict[str, bool]] = {
    "enabled": {}, "disabled": {"NonRecursive": True}, "writable": {"ReadOnlyNonRecursive": True},
    "readonly": {"ReadOnlyForceRecursive": True}}

SWITCHES = ("readonly", "ro", "volume-nocopy", "bind-nonrecursive", "bind-create-src")
"""Campos que valen sí con solo nombrarlos."""


def parse_mount(text: str, cwd: str = "/") -> dict[str, Any]:
    """Un `--mount` en la forma de la API (*Mount*). Faltas `mount-*`.

    `cwd`: la carpeta desde la que cuentan las rutas relativas de un bind mount.
    """
    text = text.strip()
    if not text:
        raise fault("mount-empty")
    mount: dict[str, Any] = {"Type": "volume"}
    for item in split_csv(text):
        _field(mount, item)
    if mount["Type"] == "bind" and mount.get("Source", "").startswith("."):
        mount["Source"] = os.path.normpath(os.path.join(cwd, mount["Source"]))
    for kind in ("bind", "volume", "image", "tmpfs"):
        if f"{kind.title()}Options" in mount and mount["Type"] != kind:
            raise fault("mount-mixed", prefix=kind, type=mount["Type"])
    if mount.get("BindOptions", {}).get("ReadOnlyForceRecursive") and not mount.get("ReadOnly"):
        raise fault("mount-recursive")
    return mount


def _field(mount: dict[str, Any], item: str) -> None:
    key, equals, value = item.partition("=")
    if key != key.strip():
        raise fault("mount-key-space", key=key.strip(), item=item)
    if value != value.strip():
        raise fault("mount-value-space", key=key, item=item)
    key = key.lower()
    if not equals:
        if key not in SWITCHES:
            raise fault("mount-pair", item=item)
        value = "true"
    elif not value:
        raise fault("mount-value-empty", key=key)
    if key == "bind-recursive":
        if value not in RECURSION:
            raise fault("mount-bad-value", key=key, value=value)
        mount.setdefault("BindOptions", {}).update(RECURSION[value])
    elif key in MAPS:
        name, _, content = value.partition("=")
        if name:
            _put(mount, (*MAPS[key], name), content)
        else:
            _put(mount, MAPS[key], {})
    elif key in FIELDS:
        path, reader = FIELDS[key]
        _put(mount, path, reader(key, value))
    else:
        raise fault("mount-unknown", key=key, item=item)


def _put(target: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        target = target.setdefault(name, {})
    target[path[-1]] = value
