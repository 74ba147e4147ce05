"""Los registros que este motor puede alcanzar: Docker Hub, en miniatura, y los que estén encendidos aquí.

Un registro guarda, por repositorio, manifiestos por su digest y etiquetas que
apuntan a uno. Formato: OCI distribution-spec. Nada sale a la red.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import fault
from ..filesystem import Layer
from ..images import Image, ImageStore, Reference
from ..images.config import full_platform
from ..images.manifest import manifest, manifest_digest
from ..images.reference import DEFAULT_DOMAIN
from .catalogue import Catalogue


@dataclass(slots=True)
class Shelf:
    """Un repositorio de un registro: imágenes por digest de manifiesto y etiquetas que las señalan."""

    manifests: dict[str, Image] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def put(self, tag: str, image: Image) -> str:
        """Deja `image` con esa etiqueta; devuelve el digest de su manifiesto."""
        digest = manifest_digest(image)
        self.manifests[digest] = image
        self.tags[tag] = digest
        return digest


@dataclass(frozen=True, slots=True)
class Pull:
    """Lo que pasó en una descarga.

    `layers`: pares (digest de la capa, ¿ya estaba?), de abajo arriba; `fresh`:
    ¿cambió algo en el equipo?
    """

    reference: Reference
    image: Image
    digest: str
    layers: tuple[tuple[str, bool], ...]
    fresh: bool


@dataclass(frozen=True, slots=True)
class Push:
    """Lo que pasó en una subida: pares (digest de la capa, qué pasó), el digest y el tamaño del manifiesto."""

    reference: Reference
    layers: tuple[tuple[str, str], ...]
    digest: str
    size: int


class Hub:
    """Los registros, por dominio. `catalogue`: la carpeta de las imágenes oficiales.

    `accepts(usuario, contraseña)`: a quién se deja entrar; aquí, a cualquiera con una contraseña.
    """

    def __init__(self, catalogue: str | Path | None = None):
        self.catalogue = Catalogue(catalogue)
        self.registries: dict[str, dict[str, Shelf]] = {DEFAULT_DOMAIN: {}}
        self.accepts: Callable[[str, str], bool] = lambda user, secret: bool(secret)
        self.users: dict[str, str] = {}   # dominio → quién ha iniciado sesión; contraseñas, ninguna

    def turn_on(self, domain: str) -> None:
        """Enciende un registro propio, vacío, en `domain` (`localhost:5000`)."""
        self.registries.setdefault(domain, {})

    def find(self, reference: Reference) -> tuple[Image, str]:
        """La imagen y el digest de su manifiesto. Faltas `pull-denied`, `manifest-unknown`, `registry-unreachable`."""
        shelves = self.registries.get(reference.domain)
        if shelves is None:
            raise fault("registry-unreachable", domain=reference.domain)
        shelf = shelves.get(reference.path, Shelf())
        if reference.domain == DEFAULT_DOMAIN:
            self.fill(shelf, reference)
        if not shelf.manifests and reference.domain == DEFAULT_DOMAIN:
            raise fault("pull-denied", repository=reference.familiar_name)
        digest = reference.digest or shelf.tags.get(reference.tag, "")
        if digest not in shelf.manifests:
            raise fault("manifest-unknown", reference=reference.familiar)
        return shelf.manifests[digest], digest

    def other(self, reference: Reference, platform: str) -> tuple[Image, str]:
        """La misma etiqueta para otra plataforma, y su digest. Falta `platform-unavailable` si no se publicó."""
        image = self.catalogue.image(reference, full_platform(platform))
        if image is None or reference.digest:
            raise fault("platform-unavailable", reference=reference.familiar, platform=full_platform(platform))
        return image, manifest_digest(image)

    def fill(self, shelf: Shelf, reference: Reference) -> None:
        """Trae del catálogo al estante la etiqueta pedida (o todas, si se pide por digest)."""
        tags = self.catalogue.tags(reference.familiar_name)
        for tag in tags if reference.digest else {reference.tag} & set(tags):
            image = self.catalogue.image(reference.with_tag(tag))
            if image is not None and tag not in shelf.tags:
                shelf.put(tag, image)
        if tags and not shelf.manifests:
            first = self.catalogue.image(reference.with_tag(tags[0]))
            if first is not None:
                shelf.put(tags[0], first)

    def pull(self, reference: Reference, store: ImageStore, platform: str = "",
             held: Callable[[str], bool] = lambda chain: False) -> Pull:
        """Descarga a `store` lo que falte de `reference`. `held`: ¿guarda otro (la caché) esa pila de capas?"""
        reference = reference.tagged
        image, digest = self.find(reference)
        if platform and not image.config.fits(platform):
            image, digest = self.other(reference, platform)
        fresh = store.references.get(reference) != image.id
        here = {chain for stored in store.images.values() for chain in stored.image.chain_ids}
        layers = tuple((layer.diff_id, chain in here or held(chain))
                       for layer, chain in zip(image.layers, image.chain_ids, strict=True))
        return Pull(reference, image, digest, layers, fresh)

    def push(self, reference: Reference, image: Image) -> Push:
        """Sube `image`. Faltas `push-denied` (repositorio ajeno) y `registry-unreachable`."""
        shelves = self.registries.get(reference.domain)
        if shelves is None:
            raise fault("registry-unreachable", domain=reference.domain)
        if reference.domain == DEFAULT_DOMAIN and reference.path.partition("/")[0] != self.users.get(DEFAULT_DOMAIN):
            raise fault("push-denied", layers=[layer.diff_id for layer in image.layers])
        shelf = shelves.setdefault(reference.path, Shelf())
        others = {layer.diff_id: path for path, other in shelves.items() for layer in self.layers(other)}
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

    def login(self, domain: str, user: str, secret: str) -> None:
        """Inicia sesión; la contraseña no se guarda. Falta `login-refused` si el registro no la acepta."""
        if not self.accepts(user, secret):
            raise fault("login-refused", domain=domain)
        self.users[domain] = user

    def logout(self, domain: str) -> None:
        """Cierra la sesión, si la había."""
        self.users.pop(domain, None)

    def tags(self, reference: Reference) -> list[str]:
        """Las etiquetas de un repositorio, en orden. Faltas: las de `find`."""
        shelves = self.registries.get(reference.domain)
        if shelves is None:
            raise fault("registry-unreachable", domain=reference.domain)
        names = set(shelves[reference.path].tags) if reference.path in shelves else set()
        if reference.domain == DEFAULT_DOMAIN:
            names |= set(self.catalogue.tags(reference.familiar_name))
        if not names:
            raise fault("pull-denied", repository=reference.familiar_name)
        return sorted(names)

    def search(self, term: str) -> list[dict[str, Any]]:
        """Las filas de `docker search`."""
        return [{"name": one.name, "description": one.description, "star_count": one.stars,
                 "is_official": one.official, "is_automated": False} for one in self.catalogue.search(term)]

    def manifest(self, reference: Reference) -> dict[str, Any]:
        """El manifiesto, como lo enseña `docker manifest inspect`."""
        image, _ = self.find(reference.tagged)
        return json.loads(manifest(image))

    def layers(self, shelf: Shelf) -> Iterable[Layer]:
        """Todas las capas de un repositorio."""
        return (layer for image in shelf.manifests.values() for layer in image.layers)
