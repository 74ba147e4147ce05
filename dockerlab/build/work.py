"""Del plan a la lista de tareas: cada instrucción, con las variables ya puestas y su nombre en pantalla.

La configuración de una imagen no depende de lo que hagan los pasos, así que se
calcula entera antes de ejecutar ninguno: por eso un error en la última línea se
descubre sin haber gastado nada.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dockerlab.dockerfile import heredocs, words
from dockerlab.dockerfile.instruction import Instruction
from dockerlab.errors import DockerfileError
from dockerlab.images import ImageConfig, Reference

from .config import apply
from .graph import PlannedStage, Step
from .operations import Operation, Run
from .plan import Plan
from .state import StageState, begin

NOTHING = StageState(ImageConfig(), {})


@dataclass(frozen=True, slots=True)
class Work:
    """Una tarea.

    `place`: su etapa y su puesto en ella; `name`: como sale en pantalla («[2/5]
    WORKDIR /app»), o solo la instrucción si no cuesta nada; `text`: la instrucción,
    como se escribió; `before` y `state`: la etapa antes y después; `operation`: lo
    que hay que hacer, o None; `sources`: de qué etapas toma algo.
    """

    place: tuple[int, int]
    stage_name: str
    name: str
    text: str
    instruction: Instruction
    before: StageState
    state: StageState
    operation: Operation | None = None
    sources: tuple[int | None, ...] = ()

    @property
    def lines(self) -> tuple[int, int]:
        """Primera y última línea."""
        return self.instruction.start, self.instruction.end


@dataclass(slots=True)
class StageWork:
    """Las tareas de una etapa: la imagen o etapa de la que parte (`first`) y las demás."""

    planned: PlannedStage
    first: Work
    rest: list[Work] = field(default_factory=list)

    @property
    def all(self) -> tuple[Work, ...]:
        """Todas, empezando por FROM."""
        return (self.first, *self.rest)

    @property
    def state(self) -> StageState:
        """La etapa acabada."""
        return self.all[-1].state


def prepare(plan: Plan, digests: Mapping[str, str]) -> dict[int, StageWork]:
    """Las tareas de cada etapa que hace falta, por su número y en el orden en que se hacen.

    `digests`: por referencia, el digest con que se descargó su imagen.
    """
    ready: dict[int, StageWork] = {}
    for index in plan.needed:
        stage = plan.stages[index]
        parent = ready[stage.parent].state if stage.parent is not None else stage.image
        numbering = _Numbering(stage)
        digest = digests.get(stage.reference, "")
        pinned = f"@{digest}" if digest and "@" not in stage.reference else ""
        shown = f"FROM {_tagged(stage)}{pinned}"
        fresh = stage.parent is None and not stage.from_scratch
        if fresh and not stage.external:
            shown = numbering.next() + shown
        state = begin(parent)
        work = StageWork(stage, Work((index, 0), stage.name, shown if fresh else stage.origin.code, stage.origin.code,
                                     stage.origin, NOTHING, state))
        if not stage.external:
            for step in stage.steps:
                work.rest.append(_work(plan, (index, len(work.all)), step, work.state, numbering))
        ready[index] = work
    return {index: ready[index] for index in in_order(ready)}


def in_order(stages: Mapping[int, StageWork]) -> list[int]:
    """Cada etapa detrás de aquellas en las que se apoya o de las que copia."""
    done: list[int] = []

    def visit(index: int) -> None:
        if index not in done:
            needed = [source for one in stages[index].rest for source in one.sources if source is not None]
            parent = stages[index].planned.parent
            for other in ([] if parent is None else [parent]) + needed:
                visit(other)
            done.append(index)

    for index in stages:
        visit(index)
    return done


def _tagged(stage: PlannedStage) -> str:
    return str(Reference.parse(stage.reference).tagged) if stage.reference else ""


class _Numbering:
    """Los corchetes de los nombres: «[etapa 2/5] »."""

    def __init__(self, stage: PlannedStage):
        self.stage, self.index = stage, 0

    def next(self) -> str:
        """El siguiente."""
        self.index += 1
        total = str(self.stage.total)
        name = f"{self.stage.name} " if self.stage.name else ""
        return f"[{name}{self.index:>{len(total)}}/{total}] "


def _work(plan: Plan, place: tuple[int, int], step: Step, state: StageState, numbering: _Numbering) -> Work:
    instruction = step.instruction
    applied = apply(state, instruction, plan.scope)
    text = f"ONBUILD {instruction.code}" if step.from_trigger else instruction.code
    name = title(instruction, text, state.variables, plan.scope.escape, applied.operation)
    if applied.operation is not None:
        name = numbering.next() + name
    return Work(place, numbering.stage.name, name, text, instruction, state, applied.state, applied.operation,
                step.sources)


def title(instruction: Instruction, text: str, variables: Mapping[str, str], escape: str,
          operation: Operation | None) -> str:
    """El nombre de un paso: la instrucción en una línea, con el valor de las variables que se conocen.

    En RUN las comillas se dejan, y un secreto puesto en una variable se tapa.
    """
    running = isinstance(operation, Run)
    if running:
        hidden = {mount.env: "****" for mount in operation.mounts if mount.type == "secret" and mount.env}
        variables = {**variables, **hidden}
    try:
        text = words.process(text, variables, escape, raw_quotes=running, skip_unset=running).text
    except DockerfileError:
        pass  # Docker real: un texto que no se puede expandir se enseña como está
    word, space, rest = text.partition(" ")
    text = f"{word.upper()}{space}{rest}"
    if running and instruction.heredocs and heredocs.mentioned(instruction.args[0]) is not None:
        lines = instruction.heredocs[0].text.strip().replace("\r\n", "\n").split("\n")
        text += f" ({lines[0]}{'...' if len(lines) > 1 else ''})"
    return text

