"""Quitar imágenes: `docker rmi` y `docker image prune`.

Quitar un nombre no es quitar la imagen: esta se va con su último nombre, si nadie
la usa, y se lleva las capas que ya no son de nadie. Docker real: la API *Remove an
image* y `daemon/images/image_delete.go` de moby.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from dockerlab.errors import DockerlabError, fault

from .digest import digits, short
from .reference import Reference

if TYPE_CHECKING:
    from .store import ImageStore, Stored


class User(NamedTuple):
    """Un contenedor que usa una imagen: su id y si está en marcha."""

    container: str
    running: bool


class Removal(NamedTuple):
    """Una línea de `docker rmi`: «Untagged» o «Deleted», y qué; `bytes`, lo liberado."""

    kind: str
    what: str
    image: str
    bytes: int = 0


def _nobody(image_id: str) -> tuple[User, ...]:
    return ()


def _never(chain_id: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Remover:
    """Quien quita imágenes de `store`.

    `users(id)`: los contenedores que usan esa imagen; `held(chain_id)`: ¿guarda esa
    pila de capas alguien más, como la caché de construcción?
    """

    store: ImageStore
    users: Callable[[str], Iterable[User]] = _nobody
    held: Callable[[str], bool] = _never

    def remove(self, name: str, *, force: bool = False, prune: bool = True) -> list[Removal]:
        """`docker rmi`: quita el nombre y, si era el último, la imagen y sus capas sin dueño.

        `prune`: también sus antecesoras sin nombre. Errores: `no-such-image`,
        `image-in-use`, `image-conflict`.
        """
        image_id = self.store.get(name).image.id
        references = self.store.references_to(image_id)
        done: list[Removal] = []
        by_id = image_id.startswith(name) or digits(image_id).startswith(name)
        if not by_id:
            done += self._untag(name, references, force)
            if self.store.references_to(image_id):
                return done
        elif _single_repository(references):
            self._refuse_conflict(image_id, force, named=False)
            done += self._untag_all(references)
        return done + self._delete(image_id, force=force, prune=prune, quiet=not by_id)

    def prune(self, *, every: bool = False, keep: Callable[[Stored], bool] = lambda stored: False) -> list[Removal]:
        """`docker image prune`: quita las huérfanas (con `every`, todas las que nadie usa).

        `keep(stored)`: las que un filtro salva. Las que están en uso se quedan sin error.
        """
        done: list[Removal] = []
        for stored in self.store.list():
            image_id = stored.image.id
            if image_id not in self.store.images or self.store.children(image_id) or keep(stored):
                continue
            if self.store.tags(image_id) and not every:
                continue
            for name in [str(ref) for ref in self.store.references_to(image_id)] or [image_id]:
                try:
                    done += self.remove(name)
                except DockerlabError as refused:   # con la última etiqueta pueden haberse ido ya sus digests
                    if refused.key not in ("image-in-use", "image-conflict", "no-such-image"):
                        raise
        return done

    def _untag(self, name: str, references: list[Reference], force: bool) -> list[Removal]:
        """Quita el nombre; con la última etiqueta de un repositorio se van también sus digests."""
        reference = Reference.parse(name).tagged
        image_id = self.store.references[reference]
        user = next(iter(self.users(image_id)), None)
        if user and not force and _single_repository(references):
            raise fault("image-in-use", reference=name, container=user.container[:12], image=short(image_id))
        others = [ref for ref in references if ref.name == reference.name and ref != reference]
        alone = not reference.digest and all(ref.digest for ref in others)
        return self._untag_all([reference, *(others if alone else ())])

    def _untag_all(self, references: Iterable[Reference]) -> list[Removal]:
        return [Removal("Untagged", ref.familiar, self.store.untag(ref)) for ref in references]

    def _delete(self, image_id: str, *, force: bool, prune: bool, quiet: bool) -> list[Removal]:
        """Elimina la imagen. `quiet`: si no se puede, basta con que perdiera el nombre."""
        try:
            self._refuse_conflict(image_id, force)
        except DockerlabError as conflict:
            if quiet and (not self.store.is_dangling(image_id) or conflict.data["used"]):
                return []
            raise
        done = self._untag_all(self.store.references_to(image_id))
        stored = self.store.images.pop(image_id)
        done.append(Removal("Deleted", image_id, image_id))
        done += self._free_layers(stored)
        if prune and stored.parent in self.store.images:
            done += self._delete(stored.parent, force=False, prune=True, quiet=True)
        return done

    def _free_layers(self, stored: Stored) -> Iterator[Removal]:
        """De arriba abajo, las capas que ya no son de nadie: la primera que sigue en uso sostiene a las de debajo."""
        kept = {chain for one in self.store.images.values() for chain in one.image.chain_ids}
        for chain, layer in reversed(list(zip(stored.image.chain_ids, stored.image.layers, strict=True))):
            if chain in kept or self.held(chain):
                return
            yield Removal("Deleted", chain, stored.image.id, layer.size)

    def _refuse_conflict(self, image_id: str, force: bool, named: bool = True) -> None:
        """Error `image-conflict` si algo impide eliminarla; con `force`, solo lo que nada perdona.

        `named`: tener nombres también lo impide.
        """
        users = list(self.users(image_id))
        running = next((user for user in users if user.running), None)
        stopped = next(iter(users), None)
        reasons = (
            ("cannot be forced", self.store.children(image_id), "image has dependent child images"),
            ("cannot be forced", running, "image is being used by running container {0}"),
            ("must be forced", named and self.store.references_to(image_id),
             "image is referenced in multiple repositories"),
            ("must be forced", stopped, "image is being used by stopped container {0}"),
        )
        for how, found, message in reasons:
            if found and not (force and how == "must be forced"):
                user = found if isinstance(found, User) else None
                raise fault("image-conflict", image=short(image_id), how=how, used=user is not None,
                            message=message.format(user.container[:12] if user else ""))


def _single_repository(references: list[Reference]) -> bool:
    """¿Hay a lo más una etiqueta, y todas las referencias son del mismo repositorio?"""
    tags = [ref for ref in references if not ref.digest]
    return len(references) <= 1 or len(tags) <= 1 and len({ref.name for ref in references}) == 1
