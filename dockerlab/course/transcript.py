"""Lo que se ha hecho en un notebook, como guion de shell para un Docker de verdad."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

HEAD = """\
#!/bin/sh
# Lo que hiciste en el notebook, para un Docker de verdad.
# Ejecútalo en la carpeta de los notebooks, la que tiene dentro `app`.
"""


def script(cells: Iterable[str]) -> str:
    """El guion de esas celdas: sus órdenes `docker …` y los archivos que escriben con `%%archivo`, en orden."""
    return "\n".join([HEAD, *(line for cell in cells for line in told(cell))]).rstrip("\n") + "\n"


def told(cell: str) -> Iterator[str]:
    """Una celda, como líneas de shell; nada, si no manda nada a Docker."""
    head, _, body = cell.lstrip("\n").partition("\n")
    if head.startswith("%%archivo "):
        yield file(head.split(maxsplit=1)[1].strip(), body)
        return
    if head.strip() == "%%docker":
        yield from (line for line in body.splitlines() if line.strip().startswith(("docker ", "docker\t")))
        return
    for line in cell.splitlines():
        name, sign, order = line.partition("!")
        if sign and order.lstrip().startswith("docker ") and (not name.strip() or name.rstrip().endswith("=")):
            kept = name.rstrip().removesuffix("=").strip()
            yield f"{kept}=$({order.strip()})" if kept else order.strip()
        elif line.startswith("%env ") and "=" in line:
            yield "export " + shlex.quote(line.removeprefix("%env ").strip())


def file(name: str, text: str) -> str:
    """Las líneas que escriben un archivo."""
    end = "FIN"
    while end in text.splitlines():
        end += "_"
    folder = PurePosixPath(name).parent.as_posix()
    return (f"mkdir -p {shlex.quote(folder)}\n" if folder != "." else "") + \
        f"cat > {shlex.quote(name)} <<'{end}'\n{text.rstrip(chr(10))}\n{end}"
