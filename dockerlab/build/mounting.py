"""`RUN --mount`: lo que el paso ve mientras se ejecuta y no se queda en la imagen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from dockerlab.clock import EPOCH
from dockerlab.dockerfile.mounts import Mount as Request
from dockerlab.errors import fault
from dockerlab.filesystem import Directory, FileSystem, Layer, Mount, Overlay, Tree
from dockerlab.filesystem.paths import join, normalise

from .cache import Cache, Pairs
from .context import Context
from .copy import Below, Item, fingerprints, follow, walk
from .operations import Run, absolute
from .run import single_file

SECRETS = "/run/secrets/"


@dataclass(slots=True)
class Mounted:
    """Los montajes de un RUN, listos. `caches`: los árboles que hay que guardar al acabar; `environment`: secretos."""

    mounts: dict[str, Mount] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    caches: dict[str, Overlay] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Materials:
    """De dónde salen: el contexto, las capas de las demás etapas, la caché y los secretos."""

    context: Context
    layers: Callable[[int], Sequence[Layer]]
    cache: Cache
    secrets: Mapping[str, bytes]
    now: Callable[[], int]

    def tree(self, source: int | None) -> Tree:
        """El árbol de la etapa `source`, o el contexto."""
        return self.context if source is None else Overlay(self.layers(source))


def settings(run: Run) -> Pairs:
    """Lo que los montajes ponen en la clave de caché: cómo son, nunca el valor de un secreto ni lo guardado."""
    return tuple((f"mount {mount.target or mount.id}", " ".join(filter(None, (
        mount.type, mount.source, mount.id, mount.sharing, "ro" if mount.read_only else "rw", mount.env or "",
        f"{mount.uid}:{mount.gid}:{mount.mode}" if (mount.uid, mount.gid, mount.mode) != (None,) * 3 else ""))))
        for mount in run.mounts)


def contents(run: Run, sources: Sequence[int | None], materials: Materials) -> Pairs:
    """La huella de lo que se monta del contexto o de otra etapa."""
    rows: list[tuple[str, str]] = []
    for request, source in zip(run.mounts, sources, strict=True):
        if request.type == "bind":
            tree = materials.tree(source)
            node, real = follow(FileSystem(tree), normalise(request.source))
            below = Below(walk(tree, real) if isinstance(node, Directory) else ())
            rows += ((f"{request.target}/{name}", mark) for name, mark in fingerprints([Item("", node, real, below)]))
    return tuple(rows)


def travelling(run: Run, sources: Sequence[int | None], context: Context) -> list[str] | None:
    """Lo que tiene que viajar del contexto para esos montajes; None si ninguno es del contexto."""
    paths: list[str] | None = None
    for request, source in zip(run.mounts, sources, strict=True):
        if request.type == "bind" and source is None:
            node, real = follow(FileSystem(context), normalise(request.source))
            below = [join(real, name) for name, _ in walk(context, real)] if isinstance(node, Directory) else [real]
            paths = [*(paths or ()), *below]
    return paths


def mount_all(run: Run, sources: Sequence[int | None], materials: Materials) -> Mounted:
    """Prepara los montajes. Faltas `copy-not-found`, `secret-missing`, `ssh-missing`."""
    mounted = Mounted()
    for request, source in zip(run.mounts, sources, strict=True):
        KINDS[request.type](mounted, run, request, source, materials)
    return mounted


def _bind(mounted: Mounted, run: Run, request: Request, source: int | None, materials: Materials) -> None:
    tree = materials.tree(source)
    _, real = follow(FileSystem(tree), normalise(request.source))
    if not request.read_only and isinstance(tree, Context):
        tree, real = Overlay((), tree.subtree(real)), ""  # lo que se escriba se pierde al acabar
    mounted.mounts[_target(run, request.target)] = Mount(tree, bool(request.read_only), real)


def _cache(mounted: Mounted, run: Run, request: Request, source: int | None, materials: Materials) -> None:
    target = _target(run, request.target)
    owned = "" if (request.uid, request.gid, request.mode) == (None,) * 3 else (
        f" {request.uid or 0}:{request.gid or 0} {0o755 if request.mode is None else request.mode:o}")
    name = f"{request.id or target}{owned}"
    tree = mounted.caches.get(name) or materials.cache.mount(name, materials.now())
    if "" not in tree.upper:
        if source is not None:
            below = Overlay(materials.layers(source))
            _, real = follow(FileSystem(below), normalise(request.source))
            for path, node in walk(below, real):
                tree.put(path, node)
        mode = 0o755 if request.mode is None else request.mode
        tree.put("", Directory(mode, request.uid or 0, request.gid or 0, EPOCH))
    mounted.caches[name] = tree
    mounted.mounts[target] = Mount(tree, bool(request.read_only))


def _tmpfs(mounted: Mounted, run: Run, request: Request, source: int | None, materials: Materials) -> None:
    mounted.mounts[_target(run, request.target)] = Mount(Overlay((), {}))


def _secret(mounted: Mounted, run: Run, request: Request, source: int | None, materials: Materials) -> None:
    identity = request.id or request.source or request.env or request.target.rpartition("/")[2]
    value = materials.secrets.get(identity)
    if value is None:
        if request.required:
            raise fault("secret-missing", id=identity)
        return
    if request.env:
        mounted.environment[request.env] = value.decode("utf-8", "replace")
        if not request.target:
            return
    target = _target(run, request.target or SECRETS + identity.rpartition("/")[2])
    mounted.mounts[target] = Mount(single_file(value, 0o400 if request.mode is None else request.mode,
                                               request.uid or 0, request.gid or 0), True)


def _ssh(mounted: Mounted, run: Run, request: Request, source: int | None, materials: Materials) -> None:
    if request.required:
        raise fault("ssh-missing", id=request.id or "default")


KINDS = {"bind": _bind, "cache": _cache, "tmpfs": _tmpfs, "secret": _secret, "ssh": _ssh}


def _target(run: Run, path: str) -> str:
    return absolute(run.directory, path).rstrip("/") or "/"
