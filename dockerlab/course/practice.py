"""La carpeta de práctica: los archivos que se pueden romper sin miedo."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from .slips import Outside

PRACTICE = "practica"


def write(folder: Path, name: str, text: str) -> Path:
    """Escribe `text` en `folder/name` (con final de línea) y crea las carpetas que falten.

    `ValueError` si la ruta se sale de `folder`: un ejercicio no escribe en otro sitio.
    """
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Outside(f"«{name}» está fuera de la carpeta del curso")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((text.rstrip("\n") + "\n").encode())
    return path


def prepare(folder: Path, files: Iterable[tuple[str, str]], again: bool = False) -> None:
    """Pone los archivos de una lección; los que ya están se respetan, salvo `again`."""
    for name, text in files:
        if again or not (folder / name).exists():
            write(folder, name, text)
