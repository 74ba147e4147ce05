"""Dónde se puede leer un texto en una imagen: capas (también tapadas), historia y configuración."""

from __future__ import annotations

from ..filesystem import File
from ..images import Image


def leaks(image: Image, text: str) -> list[str]:
    """Los sitios de la imagen donde aparece `text`, dichos con palabras; ninguno si no se puede leer."""
    wanted = text.encode()
    rows = [row for row in image.config.history if not row.empty_layer]
    found = []
    for number, layer in enumerate(image.layers):
        made = rows[number].created_by.split(" # buildkit")[0] if number < len(rows) else ""
        found += [f"el archivo `/{path}` de la capa `{made}`" for path, node in layer.entries.items()
                  if isinstance(node, File) and wanted in node.content]
    found += [f"la historia, en `{row.created_by}`" for row in image.config.history if text in row.created_by]
    found += [f"la variable `{name}`" for name, value in image.config.environment.items() if text in value]
    found += [f"el metadato `{name}`" for name, value in image.config.labels if text in value]
    return found
