"""De dónde sale lo que lee una persona, y cómo quedarse solo con las palabras.

`python -m tests.prose` dice qué palabras no están en el diccionario ni en la
lista del oficio, y dónde: o se corrigen, o se apuntan en la lista, en minúsculas.
"""

from __future__ import annotations

import ast
import functools
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.extras import ROOT, need

WORDS = ROOT / "tests" / "spelling" / "palabras.txt"  # las del oficio, que el diccionario no trae
WORD = re.compile(r"(?<![\w/.@%$#{-])[^\W\d_]{2,}(?![\w(/@]|\.\w|-\w*_)")
# Campos de los TOML del curso y de los errores que llevan prosa en español.
SPANISH_FIELDS = {"what", "why", "try", "title", "hints", "say", "ask", "text", "reason", "explanation", "goal",
                  "told", "true", "where", "story", "idea", "left", "right", "otherwise", "unit"}


def markdown(text: str) -> str:
    """La prosa de un texto Markdown: sin código, enlaces, imágenes, HTML ni lo que se dice que es inglés."""
    text = re.sub(r"(?ms)^(```|~~~).*?^\1\s*$", "\n", text)
    text = re.sub(r"`+[^`]+`+", " ", text)
    text = re.sub(r"En inglés, \*[^*]+\*", " ", text)
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
    """(dónde, prosa) de las explicaciones de los errores, de los ejercicios y de los retos."""
    for folder, fields in ((ROOT / "dockerlab" / "faults", {"what", "why", "try"}),
                           (ROOT / "dockerlab" / "course" / "lessons", SPANISH_FIELDS),
                           (ROOT / "dockerlab" / "course" / "challenges", SPANISH_FIELDS)):
        for path in sorted(folder.glob("*.toml")):
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            if folder.name == "faults":
                texts = [entry.get(field, "") for entry in data.values() for field in fields]
            else:
                texts = list(_strings(data, False))
            for text in texts:
                yield str(path.relative_to(ROOT)), markdown(re.sub(r"\{[^}]*\}", " ", text))


def pages() -> Iterator[tuple[str, str]]:
    """(dónde, prosa) del README, de las páginas sueltas, de las notas de quien enseña y de cada celda de texto."""
    folder = ROOT / "notebooks"
    for path in (ROOT / "README.md", *sorted(folder.glob("*.md")), *sorted(folder.glob("guia/**/*.md"))):
        yield str(path.relative_to(ROOT)), markdown(path.read_text(encoding="utf-8"))
    for path in sorted(folder.glob("fuentes/**/*.md")):
        for note in re.findall(r"(?ms)^<!-- docente\n(.*?)^-->", path.read_text(encoding="utf-8")):
            yield str(path.relative_to(ROOT)), markdown(note)
    for path in sorted((*folder.glob("*.ipynb"), *folder.glob("instructor/*.ipynb"))):
        for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]):
            if cell["cell_type"] == "markdown":
                yield f"{path.name}, celda {number}", markdown("".join(cell["source"]))


@functools.cache
def everything() -> tuple[tuple[str, str], ...]:
    """Toda la prosa del proyecto."""
    return (*docstrings(), *tables(), *pages())


def unknown(hunspell: Path) -> dict[str, str]:
    """Cada palabra que no está en ninguna lista, y el primer sitio donde sale."""
    known = {word.lower() for word in WORDS.read_text(encoding="utf-8").splitlines()}
    places: dict[str, str] = {}
    for where, text in everything():
        for word in WORD.findall(text):
            places.setdefault(word, where)
    done = subprocess.run([hunspell, "-d", "es_ES", "-i", "utf-8", "-l"], input="\n".join(places),
                          capture_output=True, text=True, encoding="utf-8", check=True)
    words = (word for word in sorted(set(done.stdout.split())) if word.lower() not in known and not word.isupper())
    return {word: places.get(word, "?") for word in words}


if __name__ == "__main__":
    for word, where in unknown(need("hunspell")).items():
        print(f"{word}\t{where}")
