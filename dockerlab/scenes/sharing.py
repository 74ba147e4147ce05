"""Subir y descargar: adónde apunta cada etiqueta y qué capas viajan porque al otro lado no estaban."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from . import layout
from .board import Board, Item, Link, Mark, Zone
from .scene import Film
from .words import plural, short, size


@dataclass(frozen=True, slots=True)
class Pointer:
    """Una etiqueta: su nombre, el digest al que apunta y las capas que hay ahí, (digest, bytes) de abajo arriba."""

    name: str
    digest: str
    layers: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """Cómo están el registro y el equipo tras una orden.

    `held`: lo que el registro guarda sin etiqueta; `on`: ¿contesta el registro?
    """

    order: str
    remote: tuple[Pointer, ...] = ()
    local: tuple[Pointer, ...] = ()
    held: tuple[Pointer, ...] = ()
    answer: str = ""
    wrong: bool = False
    on: bool = True


Layers = tuple[tuple[str, int, bool], ...]   # (digest, bytes, ¿ya estaba al otro lado?)


def film(moments: Iterable[Moment], title: str = "") -> Film:
    """La película: un fotograma por orden; si viajan capas, dos: qué hay ya al otro lado, y lo que llega."""
    return layout.film(_boards(tuple(moments)), title or "El registro y tu equipo")


def _boards(moments: tuple[Moment, ...]) -> Iterator[Board]:
    before: Moment | None = None
    usual = next(filter(None, map(_far, moments)), "el registro")
    for moment in moments:
        layers = _travelling(moment, before)
        if before and any(not known for _, _, known in layers):
            waiting = replace(before, order=moment.order, answer="", wrong=False)
            yield _board(waiting, before, usual, layers, _asked(moment, layers), moment.order)
            yield _board(moment, before, usual, layers, _caption(moment, before, layers), "", True)
        else:
            yield _board(moment, before, usual, layers, _caption(moment, before, layers), moment.order or "Al empezar")
        before = moment


def _asked(moment: Moment, layers: Layers) -> str:
    """Lo primero: qué capas hay ya al otro lado."""
    had = sum(known for _, _, known in layers)
    gone = len(layers) - had
    where = "El registro" if _verb(moment) == "push" else "Tu equipo"
    said = f"{where} ya tiene {plural(had, 'capa')}" if had else f"{where} no tiene ninguna de las capas"
    if not had:
        carry = "llevar" if _verb(moment) == "push" else "traer"
        return f"{said}: hay que {carry}{'las todas' if gone > 1 else 'la'}."
    return f"{said}; le falta{'n' * (gone > 1)} {gone}."


def _moved(before: tuple[Pointer, ...], after: tuple[Pointer, ...]) -> list[tuple[Pointer, str]]:
    """Las etiquetas que han cambiado, cada una con el digest al que apuntaba ("" si es nueva)."""
    was = {pointer.name: pointer.digest for pointer in before}
    return [(pointer, was.get(pointer.name, "")) for pointer in after if was.get(pointer.name) != pointer.digest]


def _verb(moment: Moment) -> str:
    return (moment.order.split() + ["", ""])[1]


def _travelling(moment: Moment, before: Moment | None) -> Layers:
    """Las capas de lo subido o descargado: (digest, bytes, ¿ya estaba al otro lado?)."""
    verb = _verb(moment)
    if verb not in ("push", "pull", "run") or before is None or moment.wrong:
        return ()
    theirs, ours = (moment.remote, (*before.remote, *before.held)) if verb == "push" else (moment.local, before.local)
    words = moment.order.split()
    moved = [pointer for pointer, _ in _moved(ours if verb != "push" else before.remote, theirs)]
    named = [pointer for pointer in theirs if any(pointer.name in (word, f"{word}:latest") for word in words)]
    if verb == "run" and not moved:
        return ()
    known = {digest for pointer in ours for digest, _ in pointer.layers}
    chosen = (moved or named)[:1]
    return tuple((digest, weight, digest in known) for pointer in chosen for digest, weight in pointer.layers)


def _far(moment: Moment) -> str:
    """El otro lado: un registro con su dominio delante, o Docker Hub; vacío si la orden no habla con ninguno."""
    names = (word.partition("/") for word in moment.order.split()[2:])
    own = any(slash and {".", ":"} & set(first) for first, slash, _ in names)
    return "" if _verb(moment) not in ("push", "pull", "run") else "el registro" if own else "Docker Hub"


def _side(layers: Layers, here: bool, arrived: bool, other: str) -> tuple[Item, ...]:
    """Las capas de un lado: en el que da están todas; en el que recibe, las que ya estaban y las que llegan."""
    key = "here" if here else "there"
    items = []
    for digest, weight, known in layers:
        if other and not known and not arrived:
            continue
        mark: Mark | None = (("ya estaba", "idle", "") if known else ("llega", "hit", "hit")) if other else (
            ("no viaja", "idle", "") if known else ("viaja", "hit", "hit"))
        items.append(Item(f"{key}:{digest}", short(digest), size(weight), "layer.fold" if known else "layer.new", mark,
                          lit=arrived and not known, source=f"{other}:{digest}" if other else ""))
    return tuple(items)


def _board(moment: Moment, before: Moment | None, usual: str, layers: Layers, caption: str, mark: str,
           arrived: bool = False) -> Board:
    remote_moved = {p.name for p, _ in _moved(before.remote, moment.remote)} if before else set()
    local_moved = {p.name for p, _ in _moved(before.local, moment.local)} if before else set()
    tags = tuple(Item(f"remote:{p.name}", p.name, shape="tag", lit=p.name in remote_moved) for p in moment.remote)
    named = {p.digest: p for p in (*moment.held, *moment.remote)}
    tagged = {p.digest for p in moment.remote}
    manifests = []
    for digest, pointer in named.items():
        badge: Mark | None = None if digest in tagged else ("sin etiqueta", "idle", "")
        manifests.append(Item(f"manifest:{digest}", f"sha256:{short(digest)}", plural(len(pointer.layers), "capa"),
                              "layer", badge))
    local = tuple(Item(f"local:{p.name}", p.name, short(p.digest), "layer", lit=p.name in local_moved)
                  for p in moment.local)
    push = _verb(moment) == "push"
    there = _side(layers, False, arrived, "here" if push else "")
    here = _side(layers, True, arrived, "" if push else "there")
    links = tuple(Link(f"points:{p.name}", f"remote:{p.name}", f"manifest:{p.digest}",
                       "arrow.lit" if p.name in remote_moved else "arrow",
                       f"La etiqueta {p.name} apunta a sha256:{short(p.digest)}.") for p in moment.remote)
    off = "" if moment.on else "apagado"
    idle = "con esta orden no viaja ninguna" if moment.order else "aquí verás qué viaja"
    empty = "todavía ninguna" if layers else idle
    return Board(caption, ((
        Zone("tags", "Registro: etiquetas", tags, off, tall=True, empty="ninguna"),
        Zone("manifests", "Registro: imágenes", tuple(manifests), off, tall=True, empty="ninguna"),
        Zone("local", "Tu equipo", local, tall=True, empty="ninguna imagen")),
        (Zone("there", f"Capas en {_far(moment) or usual}", there, empty=empty),
         Zone("here", "Capas en tu equipo", here, empty=empty))),
        links, order=moment.order, answer=moment.answer, wrong=moment.wrong, mark=mark)


def _caption(moment: Moment, before: Moment | None, layers: Layers) -> str:
    if moment.wrong:
        return f"Se niega: {moment.answer}"
    if before is None:
        return "Un registro guarda imágenes por su digest; una etiqueta es un nombre que apunta a una de ellas."
    if moment.on is not before.on:
        return ("El registro se enciende." if moment.on else
                "El registro se apaga: lo que guarda sigue en su contenedor, pero ya no contesta nadie.")
    said = []
    remote, local = _moved(before.remote, moment.remote), _moved(before.local, moment.local)
    for pointer, was in remote[:2]:
        said.append(f"En el registro, {pointer.name} deja de apuntar a {short(was)} y apunta a {short(pointer.digest)}."
                    if was else f"En el registro aparece {pointer.name}.")
    if not remote:
        for pointer, was in local[:2]:
            said.append(f"En tu equipo, {pointer.name} pasa a ser otra imagen: {short(pointer.digest)}." if was else
                        f"En tu equipo aparece {pointer.name}.")
        gone = {pointer.name for pointer in before.local} - {pointer.name for pointer in moment.local}
        said += [f"De tu equipo desaparece {name}; el registro no se entera." for name in sorted(gone)[:2]]
    if layers:
        new = [weight for _, weight, known in layers if not known]
        had = len(layers) - len(new)
        rest = f"; {had} ya estaban" if had > 1 else "; 1 ya estaba" if had else ""
        verb = "Viajan" if len(new) > 1 else "Viaja"
        said.append(f"{verb} {plural(len(new), 'capa')} ({size(sum(new))}){rest}." if new else
                    "No viaja ninguna capa: al otro lado ya estaban todas.")
    return " ".join(said) or "Nada cambia: lo que se pedía ya estaba."
