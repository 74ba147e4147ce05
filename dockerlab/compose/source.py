"""Leer YAML como lo lee Docker Compose: valores, y en qué línea está cada uno.

PyYAML hace el análisis; aquí se decide qué es cada escalar (las reglas de
go-yaml: `yes` y `1:30` son texto, `0440` es octal), se rechazan las claves
repetidas y se traducen los errores a las palabras de Docker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from dockerlab.errors import DockerlabError, fault

Path = tuple[str | int, ...]
NULLS = ("", "~", "null", "Null", "NULL")
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
INTEGER = re.compile(r"[-+]?(0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
MERGE = "<<"
LIMIT = 100_000     # nodos de un documento con sus alias desplegados


@dataclass(frozen=True, slots=True)
class Tagged:
    """Un valor marcado para la mezcla: `!reset` quita lo que había; `!override` lo sustituye entero."""

    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Source:
    """Un documento: su archivo, su valor y la línea (desde 1) de cada ruta."""

    file: str
    value: Any
    lines: dict[Path, int] = field(default_factory=dict)


# Lo que dice PyYAML y lo que dice go-yaml; gana el primero que encaja (contexto, problema).
WORDS = (
    ("", "mapping values are not allowed", "mapping values are not allowed in this context"),
    ("", "could not find expected ':'", "could not find expected ':'"),
    ("", "cannot start any token", "found character that cannot start any token"),
    ("block mapping", "expected <block end>", "did not find expected key"),
    ("block collection", "expected <block end>", "did not find expected '-' indicator"),
    ("flow sequence", "expected", "did not find expected ',' or ']'"),
    ("flow mapping", "expected", "did not find expected ',' or '}'"),
    ("block node", "expected", "did not find expected node content"),
    ("flow node", "expected", "did not find expected node content"),
    ("", "expected '<document start>'", "did not find expected <document start>"),
)


def syntax_fault(error: Any, file: str) -> DockerlabError:
    """El error de PyYAML con las palabras y la línea que daría Docker."""
    context, problem = error.context or "", error.problem or ""
    mark, scanner = error.problem_mark, type(error).__name__ == "ScannerError"
    if type(error).__name__ == "ComposerError" and "undefined alias" in problem:
        name = problem.split("'")[1]
        return fault("compose-alias", name=name, file=file, line=mark.line + 1)
    place = error.context_mark if error.context_mark is not None and error.context_mark.line else mark
    line = place.line + scanner if place is not None else 0
    words = next((words for where, what, words in WORDS if where in context and what in problem), problem)
    shown = f"line {line}: " if line else ""
    return fault("compose-yaml", shown=shown, words=words, file=file, line=(mark.line if mark else 0) + 1)


def read(text: str, file: str) -> Iterator[Source]:
    """Los documentos de un archivo. Faltas `compose-yaml*`, `compose-alias`, `compose-duplicate-key`."""
    import yaml
    try:
        nodes = list(yaml.compose_all(text, Loader=yaml.BaseLoader))
    except yaml.reader.ReaderError as error:
        raise fault("compose-yaml", shown="", words="control characters are not allowed", file=file, line=0) from error
    except yaml.MarkedYAMLError as error:
        raise syntax_fault(error, file) from error
    for node in nodes:
        reader = Reader(file)
        yield Source(file, reader.value(node, ()), reader.lines)


class Reader:
    """De los nodos de PyYAML a valores, anotando líneas."""

    def __init__(self, file: str):
        self.file, self.lines, self.count = file, {}, 0
        self.open: set[int] = set()

    def value(self, node: Any, path: Path) -> Any:
        """El valor de un nodo. Falta `compose-aliasing` si los alias se muerden la cola o crecen sin fin."""
        if node is None:
            return None
        self.count += 1
        if self.count > LIMIT or id(node) in self.open:
            raise fault("compose-aliasing", file=self.file, line=node.start_mark.line + 1)
        self.lines.setdefault(path, node.start_mark.line + 1)
        self.open.add(id(node))
        try:
            value = getattr(self, node.id)(node, path)
        finally:
            self.open.discard(id(node))
        return Tagged(node.tag, value) if node.tag in ("!reset", "!override") else value

    def scalar(self, node: Any, path: Path) -> Any:
        """Un escalar: solo lo escrito sin comillas puede ser algo más que texto."""
        return plain(node.value) if node.style is None and not node.tag.endswith(":binary") else node.value

    def sequence(self, node: Any, path: Path) -> list[Any]:
        """Una lista."""
        return [self.value(item, (*path, at)) for at, item in enumerate(node.value)]

    def mapping(self, node: Any, path: Path) -> dict[str, Any]:
        """Un diccionario; lo que llega por `<<` cede ante lo escrito."""
        found: dict[str, Any] = {}
        seen: dict[str, int] = {}
        merged: list[Any] = []
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if key_node.id == "scalar" and key_node.value == MERGE and key_node.style is None:
                merged += value_node.value if value_node.id == "sequence" else [value_node]
                continue
            key = self.value(key_node, (*path, "?")) if key_node.id == "scalar" else None
            if not isinstance(key, str):
                where = f" in {'.'.join(map(str, path))}" if path else " at top level"
                raise fault("compose-key", where=where, name=key, file=self.file, line=line)
            if key in seen:
                raise fault("compose-duplicate-key", name=key, first=seen[key], file=self.file, line=line)
            seen[key] = line
            self.lines[*path, key] = line
            found[key] = self.value(value_node, (*path, key))
        for source in merged:
            if source.id != "mapping":
                raise fault("compose-merge", file=self.file, line=source.start_mark.line + 1)
            for key, value in self.value(source, path).items():
                found.setdefault(key, value)
        return found


def plain(text: str) -> Any:
    """Lo que vale un escalar sin comillas."""
    if text in NULLS:
        return None
    if text in BOOLEANS:
        return BOOLEANS[text]
    if INTEGER.fullmatch(text):
        return integer(text.replace("_", ""))
    if FLOAT.fullmatch(text):
        return float(text)
    if text.lstrip("+-") in (".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"):
        return float(text.replace(".", "", 1))
    return text


def integer(text: str) -> int | float | str:
    """Un entero; con un cero delante es octal, y si no puede serlo se queda en número con decimales."""
    sign, digits = (text[0], text[1:]) if text[0] in "+-" else ("", text)
    if digits[:2].lower() in ("0b", "0o", "0x"):
        return int(sign + digits, 0)
    if digits.startswith("0") and len(digits) > 1:
        return int(sign + digits, 8) if not set(digits) & {"8", "9"} else float(text)
    return int(text)
