"""Los contenedores del mapa: una capa de escritura, fina y discontinua, sobre su imagen."""

from __future__ import annotations

from collections.abc import Sequence

from ..views import ContainerView
from . import describe, parts
from .forest import Share, Trunk
from .metrics import distinct, halves
from .metrics import width as text_width
from .primitives import Box, Element, Group, Text
from .words import short, size

GAP, CARD, EXTRA, NAME, LINE = 8, 56, 20, 13, 16


def grid(trunk: Trunk, split: Share, x: float, bottom: float, unit: float, fresh: frozenset[str]
         ) -> tuple[list[Element], float]:
    """Los contenedores de una imagen, en filas que suben desde `bottom`; devuelve también cuánto suben."""
    names = titles([container.name for container in trunk.containers], unit - GAP - 24)
    shown = list(zip(trunk.containers, names, strict=True))[:split.cards]
    rest, columns = trunk.containers[split.cards:], split.card_columns
    elements: list[Element] = []
    rise = 0.0
    for first in range(0, len(shown) + bool(rest), columns):
        row = shown[first:first + columns]
        down = LINE * any(second for _, (_, second) in row)
        high = CARD + down + EXTRA * max((len(extras(container)) for container, _ in row), default=0)
        rise += high + 4
        elements += [card(container, name, x + column * unit, bottom - rise + 4, unit - GAP, high, down,
                          container.id in fresh) for column, (container, name) in enumerate(row)]
        if rest and len(row) < columns:
            elements.append(_fold(f"{trunk.keys[-1]}/containers", rest, x + len(row) * unit, bottom - rise + 4,
                                  unit - GAP, high))
    return elements, rise


def _fold(key: str, rest: Sequence[ContainerView], x: float, y: float, w: float, high: float) -> Group:
    """Los contenedores que no caben: cuántos son y en qué estados están."""
    states = describe.tally(container.state for container in rest)
    return Group(key, x, y, (Box(f"{key}/box", 0, 0, w, high, "layer.fold", 6),
                             parts.text(f"{key}/count", 12, 22, f"… {len(rest)} más", w - 24, "text.strong", 12.5),
                             parts.text(f"{key}/states", 12, 42, states, w - 24, "text.muted", 12)))


def titles(names: Sequence[str], room: float) -> list[tuple[str, str]]:
    """Cada nombre en uno o dos renglones; si tampoco cabe así, abreviado sin que se confunda con otro."""
    split = [halves(name, room, NAME, bold=True) for name in names]
    rests = {first: [rest for other, rest in split if other == first] for first, _ in split}
    return [(first, distinct(rest, rests[first], room, NAME, bold=True) if rest else "") for first, rest in split]


def extras(container: ContainerView) -> list[tuple[str, str]]:
    """Los renglones de más de un contenedor: (estilo, texto); dos como mucho."""
    lines = [("network", port) for port in container.ports[:1]]
    lines += [("volume" if m.type == "volume" else "tag", describe.mount(m).removeprefix("volumen "))
              for m in container.mounts]
    return lines if len(lines) <= 2 else [lines[0], ("", f"… {len(lines) - 1} montajes más")]


def card(container: ContainerView, name: tuple[str, str], x: float, y: float, w: float, high: float, down: float,
         new: bool) -> Group:
    """Un contenedor: su capa de escritura, fina y discontinua, con su nombre (`down`: lo que baja lo demás), su
    estado y lo que pesa."""
    key = f"container:{short(container.id)}"
    alive = container.state in ("running", "paused", "restarting")
    style = ("container" if alive else "container.off") + (".new" if new else "")
    words = container.state + (f" ({container.exit_code})" if container.state == "exited" else "")
    wide = parts.badge_width(words)
    first, second = name
    children: list[Element] = [Box(f"{key}/box", 0, 0, w, high, style, 6),
                               Text(f"{key}/name" + "-1" * bool(second), 12, 20, first, "text.strong", NAME)]
    if second:
        children.append(Text(f"{key}/name-2", 12, 20 + LINE, second, "text.strong", NAME))
    children.append(parts.state_badge(f"{key}/state", 10 + wide, 29 + down, container.state, words))
    if note := aside(container, w - wide - 30):
        children.append(Text(f"{key}/size", w - 12, 42 + down, note, "text.muted", 11.5, "end"))
    for index, (kind, line) in enumerate(extras(container)):
        top = CARD - 4 + down + index * EXTRA
        if kind:
            children.append(Box(f"{key}/mark{index}", 12, top + 3, 10, 11, kind, 5, 3 if kind == "volume" else 2))
        children.append(parts.text(f"{key}/extra{index}", 28 if kind else 12, top + 12.5, line, w - 40, "code", 11))
    return Group(key, x, y, tuple(children), enter=(0, -34))


def aside(container: ContainerView, room: float) -> str:
    """Lo que se lee al lado del estado: la salud o el tiempo que lleva, y lo que pesa su capa; lo que quepa."""
    note = container.health or ("" if container.state in ("exited", "created") else container.status.partition(" (")[0])
    weight = size(container.size_rw)
    choices = (f"{note} · {weight}" if note else weight, weight)
    return next((words for words in choices if text_width(words, 11.5) <= room), "")
