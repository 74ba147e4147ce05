"""La capa `-init`: lo que Docker deja preparado entre la imagen y la capa de escritura.

Son los sitios en los que después monta lo suyo (`/proc`, `/etc/hosts`...) y dos señales
que todo contenedor lleva: `/.dockerenv` y `/etc/mtab`. No es de la imagen, y por eso
`docker commit` no la guarda; no es de la capa de escritura, y `docker diff` no la nombra.
Docker real: `daemon/initlayer` en moby.
"""

from __future__ import annotations

from dockerlab.filesystem import Directory, File, Layer, Node, Overlay, Symlink
from dockerlab.filesystem.paths import ancestors

_FILES: dict[str, Node] = {
    ".dockerenv": File(mode=0o755), "dev/console": File(mode=0o755), "etc/hostname": File(mode=0o755),
    "etc/hosts": File(mode=0o755), "etc/resolv.conf": File(mode=0o755), "etc/mtab": Symlink("/proc/mounts"),
}
"""Se ponen siempre, aunque la imagen traiga otros con ese nombre."""
_FOLDERS = ("dev/pts", "dev/shm", "proc", "sys")


def init_layer(image: Overlay, mtime: int) -> Layer:
    """La capa que se pone sobre `image`; todo lo suyo lleva la hora `mtime` (en nanosegundos)."""
    entries: dict[str, Node] = {path: node.replace(mtime=mtime) for path, node in _FILES.items()}
    entries |= {path: Directory(mtime=mtime) for path in _FOLDERS if image.lookup(path) is None}
    for path in {"", *(above for name in tuple(entries) for above in ancestors(name))}:
        folder = image.lookup(path)
        entries[path] = (folder if isinstance(folder, Directory) else Directory()).replace(mtime=mtime)
    return Layer(entries)
