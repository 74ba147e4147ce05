"""Leer la línea de órdenes como la lee `docker` (biblioteca pflag).

`-dit` son tres opciones; `-p8080:80` y `-p 8080:80` son lo mismo, como
`--name=x` y `--name x`; detrás de `--` todo son argumentos.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dockerlab.errors import DockerlabError, UsageError, fault
from dockerlab.units import ram_in_bytes

from .commands import Command, Flag, deprecated, is_group

TRUE = ("1", "t", "T", "TRUE", "true", "True")
FALSE = ("0", "f", "F", "FALSE", "false", "False")
INTEGER = re.compile(r"[+-]?\d+(_\d+)*")
DURATION_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9,
                  "h": 3600 * 10**9}
DURATION_PART = re.compile(r"(\d+\.?\d*|\.\d+)([^\d.]*)")


def parse_bool(text: str) -> bool:
    """`true`, `1`, `t`... o sus contrarios. Falta `parse-bool`."""
    if text not in TRUE + FALSE:
        raise fault("parse-bool", text=text)
    return text in TRUE


def parse_int(text: str, signed: bool = True) -> int:
    """Un entero como lo lee Go. Falta `parse-int` (`parse-uint` si no admite signo)."""
    if not INTEGER.fullmatch(text) or (not signed and text[0] in "+-") or "_" in text:
        raise fault("parse-int" if signed else "parse-uint", text=text)
    return int(text)


def parse_duration(text: str) -> int:
    """`1m30s` → nanosegundos. Faltas: `duration-unit`, `duration-unknown-unit`, `duration-syntax`."""
    sign, body = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if body == "0":
        return 0
    at, total = 0, 0.0
    while at < len(body):
        part = DURATION_PART.match(body, at)
        if not part:
            raise fault("duration-syntax", text=text)
        if not part[2]:
            raise fault("duration-unit", text=text)
        if part[2] not in DURATION_UNITS:
            raise fault("duration-unknown-unit", text=text, unit=part[2])
        total += float(part[1]) * DURATION_UNITS[part[2]]
        at = part.end()
    if not body:
        raise fault("duration-syntax", text=text)
    return sign * round(total)


def parse_filter(text: str) -> tuple[str, str]:
    """`name=web` → (name, web). Falta `filter-format`."""
    if not text:
        return "", ""
    name, equals, value = text.partition("=")
    if not equals:
        raise fault("filter-format")
    return name.strip().lower(), value.strip()


def split_csv(text: str) -> list[str]:
    """Los campos de una línea separada por comas, con comillas dobles si hacen falta."""
    return next(csv.reader(io.StringIO(text), strict=True), []) if text else []


def parse_pair(text: str) -> tuple[str, str]:
    """`clave=valor` → (clave, valor); sin `=`, el valor es vacío."""
    name, _, value = text.partition("=")
    return name, value


Parser = Callable[[str], Any]

SCALARS: dict[str, Parser] = {
    "": parse_bool, "string": str, "int": parse_int, "int32": parse_int, "int64": parse_int,
    "uint": lambda text: parse_int(text, signed=False), "uint16": lambda text: parse_int(text, signed=False),
    "bytes": ram_in_bytes, "duration": parse_duration}
"""Tipos de los que vale el último valor escrito."""

LISTS: dict[str, Parser] = {"list": str, "stringArray": str, "strings": split_csv, "scale": str,
                            "filter": parse_filter, "map": parse_pair}
"""Tipos que se acumulan."""

NAMED = ("list", "map", "bytes", "network")
"""Tipos que algunas opciones, por su nombre, leen a su manera."""

SINGLE = ("decimal",)
"""Tipos que lee quien llama (`checks`) y de los que vale el último."""


@dataclass(slots=True)
class Parsed:
    """Lo que se leyó: valores por nombre de opción, cuáles se escribieron, argumentos y avisos.

    `help`: alguien escribió `--help`.
    """

    values: dict[str, Any] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    arguments: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    help: bool = False

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def get(self, name: str, default: Any = None) -> Any:
        """El valor de la opción, o `default` si la orden no la tiene."""
        return self.values.get(name, default)

    def pairs(self, name: str) -> dict[str, str]:
        """Una lista de `clave=valor` como diccionario (gana el último)."""
        return dict(map(parse_pair, self.values[name]))


def default_value(flag: Flag) -> Any:
    """Lo que vale una opción que nadie escribió."""
    if flag.type in LISTS:
        return {} if flag.type == "map" else []
    if flag.type == "":
        return flag.default == "true"
    if flag.type in ("int", "int32", "int64", "uint", "uint16"):
        return int(flag.default) if INTEGER.fullmatch(flag.default) else 0
    if flag.type in ("bytes", "duration"):
        return 0
    if flag.type in SINGLE:
        return None
    return flag.default if flag.type == "string" else []


def shown_name(flag: Flag) -> str:
    """`-m, --memory` o `--cpus`, como lo escriben los errores."""
    return f"-{flag.shorthand}, --{flag.name}" if flag.shorthand else f"--{flag.name}"


class FlagParser:
    """Lee las palabras de una orden. `checks`: cómo leer el valor de algunas opciones, por tipo o por nombre."""

    def __init__(self, command: Command, checks: Mapping[str, Parser] | None = None):
        self.command, self.checks = command, checks or {}
        self.interspersed = command.interspersed and not is_group(command)

    def parse(self, words: Sequence[str]) -> Parsed:
        """Faltas: `option-unknown`, `option-unknown-short`, `option-needs-argument`, `option-invalid`."""
        parsed = Parsed({flag.name: default_value(flag) for flag in self.command.flags})
        queue = iter(words)
        for word in queue:
            if word == "--":
                parsed.arguments += queue
            elif word.startswith("--"):
                self._long(parsed, word, queue)
            elif word.startswith("-") and word != "-":
                self._short(parsed, word, queue)
            else:
                parsed.arguments.append(word)
                if not self.interspersed:
                    parsed.arguments += queue
        return parsed

    def _long(self, parsed: Parsed, word: str, queue: Iterator[str]) -> None:
        name, equals, value = word[2:].partition("=")
        flag = self.command.flag(name)
        if name == "help":
            parsed.help = True
            return
        if flag is None:
            if not name or name.startswith("-"):
                raise fault("option-syntax", word=word)
            raise fault("option-unknown", name=name)
        if not equals and flag.type:
            value = next(queue, None)
            if value is None:
                raise fault("option-needs-argument", name=f"--{name}")
        self._set(parsed, flag, value if equals or flag.type else "true")

    def _short(self, parsed: Parsed, word: str, queue: Iterator[str]) -> None:
        letters = word[1:]
        while letters:
            letter, rest = letters[0], letters[1:]
            flag = self.command.short_flag(letter)
            if flag is None:
                if letter == "h":
                    parsed.notices.append("Flag shorthand -h has been deprecated, use --help")
                    parsed.help, letters = True, rest
                    continue
                raise fault("option-unknown-short", letter=letter, word=f"-{letters}")
            if rest.startswith("="):
                value, letters = rest[1:], ""
            elif not flag.type:
                value, letters = "true", rest
            elif rest:
                value, letters = rest, ""
            else:
                found = next(queue, None)
                if found is None:
                    raise fault("option-needs-argument", name=f"'{letter}' in -{letters}")
                value, letters = found, ""
            self._set(parsed, flag, value)

    def _set(self, parsed: Parsed, flag: Flag, text: str) -> None:
        reader = self.checks.get(flag.type) or (self.checks.get(flag.name) if flag.type in NAMED else None)
        try:
            value = (reader or SCALARS.get(flag.type) or LISTS[flag.type])(text)
        except (DockerlabError, csv.Error) as error:
            raise invalid(flag, text, error) from error
        if deprecated(flag) and flag.name not in parsed.given:
            parsed.notices.append(f"Flag --{flag.name} has been deprecated, use {deprecated(flag)} instead")
        parsed.given.add(flag.name)
        if flag.type in SCALARS or flag.type in SINGLE:
            parsed.values[flag.name] = value
        elif flag.type == "map":
            parsed.values[flag.name][value[0]] = value[1]
        elif flag.type == "strings":
            parsed.values[flag.name] += value
        else:
            parsed.values[flag.name].append(value)


def invalid(flag: Flag, text: str, error: Exception) -> UsageError:
    """`invalid argument "x" for "-m, --memory" flag: …`, con la explicación del error que lo causó."""
    outer = fault("option-invalid", value=quote(text), flag=shown_name(flag), reason=str(error))
    if isinstance(error, DockerlabError) and error.what:
        outer.what, outer.why, outer.tip = error.what, error.why, error.tip
    return outer


def quote(text: str) -> str:
    """`text` entre comillas dobles, como `%q` de Go."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'
