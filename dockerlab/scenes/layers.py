"""Las capas de una imagen: qué trae cada una, qué tapa y de cuál viene cada archivo que se ve.

`film` sube por la pila, capa a capa. `search` baja buscando un archivo que desde
arriba no se ve: así se encuentra un secreto «borrado».
"""

from __future__ import annotations

from collections.abc import Iterator

from ..filesystem import Directory, Layer, Whiteout
from ..filesystem.merged import merged
from ..images import Image
from ..images.explore import LayerReport, explore
from . import layout
from .board import Board, Item, Mark, Zone
from .scene import Film
from .words import instruction, listing, plural, quoted, size

SEEN = 14          # rutas que se nombran una a una
KINDS = {"added": ("nuevo", "hit", "miss"), "changed": ("otra copia", "accent", ""), "removed": ("borrado", "error",
                                                                                                 "removed")}


def film(image: Image, title: str = "") -> Film:
    """La película de una pila: un fotograma por capa, de abajo arriba, y el balance."""
    return layout.film(_boards(image), title or "Las capas de una imagen")


def search(image: Image, path: str, title: str = "") -> Film:
    """La película de una búsqueda: `path` no se ve desde arriba, y aun así está en alguna capa."""
    return layout.film(_search(image, path.strip("/")), title or "Lo borrado sigue ahí")


def names(image: Image) -> list[str]:
    """La instrucción de cada capa, de abajo arriba."""
    found = [instruction(row.entry.created_by) for row in image.history if row.layer is not None]
    return found + ["(sin historia)"] * (len(image.layers) - len(found))


def wasted(layers: tuple[Layer, ...], index: int) -> int:
    """Los bytes de la capa `index` que las de encima cambiaron o borraron."""
    nodes, counted, total = merged(layers).nodes, set(), 0
    for path, node in layers[index].entries.items():
        if isinstance(node, (Whiteout, Directory)) or nodes.get(path, (None, -1))[1] == index:
            continue
        inode = getattr(node, "inode", 0)
        total += 0 if inode in counted else node.size
        counted |= {inode} - {0}
    return total


def _boards(image: Image) -> Iterator[Board]:
    called, reports, paths = names(image), explore(image), _notable(image)
    for top in range(len(image.layers)):
        layers, report = image.layers[:top + 1], reports[top]
        yield Board(_caption(called[top], report, layers), ((
            _stack(layers, called, top), _brought(report, layers, top), _view(layers, paths, top)),),
            facts=_facts(layers), mark=called[top])
    lost = [(called[i], wasted(image.layers, i)) for i in range(len(image.layers))]
    lost = [(name, amount) for name, amount in lost if amount]
    told = (f"{listing(f'{size(amount)} de {quoted(name)}' for name, amount in lost[:3])} ya no se ven, pero siguen "
            "en su capa: se descargan y se guardan igual" if lost else "nada queda tapado: se ve todo lo que pesa")
    yield Board(f"Balance: {told}.", ((
        _stack(image.layers, called, -1), Zone("brought", "Lo que trae esta capa", empty="ninguna encendida"),
        _view(image.layers, paths, -1)),), facts=_facts(image.layers), mark="Balance")


def _stack(layers: tuple[Layer, ...], called: list[str], lit: int) -> Zone:
    items = []
    for index, layer in enumerate(layers):
        lost = wasted(layers, index)
        mark: Mark | None = (f"{size(lost)} tapados", "miss", "") if lost else None
        items.append(Item(f"layer:{index}", called[index], size(layer.size), mark=mark, chip=index + 1,
                          lit=index == lit, style="layer.base" if index == 0 else "layer"))
    return Zone("stack", "Pila de capas", tuple(items), plural(len(layers), "capa"), upward=True, tall=True, weight=1.1)


def _brought(report: LayerReport, layers: tuple[Layer, ...], top: int) -> Zone:
    nodes, items = layers[top].entries, []
    for kind, paths in (("removed", report.removed), ("changed", report.changed), ("added", report.added)):
        for path in paths:
            weight = "" if kind == "removed" else size(nodes[path.strip("/")].size)
            items.append(Item(f"file:{path}@{top}", path, weight, "file.gone" if kind == "removed" else "file",
                              KINDS[kind], source=f"layer:{top}"))
    return Zone("brought", "Lo que trae esta capa", tuple(items), size(report.size), empty="ningún archivo")


def _notable(image: Image) -> tuple[str, ...]:
    """Las rutas que merece la pena nombrar, de más a menos: las que tocan varias capas y las de arriba."""
    times: dict[str, int] = {}
    for index, layer in enumerate(image.layers):
        for path, node in layer.entries.items():
            if not isinstance(node, Directory):
                times[path] = times.get(path, -1000) + 1000 + index
    for layer in image.layers:
        for path, node in layer.entries.items():
            if isinstance(node, Whiteout):
                times |= {below: 1000 + times[below] for below in times if below.startswith(f"{path}/")}
    return tuple(sorted(times, key=lambda path: (-times[path], path))[:SEEN])


def _view(layers: tuple[Layer, ...], paths: tuple[str, ...], top: int) -> Zone:
    nodes = {path: found for path, found in merged(layers).nodes.items() if not isinstance(found[0], Directory)}
    items = []
    for path in paths:
        if path in nodes:
            node, index = nodes[path]
            items.append(Item(f"seen:{path}", f"/{path}", size(node.size), f"hue.{(index + 1) % 6}", chip=index + 1,
                              lit=index == top > 0))   # la base es toda nueva: encenderla no señala nada
        elif any(path in layer.entries and not isinstance(layer.entries[path], Whiteout) for layer in layers):
            items.append(Item(f"seen:{path}", f"/{path}", style="file.gone",
                              mark=("no se ve", "error", "")))
    rest = len(nodes) - sum(path in nodes for path in paths)
    if rest:
        items.append(Item("seen/rest", f"y {plural(rest, 'archivo')} más", style="layer.fold", prose=True))
    return Zone("seen", "Lo que se ve", tuple(items), plural(len(nodes), "archivo"), empty="ningún archivo")


def _facts(layers: tuple[Layer, ...]) -> tuple[tuple[str, str, str], ...]:
    total, lost = sum(layer.size for layer in layers), sum(wasted(layers, index) for index in range(len(layers)))
    return (("total", "Pesan las capas", size(total)), ("seen", "Pesa lo que se ve", size(total - lost)),
            ("lost", "Tapado, y aun así guardado", size(lost)))


def _caption(name: str, report: LayerReport, layers: tuple[Layer, ...]) -> str:
    top, said = len(layers), []
    counts = ((len(report.added), "añade"), (len(report.changed), "vuelve a copiar"), (len(report.removed), "tapa"))
    said = [f"{verb} {plural(count, 'archivo')}" for count, verb in counts if count]
    what = listing(said) or "no trae ningún archivo"
    note = " Tapar no quita bytes: los de abajo siguen en su capa." if report.removed else ""
    return f"Capa {top}, {quoted(name)}: {what} y pesa {size(report.size)}.{note}"


def _search(image: Image, path: str) -> Iterator[Board]:
    called, layers = names(image), image.layers
    final = merged(layers).nodes
    hidden = path not in final
    view = Item(f"seen:{path}", f"/{path}", "", "file.gone" if hidden else "file",
                ("no se ve", "error", "") if hidden else ("se ve", "hit", ""), lit=True)
    yield Board(f"Desde arriba, /{path} {'no existe' if hidden else 'está a la vista'}.", (
        (_searched(layers, called, path, len(layers)),
         Zone("found", "En esta capa", tall=True, empty="todavía no se ha mirado"),
         Zone("seen", "Lo que ve el contenedor", (view,), tall=True)),), order=f"cat /{path}",
        answer=f"cat: can't open '/{path}': No such file or directory" if hidden else _text(final[path][0]),
        wrong=hidden, mark="Desde arriba")
    stop = next((i for i, layer in enumerate(layers) if _holds(layer, path)), 0)
    for index in range(len(layers) - 1, stop - 1, -1):
        node = layers[index].entries.get(path)
        covered = _covers(layers[index], path)
        if _holds(layers[index], path):
            said = f"La capa {index + 1}, {quoted(called[index])}, lo guarda entero: cualquiera que tenga la imagen " \
                   "puede leerlo."
            item = Item(f"file:{path}@{index}", f"/{path}", size(node.size), "file", ("aquí está", "error", ""),
                        lit=True, source=f"layer:{index}")
            lines = tuple(Item(f"text:{n}", line, style="file", source=f"layer:{index}")
                          for n, line in enumerate(_text(node).splitlines()[:4]) if line.strip())
            items = (item, *lines)
        elif covered:
            said = f"La capa {index + 1}, {quoted(called[index])}, solo trae una marca de borrado que tapa lo de abajo."
            items = (Item(f"file:{path}@{index}", f"/{path}", style="file.gone", mark=KINDS["removed"],
                          source=f"layer:{index}"),)
        else:
            said, items = f"La capa {index + 1}, {quoted(called[index])}, no habla de /{path}.", ()
        yield Board(said, ((_searched(layers, called, path, index),
                            Zone("found", "En esta capa", items, tall=True, empty=f"nada de /{path}"),
                            Zone("seen", "Lo que ve el contenedor", (view,), tall=True)),),
                    order=f"docker save … | tar x → capa {index + 1}", answer=_text(node).split("\n")[0]
                    if _holds(layers[index], path) else f"/{path}: {'marca de borrado' if covered else 'nada'}",
                    mark=f"Capa {index + 1}")


def _holds(layer: Layer, path: str) -> bool:
    return not isinstance(layer.entries.get(path, Whiteout()), (Whiteout, Directory))


def _covers(layer: Layer, path: str) -> bool:
    above = [path, *(path[:i] for i, letter in enumerate(path) if letter == "/")]
    return any(isinstance(layer.entries.get(each), Whiteout) for each in above)


def _text(node: object) -> str:
    return bytes(getattr(node, "content", b"")).decode("utf-8", "replace")


def _searched(layers: tuple[Layer, ...], called: list[str], path: str, reached: int) -> Zone:
    items = []
    for index, layer in enumerate(layers):
        known = index >= reached
        mark: Mark | None = None
        if known and _holds(layer, path):
            mark = ("lo guarda", "error", "")
        elif known and _covers(layer, path):
            mark = ("lo tapa", "idle", "removed")
        items.append(Item(f"layer:{index}", called[index], size(layer.size), mark=mark, chip=index + 1,
                          lit=index == reached, style="layer.base" if index == 0 else "layer"))
    return Zone("stack", "Pila de capas", tuple(items), plural(len(layers), "capa"), upward=True, tall=True, weight=1.3)
