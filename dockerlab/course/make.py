"""Genera y ejecuta los notebooks desde sus fuentes: `python -m dockerlab.course.make notebooks [01 02…]`.

De cada `fuentes/NN_nombre.md` salen dos: `NN_nombre.ipynb`, para resolver, y
`soluciones/NN_nombre.ipynb`, resuelto; si el texto no tiene lección, solo el
primero (`python -m dockerlab.course.make notebooks/instructor`). Todos se guardan ya ejecutados, sin
estado de widgets.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from . import lessons
from .host import SOLVED
from .lessons import Lesson
from .practice import PRACTICE
from .source import cells

EDITIONS = {False: "", True: SOLVED}
KERNEL = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
          "language_info": {"name": "python"}}


def sources(folder: Path) -> list[Path]:
    """Los textos de los que salen los notebooks."""
    return sorted((folder / "fuentes").glob("*.md"))


def lesson_of(source: Path) -> Lesson:
    """La lección de un texto; si no tiene (el notebook de quien enseña), una vacía."""
    return lessons.load(source.stem) if source.stem in lessons.names() else Lesson(source.stem, "", (), (), ())


def editions(source: Path) -> tuple[bool, ...]:
    """Qué ediciones salen de un texto: sin lección no hay nada que resolver, y sale una."""
    return tuple(EDITIONS) if source.stem in lessons.names() else (False,)


def build(source: Path, solved: bool, notes: bool | None = None) -> Any:
    """El notebook sin ejecutar (`nbformat`), con identidades de celda fijas; `notes`: con las de quien enseña."""
    from nbformat import v4
    lesson = lesson_of(source)
    notebook = v4.new_notebook(metadata=KERNEL)
    for number, cell in enumerate(cells(source.read_text(encoding="utf-8"), lesson, solved, notes)):
        make = v4.new_code_cell if cell.kind == "code" else v4.new_markdown_cell
        metadata = {"tags": list(cell.tags)} if cell.tags else {}
        if cell.data:
            metadata["dockerlab"] = cell.data
        if cell.slide != "-":
            metadata["slideshow"] = {"slide_type": cell.slide}
        notebook.cells.append(make(cell.source, id=f"celda-{number:03d}", metadata=metadata))
    return notebook


def run(notebook: Any, folder: Path) -> Any:
    """Lo ejecuta entero en `folder`, con la carpeta de práctica como el primer día."""
    from nbclient import NotebookClient
    from nbformat import from_dict

    from ..widgets.static import strip
    os.environ["DOCKERLAB_STATIC"] = "1"
    shutil.rmtree(folder / PRACTICE, ignore_errors=True)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}},
                   record_timing=False).execute()
    notebook.metadata = KERNEL
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)
    return from_dict(strip(notebook))


def joined(outputs: list[Any]) -> list[Any]:
    """Las salidas, con los trozos seguidos de un mismo canal en uno: llegan partidos de cualquier manera."""
    kept: list[Any] = []
    for output in outputs:
        if kept and output.output_type == "stream" == kept[-1].output_type and output.name == kept[-1].name:
            kept[-1].text += output.text
        else:
            kept.append(output)
    return kept


def target(source: Path, solved: bool) -> Path:
    """Dónde va cada edición."""
    return source.parent.parent / EDITIONS[solved] / f"{source.stem}.ipynb"


def main(arguments: list[str]) -> int:
    """Genera los notebooks de la carpeta `arguments[0]`; con números detrás, solo esos."""
    import nbformat
    folder, wanted = Path(arguments[0]), tuple(arguments[1:])
    for source in sources(folder):
        if wanted and not source.stem.startswith(wanted):
            continue
        for solved in editions(source):
            path = target(source, solved)
            path.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(run(build(source, solved), path.parent), path)
            print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
