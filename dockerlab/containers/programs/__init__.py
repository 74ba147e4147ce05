"""Los programas que se ejecutan dentro de los contenedores.

Cada módulo es una familia; todos declaran sus opciones con `options.applet` y
hablan con el núcleo por `sys`. Importar este paquete los apunta en la lista
del núcleo (`process.PROGRAMS`).
"""

from __future__ import annotations

from ..process import program
from . import (  # noqa: F401  (cada módulo apunta los suyos)
    apk, apt, archives, awk, basic, clients, copying, digests, extras, finding, hello, inspecting,
    launchers, listing, making, mysql, network, nginx, node, npm, owning, pip, processes, psql, python,
    python_tools, redis, redis_cli, searching, sed, sorting, streams, stress, system, users, webservers)
from .options import CATALOGUE

for _name, _applet in CATALOGUE.items():
    program(_name, "busybox")(_applet.main)
