"""El grafo de etapas: en qué se apoya cada una y de cuáles copia.

BuildKit no lee el Dockerfile de arriba abajo: dibuja este grafo y construye solo
lo que la etapa pedida necesita.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from dockerlab.dockerfile import mounts, words
from dockerlab.dockerfile.golang import did_you_mean, quote
from dockerlab.dockerfile.instruction import Instruction
from dockerlab.dockerfile.parser import parse
from dockerlab.dockerfile.platforms import Platform
from dockerlab.dockerfile.rules import check, refuse
from dockerlab.dockerfile.stages import Stage
from dockerlab.errors import DockerlabError, fault
from dockerlab.images import ImageConfig, Reference

from .arguments import expand_base, expand_platform
from .config import trigger_text
from .state import Scope, scratch

Resolve = Callable[[str, str], ImageConfig]  # (referencia completa, plataforma) → configuración de la imagen


@dataclass(frozen=True, slots=True)
class Step:
    """Una instrucción del plan; `sources`: las etapas de que copia o monta, por su número."""

    instruction: Instruction
    sources: tuple[int | None, ...] = ()
    from_trigger: bool = False


@dataclass(slots=True)
class PlannedStage:
    """Una etapa del plan, o una imagen que solo se usa para copiar (`external`).

    `name`: el suyo o `stage-N` (vacío si es la única), que es el que sale en pantalla;
    `stage_name`: solo el que le dio AS; `base`: el FROM ya expandido;
    `parent`: el número de la etapa en que se apoya, o None si es una imagen;
    `image`: la configuración de esa imagen, si hizo falta mirarla.
    """

    index: int
    name: str
    base: str
    origin: Instruction
    platform: Platform
    steps: list[Step] = field(default_factory=list)
    parent: int | None = None
    external: bool = False
    reference: str = ""
    image: ImageConfig | None = None
    stage_name: str = ""

    @property
    def from_scratch(self) -> bool:
        """Si parte de nada."""
        return self.base == "scratch" and self.parent is None

    @property
    def total(self) -> int:
        """Cuántos pasos numera BuildKit: el FROM de una imagen, ADD, COPY, RUN, WORKDIR y los ONBUILD."""
        own = sum(step.from_trigger or step.instruction.keyword in ("ADD", "COPY", "RUN", "WORKDIR")
                  for step in self.steps)
        return own + (self.parent is None and not self.from_scratch)


class Graph:
    """Las etapas mientras se unen."""

    def __init__(self, scope: Scope, platform: Platform, declared: set[str]):
        self.scope, self.platform, self.declared = scope, platform, declared
        self.stages: list[PlannedStage] = []
        self.names: dict[str, int] = {}

    def add(self, stage: Stage) -> None:
        """Da valor al FROM y busca si es otra etapa, que tiene que estar antes."""
        lint = self.scope.lint.for_comments(stage.origin.comments)
        base = expand_base(stage, self.scope.global_args, self.scope.escape, self.declared, lint)
        if not base.text:
            raise refuse(stage.origin, "base-blank", base=stage.base)
        platform = expand_platform(stage, self.scope.global_args, self.scope.escape, self.declared, lint)
        index = len(self.stages)
        self.stages.append(PlannedStage(
            index, stage.name or f"stage-{index}", base.text, stage.origin, platform or self.platform,
            [Step(one) for one in stage.instructions], self.names.get(base.text), stage_name=stage.name))
        if stage.name:
            self.names[stage.name] = index

    def add_external(self, base: str, origin: Instruction) -> int:
        """Una imagen de la que solo se copia o se monta."""
        index = len(self.stages)
        self.stages.append(PlannedStage(index, "", base, origin, self.platform, parent=self.names.get(base),
                                        external=True))
        return index

    def find_target(self, target: str) -> int:
        """El número de la etapa pedida, o de la última si no se pide. Falta `target-missing`."""
        if not target:
            return len(self.stages) - 1
        if (found := self.names.get(target.lower())) is None:
            raise fault("target-missing", target=quote(target),
                        hint=did_you_mean(target, [stage.name for stage in self.stages]))
        return found

    def connect(self) -> None:
        """Une cada instrucción con las etapas de que copia o monta."""
        for stage in tuple(self.stages):
            stage.steps = [replace(step, sources=self.sources(step.instruction)) for step in stage.steps]
        self.refuse_circles()
        # Docker real: cada montaje cuenta como una etapa más, y entonces la única sí se nombra.
        first, *others = self.stages
        if not others and not any(step.instruction.flag_values("mount") for step in first.steps):
            first.name = ""

    def sources(self, instruction: Instruction) -> tuple[int | None, ...]:
        """Las etapas de que copia o monta (None: el contexto). Faltas `copy-from-variable`, `stage-index`."""
        if instruction.keyword == "RUN":
            return tuple(self.source(name, instruction) if name else None
                         for name in mounts.sources(instruction))
        name = instruction.flag("from") if instruction.keyword == "COPY" else ""
        if not name:
            return ()
        if _expand_plain(name) != name:
            raise refuse(instruction, "copy-from-variable")
        if _is_integer(name):
            if not 0 <= int(name) < len(self.stages):
                raise refuse(instruction, "stage-index", index=int(name))
            return (int(name),)
        return (self.source(name, instruction),)

    def source(self, name: str, instruction: Instruction) -> int:
        """El número de una etapa por su nombre; si no es ninguna, es una imagen, que se añade."""
        found = self.names.get(name.lower())
        return self.add_external(name, instruction) if found is None else found

    def refuse_circles(self) -> None:
        """Una etapa no puede copiar de otra que, directamente o no, copia de ella."""
        visited: set[int] = set()
        for start in range(len(self.stages)):
            path: list[int] = [start]
            way: list[Instruction] = []
            pending = [] if start in visited else [self.copies(start)]
            while pending:
                for instruction, other in pending[-1]:
                    if other in path:
                        self.refuse_circle(start, (*way, instruction))
                    if other not in visited:
                        visited.add(other)
                        path.append(other)
                        way.append(instruction)
                        pending.append(self.copies(other))
                        break
                else:
                    pending.pop()
                    path.pop()
                    del way[-1:]

    def refuse_circle(self, start: int, way: tuple[Instruction, ...]) -> None:
        """El error enseña todas las copias del camino, empezando por la que lo cierra."""
        *others, last = way
        raise refuse(last, "circular", stage=self.stages[start].name,
                     more=tuple((one.start, one.end) for one in reversed(others)))

    def copies(self, index: int) -> Iterator[tuple[Instruction, int]]:
        """Qué instrucciones de la etapa copian o montan, y de qué etapa."""
        return ((step.instruction, source) for step in self.stages[index].steps for source in step.sources
                if source is not None)

    def refuse_later(self, needed: tuple[int, ...]) -> None:
        """Lo que se copia o se monta tiene que estar construido: más arriba."""
        for index in needed:
            for step in self.stages[index].steps:
                for position, source in enumerate(step.sources):
                    if source is None or source < index or self.stages[source].external:
                        continue
                    instruction = step.instruction
                    if instruction.keyword == "RUN":
                        mount = mounts.parse(instruction, str)[position]
                        raise refuse(instruction, "mount-later", source=quote(mount.source_stage),
                                     target=quote(mount.target))
                    raise refuse(instruction, "copy-later", source=quote(instruction.flag("from")),
                                 stage=quote(self.stages[index].name))

    def reachable(self, target: int) -> set[int]:
        """Las etapas que hacen falta para construir `target`."""
        found, pending = set(), [target]
        while pending:
            index = pending.pop()
            if index in found:
                continue
            found.add(index)
            parent = self.stages[index].parent
            pending += [other for _, other in self.copies(index)] + ([] if parent is None else [parent])
        return found

    def resolve(self, target: int, resolve: Resolve, all_stages: bool) -> tuple[int, ...]:
        """Mira las imágenes base que hacen falta y pone los ONBUILD, hasta que no aparezcan etapas nuevas."""
        fired: set[int] = set()
        looked: set[int] = set()
        while True:
            needed = set(range(len(self.stages))) if all_stages else self.reachable(target)
            for stage in tuple(self.stages):
                if stage.index not in looked and stage.parent is None:
                    self.look(stage, resolve if stage.index in needed else None)
                    if stage.index in needed or stage.from_scratch:
                        looked.add(stage.index)
            before = len(self.stages), needed
            for index in sorted(needed - fired):
                fired.add(index)
                self.fire(self.stages[index])
            after = set(range(len(self.stages))) if all_stages else self.reachable(target)
            if (len(self.stages), after) == before:
                return tuple(sorted(needed))

    def look(self, stage: PlannedStage, resolve: Resolve | None) -> None:
        """Lee de qué parte una etapa y, con `resolve`, la configuración de esa imagen.

        Faltas `stage-reference`, `base-unavailable`.
        """
        if stage.from_scratch:
            stage.image = scratch(stage.platform.os, stage.platform.architecture, stage.platform.variant)
            return
        try:
            reference = Reference.parse(stage.base)
        except DockerlabError as error:
            raise refuse(stage.origin, "stage-reference", base=quote(stage.base), reason=error.text) from None
        stage.reference = str(reference.tagged)
        if resolve is not None:
            try:
                stage.image = resolve(stage.reference, str(stage.platform))
            except DockerlabError as error:
                hint = did_you_mean(stage.base, self.names) if stage.external else ""
                raise refuse(stage.origin, "base-unavailable", name=stage.base, reference=stage.reference,
                             reason=error.text + hint) from None
            actual = Platform(stage.image.os, stage.image.architecture, stage.image.variant)
            if (actual.os, actual.architecture) != (stage.platform.os, stage.platform.architecture):
                self.scope.lint.report("InvalidBaseImagePlatform", stage.origin, stage.base,
                                       quote(str(stage.platform)), quote(str(actual)))

    def fire(self, stage: PlannedStage) -> None:
        """Pone delante las instrucciones que la base guardó con ONBUILD."""
        if stage.external:
            return
        if stage.parent is None:
            texts = stage.image.on_build if stage.image else ()
        else:
            texts = tuple(self.triggers(self.stages[stage.parent]))
        steps = []
        for text in texts:
            instructions = parse(text).instructions
            if len(instructions) != 1:
                raise refuse(stage.origin, "trigger-many")
            trigger = replace(instructions[0], start=stage.origin.start, end=stage.origin.end)
            check(trigger)
            if trigger.keyword == "FROM":
                raise refuse(stage.origin, "trigger-from")
            steps.append(Step(trigger, self.sources(trigger), True))
        stage.steps = steps + stage.steps

    @staticmethod
    def triggers(parent: PlannedStage) -> Iterator[str]:
        """Lo que una etapa deja en ONBUILD para las que se apoyan en ella."""
        return (trigger_text(step.instruction) for step in parent.steps
                if step.instruction.keyword == "ONBUILD")


def _expand_plain(name: str) -> str:
    """`--from` se lee antes de que haya variables."""
    return words.expand(name, {})


def _is_integer(text: str) -> bool:
    digits = text[1:] if text[:1] in ("+", "-") else text
    return digits.isascii() and digits.isdecimal() and len(digits) < 10
