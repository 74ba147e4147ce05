"""Las imágenes que hay en este equipo y los nombres que las señalan.

Una etiqueta es solo un nombre que apunta a un id: se mueve, y la imagen que se
queda sin ninguno es *huérfana*. Quitarlas tiene sus reglas: están en `removal`.
Docker real: el almacén clásico (`overlay2`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dockerlab.errors import DockerlabError, fault

from .digest import digits
from .image import Image
from .reference import Reference


@dataclass(frozen=True, slots=True)
class Stored:
    """Una imagen guardada: cuándo se hizo, para enseñar (`stamp`, ns), y el id de la que salió (`parent`)."""

    image: Image
    stamp: int
    parent: str = ""


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
        prefix = name.removeprefix("sha256:")
        if not prefix or not set(prefix) <= set("0123456789abcdef"):
            return None
        found = [image_id for image_id in self.images if digits(image_id).startswith(prefix)]
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
        """Los nombres que señalan esa imagen, por orden alfabético: las etiquetas, antes que los digests."""
        return sorted((reference for reference, target in self.references.items() if target == image_id), key=str)

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


def _reference(reference: str | Reference) -> Reference:
    return Reference.parse(reference) if isinstance(reference, str) else reference


def _familiar(name: str) -> str:
    """El nombre que Docker repite al decir que no está."""
    if name.startswith("sha256:") or len(name) == 64 and set(name) <= set("0123456789abcdef"):
        return name
    return Reference.parse(name).tagged.familiar
