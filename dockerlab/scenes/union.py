"""La copia en escritura: lo que se ve (merged), la capa de escritura (upper) y las de la imagen (lower).

Cada columna es un archivo; mirando de arriba abajo se ve quién lo pone. Recibe
los estados sucesivos de una `Overlay` con la orden que llevó a cada uno.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from ..filesystem import Directory, Overlay, Whiteout
from . import layout
from .board import Board, Item, Mark, Zone
from .scene import Film
from .words import plural, size

EXTRA = 2   # archivos de la imagen que se enseñan aunque nadie los toque
State = tuple[str, Overlay]
MARKS: dict[str, Mark] = {"A": ("nuevo", "hit", "miss"), "C": ("copia", "accent", ""), "D": ("borrado", "error",
                                                                                          "removed")}


def film(states: Iterable[State], title: str = "", paths: Iterable[str] = ()) -> Film:
    """La película; `paths`: qué archivos se enseñan (si no, los que se tocan y alguno más)."""
    states = tuple(states)
    shown = tuple(path.strip("/") for path in paths) or touched(states)
    return layout.film(_boards(states, shown), title or "Copia en escritura")


def still(overlay: Overlay) -> Overlay:
    """Una copia que no cambiará: el estado de este instante."""
    return Overlay(overlay.layers, dict(overlay.upper))


def touched(states: Iterable[State]) -> tuple[str, ...]:
    """Los archivos que alguien toca o nombra, y unos pocos de la imagen para comparar."""
    states = tuple(states)
    uppers = {path: node for _, overlay in states for path, node in overlay.upper.items()}
    own = {path for path, node in uppers.items() if not isinstance(node, Directory)}
    lower = states[0][1].lower.nodes if states else {}
    files = [path for path, (node, _) in lower.items() if not isinstance(node, Directory)]
    gone = {path for path in own if isinstance(uppers[path], Whiteout) and isinstance(lower.get(path, (None,))[0],
                                                                                    Directory)}
    own |= {path for path in files if any(path.startswith(f"{folder}/") for folder in gone)}
    own |= {path for path in files for order, _ in states if f"/{path}" in order.split()}
    folders = {path.rpartition("/")[0] for path in own - gone}
    near = sorted((path for path in files if path not in own), key=lambda path: (
        path.rpartition("/")[0] not in folders, -lower[path][0].size, path))
    return tuple(sorted(own - gone)) + tuple(near[:EXTRA])


def _boards(states: tuple[State, ...], paths: tuple[str, ...]) -> Iterator[Board]:
    for before, (order, overlay) in pairwise((None, *states)):
        moved = _moved(before[1] if before else None, overlay, paths)
        lit = moved or [path for path in paths if f"/{path}" in order.split()]
        yield Board(_caption(before[1] if before else None, overlay, moved, order), (
            (_merged(overlay, paths, lit),), (_upper(overlay, paths, lit),), (_lower(overlay, paths, lit),)),
            order=order, answer=_diff(overlay, lit), facts=_facts(overlay), mark=order or "Al empezar")


def _moved(before: Overlay | None, after: Overlay, paths: tuple[str, ...]) -> list[str]:
    if before is None:
        return []
    return [path for path in paths if (before.lookup(path), before.origin(path)) != (after.lookup(path),
                                                                                   after.origin(path))]


def _caption(before: Overlay | None, after: Overlay, moved: list[str], order: str) -> str:
    if before is None:
        return "Al empezar, la capa de escritura está vacía: todo lo que se ve viene de la imagen." \
            if not after.upper else "Así está la capa de escritura ahora."
    if not moved:
        return "Leer no copia: todo sigue igual." if order else "Nada cambia."
    said = [_change(before, after, path) for path in moved[:2]]
    if len(moved) > 2:
        said.append(f"Y cambian {plural(len(moved) - 2, 'archivo')} más.")
    return " ".join(said)


def _change(before: Overlay, after: Overlay, path: str) -> str:
    was, now, below = before.origin(path), after.origin(path), path in after.lower.nodes
    if now is None:
        if below:
            return f"/{path} se borra: una marca en la capa de escritura lo tapa; en la imagen sigue igual."
        return f"/{path} se borra del todo: solo estaba en la capa de escritura."
    if was == "upper":
        return f"/{path} ya estaba arriba: se escribe ahí, sin copiar nada."
    if below and was is not None:
        weight = size(after.lower.nodes[path][0].size)
        return f"/{path} cambia: primero se copia entero ({weight}) a la capa de escritura; la imagen no se toca."
    return f"/{path} se crea: nace en la capa de escritura."


def _merged(overlay: Overlay, paths: tuple[str, ...], lit: list[str]) -> Zone:
    items = []
    for column, path in enumerate(paths):
        node, origin = overlay.lookup(path), overlay.origin(path)
        if node is not None:
            mark: Mark = ("de upper", "pause", "") if origin == "upper" else ("de lower", "idle", "")
            items.append(_cell("merged", path, style="file", mark=mark, column=column, lit=path in lit))
    return Zone("merged", "Lo que ve el contenedor (merged)", tuple(items), plural(len(items), "archivo"), tall=True,
                columns=len(paths), empty="ninguno de estos archivos")


def _upper(overlay: Overlay, paths: tuple[str, ...], lit: list[str]) -> Zone:
    items = []
    for column, path in enumerate(paths):
        node = overlay.upper.get(path)
        covered = overlay.origin(path) is None and path in overlay.lower.nodes
        if node is None and not covered or isinstance(node, Directory):
            continue
        kind = "D" if covered else "C" if path in overlay.lower.nodes else "A"
        items.append(_cell("upper", path, style="container", mark=MARKS[kind], column=column,
                          lit=path in lit, source=f"lower:{path}"))
    return Zone("upper", "Capa de escritura (upper)", tuple(items), size(overlay.size), tall=True, columns=len(paths),
                empty="vacía")


def _lower(overlay: Overlay, paths: tuple[str, ...], lit: list[str]) -> Zone:
    items = []
    for column, path in enumerate(paths):
        found = overlay.lower.nodes.get(path)
        if found is not None:
            covered = overlay.origin(path) in ("upper", None)
            items.append(_cell("lower", path, size(found[0].size), style="layer", column=column,
                              mark=("tapado", "idle", "") if covered else None))
    return Zone("lower", "Capas de la imagen (lower)", tuple(items), "solo lectura", tall=True, columns=len(paths),
                empty="vacías")


def _cell(kind: str, path: str, note: str = "", **looks: Any) -> Item:
    """Un archivo en una de las tres filas: se lee su nombre y se dice su ruta entera."""
    about = ", ".join(filter(None, (note, looks["mark"][0] if looks.get("mark") else "")))
    return Item(f"{kind}:{path}", path.rpartition("/")[2], note, said=f"/{path}: {about}.", **looks)


def _diff(overlay: Overlay, lit: list[str]) -> str:
    """Las líneas de `docker diff` de las que se habla: los archivos y la carpeta en la que están."""
    told = {*lit, *(path.rpartition("/")[0] for path in lit)}
    rows = [f"{kind} {path}" for kind, path in overlay.changes() if path.strip("/") in told]
    return f"docker diff: {' · '.join(rows)}" if rows else ""


def _facts(overlay: Overlay) -> tuple[tuple[str, str, str], ...]:
    return (("size", "Pesa la capa de escritura", size(overlay.size)),
            ("rows", "docker diff", plural(len(overlay.changes()), "línea")))
