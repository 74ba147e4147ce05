"""El ciclo de vida de un contenedor: la máquina de estados, con la orden que lo movió encendida."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from . import describe, parts
from .metrics import width as text_width
from .moments import Moment
from .primitives import Arrow, Box, Element, Group, Point, Text
from .scene import WIDE, Drawing, Film, Frame, frame

# estado: (esquina en el dibujo ancho, esquina en el estrecho)
NODES: dict[str, tuple[Point, Point]] = {
    "created": ((16, 186), (40, 44)),
    "running": ((272, 186), (40, 160)),
    "paused": ((272, 60), (254, 160)),
    "restarting": ((272, 322), (254, 318)),
    "exited": ((528, 186), (40, 318)),
    "dead": ((528, 322), (254, 440)),
    "removed": ((740, 186), (40, 440)),
}
NODE_SIZE = ((140, 66), (130, 60))
REMOVED_WIDTH = 124


@dataclass(frozen=True, slots=True)
class Edge:
    """Un paso de un estado a otro: por dónde va y dónde se lee, en el dibujo ancho y en el estrecho.

    `rare`: solo se dibuja cuando ocurre.
    """

    start: str
    end: str
    label: str
    paths: tuple[tuple[Point, ...], tuple[Point, ...]]
    places: tuple[Point, Point]
    rare: bool = False


EDGES = (
    Edge("", "created", "create",
         (((86, 300), (86, 252)), ((105, 14), (105, 44))), ((86, 309), (146, 27))),
    Edge("created", "running", "start",
         (((156, 219), (272, 219)), ((105, 104), (105, 160))), ((210, 219), (105, 130))),
    Edge("running", "paused", "pause",
         (((312, 186), (312, 126)), ((170, 178), (254, 178))), ((312, 158), (208, 178))),
    Edge("paused", "running", "unpause",
         (((374, 126), (374, 186)), ((254, 204), (170, 204))), ((374, 154), (215, 204))),
    Edge("running", "exited", "stop, kill",
         (((412, 206), (528, 206)), ((62, 220), (62, 318))), ((465, 206), (62, 258))),
    Edge("exited", "running", "start",
         (((528, 236), (412, 236)), ((116, 318), (116, 220))), ((473, 236), (112, 296))),
    Edge("running", "restarting", "termina",
         (((306, 252), (306, 322)), ((140, 220), (140, 278), (300, 278), (300, 318))), ((306, 282), (228, 278))),
    Edge("restarting", "running", "reintenta",
         (((380, 322), (380, 252)), ((344, 318), (344, 248), (156, 248), (156, 220))), ((380, 292), (252, 248))),
    Edge("exited", "removed", "rm",
         (((668, 219), (740, 219)), ((105, 378), (105, 440))), ((702, 219), (105, 406))),
    Edge("created", "removed", "rm",
         (((86, 186), (86, 30), (802, 30), (802, 186)), ((40, 74), (20, 74), (20, 470), (40, 470))),
         ((470, 30), (20, 131))),
    Edge("paused", "exited", "stop, kill",
         (((412, 93), (598, 93), (598, 186)), ((384, 200), (392, 200), (392, 396), (152, 396), (152, 378))),
         ((510, 93), (250, 396)), True),
    Edge("restarting", "exited", "stop",
         (((412, 340), (470, 340), (470, 262), (560, 262), (560, 252)), ((254, 344), (170, 344))),
         ((470, 312), (214, 344)), True),
    Edge("running", "removed", "rm -f",
         (((392, 252), (392, 290), (802, 290), (802, 252)), ((40, 196), (20, 196), (20, 470), (40, 470))),
         ((700, 290), (28, 406)), True),
    Edge("paused", "removed", "rm -f",
         (((412, 80), (802, 80), (802, 186)), ((384, 200), (392, 200), (392, 408), (152, 408), (152, 440))),
         ((620, 80), (250, 408)), True),
    Edge("restarting", "removed", "rm -f",
         (((412, 360), (470, 360), (470, 300), (802, 300), (802, 252)),
          ((254, 370), (220, 370), (220, 470), (170, 470))), ((640, 300), (220, 410)), True),
    Edge("exited", "dead", "falla rm",
         (((598, 252), (598, 322)), ((170, 366), (212, 366), (212, 462), (254, 462))), ((598, 282), (212, 406)), True),
    Edge("dead", "removed", "rm -f",
         (((668, 355), (802, 355), (802, 252)), ((254, 480), (170, 480))), ((735, 355), (216, 480)), True),
)


def film(moments: Iterable[Moment], title: str = "") -> Film:
    """La película de la vida de un contenedor."""
    frames = tuple(map(draw, moments))
    return Film(title or "Ciclo de vida de un contenedor", frames)


def draw(moment: Moment) -> Frame:
    """El fotograma de un instante."""
    mark = "" if moment.signal else describe.state_name(moment.state) if moment.state else "Inicio"
    return frame(lambda width: _drawing(moment, width), describe.moment_caption(moment), describe.moment(moment), mark)


def _drawing(moment: Moment, width: int) -> Drawing:
    side = 0 if width >= WIDE else 1
    elements: list[Element] = []
    lit = next((e for e in EDGES if moment.verb and (e.start, e.end) == (moment.before, moment.state)), None)
    for edge in EDGES:
        if not edge.rare or edge is lit:
            elements += _edge(edge, edge is lit, moment.verb, side)
    for state, corners in NODES.items():
        elements.append(_node(state, corners[side], state == moment.state, side))
    if moment.state:
        elements.append(_token(moment, side))
    top = 408 if side == 0 else 522
    elements += _order(moment, top, width)
    elements += _facts(moment, top + 54, width)
    rows = 1 if side == 0 else 2
    return Drawing(width, top + 54 + rows * 72 + 4, tuple(elements))


def _edge(edge: Edge, lit: bool, verb: str, side: int) -> list[Element]:
    key = f"edge:{edge.start or 'nada'}-{edge.end}"
    words = verb if lit else edge.label
    x, y = edge.places[side]
    wide = text_width(words, 12, True, True) + 14
    return [Arrow(key, edge.paths[side], "arrow.lit" if lit else "arrow", head=True, corner=12),
            Group(f"{key}/label", x, y, (
                Box(f"{key}/pill", -wide / 2, -10, wide, 20, "label.lit" if lit else "label", 10),
                Text(f"{key}/words", 0, 4.2, words, "code.inverse" if lit else "code.muted", 12, "middle")))]


def _node(state: str, corner: Point, lit: bool, side: int) -> Group:
    wide, high = NODE_SIZE[side]
    if state == "removed" and side == 0:
        wide = REMOVED_WIDTH
    style = "node.lit" if lit else "node.end" if state in ("removed", "dead") else "node"
    key = f"state:{state}"
    tone = "accent" if lit else "muted"
    return Group(key, *corner, (
        Box(f"{key}/box", 0, 0, wide, high, style, 12),
        *parts.icon(f"{key}/icon", state, 12, 10, tone),
        Text(f"{key}/name", 30, 20.5, describe.state_name(state), "code.strong" if lit else "code.muted", 13)))


def _token(moment: Moment, side: int) -> Group:
    x, y = NODES[moment.state][side]
    wide = (REMOVED_WIDTH if moment.state == "removed" and side == 0 else NODE_SIZE[side][0]) - 20
    key = f"container:{moment.name}"
    return Group(key, x + 10, y + NODE_SIZE[side][1] - 32, (
        Box(f"{key}/box", 0, 0, wide, 23, "container" if moment.alive else "container.off", 5),
        parts.text(f"{key}/name", wide / 2, 16, moment.name, wide - 14, "text.strong", 12, "middle", 4)),
        enter=(0, -20))


def _order(moment: Moment, y: float, width: float) -> list[Element]:
    inner = width - 32
    words = f"$ {moment.command}" if moment.command else "$"
    elements: list[Element] = [Box("order", 16, y, inner, 40, "term", 8)]
    note = f"señal: {moment.signal}" if moment.signal else ""
    room = inner - 28
    if note:
        mark = parts.badge("order/signal", 16 + inner - 10, y + 11, note, "miss")
        elements.append(mark)
        room -= parts.badge_width(note, False) + 10
    elements.append(parts.text("order/words", 30, y + 25, words, room, "term.order", 13))
    return elements


def _facts(moment: Moment, y: float, width: float) -> list[Element]:
    columns = 4 if width >= WIDE else 2
    gap = 12
    wide = (width - 32 - gap * (columns - 1)) / columns
    elements: list[Element] = []
    for index, (key, title, value) in enumerate(describe.facts(moment)):
        x, row = 16 + index % columns * (wide + gap), y + index // columns * 72
        elements += [Box(f"fact:{key}", x, row, wide, 60, "panel", 8),
                     parts.text(f"fact:{key}/title", x + 12, row + 22, title, wide - 24, "text.muted", 12),
                     parts.text(f"fact:{key}/value", x + 12, row + 45, value, wide - 24, "text.strong", 14)]
    return elements

