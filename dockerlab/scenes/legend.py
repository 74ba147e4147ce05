"""La leyenda: cada cosa, con la figura que tiene en todos los dibujos."""

from __future__ import annotations

from . import layout
from .board import Board, Item, Zone
from .parts import STATE_TONES
from .scene import Film

THINGS = (
    Item("layer", "una capa de la imagen", "solo lectura: losa azul de trazo continuo", "layer", prose=True),
    Item("base", "la imagen base", "losa gris", "layer.base", prose=True),
    Item("new", "una capa recién hecha", "losa azul de trazo grueso", "layer.new", prose=True),
    Item("upper", "la capa de escritura de un contenedor", "losa ámbar de trazo discontinuo", "container", prose=True),
    Item("off", "la de un contenedor que ha terminado", "la misma, sin relleno", "container.off", prose=True),
    Item("config", "la configuración", "violeta: no ocupa sitio en las capas", "config", prose=True),
)
OTHERS = (
    Item("network", "una red", "azul claro", "network", prose=True),
    Item("process", "un proceso", "caja lisa de borde gris", "node", prose=True),
    Item("file", "un archivo", "caja blanca", "file", prose=True),
    Item("gone", "una marca de borrado", "trazo de puntos rojos", "file.gone",
         ("borrado", "error", "removed"), prose=True),
    Item("chip", "de qué capa viene", "el número; el color solo acompaña", "hue.3", chip=3, prose=True),
    Item("lit", "de lo que se habla ahora", "rodeado de azul", "file", lit=True, prose=True),
)
SHAPES = (Item("tag", "una:etiqueta", shape="tag"), Item("volume", "un volumen", "cilindro verde", shape="volume"))


def film(title: str = "") -> Film:
    """La leyenda, en un solo fotograma."""
    states = tuple(Item(f"state:{state}", state, style="file", mark=(state, tone, state))
                   for state, tone in STATE_TONES.items() if state != "removed")
    outcomes = (Item("hit", "acierto de caché", style="file", prose=True, mark=("acierto", "hit", "hit")),
                Item("miss", "fallo de caché", style="file", prose=True, mark=("fallo", "miss", "miss")))
    return layout.film([Board(
        "Cada cosa tiene siempre la misma figura; el color nunca va solo.",
        ((Zone("things", "Imágenes y contenedores", THINGS, tall=True), Zone("others", "Lo demás", OTHERS, tall=True)),
         (Zone("shapes", "Etiquetas y volúmenes", SHAPES), Zone("states", "Estados", states),
          Zone("outcomes", "Caché", outcomes))))], title or "Leyenda")
