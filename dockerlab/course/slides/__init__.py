"""De un notebook a sus diapositivas, en una página que no necesita red.

    python -m dockerlab.course.slides notebooks [01 02…]

Salen de la edición por resolver, con lo que imprimió al ejecutarse y las notas
de quien enseña en la vista del orador (tecla S). Las pone en marcha reveal.js,
que viaja dentro de la página; lo trae el paquete `sphinx-revealjs`. Las
animaciones van vivas, cada una con su reproductor.
"""

from __future__ import annotations

import base64
import html
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .. import lessons, make
from .spread import spread

HERE = Path(__file__).parent
ROOM = 20              # renglones que caben en una diapositiva
COLUMNS = 84           # letras que caben en un renglón de texto
PIXELS = 31            # alto de un renglón
WIDTH = 1180           # ancho útil
# De estas palabras del curso se proyecta solo la salida.
OWN_WORDS = re.compile(r"(animar|cuestionario|de_verdad|explicar|mostrar|predecir|repaso|reto|tabla|taller)\(")
SCRIPTS = ("dist/reveal.js", "plugin/notes/notes.js")
STYLES = ("dist/reset.css", "dist/reveal.css")
FIT = "body{padding:0!important} .dl{max-width:none!important} .dl-svg{max-height:calc(100vh - 185px)}"


def library(name: str) -> str:
    """El texto de un archivo de reveal.js. `LookupError` con lo que hay que instalar si no está."""
    import importlib.metadata  # sin hilos no se puede: solo cuando hace falta
    try:
        files = importlib.metadata.files("sphinx-revealjs") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        if str(file).endswith(f"revealjs/{name}"):
            return file.read_text(encoding="utf-8")
    raise LookupError("falta reveal.js: instala el paquete sphinx-revealjs, o usa `make slides`, que lo trae")


def filled(source: Path) -> Any:
    """El notebook por resolver, con las notas de quien enseña y las salidas ya guardadas."""
    import nbformat
    notebook = make.build(source, solved=False, notes=True)
    saved = nbformat.read(make.target(source, solved=False), as_version=4)
    outputs = iter([cell.outputs for cell in saved.cells if cell.cell_type == "code"])
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = next(outputs)
    return notebook


def alive(cell: Any, source: Path) -> Any:
    """La celda de una animación, con el reproductor en lugar de la tira de imágenes."""
    from nbformat.v4 import new_output

    from ...widgets.page import page
    from ..animations import film
    found = re.fullmatch(r'animar\("([\w-]+)"\)', cell.source)
    lesson = lessons.load(source.stem)
    if not found or found[1] not in [animation.id for animation in lesson.animations]:
        return cell
    shown = film(lesson.animation(found[1]), lesson.files, source.parent.parent)
    body = page(shown, "light").replace("</style></head>", f"{FIT}</style></head>")
    frame = f'<iframe title="{html.escape(shown.title)}" srcdoc="{html.escape(body)}"></iframe>'
    cell.outputs = [new_output("display_data", {"text/html": frame})]
    return cell


def lines(text: str, columns: int = COLUMNS) -> float:
    """Los renglones que ocupa un texto; los títulos y los huecos entre párrafos cuentan algo más."""
    total = 0.0
    for line in text.splitlines():
        bare = re.sub(r"\]\([^)]*\)", "]", line)
        total += 0.5 if not bare.strip() else max(1, -(-len(bare) // columns)) * (1.4 if bare[0] in "#|" else 1)
    return total


def picture_height(encoded: str) -> float:
    """Los renglones que ocupa un PNG puesto al ancho de la diapositiva."""
    wide, high = struct.unpack(">II", base64.b64decode(encoded[:64])[16:24])
    return high * min(1, WIDTH / wide) / PIXELS


def weight(cell: Any) -> float:
    """Los renglones que ocupa una celda con sus salidas."""
    if cell.cell_type != "code":
        return lines(cell.source) + 0.5
    if "renglones" in cell.metadata:
        return cell.metadata["renglones"]
    total = lines(cell.source, 110) * 0.8 + 1
    for output in cell.outputs:
        data = output.get("data", {})
        if data.get("text/html", "").startswith("<iframe"):
            total += ROOM
        elif "image/png" in data:
            total += picture_height(data["image/png"])
        elif "role='note'" in data.get("text/html", ""):
            total += lines(data.get("text/plain", ""), 92) * 0.95 + 0.6
        else:
            total += lines(output.get("text") or data.get("text/plain", ""), 120) * 0.75 + 0.5
    return total


def shown(cell: Any) -> bool:
    """¿Se proyecta? No lo que solo sirve ante el teclado: el examen, la celda por escribir y la que comprueba."""
    if cell.cell_type != "code":
        return True
    bare = [line for line in cell.source.splitlines() if line.strip() and not line.startswith("#")]
    return bool(bare) and "comprobar" not in cell.metadata.get("tags", ()) \
        and not re.search(r"^(?:examen|corregir|codigo)\(", cell.source, re.M) and not all(
            line.startswith(("respuesta", " ")) for line in bare)


def packed(cells: list[Any]) -> list[Any]:
    """Las celdas repartidas: la que ya no cabe abre otra diapositiva debajo; un título nunca se queda solo."""
    used, alone = 0.0, False
    for cell in cells:
        kind = cell.metadata.get("slideshow", {}).get("slide_type", "-")
        if kind in ("notes", "skip"):
            continue
        need = weight(cell)
        if kind == "slide" or not alone and (kind == "subslide" or used + need > ROOM):
            cell.metadata["slideshow"], used = {"slide_type": "slide" if kind == "slide" else "subslide"}, 0.0
        else:
            cell.metadata.pop("slideshow", None)
        used += need
        alone = cell.source.startswith("#") and "\n" not in cell.source
        if cell.cell_type == "code" and OWN_WORDS.match(cell.source):
            cell.metadata["solo_salida"] = True
    return cells


def deck(source: Path) -> str:
    """Las diapositivas del notebook de `source`, como documento HTML."""
    from nbconvert import SlidesExporter
    notebook = filled(source)
    notebook.cells = packed([part for cell in notebook.cells if shown(cell) for part in spread(alive(cell, source))])
    exporter = SlidesExporter(template_name="diapositivas", extra_template_basedirs=[str(HERE)], embed_images=True)
    style = "\n".join([*map(library, STYLES), (HERE / "slides.css").read_text(encoding="utf-8")])
    page, _ = exporter.from_notebook_node(notebook, resources={
        "title": title(source), "style": style, "scripts": [library(name).replace("</script", "<\\/script")
                                                              for name in SCRIPTS],
        "metadata": {"name": source.stem, "path": str(source.parent.parent)}})
    return page


def title(source: Path) -> str:
    """«05 · El ciclo de vida»."""
    return f"{source.stem[:2]} · {lessons.load(source.stem).title}"


def index(sources: list[Path]) -> str:
    """La página que las enlaza todas."""
    rows = "\n".join(f'<li><a href="{source.stem}.html">{html.escape(title(source))}</a></li>' for source in sources)
    return INDEX.format(style=(HERE / "slides.css").read_text(encoding="utf-8"), rows=rows)


INDEX = """<!DOCTYPE html>
<html lang="es"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Diapositivas de dockerlab</title><style>{style}</style></head>
<body class="indice"><main><h1>Diapositivas</h1><p>Flechas para avanzar, <kbd>S</kbd> para la vista del orador,
<kbd>O</kbd> para verlas todas y <kbd>F</kbd> para la pantalla completa.</p><ol>
{rows}
</ol></main></body></html>
"""


def write(folder: Path, target: Path, wanted: tuple[str, ...] = ()) -> Iterator[Path]:
    """Escribe en `target` las diapositivas de los notebooks de `folder`, y la página que las enlaza."""
    sources = make.sources(folder)
    target.mkdir(parents=True, exist_ok=True)
    for source in sources:
        if not wanted or source.stem.startswith(wanted):
            path = target / f"{source.stem}.html"
            path.write_text(deck(source), encoding="utf-8")
            yield path
    path = target / "index.html"
    path.write_text(index(sources), encoding="utf-8")
    yield path


def main(arguments: list[str]) -> int:
    """`notebooks [01 02…]`."""
    folder = Path(arguments[0])
    try:
        for path in write(folder, folder.parent / "build-artifacts" / "diapositivas", tuple(arguments[1:])):
            print(path)
    except LookupError as error:
        print(f"No se han hecho las diapositivas: {error}.", file=sys.stderr)
        return 1
    return 0
