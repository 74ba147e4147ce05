"""Crear un contenedor: nombre, configuración, capa de escritura y volúmenes, todo antes de arrancarlo.

Docker real: `daemon/create.go`. `containers` es siempre la colección del motor (`manager.Containers`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dockerlab.errors import FileError, NotFound, fault
from dockerlab.filesystem import File

from . import mounts, spec
from .container import Container, MountPoint

if TYPE_CHECKING:
    from dockerlab.filesystem import FileSystem
    from dockerlab.images.image import Image

    from .manager import Containers


def create(containers: Containers, image: Image, image_name: str, name: str | None, config: Mapping[str, Any],
           host: Mapping[str, Any], networking: Mapping[str, Any]) -> Container:
    """Un contenedor nuevo, sin arrancar: capa de escritura vacía y volúmenes preparados.

    `config`, `host` y `networking`: como en la API (*ContainerCreate*). Faltas:
    las de nombres, límites, montajes y redes.
    """
    engine = containers.engine
    identity = engine.ids.next()
    spec.check_host_config(host, engine.host.cpus, config.get("Hostname") or "")
    merged = spec.merge_config(config, image.config.run_config(), identity)
    name = claim(containers, name)
    container = Container(identity, name, image.id, image_name, engine.clock.now, merged,
                          spec.fill_host_config(host), dict(networking), engine.writable_layer(image))
    engine.switchboard.check(container)
    join(containers, container)
    container.mounts = prepare_mounts(containers, container)
    files = containers.runtime.file_system(container)
    make_directory(files, merged["WorkingDir"] or "/", engine.clock.now)
    containers.records[identity], containers.names[name] = container, identity
    containers.emit(container, "create")
    return container


def make_directory(files: FileSystem, path: str, now: int) -> None:
    """La carpeta de trabajo, si falta. Falta `workdir-not-folder` si algo del camino es un archivo."""
    try:
        files.mkdir(path, parents=True, now=now)
    except FileError as error:
        if error.key not in ("EEXIST", "ENOTDIR"):
            raise
        raise fault("workdir-not-folder", path=path, code=125) from None


def join(containers: Containers, container: Container) -> None:
    """Los contenedores que comparte quedan anotados con su id completo. Faltas `no-such-container`, `link-missing`."""
    for key in ("PidMode", "IpcMode"):
        mode, _, name = (container.host_config.get(key) or "").partition(":")
        if mode == "container":
            container.host_config = {**container.host_config, key: f"container:{containers.get(name).id}"}
    for link in container.host_config.get("Links") or ():
        name = link.partition(":")[0]
        try:
            containers.get(name)
        except NotFound as error:
            raise fault("link-missing", name=name, reason=error.text, code=125) from None


def claim(containers: Containers, name: str | None) -> str:
    """El nombre pedido, si está libre; sin él, uno al azar (`quirky_morse`). Falta `container-name-taken`."""
    if name is None:
        return containers.random_names.next(containers.names)
    name = spec.valid_name(name)
    if name in containers.names:
        raise fault("container-name-taken", name=name, id=containers.names[name])
    return name


def lent(containers: Containers, source: str) -> list[MountPoint]:
    """Los montajes que presta otro contenedor (`--volumes-from`). Faltas `no-such-container`, `mount-mode`."""
    name, _, mode = source.partition(":")
    flags = mode.split(",") if mode else []
    if any(flag not in mounts.MODES for flag in flags):
        raise fault("mount-mode", mode=mode, code=125)
    return [replace(point, read_only=point.read_only or "ro" in flags) for point in containers.get(name).mounts]


def prepare_mounts(containers: Containers, container: Container) -> tuple[MountPoint, ...]:
    """Resuelve los montajes: crea los volúmenes que falten y llena los vacíos con lo de la imagen."""
    inherited = [point for source in container.host_config.get("VolumesFrom") or ()
                 for point in lent(containers, source)]
    engine, points = containers.engine, []
    for point in mounts.requested(container.host_config, container.config, tuple(inherited)):
        if point.type == "volume":
            anonymous = not point.name
            point = replace(point, name=point.name or engine.ids.next(), anonymous=anonymous)
            is_new = point.name not in engine.volumes.volumes
            volume = engine.volumes.create(point.name, engine.clock.now, anonymous=anonymous)
            if is_new:
                engine.emit("volume", "create", point.name, driver="local")
            if volume.is_empty and "nocopy" not in point.mode.split(","):
                inner = point.target.strip("/")
                if isinstance(container.root.lookup(inner), File):
                    raise fault("volume-not-folder", id=container.id, path=point.target, code=125)
                mounts.copy_up(container.root.children, container.root.lookup, volume.tree.put, inner)
        elif point.type == "bind":
            engine.host.locate(point.source, create=point.mode != "strict")
        points.append(point)
    return tuple(points)
