"""Los registros que este motor puede alcanzar.

- Docker Hub, en miniatura: el catálogo, y lo que se sube a un espacio propio.
- Los que enciende aquí un contenedor de la imagen `registry` (`files`).
- Los de verdad, solo si se nombran al crear el motor (`remote`): sin eso, nada sale a la red.

Un registro guarda, por repositorio, manifiestos por su digest y etiquetas que
apuntan a uno. Formato: OCI distribution-spec.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dockerlab.clock import SECOND
from dockerlab.errors import DockerlabError, fault
from dockerlab.filesystem import FileSystem, Layer, Overlay
from dockerlab.images import Digest, Image, ImageStore, Reference
from dockerlab.images.config import full_platform
from dockerlab.images.manifest import index, manifest, manifest_digest
from dockerlab.images.reference import DEFAULT_DOMAIN

from .catalogue import Catalogue
from .exchange import Place, fetch, send
from .files import Files

WINDOW = 6 * 3600 * SECOND      # Docker Hub cuenta las descargas de las últimas seis horas
MISMATCH = "image with reference {} was found but its platform ({}) does not match the specified platform ({})"


@dataclass(slots=True)
class Shelf:
    """Un repositorio de un registro: imágenes por digest de manifiesto y etiquetas que las señalan.

    `lists`: las listas de manifiestos, por su digest: la misma imagen para varias
    plataformas, la de este equipo la primera.
    """

    manifests: dict[str, Image] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[Image, ...]] = field(default_factory=dict)

    def put(self, tag: str, image: Image) -> str:
        """Deja `image` con esa etiqueta; devuelve el digest de su manifiesto."""
        digest = manifest_digest(image)
        self.manifests[digest] = image
        self.tags[tag] = digest
        return digest

    def put_list(self, tag: str, images: tuple[Image, ...]) -> None:
        """Deja la lista de `images` con esa etiqueta, y cada una por su digest."""
        digest = str(Digest.of(index(images)))
        self.manifests.update({manifest_digest(image): image for image in images})
        self.manifests[digest], self.lists[digest], self.tags[tag] = images[0], images, digest


@dataclass(frozen=True, slots=True)
class Pull:
    """Lo que pasó en una descarga.

    `layers`: pares (digest de la capa, ¿ya estaba?), de abajo arriba; `fresh`:
    ¿cambió algo en el equipo?; `warning`: lo que Docker avisa al final.
    """

    reference: Reference
    image: Image
    digest: str
    layers: tuple[tuple[str, bool], ...]
    fresh: bool
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Push:
    """Lo que pasó en una subida: pares (digest de la capa, qué pasó), el digest y el tamaño del manifiesto."""

    reference: Reference
    layers: tuple[tuple[str, str], ...]
    digest: str
    size: int


class Hub:
    """Los registros, por dominio. `catalogue`: la carpeta de las imágenes oficiales.

    `remotes`: los registros de verdad a los que se permite ir (`localhost:5000`,
    `https://localhost:5443`…); `served(dominio)`: el registro que un contenedor tiene
    encendido ahí, o None; `now`: la hora, en nanosegundos; `accepts(usuario, contraseña)`: a
    quién se deja entrar; aquí, a cualquiera con una contraseña.

    Docker Hub deja descargar sin límite, salvo que la variable `DOCKERLAB_PULL_LIMIT` diga
    cuántas imágenes se pueden descargar cada seis horas sin iniciar sesión.
    """

    def __init__(self, catalogue: str | Path | None = None, remotes: Iterable[str] = (),
                 served: Callable[[str], Place | None] = lambda domain: None, now: Callable[[], int] = lambda: 0):
        self.catalogue = Catalogue(catalogue)
        self.shelves: dict[str, Shelf] = {}
        self.remotes = {name.rpartition("://")[2]: name for name in remotes}
        self.places: dict[str, Place] = {}
        self.served, self.now = served, now
        self.pulls: list[int] = []        # cuándo se descargó de Docker Hub sin iniciar sesión
        self.accepts: Callable[[str, str], bool] = lambda user, secret: bool(secret)
        self.users: dict[str, str] = {}   # dominio → quién ha iniciado sesión; contraseñas, ninguna

    # ── a quién se llega ─────────────────────────────────────────────────────

    def turn_on(self, domain: str) -> None:
        """Enciende un registro propio, vacío, en `domain` (`localhost:5000`), sin contenedor."""
        self.places.setdefault(domain, Files(FileSystem(Overlay(())), domain=domain))

    def place(self, domain: str) -> Place | None:
        """El registro de un dominio; None si es Docker Hub. Faltas `registry-refused`, `registry-unreachable`."""
        if domain in self.remotes and domain not in self.places:
            from .remote import Remote
            self.places[domain] = Remote(self.remotes[domain])
        if domain in self.places:
            return self.places[domain]
        if domain == DEFAULT_DOMAIN:
            return None
        found = self.served(domain)
        if found is None:
            host, _, port = domain.partition(":")
            if host in ("localhost", "127.0.0.1"):
                raise fault("registry-refused", domain=domain, port=port or "80")
            raise fault("registry-unreachable", domain=domain)
        return found

    def answers(self, domain: str) -> bool:
        """¿Contesta alguien en ese dominio?"""
        try:
            self.place(domain)
        except DockerlabError:
            return False
        return True

    # ── descargar ────────────────────────────────────────────────────────────

    def find(self, reference: Reference) -> tuple[Image, str]:
        """La imagen y el digest de su manifiesto. Faltas `pull-denied`, `manifest-unknown`, `registry-*`."""
        place = self.place(reference.domain)
        if place is not None:
            found = fetch(place, reference.path, reference.digest or reference.tag)
            return found.image, found.digest
        shelf, digest = self.look(reference)
        return shelf.manifests[digest], digest

    def look(self, reference: Reference) -> tuple[Shelf, str]:
        """El estante de Docker Hub y el digest que se pide de él. Faltas `pull-denied`, `manifest-unknown`."""
        shelf = self.shelves.get(reference.path, Shelf())
        self.fill(shelf, reference)
        if not shelf.manifests:
            raise fault("pull-denied", repository=reference.familiar_name)
        digest = reference.digest or shelf.tags.get(reference.tag, "")
        if digest not in shelf.manifests:
            asked = reference.with_digest(reference.digest) if reference.digest else reference
            raise fault("manifest-unknown", reference=asked.familiar)
        return shelf, digest

    def fill(self, shelf: Shelf, reference: Reference) -> None:
        """Trae del catálogo al estante la etiqueta pedida (o todas, si se pide por digest)."""
        name = reference.familiar_name
        tags = self.catalogue.tags(name)
        for tag in tags if reference.digest else [tag for tag in tags if tag == reference.tag] or tags[:1]:
            if tag not in shelf.tags:
                images = self.catalogue.family(name, tag)
                if len(images) > 1:
                    shelf.put_list(tag, images)
                else:
                    shelf.put(tag, images[0])

    def pull(self, reference: Reference, store: ImageStore, platform: str = "",
             held: Callable[[str], bool] = lambda chain: False) -> Pull:
        """Descarga a `store` lo que falte de `reference`. `held`: ¿guarda otro (la caché) esa pila de capas?"""
        reference = reference.tagged
        place = self.place(reference.domain)
        if place is not None:
            mine = {layer.diff_id: layer for stored in store.images.values() for layer in stored.image.layers}
            found = fetch(place, reference.path, reference.digest or reference.tag, platform, mine.get)
            image, digest, names = found.image, found.digest, [name for name, _ in found.layers]
        else:
            shelf, digest = self.look(reference)
            family = shelf.lists.get(digest, (shelf.manifests[digest],))
            image = next((one for one in family if one.config.fits(platform)), family[0]) if platform else family[0]
            if len(family) > 1 and platform and not image.config.fits(platform):
                raise fault("platform-missing", platform=full_platform(platform))
            names = [layer.diff_id for layer in image.layers]
        fresh = store.references.get(reference) != image.id
        if fresh and place is None:
            self.count()
        here = {chain for stored in store.images.values() for chain in stored.image.chain_ids}
        layers = tuple((name, chain in here or held(chain))
                       for name, chain in zip(names, image.chain_ids, strict=True))
        warning = "" if not platform or image.config.fits(platform) else MISMATCH.format(
            reference.familiar, image.config.platform, full_platform(platform))
        return Pull(reference, image, digest, layers, fresh, warning)

    def count(self) -> None:
        """Cuenta una descarga de Docker Hub. Falta `too-many-requests` si pasa del límite."""
        limit = os.environ.get("DOCKERLAB_PULL_LIMIT", "")
        if not limit.isdecimal() or DEFAULT_DOMAIN in self.users:
            return
        self.pulls = [when for when in self.pulls if when > self.now() - WINDOW]
        if len(self.pulls) >= int(limit):
            raise fault("too-many-requests", limit=limit)
        self.pulls.append(self.now())

    # ── subir ────────────────────────────────────────────────────────────────

    def push(self, reference: Reference, image: Image, store: ImageStore) -> Push:
        """Sube `image`. `store`: lo que hay aquí, que dice qué capas tienen ya otros repositorios.

        Faltas `push-denied` (repositorio ajeno) y las de llegar al registro.
        """
        place = self.place(reference.domain)
        if place is not None:
            origins = {layer.diff_id: other.path for other, image_id in store.references.items()
                       if other.domain == reference.domain and other.digest and other.path != reference.path
                       for layer in store.images[image_id].image.layers}
            return Push(reference, *send(place, reference.path, reference.tag, image, origins))
        if reference.path.partition("/")[0] != self.users.get(DEFAULT_DOMAIN):
            raise fault("push-denied", layers=[layer.diff_id for layer in image.layers])
        shelf = self.shelf(reference.path)
        others = {layer.diff_id: path for path, other in self.shelves.items() for layer in self.layers(other)}
        mine = {layer.diff_id for layer in self.layers(shelf)}
        layers = []
        for layer in image.layers:
            if layer.diff_id in mine:
                state = "Layer already exists"
            elif layer.diff_id in others:
                state = f"Mounted from {others[layer.diff_id]}"
            else:
                state = "Pushed"
            layers.append((layer.diff_id, state))
        digest = shelf.put(reference.tag, image)
        return Push(reference, tuple(layers), digest, len(manifest(image)))

    # ── quién entra ──────────────────────────────────────────────────────────

    def login(self, domain: str, user: str, secret: str) -> None:
        """Inicia sesión; la contraseña no se guarda. Faltas `login-refused` y las de llegar al registro."""
        place = self.place(domain)
        enter = getattr(place, "enter", self.accepts)
        if not enter(user, secret):
            url = getattr(place, "url", "")
            raise fault("login-failed", url=url) if url else fault("login-refused")
        self.users[domain] = user

    def logout(self, domain: str) -> None:
        """Cierra la sesión, si la había."""
        self.users.pop(domain, None)
        getattr(self.places.get(domain), "leave", lambda: None)()

    # ── mirar ────────────────────────────────────────────────────────────────

    def tags(self, reference: Reference) -> list[str]:
        """Las etiquetas de un repositorio, en orden. Faltas: las de `find`."""
        place = self.place(reference.domain)
        if place is not None:
            return place.tags(reference.path)
        names = set(self.shelves[reference.path].tags) if reference.path in self.shelves else set()
        names |= set(self.catalogue.tags(reference.familiar_name))
        if not names:
            raise fault("pull-denied", repository=reference.familiar_name)
        return sorted(names)

    def search(self, term: str) -> list[dict[str, Any]]:
        """Las filas de `docker search`."""
        return [{"name": one.name, "description": one.description, "star_count": one.stars,
                 "is_official": one.official, "is_automated": False} for one in self.catalogue.search(term)]

    def manifest(self, reference: Reference) -> bytes:
        """Los bytes del manifiesto o de la lista que señala `reference`. Faltas: las de `find`."""
        place = self.place(reference.domain)
        if place is not None:
            return place.manifest(reference.path, reference.digest or reference.tag)[0]
        shelf, digest = self.look(reference)
        return index(shelf.lists[digest]) if digest in shelf.lists else manifest(shelf.manifests[digest])

    def shelf(self, path: str) -> Shelf:
        """El estante de un repositorio de Docker Hub, vacío si no lo había."""
        return self.shelves.setdefault(path, Shelf())

    def pushed(self) -> list[tuple[str, str, str, Image]]:
        """Lo subido a espacios propios de Docker Hub: (repositorio, etiqueta, digest, imagen), en orden."""
        return [(path, tag, digest, shelf.manifests[digest]) for path, shelf in sorted(self.shelves.items())
                for tag, digest in sorted(shelf.tags.items())]

    def contents(self, domain: str) -> list[tuple[str, str, str, Image]]:
        """Lo que hay en un registro: (repositorio, etiqueta, digest, imagen), en orden; [] si no se llega a él."""
        if domain == DEFAULT_DOMAIN and domain not in self.remotes:
            return self.pushed()
        try:
            place = self.place(domain)
        except DockerlabError:
            return []
        found = []
        for path in place.repositories() if isinstance(place, Files) else ():
            for tag in place.tags(path):
                got = fetch(place, path, tag)
                found.append((path, tag, got.digest, got.image))
        return found

    def layers(self, shelf: Shelf) -> Iterable[Layer]:
        """Todas las capas de un repositorio."""
        return (layer for image in shelf.manifests.values() for layer in image.layers)
