"""Montajes que tapan capas: lo que ve el proceso, lo que queda debajo y de dónde viene lo montado."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ..filesystem import Directory, Overlay, Tree
from . import layout
from .board import Board, Item, Link, Mark, Zone
from .scene import Film
from .words import plural, quoted, size

LONG = 20    # letras de una ruta que se enseña entera
WIDEST = 40  # letras de lo que se cuenta de un montaje
MOST = 40    # archivos que se leen de cada sitio
KINDS = {"volume": "volumen", "bind": "bind mount", "tmpfs": "tmpfs, en memoria"}
MOUNTED = {"volume": "el volumen", "bind": "por bind mount", "tmpfs": "un tmpfs"}
STYLES = {"volume": "volume", "bind": "tag", "tmpfs": "network"}
OWN = {(True, False): "layer", (True, True): "layer.fold", (False, False): "container", (False, True): "container.off"}
"""Un archivo del propio contenedor, según sea de la imagen y esté tapado: lo tapado, en hueco."""


@dataclass(frozen=True, slots=True)
class Mounted:
    """Un montaje: `type` es volume, bind o tmpfs; `files`, lo que tiene dentro (ruta relativa, bytes)."""

    type: str
    source: str
    target: str
    files: tuple[tuple[str, int], ...] = ()
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """Un contenedor tras una orden: lo suyo por capas (`own`: ruta → (bytes, ¿de la imagen?)) y sus montajes."""

    order: str
    name: str
    own: tuple[tuple[str, int, bool], ...] = ()
    mounts: tuple[Mounted, ...] = ()
    others: tuple[Mounted, ...] = ()   # volúmenes que existen y este contenedor no monta
    alive: bool = True
    place: str = ""                    # la carpeta de la que se enseñan los archivos


def files(tree: Tree, path: str = "") -> tuple[tuple[str, int], ...]:
    """Los archivos de un árbol (ruta relativa a `path`, bytes), en orden."""
    found: list[tuple[str, int]] = []
    pending = [path]
    while pending and len(found) < MOST:
        here = pending.pop()
        node = tree.lookup(here)
        if isinstance(node, Directory):
            pending += [f"{here}/{name}".strip("/") for name in sorted(tree.children(here), reverse=True)]
        elif node is not None:
            found.append((here.removeprefix(path).strip("/"), node.size))
    return tuple(found)


def own(overlay: Overlay, folders: Iterable[str]) -> tuple[tuple[str, int, bool], ...]:
    """Los archivos que las capas y la capa de escritura tienen en `folders`: (ruta, bytes, ¿de la imagen?)."""
    found = {}
    for folder in folders:
        base = folder.strip("/")
        for path, weight in files(overlay, base):
            whole = f"{base}/{path}".strip("/")
            found[f"/{whole}"] = (weight, overlay.origin(whole) != "upper")
    return tuple((path, *found[path]) for path in sorted(found))


def film(moments: Iterable[Moment], title: str = "") -> Film:
    """La película: un fotograma por orden."""
    return layout.film(_boards(tuple(moments)), title or "Un montaje tapa lo que hay debajo")


def _boards(moments: tuple[Moment, ...]) -> Iterator[Board]:
    before: Moment | None = None
    for moment in moments:
        if before and not moment.alive:     # se va la capa de escritura; las de la imagen, no
            moment = replace(moment, own=tuple(row for row in before.own if row[2]))
        yield _board(moment, before)
        before = moment


def _under(path: str, target: str) -> bool:
    return path == target or path.startswith(f"{target.rstrip('/')}/")


def _short(path: str) -> str:
    """La ruta o, si es larga, su final: lo que distingue un archivo de otro."""
    return path if len(path) <= LONG else "…/" + path.rpartition("/")[2]


def _cover(path: str, mounts: tuple[Mounted, ...]) -> Mounted | None:
    """El montaje que tapa `path`: el más hondo."""
    return max((m for m in mounts if _under(path, m.target)), key=lambda m: len(m.target), default=None)


def _seen(moment: Moment) -> dict[str, tuple[int, str]]:
    """Lo que ve el proceso: ruta → (bytes, quién lo pone)."""
    if not moment.alive:
        return {}
    seen = {path: (weight, "layer" if image else "upper") for path, weight, image in moment.own
            if _cover(path, moment.mounts) is None}
    for mount in moment.mounts:
        seen |= {f"{mount.target}/{path}": (weight, mount.type) for path, weight in mount.files
                 if _cover(f"{mount.target}/{path}", moment.mounts) is mount}
    return dict(sorted(seen.items()))


def _board(moment: Moment, before: Moment | None) -> Board:
    was, now = _seen(before) if before else {}, _seen(moment)
    looks = {"layer": "layer", "upper": "container", **STYLES}
    told = {"layer": "de la imagen", "upper": "de la capa de escritura", **KINDS}
    seen = tuple(Item(f"seen:{path}", _short(path), told[who], looks[who],
                      lit=before is not None and was.get(path) != now[path]) for path, (_, who) in now.items())
    below = []
    for path, weight, image in moment.own:
        covered = _cover(path, moment.mounts) is not None
        mark: Mark | None = ("tapado", "idle", "") if covered else None
        look = OWN[image, covered]
        below.append(Item(f"own:{path}", _short(path), size(weight), look, mark))
    stores, links = [], []
    for mount in (*moment.mounts, *moment.others):
        key = f"mount:{mount.source or mount.target}"
        stores.append(Item(key, mount.source or "(memoria)", _about(mount), STYLES[mount.type],
                           shape="volume" if mount.type == "volume" else "box",
                           lit=mount.target != "" and (before is None or mount not in before.mounts)))
        first = next((f"seen:{path}" for path in now if mount.target and _under(path, mount.target)), "")
        links.append(Link(f"link:{key}", key, first, "arrow.lit"))
    return Board(_caption(moment, before, was, now), ((
        Zone("own", f"Capas de {moment.name}" if moment.alive else "Capas de la imagen", tuple(below),
             moment.place if all(_under(path, moment.place) for path, _, _ in moment.own) else "", weight=1.15,
             empty="ahí, ningún archivo" if moment.place else "nada aquí"),
        Zone("seen", "Lo que ve el proceso", seen, plural(len(seen), "archivo"), tall=True, empty="nada"),
        Zone("stores", "Fuera de las capas", tuple(stores), tall=True, empty="ningún montaje")),),
        tuple(link for link in links if link.end), order=moment.order, mark=moment.order or "Al empezar")


def _about(mount: Mounted) -> str:
    """Qué es lo montado, dónde y, si cabe, cuánto hay dentro."""
    where = f"{mount.target}{', solo lectura' if mount.read_only else ''}" if mount.target else "sin montar"
    counted = f"{KINDS[mount.type]}, {where}, {plural(len(mount.files), 'archivo')}"
    return counted if len(counted) <= WIDEST else f"{KINDS[mount.type]}, {where}"


def _caption(moment: Moment, before: Moment | None, was: dict, now: dict) -> str:
    if not moment.alive:
        kept = [mount for mount in moment.others if mount.files]
        rest = f" El volumen {kept[0].source} conserva {plural(len(kept[0].files), 'archivo')}." if kept else ""
        return f"{moment.name} ya no existe: se ha perdido su capa de escritura; las de la imagen siguen.{rest}"
    fresh = [(sum(_cover(path, moment.mounts) is mount for path, _, _ in moment.own), mount) for mount in moment.mounts
             if before is None or mount.target not in {m.target for m in before.mounts}]
    if fresh:
        covered, mount = max(fresh, key=lambda row: row[0])
        hidden = f" Lo que había debajo ({plural(covered, 'archivo')}) sigue en las capas, tapado." if covered else ""
        if covered and mount.type == "volume" and len(mount.files) == covered:
            hidden += " El volumen estaba vacío y ha recibido una copia."
        found = "" if covered or not mount.files else f" Ya tenía {plural(len(mount.files), 'archivo')}."
        named = f" {quoted(mount.source)}" if mount.source else ""
        return f"Se monta {MOUNTED[mount.type]}{named} en {mount.target}.{hidden}{found}"
    if before is None or not before.alive:
        return f"{moment.name} no tiene montajes: todo lo que ve viene de sus capas."
    changed = [path for path in now if was.get(path) != now[path]]
    if changed:
        cover = _cover(changed[0], moment.mounts)
        where = f"va al {KINDS[cover.type]}, no a la capa de escritura" if cover else "va a la capa de escritura"
        return f"Se escribe {changed[0]}: {where}."
    gone = [path for path in was if path not in now]
    if gone:
        return f"{gone[0]} ya no se ve."
    return "El proceso ve lo mismo que antes."
