"""Un Docker que se puede abrir como un reloj.

    from dockerlab import docker        # un motor en memoria, con la cara del SDK de Docker
    docker.containers.run("busybox", "echo hola")

En un cuaderno, `%load_ext dockerlab` enciende `!docker` y `%%docker`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import Docker

__version__ = "0.1.0"
__all__ = ["Docker", "docker"]


def __getattr__(name: str) -> Any:
    if name == "Docker":
        from .client import Docker
        return Docker
    if name == "docker":
        from .client import Docker
        globals()["docker"] = instance = Docker()
        return instance
    raise AttributeError(f"module 'dockerlab' has no attribute {name!r}")


def load_ipython_extension(shell: Any) -> None:
    """Lo que hace `%load_ext dockerlab`."""
    from .magics import load_ipython_extension as load
    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Lo que hace `%unload_ext dockerlab`."""
    from .magics import unload_ipython_extension as unload
    unload(shell)
