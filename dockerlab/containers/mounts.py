"""Montajes: de lo que se pide (`-v`, `--mount`, `--tmpfs`, VOLUME) a lo que se monta.

Docker real: `daemon.registerMountPoints`. El orden de prioridad es el suyo: lo
pedido con `Binds`, `Mounts` o `Tmpfs` gana a los VOLUME de la imagen en la misma ruta.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Any

from dockerlab.errors import fault
from dockerlab.filesystem import File, FileSystem, Mount, Overlay

from .container import MountPoint

MODES = frozenset("ro rw z Z nocopy shared rshared slave rslave private rprivate consistent cached delegated".split())
"""Lo que puede ir tras el segundo signo de dos puntos de `-v`."""
TMPFS = frozenset("ro rw size mode uid gid nr_inodes nr_blocks exec noexec suid nosuid dev nodev sync async "
                  "atime noatime diratime nodiratime relatime norelatime strictatime nostrictatime defaults "
                  "remount mand nomand private rprivate shared rshared slave rslave unbindable runbindable "
                  "bind rbind mpol".split())
"""Las opciones de `--tmpfs`."""
WINDOWS_DRIVE = re.compile(r"^[A-Za-z]:[\\/]")


def split_bind(text: str) -> tuple[str, str, str]:
    """`origen:destino[:modo]` en sus tres partes; la letra de unidad de Windows no corta."""
    drive = text[:2] if WINDOWS_DRIVE.match(text) else ""
    source, _, rest = text[len(drive):].partition(":")
    target, _, mode = rest.partition(":")
    return drive + source, target, mode


def is_path(source: str) -> bool:
    """¿Es una ruta del anfitrión y no el nombre de un volumen?"""
    return source.startswith(("/", ".", "~")) or bool(WINDOWS_DRIVE.match(source))


def from_bind(text: str) -> MountPoint:
    """Un elemento de `HostConfig.Binds`: `datos:/d`, `/ruta:/d:ro`."""
    source, target, mode = split_bind(text)
    flags = mode.split(",") if mode else []
    wrong = f"invalid volume specification: '{text}': "
    if not target:
        source, target = "", source
    check_target("bind" if is_path(source) else "volume", target, wrong)
    if any(flag not in MODES for flag in flags):
        raise fault("mount-mode", mode=mode, code=125)
    common = {"target": clean(target), "read_only": "ro" in flags}
    if is_path(source):
        return MountPoint("bind", source=source, mode=mode, **common)
    return MountPoint("volume", name=source, mode=mode or "z", **common)


def from_mount(spec: Mapping[str, Any]) -> MountPoint:
    """Un elemento de `HostConfig.Mounts`, la forma larga (`--mount`)."""
    kind, target, source = spec.get("Type", "volume"), spec.get("Target", ""), spec.get("Source", "")
    if kind not in ("bind", "volume", "tmpfs"):
        raise fault("mount-type-unknown", type=kind, code=125)
    check_target(kind, target)
    if kind == "bind" and not source:
        raise fault("mount-source-empty", code=125)
    if kind == "bind" and not (is_path(source) and source[0] != "."):
        raise fault("mount-target-relative", type=kind, target=source, prefix="", code=125)
    nocopy = (spec.get("VolumeOptions") or {}).get("NoCopy", False)
    common = {"target": clean(target), "read_only": bool(spec.get("ReadOnly"))}
    if kind == "bind":
        return MountPoint("bind", source=source, mode="strict", **common)
    if kind == "tmpfs":
        options = spec.get("TmpfsOptions") or {}
        return MountPoint("tmpfs", size=options.get("SizeBytes") or 0, root=(options.get("Mode") or 0, 0, 0),
                          **common)
    return MountPoint("volume", name=source, mode="nocopy" if nocopy else "z", **common)


def from_tmpfs(target: str, options: str) -> MountPoint:
    """Un elemento de `HostConfig.Tmpfs`: ruta y opciones (`size=64m,ro`)."""
    if not target.startswith("/"):
        raise fault("mount-path-relative", target=target, code=125)
    flags = dict(item.partition("=")[::2] for item in options.split(",") if item)
    for name in flags:
        if name not in TMPFS:
            raise fault("tmpfs-option", option=name, code=125)
    units = {"k": 10, "m": 20, "g": 30}
    size = flags.get("size", "0").lower()
    amount = int(size.rstrip("kmgb") or 0) << units.get(size.rstrip("b")[-1:], 0)
    root = (int(flags.get("mode") or "0", 8), int(flags.get("uid") or 0), int(flags.get("gid") or 0))
    return MountPoint("tmpfs", clean(target), read_only="ro" in flags, mode=options or "rw", size=amount, root=root)


def check_target(kind: str, target: str, prefix: str = "") -> None:
    """La ruta de dentro es absoluta y no es la raíz. Faltas `mount-target-relative`, `mount-target-root`."""
    if not target.startswith("/"):
        raise fault("mount-target-relative", type=kind, target=target, prefix=prefix, code=125)
    if clean(target) == "/":
        raise fault("mount-target-root", type=kind, prefix=prefix, code=125)


def clean(path: str) -> str:
    """La ruta normalizada, siempre desde la raíz."""
    return posixpath.normpath("/" + path.strip()).replace("//", "/")


def requested(host: Mapping[str, Any], config: Mapping[str, Any],
              inherited: tuple[MountPoint, ...] = ()) -> tuple[MountPoint, ...]:
    """Todos los montajes de un contenedor, por ruta, sin repetir.

    `inherited`: los de `--volumes-from`. Falta `mount-duplicate` si lo pedido se pisa.
    """
    asked = [from_bind(text) for text in host.get("Binds") or ()]
    asked += [from_mount(spec) for spec in host.get("Mounts") or ()]
    asked += [from_tmpfs(target, options) for target, options in (host.get("Tmpfs") or {}).items()]
    points = {point.target: point for point in inherited}
    seen: set[str] = set()
    for point in asked:
        if point.target in seen:
            raise fault("mount-duplicate", target=point.target)
        seen.add(point.target)
        points[point.target] = point
    for target in config.get("Volumes") or {}:
        points.setdefault(clean(target), MountPoint("volume", clean(target), mode="z"))
    return tuple(points[target] for target in sorted(points))


def describe(point: MountPoint) -> dict[str, Any]:
    """El montaje como lo escribe `docker inspect` en `.Mounts`."""
    access = {"Destination": point.target}
    if point.type == "volume":
        from .volumes import ROOT
        return {"Type": "volume", "Name": point.name, "Source": f"{ROOT}/{point.name}/_data", **access,
                "Driver": "local", "Mode": "z" if point.mode == "nocopy" else point.mode,
                "RW": not point.read_only, "Propagation": ""}
    if point.type == "bind":
        return {"Type": "bind", "Source": point.source, **access,
                "Mode": "" if point.mode == "strict" else point.mode,
                "RW": not point.read_only, "Propagation": "rprivate"}
    return {"Type": "tmpfs", "Source": "", **access, "Mode": "", "RW": not point.read_only, "Propagation": ""}


def make_places(writable: Overlay, points: Mapping[str, Mount], now: int) -> None:
    """Crea en la capa de escritura los sitios en los que se monta algo y que la imagen no trae.

    Son carpetas vacías, o un archivo vacío si se monta un archivo: por eso salen en `docker diff`.
    """
    root = FileSystem(writable)
    for target, mount in points.items():
        if not root.exists(target):
            if isinstance(mount.tree.lookup(mount.subpath), File):
                root.mkdir(posixpath.dirname(target), parents=True, now=now)
                root.write(target, b"", now=now)
            else:
                root.mkdir(target, parents=True, now=now)


def leave_places(files: FileSystem, points: Mapping[str, Mount], now: int) -> None:
    """Los archivos vacíos sobre los que se montan los de red, si su carpeta es de otro montaje.

    Por eso con `-v carpeta:/etc` aparecen en la carpeta `hosts`, `hostname` y `resolv.conf`.
    """
    for path in points:
        folder, _, name = path.rpartition("/")
        mount = files.mounts.get(folder)
        if mount is None or mount.read_only:
            continue
        inner = posixpath.join(mount.subpath, name)
        if mount.tree.lookup(inner) is None:
            mount.tree.put(inner, File(b"", 0o755, mtime=now))


def copy_up(source_children: Callable[[str], list[str]], lookup: Callable[[str], Any],
            put: Callable[[str, Any], None], base: str) -> None:
    """Copia en un volumen vacío lo que la imagen tiene en `base` (dueños y modos incluidos)."""
    root = lookup(base)
    if root is not None:
        put("", root)
    pending = [(base, "")]
    while pending:
        path, target = pending.pop()
        for name in source_children(path):
            inner = posixpath.join(path, name) if path else name
            goal = posixpath.join(target, name) if target else name
            put(goal, lookup(inner))
            pending.append((inner, goal))
