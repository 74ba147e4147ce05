"""Subir y descargar: adónde apunta cada etiqueta y qué capas viajan porque al otro lado no estaban."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
    """Cómo están el registro y el equipo tras una orden; `held`: lo que el registro guarda sin etiqueta."""

    order: str
    remote: tuple[Pointer, ...] = ()
    local: tuple[Pointer, ...] = ()
    held: tuple[Pointer, ...] = ()
    answer: str = ""
    wrong: bool = False


def film(moments: Iterable[Moment], title: str = "") -> Film:
    """La película: un fotograma por orden."""
    return layout.film(_boards(tuple(moments)), title or "El registro y tu equipo")


def _boards(moments: tuple[Moment, ...]) -> Iterator[Board]:
    before: Moment | None = None
    for moment in moments:
        yield _board(moment, before)
        before = moment


def _moved(before: tuple[Pointer, ...], after: tuple[Pointer, ...]) -> list[tuple[Pointer, str]]:
    """Las etiquetas que han cambiado, cada una con el digest al que apuntaba ("" si es nueva)."""
    was = {pointer.name: pointer.digest for pointer in before}
    return [(pointer, was.get(pointer.name, "")) for pointer in after if was.get(pointer.name) != pointer.digest]


def _verb(moment: Moment) -> str:
    return (moment.order.split() + ["", ""])[1]


def _travelling(moment: Moment, before: Moment | None) -> tuple[tuple[str, int, bool], ...]:
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


def _origin(moment: Moment) -> str:
    """La pieza de la que salen las capas que viajan: la imagen de tu equipo o la del registro."""
    words = moment.order.split()
    side, prefix = (moment.local, "local") if _verb(moment) == "push" else (moment.remote, "manifest")
    named = next((p for p in side if any(p.name in (word, f"{word}:latest") for word in words)), None)
    return f"{prefix}:{named.name if prefix == 'local' else named.digest}" if named else ""


def _board(moment: Moment, before: Moment | None) -> Board:
    remote_moved = {p.name for p, _ in _moved(before.remote, moment.remote)} if before else set()
    local_moved = {p.name for p, _ in _moved(before.local, moment.local)} if before else set()
    tags = tuple(Item(f"remote:{p.name}", p.name, shape="tag", lit=p.name in remote_moved) for p in moment.remote)
    named = {p.digest: p for p in (*moment.held, *moment.remote)}
    tagged = {p.digest for p in moment.remote}
    manifests = []
    for digest, pointer in named.items():
        mark: Mark | None = None if digest in tagged else ("sin etiqueta", "idle", "")
        manifests.append(Item(f"manifest:{digest}", f"sha256:{short(digest)}", plural(len(pointer.layers), "capa"),
                              "layer", mark))
    local = tuple(Item(f"local:{p.name}", p.name, short(p.digest), "layer", lit=p.name in local_moved)
                  for p in moment.local)
    layers = _travelling(moment, before)
    rows = tuple(Item(f"travel:{digest}", short(digest), size(weight), "layer.fold" if known else "layer.new",
                      ("ya estaba", "idle", "") if known else ("viaja", "hit", "hit"),
                      source="" if known else _origin(moment)) for digest, weight, known in layers)
    links = tuple(Link(f"points:{p.name}", f"remote:{p.name}", f"manifest:{p.digest}",
                       "arrow.lit" if p.name in remote_moved else "arrow",
                       f"La etiqueta {p.name} apunta a sha256:{short(p.digest)}.") for p in moment.remote)
    return Board(_caption(moment, before, layers), ((
        Zone("tags", "Registro: etiquetas", tags, tall=True, empty="ninguna"),
        Zone("manifests", "Registro: imágenes", tuple(manifests), tall=True, empty="ninguna"),
        Zone("local", "Tu equipo", local, tall=True, empty="ninguna imagen")),
        (Zone("travel", "Capas que hacen falta", rows, plural(len(rows), "capa") if rows else "",
              empty="no viaja ninguna"),)),
        links, order=moment.order, answer=moment.answer, wrong=moment.wrong, mark=moment.order or "Al empezar")


def _caption(moment: Moment, before: Moment | None, layers: tuple[tuple[str, int, bool], ...]) -> str:
    if moment.wrong:
        return f"Se niega: {moment.answer}"
    if before is None:
        return "Un registro guarda imágenes por su digest; una etiqueta es un nombre que apunta a una de ellas."
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
