"""Lo que una comprobación puede preguntar: hechos sobre el motor, leídos y nunca cambiados.

`World` envuelve un motor y ofrece, con nombre, cada hecho que las condiciones
de los ejercicios pueden usar. Mira el estado, no las órdenes: por eso vale
cualquier camino que lleve a la meta.
"""

from __future__ import annotations

import functools
import os.path
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from .. import inspection
from ..containers.networks import PREDEFINED
from ..errors import DockerlabError, FileError, NotFound
from ..events import BuildFinished, StepFinished
from ..filesystem import File, FileSystem
from ..images import Reference
from ..views import ContainerView, EngineView, ImageView, NetworkView, VolumeView

NUMBERS = {word: str(value) for value, word in enumerate(
    ("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"))}


def blank(answer: Any) -> bool:
    """¿Está la respuesta sin escribir? (nada, o todavía con algún «?»)."""
    if isinstance(answer, dict):
        return not answer or any(blank(item) for item in answer.values())
    if isinstance(answer, list):
        return not answer or any(blank(item) for item in answer)
    return answer is None or answer is ... or isinstance(answer, str) and answer.strip(" ?¿") == ""


def tidy(answer: Any) -> Any:
    """La respuesta sin lo que da igual: mayúsculas, tildes, espacios, 2, "2", "dos" o "2 MB", un `docker` delante.

    `True` es «sí» y `False`, «no»; de una orden, tampoco cuenta la palabra `prune`.
    """
    if isinstance(answer, bool):
        return "si" if answer else "no"
    if isinstance(answer, str | int | float):
        bare = unicodedata.normalize("NFD", str(answer).lower())
        words = " ".join("".join(letter for letter in bare if not unicodedata.combining(letter)).split())
        return NUMBERS.get(words) or re.sub(r"^!?docker (?=\S)|(?<=\d) ?mb$|(?<=\w) prune\b", "", words)
    if isinstance(answer, dict):
        return {name: tidy(item) for name, item in answer.items()}
    if isinstance(answer, list | tuple):
        return [tidy(item) for item in answer]
    if isinstance(answer, set | frozenset):
        return sorted(tidy(item) for item in answer)
    return answer


def differ(answer: Any, key: Any) -> list[Any]:
    """Dónde se apartan: los nombres de un diccionario, los puestos de una lista (o `[0]`)."""
    answer, key = tidy(answer), tidy(key)
    if isinstance(key, dict):
        return [name for name in key if answer[name] != key[name]]
    if isinstance(key, list):
        return [index for index, item in enumerate(key) if answer[index] != item]
    return [] if answer == key else [0]


def listed(items: Iterable[Any]) -> str:
    """«a, b y c»; «ninguno» si no hay."""
    words = [str(item) for item in items]
    return " y ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words) or "ninguno"


class World:
    """Los hechos de un motor en este instante, más la respuesta que se comprueba.

    `since`: cuántos sucesos son de antes de empezar; `happened` no los cuenta.
    """

    def __init__(self, engine: Any, answer: Any = None, key: Any = None, because: Any = None, since: int = 0):
        self.engine, self.answer, self.key, self.because, self.since = engine, tidy(answer), tidy(key), because, since

    @functools.cached_property
    def view(self) -> EngineView:
        """La fotografía del motor."""
        return self.engine.view()

    def image(self, name: str) -> ImageView | None:
        """La imagen con esa etiqueta («nginx» es «nginx:latest») o None."""
        wanted = name if ":" in name.rpartition("/")[2] else f"{name}:latest"
        return next((image for image in self.view.images if wanted in image.tags), None)

    def container(self, name: str) -> ContainerView | None:
        """El contenedor con ese nombre o None."""
        return next((container for container in self.view.containers if container.name == name), None)

    def volume(self, name: str) -> VolumeView | None:
        """El volumen con ese nombre o None."""
        return next((volume for volume in self.view.volumes if volume.name == name), None)

    def network(self, name: str) -> NetworkView | None:
        """La red con ese nombre o None."""
        return next((network for network in self.view.networks if network.name == name), None)

    def together(self, *containers: str) -> list[str]:
        """Las redes propias (ni `bridge`, ni `host`, ni `none`) en las que están todos esos contenedores."""
        return [network.name for network in self.view.networks if network.name not in PREDEFINED
                and {name for name, _ in network.containers} >= set(containers)]

    def inspect(self, name: str) -> dict[str, Any]:
        """Lo que diría `docker inspect` de un contenedor, una imagen, una red o un volumen; vacío si no está."""
        engine = self.engine
        shapes = {"container": lambda found: inspection.container_json(engine, found),
                  "image": lambda found: inspection.raw_image(inspection.image_json(engine, found)),
                  "network": inspection.network_json, "volume": inspection.volume_json}
        try:
            kind, found = engine.find(name)
        except NotFound:
            return {}
        return shapes[kind](found)

    def variable(self, container: str, name: str) -> str | None:
        """El valor de una variable de entorno del contenedor, o None si no la tiene."""
        rows = self.inspect(container).get("Config", {}).get("Env") or ()
        found = [row for row in rows if row.startswith(f"{name}=")]
        return found[-1].partition("=")[2] if found else None

    def born(self, image: str) -> list[ContainerView]:
        """Los contenedores nacidos de esa imagen, estén como estén."""
        found = self.image(image)
        return [item for item in self.view.containers
                if found and item.image == found.id or item.image_name in (image, f"{image}:latest")]

    def comes_from(self, container: str, image: str) -> bool:
        """¿Nació ese contenedor de esa imagen?"""
        return any(item.name == container for item in self.born(image))

    def config(self, image: str) -> Any:
        """La configuración OCI de la imagen (`env`, `cmd`, `working_dir`...) o None si no está."""
        found = self.image(image)
        return self.engine.image(found.id).config if found else None

    def environment(self, image: str) -> list[str]:
        """Las variables de entorno de la imagen, como `NOMBRE=valor`."""
        config = self.config(image)
        return list(config.env) if config else []

    def read(self, container: str, path: str) -> str | None:
        """El texto de un archivo tal como lo ve el contenedor, también en sus volúmenes; None si no está."""
        tree = self._seen(container)
        return _text(tree, path) if tree else None

    def exists(self, container: str, path: str) -> bool:
        """¿Ve el contenedor un archivo o una carpeta en esa ruta?"""
        tree = self._seen(container)
        return bool(tree and tree.exists(path))

    def _seen(self, container: str) -> FileSystem | None:
        try:
            record = self.engine.containers.get(container)
        except NotFound:
            return None
        return record.space.fs if record.space else self.engine.containers.runtime.file_system(record)

    def volume_read(self, volume: str, path: str) -> str | None:
        """El texto de un archivo guardado en el volumen (la ruta, desde su raíz), o None si no está."""
        found = self.engine.volumes.volumes.get(volume)
        return _text(FileSystem(found.tree), path) if found else None

    def file(self, path: str) -> str | None:
        """El texto de un archivo de la carpeta de trabajo, también lo que un contenedor dejó allí; None si no está."""
        try:
            tree, inner = self.engine.host.locate(path, create=False)
        except DockerlabError:
            return None
        node = tree.lookup(inner)
        return node.content.decode(errors="replace") if isinstance(node, File) else None

    def image_read(self, image: str, path: str) -> str | None:
        """El texto de un archivo de la imagen, o None si no está."""
        found = self.image(image)
        return _text(FileSystem(self.engine.image(found.id).overlay()), path) if found else None

    def image_node(self, image: str, path: str) -> Any:
        """El archivo o la carpeta de la imagen tal como está guardado (`uid`, `mode`, `size`...), o None si no está."""
        found = self.image(image)
        return self.engine.image(found.id).overlay().lookup(path.strip("/")) if found else None

    def leaks(self, image: str, text: str) -> list[str]:
        """En qué sitios de la imagen se puede leer ese texto: capas, también tapadas, historia y variables."""
        from .leaks import leaks
        found = self.image(image)
        return leaks(self.engine.image(found.id), text) if found else []

    def fresh(self, image: str, before: str) -> list[str]:
        """Las instrucciones de `image` cuya capa no estaba ya en `before`: desde la primera distinta, todas."""
        now, then = self.config(image), self.config(before)
        if not now or not then:
            return []
        rows = [row.created_by for row in now.history if not row.empty_layer]
        same = len(os.path.commonprefix([now.diff_ids, then.diff_ids]))
        return rows[same:]

    def logs(self, container: str) -> str:
        """Lo que ha escrito el proceso principal del contenedor (vacío si no existe)."""
        try:
            record = self.engine.containers.get(container)
        except NotFound:
            return ""
        return b"".join(data for _, _, data in record.log).decode(errors="replace")

    def happened(self, action: str, **attributes: str) -> int:
        """Cuántas veces ha pasado `action` («create», «die», «pull»...) con esos atributos."""
        return sum(event.action == action and all((name, value) in event.attributes
                                                  for name, value in attributes.items())
                   for event in self.engine.events.events[self.since:])

    def lived(self, name: str, action: str, **attributes: str) -> int:
        """Cuántas veces le ha pasado `action` al último contenedor que se llamó así; no cuenta a los de antes."""
        named = [event for event in self.engine.events.events
                 if event.type == "container" and ("name", name) in event.attributes]
        return sum(event.actor == named[-1].actor and event.action == action
                   and set(attributes.items()) <= set(event.attributes) for event in named)

    def last(self, action: str, **attributes: str) -> int:
        """Cuándo pasó por última vez `action` con esos atributos, en nanosegundos; 0 si no ha pasado."""
        return max((event.time for event in self.engine.events.events
                    if event.action == action and set(attributes.items()) <= set(event.attributes)), default=0)

    def says(self, *orders: str) -> str:
        """Lo que contestaría la última de esas órdenes `docker …`, dadas una tras otra en un motor gemelo.

        El motor de verdad no cambia. Una orden puede ser también un archivo, «%%archivo ruta» y debajo su
        texto: se escribe en una copia de la carpeta de trabajo.
        """
        return self._imagined(orders)[1]

    def repeated(self, *orders: str) -> list[str]:
        """Las instrucciones que harían capa otra vez si la última orden fuera una construcción.

        Es decir, las que no hallaría en la caché; las que solo configuran no cuentan. Lo demás, como `says`.
        """
        return [step.instruction for step in self._imagined(orders)[2]
                if isinstance(step, StepFinished) and not step.cached and (step.layer or step.error)]

    def outdated(self, image: str, build: str) -> bool:
        """¿Daría hoy `build`, una orden `docker build -q …`, otra imagen que la que se llama así?

        Es decir: algo ha cambiado y falta construir otra vez. Si la construcción falla, o no hay imagen, es que no.
        """
        found, now = self.image(image), self.says(build)
        return bool(found) and now.startswith("sha256:") and now != found.id

    def rewritten(self, image: str, build: str) -> bool:
        """¿Ha cambiado la receta desde que se construyó `image`? La compara con lo que daría hoy esa construcción.

        Cuentan las instrucciones, no los archivos que copian. Una receta que hoy falla también ha cambiado.
        """
        other, _, heard = self._imagined((build,))
        built = next((event.image for event in heard if isinstance(event, BuildFinished)), "")
        old, new = self.config(image), other.image(built).config if built else None
        return old is not None and (new is None or [row.created_by for row in new.history]
                                    != [row.created_by for row in old.history])

    def _imagined(self, orders: tuple[str, ...]) -> tuple[Any, str, list[Any]]:
        from ..twin import twin
        from .practice import write
        from .roads import order
        other, printed, heard = twin(self.engine), "", []
        other.events.subscribe(heard.append)
        with tempfile.TemporaryDirectory() as home:
            folder = Path(shutil.copytree(self.engine.host.root, Path(home) / "copia", symlinks=True)).resolve()
            other.host.move(folder)
            for line in orders:
                heard.clear()
                head, _, body = line.partition("\n")
                if head.startswith("%%archivo "):
                    write(folder, head.split(maxsplit=1)[1], body)
                else:
                    printed = order(other, line, folder)[1]
        return other, printed.strip(), heard

    def replayed(self, path: str, *orders: str) -> str | None:
        """Lo que contestaría la última de esas órdenes tras dar, en un motor vacío, las `docker …` del guion `path`.

        El guion es un archivo de la carpeta de trabajo; de lo demás que diga, solo cuentan los `cd`, las variables
        y los `&&`. None si no existe o si una de sus órdenes falla.
        """
        from ..engine import Engine
        from .roads import order, script
        text, printed, folder = self.file(path), "", self.engine.host.root
        engine = Engine(folder=str(folder))
        if text is None or script(engine, text, folder):
            return None
        for line in orders:
            printed = order(engine, line, folder)[1]
        return printed.strip()

    def stumbles(self, path: str) -> str:
        """La primera línea del guion `path` que falla en un motor vacío; «» si no falla ninguna o no hay guion."""
        from ..engine import Engine
        from .roads import script
        folder = self.engine.host.root
        return script(Engine(folder=str(folder)), self.file(path) or "", folder)

    def curl(self, url: str, container: str = "") -> str | None:
        """Lo que contesta esa dirección a quien la pide desde el anfitrión, o desde dentro de `container`.

        None si no contesta nadie, o si contesta con un error. La petición la hace un motor gemelo.
        """
        from ..cli import Terminal, run
        from ..twin import twin
        if container and (not self.container(container) or self.container(container).state != "running"):
            return None
        other, printed = twin(self.engine), []
        terminal = Terminal(out=printed.append, err=lambda _: None, cwd=self.engine.host.folder)
        network = f"container:{container}" if container else "host"
        code = run(other, ["run", "--rm", "--pull", "always", "--network", network, "busybox", "wget", "-q", "-T", "5",
                           "-O", "-", url], terminal)
        return None if code else "".join(printed)

    def remote(self, name: str) -> str | None:
        """El digest que el registro tiene hoy con ese nombre de imagen, o None si no lo tiene."""
        try:
            return self.engine.hub.find(Reference.parse(name).tagged)[1]
        except DockerlabError:
            return None

    def offered(self) -> dict[str, Callable[..., Any]]:
        """Las funciones que una condición puede llamar, por su nombre."""
        return {function.__name__: function for function in (
            self.image, self.container, self.volume, self.network, self.together, self.inspect, self.variable,
            self.born, self.comes_from, self.config, self.environment, self.read, self.exists, self.volume_read,
            self.file, self.image_read, self.image_node, self.leaks, self.fresh, self.logs, self.happened, self.lived,
            self.last, self.says, self.repeated, self.outdated, self.rewritten, self.replayed, self.stumbles, self.curl,
            self.remote, blank, tidy, differ, listed)}

    def names(self) -> dict[str, Any]:
        """Todo lo que una condición puede nombrar."""
        return {**self.offered(), "images": self.view.images, "containers": self.view.containers,
                "volumes": self.view.volumes, "networks": self.view.networks,
                "answer": self.answer, "key": self.key, "because": self.because}


def _text(tree: FileSystem, path: str) -> str | None:
    try:
        return tree.read(path).decode(errors="replace")
    except FileError:
        return None
