"""Cuánto tarda cada cosa en el reloj virtual: verosímil y siempre lo mismo.

El id de una imagen nunca depende de esto.
"""

from __future__ import annotations

from collections.abc import Iterable

from dockerlab.filesystem import Layer

METADATA = 0.4            # preguntar al registro por una imagen
SMALL = 0.02              # crear una carpeta
NETWORK = 20_000_000      # bytes por segundo al descargar
CHANNEL = 150_000_000     # del equipo al constructor
DISK = 200_000_000        # al escribir una capa
PER_FILE = 20e-6          # segundos por archivo


def download(size: int) -> float:
    """Descargar y desempaquetar una imagen de `size` bytes."""
    return 0.3 + size / NETWORK


def transfer(size: int) -> float:
    """Recibir `size` bytes del contexto."""
    return 0.01 + size / CHANNEL


def copy(layer: Layer) -> float:
    """Escribir la capa de un COPY."""
    return SMALL + len(layer.entries) * PER_FILE + layer.size / DISK


def export(layers: Iterable[Layer]) -> float:
    """Guardar la imagen: sus capas nuevas, que las demás ya están."""
    return 0.03 + sum(len(layer.entries) * PER_FILE + layer.size / DISK for layer in layers)
