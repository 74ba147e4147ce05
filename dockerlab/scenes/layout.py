"""Dónde va cada cosa de un tablero, ancho o estrecho: nada se tapa y lo que no cabe se pliega."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from . import parts
from .board import Board, Item, Link, Zone
from .metrics import fit
from .metrics import width as text_width
from .primitives import Arrow, Box, Element, Group, Text
from .scene import NARROW, WIDE, Drawing, Film, Frame

MARGIN, GUTTER, HEAD, PAD, GAP = 16, 26, 38, 12, 8
FLAT, TALL, BAR, CYLINDER, CARD, FOLD, STEP, CHART = 26, 46, 12, 62, 22, 24, 18, 120
ROOM = {WIDE: 380, NARROW: 330}        # alto máximo de lo que enseña una zona
DRUM = 220                             # ancho máximo de un cilindro
COLUMNS = {WIDE: 6, NARROW: 3}         # columnas de rejilla que caben
Rect = tuple[float, float, float, float]


def film(boards: Iterable[Board], title: str) -> Film:
    """La película de una sucesión de tableros: cada zona conserva su sitio de un fotograma a otro."""
    boards = tuple(boards)
    rooms = {width: _rooms(boards, width) for width in (WIDE, NARROW)}
    return Film(title, tuple(
        Frame(_drawing(b, WIDE, rooms[WIDE]), _drawing(b, NARROW, rooms[NARROW]), b.caption, b.description, b.mark)
        for b in boards))


def height(item: Item, tall: bool) -> float:
    """El alto de una pieza."""
    base = {"volume": CYLINDER, "tag": CARD}.get(item.shape, TALL if tall else FLAT)
    return base + (BAR if item.share is not None else 0)


def _content(zone: Zone, width: int) -> float:
    if zone.bars is not None:
        return CHART + sum(height(item, zone.tall) + GAP for item in zone.items)
    if zone.columns:
        return TALL if zone.tall else FLAT
    return min(ROOM[width], sum(height(item, zone.tall) + GAP for item in zone.items) - GAP if zone.items else FLAT)


def _rooms(boards: Sequence[Board], width: int) -> dict[str, float]:
    """El alto que necesita cada zona en toda la película; «order» y «facts», lo que hay al pie."""
    rooms: dict[str, float] = {}
    for board in boards:
        for zone in board.zones:
            rooms[zone.key] = max(rooms.get(zone.key, 0), _content(zone, width))
        rooms["order"] = max(rooms.get("order", 0), 60 if board.answer else 40 if board.order else 0)
        rooms["facts"] = max(rooms.get("facts", 0), len(board.facts))
    return rooms


def _drawing(board: Board, width: int, rooms: Mapping[str, float]) -> Drawing:
    inner, wide = width - 2 * MARGIN, width >= WIDE
    elements: list[Element] = []
    places: dict[str, Rect] = {}
    cells: list[tuple[Zone, float, float, float, float]] = []
    y = float(MARGIN)
    for row in board.rows if wide else [(zone,) for zone in board.zones]:
        content = max(rooms[zone.key] for zone in row)
        unit = (inner - GUTTER * (len(row) - 1)) / sum(zone.weight for zone in row)
        x = float(MARGIN)
        for zone in row:
            cells.append((zone, x, y, unit * zone.weight, content))
            x += unit * zone.weight + GUTTER
        y += HEAD + content + PAD + 14
    focus = next((i.column for zone in board.zones if zone.columns for i in zone.items if i.lit), 0)
    shown = [(cell, _arrange(cell, width, focus)) for cell in cells]
    for _, arranged in shown:
        places |= {item.key: rect for item, rect in arranged}
    for (zone, x, top, w, content), arranged in shown:
        elements += parts.panel(zone.key, x, top, w, HEAD + content + PAD, zone.title, zone.note)
        if zone.bars is not None:
            elements += _bars(zone, x + PAD, top + HEAD + content - CHART, w - 2 * PAD)
        if not arranged and zone.bars is None:
            elements.append(parts.text(f"{zone.key}/empty", x + w / 2, top + HEAD + 17, zone.empty, w - 2 * PAD,
                                       "text.muted", 12.5, "middle"))
        elements += [piece(item, rect, zone.tall, places) for item, rect in arranged]
    elements += _links(board.links, places, {i.key: c for c, arranged in shown for i, _ in arranged})
    if rooms["order"]:
        elements += _order(board, MARGIN, y, inner, rooms["order"])
        y += rooms["order"] + 12
    if rooms["facts"]:
        gap = GUTTER if wide and len(board.facts) == len(board.rows[-1]) else 12      # los bordes, con los de las zonas
        facts, used = _facts(board.facts, y, inner, 4 if wide else 2, int(rooms["facts"]), gap)
        elements += facts
        y += used
    return Drawing(width, y + MARGIN - 12, tuple(elements))


def _arrange(cell: tuple[Zone, float, float, float, float], width: int, focus: int) -> list[tuple[Item, Rect]]:
    """Las piezas que se ven de una zona, cada una con su rectángulo; `focus`: la columna de que se habla."""
    zone, x, y, w, content = cell
    left, room, top = x + PAD, w - 2 * PAD, y + HEAD
    if zone.columns:
        return _grid(zone, left, room, top, width, focus)
    space = content - CHART if zone.bars is not None else content
    items = fold(zone, space)
    placed, at = [], top + content if zone.upward else top
    for item in items:
        high = FOLD if item.key.endswith("/fold") else height(item, zone.tall)
        at -= high if zone.upward else 0
        shift = min(item.depth * STEP, room / 3)
        own = {"tag": parts.tag_width(item.text, room - shift), "volume": min(room, DRUM)}
        wide = own.get(item.shape, room - shift)
        placed.append((item, (left + shift, at, wide, high)))
        at += -GAP if zone.upward else high + GAP
    return placed


def fold(zone: Zone, space: float) -> list[Item]:
    """Las piezas que caben en `space`, alrededor de la encendida; las demás, en un pliegue que dice cuántas son."""
    items = zone.items
    heights = [height(item, zone.tall) + GAP for item in items]
    if sum(heights) - GAP <= space + 0.5:
        return list(items)
    lit = [index for index, item in enumerate(items) if item.lit]
    first = last = lit[-1] if lit else len(items) - 1 if zone.upward else 0
    used = heights[first] + 2 * (FOLD + GAP) - GAP
    while True:
        grown = False
        for index in (last + 1, first - 1):
            if 0 <= index < len(items) and used + heights[index] <= space:
                first, last, grown = min(first, index), max(last, index), True
                used += heights[index]
        if not grown:
            break
    before, after = first, len(items) - 1 - last
    result = list(items[first:last + 1])
    if before:
        result.insert(0, Item(f"{zone.key}/before/fold", f"… {before} más", style="layer.fold", prose=True))
    if after:
        result.append(Item(f"{zone.key}/after/fold", f"… {after} más", style="layer.fold", prose=True))
    return result


def _grid(zone: Zone, left: float, room: float, top: float, width: int, focus: int) -> list[tuple[Item, Rect]]:
    fits = min(zone.columns, COLUMNS[width])
    first = max(0, min(zone.columns - fits, focus - fits // 2))
    unit = (room + GAP) / fits
    return [(item, (left + (item.column - first) * unit, top, unit - GAP, height(item, zone.tall)))
            for item in zone.items if first <= item.column < first + fits]


def piece(item: Item, rect: Rect, tall: bool, places: Mapping[str, Rect]) -> Group:
    """Una pieza dibujada en su rectángulo."""
    x, y, w, h = rect
    key = item.key
    enter = (0.0, -18.0)
    if item.source in places:
        enter = (places[item.source][0] - x, places[item.source][1] - y)
    if item.shape == "volume":
        lines = tuple(filter(lambda line: line[0], ((item.text, "text.strong"), (item.note, "text.muted"))))
        body = parts.volume(key, x, y, w, h, lines)
        return Group(key, x, y, (*body.children, *_ring(item, w, h)), enter)
    if item.shape == "tag":
        hung = parts.tag(key, x, y, item.text, w)
        return Group(key, x, y, (*hung.children, *_ring(item, w, h)), enter)
    base = h - (BAR if item.share is not None else 0)
    children: list[Element] = [Box(f"{key}/box", 0, 0, w, h, item.style, 6), *_ring(item, w, h)]
    start = 10.0
    if item.chip is not None:
        words = str(item.chip)
        wide = max(20.0, text_width(words, 11.5, True, True) + 10)
        children += [Box(f"{key}/chip", 6, 5, wide, 16, f"hue.{item.chip % 6}", 8),
                     Text(f"{key}/number", 6 + wide / 2, 17, words, "code.strong", 11.5, "middle")]
        start = wide + 12
    letter = "text" if item.prose else "code"
    right = w - 10
    second = tall and base >= TALL
    if item.mark:
        words, tone, icon = item.mark
        extra = parts.badge_width("", bool(icon))
        words = fit(words, (w - 16 if second else (w - start) * 0.62) - extra, 11.5, bold=True)
        if words:
            wide = parts.badge_width(words, bool(icon))
            children.append(parts.badge(f"{key}/badge", w - 8, base - 23 if second else 4, words, tone, icon))
            right = w - 14 - wide
    note_room = right - (10 if second else start)
    if item.note and second:
        words = parts.text(f"{key}/note", 10, base - 9.5, item.note, note_room, "text.muted", 12)
        children += filter(_written, [words])
    elif item.note:
        aside = text_width(item.note, 11.5)
        if aside <= note_room * 0.6:
            children.append(Text(f"{key}/note", right, 17.5, item.note, "text.muted", 11.5, "end"))
            right -= aside + 10
    room = (w - 10 if second else right) - start
    children += filter(_written, [parts.text(f"{key}/text", start, 17.5, item.text, room, letter, 12, tail=12)])
    if item.share is not None:
        children += [Box(f"{key}/well", 10, base - 2, w - 20, 8, "well", 4),
                     Box(f"{key}/fill", 10, base - 2, max(4.0, (w - 20) * min(1.0, item.share)), 8,
                         "error.bar" if item.share >= 1 else "lit.bar", 4)]
    return Group(key, x, y, tuple(children), enter)


def _written(words: Text) -> bool:
    """¿Queda algo que leer, después de abreviar?"""
    return len(words.text) > 3 or "…" not in words.text != ""


def _ring(item: Item, w: float, h: float) -> tuple[Element, ...]:
    return (Box(f"{item.key}/ring", -2.5, -2.5, w + 5, h + 5, "ring", 8),) if item.lit else ()


def _bars(zone: Zone, x: float, y: float, w: float) -> list[Element]:
    """La serie, con una raya arriba que es el cien por cien."""
    values = zone.bars or ()
    unit = w / max(12, len(values))
    elements: list[Element] = [Arrow(f"{zone.key}/limit", ((x, y + 6), (x + w, y + 6)), "arrow.error")]
    for index, value in enumerate(values):
        high = max(2.0, min(1.0, value) * (CHART - 10))
        elements.append(Box(f"{zone.key}/bar{index}", x + index * unit + 1, y + CHART - 2 - high, max(2.0, unit - 3),
                            high, "error.bar" if value >= 1 else "lit.bar", 2, enter=(0, high)))
    return elements


def _links(links: Sequence[Link], places: Mapping[str, Rect], zones: Mapping[str, tuple]) -> list[Element]:
    """Las flechas: por el hueco entre zonas vecinas o, si una está sobre otra, por su margen izquierdo."""
    elements: list[Element] = []
    drawn = [link for link in links if link.start in places and link.end in places]
    for index, link in enumerate(drawn):
        (sx, sy, sw, sh), (ex, ey, ew, eh) = places[link.start], places[link.end]
        lane = (index + 1) / (len(drawn) + 1)
        from_y, to_y = sy + sh / 2, ey + eh / 2
        _, left, top, wide, high = zones[link.start]
        middle = (from_y + to_y) / 2
        if sx + sw <= ex:
            bend = zones[link.end][1] - GUTTER + 4 + (GUTTER - 8) * lane
            near = left + wide + 4 + (GUTTER - 8) * lane
            if near < bend - GUTTER:            # hay zonas en medio: por debajo de ellas
                middle = top + HEAD + high + PAD + 3 + 8 * lane
            else:
                near = bend
            points = ((sx + sw, from_y), (near, from_y), (near, middle), (bend, middle), (bend, to_y), (ex - 2, to_y))
        elif ex + ew <= sx:
            near = left - GUTTER + 4 + (GUTTER - 8) * lane
            bend = zones[link.end][1] + zones[link.end][3] + 4 + (GUTTER - 8) * lane
            if near > bend + GUTTER:
                middle = top - 11 + 8 * lane
            else:
                bend = near
            points = ((sx, from_y), (near, from_y), (near, middle), (bend, middle), (bend, to_y), (ex + ew + 2, to_y))
        else:
            bend = zones[link.end][1] - 3 - 9 * lane
            points = ((sx, from_y), (bend, from_y), (bend, middle), (bend, middle), (bend, to_y), (ex - 1, to_y))
        elements.append(Arrow(link.key, points, link.style, head=True, corner=5))
    return elements


def _order(board: Board, x: float, y: float, w: float, high: float) -> list[Element]:
    if not board.order and not board.answer:    # todavía nadie ha escrito nada: su sitio se guarda, sin barra vacía
        return []
    elements: list[Element] = [Box("order", x, y, w, high, "term", 8)]
    words = f"{board.prompt}{board.order}".strip()
    if words:
        elements.append(parts.text("order/words", x + 14, y + 24, words, w - 28, "term.order", 12.5))
    if board.answer:
        style = "term.error" if board.wrong else "term.answer"
        elements.append(parts.text("order/answer", x + 14, y + 46, board.answer, w - 28, style, 12))
    return elements


def _facts(facts: Sequence[tuple[str, str, str]], y: float, inner: float, columns: int, most: int,
           gap: int) -> tuple[list[Element], float]:
    columns = min(columns, most)
    wide = (inner - gap * (columns - 1)) / columns
    elements: list[Element] = []
    for index, (key, title, value) in enumerate(facts):
        x, row = MARGIN + index % columns * (wide + gap), y + index // columns * 72
        elements += [Box(f"fact:{key}", x, row, wide, 60, "panel", 8),
                     parts.text(f"fact:{key}/title", x + 12, row + 22, title, wide - 24, "text.muted", 12),
                     parts.text(f"fact:{key}/value", x + 12, row + 45, value, wide - 24, "text.strong", 14)]
    return elements, -(-most // columns) * 72
