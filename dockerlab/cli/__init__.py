"""La línea de órdenes de `docker`: argumentos → motor → el texto exacto."""

from .app import run
from .terminal import Terminal, memory_terminal

__all__ = ["Terminal", "memory_terminal", "run"]
