"""Detener y deshacer un proyecto: `stop`, `restart`, `kill`, `pause`, `rm` y `down`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from dockerlab.errors import DockerlabError

from . import graph, specs
from .model import Project
from .runner import START_TIME
from .views import containers
from .waiting import LIVING

if TYPE_CHECKING:
    from dockerlab.containers.container import Container

    from .runner import Runner


class Stopper:
    """Las órdenes que detienen, sobre los servicios del proyecto de `runner`, que puede ser una parte de `whole`."""

    def __init__(self, runner: Runner, timeout: int | None = None, whole: Project | None = None):
        self.runner, self.engine, self.timeout = runner, runner.engine, timeout
        self.whole = whole or runner.project

    def backwards(self) -> list[Container]:
        """Los contenedores, de los que dependen de otros a aquellos de los que otros dependen."""
        return [record for name in reversed(graph.order(self.runner.project)) for record in self.runner.of(name)]

    def forwards(self) -> list[Container]:
        """Al revés: en el orden en que arrancan."""
        return [record for name in graph.order(self.runner.project) for record in self.runner.of(name)]

    def stop(self, records: Iterable[Container]) -> None:
        """Detiene cada uno."""
        for record in records:
            self.runner.tell("Container", record.name, "Stopping")
            self.engine.containers.stop(record, self.timeout)
            self.runner.tell("Container", record.name, "Stopped")

    def stop_all(self) -> None:
        """`stop`: los que están en marcha."""
        self.stop([record for record in self.backwards() if record.state.status in LIVING])

    def restart(self, dependents: bool = True) -> None:
        """`restart`. `dependents`: también los que pidieron reiniciarse con ellos (`restart: true`)."""
        names, everyone = set(self.runner.project.services), self.whole.services
        for name in graph.order(self.whole) if dependents else ():
            waits = everyone[name].get("depends_on") or {}
            if any(wait.get("restart") and other in names for other, wait in waits.items()):
                names.add(name)
        for name in (name for name in graph.order(self.whole) if name in names):
            self.restart_service(name)
        self.engine.settle(START_TIME)

    def restart_service(self, name: str) -> None:
        """Los contenedores de un servicio."""
        for record in self.runner.of(name):
            self.runner.tell("Container", record.name, "Restarting")
            self.engine.containers.restart(record, self.timeout)
            self.runner.tell("Container", record.name, "Started")

    def each(self, records: Iterable[Container], action: Callable[[Container], Any], after: str,
             before: str = "") -> None:
        """Una orden sencilla con cada contenedor."""
        for record in records:
            if before:
                self.runner.tell("Container", record.name, before)
            action(record)
            self.runner.tell("Container", record.name, after)

    def remove(self, records: Iterable[Container], volumes: bool = False) -> None:
        """Elimina cada uno."""
        for record in records:
            self.runner.tell("Container", record.name, "Removing")
            self.engine.containers.remove(record, force=True, volumes=volumes)
            self.runner.tell("Container", record.name, "Removed")

    def take_down(self, records: Iterable[Container], volumes: bool = False) -> None:
        """Detiene y elimina cada uno."""
        for record in records:
            self.stop([record])
            self.remove([record], volumes)

    # ── down ─────────────────────────────────────────────────────────────────

    def down(self, *, volumes: bool = False, images: str = "", orphans: bool = False) -> bool:
        """`down`; dice si había algo que quitar. Una red o un volumen que alguien usa todavía se queda."""
        project, found = self.runner.project, False
        gone = self.backwards()
        if orphans:
            gone += [*containers(self.engine, project.name, oneoff=True),
                     *(record for record in self.runner.orphans() if record.state.status in LIVING)]
        self.take_down(gone, volumes)
        found = bool(gone)
        if images:
            found |= self.remove_images(images)
        for network in self.networks():
            found = True
            self.release("Network", network, lambda name=network: self.remove_network(name))
        for volume in self.volumes() if volumes else ():
            found = True
            self.release("Volume", volume, lambda name=volume: self.engine.remove_volume(name))
        return found

    def release(self, kind: str, name: str, action: Callable[[], Any]) -> None:
        """Elimina un recurso; que alguien lo use todavía no es un error."""
        self.runner.tell(kind, name, "Removing")
        try:
            action()
        except DockerlabError:
            self.runner.tell(kind, name, "Resource is still in use")
        else:
            self.runner.tell(kind, name, "Removed")

    def networks(self) -> list[str]:
        """Las redes que creó el proyecto."""
        tag = f"{specs.PREFIX}.project"
        return [network.name for network in self.engine.networks.list()
                if network.labels.get(tag) == self.runner.project.name]

    def volumes(self) -> list[str]:
        """Los volúmenes con nombre que creó el proyecto."""
        tag = f"{specs.PREFIX}.project"
        return sorted(volume.name for volume in self.engine.volumes.volumes.values()
                      if (volume.labels or {}).get(tag) == self.runner.project.name)

    def remove_network(self, name: str) -> None:
        """Una red."""
        network = self.engine.networks.remove(name)
        self.engine.emit("network", "destroy", network.id, name=network.name, type=network.driver)

    def remove_images(self, which: str) -> bool:
        """`--rmi local`: las que se construyen aquí; `--rmi all`: las de todos los servicios."""
        project, found = self.runner.project, False
        wanted = {project.image(name) for name, service in project.services.items()
                  if which == "all" or "build" in service}
        if which == "all":
            wanted |= {tag for service in project.services.values()
                       for tag in (service.get("build") or {}).get("tags") or ()}
        for image in sorted(name for name in wanted if self.engine.images.find(name) is not None):
            found = True
            shown = image if ":" in image.rpartition("/")[2] else f"{image}:latest"
            self.release("Image", shown, lambda image=image: self.engine.remove_image(image))
        return found


