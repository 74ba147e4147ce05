"""De instrucciones a etapas: qué construye cada FROM.

Cada instrucción se valida en su orden con `rules.check`; la primera que falla,
gana. Las etapas se guardan sin expandir: dar valor a las variables necesita
saber los argumentos de construcción, y eso es asunto de `build/`.
"""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.errors import fault

from . import rules
from .instruction import Dockerfile, Instruction
from .lint import SILENT, Linter, check_description, check_form


@dataclass(frozen=True, slots=True)
class Stage:
    """Una etapa: de un FROM al siguiente.

    `name`: el de `AS`, en minúsculas, o vacío; `base` y `platform`: como se
    escribieron, sin expandir; `origin`: su instrucción FROM; `instructions`: las demás.
    """

    name: str
    base: str
    platform: str
    origin: Instruction
    instructions: tuple[Instruction, ...]


def read(dockerfile: Dockerfile, lint: Linter = SILENT) -> tuple[tuple[Instruction, ...], tuple[Stage, ...]]:
    """Los ARG globales (los de antes del primer FROM) y las etapas, ya validados; `lint` recibe los avisos.

    `DockerfileError`, con el texto de BuildKit, en la primera instrucción que no vale.
    """
    meta_args: list[Instruction] = []
    groups: list[list[Instruction]] = []
    for instruction in dockerfile.instructions:
        check_form(lint, instruction)
        rules.check(instruction)
        check_description(lint, instruction, names(instruction))
        if instruction.keyword == "FROM":
            groups.append([instruction])
        elif groups:
            groups[-1].append(instruction)
        elif instruction.keyword == "ARG":
            meta_args.append(instruction)
        else:
            raise fault("no-build-stage", instruction=instruction.keyword, line=instruction.start,
                        lines=(instruction.start, instruction.end))
    return tuple(meta_args), tuple(map(_stage, groups))


def _stage(group: list[Instruction]) -> Stage:
    origin, *instructions = group
    return Stage("".join(names(origin)), origin.args[0], origin.flag("platform"), origin, tuple(instructions))


def names(instruction: Instruction) -> tuple[str, ...]:
    """Lo que la instrucción nombra: la etapa de un FROM o las variables de un ARG."""
    if instruction.keyword == "FROM":
        return (instruction.args[2].lower(),) if len(instruction.args) == 3 else ()
    return tuple(name for name, _ in arguments(instruction)) if instruction.keyword == "ARG" else ()


def arguments(instruction: Instruction) -> tuple[tuple[str, str | None], ...]:
    """Los argumentos que declara un ARG: pares (nombre, valor por defecto o None)."""
    return tuple((name, value if equals else None)
                 for name, equals, value in (word.partition("=") for word in instruction.args))
