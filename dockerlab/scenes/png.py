"""Una película como tira de imágenes PNG: para GitHub, para imprimir y donde no hay reproductor.

Dibuja matplotlib (que trae sus propias letras DejaVu: la misma tira sale igual
en todas partes), y solo se importa al pedir una tira.
"""

from __future__ import annotations

import io
from typing import Any

from . import palette
from .metrics import wrap
from .primitives import Arrow, Box, Text, walk
from .scene import Drawing, Film, Frame
from .svg import path_commands

DPI, PADDING, CAPTION, LINE = 72, 20, 14, 20
SCALE = 2  # píxeles por unidad: nítido en pantallas densas


def filmstrip(film: Film, most: int = 3, columns: int = 3) -> bytes:
    """Los fotogramas principales de la película, en `columns` columnas, cada uno con su número y su pie."""
    frames = film.key_frames(most)
    numbers = [next(i for i, f in enumerate(film.frames) if f is frame) + 1 for frame in frames]
    if len(frames) == 1:
        return picture(frames[0])
    drawings = [frame.narrow for frame in frames]
    wide = drawings[0].width
    captions = [wrap(f"{number} / {len(film.frames)}  {frame.caption}", wide - 32, CAPTION)
                for number, frame in zip(numbers, frames, strict=True)]
    rows = [range(i, min(i + columns, len(frames))) for i in range(0, len(frames), columns)]
    heights = [max(drawings[i].height for i in row) + max(len(captions[i]) for i in row) * LINE + 24 for row in rows]
    canvas = _Canvas(PADDING + (wide + PADDING) * min(columns, len(frames)), sum(heights) + PADDING * (len(rows) + 1))
    y = float(PADDING)
    for row, height in zip(rows, heights, strict=True):
        for column, index in enumerate(row):
            x = PADDING + column * (wide + PADDING)
            canvas.frame(x, y, wide, height)
            canvas.caption(captions[index], x + 16, y + 26)
            room = max(len(captions[i]) for i in row) * LINE + 24
            canvas.drawing(drawings[index], x, y + room - 8)
        y += height + PADDING
    return canvas.png()


def picture(frame: Frame) -> bytes:
    """Un solo fotograma ancho con su pie."""
    drawing = frame.wide
    lines = wrap(frame.caption, drawing.width - 32, CAPTION)
    canvas = _Canvas(drawing.width, drawing.height + len(lines) * LINE + 16)
    canvas.caption(lines, 16, 26)
    canvas.drawing(drawing, 0, len(lines) * LINE + 16)
    return canvas.png()


class _Canvas:
    """Un lienzo de matplotlib con la y hacia abajo y una unidad por píxel."""

    def __init__(self, width: float, height: float):
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        self.figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI * SCALE, facecolor=palette.color("canvas"))
        FigureCanvasAgg(self.figure)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, width), ylim=(height, 0))
        self.axes.axis("off")
        self.order = 1

    def drawing(self, drawing: Drawing, x: float, y: float) -> None:
        """Dibuja las figuras con el origen en (x, y)."""
        for element, _, (left, top) in walk(drawing.elements):
            if isinstance(element, Text):
                self.text(element, x + left, y + top)
            elif isinstance(element, (Box, Arrow)):
                self.shape(element, x + left, y + top)

    def shape(self, element: Box | Arrow, x: float, y: float) -> None:
        """Una caja o un trazo."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path
        fill, stroke, thick, dash = palette.SHAPES[element.style]
        vertices, codes = [], []
        for letter, points in (box_commands(element) if isinstance(element, Box) else path_commands(element)):
            code = {"M": Path.MOVETO, "L": Path.LINETO, "Q": Path.CURVE3, "C": Path.CURVE4, "Z": Path.CLOSEPOLY}[letter]
            vertices += [(x + px, y + py) for px, py in points] or [(x, y)]
            codes += [code] * max(1, len(points))
        style: dict[str, Any] = {"linestyle": (0, tuple(float(n) / thick for n in dash.split()))} if dash else {}
        self.axes.add_patch(PathPatch(
            Path(vertices, codes), facecolor=palette.color(fill), edgecolor=palette.color(stroke), linewidth=thick,
            capstyle="round", joinstyle="round", zorder=self._next(), **style))

    def text(self, element: Text, x: float, y: float) -> None:
        """Una línea de texto."""
        token, mono, bold = palette.TEXTS[element.style]
        self.axes.text(x + element.x, y + element.y, element.text, color=palette.color(token), fontsize=element.size,
                       family="DejaVu Sans Mono" if mono else "DejaVu Sans", weight="bold" if bold else "normal",
                       ha={"start": "left", "middle": "center", "end": "right"}[element.anchor],
                       va="baseline", parse_math=False, zorder=self._next())

    def caption(self, lines: list[str], x: float, y: float) -> None:
        """El pie, en varias líneas."""
        for index, line in enumerate(lines):
            self.text(Text("", 0, 0, line, "text", CAPTION), x, y + index * LINE)

    def frame(self, x: float, y: float, width: float, height: float) -> None:
        """El marco de un fotograma."""
        self.shape(Box("", 0, 0, width, height, "node.frame", 12), x, y)

    def png(self) -> bytes:
        """La imagen, con una paleta de 128 colores: pequeña y siempre con los mismos bytes."""
        from PIL import Image
        self.figure.canvas.draw()
        pixels = self.figure.canvas.buffer_rgba()
        image = Image.frombuffer("RGBA", pixels.shape[1::-1], pixels.tobytes()).convert("RGB")
        result = io.BytesIO()
        image.quantize(128, dither=Image.Dither.NONE).save(result, "PNG", optimize=True)
        return result.getvalue()

    def _next(self) -> int:
        self.order += 1
        return self.order


def box_commands(box: Box) -> list[tuple[str, tuple[tuple[float, float], ...]]]:
    """El contorno de una caja: rectas y un arco de Bézier en cada esquina."""
    x, y, w, h, rx, ry = box.numbers
    rx, ry = min(rx, w / 2), min(ry, h / 2)
    kx, ky = rx * 0.4477, ry * 0.4477
    right, bottom = x + w, y + h
    return [("M", ((x + rx, y),)),
            ("L", ((right - rx, y),)), ("C", ((right - kx, y), (right, y + ky), (right, y + ry))),
            ("L", ((right, bottom - ry),)), ("C", ((right, bottom - ky), (right - kx, bottom), (right - rx, bottom))),
            ("L", ((x + rx, bottom),)), ("C", ((x + kx, bottom), (x, bottom - ky), (x, bottom - ry))),
            ("L", ((x, y + ry),)), ("C", ((x, y + ky), (x + kx, y), (x + rx, y))), ("Z", ())]
