"""El lenguaje de los Dockerfile: leerlo, validarlo, dar valor a sus variables.

    >>> dockerfile = parse("FROM alpine AS base\\nRUN echo hola\\n")
    >>> meta_args, stages = read(dockerfile)
    >>> stages[0].name, stages[0].instructions[0].value
    ('base', 'echo hola')

`parse` (de texto a instrucciones), `read` (de instrucciones a etapas, con las
comprobaciones de BuildKit), `words.expand` (variables), `ignore` (.dockerignore)
y `lint` (las reglas de `docker build --check`).
"""

from .instruction import Directive, Dockerfile, Heredoc, Instruction, ParserWarning
from .parser import parse
from .stages import Stage, read

__all__ = ["Directive", "Dockerfile", "Heredoc", "Instruction", "ParserWarning", "Stage", "parse", "read"]
