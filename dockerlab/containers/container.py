"""Un contenedor: una imagen, una capa de escritura y un proceso que puede o no estar en marcha.

`Container` es la ficha que el motor guarda de cada uno; `State` es un valor
congelado: cada orden que lo cambia pone uno nuevo en su lugar.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dockerlab.filesystem.overlay import Overlay

NEVER = 0  # Docker escribe 0001-01-01T00:00:00Z: todavía no ha pasado


@dataclass(frozen=True, slots=True)
class Probe:
    """Un resultado de la comprobación de estado (healthcheck)."""

    start: int
    end: int
    exit_code: int
    output: str


@dataclass(frozen=True, slots=True)
class Health:
    """`status`: starting, healthy o unhealthy; `streak`: fallos seguidos; `log`: los cinco últimos."""

    status: str = "starting"
    streak: int = 0
    log: tuple[Probe, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """En qué momento de su vida está (API de Docker, `ContainerState`).

    `status`: created, running, paused, restarting, removing, exited o dead;
    `pid`: el del proceso principal, visto desde el anfitrión (0 si no hay);
    instantes en nanosegundos.
    """

    status: str = "created"
    pid: int = 0
    exit_code: int = 0
    error: str = ""
    oom_killed: bool = False
    started_at: int = NEVER
    finished_at: int = NEVER
    health: Health | None = None

    @property
    def alive(self) -> bool:
        """¿Tiene proceso principal? (en marcha o en pausa)."""
        return self.status in ("running", "paused")


@dataclass(frozen=True, slots=True)
class MountPoint:
    """Un montaje ya resuelto: qué (`volume`, `bind`, `tmpfs`), de dónde y en qué ruta."""

    type: str
    target: str
    source: str = ""       # la carpeta del anfitrión
    name: str = ""         # el volumen
    read_only: bool = False
    mode: str = ""         # lo que se escribió tras los dos puntos: «ro», «z»...
    anonymous: bool = False
    size: int = 0          # límite de un tmpfs, en bytes (0: sin límite)
    root: tuple[int, int, int] = (0, 0, 0)   # permisos (0: los de lo que tapa), dueño y grupo de la raíz de un tmpfs


@dataclass(slots=True)
class Container:
    """La ficha de un contenedor.

    `config`, `host_config` y `networking` tienen la forma de la API de Docker
    (*ContainerCreate*), ya mezclados con la configuración de la imagen. `root`
    es la unión de las capas de la imagen y la capa de escritura; solo se pierde
    al eliminar el contenedor.
    """

    id: str
    name: str
    image: str                 # id de la imagen
    image_name: str            # como se pidió: «nginx», «mi-app:2»
    created: int
    config: Mapping[str, Any]
    host_config: Mapping[str, Any]
    networking: Mapping[str, Any]
    root: Overlay
    mounts: tuple[MountPoint, ...] = ()
    state: State = field(default_factory=State)
    restart_count: int = 0
    stopped_by_hand: bool = False   # su política de reinicio ya no lo levanta
    stopping: bool = False          # alguien espera a que acabe con `docker stop`
    log: list[tuple[int, int, bytes]] = field(default_factory=list)  # (instante, 1 salida | 2 errores, bytes)
    execs: list[str] = field(default_factory=list)
    ports: Mapping[str, list[dict[str, str]]] = field(default_factory=dict)
    space: Any = None          # los espacios de nombres, mientras vive

    @property
    def argv(self) -> list[str]:
        """Lo que se ejecuta: ENTRYPOINT seguido de CMD."""
        return [*(self.config.get("Entrypoint") or ()), *(self.config.get("Cmd") or ())]

    @property
    def path(self) -> str:
        """El programa principal."""
        return self.argv[0] if self.argv else ""

    @property
    def args(self) -> list[str]:
        """Sus argumentos."""
        return self.argv[1:]

    @property
    def network_mode(self) -> str:
        """La red principal: bridge, host, none, el nombre de una red o container:<id>."""
        mode = self.host_config.get("NetworkMode") or "bridge"
        return "bridge" if mode == "default" else mode

    def become(self, **changes: Any) -> None:
        """Cambia de estado: pone un `State` nuevo con esos cambios."""
        self.state = replace(self.state, **changes)
