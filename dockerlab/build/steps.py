"""Construir una imagen, paso a paso.

`build_steps` va dando sucesos y al final devuelve la imagen; `build` solo los
gasta. Primero se planea todo (`plan`, `work`), después se mira qué viaja del
contexto (`inputs`) y al final se da cada paso: o su clave está en la caché y se
aprovecha su capa, o se hace.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from dockerlab.clock import EPOCH
from dockerlab.dockerfile.lint import Linter
from dockerlab.errors import DockerlabError, fault
from dockerlab.events import BuildFinished, BuildStarted, StepFinished, StepOutput, StepStarted
from dockerlab.filesystem import Layer, Overlay
from dockerlab.images import Image, Reference

from . import mounting, pace
from .accounts import owner
from .changes import changed
from .context import Context
from .copy import Destination, place
from .inputs import Inputs
from .keys import key_of
from .operations import MakeDirectory, Run
from .options import Options, Ports
from .preamble import Preamble
from .run import PROXIES, command_of, execute, root_for
from .why import explain
from .work import StageWork, Work, prepare

FORCED = "Se pidió no mirar la caché en este paso, o en uno de los anteriores."


def build(ports: Ports, context: Context, options: Options = Options()) -> Image:
    """Construye y devuelve la imagen. `DockerfileError` o `BuildError` si no se puede."""
    steps = build_steps(ports, context, options)
    while True:
        try:
            next(steps)
        except StopIteration as finished:
            return finished.value


def build_steps(ports: Ports, context: Context, options: Options = Options(),
                lint: Linter | None = None) -> Iterator[Any]:
    """Construye dando cada suceso según ocurre; devuelve la imagen. `lint` recibe los avisos.

    Si falla, el último suceso es `BuildFinished` con su error, y se lanza con dónde
    pasó en `data`: `file` y `dockerfile` (nombre y texto), `lines` (primera y última),
    `vertex` (el paso) y `output` (pares: segundos desde que empezó, texto).
    """
    building = _Building(ports, context, options, lint)
    try:
        return (yield from building.run())
    except DockerlabError as error:
        building.locate(error)
        yield BuildFinished(ports.now, "", (), error.text)
        raise


def check_steps(ports: Ports, context: Context, options: Options, lint: Linter | None = None) -> Iterator[Any]:
    """`docker build --check`: lee y planea todas las etapas sin construir nada; los avisos quedan en `lint`."""
    building = _Building(ports, context, options, lint)
    try:
        made = yield from building.preamble.run(all_stages=True)
        prepare(made, {})
        building.preamble.lint.finish()
    except DockerlabError as error:
        building.locate(error)
        raise


@dataclass(slots=True)
class _StageProgress:
    """Por dónde va una etapa.

    `key` y `record`: la clave y lo guardado del último paso; `last`: ese paso, como
    se escribió; `ignores_cache`: si ya no se mira la caché.
    """

    layers: tuple[Layer, ...] = ()
    key: str = ""
    record: str = ""
    last: str = ""
    ignores_cache: bool = False

    @property
    def top(self) -> str:
        """El digest de la última capa, o vacío si no hay."""
        return self.layers[-1].diff_id if self.layers else ""


@dataclass(slots=True)
class _CurrentStep:
    """El paso que se está dando: su número, cuándo empezó y lo que va escribiendo."""

    index: int = 0
    started: int = 0
    work: Work | None = None
    output: list[tuple[float, str]] = field(default_factory=list)


class _Building:
    """Una construcción en marcha."""

    def __init__(self, ports: Ports, context: Context, options: Options, lint: Linter | None):
        self.ports, self.context, self.options = ports, context, options
        self.preamble = Preamble(ports, context, options, lint)
        self.inputs = Inputs(ports, context, options, lambda index: self.stages[index].layers)
        self.stages: dict[int, _StageProgress] = {}
        self.total, self.current = 0, _CurrentStep()
        self.written: list[Layer] = []   # las capas nuevas: las demás ya estaban guardadas

    def run(self) -> Iterator[Any]:
        """Todo, en orden."""
        plan = yield from self.preamble.run()
        try:
            stages = prepare(plan, {name: base.digest for name, base in self.preamble.bases.items()})
            self.preamble.lint.finish()
        except DockerlabError:
            yield BuildStarted(self.ports.now, self.preamble.text, ())
            raise
        everything = [work for stage in stages.values() if not stage.planned.external for work in stage.all]
        self.total = len(everything)
        survey = self.inputs.survey(everything)
        size = self.preamble.receive(survey.paths)
        rows = tuple((work.text, *work.lines) for work in everything)
        yield BuildStarted(self.ports.now, self.preamble.text, rows, size)
        if survey.used:
            yield from self.preamble.context_task(size)
        if survey.missing:
            work, error = survey.missing
            yield from self.refuse(stages[work.place[0]], work, error)
        for index, stage in stages.items():
            yield from self.do_stage(index, stage)
        return (yield from self.export(stages[plan.target], self.stages[plan.target]))

    def refuse(self, stage: StageWork, work: Work, error: DockerlabError) -> Iterator[Any]:
        """A `work` le falta algo del contexto: solo se cuentan el FROM de su etapa y él, que es el que falla."""
        yield self.start(stage.first)
        yield self.finish(cached=True)
        yield self.start(work)
        yield self.finish(error=error.text)
        raise error

    # ── las etapas ───────────────────────────────────────────────────────────

    def do_stage(self, index: int, stage: StageWork) -> Iterator[Any]:
        """Todos los pasos de una etapa."""
        planned = stage.planned
        if planned.parent is not None:
            done = replace(self.stages[planned.parent])
        else:
            done = _StageProgress(*self.preamble.base(planned))
        self.stages[index] = done
        if planned.external:
            yield from self.preamble.base_task(stage.first.name, planned)
            return
        asked = {name.lower() for name in self.options.no_cache_filter}
        done.ignores_cache = done.ignores_cache or self.options.no_cache or planned.stage_name in asked
        yield self.start(stage.first)
        pulled = self.preamble.fetch(planned)
        yield self.finish(not pulled, layer=done.top, size=sum(layer.size for layer in done.layers))
        for work in stage.rest:
            yield self.start(work)
            yield (self.finish() if work.operation is None else (yield from self.do(work, done)))

    def do(self, work: Work, done: _StageProgress) -> Iterator[Any]:
        """Un paso que toca archivos: aprovechando la caché, o haciéndolo. Devuelve su suceso final."""
        cache, facts = self.ports.cache, {}
        try:
            key = key_of(work, done.key, self.inputs.fingerprint(work))
            found = None if done.ignores_cache else cache.find(key, self.ports.now)
            nearest, before = cache.nearest(key), done.last
            done.key, done.last, facts["key"] = key.digest, work.text, key.parts()
            if found:
                done.layers, done.record = cache.result(found), found.id
                return self.finish(True, layer=done.top, size=found.size, **facts)
            forced = done.ignores_cache and nearest is not None and nearest.digest == key.digest
            facts["why"] = FORCED if forced else explain(key, nearest, before)
            facts["differs"] = key.difference(nearest) if nearest else ()
            layer = (yield from self.execute(work, done)) if isinstance(work.operation, Run) else self.write(work, done)
        except DockerlabError as error:
            yield self.finish(error=error.text, **facts)
            raise
        self.written.append(layer)
        done.layers = (*done.layers, layer)
        done.record = cache.add(key, done.layers, work.name, done.record, self.ports.now).id
        return self.finish(layer=layer.diff_id, size=layer.size, **facts)

    def write(self, work: Work, done: _StageProgress) -> Layer:
        """COPY, ADD y WORKDIR: la capa con lo que ponen."""
        operation, root = work.operation, Overlay(done.layers)
        if isinstance(operation, MakeDirectory):
            target = Destination(root, owner(root, operation.user) if operation.user else None)
            target.make_workdir(operation.path)
        else:
            place(root, self.inputs.items(work), operation, owner(root, operation.chown) if operation.chown else None)
        layer = root.freeze()
        self.ports.wait(pace.copy(layer))
        return layer

    def execute(self, work: Work, done: _StageProgress) -> Iterator[Any]:
        """RUN: ejecuta y se queda con la capa de escritura."""
        run = work.operation
        mounted = mounting.mount_all(run, work.sources, self.inputs.materials)
        proxies = {name: value for name, value in self.options.build_args.items() if name in PROXIES}
        root = root_for(done.layers, tuple(mounted.mounts))
        exit_code = yield from execute(self.ports, root, run, mounted.mounts, {**proxies, **mounted.environment},
                                       self.output)
        for name, tree in mounted.caches.items():
            self.ports.cache.keep_mount(name, tree, self.ports.now)
        if exit_code:
            raise fault("run-failed", command=command_of(run), exit_code=exit_code)
        return root.freeze(mtime=EPOCH)

    # ── el final ─────────────────────────────────────────────────────────────

    def export(self, stage: StageWork, done: _StageProgress) -> Iterator[Any]:
        """La imagen: la configuración, las capas y los nombres."""
        config = stage.state.config
        labels = {**dict(config.labels), **self.options.labels}
        image = Image(config.replace(labels=tuple(sorted(labels.items())),
                                     diff_ids=tuple(layer.diff_id for layer in done.layers)), done.layers)
        names = [Reference.parse(tag) for tag in self.options.tags]
        notes = [*(("exporting layers done",) if done.layers else ()), f"writing image {image.id} done",
                 *(f"naming to {name} done" for name in names)]
        yield from self.preamble.task("exporting to image", *notes, seconds=pace.export(
            layer for layer in done.layers if layer in self.written))
        yield BuildFinished(self.ports.now, image.id, tuple(name.tagged.familiar for name in names))
        return image

    # ── los sucesos ──────────────────────────────────────────────────────────

    def start(self, work: Work) -> StepStarted:
        """Empieza un paso."""
        self.current = _CurrentStep(self.current.index + 1, self.ports.now, work)
        return StepStarted(self.ports.now, self.current.index, self.total, work.name, work.text, work.lines,
                           work.stage_name)

    def output(self, time: int, stream: int, text: str) -> StepOutput:
        """El paso que se está dando escribe algo."""
        self.current.output.append(((time - self.current.started) / 1e9, text))
        return StepOutput(time, self.current.index, stream, text)

    def finish(self, cached: bool = False, **facts: Any) -> StepFinished:
        """Acaba el paso que se estaba dando."""
        work = self.current.work
        return StepFinished(self.ports.now, self.current.index, work.name, work.text, work.lines, cached,
                            changed=changed(work.before.config, work.state.config), **facts)

    def locate(self, error: DockerlabError) -> None:
        """Anota en el error dónde pasó, para quien lo cuente."""
        data, work = error.data, self.current.work
        data.update(dockerfile=self.preamble.text, file=self.context.name)
        if work is not None:
            data["lines"] = work.lines
        data.setdefault("vertex", work.name if work is not None else self.preamble.vertex)
        data.setdefault("output", tuple(self.current.output))
