"""Lo que va detrás de una tubería: `docker ps -a | grep web`, `docker images -q | wc -l`.

Los filtros son los de BusyBox, en un motor aparte que se tira: el de quien escribe ni se
entera. Solo `xargs docker …` vuelve a él, con lo que le llega puesto al final de la orden.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import islice

from .cli import capture
from .engine import Engine

PAGERS = ("less", "more")   # aquí la salida ya se puede recorrer: se enseña entera
Filter = tuple[str, ...]
Order = Callable[[Sequence[str]], tuple[int, str]]


def pipe(text: str, filters: Sequence[Filter], order: Order) -> tuple[int, str, str]:
    """Pasa `text` por los filtros: el código de salida del último, su salida y los errores de todos.

    `order` ejecuta `docker …` en el motor de quien escribe: su código y lo escrito.
    """
    code, errors = 0, ""
    for words in filters:
        docker = xargs(words, text)
        if docker is not None:
            done = [order(one) for one in docker]
            code, text = max((code for code, _ in done), default=0), "".join(text for _, text in done)
            continue
        words = ("cat", *words[1:]) if words[0] in PAGERS else words
        answer = capture(busybox(), ["run", "--rm", "-i", "busybox", *words], stdin=text.encode())
        code, text, errors = answer.code, answer.out, errors + answer.err
    return code, text, errors


def xargs(words: Filter, text: str) -> list[list[str]] | None:
    """Las órdenes de `xargs [-r] [-n N] docker …`; None si es otra cosa. Sin `-r` y sin nada que añadir, una."""
    if words[0] != "xargs" or "docker" not in words:
        return None
    at, each = words.index("docker"), 0
    options = " ".join(words[1:at]).replace("-n", "-n ").split()
    if "-n" in options:
        each = int(next(iter(options[options.index("-n") + 1:]), "") or 0)
    items = iter(text.split())
    parts = [*iter(lambda: list(islice(items, each or None)), [])]
    return [[*words[at:], *part] for part in (parts or [[]] * ("-r" not in options))]


@cache
def busybox() -> Engine:
    """El motor que presta los filtros."""
    engine = Engine(seed="tubería")
    engine.pull("busybox")
    return engine
