"""Los ARG de antes del primer FROM, los que Docker da ya hechos y cómo se usan en FROM.

Fuente: Dockerfile reference, *Understand how ARG and FROM interact* y *Automatic
platform ARGs in the global scope*.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from dockerlab.dockerfile import words
from dockerlab.dockerfile.golang import Hint, did_you_mean, quote, similar
from dockerlab.dockerfile.instruction import Instruction
from dockerlab.dockerfile.lint import SILENT, Linter
from dockerlab.dockerfile.platforms import Platform
from dockerlab.dockerfile.rules import refuse
from dockerlab.dockerfile.stages import Stage, arguments
from dockerlab.errors import DockerfileError


def default_args(platform: Platform, build_args: Mapping[str, str], target: str) -> dict[str, str]:
    """Los ARG automáticos: en qué plataforma se construye y para cuál, y la etapa pedida."""
    values = {"TARGETSTAGE": target or "default"}
    for prefix in ("BUILD", "TARGET"):
        values |= {f"{prefix}PLATFORM": str(platform), f"{prefix}OS": platform.os, f"{prefix}OSVERSION": "",
                   f"{prefix}ARCH": platform.architecture, f"{prefix}VARIANT": platform.variant}
    return {name: build_args.get(name, value) for name, value in values.items()}


def global_arguments(meta_args: Iterable[Instruction], predefined: Mapping[str, str],
                     build_args: Mapping[str, str], escape: str) -> dict[str, str]:
    """El valor de cada ARG global. `DockerfileError`, con su línea, si alguno no se puede expandir."""
    values = dict(predefined)
    for instruction in meta_args:
        for name, default in arguments(instruction):
            if name in build_args:
                values[name] = build_args[name]
            elif default is not None:
                values[name] = _located(instruction, lambda text=default: words.expand(text, values, escape))
    return values


def declared_names(meta_args: Iterable[Instruction]) -> set[str]:
    """Los nombres de los ARG globales, tengan valor o no."""
    return {name for instruction in meta_args for name, _ in arguments(instruction)}


def expand_base(stage: Stage, known: Mapping[str, str], escape: str, declared: Collection[str] = (),
                lint: Linter = SILENT) -> words.Expansion:
    """La imagen de FROM con sus variables; avisa de las que nadie declaró."""
    found = _located(stage.origin, lambda: words.process(stage.base, known, escape, splitting=False))
    _report_undeclared(stage, found, declared, lint)
    return found


def expand_platform(stage: Stage, known: Mapping[str, str], escape: str, declared: Collection[str],
                    lint: Linter) -> Platform | None:
    """La plataforma de `FROM --platform`, o None si no se dijo. `DockerfileError` si no lo es."""
    if not stage.platform:
        return None
    found = _located(stage.origin, lambda: words.process(stage.platform, known, escape, splitting=False))
    _report_undeclared(stage, found, declared, lint)
    if found.matched == {"TARGETPLATFORM"} and not found.unmatched and found.text == known["TARGETPLATFORM"]:
        lint.report("RedundantTargetPlatform", stage.origin, stage.platform)
    hint = next((hint for name in sorted(found.unmatched) if (hint := did_you_mean(name, known))), Hint())
    if not found.text:
        raise refuse(stage.origin, "platform-empty", expression=stage.platform, hint=hint)
    try:
        platform = Platform.parse(found.text)
    except DockerfileError as error:
        here = (stage.origin.start, stage.origin.end)
        # Docker real: enseña dos veces la misma línea.
        raise refuse(stage.origin, "platform-unreadable", expression=stage.platform, reason=error.text,
                     hint=hint, more=(here,)) from None
    constant = not (found.matched or found.unmatched)
    if constant and platform.os not in stage.name and platform.architecture not in stage.name:
        lint.report("FromPlatformFlagConstDisallowed", stage.origin, quote(found.text))
    return platform


def _report_undeclared(stage: Stage, found: words.Expansion, declared: Collection[str], lint: Linter) -> None:
    for name in sorted(found.unmatched - set(declared)):
        meant = similar(name, declared)
        lint.report("UndefinedArgInFrom", stage.origin, name, f" (did you mean {meant}?)" if meant else "")


def _located(instruction: Instruction, work):
    """Hace `work`; si falla, el error dice en qué línea."""
    try:
        return work()
    except DockerfileError as error:
        error.data.update(line=instruction.start, lines=(instruction.start, instruction.end))
        raise
