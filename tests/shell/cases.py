"""Guiones para comparar con BusyBox: cada uno se ejecuta en los dos sitios y deben dar lo mismo.

Están en `cases.txt`, separados por una línea de guiones. Solo usan builtins y los
programas de `machine.PROGRAMS`, que están en los dos.
"""

from __future__ import annotations

from pathlib import Path


def scripts(name: str) -> list[str]:
    """Los guiones de un archivo de esta carpeta."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return [case.strip("\n") for case in ("\n" + text).split("\n-----\n") if case.strip()]


SCRIPTS = scripts("cases.txt")
