"""El motor: lo único que cambia.

Junta las piezas (imágenes, contenedores, volúmenes, redes, núcleo, reloj) y
ofrece los verbos que la línea de órdenes y la cara de Python comparten. Anota
todo lo que pasa como sucesos; no sabe quién mira.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .clock import EPOCH, SECOND, Clock
from .containers.connect import Switchboard
from .containers.kernel import Kernel
from .containers.manager import Containers
from .containers.networks import NetworkStore
from .containers.volumes import VolumeStore
from .errors import NotFound, fault
from .events import Event, EventLog
from .filesystem import Overlay
from .host import Host
from .ids import Ids
from .images import Image, ImageStore, Reference, Removal, Remover, Stored, User
from .images.init_layer import init_layer

if TYPE_CHECKING:
    from .build.builder import Builder
    from .containers.container import Container
    from .registry.hub import Hub
    from .views import EngineView

try:
    from threading import RLock as Turn  # en JupyterLab, quien dibuja pregunta desde otro hilo
except ImportError:                        # hay Python sin hilos: ahí nadie puede estorbar
    class Turn(nullcontext):
        """El turno de quien está solo."""

        def acquire(self) -> None:
            """Siempre es suyo."""

        release = acquire

PATIENCE = 200_000        # sucesos que una orden deja pasar antes de dar por infinita la espera


def allowed_registries() -> tuple[str, ...]:
    """Los registros de verdad que nombra `DOCKERLAB_REGISTRIES`, separados por comas."""
    return tuple(name.strip() for name in os.environ.get("DOCKERLAB_REGISTRIES", "").split(",") if name.strip())


class Engine:
    """Un motor de Docker simulado.

    `seed` elige la sucesión de ids; `catalogue`, la carpeta de imágenes del
    registro simulado; `folder`, la carpeta del anfitrión que se puede montar;
    `registries`, los registros de verdad a los que se permite ir (ninguno, si no
    se dice; `None`: los de la variable `DOCKERLAB_REGISTRIES`).
    """

    def __init__(self, *, seed: str = "dockerlab", catalogue: str | Path | None = None, folder: str = "",
                 writable_host: bool = False, registries: Iterable[str] | None = None):
        self.seed, self.catalogue = seed, catalogue
        self.registries = allowed_registries() if registries is None else tuple(registries)
        self.events = EventLog()
        self.host = Host(folder, writable_host)
        self.keep: Callable[[], None] | None = None   # cómo guardarse tras cada orden, si vive en una carpeta
        self.turn, self.depth = Turn(), 0             # una orden cada vez, aunque la pidan varios hilos
        self._hub: Hub | None = None
        self.clear()

    def clear(self) -> None:
        """Como recién instalado: sin imágenes, contenedores ni sucesos. Quien escuchaba sigue escuchando."""
        self.clock = Clock()
        self.ids = Ids(self.seed)
        self.events.events, self.events.marks = [], {}
        self.host.written = {}
        self.images = ImageStore()
        self.volumes = VolumeStore()
        self.networks = NetworkStore(self.ids)
        self.networks.start(self.clock.now)
        self.switchboard = Switchboard(self.networks, self.ids)
        self.kernel = Kernel(self.clock, self.seed)
        self.containers = Containers(self)
        self._builder: Builder | None = None

    # ── el tiempo ────────────────────────────────────────────────────────────

    def run(self, until: Callable[[], bool], deadline: int | None = None) -> str:
        """Deja correr el reloj virtual hasta que `until()` sea cierto.

        Devuelve `done`, `deadline`, `idle` (no pasará nada más por sí solo) o `steps`.
        """
        return self.kernel.run(until, deadline, PATIENCE)

    def settle(self, seconds: float = 0.0) -> None:
        """Deja pasar `seconds` segundos del reloj virtual, y con ellos lo que toque."""
        self.kernel.run(None, self.clock.now + round(seconds * SECOND), PATIENCE)

    @contextmanager
    def order(self) -> Iterator[None]:
        """Una orden entera: nadie más toca el motor mientras dura y, al acabar (bien o mal), queda guardada."""
        with self.turn:
            self.depth += 1
            try:
                yield
            finally:
                self.depth -= 1
                if self.keep and not self.depth:
                    self.keep()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """En mitad de una orden que espera a una persona: mientras dura, otros pueden usar el motor."""
        depth, self.depth = self.depth, 0
        for _ in range(depth):
            self.turn.release()
        try:
            yield
        finally:
            for _ in range(depth):
                self.turn.acquire()
            self.depth = depth

    # ── los sucesos ──────────────────────────────────────────────────────────

    def emit(self, kind: str, action: str, actor: str, **attributes: str) -> None:
        """Anota un suceso."""
        self.events.emit(Event(self.clock.now, kind, action, actor, tuple(sorted(attributes.items()))))

    # ── imágenes ─────────────────────────────────────────────────────────────

    @property
    def hub(self) -> Hub:
        """El registro simulado, leído la primera vez que hace falta."""
        if self._hub is None:
            from .registry.hub import Hub
            from .registry.serving import served
            self._hub = Hub(self.catalogue, self.registries, lambda domain: served(self, domain),
                            lambda: self.clock.now)
        return self._hub

    @property
    def has_hub(self) -> bool:
        """¿Se ha usado ya el registro simulado?"""
        return self._hub is not None

    def pull(self, name: str, platform: str = "") -> Any:
        """Descarga `name` del registro simulado; devuelve lo que pasó, capa a capa (`registry.hub.Pull`)."""
        reference = Reference.parse(name)
        if reference.familiar_name == "scratch":
            raise fault("scratch-reserved")
        pulled = self.hub.pull(reference, self.images, platform, self.layer_held)
        self.images.add(pulled.image)
        self.images.tag(pulled.reference, pulled.image.id)
        self.images.tag(pulled.reference.with_digest(pulled.digest), pulled.image.id)
        self.emit("image", "pull", pulled.reference.familiar, name=pulled.reference.familiar_name)
        return pulled

    def image(self, name: str) -> Image:
        """La imagen local; `no-such-image` si no está."""
        return self.images.get(name).image

    def tag(self, source: str, target: str) -> None:
        """`docker tag`."""
        identity = self.images.get(source).image.id
        self.images.tag(target, identity)
        self.emit("image", "tag", identity, name=Reference.parse(target).tagged.familiar)

    def remove_image(self, name: str, force: bool = False, prune: bool = True) -> list[Removal]:
        """`docker rmi`: lo que se ha quitado, línea a línea."""
        return self._told(self.remover.remove(name, force=force, prune=prune))

    def prune_images(self, *, every: bool = False, keep: Callable[[Stored], bool]) -> list[Removal]:
        """`docker image prune`: lo que se ha quitado. `every` y `keep`, como en `images.Remover.prune`."""
        removed = self._told(self.remover.prune(every=every, keep=keep))
        self.emit("image", "prune", "", reclaimed=str(sum(row.bytes for row in removed)))
        return removed

    def _told(self, removed: list[Removal]) -> list[Removal]:
        for row in removed:
            self.emit("image", "untag" if row.kind == "Untagged" else "delete", row.image, name=row.image)
        return removed

    @property
    def remover(self) -> Remover:
        """Quien quita imágenes de este motor: sabe qué contenedores las usan y qué guarda la caché."""
        return Remover(self.images, self.image_users, self.layer_held)

    def image_users(self, image_id: str) -> list[User]:
        """Los contenedores que usan una imagen, como los pide `Remover`."""
        return [User(record.id, record.state.status in ("running", "paused", "restarting"))
                for record in self.containers.using_image(image_id)]

    def layer_held(self, chain: str) -> bool:
        """¿Guarda esa pila de capas la caché de construcción?"""
        return self._builder is not None and self._builder.holds(chain)

    def commit(self, container: Container, reference: str = "", *, comment: str = "", author: str = "",
               changes: tuple[str, ...] = (), pause: bool = True) -> str:
        """`docker commit`: una imagen nueva con la capa de escritura encima; devuelve su id.

        `pause`: el contenedor se congela mientras tanto, para que nada cambie a mitad.
        """
        from .build.commit import commit_image
        base = self.images.images.get(container.image)
        image = commit_image(base.image if base else Image.empty(), container, self.clock.now, comment, author, changes)
        paused = pause and container.state.status == "running"
        if paused:
            self.containers.pause(container)
        self.images.add(image, parent=container.image)
        labels = dict(image.config.labels or ())
        self.emit("image", "create", image.id, name=image.id, **labels)
        if reference:
            self.images.tag(reference, image.id)
            self.emit("image", "tag", image.id, name=Reference.parse(reference).tagged.familiar, **labels)
        self.containers.emit(container, "commit", comment=comment, imageID=image.id,
                             imageRef=Reference.parse(reference).tagged.familiar if reference else "")
        if paused:
            self.containers.unpause(container)
        return image.id

    # ── contenedores ─────────────────────────────────────────────────────────

    def writable_layer(self, image: Image) -> Overlay:
        """Las capas de la imagen, la que Docker prepara al crear un contenedor y, encima, la de escritura, vacía.

        La preparada lleva la hora de la imagen, y así sus contenedores comparten la unión ya calculada.
        """
        layers = image.overlay()
        return Overlay((*image.layers, init_layer(layers, image.config.created or EPOCH)))

    def create(self, image: str, name: str | None = None, config: Mapping[str, Any] | None = None,
               host: Mapping[str, Any] | None = None, networking: Mapping[str, Any] | None = None, *,
               platform: str = "", pull: str = "missing", pulling: Callable[[Any], None] | None = None) -> Container:
        """`docker create`: descarga la imagen si hace falta (`pull`: missing, always o never).

        `pulling` recibe cada descarga, para contarla.
        """
        found = self.images.find(image)
        if pull == "always" or found is None and pull == "missing":
            pulled = self.pull(image, platform)
            if pulling:
                pulling(pulled)
            found = self.images.get(image)
        elif found is None:
            raise fault("no-such-image", name=Reference.parse(image).tagged.familiar)
        stored: Stored = found
        return self.containers.create(stored.image, image, name, {"Image": image, **(config or {})},
                                      host or {}, networking or {})

    def remove_volume(self, name: str, force: bool = False) -> None:
        """`docker volume rm`."""
        users = [record.id for record in self.containers.using_volume(name)]
        if not force or name in self.volumes.volumes:
            self.volumes.remove(name, users, force)
            self.emit("volume", "destroy", name, driver="local")

    def find(self, name: str) -> tuple[str, Any]:
        """De qué es `name`: ("container", ficha), ("image", ...), ("volume", ...) o ("network", ...).

        El orden es el de `docker inspect`. Falta `no-such-object`.
        """
        for kind, look in (("container", self.containers.get), ("image", self.images.get),
                           ("network", self.networks.get), ("volume", self.volumes.get)):
            try:
                return kind, look(name)
            except NotFound:
                continue
        raise fault("no-such-object", name=name)

    # ── construir ────────────────────────────────────────────────────────────

    @property
    def builder(self) -> Builder:
        """El constructor (BuildKit simulado) de este motor, con su caché; se carga la primera vez que hace falta."""
        if self._builder is None:
            from .build.builder import Builder
            self._builder = Builder(self)
        return self._builder

    @property
    def has_builder(self) -> bool:
        """¿Se ha construido ya algo?"""
        return self._builder is not None

    def build(self, path: str, **options: Any) -> Iterator[Any]:
        """`docker build`: los sucesos de la construcción, uno a uno; quien escucha al motor también los oye."""
        for event in self.builder.build(path, **options):
            self.events.emit(event)
            yield event

    # ── mirar ────────────────────────────────────────────────────────────────

    def view(self) -> EngineView:
        """Una fotografía de todo, para dibujar y comprobar."""
        from .snapshot import take
        return take(self)
