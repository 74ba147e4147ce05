"""De dónde sale lo que lee una persona, y cómo quedarse solo con las palabras."""

from __future__ import annotations

import ast
import functools
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.extras import ROOT

# Campos de los TOML del curso y de los errores que llevan prosa en español.
SPANISH_FIELDS = {"what", "why", "try", "title", "hints", "say", "ask", "text", "reason", "explanation", "goal",
                  "told", "true", "where", "story"}


def markdown(text: str) -> str:
    """La prosa de un texto Markdown: sin código, enlaces, imágenes ni HTML."""
    text = re.sub(r"(?ms)^(```|~~~).*?^\1\s*$", "\n", text)
    text = re.sub(r"`+[^`]+`+", " ", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    text = re.sub(r"\[\^?[\w-]+\]:\s*\S+", " ", text)
    text = re.sub(r"<[^>]+>", " ", text)
    return re.sub(r"\w+://\S+", " ", text)


def docstring(text: str, margin: int) -> str:
    """La prosa de un docstring sangrado `margin` columnas: sin los ejemplos ni lo que va entre acentos graves."""
    lines = [line.removeprefix(" " * margin) for line in text.expandtabs().splitlines()]
    kept = [line for line in lines if not re.match(r" {4,}\S", line) or re.match(r"\s+[-*\d]", line)]
    return markdown("\n".join(kept))


def _strings(value: Any, wanted: bool) -> Iterator[str]:
    if isinstance(value, str) and wanted:
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, wanted)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, key in SPANISH_FIELDS)


def docstrings() -> Iterator[tuple[str, str]]:
    """(dónde, prosa) de cada docstring del paquete."""
    for path in sorted((ROOT / "dockerlab").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                if text := ast.get_docstring(node, clean=False):
                    where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"
                    yield where, docstring(text, node.body[0].col_offset)


def tables() -> Iterator[tuple[str, str]]:
    """(dónde, prosa) de las explicaciones de los errores y de los ejercicios."""
    for folder, fields in ((ROOT / "dockerlab" / "faults", {"what", "why", "try"}),
                           (ROOT / "dockerlab" / "course" / "lessons", SPANISH_FIELDS)):
        for path in sorted(folder.glob("*.toml")):
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            if folder.name == "faults":
                texts = [entry.get(field, "") for entry in data.values() for field in fields]
            else:
                texts = list(_strings(data, False))
            for text in texts:
                yield str(path.relative_to(ROOT)), markdown(re.sub(r"\{[^}]*\}", " ", text))


def pages() -> Iterator[tuple[str, str]]:
    """(dónde, prosa) del README y de cada celda de texto de los notebooks."""
    yield "README.md", markdown((ROOT / "README.md").read_text(encoding="utf-8"))
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]):
            if cell["cell_type"] == "markdown":
                yield f"{path.name}, celda {number}", markdown("".join(cell["source"]))


@functools.cache
def everything() -> tuple[tuple[str, str], ...]:
    """Toda la prosa del proyecto."""
    return (*docstrings(), *tables(), *pages())


def words_path() -> Path:
    """La lista de palabras del oficio que el diccionario no trae."""
    return ROOT / "tests" / "spelling" / "palabras.txt"
