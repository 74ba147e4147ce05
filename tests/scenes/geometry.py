"""Las reglas de un dibujo bien hecho, para cualquier escena."""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.scenes import metrics, palette
from dockerlab.scenes.primitives import Arrow, Box, Text, walk
from dockerlab.scenes.scene import Drawing, Film

SLACK = 0.6  # píxeles que se perdonan


@dataclass(frozen=True)
class Rect:
    """Un rectángulo del dibujo, con la figura que lo ocupa."""

    left: float
    top: float
    right: float
    bottom: float
    element: object

    def meets(self, other: Rect) -> bool:
        """¿Comparten algo de superficie?"""
        return (
            min(self.right, other.right) - max(self.left, other.left) > SLACK
            and min(self.bottom, other.bottom) - max(self.top, other.top) > SLACK
        )

    def inside(self, other: Rect) -> bool:
        """¿Está entero dentro de `other`?"""
        return (
            self.left >= other.left - SLACK
            and self.right <= other.right + SLACK
            and self.top >= other.top - SLACK
            and self.bottom <= other.bottom + SLACK
        )

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)


def rectangles(drawing: Drawing, kind: type) -> list[Rect]:
    """Lo que ocupan las figuras de una clase, en coordenadas del dibujo."""
    found = []
    for element, _, (x, y) in walk(drawing.elements):
        if not isinstance(element, kind):
            continue
        if isinstance(element, Box):
            left, top = x + element.x, y + element.y
            found.append(Rect(left, top, left + element.width, top + element.height, element))
        elif isinstance(element, Text):
            _, mono, bold = palette.TEXTS[element.style]
            wide = metrics.width(element.text, element.size, mono, bold)
            left = x + element.x - wide * {"start": 0, "middle": 0.5, "end": 1}[element.anchor]
            base = y + element.y
            found.append(
                Rect(
                    left,
                    base - element.size * metrics.ASCENT,
                    left + wide,
                    base + element.size * metrics.DESCENT,
                    element,
                )
            )
        elif isinstance(element, Arrow):
            xs, ys = zip(*element.points, strict=True)
            found.append(Rect(x + min(xs), y + min(ys), x + max(xs), y + max(ys), element))
    return found


def faults(drawing: Drawing) -> list[str]:
    """Lo que incumple el dibujo: se sale del marco, se tapa o no cabe en su caja."""
    canvas = Rect(0, 0, drawing.width, drawing.height, None)
    boxes, texts = rectangles(drawing, Box), rectangles(drawing, Text)
    found = [
        f"{r.element.key} se sale del marco"
        for r in [*boxes, *texts, *rectangles(drawing, Arrow)]
        if not r.inside(canvas)
    ]
    found += [f"{r.element.key} está vacío" for r in texts if not r.element.text]
    for index, text in enumerate(texts):
        found += [
            f"{text.element.key} pisa a {other.element.key}"
            for other in texts[index + 1 :]
            if text.meets(other)
        ]
        found += [
            f"{text.element.key} no cabe en {box.element.key}"
            for box in boxes
            if text.meets(box) and not text.inside(box)
        ]
    for index, box in enumerate(boxes):
        found += [
            f"{box.element.key} y {other.element.key} se tapan"
            for other in boxes[index + 1 :]
            if box.meets(other) and not box.inside(other) and not other.inside(box)
        ]
    return found


def backgrounds(drawing: Drawing) -> list[tuple[Text, str]]:
    """Cada texto con el nombre del color que tiene detrás."""
    grounds = rectangles(drawing, Box) + [r for r in rectangles(drawing, Arrow) if r.element.closed]
    grounds = [g for g in grounds if palette.SHAPES[g.element.style][0] != "none"]
    result = []
    for text in rectangles(drawing, Text):
        behind = [g for g in grounds if text.inside(g)]
        closest = min(behind, key=lambda g: g.area).element.style if behind else "canvas"
        result.append((text.element, palette.SHAPES[closest][0]))
    return result


def drawings(film: Film) -> list[Drawing]:
    """Todos los dibujos de una película, anchos y estrechos."""
    return [drawing for frame in film.frames for drawing in (frame.wide, frame.narrow)]
