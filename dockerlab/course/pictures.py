"""Una gráfica como la enseña un notebook: nítida también en pantallas finas, y con sus palabras al lado."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

DPI = 200      # el doble de lo que se enseña: el PNG lleva su tamaño aparte
SHOWN = 100


@dataclass(frozen=True, slots=True, repr=False)
class Picture:
    """Una figura de matplotlib y lo que se ve en ella, dicho con palabras."""

    figure: Any
    words: str

    def __repr__(self) -> str:
        return self.words

    def png(self) -> bytes:
        """La figura en PNG; los mismos datos dan los mismos bytes."""
        page = io.BytesIO()
        self.figure.savefig(page, format="png", dpi=DPI, metadata={"Software": None})
        return page.getvalue()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        width, height = (round(side * SHOWN) for side in self.figure.get_size_inches())
        return ({"text/plain": self.words, "image/png": self.png()},
                {"image/png": {"width": width, "height": height, "alt": self.words}})
