"""Qué cambió un paso en la configuración de la imagen, en palabras que se pueden enseñar."""

from __future__ import annotations

import json
from typing import Any

from dockerlab.images import ImageConfig

HIDDEN = ("ArgsEscaped",)


def changed(before: ImageConfig, after: ImageConfig) -> tuple[tuple[str, str], ...]:
    """Pares (clave OCI, valor legible) de lo que es distinto."""
    old, new = before.run_config(), after.run_config()
    return tuple((key, readable(new.get(key))) for key in dict.fromkeys((*new, *old))
                 if key not in HIDDEN and new.get(key) != old.get(key))


def readable(value: Any) -> str:
    """Un valor de la configuración, como se escribe en un Dockerfile."""
    if isinstance(value, dict):
        return " ".join(name if item == {} else f"{name}={readable(item)}" for name, item in value.items())
    if isinstance(value, list):
        variables = value and "=" in value[0]
        return " ".join(value) if variables else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return "" if value is None else str(value)
