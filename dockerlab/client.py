"""La cara de Python: la misma que la del SDK de Docker para Python.

    from dockerlab import docker
    imagen = docker.images.build(path="app", tag="my-image")
    web = docker.containers.run("my-image", detach=True, name="my-container")
    web.stop()

Los nombres y los argumentos son los del SDK oficial (docker-py, *Docker SDK for
Python*); además, aquí se puede mirar dentro: `imagen.layers`, `web.diff()`.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .display import Described
from .models import Container, Image, order, pairs, words
from .sharing import Networks, Volumes

if TYPE_CHECKING:
    from .engine import Engine


def memory_bytes(limit: int | str | None) -> int:
    """Bytes de `64m`, `1g` o de un número."""
    if isinstance(limit, str):
        from .units import ram_in_bytes
        return ram_in_bytes(limit)
    return limit or 0


class Images(Described):
    """`docker.images`: construir, listar, descargar, eliminar."""

    def __init__(self, docker: Docker):
        self.docker = docker

    @order
    def build(self, path: str | Path = ".", tag: str | None = None, dockerfile: str | None = None,
              buildargs: Mapping[str, str] | None = None, target: str | None = None,
              nocache: bool = False, labels: Mapping[str, str] | None = None) -> Image:
        """Construye la carpeta `path`. Lanza `BuildError` o `DockerfileError` si falla."""
        *_, finished = self.docker.engine.build(
            str(path), tags=[tag] if tag else [], dockerfile=dockerfile, build_args=buildargs or {},
            target=target or "", no_cache=nocache, labels=labels or {})
        return Image(self.docker, finished.image)

    def get(self, name: str) -> Image:
        """La imagen por etiqueta o id; `NotFound` si no está."""
        return Image(self.docker, self.docker.engine.image(name).id)

    def list(self, name: str | None = None, all: bool = False) -> list[Image]:
        """Las imágenes locales, de la más nueva a la más vieja; `name`: solo las de ese repositorio."""
        from .images import Reference
        store = self.docker.engine.images
        found = [stored.image.id for stored in store.list()
                 if all or store.tags(stored.image.id) or not store.children(stored.image.id)]
        wanted = Reference.parse(name).familiar_name if name else None
        return [Image(self.docker, identity) for identity in found
                if wanted is None or any(ref.familiar_name == wanted for ref in store.references_to(identity))]

    @order
    def pull(self, repository: str, tag: str | None = None) -> Image:
        """Descarga del registro simulado."""
        self.docker.engine.pull(f"{repository}:{tag}" if tag else repository)
        return self.get(f"{repository}:{tag}" if tag else repository)

    @order
    def remove(self, image: str, force: bool = False) -> None:
        """`docker rmi`."""
        self.docker.engine.remove_image(image, force=force)

    def facts(self) -> tuple[str, list[tuple[str, str]]]:
        """Título y una línea por imagen, para mostrarlas."""
        return "Imágenes", [(", ".join(image.tags) or "<none>", image.value.short_id) for image in self.list()]


class Containers(Described):
    """`docker.containers`: ejecutar, crear, listar."""

    def __init__(self, docker: Docker):
        self.docker = docker

    @order
    def create(self, image: str | Image, command: str | Sequence[str] | None = None, *,
               name: str | None = None, environment: Mapping[str, Any] | Sequence[str] | None = None,
               ports: Mapping[str, Any] | None = None, volumes: Mapping[str, Any] | Sequence[str] | None = None,
               network: str | None = None, labels: Mapping[str, str] | None = None,
               entrypoint: str | Sequence[str] | None = None, hostname: str | None = None,
               working_dir: str | None = None, user: str = "", tty: bool = False, stdin_open: bool = False,
               auto_remove: bool = False, mem_limit: int | str | None = None, nano_cpus: int = 0,
               restart_policy: Mapping[str, Any] | None = None, init: bool = False, read_only: bool = False,
               tmpfs: Mapping[str, str] | None = None, stop_signal: str | None = None,
               healthcheck: Mapping[str, Any] | None = None) -> Container:
        """Lo crea sin arrancarlo. Descarga la imagen si hace falta."""
        exposed, bindings = port_bindings(ports or {})
        config = {"Image": image if isinstance(image, str) else image.id, "Cmd": words(command),
                  "Entrypoint": words(entrypoint), "Env": pairs(environment), "Hostname": hostname,
                  "WorkingDir": working_dir, "User": user, "Tty": tty, "OpenStdin": stdin_open,
                  "Labels": dict(labels or {}), "StopSignal": stop_signal, "ExposedPorts": exposed or None,
                  "Healthcheck": dict(healthcheck) if healthcheck else None}
        host = {"Binds": volume_binds(volumes), "PortBindings": bindings, "NetworkMode": network or "bridge",
                "AutoRemove": auto_remove, "Memory": memory_bytes(mem_limit), "NanoCpus": nano_cpus,
                "RestartPolicy": dict(restart_policy or {"Name": "no"}), "Init": init,
                "ReadonlyRootfs": read_only, "Tmpfs": dict(tmpfs or {})}
        record = self.docker.engine.create(config["Image"], name, config, host, {})
        return Container(self.docker, record.id)

    @order
    def run(self, image: str | Image, command: str | Sequence[str] | None = None, *,
            detach: bool = False, remove: bool = False, **options: Any) -> Container | bytes:
        """Crea y arranca. Con `detach` devuelve el contenedor; sin él, espera y devuelve su salida."""
        container = self.create(image, command, auto_remove=remove and detach, **options)
        container.start()
        if detach:
            return container
        container.wait()
        output = container.logs()
        if remove:
            container.remove()
        return output

    def get(self, name: str) -> Container:
        """El contenedor por nombre o id; `NotFound` si no está."""
        return Container(self.docker, self.docker.engine.containers.get(name).id)

    def list(self, all: bool = False) -> list[Container]:
        """Los que están en marcha; con `all`, todos. Del más nuevo al más viejo."""
        records = self.docker.engine.containers.list()
        return [Container(self.docker, record.id) for record in records
                if all or record.state.status in ("running", "paused", "restarting")]

    def facts(self) -> tuple[str, list[tuple[str, str]]]:
        """Título y una línea por contenedor, también los parados, para mostrarlos."""
        return "Contenedores", [(container.name, container.status) for container in self.list(all=True)]


def port_bindings(ports: Mapping[str, Any]) -> tuple[dict[str, dict], dict[str, list[dict[str, str]]]]:
    """`{"80/tcp": 8080}` como ExposedPorts y PortBindings de la API."""
    exposed, bindings = {}, {}
    for port, wanted in ports.items():
        key = str(port) if "/" in str(port) else f"{port}/tcp"
        exposed[key] = {}
        for item in wanted if isinstance(wanted, list) else [wanted]:
            address, number = item if isinstance(item, tuple) else ("", item)
            bindings.setdefault(key, []).append(
                {"HostIp": address, "HostPort": "" if number is None else str(number)})
    return exposed, bindings


def volume_binds(volumes: Mapping[str, Any] | Sequence[str] | None) -> list[str]:
    """`{"datos": {"bind": "/d", "mode": "ro"}}` como los `Binds` de la API."""
    if isinstance(volumes, Mapping):
        return [":".join(filter(None, (name, spec["bind"], spec.get("mode", "")))) for name, spec in volumes.items()]
    return list(volumes or ())


class Docker(Described):
    """Un motor y sus colecciones: `images`, `containers`, `volumes`, `networks`.

    `Docker()` empieza vacío, en memoria.

    `Docker.open(carpeta)` guarda el motor en una carpeta: lo que había sigue
    ahí, y cada orden queda escrita antes de responder.

    `options` son las de `Engine`; `Docker(registries=["localhost:5000"])` deja ir a ese
    registro de imágenes de verdad, por la red.
    """

    def __init__(self, engine: Engine | None = None, **options: Any):
        if engine is None:
            from .engine import Engine
            engine = Engine(**options)
        self.engine = engine
        self.images, self.containers = Images(self), Containers(self)
        self.volumes, self.networks = Volumes(self), Networks(self)

    @classmethod
    def open(cls, path: str | Path, **options: Any) -> Docker:
        """Abre (o crea) el motor guardado en la carpeta `path`."""
        from .state import open_engine
        return cls(open_engine(Path(path), **options))

    def __call__(self, line: str) -> str:
        """Ejecuta una línea de `docker` y devuelve lo que imprimiría: `docker("ps -a")`."""
        from .cli import capture
        return capture(self.engine, shlex.split(line)).text

    def events(self) -> Iterator[Any]:
        """Los sucesos del motor hasta ahora."""
        return iter(self.engine.events.events)

    def facts(self) -> tuple[str, list[tuple[str, str]]]:
        """Título y cuánto hay de cada cosa, para mostrarlo."""
        view = self.engine.view()
        return "Docker", [("imágenes", str(len(view.images))), ("contenedores", str(len(view.containers)))]
