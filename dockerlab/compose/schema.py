"""El modelo de Compose como datos: `schema.toml`, leído una vez, y lo que se hace con él.

Un tipo es un árbol pequeño (`Atom`, `List`, `Map`, `Table`, `Either`). Con él se
convierten los textos que son números, se valida y se ordenan las claves.
"""

from __future__ import annotations

import difflib
import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dockerlab.errors import fault

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Atom:
    """Un valor suelto. `kinds`: las clases de YAML que admite; `cast`: en qué se convierte un texto."""

    kinds: tuple[str, ...]
    cast: str = ""
    choices: tuple[str, ...] = ()
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class List:
    """Una lista de lo mismo."""

    item: Any


@dataclass(frozen=True, slots=True)
class Map:
    """Un diccionario con cualquier clave."""

    item: Any


@dataclass(frozen=True, slots=True)
class Table:
    """Un diccionario con claves conocidas: la tabla `name` del esquema. `null`: también vale no decir nada."""

    name: str
    null: bool = False


@dataclass(frozen=True, slots=True)
class Either:
    """Una de varias formas, en el orden en que se prueban."""

    options: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """Una clave de una tabla."""

    type: Any
    required: bool = False


SCALARS = {
    "int": Atom(("integer", "string"), "int"), "bool": Atom(("boolean", "string"), "bool"),
    "num": Atom(("number", "string"), "float"),
    "bytes": Either((Atom(("number",), "bytes"), Atom(("string",), "bytes"))),
    "memory": Atom(("string",), "bytes"), "duration": Atom(("string",), "duration"),
    "size": Either((Atom(("integer",), "bytes"), Atom(("string",), "bytes"))),
    "duration_number": Atom(("number", "string")), "octal": Atom(("number", "string"), "octal"), "any": Atom(("any",))}
NAME = re.compile(r"[a-zA-Z0-9._-]+")


@functools.cache
def document() -> dict[str, dict[str, str]]:
    """`schema.toml`."""
    from importlib.resources import files
    return tomllib.loads(files(__package__).joinpath("schema.toml").read_text(encoding="utf-8"))


@functools.cache
def table(name: str) -> Mapping[str, Field]:
    """Las claves de una tabla, en su orden."""
    return {key: Field(read_type(text.removesuffix("!")), text.endswith("!"))
            for key, text in document()[name].items()}


def split(text: str) -> list[str]:
    """Las formas separadas por ` | `, sin cortar lo que va entre corchetes o llaves."""
    found, depth = [""], 0
    for piece in re.split(r"([\[\]{}]| \| )", text):
        depth += (piece in ("[", "{")) - (piece in ("]", "}"))
        if piece == " | " and not depth:
            found.append("")
        else:
            found[-1] += piece
    return found


@functools.cache
def read_type(text: str) -> Any:
    """El tipo que dice un texto del esquema."""
    text = text.strip()
    if text.startswith("/"):
        return Atom(("string",), pattern=text.strip("/"))
    options = split(text)
    if len(options) > 1:
        return Either(tuple(read_type(option) for option in options))
    if text.startswith("["):
        return List(read_type(text[1:-1]))
    if text.startswith("{"):
        return Map(read_type(text[1:-1]))
    if text.startswith("@"):
        return Table(text[1:].removesuffix("?"), text.endswith("?"))
    if text.startswith("<"):
        return Atom(("string",), choices=tuple(text[1:-1].split()))
    if text in document()["types"]:
        return read_type(document()["types"][text])
    if text in SCALARS:
        return SCALARS[text]
    kinds, _, cast = text.partition(":")
    return Atom(tuple(kinds.split("+")), cast)


PROJECT = Table("project")
SERVICE = Table("service")


def kind_of(value: Any) -> str:
    """La clase de YAML de un valor."""
    if value is None:
        return "null"
    kinds = ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (Mapping, "mapping"))
    return next((kind for cls, kind in kinds if isinstance(value, cls)), "array")


def fits(value: Any, kind: str) -> bool:
    """¿Es de esa clase? Un entero también es un número."""
    found = kind_of(value)
    return kind == "any" or found == kind or (kind == "number" and found == "integer")


def choose(options: tuple[Any, ...], value: Any) -> Any | None:
    """La primera forma que un valor puede tener por su clase, o `None`."""
    return next((option for option in options if shaped(option, value)), None)


def shaped(kind: Any, value: Any) -> bool:
    """¿Tiene el valor la clase que pide el tipo, sin mirar dentro?"""
    if isinstance(kind, Either):
        return any(shaped(option, value) for option in kind.options)
    if isinstance(kind, Atom):
        return any(fits(value, name) for name in kind.kinds)
    if isinstance(kind, List):
        return isinstance(value, list)
    return isinstance(value, Mapping) or (value is None and getattr(kind, "null", False))


# ── validar ─────────────────────────────────────────────────────────────────

Problem = tuple[float, Path, str]     # (lo hondo que está, dónde, qué pasa)


def validate(value: Any, file: str, lines: Mapping[Path, int]) -> None:
    """Falta `compose-schema`, la más honda, con la línea en que está."""
    found = list(problems(PROJECT, value, ()))
    if found:
        _, path, words = max(found, key=lambda problem: problem[0])
        shown = ".".join(map(str, path))
        data = {"file": file, "shown": shown, "words": words, "path": path}
        unknown = re.match(r"additional properties '([^']*)'", words)
        if unknown:
            where = f"en `{shown}`" if path else "arriba del todo, sin margen,"
            raise fault("compose-unknown-key", **data, name=unknown[1], where=where, hint=hint(unknown[1], path),
                        line=line_of(lines, (*path, unknown[1])))
        kind = next((shape for word, shape in SHAPES.items() if words.startswith(f"must be a {word}")), None)
        if kind:
            raise fault("compose-kind", **data, kind=kind[0], hint=kind[1], line=line_of(lines, path))
        raise fault("compose-schema", **data, line=line_of(lines, path))


SHAPES = {"mapping": ("claves con su valor",
                      "Escríbelas debajo, con más margen y con sus dos puntos: `clave: valor`."),
          "array": ("una lista",
                    "Escríbela debajo, con un guion por línea (`- uno`), o entre corchetes: `[uno, otro]`."),
          "string": ("un texto", "Escríbelo en la misma línea, entre comillas si hace falta."),
          "null": ("un texto o una lista", "Escribe la orden en la misma línea, o como lista: `[echo, hola]`.")}
"""Cómo se llama en español lo que Compose esperaba, y qué probar."""


def hint(name: str, path: Path) -> str:
    """Qué probar con una clave que sobra: la que más se le parece o el sitio donde cabe."""
    known = table("project") if not path else {key for keys in document().values() for key in keys}
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    if near and near[0] != name:
        return f"¿Querías decir `{near[0]}`?"
    return ("Si es un servicio, va dentro de `services:`, con más margen." if not path else
            "Esa clave existe, pero no va ahí: mira su margen." if near else "Mira si es una errata.")


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """La línea de una ruta, o la de lo más cercano que la contiene."""
    return next((lines[path[:size]] for size in range(len(path), -1, -1) if path[:size] in lines), 1)


def problems(kind: Any, value: Any, path: Path) -> Iterator[Problem]:
    """Todo lo que un valor tiene de malo para su tipo."""
    if isinstance(kind, Either):
        option = choose(kind.options, value)
        if option is None:
            yield from problems(kind.options[0], value, path)
        else:
            found = list(problems(option, value, path))
            missing = any("missing property" in words and where == path for _, where, words in found)
            yield from problems(kind.options[0], value, path) if missing else found
    elif not shaped(kind, value):
        yield len(path), path, f"must be a {wanted(kind)}"
    elif isinstance(kind, Atom):
        yield from atom_problems(kind, value, path)
    elif isinstance(kind, List):
        for at, item in enumerate(value):
            yield from problems(kind.item, item, (*path, at))
    elif isinstance(kind, Map):
        wrong = [key for key in value if path == ("services",) and not NAME.fullmatch(key)]
        if wrong:
            yield len(path) + 0.5, path, f"additional properties {quoted(wrong)} not allowed"
        for key, item in value.items():
            if not (key.startswith("x-") and isinstance(kind.item, Table) and not isinstance(item, Mapping)):
                yield from problems(kind.item, item, (*path, key))
    elif value is not None:
        yield from table_problems(kind, value, path)


def atom_problems(kind: Atom, value: Any, path: Path) -> Iterator[Problem]:
    """La lista o la forma de un texto."""
    if kind.choices and value not in kind.choices:
        yield len(path), path, f"value must be one of {quoted(kind.choices)}"
    if kind.pattern and not re.search(f"^(?:{kind.pattern})$", value):
        yield len(path), path, f"'{value}' does not match pattern '{kind.pattern}'"


def table_problems(kind: Table, value: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    """Las claves que sobran, las que faltan, y lo de dentro."""
    fields = table(kind.name)
    extra = [key for key in value if key not in fields and not key.startswith("x-")]
    if extra:
        yield len(path) + 0.5, path, f"additional properties {quoted(extra)} not allowed"
    for key, field in fields.items():
        if field.required and key not in value:
            yield len(path), path, f"missing property '{key}'"
    for key, item in value.items():
        if key in fields:
            yield from problems(fields[key].type, item, (*path, key))


def wanted(kind: Any) -> str:
    """Cómo se llama lo que se esperaba."""
    if isinstance(kind, Either):
        return wanted(kind.options[0])
    if isinstance(kind, Atom):
        *others, last = kind.kinds
        return f"{', '.join(others)} or {last}" if others else last
    if isinstance(kind, List):
        return "array"
    return "mapping or null" if getattr(kind, "null", False) and kind.name in ("network", "volume") else "mapping"


def quoted(names: Any) -> str:
    """`'a', 'b'`."""
    return ", ".join(f"'{name}'" for name in names)
