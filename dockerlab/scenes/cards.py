"""Los contenedores del mapa: una capa de escritura, fina y discontinua, sobre su imagen."""

from __future__ import annotations

from ..views import ContainerView
from . import describe, parts
from .forest import Share, Trunk
from .metrics import width as text_width
from .primitives import Box, Element, Group, Text
from .words import short, size

GAP, CARD, EXTRA = 8, 56, 20


def grid(trunk: Trunk, split: Share, x: float, bottom: float, unit: float, fresh: set[str]
         ) -> tuple[list[Element], float]:
    """Los contenedores de una imagen, en filas que suben desde `bottom`; devuelve también cuánto suben."""
    shown = trunk.containers[:split.cards]
    high = CARD + EXTRA * max((len(extras(c)) for c in shown), default=0)
    elements: list[Element] = []
    for index, container in enumerate(shown):
        row, column = divmod(index, split.card_columns)
        elements.append(card(container, x + column * unit, bottom - (row + 1) * (high + 4) + 4, unit - GAP, high,
                              container.id in fresh))
    total = len(shown)
    if rest := trunk.containers[split.cards:]:
        row, column = divmod(total, split.card_columns)
        total += 1
        states = describe.tally(c.state for c in rest)
        key = f"{trunk.keys[-1]}/containers"
        elements.append(Group(key, x + column * unit, bottom - (row + 1) * (high + 4) + 4, (
            Box(f"{key}/box", 0, 0, unit - GAP, high, "layer.fold", 6),
            parts.text(f"{key}/count", 12, 22, f"… {len(rest)} más", unit - GAP - 24, "text.strong", 12.5),
            parts.text(f"{key}/states", 12, 42, states, unit - GAP - 24, "text.muted", 12))))
    return elements, -(-total // split.card_columns) * (high + 4)


def extras(container: ContainerView) -> list[tuple[str, str]]:
    """Los renglones de más de un contenedor: (estilo, texto); dos como mucho."""
    lines = [("network", port) for port in container.ports[:1]]
    lines += [("volume" if m.type == "volume" else "tag", describe.mount(m)) for m in container.mounts]
    return lines if len(lines) <= 2 else [lines[0], ("", f"… {len(lines) - 1} montajes más")]


def card(container: ContainerView, x: float, y: float, w: float, high: float, new: bool) -> Group:
    """Un contenedor: su capa de escritura, fina y discontinua, con su nombre y su estado."""
    key = f"container:{short(container.id)}"
    alive = container.state in ("running", "paused", "restarting")
    style = ("container" if alive else "container.off") + (".new" if new else "")
    weight = size(container.size_rw)
    aside = text_width(weight, 11.5)
    words = container.state + (f" ({container.exit_code})" if container.state == "exited" else "")
    wide = parts.badge_width(words)
    note = container.health or ("" if container.state == "exited" else container.status.partition(" (")[0])
    children: list[Element] = [
        Box(f"{key}/box", 0, 0, w, high, style, 6),
        parts.text(f"{key}/name", 12, 20, container.name, w - 32 - aside, "text.strong", 13, tail=4),
        Text(f"{key}/size", w - 12, 20, weight, "text.muted", 11.5, "end"),
        parts.state_badge(f"{key}/state", 10 + wide, 29, container.state, words)]
    if note and text_width(note, 11.5) <= w - wide - 30:
        children.append(Text(f"{key}/status", w - 12, 42, note, "text.muted", 11.5, "end"))
    for index, (kind, line) in enumerate(extras(container)):
        top = CARD - 4 + index * EXTRA
        if kind:
            children.append(Box(f"{key}/mark{index}", 12, top + 3, 10, 11, kind, 5, 3 if kind == "volume" else 2))
        children.append(parts.text(f"{key}/extra{index}", 28 if kind else 12, top + 12.5, line, w - 40, "code", 11))
    return Group(key, x, y, tuple(children), enter=(0, -34))
