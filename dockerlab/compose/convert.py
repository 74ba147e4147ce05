"""Poner valores en su sitio: interpolar los textos, y dejar los del modelo en su forma final.

Los dos recorridos siguen el esquema: por eso `retries: "${N}"` acaba siendo un
número y `mem_limit: 64m`, los bytes que son.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dockerlab.dockerfile import durations
from dockerlab.dockerfile.golang import quote
from dockerlab.errors import DockerlabError, fault
from dockerlab.units import ram_in_bytes

from .schema import PROJECT, Atom, Either, List, Map, Path, Table, choose, line_of, table
from .source import Source, Tagged
from .template import Lookup, substitute

TRUE, FALSE = ("true", "y", "yes", "on"), ("false", "n", "no", "off")


def cast_int(text: str) -> int:
    """Un entero. `ValueError`, con las palabras de Go."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"strconv.Atoi: parsing {quote(text)}: invalid syntax")
    return int(text)


def cast_float(text: str) -> float:
    """Un número."""
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"strconv.ParseFloat: parsing {quote(text)}: invalid syntax") from None


def cast_bool(text: str) -> bool:
    """Sí o no, como lo diría una persona."""
    if text.lower() not in TRUE + FALSE:
        raise ValueError(f"invalid boolean: {text}")
    return text.lower() in TRUE


CASTS: dict[str, Callable[[str], Any]] = {"int": cast_int, "float": cast_float, "bool": cast_bool}


def inner(kind: Any, value: Any, key: str | int) -> Any:
    """El tipo de lo que hay en `value[key]`."""
    if isinstance(kind, Either):
        kind = choose(kind.options, value)
    if isinstance(kind, (List, Map)):
        return kind.item
    if isinstance(kind, Table):
        field = table(kind.name).get(str(key))
        return field.type if field else None
    return None


def atom(kind: Any, value: Any) -> Atom | None:
    """El tipo de un valor suelto."""
    if isinstance(kind, Either):
        kind = choose(kind.options, value)
    return kind if isinstance(kind, Atom) else None


class Interpolation:
    """El recorrido que sustituye variables en un documento."""

    def __init__(self, source: Source, lookup: Lookup, missing: Callable[[str], None]):
        self.source, self.lookup, self.missing = source, lookup, missing

    def walk(self, value: Any, kind: Any = PROJECT, path: Path = ()) -> Any:
        """`value` con sus textos interpolados y convertidos. Faltas `compose-interpolation*`."""
        if isinstance(value, Tagged):
            return Tagged(value.kind, self.walk(value.value, kind, path))
        if isinstance(value, Mapping):
            return {key: self.walk(item, inner(kind, value, key), (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.walk(item, inner(kind, value, at), (*path, at)) for at, item in enumerate(value)]
        return self.text(value, kind, path) if isinstance(value, str) else value

    def text(self, value: str, kind: Any, path: Path) -> Any:
        """Un texto."""
        shown = ".".join("[]" if isinstance(step, int) else step for step in path)
        where = {"path": shown, "file": self.source.file, "line": line_of(self.source.lines, path)}
        try:
            text = substitute(value, self.lookup, self.missing)
        except DockerlabError as error:
            if error.key == "compose-template":
                raise fault("compose-interpolation-format", template=value, **where) from error
            raise fault("compose-interpolation", reason=error.text, **where) from error
        found = atom(kind, text)
        if found is None or found.cast not in CASTS:
            return text
        try:
            return CASTS[found.cast](text)
        except ValueError as error:
            raise fault("compose-cast", reason=str(error), **where) from error


# ── la forma final ──────────────────────────────────────────────────────────

def final_bytes(value: Any) -> str:
    """Los bytes, en cifras."""
    return str(int(value)) if isinstance(value, (int, float)) else str(ram_in_bytes(value))


def final_duration(value: Any) -> str:
    """La duración, como la escribe Go."""
    return durations.show(durations.parse(value))


def final_octal(value: Any) -> str:
    """Los permisos: `0440`."""
    return f"0{value:o}" if isinstance(value, int) else str(value)


FINALS: dict[str, Callable[[Any], Any]] = {"bytes": final_bytes, "duration": final_duration, "octal": final_octal}


def finish(value: Any, kind: Any = PROJECT, path: Path = ()) -> Any:
    """Cada valor en su forma final y cada clave en su orden. Falta `compose-decode`."""
    if isinstance(kind, Either):
        kind = choose(kind.options, value)
    if isinstance(value, Mapping):
        order = list(table(kind.name)) if isinstance(kind, Table) else []
        keys = [key for key in order if key in value]
        keys += sorted(key for key in value if key not in keys)
        return {key: finish(value[key], inner(kind, value, key), (*path, key)) for key in keys}
    if isinstance(value, list):
        return [finish(item, inner(kind, value, at), (*path, at)) for at, item in enumerate(value)]
    if not isinstance(kind, Atom) or kind.cast not in FINALS or value is None:
        return value
    try:
        return FINALS[kind.cast](value)
    except (DockerlabError, ValueError) as error:
        raise fault("compose-decode", path=decoded(path), reason=str(error)) from error


def without_extensions(value: Any, kind: Any = PROJECT) -> Any:
    """Sin las claves `x-` de dentro de las tablas del esquema."""
    if isinstance(kind, Either):
        kind = choose(kind.options, value)
    if isinstance(value, Mapping):
        return {key: without_extensions(item, inner(kind, value, key)) for key, item in value.items()
                if not (isinstance(kind, Table) and key.startswith("x-"))}
    if isinstance(value, list):
        return [without_extensions(item, inner(kind, value, at)) for at, item in enumerate(value)]
    return value


def decoded(path: Path) -> str:
    """`services[web].mem_limit`: la ruta como la escribe el decodificador."""
    shown = ""
    for at, step in enumerate(path):
        bracket = isinstance(step, int) or (at == 1 and path[0] != "name")
        shown += f"[{step}]" if bracket else f".{step}" if shown else str(step)
    return shown
