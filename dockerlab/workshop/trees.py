"""Mirar dentro: los archivos de una imagen o de un contenedor, carpeta a carpeta, y qué capa pone cada uno."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import NotFound
from ..filesystem import Directory, File, Overlay, Symlink, Whiteout
from ..filesystem.merged import merged
from ..filesystem.paths import join, parent
from ..scenes.words import instruction, short, size

if TYPE_CHECKING:
    from ..engine import Engine

LONGEST = 20_000     # letras que se enseñan de un archivo
MOST = 500           # nombres que se enseñan de una carpeta


@dataclass(frozen=True, slots=True)
class Row:
    """Una ruta: su nombre, su clase (d carpeta, f archivo, l enlace, x borrado, o otra), cuánto pesa y de dónde viene.

    `origin`: «capa 3 · COPY . .», «capa de escritura» o el montaje; `written`: ¿lo puso el contenedor?
    """

    name: str
    path: str
    kind: str
    size: str
    origin: str
    written: bool = False


def subjects(engine: Engine) -> list[tuple[str, str]]:
    """En qué se puede mirar: (clave, nombre), primero los contenedores."""
    view = engine.view()
    found = [(f"container:{item.id}", f"Contenedor {item.name}") for item in view.containers]
    return found + [(f"image:{item.id}", f"Imagen {item.tags[0] if item.tags else short(item.id)}")
                    for item in view.images]


def open_subject(engine: Engine, subject: str) -> tuple[Overlay, list[str], bool]:
    """La unión de capas de algo, la instrucción de cada una y si tiene capa de escritura. Lanza `NotFound`."""
    kind, _, identity = subject.partition(":")
    if kind == "container":
        record = engine.containers.get(identity)
        stored = engine.images.images.get(record.image)
        return record.root, names(stored.image) if stored else [], True
    image = engine.image(identity)
    return image.overlay(), names(image), False


def names(image: Any) -> list[str]:
    """La instrucción que hizo cada capa, de abajo arriba."""
    return [instruction(row.entry.created_by) for row in image.history if row.layer is not None]


def children(engine: Engine, subject: str, path: str = "") -> list[Row]:
    """Lo que hay en una carpeta (ruta sin barra delante), carpetas primero. Vacío si ya no existe."""
    try:
        overlay, layers, writable = open_subject(engine, subject)
    except NotFound:
        return []
    found = sorted(rows(overlay, layers, writable, path), key=lambda row: (row.kind != "d", row.name))
    return found[:MOST]


def rows(overlay: Overlay, layers: list[str], writable: bool, folder: str) -> Iterator[Row]:
    """Las filas de una carpeta, sin orden."""
    if not isinstance(overlay.lookup(folder), Directory):
        return
    for name in overlay.children(folder):
        path = join(folder, name)
        node = overlay.lookup(path)
        kind = {Directory: "d", File: "f", Symlink: "l"}.get(type(node), "o")
        written = writable and path in overlay.upper
        weight = f"→ {node.target}" if isinstance(node, Symlink) else "" if kind == "d" else size(node.size)
        who = "capa de escritura" if written else origin(overlay, layers, path, writable)
        yield Row(name, path, kind, weight, who, written)
    if writable:
        yield from whited(overlay, folder)


def whited(overlay: Overlay, folder: str) -> Iterator[Row]:
    """Lo que el contenedor borró de una carpeta: en la imagen sigue estando."""
    for path, node in overlay.upper.items():
        if isinstance(node, Whiteout) and parent(path) == folder:
            yield Row(path.rpartition("/")[2], path, "x", "", "borrado aquí; en la imagen sigue", True)


def origin(overlay: Overlay, layers: list[str], path: str, prepared: bool) -> str:
    """La capa de la imagen que pone lo que se ve en una ruta.

    `prepared`: encima de las de la imagen está la que Docker deja lista (`images.init_layer`).
    """
    node, number = overlay.lower.nodes.get(path, (None, -1))
    if prepared and number == len(overlay.layers) - 1:
        below = merged(overlay.layers[:-1]).nodes.get(path)
        if below is None or not isinstance(node, Directory):
            return "lo prepara Docker"
        number = below[1]
    if number < 0:
        return ""
    return " · ".join([f"capa {number + 1}", *layers[number:number + 1]])


def peek(engine: Engine, subject: str, path: str) -> str:
    """El texto de un archivo, o lo que se pueda decir de él."""
    try:
        node = open_subject(engine, subject)[0].lookup(path)
    except NotFound:
        node = None
    if isinstance(node, Symlink):
        return f"Es un enlace a {node.target}."
    if not isinstance(node, File):
        return "Ya no está."
    try:
        text = node.content.decode()
        if "\0" in text:
            raise ValueError
    except ValueError:
        return f"No es texto: {size(node.size)}."
    if node.declared_size is not None and not text.strip():
        return f"En este curso no se guarda su contenido: pesa {size(node.size)}."
    return text[:LONGEST] + "\n…" * (len(text) > LONGEST)
