"""Qué versión de Node.js hay en este contenedor."""

from __future__ import annotations

from typing import Any

DEFAULT = "20.18.3"


def node_version(sys: Any) -> str:
    """La de la imagen oficial (variable NODE_VERSION), la escrita tras el nombre del programa, o la habitual."""
    mark = sys.dialect if sys.dialect[:1].isdigit() else ""
    return mark or sys.env.get("NODE_VERSION") or DEFAULT
