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

if TYPE_CHECKING:
    from .containers.container import Container as Record
    from .engine import Engine
    from .images.image import Image as ImageValue


def words(command: str | Sequence[str] | None) -> list[str] | None:
    """La orden como lista de palabras, venga como texto o como lista."""
    if command is None:
        return None
    return shlex.split(command) if isinstance(command, str) else list(command)


def pairs(environment: Mapping[str, Any] | Sequence[str] | None) -> list[str]:
    """Las variables como `NOMBRE=valor`."""
    if isinstance(environment, Mapping):
        return [name if value is None else f"{name}={value}" for name, value in environment.items()]
    return list(environment or ())


def memory_bytes(limit: int | str | None) -> int:
    """Bytes de `64m`, `1g` o de un número."""
    if isinstance(limit, str):
        from .units import ram_in_bytes
        return ram_in_bytes(limit)
    return limit or 0


class Image(Described):
    """Una imagen del motor. `id`, `tags`, `layers` (de abajo arriba), `config`, `history()`."""

    def __init__(self, docker: Docker, identity: str):
        self.docker, self.id = docker, identity

    @property
    def value(self) -> ImageValue:
        """El valor congelado: configuración y capas (`dockerlab.images.Image`)."""
        return self.docker.engine.image(self.id)

    @property
    def tags(self) -> list[str]:
        """Sus etiquetas, con `:latest` escrito."""
        return self.docker.engine.images.tags(self.id)

    @property
    def short_id(self) -> str:
        """`sha256:` y diez cifras, como en el SDK."""
        return self.id[:17]

    @property
    def layers(self) -> tuple[Any, ...]:
        """Las capas, de abajo arriba; cada una sabe sus archivos (`.files`)."""
        return self.value.layers

    @property
    def config(self) -> Any:
        """La configuración OCI: `env`, `cmd`, `entrypoint`, `working_dir`..."""
        return self.value.config

    @property
    def attrs(self) -> dict[str, Any]:
        """Lo que diría `docker image inspect`."""
        return self.docker.engine.inspect_image(self.id)

    @property
    def labels(self) -> dict[str, str]:
        """Sus metadatos (LABEL)."""
        return dict(self.config.labels or {})

    def history(self) -> list[dict[str, Any]]:
        """Las filas de `docker history`, de la más nueva a la más vieja."""
        return self.docker.engine.image_history(self.id)

    def tag(self, repository: str, tag: str | None = None) -> bool:
        """Pone otra etiqueta a la misma imagen."""
        self.docker.engine.tag(self.id, f"{repository}:{tag}" if tag else repository)
        return True

    def remove(self, force: bool = False) -> None:
        """La elimina del motor, como `docker rmi`."""
        self.docker.images.remove(self.id, force=force)

    def facts(self) -> tuple[str, list[tuple[str, str]]]:
        """Título y datos para mostrarla."""
        from .units import human_size
        image = self.value
        return f"Imagen {', '.join(self.tags) or '<none>'}", [
            ("id", self.id[7:19]), ("capas", str(len(image.layers))), ("tamaño", human_size(image.size))]


class Container(Described):
    """Un contenedor del motor. `id`, `name`, `status`, `logs()`, `stop()`, `diff()`..."""

    def __init__(self, docker: Docker, identity: str):
        self.docker, self.id = docker, identity

    @property
    def record(self) -> Record:
        """La ficha del motor (`dockerlab.containers.Container`)."""
        return self.docker.engine.containers.get(self.id)

    @property
    def name(self) -> str:
        """Su nombre."""
        return self.record.name

    @property
    def short_id(self) -> str:
        """Las doce primeras cifras de su id."""
        return self.id[:12]

    @property
    def status(self) -> str:
        """created, running, paused, restarting, exited o dead."""
        return self.record.state.status

    @property
    def image(self) -> Image:
        """La imagen de la que salió."""
        return Image(self.docker, self.record.image)

    @property
    def attrs(self) -> dict[str, Any]:
        """Lo que diría `docker inspect`."""
        return self.docker.engine.inspect_container(self.record)

    @property
    def exit_code(self) -> int:
        """El código de salida de la última vez que terminó."""
        return self.record.state.exit_code

    def start(self) -> None:
        """Lo pone en marcha."""
        self.docker.engine.containers.start(self.record)

    def stop(self, timeout: int | None = None) -> None:
        """SIGTERM; tras el plazo de gracia (10 s si no se dice), SIGKILL."""
        self.docker.engine.containers.stop(self.record, timeout=timeout)

    def restart(self, timeout: int | None = None) -> None:
        """Detener y volver a arrancar."""
        self.docker.engine.containers.restart(self.record, timeout=timeout)

    def kill(self, signal: str | int | None = None) -> None:
        """Envía una señal al proceso principal; SIGKILL si no se dice otra."""
        self.docker.engine.containers.kill(self.record, signal or "KILL")

    def pause(self) -> None:
        """Congela todos sus procesos."""
        self.docker.engine.containers.pause(self.record)

    def unpause(self) -> None:
        """Los descongela."""
        self.docker.engine.containers.unpause(self.record)

    def rename(self, name: str) -> None:
        """Le cambia el nombre."""
        self.docker.engine.containers.rename(self.record, name)

    def remove(self, force: bool = False, v: bool = False) -> None:
        """Lo elimina, con su capa de escritura; `v`: también sus volúmenes anónimos."""
        self.docker.engine.containers.remove(self.record, force=force, volumes=v)

    def wait(self) -> dict[str, int]:
        """Espera (en el reloj virtual) a que termine; `{"StatusCode": n}`."""
        return {"StatusCode": self.docker.engine.containers.wait(self.record)}

    def logs(self, stdout: bool = True, stderr: bool = True) -> bytes:
        """Lo que ha escrito su proceso principal."""
        wanted = {1: stdout, 2: stderr}
        return b"".join(data for _, stream, data in self.record.log if wanted[stream])

    def exec_run(self, cmd: str | Sequence[str], workdir: str | None = None,
                 environment: Mapping[str, str] | None = None, user: str = "") -> tuple[int, bytes]:
        """Ejecuta otro proceso dentro; devuelve (código de salida, lo que escribió)."""
        result = self.docker.engine.containers.exec(
            self.record, words(cmd) or [], env=pairs(environment), cwd=workdir or "", user=user)
        return result.exit_code, b"".join(data for _, data in result.output)

    def diff(self) -> list[dict[str, Any]]:
        """Los cambios de su capa de escritura: `{"Path": ..., "Kind": 0 | 1 | 2}` (C, A, D)."""
        kinds = {"C": 0, "A": 1, "D": 2}
        return [{"Path": path, "Kind": kinds[kind]} for kind, path in self.record.root.changes()]

    def commit(self, repository: str = "", tag: str = "", message: str = "", author: str = "") -> Image:
        """Una imagen nueva: la de antes y, encima, su capa de escritura."""
        reference = f"{repository}:{tag}" if tag else repository
        return Image(self.docker, self.docker.engine.commit(self.record, reference, comment=message, author=author))

    def facts(self) -> tuple[str, list[tuple[str, str]]]:
        """Título y datos para mostrarlo."""
        record = self.record
        return f"Contenedor {record.name}", [
            ("id", self.short_id), ("imagen", record.image_name), ("estado", record.state.status)]


class Images:
    """`docker.images`: construir, listar, descargar, eliminar."""

    def __init__(self, docker: Docker):
        self.docker = docker

    def build(self, path: str | Path = ".", tag: str | None = None, dockerfile: str | None = None,
              buildargs: Mapping[str, str] | None = None, target: str | None = None,
              nocache: bool = False, labels: Mapping[str, str] | None = None) -> Image:
        """Construye la carpeta `path`. Lanza `BuildError` o `DockerfileError` si falla."""
        *_, identity = self.docker.engine.build(
            str(path), tags=[tag] if tag else [], dockerfile=dockerfile, build_args=buildargs or {},
            target=target or "", no_cache=nocache, labels=labels or {})
        return Image(self.docker, identity)

    def get(self, name: str) -> Image:
        """La imagen por etiqueta o id; `NotFound` si no está."""
        return Image(self.docker, self.docker.engine.image(name).id)

    def list(self, name: str | None = None, all: bool = False) -> list[Image]:
        """Las imágenes locales, de la más nueva a la más vieja."""
        seen = dict.fromkeys(row.id for row in self.docker.engine.image_rows(name))
        return [Image(self.docker, identity) for identity in seen]

    def pull(self, repository: str, tag: str | None = None) -> Image:
        """Descarga del registro simulado."""
        self.docker.engine.pull(f"{repository}:{tag}" if tag else repository)
        return self.get(f"{repository}:{tag}" if tag else repository)

    def remove(self, image: str, force: bool = False) -> None:
        """`docker rmi`."""
        self.docker.engine.remove_image(image, force=force)


class Containers:
    """`docker.containers`: ejecutar, crear, listar."""

    def __init__(self, docker: Docker):
        self.docker = docker

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


class Docker:
    """Un motor y sus colecciones: `images`, `containers`; `Docker()` empieza vacío, en memoria.

    `Docker.open(carpeta)` guarda el motor en una carpeta: lo que había sigue
    ahí, y cada orden queda escrita antes de responder.
    """

    def __init__(self, engine: Engine | None = None, **options: Any):
        if engine is None:
            from .engine import Engine
            engine = Engine(**options)
        self.engine = engine
        self.images, self.containers = Images(self), Containers(self)

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

    def __repr__(self) -> str:
        view = self.engine.view()
        return f"<Docker: {len(view.images)} imágenes, {len(view.containers)} contenedores>"
