"""Lo común a apt y apk: elegir paquetes con lo que arrastran, y dejar sus archivos."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .kit import basename, dirname
from .making import make_folder


class Unavailable(Exception):
    """No hay un paquete con ese nombre."""


def closure(wanted: Iterable[str], needs: Callable[[str], Iterable[str]], known: Callable[[str], bool],
            skip: Iterable[str] = ()) -> list[str]:
    """Los pedidos y lo que necesitan, cada uno después de lo suyo. `Unavailable` si alguno no existe."""
    out: list[str] = []
    skipped = set(skip)

    def visit(name: str) -> None:
        if name in out or name in skipped:
            return
        if not known(name):
            raise Unavailable(name)
        skipped.add(name)
        for need in needs(name):
            visit(need)
        skipped.discard(name)
        out.append(name)
    for name in wanted:
        visit(name)
    return out


def lay_out(sys: Any, name: str, kilobytes: int, programs: Iterable[str], dialect: str = "") -> list[str]:
    """Los archivos de un paquete: sus ejecutables simulados y el resto, en un archivo de peso declarado."""
    folder = f"/usr/share/{name}"
    make_folder(sys, folder, 0o755, parents=True)
    sys.fs.write(f"{folder}/contenido", f"{name}\n".encode(), declared_size=kilobytes * 1000)
    made = [f"{folder}/contenido"]
    for path in programs:
        place = f"/{path}"
        make_folder(sys, dirname(place), 0o755, parents=True)
        program = PROGRAM.get(basename(path), basename(path))
        if sys.fs.exists(place, follow=False):
            sys.fs.remove(place)
        sys.fs.write(place, f"#!dockerlab {program} {dialect}".rstrip().encode() + b"\n", mode=0o755)
        sys.fs.chmod(place, 0o755)
        made.append(place)
    return made


PROGRAM = {"nodejs": "node", "pip3": "pip", "cc": "gcc", "stress-ng": "stress", "dig": "nslookup"}
"""Ejecutables que hace un programa de otro nombre."""
