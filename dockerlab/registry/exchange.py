"""Traer y llevar una imagen, pieza a pieza, entre este equipo y un registro cualquiera.

Un registro es un `Place`: el de un contenedor del simulador (`files`) o uno de
verdad (`remote`). Todo se comprueba antes de aceptar nada: la imagen llega
entera y con sus digests, o no llega.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from dockerlab.errors import DockerlabError, fault
from dockerlab.filesystem import Layer, Limits
from dockerlab.filesystem.compression import plain
from dockerlab.images import Image, ImageConfig
from dockerlab.images.config import full_platform
from dockerlab.images.manifest import CONFIG, INDEX, MANIFEST, descriptor, layer_descriptor, manifest

LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
SCHEMA2 = "application/vnd.docker.distribution.manifest.v2+json"
SCHEMA1 = "application/vnd.docker.distribution.manifest.v1"
ACCEPTED = (MANIFEST, SCHEMA2, INDEX, LIST)
INDEXES = (INDEX, LIST)
NATIVE = "linux/amd64"
HERE, SENT = "Layer already exists", "Pushed"


class Place(Protocol):
    """Lo que hace falta de un registro (OCI distribution-spec). `path`: el repositorio."""

    def manifest(self, path: str, reference: str) -> tuple[bytes, str]:
        """Los bytes y el tipo de un manifiesto, por etiqueta o digest."""

    def blob(self, path: str, digest: str, size: int) -> bytes:
        """Los bytes de un blob, con su digest ya comprobado."""

    def has(self, path: str, digest: str) -> bool:
        """¿Está ese blob en el repositorio?"""

    def put(self, path: str, digest: str, size: int, pieces: Callable[[], Iterator[bytes]]) -> None:
        """Sube un blob."""

    def mount(self, path: str, digest: str, origin: str) -> bool:
        """Hace que un blob de otro repositorio esté también en este; False si hay que subirlo."""

    def put_manifest(self, path: str, reference: str, kind: str, body: bytes) -> None:
        """Sube un manifiesto y, si `reference` es una etiqueta, la apunta a él."""

    def tags(self, path: str) -> list[str]:
        """Las etiquetas de un repositorio."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Lo descargado: `digest` es el que se pidió (el del índice, si lo hay); `layers`: (digest del blob, ¿estaba?)."""

    image: Image
    digest: str
    layers: tuple[tuple[str, bool], ...]


# ── traer ────────────────────────────────────────────────────────────────────

def fetch(place: Place, path: str, wanted: str, platform: str = "",
          known: Callable[[str], Layer | None] = lambda diff_id: None, limits: Limits = Limits()) -> Fetched:
    """La imagen `path`:`wanted` (o `@digest`). `known(diff_id)`: la capa, si ya está aquí.

    Faltas: `manifest-verify`, `blob-verify`, `platform-missing`, `manifest-bad` y las de `place`.
    """
    document, digest, kind = read_manifest(place, path, wanted)
    if kind in INDEXES:
        chosen = choose(document, platform or NATIVE)
        document, _, kind = read_manifest(place, path, chosen["digest"])
    if kind in INDEXES or kind.startswith(SCHEMA1) or "config" not in document:
        raise fault("manifest-bad", reason=f"el tipo {kind}")
    raw = place.blob(path, *pointer(document["config"]))
    config = ImageConfig.from_json(raw)
    pointers = [pointer(one) for one in listed(document, "layers")]
    if len(pointers) != len(config.diff_ids):
        raise fault("archive-layers", expected=len(config.diff_ids), found=len(pointers))
    layers, told, room = [], [], limits.size
    for (name, size), diff_id in zip(pointers, config.diff_ids, strict=True):
        layer = known(diff_id)
        told.append((name, layer is not None))
        if layer is None:
            data = plain(place.blob(path, name, size), Limits(size=room))
            room -= len(data)
            real = name if len(data) == size else "sha256:" + hashlib.sha256(data).hexdigest()
            if real != diff_id:
                raise fault("blob-verify", digest=name)
            layer = Layer.from_tar(data, limits, diff_id)
        layers.append(layer)
    return Fetched(Image(config, tuple(layers)), digest, tuple(told))


def read_manifest(place: Place, path: str, wanted: str) -> tuple[dict[str, Any], str, str]:
    """Un manifiesto leído, su digest y su tipo. Faltas `manifest-verify` y `manifest-bad`."""
    body, kind = place.manifest(path, wanted)
    digest = "sha256:" + hashlib.sha256(body).hexdigest()
    if ":" in wanted and wanted != digest:
        raise fault("manifest-verify", digest=wanted)
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise fault("manifest-bad", reason=str(error)) from None
    if not isinstance(document, dict):
        raise fault("manifest-bad", reason="no es un objeto")
    kind = document.get("mediaType") or kind.partition(";")[0].strip()
    if not isinstance(kind, str) or kind not in ACCEPTED and not kind.startswith(SCHEMA1):
        kind = INDEX if "manifests" in document else MANIFEST
    return document, digest, kind


def choose(document: Mapping[str, Any], platform: str) -> Mapping[str, Any]:
    """El manifiesto de un índice para esa plataforma. Falta `platform-missing`."""
    wanted = full_platform(platform)
    for found in listed(document, "manifests"):
        about = found.get("platform")
        about = about if isinstance(about, dict) else {}
        mine = "/".join(str(about[key]) for key in ("os", "architecture", "variant") if about.get(key))
        if f"{mine}/".startswith(f"{wanted}/") or mine == wanted.removesuffix("/v8"):
            pointer(found)
            return found
    raise fault("platform-missing", platform=wanted)


def pointer(found: Any) -> tuple[str, int]:
    """(digest, bytes) de un descriptor. Falta `manifest-bad`."""
    digest, size = (found.get("digest"), found.get("size")) if isinstance(found, dict) else (None, None)
    if not isinstance(digest, str) or not digest.startswith("sha256:") or not isinstance(size, int) or size < 0:
        raise fault("manifest-bad", reason="un descriptor sin digest o sin tamaño")
    return digest, size


def listed(document: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """La lista de descriptores de un manifiesto. Falta `manifest-bad`."""
    found = document.get(key)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise fault("manifest-bad", reason=f"«{key}» no es una lista")
    return found


def checked(pieces: Iterable[bytes], digest: str, size: int) -> bytes:
    """Los bytes, si son los que dicen ser. Faltas `blob-verify` (otros bytes) y `blob-short` (se acaban antes)."""
    found, real = bytearray(), hashlib.sha256()
    for piece in pieces:
        found += piece
        real.update(piece)
        if len(found) > size:
            raise fault("blob-verify", digest=digest)
    if f"sha256:{real.hexdigest()}" != digest:
        raise fault("blob-verify", digest=digest)
    return bytes(found)


# ── llevar ───────────────────────────────────────────────────────────────────

def send(place: Place, path: str, tag: str, image: Image,
         origins: Mapping[str, str] = {}) -> tuple[tuple[tuple[str, str], ...], str, int]:
    """Sube `image` a `path`:`tag`. `origins`: digest de una capa → otro repositorio del registro que la tiene.

    Devuelve (digest, qué pasó) de cada capa, el digest del manifiesto y su tamaño. El manifiesto va
    lo último: si algo falla, en el registro no aparece nada.
    """
    told: list[tuple[str, str]] = []
    try:
        for layer in image.layers:
            told.append((layer.diff_id, send_layer(place, path, layer, origins.get(layer.diff_id, ""))))
        config = image.config.to_json()
        about = descriptor(CONFIG, config)
        if not place.has(path, about["digest"]):
            place.put(path, about["digest"], about["size"], lambda: iter((config,)))
        body = manifest(image)
        place.put_manifest(path, tag, MANIFEST, body)
    except DockerlabError as error:
        error.data.setdefault("layers", [layer.diff_id for layer in image.layers])
        raise
    return tuple(told), "sha256:" + hashlib.sha256(body).hexdigest(), len(body)


def send_layer(place: Place, path: str, layer: Layer, origin: str) -> str:
    """Sube una capa si hace falta; dice qué pasó, con las palabras de `docker push`."""
    about = layer_descriptor(layer)
    if place.has(path, about["digest"]):
        return HERE
    if origin and origin != path and place.mount(path, about["digest"], origin):
        return f"Mounted from {origin}"
    place.put(path, about["digest"], about["size"], layer.chunks)
    return SENT
