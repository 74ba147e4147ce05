"""El mismo proceso desde dos sitios: su número dentro del contenedor y el que ve el anfitrión."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..views import EngineView
from . import layout
from .board import Board, Item, Link, Zone
from .processes import tree
from .scene import Film
from .words import containers, listing, plural


def film(views: Iterable[EngineView], title: str = "", orders: Iterable[str] = ()) -> Film:
    """La película: un fotograma por fotografía; `orders`: la orden que llevó a cada una («» si ninguna)."""
    views = tuple(views)
    words = (*orders, *[""] * len(views))[:len(views)]
    return layout.film(_boards(views, words), title or "Un proceso, dos números")


def _boards(views: tuple[EngineView, ...], orders: tuple[str, ...]) -> Iterator[Board]:
    known: set[int] = set()
    for view, order in zip(views, orders, strict=True):
        alive = [c for c in view.containers if c.processes]
        fresh = {p.host_pid for c in alive for p in c.processes} - known
        inside, outside, links = [], [], []
        for container in alive:
            inside.append(Item(f"container:{container.id[:12]}", container.name, container.image_name, "container",
                               prose=True))
            for process, depth in tree(container.processes):
                number, new = process.host_pid, process.host_pid in fresh
                inside.append(Item(f"inner:{number}", process.command, f"PID {process.pid}", "node", depth=depth + 1,
                                   lit=new))
                outside.append((number, Item(f"outer:{number}", process.command, f"PID {number}, de {container.name}",
                                             "node", lit=new)))
                links.append(Link(f"same:{number}", f"inner:{number}", f"outer:{number}",
                                  "arrow.lit" if new else "arrow",
                                  f"El PID {process.pid} de {container.name} es el {number} del anfitrión."))
        host = tuple(item for _, item in sorted(outside, key=lambda row: row[0]))
        rows = ((Zone("inside", "Dentro de cada contenedor", tuple(inside), containers(len(alive)), tall=True,
                      empty="ningún contenedor en marcha"),
                 Zone("outside", "Desde el anfitrión", host, plural(len(host), "proceso"), tall=True,
                      empty="ningún proceso de contenedor")),)
        yield Board(_caption(view, alive, fresh), rows, tuple(links), order=order, mark=order or "Al empezar")
        known |= fresh


def _caption(view: EngineView, alive: list, fresh: set[int]) -> str:
    if not alive:
        return "No hay ningún contenedor en marcha."
    new = [(c, p) for c in alive for p in c.processes if p.host_pid in fresh]
    if not new:
        who = "cada uno ve solo sus procesos" if len(alive) > 1 else "dentro se ven solo los suyos"
        return f"{containers(len(alive))} en marcha: {who}; desde el anfitrión, todos."
    said = listing(f"el PID {p.pid} de {c.name} es el {p.host_pid} del anfitrión" for c, p in new[:3])
    same = "es el mismo proceso, visto" if len(new) == 1 else "son los mismos procesos, vistos"
    return f"{said[0].upper()}{said[1:]}: {same} desde otro espacio de nombres."
