"""De la descripción de una capa en el catálogo a la capa: pocos archivos, el peso del de verdad.

Un ejecutable es un archivo que empieza por `#!dockerlab programa`. Lo que la
miniatura no lleva pesa en archivos ocultos llamados `.miniatura`, repartidos
por las carpetas que diga `rest`: así cada capa pesa lo que la original.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dockerlab.clock import parse_rfc3339
from dockerlab.filesystem import Directory, File, Layer, Node, Symlink
from dockerlab.filesystem.paths import ancestors, join, normalise

from .schema import bad

MARK = b"#!dockerlab "
REST = ".miniatura"
PROGRAM_SIZE = 43_000  # lo que se supone que pesa un ejecutable del que no se sabe más


def build_layer(parts: list[Mapping[str, Any]], size: int, stamp: int, where: str, machine: str = "") -> Layer:
    """La capa con todo lo de `parts`, que debe pesar `size` bytes. Error `bad-catalogue` si no cuadra.

    `machine`: para otra arquitectura, los ejecutables son de los que aquí dan `exec format error`.
    """
    entries: dict[str, Node] = {}
    sizes = {name: weight for part in parts for name, weight in part.get("sizes", {}).items()}
    rest: dict[str, int] = {}
    for part in parts:
        when = parse_rfc3339(part["stamp"]) if "stamp" in part else stamp
        _directories(entries, part, when)
        _programs(entries, part, sizes, when)
        _applets(entries, part, when)
        for path, target in part.get("links", {}).items():
            entries[normalise(path)] = Symlink(target, mtime=when)
        for path, value in part.get("files", {}).items():
            entries[normalise(path)] = _file({"text": value} if isinstance(value, str) else value, when)
        rest.update(part.get("rest", {}))
    for path in tuple(entries):
        for above in ancestors(path):
            entries.setdefault(above, Directory(mtime=stamp))
    if machine:
        entries = {path: _foreign(node, machine) for path, node in entries.items()}
    missing = size - Layer(entries).size
    if missing < 0 or missing and not rest:
        advice = "menos archivos" if missing < 0 else "`rest`, para repartir lo que falta"
        raise bad(f"{where}.size", f"{size - missing} bytes, o {advice}", str(size))
    for path, share in _shares(rest, missing):
        entries[join(normalise(path), REST)] = File(b"", mtime=stamp, declared_size=share)
        for above in (*ancestors(normalise(path)), normalise(path)):
            entries.setdefault(above, Directory(mtime=stamp))
    return Layer({path: entries[path] for path in sorted(entries)})


def _shares(rest: Mapping[str, int], missing: int) -> list[tuple[str, int]]:
    """`missing` bytes repartidos según los pesos de `rest`; lo que no divide va al último."""
    total, given, shares = sum(rest.values()), 0, []
    for path, weight in rest.items() if missing else ():
        share = missing * weight // total
        given += share
        shares.append([path, share])
    if shares:
        shares[-1][1] += missing - given
    return [(path, share) for path, share in shares]


def _directories(entries: dict[str, Node], part: Mapping[str, Any], stamp: int) -> None:
    for text in part.get("dirs", ()):
        path, mode, owner = (*text.split(" "), "755", "0:0")[:3] if " " in text else (text, "755", "0:0")
        owner = owner if ":" in owner else "0:0"
        uid, gid = owner.split(":")
        entries[normalise(path)] = Directory(int(mode, 8), int(uid), int(gid), stamp)


def _programs(entries: dict[str, Node], part: Mapping[str, Any], sizes: Mapping[str, int],
              stamp: int) -> None:
    for folder, names in part.get("programs", {}).items():
        for name in names.split():
            entries[join(normalise(folder), name)] = _file(
                {"program": name, "size": sizes.get(name, PROGRAM_SIZE)}, stamp)


def _applets(entries: dict[str, Node], part: Mapping[str, Any], stamp: int) -> None:
    """BusyBox: un solo ejecutable con muchos nombres, por enlaces duros o simbólicos."""
    for applets in part.get("applets", ()):
        target, hard = normalise(applets["to"]), applets.get("hard", False)
        if target not in entries:
            program = _file({"program": "busybox", "size": applets.get("size", PROGRAM_SIZE)}, stamp)
            entries[target] = program.replace(inode=1) if hard else program
        for name in applets["names"].split():
            entries[join(normalise(applets["in"]), name)] = (
                entries[target] if hard else Symlink(f"/{target}", mtime=stamp))


def _foreign(node: Node, machine: str) -> Node:
    """Un ejecutable de otra arquitectura: empieza como los de verdad (ELF) y este equipo no lo entiende."""
    if isinstance(node, File) and node.content.startswith(MARK):
        return node.replace(content=b"\x7fELF %s %s" % (machine.encode(), node.content[len(MARK):]))
    return node


def _file(value: Mapping[str, Any], stamp: int) -> File:
    program = value.get("program")
    content = MARK.decode() + f"{program}\n" if program else value.get("text", "")
    uid, gid = value.get("owner", "0:0").split(":")
    return File(content.encode(), int(value.get("mode", "755" if program else "644"), 8), int(uid), int(gid),
                stamp, value.get("size"))
