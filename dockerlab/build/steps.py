"""Construir una imagen, paso a paso.

`build_steps` va dando sucesos y al final devuelve la imagen; `build` solo los
gasta. Primero se planea todo (`plan`, `work`), después se mira qué viaja del
contexto y al final se da cada paso: o su clave está en la caché y se aprovecha su
capa, o se hace.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
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
from .copy import Destination, Item, choose, fingerprints, place
from .keys import key_of
from .operations import Copy, MakeDirectory, Run, is_git, is_url
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
class _Done:
    """Por dónde va una etapa.

    `key` y `record`: la clave y lo guardado del último paso; `last`: ese paso, como
    se escribió; `fresh`: si ya no se mira la caché.
    """

    layers: tuple[Layer, ...] = ()
    key: str = ""
    record: str = ""
    last: str = ""
    fresh: bool = False


@dataclass(slots=True)
class _Now:
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
        self.stages: dict[int, _Done] = {}
        self.chosen: dict[tuple[int, int], tuple[Item, ...]] = {}  # (etapa, puesto) → lo que copia ese paso
        self.total, self.now = 0, _Now()
        self.written: list[Layer] = []                             # las capas nuevas: las demás ya estaban guardadas

    def run(self) -> Iterator[Any]:
        """Todo, en orden."""
        plan = yield from self.preamble.run()
        try:
            work = prepare(plan, {name: base.digest for name, base in self.preamble.bases.items()})
            self.preamble.lint.finish()
        except DockerlabError:
            yield BuildStarted(self.ports.now, self.preamble.text, ())
            raise
        everything = [one for stage in work.values() if not stage.planned.external for one in stage.all]
        self.total = len(everything)
        size, used, failure = self.look_at_context(everything)
        rows = tuple((one.text, *one.lines) for one in everything)
        yield BuildStarted(self.ports.now, self.preamble.text, rows, size)
        if used:
            yield from self.preamble.context_task(size)
        if failure is not None:
            one, error = failure
            for first, why in ((work[one.place[0]].first, ""), (one, error.text)):
                yield self.start(first)
                yield self.finish(not why, error=why)
            raise error
        for index, stage in work.items():
            yield from self.do_stage(index, stage)
        return (yield from self.export(work[plan.target], self.stages[plan.target]))

    # ── el contexto ──────────────────────────────────────────────────────────

    def look_at_context(self, everything: list[Work]) -> tuple[int, bool, tuple[Work, DockerlabError] | None]:
        """Elige ya lo que cada paso toma del contexto: cuánto viaja, si se usa y el paso al que le falta algo."""
        size, used, failure = 0, False, None
        for one in everything:
            try:
                paths = self.needs(one)
            except DockerlabError as error:
                paths, failure = [], failure or (one, error)
            used = used or paths is not None
            size += self.context.transfer(paths or ())
        return size or 2, used and not self.context.remote, failure

    def needs(self, one: Work) -> list[str] | None:
        """Lo que un paso toma del contexto; None si no lo usa. Faltas `copy-not-found`, `add-remote`."""
        operation = one.operation
        if isinstance(operation, Run):
            return mounting.travelling(operation, one.sources, self.context)
        if not isinstance(operation, Copy) or operation.stage:
            return None
        for source in operation.sources:
            if operation.add and (is_url(source) or is_git(source)):
                raise fault("add-remote", url=source, host=source.partition("://")[2].partition("/")[0] or source)
        items = self.chosen[one.place] = choose(self.context, operation)
        return [path for item in items for path in item.paths()] if operation.sources else None

    def items(self, one: Work) -> tuple[Item, ...]:
        """Lo que copia un COPY, del contexto o de otra etapa."""
        if one.place not in self.chosen:
            self.chosen[one.place] = choose(Overlay(self.stages[one.sources[0]].layers), one.operation)
        return self.chosen[one.place]

    def materials(self) -> mounting.Materials:
        """De dónde salen los montajes de un RUN."""
        return mounting.Materials(self.context, lambda index: self.stages[index].layers, self.ports.cache,
                                  self.options.secrets, lambda: self.ports.now)

    # ── las etapas ───────────────────────────────────────────────────────────

    def do_stage(self, index: int, stage: StageWork) -> Iterator[Any]:
        """Todos los pasos de una etapa."""
        planned, done = stage.planned, _Done()
        self.stages[index] = done
        if planned.parent is not None:
            parent = self.stages[planned.parent]
            done.layers, done.key, done.record = parent.layers, parent.key, parent.record
            done.last, done.fresh = parent.last, parent.fresh
        else:
            done.layers, done.key, done.record = self.preamble.base(planned)
        if planned.external:
            yield from self.preamble.base_task(stage.first.name, planned)
            return
        asked = {name.lower() for name in self.options.no_cache_filter}
        done.fresh = done.fresh or self.options.no_cache or planned.stage_name in asked
        yield self.start(stage.first)
        pulled = self.preamble.fetch(planned)
        yield self.finish(not pulled, layer=done.layers[-1].diff_id if done.layers else "",
                          size=sum(layer.size for layer in done.layers))
        for one in stage.rest:
            yield self.start(one)
            yield (self.finish() if one.operation is None else (yield from self.do(one, done)))

    def do(self, one: Work, done: _Done) -> Iterator[Any]:
        """Un paso que toca archivos: aprovechando la caché, o haciéndolo. Devuelve su suceso final."""
        cache, facts = self.ports.cache, {}
        try:
            key = key_of(one, done.key, self.files(one))
            found = None if done.fresh else cache.find(key, self.ports.now)
            nearest, before = cache.nearest(key), done.last
            done.key, done.last, facts["key"] = key.digest, one.text, key.parts()
            if found:
                done.layers, done.record = cache.result(found), found.id
                return self.finish(True, layer=done.layers[-1].diff_id, size=found.size, **facts)
            forced = done.fresh and nearest is not None and nearest.digest == key.digest
            facts["why"] = FORCED if forced else explain(key, nearest, before)
            facts["differs"] = key.difference(nearest) if nearest else ()
            layer = (yield from self.do_run(one, done)) if isinstance(one.operation, Run) else self.write(one, done)
        except DockerlabError as error:
            yield self.finish(error=error.text, **facts)
            raise
        self.written.append(layer)
        done.layers = (*done.layers, layer)
        done.record = cache.add(key, done.layers, one.name, done.record, self.ports.now).id
        return self.finish(layer=layer.diff_id, size=layer.size, **facts)

    def files(self, one: Work) -> tuple[tuple[str, str], ...]:
        """La huella de los archivos que el paso toma de otro sitio."""
        if isinstance(one.operation, Copy):
            return fingerprints(self.items(one))
        if isinstance(one.operation, Run):
            return mounting.contents(one.operation, one.sources, self.materials())
        return ()

    def write(self, one: Work, done: _Done) -> Layer:
        """COPY, ADD y WORKDIR: la capa con lo que ponen."""
        operation, root = one.operation, Overlay(done.layers)
        if isinstance(operation, MakeDirectory):
            target = Destination(root, owner(root, operation.user) if operation.user else None)
            target.make_workdir(operation.path)
        else:
            place(root, self.items(one), operation, owner(root, operation.chown) if operation.chown else None)
        layer = root.freeze()
        self.ports.wait(pace.copy(layer))
        return layer

    def do_run(self, one: Work, done: _Done) -> Iterator[Any]:
        """RUN: ejecuta y se queda con la capa de escritura."""
        run = one.operation
        mounted = mounting.mount_all(run, one.sources, self.materials())
        proxies = {name: value for name, value in self.options.build_args.items() if name in PROXIES}
        running = execute(self.ports, root_for(done.layers, tuple(mounted.mounts)), run, mounted.mounts,
                          {**proxies, **mounted.environment})
        while True:
            try:
                time, stream, text = next(running)
            except StopIteration as finished:
                code, root = finished.value
                break
            self.now.output.append(((time - self.now.started) / 1e9, text))
            yield StepOutput(time, self.now.index, stream, text)
        for name, tree in mounted.caches.items():
            self.ports.cache.keep_mount(name, tree, self.ports.now)
        if code:
            raise fault("run-failed", command=command_of(run), exit_code=code)
        return root.freeze(mtime=EPOCH)

    # ── el final ─────────────────────────────────────────────────────────────

    def export(self, work: StageWork, done: _Done) -> Iterator[Any]:
        """La imagen: la configuración, las capas y los nombres."""
        config = work.state.config
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

    def start(self, one: Work) -> StepStarted:
        """Empieza un paso."""
        self.now = _Now(self.now.index + 1, self.ports.now, one)
        return StepStarted(self.ports.now, self.now.index, self.total, one.name, one.text, one.lines, one.stage_name)

    def finish(self, cached: bool = False, **facts: Any) -> StepFinished:
        """Acaba el paso que se estaba dando."""
        one = self.now.work
        return StepFinished(self.ports.now, self.now.index, one.name, one.text, one.lines, cached,
                            changed=changed(one.before.config, one.state.config), **facts)

    def locate(self, error: DockerlabError) -> None:
        """Anota en el error dónde pasó, para quien lo cuente."""
        data, one = error.data, self.now.work
        data.update(dockerfile=self.preamble.text, file=self.context.name)
        if one is not None:
            data["lines"] = one.lines
        data.setdefault("vertex", one.name if one is not None else self.preamble.vertex)
        data.setdefault("output", tuple(self.now.output))
