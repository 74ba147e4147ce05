"""Las imágenes que hay en este equipo y los nombres que las señalan.

Una etiqueta es solo un nombre que apunta a un id: se mueve, y la imagen que se
queda sin ninguno es *huérfana*. Docker real: el almacén clásico (`overlay2`);
las reglas de `rmi` y `prune` son las de su API (*Remove an image*).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from dockerlab.errors import DockerlabError, fault

from .image import Image
from .reference import Reference


@dataclass(frozen=True, slots=True)
class Stored:
    """Una imagen guardada: cuándo se hizo, para enseñar (`stamp`, ns), y el id de la que salió (`parent`)."""

    image: Image
    stamp: int
    parent: str = ""


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


Users = Callable[[str], Iterator[User] | list[User] | tuple[User, ...]]
_NOBODY: Users = lambda image_id: ()  # noqa: E731


class ImageStore:
    """Imágenes por id y referencias que apuntan a ellas. Los ids son `sha256:` y 64 cifras."""

    def __init__(self) -> None:
        self.images: dict[str, Stored] = {}
        self.references: dict[Reference, str] = {}

    # ── añadir y nombrar ─────────────────────────────────────────────────────

    def add(self, image: Image, *, stamp: int | None = None, parent: str = "") -> Stored:
        """Guarda `image` (si ya estaba, solo actualiza `stamp` cuando se da)."""
        present = self.images.get(image.id)
        if present is None:
            created = image.config.created or 0
            present = Stored(image, created if stamp is None else stamp, parent)
        elif stamp is not None or parent:
            present = replace(present, stamp=present.stamp if stamp is None else stamp,
                              parent=parent or present.parent)
        self.images[image.id] = present
        return present

    def tag(self, reference: str | Reference, image_id: str) -> str:
        """Apunta `reference` a `image_id`; devuelve el id que señalaba antes ("" si ninguno)."""
        reference = _reference(reference).tagged
        before = self.references.get(reference, "")
        self.references[reference] = image_id
        return before if before != image_id else ""

    def untag(self, reference: str | Reference) -> str:
        """Quita el nombre y devuelve el id que señalaba. Error `no-such-image`."""
        reference = _reference(reference).tagged
        if reference not in self.references:
            raise fault("no-such-image", name=reference.familiar)
        return self.references.pop(reference)

    # ── buscar ───────────────────────────────────────────────────────────────

    def find(self, name: str) -> Stored | None:
        """La imagen de esa referencia, id o principio de id; None si no está."""
        try:
            found = self.references.get(Reference.parse(name).tagged)
        except DockerlabError:
            found = None
        if found is None:
            found = self._by_prefix(name)
        return self.images.get(found) if found else None

    def get(self, name: str) -> Stored:
        """Como `find`, pero con error `no-such-image` (o el de la referencia mal escrita)."""
        found = self.find(name)
        if found is None:
            raise fault("no-such-image", name=_familiar(name))
        return found

    def _by_prefix(self, name: str) -> str | None:
        digits = name.removeprefix("sha256:")
        if not digits or not set(digits) <= set("0123456789abcdef"):
            return None
        found = [image_id for image_id in self.images if image_id.startswith(digits, 7)]
        return found[0] if len(found) == 1 else None

    def __contains__(self, name: str) -> bool:
        return self.find(name) is not None

    def __iter__(self) -> Iterator[Stored]:
        return iter(self.list())

    def __len__(self) -> int:
        return len(self.images)

    def list(self) -> list[Stored]:
        """Todas, la más reciente primero, como `docker images -a`."""
        order = {image_id: place for place, image_id in enumerate(self.images)}
        return sorted(self.images.values(), key=lambda one: (-one.stamp, -order[one.image.id]))

    def references_to(self, image_id: str) -> list[Reference]:
        """Los nombres que señalan esa imagen, en orden."""
        return sorted(reference for reference, target in self.references.items() if target == image_id)

    def tags(self, image_id: str) -> list[str]:
        """Sus etiquetas, como las enseña Docker: `app:latest`."""
        return [ref.familiar for ref in self.references_to(image_id) if not ref.digest]

    def digests(self, image_id: str) -> list[str]:
        """Sus digests de repositorio: `nginx@sha256:...`."""
        return [ref.familiar for ref in self.references_to(image_id) if ref.digest]

    def children(self, image_id: str) -> list[Stored]:
        """Las imágenes que salieron de esa (solo las de `commit` y el constructor antiguo lo anotan)."""
        return [one for one in self.images.values() if one.parent == image_id]

    def is_dangling(self, image_id: str) -> bool:
        """¿No la señala ninguna etiqueta ni tiene hijas?"""
        return not self.tags(image_id) and not self.children(image_id)

    def lineage(self, image_id: str) -> list[str]:
        """Su id y los de sus antecesoras guardadas: los que `docker history` puede enseñar."""
        ids: list[str] = []
        while image_id in self.images and image_id not in ids:
            ids.append(image_id)
            image_id = self.images[image_id].parent
        return ids

    def shared_size(self, image_id: str) -> int:
        """Bytes de sus capas que también tiene otra imagen guardada."""
        mine = self.images[image_id].image
        others = {chain for one in self.images.values() if one.image.id != image_id
                  for chain in one.image.chain_ids}
        return sum(layer.size for chain, layer in zip(mine.chain_ids, mine.layers, strict=True) if chain in others)

    def disk_size(self) -> int:
        """Bytes de todas las capas, contando una vez las compartidas."""
        sizes = {chain: layer.size for one in self.images.values()
                 for chain, layer in zip(one.image.chain_ids, one.image.layers, strict=True)}
        return sum(sizes.values())

    # ── quitar ───────────────────────────────────────────────────────────────

    def remove(self, name: str, *, force: bool = False, prune: bool = True, users: Users = _NOBODY,
               held: Callable[[str], bool] = lambda chain: False) -> list[Removal]:
        """`docker rmi`: quita el nombre y, si era el último, la imagen y sus capas sin dueño.

        `users(id)`: los contenedores que usan esa imagen; `held(chain_id)`: ¿guarda
        esa capa la caché de construcción o algún contenedor? Errores: `no-such-image`,
        `image-in-use`, `image-conflict`.
        """
        image_id = self.get(name).image.id
        mine = self.references_to(image_id)
        done: list[Removal] = []
        by_name = not (image_id.startswith(name) or image_id.startswith(name, 7))
        if by_name:
            container = next(iter(users(image_id)), None)
            if not force and _single(mine) and container:
                raise fault("image-in-use", reference=name, container=container.container[:12],
                            image=image_id[7:19])
            reference = Reference.parse(name).tagged
            self._untag(reference, done)
            mine.remove(reference)
            same = [ref for ref in mine if ref.name == reference.name]
            if not reference.digest and all(ref.digest for ref in same):
                for ref in same:
                    self._untag(ref, done)
                    mine.remove(ref)
            if mine:
                return done
        elif _single(mine):
            self._check(image_id, users, stopped=not force, referenced=False)
            for ref in mine:
                self._untag(ref, done)
        self._delete(image_id, done, force, prune, by_name, users, held)
        return done

    def _untag(self, reference: Reference, done: list[Removal]) -> None:
        done.append(Removal("Untagged", reference.familiar, self.references.pop(reference)))

    def _check(self, image_id: str, users: Users, *, stopped: bool, referenced: bool) -> None:
        """Lo que impide eliminar la imagen; `stopped` y `referenced` son lo que `--force` perdona."""
        using = list(users(image_id))
        running = next((user for user in using if user.running), None)
        reasons = (
            ("cannot be forced", bool(self.children(image_id)), "image has dependent child images"),
            ("cannot be forced", running, "image is being used by running container {0}"),
            ("must be forced", referenced and bool(self.references_to(image_id)),
             "image is referenced in multiple repositories"),
            ("must be forced", stopped and next(iter(using), None),
             "image is being used by stopped container {0}"),
        )
        for how, found, message in reasons:
            if found:
                container = found.container[:12] if isinstance(found, User) else ""
                raise fault("image-conflict", image=image_id[7:19], how=how,
                            message=message.format(container), used=isinstance(found, User))

    def _delete(self, image_id: str, done: list[Removal], force: bool, prune: bool, quiet: bool,
                users: Users, held: Callable[[str], bool]) -> None:
        try:
            self._check(image_id, users, stopped=not force, referenced=not force)
        except DockerlabError as conflict:
            if quiet and (not self.is_dangling(image_id) or conflict.data["used"]):
                return
            raise
        for reference in self.references_to(image_id):
            self._untag(reference, done)
        stored = self.images.pop(image_id)
        done.append(Removal("Deleted", image_id, image_id))
        kept = {chain for one in self.images.values() for chain in one.image.chain_ids}
        for chain, layer in reversed(list(zip(stored.image.chain_ids, stored.image.layers, strict=True))):
            if chain in kept or held(chain):
                break
            done.append(Removal("Deleted", chain, image_id, layer.size))
        if prune and stored.parent in self.images:
            self._delete(stored.parent, done, False, True, True, users, held)

    def prune(self, *, every: bool = False, keep: Callable[[Stored], bool] = lambda stored: False,
              users: Users = _NOBODY, held: Callable[[str], bool] = lambda chain: False) -> list[Removal]:
        """`docker image prune`: quita las huérfanas (con `every`, todas las que nadie usa).

        `keep(stored)`: las que un filtro salva. Las que están en uso se quedan sin error.
        """
        done: list[Removal] = []
        for stored in self.list():
            image_id = stored.image.id
            if image_id not in self.images or self.children(image_id) or keep(stored):
                continue
            references = self.references_to(image_id)
            if references and not every and any(not ref.digest for ref in references):
                continue
            for name in [str(ref) for ref in references] or [image_id]:
                try:
                    done += self.remove(name, users=users, held=held)
                except DockerlabError as conflict:
                    if conflict.key not in ("image-in-use", "image-conflict"):
                        raise
        return done


def _reference(reference: str | Reference) -> Reference:
    return Reference.parse(reference) if isinstance(reference, str) else reference


def _familiar(name: str) -> str:
    """El nombre que Docker repite al decir que no está."""
    if name.startswith("sha256:") or len(name) == 64 and set(name) <= set("0123456789abcdef"):
        return name
    return Reference.parse(name).tagged.familiar


def _single(references: list[Reference]) -> bool:
    """¿Hay a lo más una etiqueta, y todas las referencias son del mismo repositorio?"""
    tags = [ref for ref in references if not ref.digest]
    return len(references) <= 1 or len(tags) <= 1 and len({ref.name for ref in references}) == 1
