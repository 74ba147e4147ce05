"""Una fotografía del motor: valores congelados, lo justo para dibujar y comprobar.

`Engine.view()` la toma. Las escenas, las comprobaciones de los ejercicios y los
estados de los retos leen fotografías, nunca el motor: así se pueden guardar,
comparar y volver a dibujar más tarde.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LayerView:
    """Una capa de una imagen: `diff_id`, bytes y la instrucción que la creó."""

    digest: str
    size: int
    created_by: str


@dataclass(frozen=True, slots=True)
class ImageView:
    """Una imagen: `id` (sha256:...), etiquetas familiares, capas de abajo arriba y configuración."""

    id: str
    tags: tuple[str, ...]
    layers: tuple[LayerView, ...]
    size: int
    config: tuple[tuple[str, str], ...] = ()  # (clave OCI, valor legible)


@dataclass(frozen=True, slots=True)
class ProcessView:
    """Un proceso: su número dentro del contenedor y el que ve el anfitrión."""

    pid: int
    host_pid: int
    parent: int
    command: str
    state: str  # R, S, T o Z, como en `ps`


@dataclass(frozen=True, slots=True)
class MountView:
    """Un montaje: `type` es volume, bind o tmpfs; `source`, el volumen o la carpeta."""

    type: str
    source: str
    target: str
    read_only: bool = False

    @property
    def anonymous(self) -> bool:
        """¿Es un volumen al que nadie puso nombre? Docker le da uno de 64 cifras."""
        return self.type == "volume" and len(self.source) == 64 and not set(self.source) - set("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class ContainerView:
    """Un contenedor: su estado (created, running, paused, restarting, exited, dead) y su capa de escritura."""

    id: str
    name: str
    image: str            # id de la imagen
    image_name: str       # como se pidió
    command: str
    state: str
    status: str           # el texto de `docker ps`
    exit_code: int
    size_rw: int          # bytes de la capa de escritura
    changes: tuple[tuple[str, str], ...] = ()  # (A | C | D, ruta)
    processes: tuple[ProcessView, ...] = ()
    mounts: tuple[MountView, ...] = ()
    ports: tuple[str, ...] = ()
    networks: tuple[tuple[str, str], ...] = ()  # (red, dirección)
    health: str = ""
    memory_limit: int = 0


@dataclass(frozen=True, slots=True)
class VolumeView:
    """Un volumen con nombre o anónimo y quién lo usa."""

    name: str
    size: int
    used_by: tuple[str, ...] = ()
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class NetworkView:
    """Una red: controlador, subred y contenedores conectados con su dirección."""

    name: str
    driver: str
    subnet: str
    containers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class EngineView:
    """Todo el motor en un instante (`time`, nanosegundos)."""

    time: int
    images: tuple[ImageView, ...] = ()
    containers: tuple[ContainerView, ...] = ()
    volumes: tuple[VolumeView, ...] = ()
    networks: tuple[NetworkView, ...] = ()
