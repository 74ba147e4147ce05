"""El tablero: zonas con piezas, flechas entre piezas y, al pie, la orden y unos datos.

Casi todas las escenas son lo mismo —pilas, listas y árboles, unos al lado de
otros—, así que dicen *qué hay* con estos valores; `layout` decide dónde va y
aquí mismo se cuenta con palabras. Dibujo y descripción salen del mismo tablero.
"""

from __future__ import annotations

from dataclasses import dataclass

Mark = tuple[str, str, str]  # palabras, tono e icono ("" si no lleva) de una insignia


@dataclass(frozen=True, slots=True)
class Item:
    """Una pieza: `text` es qué es y `note`, cuánto o cómo.

    `depth`: sangría; `lit`: de ella se habla ahora; `share`: cuánto se ha llenado
    su barra, de 0 a 1; `column`: su columna, si la zona es una rejilla; `source`:
    clave de la pieza de la que sale al aparecer; `prose`: no es código; `chip`:
    el número de capa, que también da el color; `shape`: box, tag o volume.
    """

    key: str
    text: str
    note: str = ""
    style: str = "layer"
    mark: Mark | None = None
    depth: int = 0
    lit: bool = False
    share: float | None = None
    column: int = 0
    source: str = ""
    prose: bool = False
    chip: int | None = None
    shape: str = "box"
    said: str = ""

    @property
    def sentence(self) -> str:
        """La pieza dicha con palabras."""
        if self.said:
            return self.said
        about = [self.note, self.mark[0] if self.mark else "", f"capa {self.chip}" if self.chip is not None else ""]
        about = ", ".join(filter(None, about))
        return f"{self.text}: {about}." if about else f"{self.text}."


@dataclass(frozen=True, slots=True)
class Zone:
    """Un panel con piezas.

    `upward`: las piezas se apilan desde el suelo, la primera abajo; `tall`: con dos
    renglones; `columns`: si no es cero, es una rejilla de ese número de columnas;
    `bars`: una serie de valores de 0 a 1 que se dibuja como barras; `weight`: su
    parte del ancho; `empty`: lo que se lee cuando no hay nada.
    """

    key: str
    title: str
    items: tuple[Item, ...] = ()
    note: str = ""
    upward: bool = False
    tall: bool = False
    columns: int = 0
    bars: tuple[float, ...] | None = None
    weight: float = 1
    empty: str = "nada"

    @property
    def sentences(self) -> tuple[str, ...]:
        """La zona dicha con palabras."""
        head = f"{self.title} ({self.note})" if self.note else self.title
        if not self.items and self.bars is None:
            return (f"{head}: {self.empty}.",)
        order = ", de abajo arriba" if self.upward and len(self.items) > 1 else ""
        bars = () if self.bars is None else (
            f"Barras, en tanto por ciento: {', '.join(f'{value * 100:.0f}' for value in self.bars)}.",)
        return (f"{head}{order}:", *(item.sentence for item in self.items), *bars)


@dataclass(frozen=True, slots=True)
class Link:
    """Una flecha entre dos piezas, por sus claves; la que no encuentra a las dos no se dibuja."""

    key: str
    start: str
    end: str
    style: str = "arrow"
    said: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """Un instante: filas de zonas, flechas, la orden con su respuesta y los datos del pie (clave, título, valor).

    `prompt`: lo que va delante de la orden; vacío, si es una instrucción y no se escribe en un terminal.
    """

    caption: str
    rows: tuple[tuple[Zone, ...], ...]
    links: tuple[Link, ...] = ()
    order: str = ""
    answer: str = ""
    wrong: bool = False      # la respuesta es un error
    facts: tuple[tuple[str, str, str], ...] = ()
    mark: str = ""
    prompt: str = "$ "

    @property
    def zones(self) -> tuple[Zone, ...]:
        """Todas las zonas, en orden de lectura."""
        return tuple(zone for row in self.rows for zone in row)

    @property
    def description(self) -> tuple[str, ...]:
        """El tablero dicho con palabras."""
        said = [f"{'Orden' if self.prompt else 'Instrucción'}: {self.order}."] if self.order else []
        if self.answer:
            said.append(f"{'Error' if self.wrong else 'Respuesta'}: {self.answer}")
        for zone in self.zones:
            said += zone.sentences
        said += [link.said for link in self.links if link.said]
        return (*said, *(f"{title}: {value}." for _, title, value in self.facts))
