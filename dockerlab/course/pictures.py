"""Una gráfica como la enseña un notebook: nítida también en pantallas finas, y con sus palabras al lado."""

from __future__ import annotations

import html
import io
from dataclasses import dataclass
from typing import Any

DPI = 200      # el doble de lo que se enseña: el PNG lleva su tamaño aparte
SHOWN = 100


@dataclass(frozen=True, slots=True, repr=False)
class Words:
    """Lo que se ve en una gráfica, dicho con palabras; en el notebook, plegado."""

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return ("<details><summary>Lo que se ve, con palabras</summary>"
                f"<pre style='margin:.3em 1em;white-space:pre-wrap'>{html.escape(self.text)}</pre></details>")


@dataclass(frozen=True, slots=True, repr=False)
class Picture:
    """Una figura de matplotlib, qué es (`title`) y lo que se ve en ella (`words`)."""

    figure: Any
    title: str
    words: str

    def __repr__(self) -> str:
        return f"Gráfica: {self.title}."

    def shown(self) -> Words:
        """La enseña, si hay un notebook delante, y devuelve sus palabras."""
        from .host import shell
        if shell():
            from IPython.display import display
            display(self)
        return Words(self.words)

    def png(self) -> bytes:
        """La figura en PNG; los mismos datos dan los mismos bytes."""
        page = io.BytesIO()
        self.figure.savefig(page, format="png", dpi=DPI, metadata={"Software": None})
        return page.getvalue()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        width, height = (round(side * SHOWN) for side in self.figure.get_size_inches())
        return ({"text/plain": repr(self), "image/png": self.png()},
                {"image/png": {"width": width, "height": height, "alt": self.words}})
