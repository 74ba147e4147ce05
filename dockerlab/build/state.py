"""Una etapa a medio construir: su configuración, sus variables y lo que la rodea.

Es un valor: cada instrucción da otro estado, así que cualquier paso se puede
mirar, comparar y volver a dibujar.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from dockerlab.dockerfile.ignore import Ignore
from dockerlab.dockerfile.instruction import Instruction
from dockerlab.dockerfile.lint import SILENT, Linter
from dockerlab.images import ImageConfig
from dockerlab.images.config import PATH

from .operations import Operation


@dataclass(frozen=True, slots=True)
class Scope:
    """Lo que rodea a la etapa y no cambia: escape, ARG globales, `--build-arg`, avisos y .dockerignore."""

    escape: str = "\\"
    global_args: Mapping[str, str] = field(default_factory=dict)
    build_args: Mapping[str, str] = field(default_factory=dict)
    lint: Linter = SILENT
    ignored: Ignore | None = None


@dataclass(frozen=True, slots=True)
class StageState:
    """Una etapa a medio construir.

    `variables`: las que ve una instrucción (ENV y ARG, lo último que se dijo gana);
    `arguments`: los ARG declarados, en orden, con su valor o None; `workdir_set`: si
    ya hubo un WORKDIR; `last`: la última CMD, ENTRYPOINT y HEALTHCHECK de la etapa.
    """

    config: ImageConfig
    variables: Mapping[str, str]
    arguments: tuple[tuple[str, str | None], ...] = ()
    workdir_set: bool = False
    last: Mapping[str, Instruction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Applied:
    """El resultado de una instrucción: el estado nuevo y qué hacer además.

    `created_by`: su línea de historia (None si no deja); `empty_layer`: si no deja capa.
    """

    state: StageState
    created_by: str | None = None
    empty_layer: bool = True
    operation: Operation | None = None


def scratch(os: str = "linux", architecture: str = "amd64", variant: str = "") -> ImageConfig:
    """De dónde parte `FROM scratch`."""
    return ImageConfig(env=(f"PATH={PATH}",), working_dir="/", os=os, architecture=architecture,
                       variant=variant)


def begin(base: ImageConfig | StageState) -> StageState:
    """El estado al empezar una etapa: sobre una imagen o sobre otra etapa, de la que hereda sus ARG.

    Los ONBUILD de la base ya se habrán convertido en instrucciones, y no se heredan.
    """
    if isinstance(base, ImageConfig):
        base = StageState(base, {})
    config, env = base.config, base.config.env
    if "PATH" not in config.environment and config.os != "windows":
        env = (*env, f"PATH={PATH}")
    directory = resolve_workdir("", config.working_dir) if config.working_dir else ""
    config = config.replace(env=env, working_dir=directory, on_build=())
    return StageState(config, {**base.variables, **config.environment}, base.arguments, base.workdir_set)


def resolve_workdir(current: str, path: str) -> str:
    """La carpeta de trabajo nueva: una ruta relativa sigue a la de antes."""
    if path.startswith("/"):
        return path
    current = posixpath.join("/", current)
    return posixpath.normpath(posixpath.join(current, path)) if path else current
