"""Cómo se muestra un objeto: una línea en texto, una ficha en HTML. Siempre igual para el mismo estado."""

from __future__ import annotations

import html


class Described:
    """Algo con título y datos: quien hereda escribe `facts()`."""

    __slots__ = ()

    def facts(self) -> tuple[str, list[tuple[str, str]]]:
        """(título, pares nombre-valor)."""
        raise AssertionError(f"{type(self).__name__} no dice sus datos")

    def __repr__(self) -> str:
        title, facts = self.facts()
        return f"<{title}: {', '.join(f'{name} {value}' for name, value in facts)}>"

    def _repr_html_(self) -> str:
        title, facts = self.facts()
        rows = "".join(f"<tr><th scope='row' style='text-align:left'>{html.escape(name)}</th>"
                       f"<td style='text-align:left'><code>{html.escape(value)}</code></td></tr>"
                       for name, value in facts)
        return f"<table><caption style='text-align:left'><b>{html.escape(title)}</b></caption>{rows}</table>"
