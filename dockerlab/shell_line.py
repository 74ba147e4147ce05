"""Trocear lo que se escribe tras `!docker`: palabras, órdenes encadenadas y `$(docker …)`.

No es un shell: entiende lo justo para que las líneas que la gente copia
funcionen, y reconoce lo que no puede hacer para decirlo.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

CHAINS = ("&&", "||", ";")
FILTERS = frozenset("awk cat cut egrep fgrep grep head less more nl rev sed sort tac tail tr uniq wc xargs".split())
"""Los programas que pueden ir detrás de `|` (`pipes`)."""
BOTH = re.compile(r"\s2>&1(?=\s|$)")
INNER = re.compile(r"\$\((?P<inner>\s*docker\b[^()]*)\)|`(?P<quoted>\s*docker\b[^`]*)`")


class Unsupported(ValueError):
    """La línea pide algo que solo hace un shell; el mensaje dice qué."""


REDIRECTED = {("save", ">"): "-o", ("export", ">"): "-o", ("load", "<"): "-i"}


def without_shell(line: str, operator: str) -> str:
    """La opción de Docker que hace lo mismo que esa redirección, dicha en una frase; «» si no hay ninguna."""
    found = next((option for (order, sign), option in REDIRECTED.items()
                  if sign == operator and re.search(rf"\bdocker\s+(\w+\s+)?{order}\b", line)), "")
    return f"Docker usa archivos él solo: escribe `{found} ARCHIVO` en lugar de `{operator} ARCHIVO`." if found else ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Una orden de la línea: sus palabras y el operador que la precede (vacío en la primera).

    `filters`: los programas por los que pasa su salida (`| grep web`); `both`: también sus errores (`2>&1`).
    """

    operator: str
    words: tuple[str, ...]
    filters: tuple[tuple[str, ...], ...] = ()
    both: bool = False


TOKEN = re.compile(r"""(?P<blank>\s+)|(?P<operator>&&|\|\||>>|[;|&<>])
    |(?P<word>(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\&|;<>])+)""", re.VERBOSE | re.DOTALL)


def lexed(line: str) -> Iterator[tuple[str, str]]:
    """Palabras y operadores, como pares (clase, texto). `ValueError` si falta cerrar una comilla."""
    at = 0
    while at < len(line):
        found = TOKEN.match(line, at)
        if not found:
            raise ValueError("comillas sin cerrar")
        at = found.end()
        if found.lastgroup != "blank":
            yield str(found.lastgroup), found[0]


PART = re.compile(r"""'(?P<single>[^']*)'|"(?P<double>(?:[^"\\]|\\.)*)"|\\(?P<escaped>.)|(?P<bare>[^'"\\]+)""",
                  re.DOTALL)
VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)\}|(?P<plain>[A-Za-z_]\w*))")


def unquoted(word: str, environment: Mapping[str, str]) -> str:
    """La palabra como la dejaría un shell: sin comillas ni barras, y con las variables de entorno puestas."""
    def value(found: re.Match[str]) -> str:
        return environment.get(found["braced"] or found["plain"], "")
    done = ""
    for part in PART.finditer(word):
        if part["single"] is not None:
            done += part["single"]
        elif part["double"] is not None:
            done += re.sub(r'\\(["\\$`])', r"\1", VARIABLE.sub(value, part["double"]))
        elif part["escaped"] is not None:
            done += part["escaped"]
        else:
            done += VARIABLE.sub(value, part["bare"])
    return os.path.expanduser(done) if word.startswith("~/") else done


def pieces(line: str, environment: Mapping[str, str]) -> list[Piece]:
    """Las órdenes de la línea. Lanza `Unsupported` con redirecciones y con lo que no sabe ir detrás de `|`."""
    found: list[tuple[str, list[list[str]]]] = [("", [[]])]
    ready = BOTH.sub(" ", line)
    for kind, text in lexed(ready):
        if kind == "word":
            found[-1][1][-1].append(unquoted(text, environment))
        elif text == "|":
            found[-1][1].append([])
        elif text in CHAINS:
            found.append((text, [[]]))
        else:
            raise Unsupported(text)
    for _, (_, *filters) in found:
        for words in filters:
            if words[:1] == [] or words[0] not in FILTERS:
                raise Unsupported("|")
    if found[-1] == (";", [[]]):
        del found[-1]
    return [Piece(operator, tuple(words), tuple(map(tuple, filters)), ready != line)
            for operator, (words, *filters) in found]


def substitute(line: str, run: Callable[[str], str]) -> str:
    """Cambia cada `$(docker …)` por lo que escriba, en una línea."""
    while found := INNER.search(line):
        text = " ".join(run((found["inner"] or found["quoted"]).strip()).split())
        line = line[:found.start()] + text + line[found.end():]
    return line


def mentions_docker(line: str) -> bool:
    """¿Hay un `docker` como orden en algún lugar de la línea (`sudo docker`, `cd x && docker`)?"""
    return re.search(r"(^|[;&|(`]|\b(?:sudo|env|time|exec|xargs|command|nohup|watch)\b(?:\s+-\S+)*)\s*"
                     r"(?:[\w./~-]*/)?docker(?:-compose)?(?=\s|$)", line.strip()) is not None


def logical_lines(text: str) -> Iterator[str]:
    """Las órdenes de una celda: sin comentarios ni líneas vacías, con las que siguen en otra línea ya unidas."""
    pending, continued = "", False
    for line in text.splitlines():
        if not pending and (not line.strip() or line.lstrip().startswith("#")):
            continue
        pending += line.lstrip() if continued else line
        continued = pending.endswith("\\")
        if continued:
            pending = pending[:-1].rstrip() + " "
            continue
        try:
            list(lexed(pending))
        except ValueError:
            pending += "\n"
            continue
        yield pending.strip()
        pending = ""
    if pending.strip():
        yield pending.strip()
