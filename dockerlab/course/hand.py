"""La mano que da las órdenes de una animación."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..scenes.scene import Film
from .lessons import Animation
from .practice import write
from .roads import order


@dataclass(frozen=True, slots=True)
class Hand:
    """Quien da las órdenes: `docker …`, o un archivo que se escribe en `folder` con «%%archivo ruta»."""

    engine: Any
    folder: Path

    def __call__(self, line: str) -> tuple[str, str, int]:
        """Da una orden; devuelve la orden, lo que imprimió y su código de salida."""
        if line.startswith("%%archivo "):
            head, _, body = line.partition("\n")
            write(self.folder, head.split(maxsplit=1)[1], body)
            return head, "", 0
        return order(self.engine, line, self.folder)


Story = Callable[[Any, Animation, Hand], Film]


def give(animation: Animation, run: Hand) -> dict[str, Any]:
    """Da las órdenes que haya antes de mirar; devuelve de qué se habla."""
    for line in animation.orders:
        run(line)
    return dict(animation.about)
