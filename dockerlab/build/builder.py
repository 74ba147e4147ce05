"""El constructor de un motor: le presta sus imágenes, su núcleo y su caché, y guarda lo construido."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dockerlab.dockerfile.lint import Linter
from dockerlab.dockerfile.platforms import Platform
from dockerlab.errors import DockerlabError, fault
from dockerlab.filesystem import Layer
from dockerlab.images import Image, Reference

from .cache import Cache, Record
from .context import Context
from .options import Base, Options, Ports
from .steps import build_steps

if TYPE_CHECKING:
    from dockerlab.engine import Engine

REASONS = {
    "pull-denied": "pull access denied, repository does not exist or may require authorization: server message: "
                   "insufficient_scope: authorization failed",
    "manifest-unknown": "{reference}: not found",
    "registry-unreachable": 'failed to do request: Head "https://{domain}/v2/{path}/manifests/{tag}": dial tcp: '
                            "lookup {domain}: no such host",
    "registry-refused": 'failed to do request: Head "https://{domain}/v2/{path}/manifests/{tag}": dial tcp '
                        "127.0.0.1:{port}: connect: connection refused",
}
"""Lo que dice BuildKit cuando el registro no da una imagen base."""


class Builder:
    """`docker build`, `docker buildx du` y `docker builder prune` sobre un motor."""

    def __init__(self, engine: Engine):
        self.engine, self.cache = engine, Cache()

    # ── construir ────────────────────────────────────────────────────────────

    def build(self, path: str = ".", *, tags: Sequence[str] = (), dockerfile: str | None = None,
              build_args: Mapping[str, str] | None = None, target: str = "", no_cache: bool = False,
              labels: Mapping[str, str] | None = None, no_cache_filter: Sequence[str] = (), pull: bool = False,
              secrets: Mapping[str, bytes] | None = None, platform: str = "", stdin: bytes | None = None,
              folder: str = "", lint: Linter | None = None) -> Iterator[Any]:
        """Construye `path` (una carpeta, o «-» si llega por `stdin`) dando los sucesos; el último, `BuildFinished`.

        `dockerfile`: su ruta, o «-»; `folder`: desde dónde se cuentan las rutas (por
        defecto, la carpeta presente); `lint` recibe los avisos. Si falla, no queda
        nada más que los pasos acabados, en la caché.
        """
        for tag in tags:
            check_tag(tag)
        options = Options(tuple(tags), target, build_args or {}, labels or {}, no_cache, tuple(no_cache_filter), pull,
                          secrets or {}, Platform.parse(platform) if platform else Platform())
        context = open_context(path, dockerfile, stdin, folder)
        image = yield from build_steps(self.ports, context, options, lint)
        self.keep(image, options.tags)

    def keep(self, image: Image, tags: Sequence[str]) -> None:
        """Guarda la imagen, le pone sus nombres y lo cuenta."""
        engine = self.engine
        engine.images.add(image, stamp=engine.clock.now if image.id not in engine.images.images else None)
        for tag in tags:
            reference = Reference.parse(tag).tagged
            engine.images.tag(reference, image.id)
            engine.emit("image", "tag", image.id, name=reference.familiar)
        engine.emit("image", "create", image.id, name=image.id)

    @property
    def ports(self) -> Ports:
        """Lo que este motor presta a una construcción."""
        return Ports(self.resolve, self.engine.kernel, self.cache, str(self.engine.host.root))

    def resolve(self, reference: Reference, platform: str, pull: bool) -> Base:
        """La imagen base: la de este equipo o, si no está o se pide (`pull`), la del registro.

        Docker real: lo descargado para construir se queda en la caché y no sale en `docker images`.
        """
        found = None if pull else self.engine.images.find(str(reference))
        if found is not None:
            return Base(found.image)
        try:
            image, digest = self.engine.hub.find(reference)
        except DockerlabError as error:
            known = {"reference": reference, "domain": reference.domain, "path": reference.path, "tag": reference.tag,
                     "port": reference.domain.rpartition(":")[2]}
            reason = REASONS[error.key].format(**known) if error.key in REASONS else error.text
            raise fault("base-reason", reason=reason) from None
        return Base(image, digest, fetched=image.id not in self.cache.records)

    # ── la caché ─────────────────────────────────────────────────────────────

    def shared(self) -> set[str]:
        """Las pilas de capas que usa alguna imagen."""
        return {chain for stored in self.engine.images.images.values() for chain in stored.image.chain_ids}

    def usage(self) -> list[dict[str, Any]]:
        """Lo guardado en la caché, como en la API (*BuildCache*)."""
        shared = self.shared()
        return [{"ID": record.id, "Parents": list(record.parents), "Type": record.kind,
                 "Description": record.description, "InUse": False, "Shared": record.chain in shared,
                 "Size": record.size, "CreatedAt": record.created, "LastUsedAt": record.used,
                 "UsageCount": record.uses} for record in self.cache.records.values()]

    def prune(self, everything: bool = False,
              wanted: Callable[[Record], bool] = lambda record: True) -> tuple[Record, ...]:
        """`docker builder prune` (`everything`: `--all`; `wanted`: `--filter`): lo que se ha quitado."""
        return self.cache.prune(self.shared(), everything, wanted)

    def holds(self, chain: str) -> bool:
        """¿Guarda la caché esta pila de capas?"""
        return self.cache.holds(chain)

    def to_data(self, keep: Callable[[Layer], object]) -> dict[str, Any]:
        """La caché en JSON; `keep` guarda cada capa aparte."""
        return self.cache.to_data(keep)

    def load_cache(self, data: dict[str, Any], load: Callable[[str], Layer]) -> None:
        """Vuelve a poner la caché guardada con `to_data`."""
        self.cache = Cache.from_data(data, load)


def check_tag(tag: str) -> None:
    """Falta `invalid-tag` si no vale como nombre de imagen."""
    try:
        Reference.parse(tag)
    except DockerlabError as error:
        lower = "must be lowercase" in error.text
        raise fault("invalid-tag", tag=tag,
                    reason="repository name must be lowercase" if lower else error.text) from None


def open_context(path: str, dockerfile: str | None, stdin: bytes | None, folder: str) -> Context:
    """El contexto que piden los argumentos. Faltas: las de `Context`, `stdin-twice` y `dockerfile-no-folder`."""
    if path == "-":
        if dockerfile == "-":
            raise fault("stdin-twice")
        return Context.from_stdin(stdin or b"", dockerfile or "Dockerfile")
    if dockerfile == "-":
        return Context.from_folder(path, stdin or b"", folder)
    if not dockerfile:
        return Context.from_folder(path, None, folder)
    context = Context.from_folder(path, str(Path(folder, dockerfile)), folder)
    for place in reversed(Path(dockerfile).parents):
        if not Path(folder, place).exists():
            raise fault("dockerfile-no-folder", folder=place)
    return context
