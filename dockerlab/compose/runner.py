"""Poner un proyecto en marcha: redes, volúmenes, contenedores, y arrancarlos por orden.

`Runner` hace con el motor lo que `docker compose up` hace con el demonio; cuenta
cada paso por `tell(clase, nombre, estado)`.
"""

from __future__ import annotations

import os.path
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dockerlab.clock import SECOND
from dockerlab.errors import DockerlabError, fault
from dockerlab.images import Reference
from dockerlab.images.digest import short

from . import graph, specs
from .model import Project, copies, digest
from .secrets import put_files
from .views import Progress, containers, service_of, view
from .waiting import LIVING, Waiting

if TYPE_CHECKING:
    from dockerlab.containers.container import Container
    from dockerlab.engine import Engine

Tell = Callable[[str, str, str], None]
START_TIME = 0.25      # segundos que tarda en arrancar una tanda de contenedores, como en un equipo real


class Runner:
    """Las órdenes que crean y arrancan. `tell` oye cada paso; `hear`, los sucesos de las construcciones."""

    def __init__(self, engine: Engine, project: Project, tell: Tell, hear: Callable[[Any], None] = lambda event: None):
        self.engine, self.project, self.told, self.hear = engine, project, tell, hear

    def tell(self, kind: str, name: str, status: str) -> None:
        """Un paso: a quien dio la orden y, con una fotografía del proyecto, a quien mire el motor."""
        self.told(kind, name, status)
        if self.engine.events.listeners:
            self.engine.events.emit(
                Progress(self.engine.clock.now, kind, name, status, view(self.engine, self.project)))

    # ── lo que hay ───────────────────────────────────────────────────────────

    def of(self, service: str) -> list[Container]:
        """Los contenedores de un servicio, por número."""
        return [record for record in containers(self.engine, self.project.name) if service_of(record) == service]

    def orphans(self) -> list[Container]:
        """Los del proyecto que no son de ningún servicio suyo, y los de `run` que ya acabaron."""
        known = {**self.project.services, **self.project.disabled}
        idle = [record for record in containers(self.engine, self.project.name, oneoff=True)
                if record.state.status in ("exited", "dead")]
        return idle + [record for record in containers(self.engine, self.project.name)
                       if service_of(record) not in known]

    def peers(self) -> dict[str, str]:
        """El primer contenedor de cada servicio, por su id."""
        return {service_of(record): record.id for record in reversed(containers(self.engine, self.project.name))}

    # ── imágenes ─────────────────────────────────────────────────────────────

    def prepare_images(self, build: bool = False, pull: str = "", allow_build: bool = True) -> None:
        """Descarga o construye las que hagan falta. `build`: construir siempre; `pull`: `always` o `never`."""
        pulls, builds = [], []
        for name, service in self.project.services.items():
            present = self.engine.images.find(self.project.image(name)) is not None
            policy = pull if pull not in ("", "policy") else service.get("pull_policy", "missing")
            if "build" in service and allow_build and (build or policy == "build" or not present):
                builds.append(name)
            if "image" in service and policy not in ("never", "build") and (not present or policy == "always") and (
                    not ("build" in service and build)):
                pulls.append(name)
        missed = self.pull(pulls, keep_going={name for name in pulls if "build" in self.project.services[name]})
        self.build([name for name in builds if name not in pulls or name in missed])

    def pull(self, names: Iterable[str], keep_going: Collection[str] = frozenset()) -> set[str]:
        """Descarga imágenes; las que no se puede y están en `keep_going` se devuelven. Lanza el error de las demás."""
        missed = set()
        wanted = list(names)
        for name in wanted:
            self.tell("", name, "Pulling")
        for name in wanted:
            image = self.project.image(name)
            try:
                Reference.parse(image)
                pulled = self.engine.pull(image, self.project.services[name].get("platform", ""))
            except DockerlabError as error:
                self.tell("", name, f"{'Warning' if name in keep_going else 'Error'} {error.text}")
                if name not in keep_going:
                    raise
                missed.add(name)
                continue
            for layer, present in pulled.layers if pulled.fresh else ():
                self.tell("", short(layer), "Already exists" if present else "Pull complete")
            self.tell("", name, "Pulled")
        return missed

    def build(self, names: Iterable[str], **options: Any) -> None:
        """Construye las imágenes de esos servicios. Las faltas son las de construir."""
        for name in names:
            self.build_one(name, **options)

    def build_one(self, name: str, *, no_cache: bool = False, pull: bool = False,
                  arguments: Mapping[str, str] | None = None) -> None:
        """Construye la de un servicio."""
        build = self.project.services[name]["build"]
        inline = build.get("dockerfile_inline")
        tags = [self.project.image(name), *(build.get("tags") or ())]
        secrets = {item["source"]: specs.content(self.project, "secrets", item["source"],
                                                 self.project.secrets[item["source"]])
                   for item in build.get("secrets") or ()}
        steps = self.engine.builder.build(
            build["context"], tags=tags, dockerfile="-" if inline else build["dockerfile"],
            build_args={**(build.get("args") or {}), **(arguments or {})}, target=build.get("target", ""),
            no_cache=no_cache or bool(build.get("no_cache")), labels=build.get("labels") or {},
            pull=pull or bool(build.get("pull")), secrets=secrets, folder=self.dockerfile_base(build),
            stdin=inline.encode() if inline else None)
        for event in steps:
            self.engine.events.emit(event)
            self.hear(event)
        self.tell("", tags[0], "Built")

    def dockerfile_base(self, build: Mapping[str, Any]) -> str:
        """Desde dónde se cuenta la ruta del Dockerfile: el contexto, si es una carpeta."""
        context = os.path.join(self.project.folder, build["context"])
        return context if os.path.isdir(context) else self.project.folder

    # ── redes y volúmenes ────────────────────────────────────────────────────

    def prepare(self) -> None:
        """Crea las redes y los volúmenes que falten. Faltas `compose-external-network` y `compose-external-volume`."""
        used = self.project.used()
        for key, network in sorted(used.networks.items()):
            self.make_network(key, network)
        for key, volume in sorted(used.volumes.items()):
            self.make_volume(key, volume)

    def make_network(self, key: str, network: Mapping[str, Any]) -> None:
        """Una red."""
        engine, name = self.engine, network["name"]
        if name in engine.networks.networks:
            return
        if network.get("external"):
            raise fault("compose-external-network", name=name)
        self.tell("Network", name, "Creating")
        pool = next(iter((network.get("ipam") or {}).get("config") or ()), {})
        made = engine.networks.create(
            name, engine.clock.now, driver=network.get("driver") or "bridge", subnet=pool.get("subnet", ""),
            gateway=pool.get("gateway", ""), internal=bool(network.get("internal")),
            attachable=bool(network.get("attachable")), options=network.get("driver_opts") or {},
            labels={**(network.get("labels") or {}), **self.resource_labels("network", key, network)})
        engine.emit("network", "create", made.id, name=name, type=made.driver)
        self.tell("Network", name, "Created")

    def make_volume(self, key: str, volume: Mapping[str, Any]) -> None:
        """Un volumen."""
        engine, name = self.engine, volume["name"]
        if name in engine.volumes.volumes:
            return
        if volume.get("external"):
            raise fault("compose-external-volume", name=name)
        self.tell("Volume", name, "Creating")
        engine.volumes.create(name, engine.clock.now, driver=volume.get("driver") or "local",
                              options=volume.get("driver_opts"),
                              labels={**(volume.get("labels") or {}), **self.resource_labels("volume", key, volume)})
        engine.emit("volume", "create", name, driver="local")
        self.tell("Volume", name, "Created")

    def resource_labels(self, kind: str, key: str, resource: Mapping[str, Any]) -> dict[str, str]:
        """Las etiquetas de una red o un volumen del proyecto; entre ellas, la huella de su descripción."""
        return {f"{specs.PREFIX}.config-hash": digest([kind, resource]), f"{specs.PREFIX}.{kind}": key,
                f"{specs.PREFIX}.project": self.project.name,
                f"{specs.PREFIX}.version": specs.VERSION}

    # ── crear ────────────────────────────────────────────────────────────────

    def create(self, scale: Mapping[str, int] | None = None, recreate: str = "diverged",
               timeout: int | None = None) -> None:
        """Deja cada servicio con los contenedores que pide. `recreate`: `diverged`, `force` o `never`."""
        for name in scale or {}:
            if name not in self.project.services:
                raise fault("compose-scale-missing", name=name)
        for name in graph.order(self.project):
            wanted = (scale or {}).get(name, copies(self.project.services[name]))
            self.converge(name, wanted, recreate, timeout)

    def converge(self, name: str, wanted: int, recreate: str, timeout: int | None) -> None:
        """Sobran, faltan o cambian contenedores."""
        present = self.of(name)
        for record in reversed(present[wanted:]):
            self.discard(record, timeout)
        for record in present[:wanted]:
            if recreate == "force" or (recreate == "diverged" and self.diverged(name, record)):
                self.recreate(name, record, timeout)
            elif record.state.status in LIVING:
                self.tell("Container", record.name, "Running")
        used = {number_of(record) for record in present}
        numbers = (number for number in range(1, wanted + len(used) + 1) if number not in used)
        for _ in range(wanted - len(present)):
            self.make(name, next(numbers))

    def diverged(self, name: str, record: Container) -> bool:
        """¿Ha cambiado su configuración o su imagen?"""
        found = self.engine.images.find(self.project.image(name))
        tags = record.config.get("Labels") or {}
        return tags.get(f"{specs.PREFIX}.config-hash") != self.project.config_hash(name) or (
            found is not None and found.image.id != record.image)

    def container_name(self, name: str, number: int) -> str:
        """`proyecto-servicio-1`, o el nombre que pida el servicio."""
        return self.project.services[name].get("container_name") or f"{self.project.name}-{name}-{number}"

    def make(self, name: str, number: int) -> Container:
        """Un contenedor nuevo de un servicio."""
        title = self.container_name(name, number)
        self.tell("Container", title, "Creating")
        try:
            record = self.build_container(name, number, title)
        except DockerlabError as error:
            self.tell("Container", title, f"Error response from daemon: {error.text}")
            raise
        self.tell("Container", title, "Created")
        return record

    def build_container(self, name: str, number: int, title: str, *, oneoff: bool = False,
                        config: Mapping[str, Any] | None = None, host: Mapping[str, Any] | None = None,
                        aliases: bool = True) -> Container:
        """El contenedor, sin arrancar, con sus secretos y configuraciones dentro."""
        image = self.project.image(name)
        found = self.engine.images.find(image)
        tags = specs.labels(self.project, name, number, oneoff, found.image.id if found else "")
        record = self.engine.create(image, title, specs.config(self.project, name, tags, **(config or {})),
                                    specs.host(self.project, name, self.peers(), **(host or {})),
                                    {"EndpointsConfig": specs.endpoints(self.project, name, title, aliases)},
                                    pull="never")
        put_files(record, specs.files(self.project, self.project.services[name]), self.engine.clock.now)
        return record

    def recreate(self, name: str, record: Container, timeout: int | None) -> None:
        """Cambia un contenedor por otro igual con la configuración de ahora."""
        number = number_of(record)
        title = self.container_name(name, number)
        self.tell("Container", record.name, "Recreate")
        made = self.build_container(name, number, f"{record.id[:12]}_{title}")
        self.engine.containers.stop(record, timeout)
        self.engine.containers.remove(record)
        self.engine.containers.rename(made, title)
        self.tell("Container", record.name, "Recreated")

    def discard(self, record: Container, timeout: int | None) -> None:
        """Detiene y elimina."""
        self.tell("Container", record.name, "Stopping")
        self.engine.containers.stop(record, timeout)
        self.tell("Container", record.name, "Stopped")
        self.tell("Container", record.name, "Removing")
        self.engine.containers.remove(record, force=True)
        self.tell("Container", record.name, "Removed")

    # ── arrancar ─────────────────────────────────────────────────────────────

    def start(self, skip: Iterable[str] = ()) -> None:
        """Arranca los servicios, cada uno cuando los que espera están como pide. Faltas `compose-dependency-*`."""
        for level in graph.levels(graph.dependencies(self.project)):
            started = [self.start_service(name) for name in level if name not in skip]
            if any(started):
                self.engine.settle(START_TIME)

    def start_service(self, name: str) -> bool:
        """Arranca un servicio; dice si ha arrancado algo."""
        Waiting(self).dependencies(name)
        pending = [record for record in self.of(name) if record.state.status not in LIVING]
        for record in pending:
            self.tell("Container", record.name, "Starting")
            self.engine.containers.start(record)
            self.tell("Container", record.name, "Started")
        return bool(pending)

    def wait(self, timeout: float = 0) -> None:
        """`--wait`: hasta que todos estén en marcha o sanos. `timeout`: segundos de reloj virtual."""
        deadline = self.engine.clock.now + round(timeout * SECOND) if timeout else None
        Waiting(self, deadline).everyone()


def number_of(record: Container) -> int:
    """El número de un contenedor dentro de su servicio."""
    return int((record.config.get("Labels") or {}).get(f"{specs.PREFIX}.container-number") or 0)
