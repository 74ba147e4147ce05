"""Los secretos y las configuraciones que salen de una variable o de un texto: se copian dentro del contenedor."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import TYPE_CHECKING

from dockerlab.filesystem import Directory, File

if TYPE_CHECKING:
    from dockerlab.containers.container import Container


def put_files(container: Container, files: Iterable[tuple[str, bytes, int]], now: int) -> None:
    """Deja cada (ruta, contenido, permisos) en la capa de escritura."""
    for path, content, mode in files:
        inner = path.strip("/")
        folder = posixpath.dirname(inner)
        parts = folder.split("/") if folder else []
        for size in range(1, len(parts) + 1):
            if container.root.lookup("/".join(parts[:size])) is None:
                container.root.put("/".join(parts[:size]), Directory(mtime=now))
        container.root.put(inner, File(content, mode, mtime=now))
