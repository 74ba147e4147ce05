"""De instrucciones a etapas: qué construye cada FROM.

Cada instrucción se valida en su orden con `rules.check`; la primera que falla,
gana. Las etapas se guardan sin expandir: dar valor a las variables necesita
saber los argumentos de construcción, y eso es asunto de `build/`.
"""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.dockerfile import rules
from dockerlab.dockerfile.instruction import Dockerfile, Instruction
from dockerlab.errors import fault


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


def read(dockerfile: Dockerfile) -> tuple[tuple[Instruction, ...], tuple[Stage, ...]]:
    """Los ARG globales (los de antes del primer FROM) y las etapas, ya validados.

    `DockerfileError`, con el texto de BuildKit, en la primera instrucción que no vale.
    """
    meta_args: list[Instruction] = []
    groups: list[list[Instruction]] = []
    for instruction in dockerfile.instructions:
        rules.check(instruction)
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
    name = origin.args[2].lower() if len(origin.args) == 3 else ""
    return Stage(name, origin.args[0], origin.flag("platform"), origin, tuple(instructions))


def arguments(instruction: Instruction) -> tuple[tuple[str, str | None], ...]:
    """Los argumentos que declara un ARG: pares (nombre, valor por defecto o None)."""
    return tuple((name, value if equals else None)
                 for name, equals, value in (word.partition("=") for word in instruction.args))
