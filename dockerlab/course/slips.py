"""Los despistes de quien usa el curso: en un notebook se ven como una frase, sin el camino de llamadas.

Siguen siendo errores: una celda que falla detiene a las de detrás.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

RESTORE = ("Viene con el curso, al lado de los notebooks: abre JupyterLab en la carpeta del curso o, si se ha borrado, "
           "cópiala otra vez.")


class Slip(Exception):
    """Un despiste; su texto dice qué pasa y qué probar."""

    def __str__(self) -> str:
        return str(self.args[0])

    def _render_traceback_(self) -> list[str]:
        """Lo que enseña IPython en lugar del camino de llamadas."""
        return [f"✘ {self}"]


class NotOpen(Slip, RuntimeError):
    """Todavía no hay una lección abierta."""


class Unknown(Slip, KeyError):
    """Se ha nombrado algo que no existe."""


class Missing(Slip, LookupError):
    """Falta un archivo que viene con el curso."""


class Outside(Slip, ValueError):
    """Se ha pedido un archivo fuera de la carpeta del curso."""


def unknown(what: str, name: str, known: Iterable[str]) -> Unknown:
    """El despiste de nombrar algo que no está, con lo más parecido o, si nada se parece, todo lo que hay."""
    names = [*known]
    close = difflib.get_close_matches(str(name), names, n=1, cutoff=0.5)
    tip = f"¿Querías decir «{close[0]}»?" if close else f"Hay estos: {', '.join(names) or 'ninguno'}."
    return Unknown(f"No hay {what} que se llame «{name}». {tip}")
