"""El catálogo: las imágenes oficiales en miniatura, con historia, tamaños y configuración publicados.

Cada archivo `catalogue/*.toml` describe un repositorio (el formato está en
`catalogue/README.md`). De él salen imágenes de verdad: capas con su tar y su
digest, configuración con su sha256. Otra carpeta, con `DOCKERLAB_CATALOGUE`.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from dockerlab.clock import parse_rfc3339
from dockerlab.images.config import PATH, HistoryEntry, ImageConfig
from dockerlab.images.image import Image
from dockerlab.images.reference import DEFAULT_DOMAIN, Reference

from .content import build_layer
from .schema import REPOSITORY, bad, check

NATIVE = "linux/amd64"
FOLDER = Path(__file__).with_name("catalogue")
_FIELDS = {"Env": "env", "Cmd": "cmd", "Entrypoint": "entrypoint", "WorkingDir": "working_dir",
           "User": "user", "ExposedPorts": "exposed_ports", "Volumes": "volumes",
           "StopSignal": "stop_signal", "ArgsEscaped": "args_escaped"}


@dataclass(frozen=True, slots=True)
class Repository:
    """Lo que se sabe de un repositorio. `tags`: etiqueta o alias → etiqueta principal."""

    name: str
    description: str
    source: str
    date: str
    official: bool
    stars: int
    tags: Mapping[str, str]
    data: Mapping[str, Any] = field(repr=False)


class Catalogue:
    """Las imágenes que se pueden descargar. Se leen y se construyen solo cuando se piden."""

    def __init__(self, folder: str | Path | None = None):
        self.folder = Path(folder or os.environ.get("DOCKERLAB_CATALOGUE") or FOLDER)

    def names(self) -> list[str]:
        """Los repositorios, en orden."""
        return sorted(path.stem.replace("__", "/") for path in self.folder.glob("*.toml"))

    def repository(self, name: str) -> Repository | None:
        """Los datos de un repositorio familiar (`nginx`), o None. Error `bad-catalogue`."""
        return _repository(self.folder, name)

    def tags(self, name: str) -> list[str]:
        """Todas sus etiquetas, en orden; [] si no existe."""
        found = self.repository(name)
        return sorted(found.tags) if found else []

    def image(self, reference: str | Reference, platform: str = NATIVE) -> Image | None:
        """La imagen, o None si el catálogo no la tiene (otro dominio, repositorio, etiqueta o plataforma)."""
        found, tag = self._find(reference)
        published = next((one for one in self.platforms(reference) if f"{one}/".startswith(f"{platform}/")), None)
        return _image(self.folder, found.name, tag, published) if published else None

    def family(self, name: str, tag: str) -> tuple[Image, ...]:
        """La misma imagen para cada plataforma publicada, la de este equipo la primera; () si no existe."""
        found = self.repository(name)
        return _family(self.folder, name, found.tags[tag]) if found and tag in found.tags else ()

    def platforms(self, reference: str | Reference) -> tuple[str, ...]:
        """Las plataformas para las que existe: `linux/amd64`, `linux/arm64/v8`...; () si no existe."""
        found, tag = self._find(reference)
        return tuple(found.data["tags"][tag].get("platforms", (NATIVE,))) if tag else ()

    def _find(self, reference: str | Reference) -> tuple[Repository | None, str]:
        reference = Reference.parse(reference) if isinstance(reference, str) else reference
        found = self.repository(reference.familiar_name) if reference.domain == DEFAULT_DOMAIN else None
        return found, found.tags.get(reference.tagged.tag, "") if found else ""

    def search(self, term: str) -> list[Repository]:
        """Los repositorios cuyo nombre o descripción contiene `term`, el de ese nombre el primero."""
        found = [self.repository(name) for name in self.names()]
        term = term.lower()
        return sorted((one for one in found if term in one.name or term in one.description.lower()),
                      key=lambda one: (one.name != term, term not in one.name, one.name))


@cache
def _repository(folder: Path, name: str) -> Repository | None:
    path = folder / f"{name.replace('/', '__')}.toml"
    if not path.is_file():
        return None
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise bad(path.name, "TOML", str(error)) from None
    check(data, REPOSITORY, path.name)
    if data["name"] != name:
        raise bad(f"{path.name}.name", name, data["name"])
    tags: dict[str, str] = {}
    for tag, facts in data["tags"].items():
        for alias in (tag, *facts.get("aliases", ())):
            if alias in tags:
                raise bad(f"{path.name}.tags", "etiquetas distintas", alias)
            tags[alias] = tag
    return Repository(name, data["description"], data["source"], data["date"], data.get("official", True),
                      data.get("stars", 0), tags, data)


@cache
def _image(folder: Path, name: str, tag: str, platform: str) -> Image:
    """Construye la imagen: la de `from`, con los pasos de la etiqueta encima."""
    repository = _repository(folder, name)
    facts, where = repository.data["tags"][tag], f"{name}.toml.tags.{tag}"
    base = _base(folder, facts, where, platform)
    _, architecture, variant = (*platform.split("/"), "")[:3]
    machine = "" if platform == NATIVE else architecture
    layers, history = list(base.layers), list(base.config.history)
    for number, step in enumerate(facts["step"], 1):
        created = parse_rfc3339(step.get("created", facts["created"]))
        history.append(HistoryEntry(created, step["by"], step.get("comment", ""), "size" not in step))
        if "size" in step:
            place = f"{where}.step.{number}"
            parts = [_content(repository, key, place) for key in step.get("use", ())]
            layers.append(build_layer([*parts, step], step["size"], created, place, machine))
    config = _config(base.config, facts.get("config", {})).replace(
        architecture=architecture, variant=variant,
        created=parse_rfc3339(facts["created"]), history=tuple(history),
        diff_ids=tuple(layer.diff_id for layer in layers))
    return Image(config, tuple(layers))


@cache
def _family(folder: Path, name: str, tag: str) -> tuple[Image, ...]:
    platforms = _repository(folder, name).data["tags"][tag].get("platforms", (NATIVE,))
    return tuple(_image(folder, name, tag, one) for one in sorted(platforms, key=lambda one: one != NATIVE))


def _base(folder: Path, facts: Mapping[str, Any], where: str, platform: str) -> Image:
    if "from" not in facts:
        return Image(ImageConfig(env=(f"PATH={PATH}",)))
    base = Catalogue(folder).image(facts["from"], platform)
    if base is None:
        raise bad(f"{where}.from", f"una imagen del catálogo para {platform}", facts["from"])
    return base


def _content(repository: Repository, key: str, where: str) -> Mapping[str, Any]:
    try:
        return repository.data["content"][key]
    except KeyError:
        raise bad(f"{where}.use", "un nombre de [content]", key) from None


def _config(base: ImageConfig, changes: Mapping[str, Any]) -> ImageConfig:
    """La configuración de la base con lo que la etiqueta cambia; Env y Labels se suman por nombre."""
    values = {_FIELDS[key]: tuple(value) if isinstance(value, list) else value
              for key, value in changes.items() if key in _FIELDS}
    if "Env" in changes:
        env = base.environment | dict(entry.split("=", 1) for entry in changes["Env"])
        values["env"] = tuple(f"{name}={value}" for name, value in env.items())
    if "Labels" in changes:
        values["labels"] = tuple(sorted((dict(base.labels) | changes["Labels"]).items()))
    return base.replace(**values)
