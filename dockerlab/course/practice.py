"""La carpeta de práctica: los archivos que se pueden romper sin miedo."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from .slips import RESTORE, Missing, Outside, unknown

PRACTICE = "practica"


def inside(folder: Path, name: str) -> Path:
    """La ruta `folder/name`. `Outside` si se sale de `folder`: el curso no mira ni escribe en otro sitio."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Outside(f"«{name}» está fuera de la carpeta del curso")
    return path


def existing(folder: Path, name: str) -> Path:
    """La ruta de un archivo que está en `folder`.

    Si no está, `Unknown`, con lo que hay a su lado; si falta hasta su carpeta, `Missing`.
    """
    path = inside(folder, name)
    if not path.is_file():
        near = [*path.parent.iterdir()] if path.parent.is_dir() else []
        if not near and path.parent != folder.resolve():
            raise Missing(f"No está la carpeta «{Path(name).parent}», y en ella «{Path(name).name}». {RESTORE}")
        raise unknown("un archivo", name, sorted(str(Path(name).parent / one.name) for one in near))
    return path


def write(folder: Path, name: str, text: str) -> Path:
    """Escribe `text` en `folder/name` (con final de línea) y crea las carpetas que falten. `Outside`, como `inside`."""
    path = inside(folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((text.rstrip("\n") + "\n").encode())
    return path


def prepare(folder: Path, files: Iterable[tuple[str, str]], again: bool = False) -> None:
    """Pone los archivos de una lección; los que ya están se respetan, salvo `again`."""
    for name, text in files:
        if again or not (folder / name).exists():
            write(folder, name, text)
