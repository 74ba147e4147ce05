"""Una imagen y un contenedor, vistos desde Python: los objetos del SDK de Docker, y algo más por dentro."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any

from .display import Described
from .host import START_TIME

if TYPE_CHECKING:
    from .client import Docker
    from .containers.container import Container as Record
    from .images import Image as ImageValue


def order(method: Callable[..., Any]) -> Callable[..., Any]:
    """El método es una orden: se hace entera y, si el motor vive en una carpeta, queda guardada."""
    @wraps(method)
    def whole(self: Any, *args: Any, **options: Any) -> Any:
        with self.docker.engine.order():
            return method(self, *args, **options)
    return whole


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
        from .inspection import image_json, raw_image
        return raw_image(image_json(self.docker.engine, self.docker.engine.images.get(self.id)))

    @property
    def labels(self) -> dict[str, str]:
        """Sus metadatos (LABEL)."""
        return dict(self.config.labels or {})

    def history(self) -> list[dict[str, Any]]:
        """Las filas de `docker history`, de la más nueva a la más vieja."""
        from .summaries import image_history
        return image_history(self.docker.engine, self.docker.engine.images.get(self.id))

    @order
    def tag(self, repository: str, tag: str | None = None) -> bool:
        """Pone otra etiqueta a la misma imagen."""
        self.docker.engine.tag(self.id, f"{repository}:{tag}" if tag else repository)
        return True

    @order
    def remove(self, force: bool = False) -> None:
        """La elimina del motor, como `docker rmi`."""
        self.docker.images.remove(self.id, force=force)

    def facts(self) -> tuple[str, list[tuple[str, str]]]:
        """Título y datos para mostrarla."""
        from .units import human_size
        image = self.value
        return f"Imagen {', '.join(self.tags) or '<none>'}", [
            ("id", image.short_id), ("capas", str(len(image.layers))), ("tamaño", human_size(image.size))]


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
        from .inspection import container_json
        return container_json(self.docker.engine, self.record)

    @property
    def labels(self) -> dict[str, str]:
        """Sus metadatos."""
        return dict(self.record.config.get("Labels") or {})

    @property
    def ports(self) -> dict[str, Any]:
        """Sus puertos publicados: `{"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]}`."""
        return self.attrs["NetworkSettings"]["Ports"]

    def reload(self) -> None:
        """No hace falta: lo que se pregunta se mira siempre en el motor. Está porque está en el SDK."""

    @property
    def exit_code(self) -> int:
        """El código de salida de la última vez que terminó."""
        return self.record.state.exit_code

    @order
    def start(self) -> None:
        """Lo pone en marcha; vuelve cuando el programa ya ha tenido tiempo de empezar."""
        engine = self.docker.engine
        engine.containers.start(self.record)
        engine.settle(START_TIME)

    @order
    def stop(self, timeout: int | None = None) -> None:
        """SIGTERM; tras el plazo de gracia (10 s si no se dice), SIGKILL."""
        self.docker.engine.containers.stop(self.record, timeout=timeout)

    @order
    def restart(self, timeout: int | None = None) -> None:
        """Detener y volver a arrancar."""
        engine = self.docker.engine
        engine.containers.restart(self.record, timeout=timeout)
        engine.settle(START_TIME)

    @order
    def kill(self, signal: str | int | None = None) -> None:
        """Envía una señal al proceso principal; SIGKILL si no se dice otra."""
        self.docker.engine.containers.kill(self.record, signal or "KILL")

    @order
    def pause(self) -> None:
        """Congela todos sus procesos."""
        self.docker.engine.containers.pause(self.record)

    @order
    def unpause(self) -> None:
        """Los descongela."""
        self.docker.engine.containers.unpause(self.record)

    @order
    def rename(self, name: str) -> None:
        """Le cambia el nombre."""
        self.docker.engine.containers.rename(self.record, name)

    @order
    def remove(self, force: bool = False, v: bool = False) -> None:
        """Lo elimina, con su capa de escritura; `v`: también sus volúmenes anónimos."""
        self.docker.engine.containers.remove(self.record, force=force, volumes=v)

    @order
    def wait(self) -> dict[str, int]:
        """Espera (en el reloj virtual) a que termine; `{"StatusCode": n}`."""
        return {"StatusCode": self.docker.engine.containers.wait(self.record)}

    def logs(self, stdout: bool = True, stderr: bool = True, tail: int | str = "all") -> bytes:
        """Lo que ha escrito su proceso principal; `tail`: solo las últimas líneas."""
        wanted = {1: stdout, 2: stderr}
        text = b"".join(data for _, stream, data in self.record.log if wanted[stream])
        if tail == "all":
            return text
        return b"".join(text.splitlines(keepends=True)[-int(tail):]) if int(tail) else b""

    @order
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

    @order
    def commit(self, repository: str = "", tag: str = "", message: str = "", author: str = "") -> Image:
        """Una imagen nueva: la de antes y, encima, su capa de escritura."""
        reference = f"{repository}:{tag}" if tag else repository
        return Image(self.docker, self.docker.engine.commit(self.record, reference, comment=message, author=author))

    def facts(self) -> tuple[str, list[tuple[str, str]]]:
        """Título y datos para mostrarlo."""
        record = self.record
        return f"Contenedor {record.name}", [
            ("id", self.short_id), ("imagen", record.image_name), ("estado", record.state.status)]
