"""Sacar imágenes a un archivo: `docker save` y `docker export`.

`save` escribe lo mismo que Docker 25 y posteriores: un tar que es a la vez un
*OCI image layout* (`oci-layout`, `index.json`, `blobs/`) y un archivo de Docker
(`manifest.json`, `repositories`). Los archivos de tamaño declarado salen
pequeños: fuera del simulador son lo que son.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from dockerlab.clock import SECOND
from dockerlab.filesystem import Directory, File, Layer, Overlay
from dockerlab.filesystem.layer import settled
from dockerlab.filesystem.tar import END, header, padding

from .config import go_json
from .digest import Digest, digits
from .image import Image
from .manifest import INDEX, MANIFEST, descriptor, layer_descriptor, manifest
from .reference import Reference

_BLOBS = "blobs/sha256/"


def save(images: Iterable[tuple[Image, Sequence[Reference | str]]], out: IO[bytes]) -> None:
    """Escribe en `out` las imágenes con las etiquetas que se dan (ninguna: se guarda solo por id)."""
    for piece in _tar(dict(_files(list(images)))):
        out.write(piece)


def _files(images: list[tuple[Image, Sequence[Reference | str]]]) -> Iterator[tuple[str, tuple[Any, int]]]:
    """(nombre, (bytes o capa, hora)) de cada archivo del tar."""
    descriptors: list[dict[str, Any]] = []
    entries: list[dict[str, Any]] = []
    repositories: dict[str, dict[str, str]] = {}
    for image, names in images:
        created = image.config.created or 0
        references = [(Reference.parse(name) if isinstance(name, str) else name).tagged for name in names]
        config, document = image.config.to_json(), manifest(image)
        yield _BLOBS + Digest.of(config).hex, (config, created)
        yield _BLOBS + Digest.of(document).hex, (document, 0)
        for layer in image.layers:
            yield _BLOBS + digits(layer.diff_id), (layer, created)
        one = descriptor(MANIFEST, document)
        descriptors += [{**one, "annotations": {"io.containerd.image.name": str(ref),
                                                "org.opencontainers.image.ref.name": ref.tag}}
                        for ref in references] or [one]
        entries.append({
            "Config": _BLOBS + digits(image.id),
            "RepoTags": [ref.familiar for ref in references] or None,
            "Layers": [_BLOBS + digits(layer.diff_id) for layer in image.layers],
            "LayerSources": {layer.diff_id: layer_descriptor(layer)
                             for layer in sorted(image.layers, key=lambda one: one.diff_id)}})
        for ref in references if image.layers else ():
            repositories.setdefault(ref.familiar_name, {})[ref.tag] = digits(image.layers[-1].diff_id)
    yield "index.json", (go_json({"schemaVersion": 2, "mediaType": INDEX, "manifests": descriptors}), 0)
    yield "manifest.json", (go_json(entries) + b"\n", 0)
    yield "oci-layout", (b'{"imageLayoutVersion": "1.0.0"}', 0)
    if repositories:
        ordered = {name: dict(sorted(tags.items())) for name, tags in sorted(repositories.items())}
        yield "repositories", (go_json(ordered) + b"\n", 0)


def _tar(files: dict[str, tuple[bytes | Layer, int]]) -> Iterator[bytes]:
    files = {name: (content, stamp - stamp % SECOND) for name, (content, stamp) in files.items()}
    newest = max(stamp for _, stamp in files.values())
    for folder in ("blobs/", _BLOBS):
        yield header(folder, "5", mode=0o755, mtime=newest)
    for name in sorted(files):
        content, stamp = files[name]
        size = content.tar_size if isinstance(content, Layer) else len(content)
        yield header(name, mtime=stamp, size=size)
        if isinstance(content, Layer):
            yield from content.chunks()
        else:
            yield content
        yield padding(size)
    yield END


def flatten(overlay: Overlay) -> Layer:
    """Todo lo que se ve en `overlay`, como una sola capa."""
    entries, pending = {}, [""]
    while pending:
        path = pending.pop()
        node = overlay.lookup(path)
        if path:
            entries[path] = node.replace(inode=0) if isinstance(node, File) and node.inode else node
        if isinstance(node, Directory):
            pending += [f"{path}/{name}" if path else name for name in overlay.children(path)]
    for path, node in entries.items():
        if isinstance(node, File):
            same = overlay.links(path)
            if len(same) > 1:
                entries[path] = node.replace(inode=int(Digest.of(min(same).encode()).hex[:12], 16))
    return Layer({path: settled(node) for path, node in entries.items()})


def export(overlay: Overlay, out: IO[bytes]) -> None:
    """`docker export`: el sistema de archivos de un contenedor en un tar, sin capas ni configuración."""
    flatten(overlay).write_tar(out)
