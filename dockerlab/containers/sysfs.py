"""`/sys/fs/cgroup`: los límites del contenedor y lo que lleva gastado, como los ve un programa de dentro.

Los nombres son los de los grupos de control v2 del núcleo Linux.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dockerlab.errors import fault
from dockerlab.filesystem.nodes import Directory, File, Node

from .space import Space

if TYPE_CHECKING:
    from .kernel import Kernel

PERIOD = 100_000     # µs: cada cuánto se cuenta el tope de procesador
GROUP = "fs/cgroup"


def most(value: float) -> str:
    """Un límite: su número, o `max` si no lo hay."""
    return str(int(value)) if value else "max"


FILES: dict[str, Callable[[Kernel, Space], str]] = {
    "cgroup.procs": lambda kernel, space: "".join(f"{one.inner}\n" for one in kernel.members(space)),
    "cgroup.freeze": lambda kernel, space: f"{int(space.frozen)}\n",
    "cpu.max": lambda kernel, space: f"{most(space.limits.cpus * PERIOD)} {PERIOD}\n",
    "cpu.stat": lambda kernel, space: (f"usage_usec {space.cpu_ns // 1000}\n"
                                       f"throttled_usec {space.throttled_ns // 1000}\n"),
    "cpu.weight": lambda kernel, space: f"{max(1, 1 + (space.limits.shares - 2) * 9999 // 262142)}\n",
    "memory.current": lambda kernel, space: f"{kernel.memory(space)}\n",
    "memory.events": lambda kernel, space: f"oom {space.oom_kills}\noom_kill {space.oom_kills}\n",
    "memory.max": lambda kernel, space: f"{most(space.limits.memory)}\n",
    "memory.peak": lambda kernel, space: f"{space.memory_peak}\n",
    "pids.current": lambda kernel, space: f"{len(space.members)}\n",
    "pids.max": lambda kernel, space: f"{most(space.limits.pids)}\n",
}


class SysTree:
    """El árbol de `/sys` de un espacio; de solo lectura."""

    def __init__(self, kernel: Kernel, space: Space):
        self.kernel, self.space = kernel, space

    def lookup(self, path: str) -> Node | None:
        """El nodo de una ruta relativa a `/sys`."""
        now = self.kernel.clock.now
        if path in ("", "fs", GROUP):
            return Directory(0o555, mtime=now)
        folder, _, name = path.rpartition("/")
        if folder != GROUP or name not in FILES:
            return None
        return File(FILES[name](self.kernel, self.space).encode(), 0o444, mtime=now)

    def children(self, path: str) -> list[str]:
        """Los nombres de una carpeta."""
        return {"": ["fs"], "fs": ["cgroup"], GROUP: sorted(FILES)}.get(path, [])

    def put(self, path: str, node: Node) -> None:
        """No se puede."""
        raise fault("EROFS", path=f"/sys/{path}")

    def remove(self, path: str) -> None:
        """No se puede."""
        raise fault("EROFS", path=f"/sys/{path}")

    def link(self, old: str, new: str) -> None:
        """No se puede."""
        raise fault("EROFS", path=f"/sys/{new}")

    move = link
