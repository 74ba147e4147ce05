"""Lo que el constructor hace antes de dar el primer paso: recibir el Dockerfile, planear y buscar las imágenes base."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from dockerlab.dockerfile.lint import Linter
from dockerlab.errors import DockerlabError, fault
from dockerlab.events import BuildStarted, BuildTask
from dockerlab.filesystem import File, Layer, Node
from dockerlab.images import ImageConfig, Reference
from dockerlab.units import human_size

from . import pace, wire
from .cache import Pairs
from .check import OVERRIDE
from .context import Context
from .graph import PlannedStage
from .options import Base, Options, Ports
from .plan import Plan, plan


class Preamble:
    """Los preparativos.

    `bases`: las imágenes de las que se parte, por su referencia; `failed`: la que no
    se encontró, y por qué; `vertex`: qué se hacía al fallar.
    """

    def __init__(self, ports: Ports, context: Context, options: Options, lint: Linter | None):
        self.ports, self.context, self.options, self.lint = ports, context, options, lint
        self.text = (context.dockerfile or b"").decode("utf-8", "replace")
        self.bases: dict[str, Base] = {}
        self.failed: tuple[str, str] | None = None
        self.vertex = ""
        self.arrived: list[tuple[str, Node]] = []

    def run(self, all_stages: bool = False) -> Iterator[Any]:
        """Recibe, lee y planea; devuelve el plan. `all_stages`: también las etapas que no hacen falta (`--check`)."""
        made = problem = None
        if self.context.dockerfile is not None:
            try:
                made = self.make_plan(all_stages)
            except DockerlabError as error:
                problem = error
        yield from self.definition()
        yield from self.metadata()
        if problem is not None:
            yield BuildStarted(self.ports.now, self.text, ())
            raise problem
        yield from self.ignore_task()
        return made

    def make_plan(self, all_stages: bool) -> Plan:
        """El plan, con las imágenes base ya encontradas."""
        if self.lint is None:
            self.lint = Linter.of(self.text, self.options.build_args.get(OVERRIDE))
        options = self.options
        # Docker real: hasta la 28.5, avisar de que se copia algo ignorado es un experimento que hay que pedir.
        tried = {"CopyIgnoredFile", "all"} & self.lint.options.experimental
        return plan(self.context.dockerfile, self.resolve, build_args=options.build_args, target=options.target,
                    platform=options.platform, lint=self.lint, all_stages=all_stages,
                    ignored=self.context.ignore if tried else None)

    def definition(self) -> Iterator[BuildTask]:
        """Recibe el Dockerfile; cuenta ya lo que el analizador avisa. Falta `dockerfile-missing`."""
        context = self.context
        if context.remote:
            yield from self.task("[internal] load remote build context")
            yield from self.task("copy /context /")
        else:
            content = context.dockerfile
            size = wire.single(context.name, None if content is None else len(content))
            self.note("dockerfile", "dockerfile", len(content or b""))
            yield from self.task(f"[internal] load build definition from {context.name}",
                                 f"transferring dockerfile: {human_size(size)} done",
                                 *(f"WARN: {finding}" for finding in (self.lint.findings if self.lint else ())))
        if context.dockerfile is None:
            raise fault("dockerfile-missing", name=context.name)

    def resolve(self, reference: str, platform: str) -> ImageConfig:
        """La configuración de una imagen base."""
        if reference not in self.bases:
            try:
                found = self.ports.resolve(Reference.parse(reference).tagged, platform, self.options.pull)
            except DockerlabError as error:
                self.failed = (reference, error.text)
                raise
            self.bases[reference] = found
        return self.bases[reference].image.config

    # ── las tareas que se cuentan ────────────────────────────────────────────

    def metadata(self) -> Iterator[BuildTask]:
        """Preguntar por cada imagen base."""
        for reference, base in self.bases.items():
            yield from self.task(f"[internal] load metadata for {Reference.parse(reference).tagged}",
                                 seconds=pace.METADATA if base.fetched else 0)
        if self.failed:
            reference, reason = self.failed
            self.vertex = f"[internal] load metadata for {Reference.parse(reference).tagged}"
            yield from self.task(self.vertex, seconds=pace.METADATA, error=reason)

    def ignore_task(self) -> Iterator[BuildTask]:
        """Recibir el .dockerignore (el propio de un Dockerfile ya viajó con él)."""
        context = self.context
        if not context.remote and context.ignore_name == ".dockerignore":
            size = wire.single(context.ignore_name, context.ignore_size or None)
            self.note("ignore", "context", context.ignore_size)
            yield from self.task("[internal] load .dockerignore", f"transferring context: {human_size(size)} done")

    def receive(self, paths: list[str]) -> int:
        """Recibe esas rutas y dice cuántos bytes cuesta: lo que ya llegó igual de esa carpeta no vuelve a viajar."""
        self.arrived = self.context.travelling(paths)
        before = self.ports.cache.records.get(self.label("context"))
        return wire.cost(self.arrived, dict(before.sent) if before else {})

    def context_task(self, size: int) -> Iterator[BuildTask]:
        """Contar que han llegado los archivos del contexto que hacían falta."""
        files = [(path, node) for path, node in self.arrived if isinstance(node, File)]
        self.note("context", "context", sum(node.size for _, node in files),
                  tuple((path, wire.mark(node)) for path, node in files))
        yield from self.task("[internal] load build context", f"transferring context: {human_size(size)} done",
                             seconds=pace.transfer(size))

    def base_task(self, name: str, stage: PlannedStage) -> Iterator[BuildTask]:
        """Traer una imagen de la que solo se copia."""
        if stage.parent is None:
            base = self.bases[stage.reference]
            yield from self.task(name, seconds=pace.download(base.image.size) if base.fetched else 0,
                                 cached=not base.fetched)

    def base(self, stage: PlannedStage) -> tuple[tuple[Layer, ...], str, str]:
        """De lo que parte una etapa que no sigue a otra: capas, clave y lo guardado en la caché."""
        if stage.from_scratch:
            return (), "scratch", ""
        base = self.bases[stage.reference]
        said = f"pulled from {stage.reference}" if base.digest else "from local"
        record = self.ports.cache.note(base.image.id, "regular", said, base.image.size if base.digest else 0,
                                       self.ports.now, base.image.layers)
        return base.image.layers, base.image.id, record.id

    def fetch(self, stage: PlannedStage) -> bool:
        """Espera a que llegue la imagen de una etapa; dice si hubo que descargarla."""
        base = self.bases.get(stage.reference) if stage.parent is None else None
        if base is None or not base.fetched:
            return False
        self.ports.wait(pace.download(base.image.size))
        return True

    def task(self, name: str, *notes: str, seconds: float = 0.0, cached: bool = False,
             error: str = "") -> Iterator[BuildTask]:
        """Una tarea que ya acabó."""
        self.ports.wait(seconds)
        yield BuildTask(self.ports.now, name, notes, seconds, cached, error)

    def note(self, name: str, source: str, size: int, sent: Pairs = ()) -> None:
        """Anota en la caché lo que llegó del equipo."""
        self.ports.cache.note(self.label(name), "source.local", f"local source for {source}", size, self.ports.now,
                              sent=sent)

    def label(self, name: str) -> str:
        """El nombre con que se guarda lo que llega de esta carpeta: cada una, lo suyo.

        Se cuenta desde la carpeta de trabajo, y así es el mismo en todos los equipos.
        """
        folder = self.context.folder
        with suppress(ValueError):   # en Windows, otra unidad
            folder = os.path.relpath(folder, self.ports.home or os.curdir) if folder else ""
        return f"{name}:{folder.replace(os.sep, '/')}"
