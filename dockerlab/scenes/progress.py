"""Por dónde va una construcción: los sucesos, sumados en un valor que se puede dibujar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from ..events import BuildFinished, BuildStarted, StepFinished, StepOutput, StepStarted


@dataclass(frozen=True, slots=True)
class Step:
    """Un paso: pendiente de acabar mientras `done` sea falso."""

    index: int
    name: str
    instruction: str
    lines: tuple[int, int]
    stage: str = ""
    done: bool = False
    cached: bool = False
    why: str = ""
    layer: str = ""
    size: int = 0
    changed: tuple[tuple[str, str], ...] = ()
    output: tuple[str, ...] = ()
    error: str = ""

    @property
    def base(self) -> bool:
        """¿Es el FROM, que pone la imagen base?"""
        return self.instruction.split(maxsplit=1)[:1] in (["FROM"], ["from"])

    @property
    def stacked(self) -> bool:
        """¿Ocupa un lugar en la pila de capas?"""
        return self.done and not self.error and (self.base or bool(self.layer))


@dataclass(frozen=True, slots=True)
class Progress:
    """Una construcción a medias: el Dockerfile, los pasos dados y la configuración reunida."""

    dockerfile: tuple[str, ...] = ()
    total: int = 0
    context_size: int = 0
    steps: tuple[Step, ...] = ()
    config: tuple[tuple[str, str], ...] = ()
    current: int = 0                      # índice del paso del que habla este instante; 0: ninguno
    finished: BuildFinished | None = None

    @property
    def step(self) -> Step | None:
        """El paso del que habla este instante."""
        return next((s for s in self.steps if s.index == self.current), None)

    @property
    def stage(self) -> str:
        """La etapa cuya pila se está viendo: la del último paso empezado."""
        return (self.step or self.steps[-1]).stage if self.steps else ""

    def stack(self, stage: str) -> tuple[Step, ...]:
        """Los pasos que han dejado losa en una etapa, de abajo arriba."""
        return tuple(s for s in self.steps if s.stacked and s.stage == stage)

    @property
    def other_stages(self) -> tuple[str, ...]:
        """Las demás etapas que ya tienen pila, en orden."""
        return tuple(dict.fromkeys(s.stage for s in self.steps if s.stacked and s.stage != self.stage))

    def then(self, event: Any) -> Progress:
        """La construcción después de un suceso."""
        match event:
            case BuildStarted():
                lines = tuple(event.dockerfile.expandtabs(4).splitlines())
                return Progress(lines, len(event.steps), event.context_size)
            case StepStarted():
                step = Step(event.index, event.name, event.instruction, event.lines, event.stage)
                config = () if step.base and event.stage != self.stage else self.config
                return replace(self, steps=(*self.steps, step), config=config, current=event.index)
            case StepOutput():
                return self._change(event.index, lambda s: {"output": (*s.output, *event.text.splitlines())})
            case StepFinished():
                known = any(s.index == event.index for s in self.steps)
                ready = self if known else self.then(StepStarted(
                    event.time, event.index, self.total, event.name, event.instruction, event.lines))
                config = tuple({**dict(ready.config), **dict(event.changed)}.items())
                return replace(ready._change(event.index, lambda s: {
                    "done": True, "cached": event.cached, "why": event.why, "layer": event.layer,
                    "size": event.size, "changed": event.changed, "error": event.error}),
                    config=config, current=event.index)
            case BuildFinished():
                return replace(self, finished=event, current=self.current if event.error else 0)
        return self

    def _change(self, index: int, changes: Any) -> Progress:
        return replace(self, steps=tuple(replace(s, **changes(s)) if s.index == index else s for s in self.steps))


def instants(events: Iterable[Any]) -> Iterator[Progress]:
    """Los instantes que merece la pena dibujar: lo que un paso escribe se ve cuando acaba."""
    progress = Progress()
    for event in events:
        after = progress.then(event)
        if after is not progress and not isinstance(event, StepOutput):
            yield after
        progress = after
