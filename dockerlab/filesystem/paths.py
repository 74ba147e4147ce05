"""Rutas de una capa: relativas, con «/» y sin barra delante; "" es la raíz."""

from __future__ import annotations

from collections.abc import Iterator


def normalise(path: str) -> str:
    """`/etc//passwd` y `./etc/passwd` → `etc/passwd`; `..` nunca sale de la raíz."""
    if not path or (path[0] not in "./" and path[-1] != "/" and "/." not in path and "//" not in path):
        return path
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part and part != ".":
            parts.append(part)
    return "/".join(parts)


def parent(path: str) -> str:
    """La carpeta de una ruta normalizada (la de `etc` es la raíz, "")."""
    return path.rpartition("/")[0]


def ancestors(path: str) -> Iterator[str]:
    """Las carpetas de una ruta normalizada, de fuera adentro y sin la raíz: `a/b/c` → `a`, `a/b`."""
    at = path.find("/")
    while at > 0:
        yield path[:at]
        at = path.find("/", at + 1)


def join(folder: str, name: str) -> str:
    """`etc` y `passwd` → `etc/passwd`."""
    return f"{folder}/{name}" if folder else name
