"""El plan de una construcción: qué etapas hay, en qué se apoya cada una y cuáles hacen falta.

`plan` lee el Dockerfile, da valor a los FROM, une `FROM etapa`, `COPY --from` y
`RUN --mount from=` en un grafo (`graph.Graph`), pone las instrucciones de los
ONBUILD y dice qué etapas hay que construir, en qué orden.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dockerlab.dockerfile.ignore import Ignore
from dockerlab.dockerfile.instruction import Dockerfile, Instruction
from dockerlab.dockerfile.lint import SILENT, Linter, check_casing, check_continuations, check_stage_names
from dockerlab.dockerfile.parser import parse
from dockerlab.dockerfile.platforms import Platform
from dockerlab.dockerfile.stages import Stage, read
from dockerlab.errors import DockerfileError, DockerlabError, fault
from dockerlab.images import Reference

from .arguments import declared_names, default_args, expand_base, global_arguments
from .graph import Graph, PlannedStage, Resolve
from .state import Scope


@dataclass(frozen=True, slots=True)
class Plan:
    """El plan entero: todas las etapas, la pedida (`target`) y las que hacen falta, en orden (`needed`)."""

    dockerfile: Dockerfile
    stages: tuple[PlannedStage, ...]
    target: int
    needed: tuple[int, ...]
    scope: Scope
    platform: Platform


def plan(text: str | bytes, resolve: Resolve, *, build_args: Mapping[str, str] | None = None,
         target: str = "", platform: Platform = Platform(), lint: Linter = SILENT, all_stages: bool = False,
         ignored: Ignore | None = None) -> Plan:
    """Planea la construcción de la etapa `target` (la última, si no se dice).

    `resolve` da la configuración de una imagen base; solo se le piden las que hacen
    falta (todas, con `all_stages`, que es lo que hace `--check`). `DockerfileError`
    si el Dockerfile no se puede construir.
    """
    if not text:
        raise fault("empty-dockerfile")
    build_args = build_args or {}
    dockerfile = parse(text)
    check_continuations(lint, dockerfile)
    meta_args, stages = read(dockerfile, lint)
    if not stages:
        raise fault("no-stages")
    check_stage_names(lint, ((stage.name, stage.origin) for stage in stages))
    check_casing(lint, [one for stage in stages for one in (stage.origin, *stage.instructions)])
    predefined = default_args(platform, build_args, target or stages[-1].name)
    known = global_arguments(meta_args, predefined, build_args, dockerfile.escape)
    _check_defaults(lint, stages, meta_args, predefined, dockerfile.escape)
    _check_epoch(build_args.get("SOURCE_DATE_EPOCH", known.get("SOURCE_DATE_EPOCH", "")))
    scope = Scope(dockerfile.escape, known, build_args, lint, ignored)
    graph = Graph(scope, platform, declared_names(meta_args) | set(known))
    for stage in stages:
        graph.add(stage)
    chosen = graph.find_target(target)
    graph.connect()
    needed = graph.resolve(chosen, resolve, all_stages)
    graph.refuse_later(needed)
    return Plan(dockerfile, tuple(graph.stages), chosen, needed, scope, platform)


def _check_defaults(lint: Linter, stages: tuple[Stage, ...], meta_args: tuple[Instruction, ...],
                    predefined: Mapping[str, str], escape: str) -> None:
    """Avisa si algún FROM no es una imagen válida cuando no se da ningún `--build-arg`."""
    try:
        defaults = global_arguments(meta_args, predefined, {}, escape)
        for stage in stages:
            base = expand_base(stage, defaults, escape).text
            if not _is_reference(base):
                lint.report("InvalidDefaultArgInFrom", stage.origin, stage.base)
    except DockerfileError:
        return  # la construcción dará el mismo error con su línea


def _is_reference(text: str) -> bool:
    try:
        Reference.parse(text)
    except DockerlabError:
        return False
    return True


def _check_epoch(value: str) -> None:
    """SOURCE_DATE_EPOCH son segundos (o «context»). dockerlab ya usa siempre la misma fecha."""
    if value and value != "context" and not value.removeprefix("-").isdecimal():
        raise fault("source-date-epoch", value=value)
