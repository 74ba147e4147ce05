"""Cantidades dichas con palabras, como las dicen Docker y el curso."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..units import human_size


def size(count: int) -> str:
    """Un tamaño en bytes como el de `docker images`: «0B», «1.23kB», «912MB»."""
    return human_size(count, 3)


def plural(count: int, one: str, many: str = "") -> str:
    """«1 capa», «3 capas»; `many` es el plural cuando no basta con añadir una «s»."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def images(count: int) -> str:
    """«1 imagen», «3 imágenes»."""
    return plural(count, "imagen", "imágenes")


def containers(count: int) -> str:
    """«1 contenedor», «3 contenedores»."""
    return plural(count, "contenedor", "contenedores")


def span(nanoseconds: int) -> str:
    """Un lapso: «0 s», «1.5 s», «10 s», «2 min 5 s»."""
    seconds = nanoseconds / 1e9
    if seconds < 60:
        return f"{round(seconds, 1):g} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def listing(items: Iterable[str]) -> str:
    """«a», «a y b», «a, b y c»."""
    *others, last = list(items) or [""]
    joint = " e " if last.lower().startswith(("i", "hi")) and not last.lower().startswith("hie") else " y "
    return joint.join(filter(None, [", ".join(others), last]))


def short(digest: str) -> str:
    """Los doce primeros dígitos de un identificador, como los muestra Docker."""
    return digest.removeprefix("sha256:")[:12]


def quoted(text: str) -> str:
    """El texto entre comillas españolas, en una sola línea."""
    return f"«{' '.join(text.split())}»"


def instruction(created_by: str) -> str:
    """La instrucción que hizo una capa, sin lo que el constructor le añade en `docker history`.

    El antiguo decía qué copiaba con 64 cifras, que aquí se quedan en ocho: «COPY file:e57eef01… in /app».
    """
    text = " ".join(created_by.removesuffix("# buildkit").split())
    for added, short_form in (("/bin/sh -c #(nop) ", ""), ("RUN /bin/sh -c ", "RUN "), ("/bin/sh -c ", "RUN ")):
        if text.startswith(added):
            text = short_form + text.removeprefix(added)
            break
    return re.sub(r"(?<=:)([0-9a-f]{8})[0-9a-f]{56}\b", r"\1…", text)
