"""Las baldas del mapa: los volúmenes, que son cilindros, y las redes, que son carriles."""

from __future__ import annotations

from collections.abc import Sequence

from ..views import NetworkView, VolumeView
from . import describe, parts
from .metrics import distinct
from .metrics import width as text_width
from .primitives import Box, Element, Group
from .words import containers, listing, plural, size

GAP = 8


def volumes(found: Sequence[VolumeView], x: float, y: float, w: float) -> tuple[list[Element], float]:
    """La balda de los volúmenes y su alto."""
    columns = max(2, int((w - 24 + GAP) // 168))
    shown = found if len(found) <= 2 * columns else found[:2 * columns - 1]
    unit = (w - 24 + GAP) / columns
    lines = -(-(len(shown) + (len(shown) < len(found))) // columns)
    height = 38 + lines * 78
    note = plural(len(found), "volumen", "volúmenes")
    elements: list[Element] = [*parts.panel("volumes", x, y, w, height, "Volúmenes", note)]
    names = [f"anónimo {item.name[:12]}" if item.anonymous else item.name for item in found]
    uses = [describe.users(item) for item in found]
    for index, item in enumerate(shown):
        row, column = divmod(index, columns)
        used = distinct(uses[index], uses, unit - GAP - 20, 12)
        name = distinct(names[index], names, unit - GAP - 20, 12, bold=True)
        elements.append(parts.volume(f"volume:{item.name}", x + 12 + column * unit, y + 36 + row * 78, unit - GAP, 70, (
            (name, "text.strong"), (size(item.size), "text.muted"), (used, "text.muted"))))
    if len(shown) < len(found):
        row, column = divmod(len(shown), columns)
        elements.append(parts.text("volumes/more", x + 12 + column * unit + unit / 2, y + 76 + row * 78,
                                   f"… {len(found) - len(shown)} más", unit - GAP - 20, "text.muted", 12.5, "middle"))
    return elements, height


def networks(found: Sequence[NetworkView], x: float, y: float, w: float) -> tuple[list[Element], float]:
    """Las redes: un carril por red, con quien está conectado."""
    shown = found if len(found) <= 6 else found[:5]
    height = 38 + len(shown) * 34 + (22 if len(shown) < len(found) else 0)
    note = plural(len(found), "red", "redes")
    elements: list[Element] = [*parts.panel("networks", x, y, w, height, "Redes", note)]
    for index, item in enumerate(shown):
        key, top, room = f"network:{item.name}", y + 36 + index * 34, w - 24
        half = min(230, room * 0.46)
        who = connected(item, room - half - 16)
        name = f"{item.name} {item.subnet}"
        if text_width(name, 12, bold=True) > half - 24:
            name = item.name
        elements.append(Group(key, x + 12, top, (
            Box(f"{key}/box", 0, 0, room, 28, "network", 14),
            parts.text(f"{key}/name", 16, 18.5, name, half - 24, "text.strong", 12, tail=16),
            parts.text(f"{key}/who", half, 18.5, who, room - half - 16, "text.muted", 12)), enter=(0, 14)))
    if len(shown) < len(found):
        elements.append(parts.text("networks/more", x + 26, y + 48 + len(shown) * 34,
                                   f"… {len(found) - len(shown)} más", w - 52, "text.muted", 12.5))
    return elements, height


def connected(network: NetworkView, room: float) -> str:
    """Quién está en una red: con direcciones si caben; si no, los nombres que quepan y cuántos más."""
    names = [name for name, _ in network.containers]
    choices = [describe.connected(network), listing(names)]
    choices += [f"{', '.join(names[:count])} y {len(names) - count} más" for count in range(len(names) - 1, 0, -1)]
    return next((words for words in choices if text_width(words, 12) <= room), containers(len(names)))
