"""La opción `-v`: `datos:/d`, `./app:/app:ro`, `/anónimo`, `C:\\app:/app`."""

from __future__ import annotations

import os
from dataclasses import dataclass

from dockerlab.errors import fault

PROPAGATIONS = ("private", "rprivate", "shared", "rshared", "slave", "rslave")


@dataclass(frozen=True, slots=True)
class VolumeSpec:
    """Lo que pide una `-v`. `type`: volume o bind; sin `source`, un volumen anónimo."""

    type: str
    target: str
    source: str = ""
    read_only: bool = False
    propagation: str = ""
    nocopy: bool = False


def is_drive(text: str) -> bool:
    """¿Es una letra de unidad de Windows, a la que le toca un `:`?"""
    return len(text) == 1 and text.isalpha()


def is_path(source: str) -> bool:
    """¿Es una ruta del anfitrión y no el nombre de un volumen?"""
    return source.startswith((".", "/", "~", "\\\\")) or (is_drive(source[:1]) and source[1:2] == ":")


def sections(spec: str) -> list[str]:
    """Los trozos entre `:`; el de una letra de unidad no corta."""
    found, piece = [], ""
    for char in spec:
        if char == ":" and not is_drive(piece):
            found.append(piece)
            piece = ""
        else:
            piece += char
    return [*found, piece]


def parse_volume(spec: str) -> VolumeSpec:
    """Faltas `volume-spec-empty` y `volume-spec`."""
    if not spec:
        raise fault("volume-spec-empty")
    if len(spec) <= 2:
        return VolumeSpec("volume", spec)
    parts = sections(spec)
    if "" in parts:
        raise fault("volume-spec", spec=spec, reason="empty section between colons")
    if len(parts) > 3:
        raise fault("volume-spec", spec=spec, reason="too many colons")
    if len(parts) == 1:
        return VolumeSpec("volume", spec)
    source, target, options = parts[0], parts[1], parts[2].split(",") if len(parts) == 3 else []
    access = [option for option in options if option in ("ro", "rw")]
    return VolumeSpec("bind" if is_path(source) else "volume", target, source, access[-1:] == ["ro"],
                      next((option for option in reversed(options) if option in PROPAGATIONS), ""),
                      "nocopy" in options)


def absolute_bind(spec: str, cwd: str) -> str:
    """La misma `-v` con la ruta del anfitrión entera: `./app:/app` depende de la carpeta en que se escribe."""
    source, colon, rest = spec.partition(":")
    if source.startswith("."):
        source = os.path.normpath(os.path.join(cwd, source))
    return source + colon + rest
