"""`docker build --check`: todo lo que se puede saber sin construir nada.

También sirve para saber qué configuración tendrá la imagen: `configure` recorre
el plan aplicando cada instrucción, sin ejecutar ni copiar.
"""

from __future__ import annotations

from collections.abc import Mapping

from dockerlab.dockerfile.ignore import Ignore
from dockerlab.dockerfile.lint import Finding, Linter
from dockerlab.dockerfile.platforms import Platform
from dockerlab.errors import DockerfileError
from dockerlab.images import ImageConfig

from .config import apply
from .plan import Plan, plan
from .state import StageState, begin, scratch

OVERRIDE = "BUILDKIT_DOCKERFILE_CHECK"  # argumento de construcción que manda sobre `# check=`


def configure(planned: Plan) -> dict[int, StageState]:
    """El estado final de cada etapa necesaria, por su número.

    `DockerfileError`, con su línea, si una instrucción no vale.
    """
    states: dict[int, StageState] = {}
    for index in planned.needed:
        stage = planned.stages[index]
        states[index] = begin(states[stage.parent] if stage.parent is not None else stage.image or scratch())
        for step in stage.steps:
            states[index] = apply(states[index], step.instruction, planned.scope).state
    return states


def check(text: str | bytes, build_args: Mapping[str, str] | None = None, *, target: str = "",
          platform: Platform = Platform(), ignore: Ignore | None = None,
          base: ImageConfig | None = None) -> tuple[tuple[Finding, ...], DockerfileError | None]:
    """Los avisos, en orden de línea, y el error que detuvo la lectura, si lo hubo.

    No descarga nada: toda imagen base se da por igual a `base` (por defecto, una con
    solo su PATH).
    """
    build_args = build_args or {}
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    lint = Linter()
    try:
        lint = Linter.of(shown, build_args.get(OVERRIDE))
        planned = plan(text, lambda reference, wanted: _stand_in(base, wanted), build_args=build_args,
                       target=target, platform=platform, lint=lint, all_stages=not target, ignored=ignore)
        configure(planned)
        lint.finish()
        error = None
    except DockerfileError as failed:
        error = failed
    return tuple(sorted(lint.findings, key=lambda finding: finding.start)), error


def _stand_in(base: ImageConfig | None, platform: str) -> ImageConfig:
    """Una imagen base cualquiera, de la plataforma que se pide."""
    wanted = Platform.parse(platform)
    return (base or scratch()).replace(os=wanted.os, architecture=wanted.architecture, variant=wanted.variant)
