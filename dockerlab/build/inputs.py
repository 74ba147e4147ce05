"""Lo que un paso toma de fuera: del contexto, de otra etapa o de la caché de montajes.

Se mira antes de dar ningún paso. Así se sabe qué tiene que viajar al constructor, y
si falta un archivo se descubre sin haber ejecutado nada.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from dockerlab.errors import DockerlabError, fault
from dockerlab.filesystem import Layer, Overlay

from . import mounting
from .cache import Pairs
from .context import Context
from .copy import Item, choose, fingerprints
from .operations import Copy, Run, is_git, is_url
from .options import Options, Ports
from .work import Work


@dataclass(frozen=True, slots=True)
class Survey:
    """Lo que la construcción pide al contexto.

    `paths`: lo que viaja; `used`: si se usa; `missing`: el primer paso al que le
    falta algo, y su error.
    """

    paths: list[str]
    used: bool
    missing: tuple[Work, DockerlabError] | None = None


class Inputs:
    """De dónde toma cada paso lo que copia o monta. `layers(etapa)`: las capas de una etapa ya construida."""

    def __init__(self, ports: Ports, context: Context, options: Options, layers: Callable[[int], Sequence[Layer]]):
        self.context, self.layers = context, layers
        self.chosen: dict[tuple[int, int], tuple[Item, ...]] = {}  # (etapa, puesto) → lo que copia ese paso
        self.materials = mounting.Materials(context, layers, ports.cache, options.secrets, lambda: ports.now)

    def survey(self, everything: Iterable[Work]) -> Survey:
        """Mira ya lo que cada paso toma del contexto."""
        paths: list[str] = []
        used, missing = False, None
        for work in everything:
            try:
                found = self.from_context(work)
            except DockerlabError as error:
                found, missing = self.present(work), missing or (work, error)
            used = used or found is not None
            paths += found or ()
        return Survey(paths, used and not self.context.remote, missing)

    def from_context(self, work: Work) -> list[str] | None:
        """Las rutas que un paso toma del contexto; None si no lo usa. Faltas `copy-not-found`, `add-remote`."""
        operation = work.operation
        if isinstance(operation, Run):
            return mounting.travelling(operation, work.sources, self.context)
        if not isinstance(operation, Copy) or operation.stage:
            return None
        for source in operation.sources:
            if operation.add and (is_url(source) or is_git(source)):
                raise fault("add-remote", url=source, host=source.partition("://")[2].partition("/")[0] or source)
        items = self.chosen[work.place] = choose(self.context, operation)
        return [path for item in items for path in item.paths()] if operation.sources else None

    def present(self, work: Work) -> list[str]:
        """Lo que sí está de un COPY al que le falta algo: también viaja."""
        found: list[str] = []
        for source in work.operation.sources if isinstance(work.operation, Copy) else ():
            with suppress(DockerlabError):
                found += [path for item in choose(self.context, replace(work.operation, sources=(source,)))
                          for path in item.paths()]
        return found

    def items(self, work: Work) -> tuple[Item, ...]:
        """Lo que copia un COPY o un ADD, del contexto o de otra etapa."""
        if work.place not in self.chosen:
            self.chosen[work.place] = choose(Overlay(self.layers(work.sources[0])), work.operation)
        return self.chosen[work.place]

    def fingerprint(self, work: Work) -> Pairs:
        """La huella de todo lo que el paso copia o monta: parte de su clave de caché."""
        if isinstance(work.operation, Copy):
            return fingerprints(self.items(work))
        if isinstance(work.operation, Run):
            return mounting.contents(work.operation, work.sources, self.materials)
        return ()
