"""Un espacio: el juego de espacios de nombres y el grupo de control de un contenedor.

Lo que un proceso ve (archivos, números de proceso, nombre de máquina, red) y lo
que puede gastar (memoria, procesador, procesos).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .codec import saved

if TYPE_CHECKING:
    from dockerlab.filesystem.view import FileSystem


@saved
@dataclass(slots=True)
class Limits:
    """Los límites del grupo de control; 0 es «sin límite». `memory`: bytes; `cpus`: procesadores; `shares`: peso."""

    memory: int = 0
    cpus: float = 0
    pids: int = 0
    shares: int = 1024


@dataclass(frozen=True, slots=True)
class Rules:
    """Lo que se pidió para los procesos de un contenedor, y que ellos ven en `/proc` y en `/dev`.

    `ulimits`: nombre → (blando, duro); `devices`: nombre en `/dev` → (número mayor, menor); `shm`: bytes de
    `/dev/shm`; `cpus`: los procesadores en los que puede estar, por número;
    `domain`: el dominio del nombre de máquina.
    """

    no_new_privileges: bool = False
    seccomp: bool = True
    ulimits: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    sysctls: Mapping[str, str] = field(default_factory=dict)
    devices: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    shm: int = 64 * 1024 * 1024
    oom_score: int = 0
    cpus: str = ""
    domain: str = ""


@saved
@dataclass(slots=True)
class Log:
    """Lo que escribió el proceso principal: ternas (instante ns, flujo 1 o 2, bytes)."""

    records: list[tuple[int, int, bytes]] = field(default_factory=list)
    listener: Any = field(default=None, metadata={"saved": False})

    def write(self, time: int, stream: int, data: bytes) -> None:
        """Anota un trozo y, si alguien sigue el registro, se lo cuenta."""
        self.records.append((time, stream, data))
        if self.listener:
            self.listener(time, stream, data)


@dataclass(slots=True, eq=False)
class Space:
    """Un contenedor visto por el núcleo.

    `fs`: lo que ven sus procesos; `log`: a dónde va la salida del principal;
    `network`: a quién preguntar por nombres y direcciones (`Network`, o `None`:
    solo el propio equipo); `netns`: quién comparte sus puertos (por defecto, solo él);
    `host_pids`: ve los procesos del anfitrión (`--pid=host`).
    """

    id: str
    fs: FileSystem
    hostname: str = "localhost"
    log: Log = field(default_factory=Log)
    limits: Limits = field(default_factory=Limits)
    network: Any = None
    netns: str = ""
    host_pids: bool = False
    host_namespaces: tuple[str, ...] = ()   # los que son los del anfitrión: net, pid, uts, ipc o cgroup
    pids_with: str = ""          # el espacio cuyos procesos ve y con el que comparte números (`--pid=container:`)
    rules: Rules = field(default_factory=Rules)
    lends_pids: bool = False     # otro comparte los números con este
    read_only: bool = False      # la raíz, con `--read-only` (para que `/proc/mounts` lo diga)
    next_pid: int = 0
    init: int = 0                # número de anfitrión del proceso 1; 0 si no hay
    frozen: bool = False
    members: list[int] = field(default_factory=list)   # números de anfitrión de sus procesos
    oom_killed: bool = False
    oom_kills: int = 0
    cpu_ns: int = 0
    throttled_ns: int = 0
    memory_peak: int = 0
    fork_total: int = 0

    COUNTERS = ("next_pid", "init", "frozen", "members", "oom_killed", "oom_kills", "cpu_ns", "throttled_ns",
                "memory_peak", "fork_total")

    def counters(self) -> dict[str, Any]:
        """Lo que el núcleo lleva de este espacio, en JSON."""
        return {name: getattr(self, name) for name in self.COUNTERS}

    def restore(self, counters: dict[str, Any]) -> None:
        """El inverso de `counters`."""
        for name in self.COUNTERS:
            setattr(self, name, counters[name])
