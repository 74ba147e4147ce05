"""Recorrer un camino: unas celdas escritas como en el notebook, ejecutadas sin notebook.

Entiende lo que un ejercicio pide escribir: líneas `!docker …`, celdas
`%%docker`, archivos con `%%archivo ruta` y una asignación `respuesta = …`.
Las celdas se separan con una línea en blanco antes de `%%`.
"""

from __future__ import annotations

import ast
import itertools
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..pipes import pipe
from ..shell_line import Unsupported, logical_lines, pieces, substitute
from .practice import write

CREATES = re.compile(r"docker (?:container )?(?:run|create) ")
NAMED = re.compile(r"--name[ =](\S+)")
MOUNTS = re.compile(r"(?:-v|--volume)[ =](\w[\w.-]*):")

@dataclass(frozen=True, slots=True)
class Walked:
    """Lo que dejó el camino: la respuesta escrita (o None) y lo que imprimió cada orden."""

    answer: Any
    transcript: tuple[tuple[str, str, int], ...]  # (orden, lo impreso, código de salida)


def walk(engine: Any, road: str, folder: Path) -> Walked:
    """Ejecuta el camino en `engine`, con `folder` como carpeta actual.

    `ValueError` si una línea no se entiende: un camino es parte de los datos
    del curso y no se adivina.
    """
    answer, transcript = None, []
    for kind, text, body in steps(road):
        if kind == "archivo":
            write(folder, text, body)
        elif kind == "respuesta":
            answer = literal(text)
        else:
            transcript.append(order(engine, text, folder))
    return Walked(answer, tuple(transcript))


def steps(road: str) -> Iterator[tuple[str, str, str]]:
    """Los pasos del camino: («archivo», ruta, texto), («orden», «docker …», «») o («respuesta», valor, «»)."""
    for cell in road_cells(road):
        head, _, body = cell.partition("\n")
        if head.startswith("%%archivo "):
            yield "archivo", head.split(maxsplit=1)[1].strip(), body
        elif head.strip() == "%%docker":
            yield from (("orden", line, "") for line in body.splitlines() if line.strip())
        elif head.startswith("respuesta = "):
            yield "respuesta", cell.removeprefix("respuesta = "), ""
        else:
            for line in cell.splitlines():
                if line.startswith("!docker "):
                    yield "orden", line[1:], ""
                elif line.strip() and not line.startswith("#"):
                    raise ValueError(f"no entiendo esta línea del camino: {line}")


def road_cells(road: str) -> list[str]:
    """Las celdas del camino, en orden."""
    cells: list[str] = []
    for block in road.strip().split("\n\n"):
        if cells and cells[-1].startswith("%%archivo") and not block.startswith(("%%", "!docker", "respuesta")):
            cells[-1] += f"\n\n{block}"
        else:
            cells.append(block)
    return cells


def order(engine: Any, line: str, folder: Path) -> tuple[str, str, int]:
    """Ejecuta una orden `docker …`: (la orden, todo lo que imprimió, su código de salida).

    Un `$(docker …)` dentro de ella se cambia antes por lo que esa otra imprima.
    """
    from ..cli import Terminal, run
    printed: list[str] = []
    ready = substitute(line, lambda inner: order(engine, inner, folder)[1])
    argv = shlex.split(ready.removeprefix("docker "))
    code = run(engine, argv, Terminal(out=printed.append, err=printed.append, cwd=str(folder)))
    return line, "".join(printed), code


def retake(engine: Any, road: str, after: str = "") -> list[str]:
    """Elimina los contenedores y los volúmenes que el camino va a crear por su nombre; las órdenes que hicieron falta.

    Un volumen no se puede eliminar mientras alguien lo monte: esos contenedores se van también. `after`: un camino que
    vendrá detrás; el contenedor que lleve un nombre que ese camino da con `rename` es de un intento anterior.
    """
    asked = [line for kind, line, _ in steps(road) if kind == "orden" and CREATES.match(line)]
    volumes = {found[1] for line in asked for found in MOUNTS.finditer(line)}
    named = {found[1] for line in asked if (found := NAMED.search(line))}
    named |= {line.split()[3] for _, line, _ in steps(after) if line.startswith("docker rename ")}
    before = engine.view()
    gone = [f"docker rm -f {one.name}" for one in before.containers
            if one.name in named or volumes & {mount.source for mount in one.mounts}]
    gone += [f"docker volume rm {one.name}" for one in before.volumes if one.name in volumes]
    return [order(engine, line, Path())[0] for line in gone]


def script(engine: Any, text: str, folder: Path) -> str:
    """Ejecuta las órdenes `docker …` de un guion de shell: la primera línea que falla, o «» si van bien todas.

    Entiende `cd`, las variables, las tuberías y las órdenes encadenadas; no hace caso de otros programas. Con
    redirecciones no puede: esa línea falla.
    """
    here, values = folder, {}

    def printed(line: str) -> str:
        return order(engine, line, here)[1]

    def again(words: Sequence[str]) -> tuple[int, str]:
        _, written, code = order(engine, shlex.join(words), here)
        return code, written

    for line in logical_lines(text):
        code = 0
        try:
            parts = pieces(substitute(line.replace("$(pwd)", "$PWD"), printed), values | {"PWD": str(here)})
        except (Unsupported, ValueError):
            return line.strip()
        for part in parts:
            words = list(itertools.takewhile(lambda word: not word.startswith("#"), part.words))
            if not words or part.operator == {True: "&&", False: "||"}[code != 0]:
                continue
            words = words[1:] if words[0] in ("sudo", "export") else words
            if words[:1] == ["docker"]:
                _, text, code = order(engine, shlex.join(words), here)
                if part.filters:
                    code = pipe(text, part.filters, again)[0]
            elif words[:1] == ["cd"]:
                here = (here / (words[1] if len(words) > 1 else "~")).resolve()
                code = 0 if here.is_dir() else 1
            elif len(words) == 1 and (named := re.fullmatch(r"(\w+)=(.*)", words[0])):
                values[named[1]], code = named[2], 0
            else:
                code = 0
        if code:
            return line.strip()
    return ""


def literal(text: str) -> Any:
    """El valor de `dict(a="b")` o de un literal de Python."""
    node = ast.parse(text.strip(), mode="eval").body
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        return {item.arg: ast.literal_eval(item.value) for item in node.keywords}
    return ast.literal_eval(node)
