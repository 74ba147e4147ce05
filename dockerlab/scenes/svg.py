"""Un dibujo como imagen SVG: un solo archivo, opaco, con la paleta clara."""

from __future__ import annotations

from html import escape

from . import palette
from .primitives import Arrow, Box, Element, Group, Point, Text
from .scene import Drawing

HEAD = 8.0  # lo que miden los brazos de una punta de flecha


def number(value: float) -> str:
    """Un número con un decimal como mucho: «12», «12.5»."""
    return f"{value:.1f}".rstrip("0").rstrip(".") if value else "0"


def path_commands(arrow: Arrow) -> list[tuple[str, tuple[Point, ...]]]:
    """El trazo como órdenes: líneas, esquinas dobladas y, si la lleva, la punta."""
    points = arrow.points
    commands: list[tuple[str, tuple[Point, ...]]] = [("M", points[:1])]
    for index, point in enumerate(points[1:], 1):
        if arrow.corner and index < len(points) - 1:
            before, after = (_toward(point, other, arrow.corner) for other in (points[index - 1], points[index + 1]))
            commands += [("L", (before,)), ("Q", (point, after))]
        else:
            commands.append(("L", (point,)))
    if arrow.closed:
        commands.append(("Z", ()))
    if arrow.head:
        left, tip, right = head(points)
        commands += [("M", (left,)), ("L", (tip,)), ("L", (right,))]
    return commands


def path_data(arrow: Arrow) -> str:
    """El trazo en el lenguaje de SVG."""
    return "".join(letter + " ".join(f"{number(x)} {number(y)}" for x, y in points)
                   for letter, points in path_commands(arrow))


def head(points: tuple[Point, ...]) -> tuple[Point, Point, Point]:
    """Los tres puntos de la punta de una flecha, según su último tramo."""
    (x0, y0), (x, y) = points[-2:]
    length = ((x - x0) ** 2 + (y - y0) ** 2) ** 0.5 or 1
    ux, uy = (x - x0) / length * HEAD, (y - y0) / length * HEAD
    return (x - ux - uy * 0.6, y - uy + ux * 0.6), (x, y), (x - ux + uy * 0.6, y - uy - ux * 0.6)


def _toward(start: Point, end: Point, distance: float) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1
    share = min(distance, length / 2) / length
    return start[0] + dx * share, start[1] + dy * share


def _attributes(**values: str | float) -> str:
    return "".join(f' {name.rstrip("_").replace("_", "-")}="{escape(str(value))}"' for name, value in values.items())


def _paint(style: str) -> str:
    if style in palette.TEXTS:
        token, mono, bold = palette.TEXTS[style]
        fonts = palette.CODE_FONTS if mono else palette.UI_FONTS
        return _attributes(fill=palette.color(token), font_family=fonts, **({"font_weight": 700} if bold else {}))
    fill, stroke, thick, dash = palette.SHAPES[style]
    result = _attributes(fill=palette.color(fill))
    if stroke != "none":
        result += _attributes(stroke=palette.color(stroke), stroke_width=thick, stroke_linecap="round",
                              stroke_linejoin="round")
    return result + (_attributes(stroke_dasharray=dash) if dash else "")


def _element(element: Element) -> str:
    match element:
        case Box(_, x, y, width, height, style, rx, ry):
            sizes = {"x": x, "y": y, "width": width, "height": height, "rx": rx, "ry": rx if ry is None else ry}
            return f"<rect{_attributes(**{k: number(v) for k, v in sizes.items()})}{_paint(style)}/>"
        case Text(_, x, y, text, style, size, anchor):
            place = _attributes(x=number(x), y=number(y), font_size=number(size), text_anchor=anchor)
            return f'<text{place}{_paint(style)} xml:space="preserve">{escape(text, quote=False)}</text>'
        case Arrow(style=style):
            return f'<path d="{path_data(element)}"{_paint(style)}/>'
        case Group(_, x, y, children):
            inside = "".join(map(_element, children))
            return f'<g transform="translate({number(x)} {number(y)})">{inside}</g>'


def render(drawing: Drawing, title: str = "", description: str = "") -> str:
    """El dibujo como documento SVG, con título y descripción para lectores de pantalla."""
    width, height = number(drawing.width), number(drawing.height)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
            f' role="img"><title>{escape(title)}</title><desc>{escape(description)}</desc>'
            f'<rect width="{width}" height="{height}" fill="{palette.color("canvas")}"/>'
            + "".join(map(_element, drawing.elements)) + "</svg>\n")
