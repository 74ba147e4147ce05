"""El registro simulado de npm: qué paquetes hay, qué versión toca y qué arrastra cada uno."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from .kit import table_file

MIRROR = "https://espejo.dockerlab.invalid"


@dataclass(frozen=True, slots=True)
class Package:
    """Un paquete en una versión. `size`: bytes; `more`: dependencias sin fila propia (cuántas, bytes)."""

    name: str
    version: str
    size: int
    needs: tuple[str, ...] = ()
    more: tuple[int, int] = (0, 0)


class Unknown(Exception):
    """No hay un paquete con ese nombre (o con esa versión): `args` es (nombre, lo que se pidió)."""


@functools.cache
def table() -> dict[str, dict]:
    return table_file("npm")


def satisfy(name: str, wanted: str) -> Package:
    """La versión de `name` que elige npm para `wanted` (`^4.17.1`, `~1.2`, `latest`, `5`...)."""
    rows = table()["paquetes"]
    if name not in rows:
        raise Unknown(name, wanted)
    latest, weight, needs, count, more = rows[name]
    version = choose(latest, table()["anteriores"].get(name, {}), wanted.strip())
    if version is None:
        raise Unknown(name, wanted)
    return Package(name, version, weight * 1000, tuple(needs.split()), (count, more * 1000))


def choose(latest: str, older: dict[str, str], wanted: str) -> str | None:
    """La versión para un intervalo: la exacta si es exacta, la última de su número mayor si no."""
    if wanted in ("", "*", "latest", "next", "x") or wanted.startswith((">", ">=")):
        return latest
    found = re.match(r"[\^~=v ]*(\d+)(?:\.(\d+|x|\*))?(?:\.(\d+|x|\*))?(-[\w.]+)?", wanted)
    if not found:
        return None
    major, minor, patch = found[1], found[2], found[3]
    exact = bool(patch) and patch not in "x*" and wanted[0] not in "^~"
    least = f"{major}.{minor or 0}.{patch or 0}".replace("x", "0").replace("*", "0") + (found[4] or "")
    known = latest if latest.split(".")[0] == major else older.get(major)
    if exact:
        return least if known or int(major) <= int(latest.split(".")[0]) else None
    if known is None:
        return least if int(major) < int(latest.split(".")[0]) else None
    if numbers(known) < numbers(least):
        return None
    same_minor = known.split(".")[1] == (minor or "0")
    return least if wanted.startswith("~") and not same_minor else known


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(piece) for piece in re.findall(r"\d+", version.partition("-")[0]))


def closure(wanted: Iterable[tuple[str, str]]) -> dict[str, Package]:
    """Los paquetes pedidos y todo lo que arrastran, en orden alfabético. `Unknown` si alguno no existe."""
    found: dict[str, Package] = {}
    pending = list(wanted)
    while pending:
        name, version = pending.pop(0)
        if name not in found:
            found[name] = satisfy(name, version)
            pending += [(need, "*") for need in found[name].needs]
    return dict(sorted(found.items()))


def count(packages: Iterable[Package]) -> int:
    """Cuántos paquetes son, con los que no tienen fila propia."""
    return sum(1 + package.more[0] for package in packages)
