"""Programas que las imágenes llevan de verdad y que aquí solo existen para que estén y pesen."""

from __future__ import annotations

from typing import Any

from . import NAMES
from .options import Options, applet


@applet("(no simulado)", None, also=NAMES["unsimulated"].split())
def unsimulated(sys: Any, opt: Options) -> int:
    """Lo dice y acaba con 1: mejor eso que fingir."""
    sys.err(f"{opt.name}: dockerlab no simula este programa\n")
    return 1
