"""El mapa del motor: imágenes como pilas, capas compartidas una sola vez, contenedores encima, volúmenes y redes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..views import EngineView, ImageView
from . import cards, describe, forest, parts, shelves
from .forest import Trunk
from .metrics import distinct
from .metrics import width as text_width
from .primitives import Box, Element, Group, Text
from .scene import NARROW, WIDE, Drawing, Film, Frame, frame
from .words import containers, images, instruction, plural, short, size

MARGIN, GAP, THIN, TAG = 16, 8, 27, 28
COLUMN = 176  # ancho que pide una columna
COPIED = re.compile(r"\b(?:file|dir|multi):[0-9a-f]+… in ")
LEAST = {2: 1.6, 3: 2}    # si caben dos o tres, entre cuántas se reparte el ancho como poco: así ninguna es enorme


@dataclass(frozen=True, slots=True)
class News:
    """Lo que hay que saber de todo el mapa para dibujar un trozo: lo recién llegado y todas las etiquetas."""

    fresh: frozenset[str]
    tags: tuple[str, ...]


def film(views: Iterable[EngineView], title: str = "", orders: Iterable[str] = ()) -> Film:
    """La película de una sucesión de fotografías del motor; `orders`, las órdenes que llevaron de una a otra."""
    frames, before, orders = [], None, tuple(orders)
    for view, order in itertools.zip_longest(views, ("", *orders), fillvalue=""):
        shown = draw(view, before, order or ("Inicio" if orders and not before else ""))
        said = shown.caption[:1].lower() + shown.caption[1:]
        frames.append(replace(shown, caption=f"{order}: {said}") if order else shown)
        before = view
    return Film(title or "Mapa del motor", tuple(frames))


def draw(view: EngineView, before: EngineView | None = None, mark: str = "",
         widths: tuple[int, int] = (WIDE, NARROW), margin: float = MARGIN) -> Frame:
    """El fotograma de una fotografía; lo que no estaba en `before` se resalta, salvo que antes no hubiera nada."""
    known = _identities(before) if before else frozenset()
    fresh = _identities(view) - known if known else frozenset()
    news = News(fresh, tuple(tag for image in view.images for tag in image.tags))
    return frame(lambda width: _drawing(view, width, news, margin), describe.changes(before, view),
                 describe.view(view), mark, widths)


def _identities(view: EngineView) -> frozenset[str]:
    """Quién es quién: para saber qué ha aparecido."""
    return frozenset({layer.digest for image in view.images for layer in image.layers}
                     | {container.id for container in view.containers})


def _drawing(view: EngineView, width: int, news: News, margin: float) -> Drawing:
    inner, columns = width - 2 * margin, max(2 if view.containers else 3, width // COLUMN)   # sin tarjetas caben tres
    elements: list[Element] = []
    note = f"{images(len(view.images))} · {containers(len(view.containers))}"
    trees = forest.grow(view)
    lines, hidden = forest.rows(trees, columns, 3 if columns > 3 else 6)
    used = max(sum(count for _, count in line) for line in lines)
    unit = (inner - 24 + GAP) / max(used, LEAST.get(columns, 3.5))
    y = margin + 34
    for line in lines:
        height = _line(line, 0, 0, unit, news)[1]
        y += height + 14
        elements += _line(line, margin + 12, y - 14, unit, news)[0]
    if not trees:
        elements.append(parts.text("empty", width / 2, y + 34, "Todavía no hay imágenes ni contenedores.", inner - 24,
                                   "text.muted", 13, "middle"))
        y += 60
    if hidden:
        elements.append(parts.text("hidden", margin + 14, y + 8, f"… {images(hidden)} más", inner - 28, "text.muted",
                                   12.5))
        y += 20
    elements[:0] = parts.panel("images", margin, margin, inner, y - margin, "Imágenes y contenedores", note)
    y += 12
    if view.volumes:
        drawn, high = shelves.volumes(view.volumes, margin, y, inner)
        elements += drawn
        y += high + 12
    if networks := describe.notable_networks(view):
        drawn, high = shelves.networks(networks, margin, y, inner)
        elements += drawn
        y += high + 12
    return Drawing(width, y + 4, tuple(elements))


def _line(line: list[tuple[Trunk, int]], x: float, bottom: float, unit: float, news: News
          ) -> tuple[list[Element], float]:
    """Una fila de árboles, en columnas de `unit`, apoyada en `bottom` y hacia arriba; devuelve también su alto."""
    elements: list[Element] = []
    top = bottom
    for tree, count in line:
        drawn, high = _trunk(tree, x, bottom, count * unit - GAP, count, news)
        elements += drawn
        top = min(top, high)
        x += count * unit
    return elements, bottom - top


def _trunk(trunk: Trunk, x: float, bottom: float, w: float, columns: int, news: News
           ) -> tuple[list[Element], float]:
    """Un tramo y todo lo que se apoya en él; devuelve las figuras y hasta qué altura sube."""
    elements: list[Element] = []
    y = bottom
    shown = forest.visible_layers(trunk.layers)
    for position, layer in shown:
        key = trunk.keys[position]
        if isinstance(layer, int):
            y -= THIN
            weight = sum(item.size for item in trunk.layers[position:position + layer])
            elements.append(parts.thin_slab(f"{key}/fold", x, y, w, f"… {plural(layer, 'capa')} más", size(weight),
                                            "layer.fold"))
            continue
        labels = _labels(trunk) if position == shown[-1][0] else []
        high = THIN - 3 + TAG * len(labels)
        y -= high + 3
        base = layer.digest.startswith(("none:", "lost:"))
        style = "layer.fold" if base else "layer.new" if layer.digest in news.fresh else "layer"
        words = COPIED.sub("… ", instruction(layer.created_by))    # importa adónde va
        note = "" if base else size(layer.size)
        elements.append(_layer(key, x, y, w, high, words, note, style, labels, news.tags))
    split = forest.share(trunk, columns)
    unit = (w + GAP) / columns
    top, left = y, x
    if split.card_columns:
        drawn, rise = cards.grid(trunk, split, x, y - 3, unit, news.fresh)
        elements += drawn
        top, left = min(top, y - 3 - rise), x + split.card_columns * unit
    for branch, count in split.branches:
        drawn, high = _trunk(branch, left, y, count * unit - GAP, count, news)
        elements += drawn
        top, left = min(top, high), left + count * unit
    if split.hidden:
        rest = trunk.branches[len(split.branches):]
        words = f"… {images(sum(branch.total() for branch in rest))} más"
        elements.append(parts.thin_slab(f"{trunk.keys[-1]}/hidden", left, y - THIN, x + w - left, words, "",
                                        "layer.fold"))
        top = min(top, y - THIN)
    return elements, top


def _labels(trunk: Trunk) -> list[ImageView | int]:
    """Las imágenes que se nombran en la última capa: dos, y cuántas más."""
    return trunk.images if len(trunk.images) <= 2 else [trunk.images[0], len(trunk.images) - 1]


def _layer(key: str, x: float, y: float, w: float, high: float, words: str, note: str, style: str,
           labels: list[ImageView | int], tags: tuple[str, ...]) -> Group:
    row = parts.thin_slab(key, x, y, w, words, note, style, THIN - 3, enter=(0, -26))
    box = row.children[0]
    children: list[Element] = [Box(box.key, 0, 0, w, high, style, 5), *row.children[1:]]
    for index, label in enumerate(labels):
        top = THIN - 5 + index * TAG
        if isinstance(label, int):
            children.append(parts.text(f"{key}/more", 10, top + 16, f"… {images(label)} más", w - 20, "text.muted", 12))
            continue
        extra = f"+{len(label.tags) - 1}" if len(label.tags) > 1 else ""
        name = label.tags[0] if label.tags else f"<none> {short(label.id)}"
        if parts.tag_width(name) > w - 30:   # si no cabe entero, «latest» es lo primero que sobra
            name = name.removesuffix(":latest")
        weight = " · ".join(filter(None, [extra, size(label.size)]))
        if parts.tag_width(name) + text_width(weight, 11.5) > w - 30:
            weight = extra
        aside = text_width(weight, 11.5)
        room = w - 30 - aside
        name = distinct(name, tags, room - parts.TAG_FRAME, parts.TAG_SIZE, mono=True, bold=True, tail=8)
        children.append(parts.tag(f"image:{short(label.id)}", 8, top, name, room, enter=(0, -14)))
        if weight:
            children.append(Text(f"image:{short(label.id)}/size", w - 10, top + 15.5, weight, "text.muted", 11.5,
                                 "end"))
    return Group(key, x, y, tuple(children), enter=(0, -26))
