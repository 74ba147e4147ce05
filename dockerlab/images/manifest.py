"""Manifiestos e índices: el papel que dice de qué piezas se compone una imagen.

Formato: OCI image-spec, *Image Manifest* e *Image Index*. Cada pieza se nombra
con un descriptor: tipo, digest y tamaño. El digest del manifiesto es lo que
enseña `docker push` y lo que se escribe tras `@`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dockerlab.filesystem import Layer

from .config import go_json
from .digest import Digest
from .image import Image

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"


def descriptor(media_type: str, data: bytes) -> dict[str, Any]:
    """El descriptor de unos bytes."""
    return {"mediaType": media_type, "digest": str(Digest.of(data)), "size": len(data)}


def layer_descriptor(layer: Layer) -> dict[str, Any]:
    """El descriptor de una capa, sin comprimir: así su digest es su `diff_id`."""
    return {"mediaType": LAYER, "digest": layer.diff_id, "size": layer.tar_size}


def manifest(image: Image) -> bytes:
    """El manifiesto de una imagen."""
    return go_json({"schemaVersion": 2, "mediaType": MANIFEST,
                    "config": descriptor(CONFIG, image.config.to_json()),
                    "layers": [layer_descriptor(layer) for layer in image.layers]})


def manifest_digest(image: Image) -> str:
    """El digest del manifiesto: el nombre de la imagen en un registro."""
    return str(Digest.of(manifest(image)))


def index(images: Iterable[Image]) -> bytes:
    """El índice de una imagen que existe para varias plataformas."""
    entries = []
    for image in images:
        platform = {"architecture": image.config.architecture, "os": image.config.os}
        if image.config.variant:
            platform["variant"] = image.config.variant
        entries.append({**descriptor(MANIFEST, manifest(image)), "platform": platform})
    return go_json({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries})
