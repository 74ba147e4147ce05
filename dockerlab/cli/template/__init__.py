"""Plantillas de Go, las de `--format` (paquetes text/template y cli/templates de Docker).

    Template("{{.Names}} {{upper .Image}}").render(fila)

Se lee una vez (`syntax`), se recorre con cada valor (`evaluate`), con unas cuantas
funciones (`functions`) y los valores escritos como los escribe Go (`values`).
"""

from .evaluate import Template
from .values import NO_VALUE, Row, Struct, to_json

__all__ = ["NO_VALUE", "Row", "Struct", "Template", "to_json"]
