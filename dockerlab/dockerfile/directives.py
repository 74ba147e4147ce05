"""Las directivas del principio: `# syntax=…`, `# escape=\\`` y `# check=…`.

Solo valen antes de cualquier otra línea, y cada una, una vez (Dockerfile
reference, *Parser directives*). Un comentario corriente acaba con ellas.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from dockerlab.errors import DockerfileError, DockerlabError, fault

from .golang import SPACE
from .instruction import Directive

NAMES = ("syntax", "escape", "check")
BLANK = "\t\n\f\r "
NAME = re.compile(r"([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=")


def leading(lines: Iterable[str], mark: str = "#", start: int = 1) -> Iterator[Directive]:
    """Las directivas con que empiezan las líneas; `start` es el número de la primera.

    `DockerfileError` si una se repite.
    """
    seen = set()
    for number, line in enumerate(lines, start):
        directive = parse(line, mark, number)
        if directive is None:
            return
        if directive.name in seen:
            raise misplaced("directive-twice", directive, name=directive.name)
        seen.add(directive.name)
        yield directive


def misplaced(key: str, directive: Directive, **data: object) -> DockerlabError:
    """El error `key` en una directiva. Docker real: señala la línea de antes."""
    shown = directive.line - 1
    return fault(key, line=directive.line, lines=(shown, shown), **data)


def parse(line: str, mark: str, number: int) -> Directive | None:
    """La directiva de una línea que empieza por `mark`, o None."""
    if not line.startswith(mark):
        return None
    line = line[len(mark):].lstrip(SPACE)
    found = NAME.match(line)
    if found is None or (name := found[1].lower()) not in NAMES or found.end() == len(line):
        return None
    # Un valor hecho solo de espacios es un espacio, y el analizador lo rechazará.
    return Directive(name, line[found.end():].strip(BLANK) or " ", number)


def detect(name: str, text: str, any_format: bool = False) -> Directive | None:
    """La directiva `name` de un archivo completo; con `any_format`, también tras `//` o en un JSON.

    Así descubre Docker qué `# syntax=` usar antes de saber qué lenguaje es.
    """
    text = text.removeprefix("\ufeff")
    line = 1
    if text.startswith("#!"):
        text, line = text.partition("\n")[2], 2
    for mark in ("#", "//") if any_format else ("#",):
        found: list[Directive] = []
        try:
            found.extend(leading(text.split("\n"), mark, line))
        except DockerfileError:
            pass  # repetida: valen las de antes, y el analizador dirá lo demás
        for directive in found:
            if directive.name == name:
                return directive
    if any_format and text.lstrip().startswith("{"):
        try:
            value = json.loads(text).get(name)
        except (ValueError, RecursionError):
            return None
        if isinstance(value, str):
            return Directive(name, value, line - 1)
    return None
