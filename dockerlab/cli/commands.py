"""Las órdenes de `docker`, como datos.

Cada archivo de `commands/*.toml` describe unas cuantas: dónde están, cómo se
usan, qué dice su ayuda y qué opciones tienen. De ahí salen la lectura de la línea
de órdenes, la ayuda, los mensajes de uso y lo que completa el tabulador.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

FLAG_LINE = re.compile(r"(?:-(?P<short>\w), | {4})--(?P<name>[\w-]+)(?: (?P<type>\S+))?(?:\s{2,}(?P<text>.*))?$")
DEFAULT = re.compile(r'\(default (?P<value>"[^"]*"|[^()]*)\)$')
PLUGINS = ("buildx", "compose")


@dataclass(frozen=True, slots=True)
class Flag:
    """Una opción: `--name`, tal vez `-shorthand`, y el tipo de su valor (vacío: es sí o no)."""

    name: str
    shorthand: str = ""
    type: str = ""
    text: str = ""
    hidden: bool = False

    @property
    def default(self) -> str:
        """El valor que tiene si nadie la escribe, tal como lo dice la ayuda (vacío si no lo dice)."""
        found = DEFAULT.search(self.text)
        return found["value"].strip('"') if found else ""


@dataclass(frozen=True, slots=True)
class Command:
    """Una orden. `path`: su lugar (`container run`); `at`: otros lugares donde está (`run`).

    `args`: cuántos argumentos admite (`none`, `1`, `1+`, `0-1`; con `cobra`
    delante, si el mensaje de error es el de la biblioteca); `interspersed`: las
    opciones pueden ir también detrás del primer argumento.
    """

    path: str
    at: tuple[str, ...] = ()
    usage: str = ""
    short: str = ""
    long: str = ""
    listed: str = ""
    aliases: str = ""
    args: str = ""
    interspersed: bool = True
    flags: tuple[Flag, ...] = ()
    section: str = ""
    common: tuple[str, ...] = ()
    footer: str = ""

    @property
    def plugin(self) -> str:
        """`buildx` o `compose` si la orden es de un complemento: sus mensajes son algo distintos."""
        first = self.path.partition(" ")[0]
        return first if first in PLUGINS else ""

    @property
    def names(self) -> Iterator[str]:
        """Todos los lugares donde se puede escribir la orden."""
        yield self.path
        yield from self.at
        yield from (name.removeprefix("docker ") for name in self.aliases.split(", ") if name)

    def flag(self, name: str) -> Flag | None:
        """La opción `--name`, o `None`."""
        return next((flag for flag in self.flags if flag.name == name), None)

    def short_flag(self, letter: str) -> Flag | None:
        """La opción `-letter`, o `None`."""
        return next((flag for flag in self.flags if flag.shorthand == letter), None)


def read_flags(text: str, hidden: bool = False) -> tuple[Flag, ...]:
    """Las opciones escritas como en la ayuda, una por línea (`\\n` es un salto dentro del texto)."""
    found = (FLAG_LINE.fullmatch(line) for line in text.splitlines() if line.strip())
    return tuple(Flag(m["name"], m["short"] or "", m["type"] or "", (m["text"] or "").replace("\\n", "\n"), hidden)
                 for m in found)


def _command(path: str, entry: dict[str, Any], entries: dict[str, dict[str, Any]]) -> Command:
    flags = read_flags(entry.get("flags", "")) + read_flags(entry.get("hidden", ""), hidden=True)
    if "like" in entry:
        taken = {flag.name for flag in flags} | set(entry["without"].split())
        model = _command(entry["like"], entries[entry["like"]], entries)
        flags = tuple(sorted((*flags, *(flag for flag in model.flags if flag.name not in taken)),
                             key=lambda flag: flag.name))
    return Command(path, tuple(entry.get("at", ())), entry.get("usage", ""), entry["short"],
                   entry.get("long", ""), entry.get("listed", ""), entry.get("aliases", ""),
                   entry.get("args", ""), entry.get("interspersed", True), flags,
                   entry.get("section", ""), tuple(entry.get("common", "").split()), entry.get("footer", ""))


@functools.cache
def table() -> dict[str, Command]:
    """Todas las órdenes por cada uno de sus lugares; `""` es `docker` a secas."""
    import tomllib
    from importlib.resources import files
    entries: dict[str, dict[str, Any]] = {}
    for file in files(__package__).joinpath("commands").iterdir():
        if file.name.endswith(".toml"):
            entries |= tomllib.loads(file.read_text(encoding="utf-8"))
    commands = [_command(path, entry, entries) for path, entry in entries.items()]
    return {name: command for command in commands for name in command.names}


def canonical(path: str) -> str:
    """El lugar en la tabla: `builder` es otro nombre de `buildx`."""
    first, _, rest = path.partition(" ")
    return f"buildx {rest}".strip() if first == "builder" else path


def lookup(path: str) -> Command | None:
    """La orden que está en `path` (`run`, `container ls`), o `None`."""
    return table().get(canonical(path))


def children(command: Command) -> dict[str, str]:
    """Las órdenes de un grupo y la frase con que se las presenta, por orden alfabético."""
    prefix = f"{command.path} " if command.path else ""
    found: dict[str, str] = {}
    for entry in dict.fromkeys(table().values()):
        for place in (entry.path, *entry.at):
            name = place.removeprefix(prefix)
            if name and place.startswith(prefix) and " " not in name:
                found[name] = (place != entry.path and entry.listed) or entry.short
    return dict(sorted(found.items()))


def is_group(command: Command) -> bool:
    """¿Es un grupo de órdenes (`docker image`) y no una orden?"""
    prefix = f"{command.path} " if command.path else ""
    return any(entry.path != command.path and entry.path.startswith(prefix) for entry in table().values())


def deprecated(flag: Flag) -> str:
    """Por cuál hay que cambiar una opción retirada, o vacío si sigue en uso."""
    retired = flag.hidden and flag.text.startswith("use ")
    return flag.text.removeprefix("use ").removesuffix(" instead") if retired else ""


def say_builder(command: Command, flag: Flag, place: str) -> Flag:
    """`--builder` dice su valor si se llega a buildx por otro nombre (`docker build`)."""
    if flag.name != "builder" or command.plugin != "buildx" or place.startswith("buildx"):
        return flag
    return replace(flag, text=f'{flag.text} (default "default")')
