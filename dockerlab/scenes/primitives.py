"""Las cuatro figuras con las que se dibuja todo: caja, texto, trazo y grupo.

Cada figura lleva una clave, que es su identidad («layer:sha256…»): la misma
cosa tiene la misma clave en todos los fotogramas, y así el reproductor sabe qué
se movió, qué apareció y qué desapareció. El estilo es un nombre con significado
(«layer», «container.running»); los colores viven en `palette`.

Las coordenadas de un grupo y de sus figuras son relativas al grupo que las
contiene; y crece hacia abajo. La unidad es el píxel de un dibujo a tamaño natural.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """Un rectángulo de esquinas redondeadas: con `rx` la mitad del ancho es una elipse o un cilindro."""

    key: str
    x: float
    y: float
    width: float
    height: float
    style: str = "panel"
    rx: float = 6
    ry: float | None = None
    enter: Point | None = None  # desde dónde llega al aparecer, respecto a su sitio

    @property
    def numbers(self) -> tuple[float, ...]:
        """Lo que se anima: x, y, ancho, alto y los dos radios."""
        return (self.x, self.y, self.width, self.height, self.rx, self.rx if self.ry is None else self.ry)

    @property
    def data(self) -> str:
        """Lo que no se anima: nada."""
        return ""


@dataclass(frozen=True, slots=True)
class Text:
    """Una línea de texto; `y` es la línea base y `anchor` dice qué punto del texto es `x`."""

    key: str
    x: float
    y: float
    text: str
    style: str = "text"
    size: float = 14
    anchor: str = "start"       # start, middle o end
    enter: Point | None = None

    @property
    def numbers(self) -> tuple[float, ...]:
        """Lo que se anima: x, y y el tamaño de la letra."""
        return (self.x, self.y, self.size)

    @property
    def data(self) -> str:
        """Una letra con el ancla (s, m, e) y el texto."""
        return self.anchor[0] + self.text


@dataclass(frozen=True, slots=True)
class Arrow:
    """Un trazo por puntos, siempre el mismo número para la misma clave.

    `head`: con punta al final; `closed`: cierra la figura y la rellena;
    `corner`: radio con el que dobla cada esquina.
    """

    key: str
    points: tuple[Point, ...]
    style: str = "arrow"
    head: bool = False
    closed: bool = False
    corner: float = 0
    enter: Point | None = None

    @property
    def numbers(self) -> tuple[float, ...]:
        """Lo que se anima: el radio de las esquinas y las coordenadas de los puntos."""
        return (self.corner, *(value for point in self.points for value in point))

    @property
    def data(self) -> str:
        """«h» si lleva punta, «z» si es una figura cerrada."""
        return "h" * self.head + "z" * self.closed


@dataclass(frozen=True, slots=True)
class Group:
    """Varias figuras que se mueven juntas; `enter`: desde dónde llega al aparecer."""

    key: str
    x: float
    y: float
    children: tuple[Element, ...]
    enter: Point | None = None
    style: ClassVar[str] = ""   # un grupo no se pinta

    @property
    def numbers(self) -> tuple[float, ...]:
        """Lo que se anima: x e y."""
        return (self.x, self.y)

    @property
    def data(self) -> str:
        """Lo que no se anima: nada."""
        return ""


Element = Box | Text | Arrow | Group
LETTERS = {Box: "b", Text: "t", Arrow: "p", Group: "g"}


def walk(elements: tuple[Element, ...], parent: str = "", at: Point = (0, 0)
         ) -> Iterator[tuple[Element, str, Point]]:
    """Todas las figuras de arriba abajo: (figura, clave de su grupo o "", origen de sus coordenadas)."""
    for element in elements:
        yield element, parent, at
        if isinstance(element, Group):
            yield from walk(element.children, element.key, (at[0] + element.x, at[1] + element.y))
