"""Traer imágenes de un archivo: `docker load` y `docker import`.

Se admiten el archivo de Docker (`manifest.json`) y el *OCI image layout*, que es
lo que escriben Docker, skopeo y buildah. Todo se comprueba antes de aceptar
nada: o entra entero y con sus digests, o se rechaza con una razón (`ArchiveError`).
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import IO, Any, NamedTuple

from dockerlab.clock import EPOCH
from dockerlab.errors import DockerlabError, fault
from dockerlab.filesystem import Layer, Limits
from dockerlab.filesystem.compression import Buffer, plain
from dockerlab.filesystem.layer import safe_name
from dockerlab.filesystem.tar import members

from .config import HistoryEntry, ImageConfig
from .image import Image
from .reference import Reference

_INDEXES = ("application/vnd.oci.image.index.v1+json",
            "application/vnd.docker.distribution.manifest.list.v2+json")
_HOPS = 8  # enlaces seguidos dentro del archivo, e índices dentro de índices


class Loaded(NamedTuple):
    """Una imagen leída y las etiquetas que traía."""

    image: Image
    references: tuple[Reference, ...]


def load(source: bytes | IO[bytes], limits: Limits = Limits()) -> list[Loaded]:
    """Las imágenes de un archivo. `ArchiveError` si está mal formado, cortado o es hostil."""
    data = plain(source if isinstance(source, bytes) else source.read(), limits)
    names = {member.name.removeprefix("./") for member in members(memoryview(data), limits)}
    if not names & {"manifest.json", "index.json"}:
        raise fault("archive-not-image", place=_sought(data, names))
    archive = _Archive(data, limits)
    return _from_docker(archive) if "manifest.json" in names else _from_layout(archive)


def _sought(data: Buffer, names: set[str]) -> str:
    """Lo que Docker echa en falta en un tar que no es de imágenes: prueba si es uno de los muy antiguos."""
    folders = sorted(name.partition("/")[0] for name in names if "/" in name.strip("/") or name.endswith("/"))
    number = int(hashlib.sha256(data).hexdigest(), 16) % 10**10
    return f"/var/lib/docker/tmp/docker-import-{number:010}/{folders[0]}/json" if folders else "manifest.json"


def import_image(source: bytes | IO[bytes], *, message: str = "Imported from -", created: int = EPOCH,
                 limits: Limits = Limits(), **config: Any) -> Image:
    """`docker import`: un tar cualquiera hecho imagen de una sola capa, con `config` de `ImageConfig`."""
    layer = Layer.from_tar(source, limits)
    history = (HistoryEntry(created, "", message),)
    return Image(ImageConfig(created=created, history=history, diff_ids=(layer.diff_id,), **config), (layer,))


class _Archive:
    """El tar de fuera: sus archivos por nombre, y las capas ya leídas (una vez cada una)."""

    def __init__(self, data: Buffer, limits: Limits):
        self.data = memoryview(data)
        self.limits = limits
        self.files: dict[str, tuple[int, int]] = {}
        self.links: dict[str, str] = {}
        self.layers: dict[tuple[int, int], Layer] = {}
        for member in members(self.data, limits):
            name = safe_name(member.name)
            if member.kind == "0":
                self.files[name] = (member.start, member.end)
            elif member.kind == "1":
                target = safe_name(member.link)
                if target not in self.files:
                    raise fault("archive-link", name=name, target=target)
                self.files[name] = self.files[target]
            elif member.kind == "2":
                self.links[name] = _inside(name, member.link)
            elif member.kind != "5":
                raise fault("archive-device", name=member.name)

    def place(self, name: str) -> tuple[int, int]:
        """Dónde están los bytes de `name`, siguiendo enlaces (los antiguos `docker save` los usan)."""
        path = safe_name(name)
        for _ in range(_HOPS):
            if path in self.files:
                return self.files[path]
            if path not in self.links:
                break
            path = self.links[path]
        raise fault("archive-missing", name=name)

    def read(self, name: str) -> bytes:
        start, end = self.place(name)
        return bytes(self.data[start:end])

    def json(self, name: str) -> Any:
        return _parse(self.read(name), name)

    def blob(self, found: Any) -> tuple[int, int]:
        """Los bytes que señala un descriptor, con digest y tamaño comprobados."""
        digest = _get(found, "digest", str, "descriptor")
        algorithm, _, digits = digest.partition(":")
        if algorithm not in ("sha256", "sha512"):
            raise fault("archive-digest", name=digest, found="?")
        start, end = self.place(f"blobs/{algorithm}/{digits}")
        real = hashlib.new(algorithm, self.data[start:end]).hexdigest()
        if real != digits:
            raise fault("archive-digest", name=digest, found=f"{algorithm}:{real}")
        if found.get("size", end - start) != end - start:
            raise fault("archive-size", name=digest, expected=found["size"], found=end - start)
        return start, end

    def layer(self, place: tuple[int, int], expected: str) -> Layer:
        """La capa que ocupa `place`, si su `diff_id` es el esperado."""
        layer = self.layers.get(place)
        if layer is None:
            data = plain(self.data[place[0]:place[1]], self.limits)
            layer = Layer.from_tar(data, self.limits, f"sha256:{hashlib.sha256(data).hexdigest()}")
            self.limits = dataclasses.replace(self.limits, size=self.limits.size - len(data),
                                              entries=self.limits.entries - len(layer.entries))
            self.layers[place] = layer
        if layer.diff_id != expected:
            raise fault("archive-digest", name=expected, found=layer.diff_id)
        return layer

    def image(self, raw: bytes, places: list[tuple[int, int]]) -> Image:
        """La imagen de esa configuración y esas capas."""
        config = ImageConfig.from_json(raw)
        if len(config.diff_ids) != len(places):
            raise fault("archive-layers", expected=len(config.diff_ids), found=len(places))
        return Image(config, tuple(self.layer(place, diff_id)
                                   for place, diff_id in zip(places, config.diff_ids, strict=True)))


def _from_docker(archive: _Archive) -> list[Loaded]:
    entries = archive.json("manifest.json")
    if not isinstance(entries, list):
        raise fault("archive-json", name="manifest.json", reason="no es una lista")
    loaded = []
    for entry in entries:
        name = _get(entry, "Config", str, "manifest.json")
        raw = archive.read(name)
        digits = name.removeprefix("blobs/sha256/").removesuffix(".json")
        real = hashlib.sha256(raw).hexdigest()
        if len(digits) == 64 and digits != real:
            raise fault("archive-digest", name=digits, found=real)
        layers = _get(entry, "Layers", list, "manifest.json", [])
        tags = _get(entry, "RepoTags", list, "manifest.json", [])
        if not all(isinstance(text, str) for text in (*layers, *tags)):
            raise fault("archive-json", name="manifest.json", reason="hay un nombre que no es texto")
        loaded.append(Loaded(archive.image(raw, [archive.place(path) for path in layers]),
                             tuple(_reference(tag) for tag in tags)))
    return loaded


def _from_layout(archive: _Archive) -> list[Loaded]:
    images: dict[str, tuple[Image, list[Reference]]] = {}
    pending = [(one, 0) for one in _list(archive.json("index.json"), "manifests", "index.json")]
    while pending:
        found, depth = pending.pop(0)
        start, end = archive.blob(found)
        document = _parse(bytes(archive.data[start:end]), found["digest"])
        if found.get("mediaType") in _INDEXES or isinstance(document, dict) and "manifests" in document:
            if depth > _HOPS:
                raise fault("archive-json", name=found["digest"], reason="índices anidados sin fin")
            pending += [(one, depth + 1) for one in _list(document, "manifests", found["digest"])]
            continue
        if _is_attestation(found):
            continue
        config = _get(document, "config", dict, found["digest"])
        start, end = archive.blob(config)
        places = [archive.blob(one) for one in _list(document, "layers", found["digest"])]
        image = archive.image(bytes(archive.data[start:end]), places)
        images.setdefault(image.id, (image, []))[1].extend(_annotated(found))
    if not images:
        raise fault("archive-not-image")
    return [Loaded(image, tuple(dict.fromkeys(names))) for image, names in images.values()]


def _is_attestation(found: dict[str, Any]) -> bool:
    platform = found.get("platform")
    return isinstance(platform, dict) and platform.get("os") == "unknown"


def _annotated(found: dict[str, Any]) -> list[Reference]:
    """El nombre que lleva anotado un manifiesto: el completo de Docker, o el que puso skopeo."""
    notes = found.get("annotations")
    if not isinstance(notes, dict):
        return []
    name = notes.get("io.containerd.image.name") or notes.get("org.opencontainers.image.ref.name")
    if not isinstance(name, str) or not set("/:") & set(name):
        return []  # solo una etiqueta («latest»): no dice de qué repositorio
    return [_reference(name)]


def _reference(text: str) -> Reference:
    try:
        return Reference.parse(text).tagged
    except DockerlabError as error:
        raise fault("archive-json", name=text, reason=str(error)) from None


def _inside(name: str, target: str) -> str:
    """La ruta a la que lleva un enlace simbólico del archivo; nunca fuera de él."""
    if target.startswith("/"):
        raise fault("archive-absolute", name=f"{name} -> {target}")
    parts = name.split("/")[:-1]
    for part in target.split("/"):
        if part == "..":
            if not parts:
                raise fault("archive-escape", name=f"{name} -> {target}")
            parts.pop()
        elif part and part != ".":
            parts.append(part)
    return "/".join(parts)


def _parse(raw: bytes, name: str) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise fault("archive-json", name=name, reason=str(error)) from None


def _get(data: Any, key: str, kind: type, name: str, default: Any = None) -> Any:
    value = data.get(key) if isinstance(data, dict) else None
    if value is None and default is not None:
        return default
    if not isinstance(value, kind):
        raise fault("archive-json", name=name, reason=f"falta «{key}» o no es {kind.__name__}")
    return value


def _list(data: Any, key: str, name: str) -> list[dict[str, Any]]:
    values = _get(data, key, list, name)
    if not all(isinstance(value, dict) for value in values):
        raise fault("archive-json", name=name, reason=f"«{key}» tiene algo que no es un objeto")
    return values
