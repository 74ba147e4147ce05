"""Lo que el tabulador puede completar: de la misma tabla de órdenes y de lo que hay en el motor."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from dockerlab.containers import signals

from .commands import Command, Flag, children, is_group, lookup

if TYPE_CHECKING:
    from dockerlab.engine import Engine

Source = Callable[["Engine"], Iterable[str]]


def containers(engine: Engine) -> Iterable[str]:
    """Los nombres de los contenedores."""
    return (record.name for record in engine.containers.list())


def images(engine: Engine) -> Iterable[str]:
    """Las etiquetas de las imágenes, y el repositorio a secas si hay `latest`."""
    tags = [tag for stored in engine.images.list() for tag in engine.images.tags(stored.image.id)]
    return [*tags, *(tag.removesuffix(":latest") for tag in tags if tag.endswith(":latest"))]


def volumes(engine: Engine) -> Iterable[str]:
    """Los nombres de los volúmenes."""
    return (volume.name for volume in engine.volumes.list())


def networks(engine: Engine) -> Iterable[str]:
    """Los nombres de las redes."""
    return (network.name for network in engine.networks.list())


WORDS: tuple[tuple[str, Source], ...] = (
    ("CONTAINER", containers), ("IMAGE", images), ("REPOSITORY", images), ("VOLUME", volumes),
    ("NETWORK", networks), ("NAME|ID", lambda engine: [*containers(engine), *images(engine), *volumes(engine),
                                                       *networks(engine)]), ("NAME", images))
"""Qué se pone donde la línea de uso dice cada palabra."""

VALUES: dict[str, Source] = {
    "network": networks, "volumes-from": containers, "link": containers, "volume": volumes,
    "restart": lambda _: ("no", "always", "on-failure", "unless-stopped"),
    "pull": lambda _: ("always", "missing", "never"), "signal": lambda _: (f"SIG{name}" for name in signals.NAMES),
    "progress": lambda _: ("auto", "plain", "tty", "quiet"), "format": lambda _: ("json", "table"),
    "type": lambda _: ("container", "image", "network", "volume"),
    "filter": lambda _: ("name=", "status=", "label=", "ancestor=", "dangling=", "reference=", "volume=", "network="),
    "driver": lambda _: ("bridge", "local"), "pid": lambda _: ("host",), "log-level": lambda _: ("debug", "info")}
"""Los valores de algunas opciones, por su nombre."""

PATHS = ("PATH", "file|URL|-")


def find(words: Sequence[str]) -> tuple[Command, list[str]]:
    """La orden que nombran las palabras, y las que quedan."""
    command, place, rest = lookup(""), "", list(words)
    while rest and command is not None and is_group(command):
        found = lookup(f"{place} {rest[0]}".strip())
        if found is None:
            break
        command, place, rest = found, f"{place} {rest[0]}".strip(), rest[1:]
    assert command is not None
    return command, rest


def expecting(command: Command, word: str) -> Flag | None:
    """La opción a la que `word` deja esperando su valor, si la hay."""
    if word.startswith("--"):
        flag = command.flag(word[2:]) if "=" not in word else None
    else:
        flag = command.short_flag(word[-1]) if re.fullmatch(r"-[A-Za-z]+", word) else None
    return flag if flag is not None and flag.type else None


def flag_names(command: Command) -> list[str]:
    """`--name`, `-n`... de una orden."""
    shown = [flag for flag in command.flags if not flag.hidden]
    short = [f"-{flag.shorthand}" for flag in shown if flag.shorthand]
    return ["--help", *(f"--{flag.name}" for flag in shown), *short]


def paths(prefix: str, cwd: str) -> list[str]:
    """Archivos y carpetas que empiezan así."""
    folder, name = os.path.split(prefix)
    where = os.path.join(cwd, os.path.expanduser(folder))
    try:
        found = sorted(os.listdir(where))
    except OSError:
        return []
    return [os.path.join(folder, each) + ("/" if os.path.isdir(os.path.join(where, each)) else "")
            for each in found if each.startswith(name)]


def given(command: Command, words: Sequence[str]) -> list[str]:
    """Los argumentos ya escritos, sin las opciones ni sus valores."""
    found, skip = [], False
    for word in words:
        if not skip and not word.startswith("-"):
            found.append(word)
        skip = not skip and expecting(command, word) is not None
    return found


def expected(command: Command, arguments: Sequence[str]) -> str:
    """La palabra de la línea de uso que toca: `NETWORK` y, tras ella, `CONTAINER`."""
    words = command.usage.split("\n")[0].replace("[OPTIONS] ", "").split() or [""]
    return words[min(len(arguments), len(words) - 1)]


def complete(engine: Engine, words: Sequence[str], prefix: str, cwd: str = ".") -> list[str]:
    """Lo que puede seguir a `words` (sin `docker`) empezando por `prefix`."""
    command, rest = find(words)
    flag = expecting(command, words[-1]) if words else None
    if flag is not None:
        source = VALUES.get(flag.name)
        options = source(engine) if source else ()
        files = paths(prefix, cwd) if flag.name in ("file", "env-file", "output", "input", "volume") else []
        return [*matching(options, prefix), *files]
    if prefix.startswith("-"):
        return matching(flag_names(command), prefix)
    if is_group(command):
        return [] if rest else matching(children(command), prefix)
    place = expected(command, given(command, rest))
    source = next((source for word, source in WORDS if word in place), None)
    files = paths(prefix, cwd) if any(word in place for word in PATHS) else []
    return [*matching(source(engine) if source else (), prefix), *files]


def matching(options: Iterable[str], prefix: str) -> list[str]:
    """Las que empiezan por `prefix`, sin repetir y en orden."""
    return sorted({option for option in options if option.startswith(prefix)})
