"""Una imagen: capas, de abajo arriba, y configuración. No cambia nunca.

Cambiar una imagen es hacer otra: cada verbo devuelve una imagen nueva.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from dockerlab.clock import EPOCH
from dockerlab.display import Described
from dockerlab.filesystem import FileSystem, Layer, Overlay
from dockerlab.units import human_size

from .config import HistoryEntry, ImageConfig
from .digest import Digest, chain_ids, short


class HistoryRow(NamedTuple):
    """Una línea de la historia y la capa que dejó (None si solo cambió la configuración)."""

    entry: HistoryEntry
    layer: Layer | None

    @property
    def size(self) -> int:
        """Los bytes que aporta."""
        return self.layer.size if self.layer else 0


@dataclass(frozen=True, repr=False)
class Image(Described):
    """Una imagen congelada; dos imágenes con la misma configuración son la misma."""

    config: ImageConfig
    layers: tuple[Layer, ...] = ()

    def facts(self) -> tuple[str, list[tuple[str, str]]]:
        """Título y datos para mostrarla."""
        return f"Imagen {self.short_id}", [("capas", str(len(self.layers))), ("tamaño", human_size(self.size))]

    @classmethod
    def empty(cls) -> Image:
        """`FROM scratch`: ni capas ni configuración."""
        return cls(ImageConfig())

    @cached_property
    def id(self) -> str:
        """`sha256:...` del JSON de la configuración."""
        return str(Digest.of(self.config.to_json()))

    @property
    def short_id(self) -> str:
        """Las doce primeras cifras del id."""
        return short(self.id)

    @cached_property
    def size(self) -> int:
        """Bytes de todas sus capas."""
        return sum(layer.size for layer in self.layers)

    @cached_property
    def chain_ids(self) -> tuple[str, ...]:
        """El nombre de cada pila de capas, de abajo arriba."""
        return chain_ids(self.config.diff_ids)

    @property
    def history(self) -> tuple[HistoryRow, ...]:
        """La historia, de abajo arriba; las capas sin línea propia salen al principio."""
        filled = sum(not entry.empty_layer for entry in self.config.history)
        spare = len(self.layers) - filled
        rows = [HistoryRow(HistoryEntry(), layer) for layer in self.layers[:max(spare, 0)]]
        layers = iter(self.layers[max(spare, 0):])
        rows += [HistoryRow(entry, None if entry.empty_layer else next(layers, None))
                 for entry in self.config.history]
        return tuple(rows)

    def overlay(self) -> Overlay:
        """La unión de sus capas con una capa de escritura nueva."""
        return Overlay(self.layers)

    def filesystem(self) -> FileSystem:
        """Lo que vería un proceso de un contenedor recién creado."""
        return FileSystem(self.overlay())

    def with_layer(self, layer: Layer, created_by: str, *, comment: str = "", created: int = EPOCH,
                   author: str = "") -> Image:
        """Otra imagen con `layer` encima y su línea de historia."""
        entry = HistoryEntry(created, created_by, comment, False, author)
        config = self.config.replace(diff_ids=(*self.config.diff_ids, layer.diff_id), created=created,
                                     history=(*self.config.history, entry))
        return Image(config, (*self.layers, layer))

    def with_config(self, created_by: str = "", *, comment: str = "", created: int = EPOCH,
                    **changes: Any) -> Image:
        """Otra imagen con esos cambios de configuración; con `created_by`, deja línea de historia."""
        history = self.config.history
        if created_by:
            history = (*history, HistoryEntry(created, created_by, comment, True))
            changes.setdefault("created", created)
        return Image(self.config.replace(history=history, **changes), self.layers)
