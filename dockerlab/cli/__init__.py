"""La línea de órdenes de `docker`: argumentos → motor → el texto exacto."""

from .app import capture, run
from .terminal import Captured, Terminal, memory_terminal

__all__ = ["Captured", "Terminal", "capture", "memory_terminal", "run"]
