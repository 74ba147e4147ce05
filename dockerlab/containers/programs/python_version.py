"""Qué versión de Python hay en este contenedor y dónde guarda sus paquetes."""

from __future__ import annotations

from typing import Any

DEFAULT = "3.11.2"
PACKAGES = "/usr/local/lib/python{}/site-packages"


def python_version(sys: Any) -> str:
    """La de la imagen oficial (PYTHON_VERSION), la escrita tras el nombre del programa, o la de Debian."""
    mark = sys.dialect if sys.dialect[:1].isdigit() else ""
    return mark or sys.env.get("PYTHON_VERSION") or DEFAULT
