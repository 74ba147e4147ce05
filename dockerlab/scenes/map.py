"""El mapa del motor: imágenes como pilas, capas compartidas una sola vez, contenedores encima, volúmenes y redes."""

from __future__ import annotations

from collections.abc import Iterable

from ..views import ContainerView, EngineView, ImageView, NetworkView, VolumeView
from . import describe, forest, parts
from .forest import Trunk
from .metrics import width as text_width
from .primitives import Box, Element, Group, Text
from .scene import WIDE, Drawing, Film, Frame, frame
from .words import instruction, plural, short, size

MARGIN, GAP, THIN, TAG, CARD, EXTRA = 16, 8, 27, 28, 56, 20


def film(views: Iterable[EngineView], title: str = "") -> Film:
    """La película de una sucesión de fotografías del motor."""
    frames, before = [], None
    for view in views:
        frames.append(draw(view, before))
        before = view
    return Film(title or "Mapa del motor", tuple(frames))


def draw(view: EngineView, before: EngineView | None = None, mark: str = "") -> Frame:
    """El fotograma de una fotografía; lo que no estaba en `before` se resalta."""
    fresh = _identities(view) - _identities(before) if before else set()
    return frame(lambda width: _drawing(view, width, fresh), describe.changes(before, view), describe.view(view), mark)


def _identities(view: EngineView) -> set[str]:
    """Quién es quién: para saber qué ha aparecido."""
    return ({layer.digest for image in view.images for layer in image.layers} | {c.id for c in view.containers}
            | {f"volume:{v.name}" for v in view.volumes})


def _drawing(view: EngineView, width: int, fresh: set[str]) -> Drawing:
    inner, wide = width - 2 * MARGIN, width >= WIDE
    columns = 5 if wide else 2
    elements: list[Element] = []
    note = f"{plural(len(view.images), 'imagen', 'imágenes')} · {plural(len(view.containers), 'contenedor', 'contenedores')}"
    trees = forest.grow(view)
    lines, hidden = forest.rows(trees, columns, 3 if wide else 6)
    y = MARGIN + 34
    for line in lines:
        height = _line(line, columns, 0, 0, inner - 24, fresh)[1]
        y += height + 14
        elements += _line(line, columns, MARGIN + 12, y - 14, inner - 24, fresh)[0]
    if not trees:
        elements.append(parts.text("empty", width / 2, y + 34, "Todavía no hay imágenes ni contenedores.", inner - 24,
                                   "text.muted", 13, "middle"))
        y += 60
    if hidden:
        elements.append(parts.text("hidden", MARGIN + 14, y + 8, f"… {plural(hidden, 'imagen', 'imágenes')} más", inner - 28,
                                   "text.muted", 12.5))
        y += 20
    elements[:0] = parts.panel("images", MARGIN, MARGIN, inner, y - MARGIN, "Imágenes y contenedores", note)
    y += 12
    if view.volumes:
        drawn, high = _volumes(view.volumes, MARGIN, y, inner, fresh)
        elements += drawn
        y += high + 12
    if networks := [n for n in view.networks if n.containers or n.name not in ("bridge", "host", "none")]:
        drawn, high = _networks(networks, MARGIN, y, inner)
        elements += drawn
        y += high + 12
    return Drawing(width, y + 4, tuple(elements))


def _line(line: list[tuple[Trunk, int]], columns: int, x: float, bottom: float, room: float, fresh: set[str]
          ) -> tuple[list[Element], float]:
    """Una fila de árboles, apoyada en `bottom` y hacia arriba; devuelve también su alto."""
    used = sum(count for _, count in line)
    unit = min(238, (room + GAP) / max(used, 1 if columns < 3 else 3.5)) if used < columns else (room + GAP) / columns
    elements: list[Element] = []
    top = bottom
    for tree, count in line:
        drawn, high = _trunk(tree, x, bottom, count * unit - GAP, count, fresh)
        elements += drawn
        top = min(top, high)
        x += count * unit
    return elements, bottom - top


def _trunk(trunk: Trunk, x: float, bottom: float, w: float, columns: int, fresh: set[str]) -> tuple[list[Element], float]:
    """Un tramo y todo lo que se apoya en él; devuelve las figuras y hasta qué altura sube."""
    elements: list[Element] = []
    y = bottom
    shown = forest.visible_layers(trunk.layers)
    for position, layer in shown:
        key = trunk.keys[position]
        if isinstance(layer, int):
            y -= THIN
            weight = sum(item.size for item in trunk.layers[position:position + layer])
            elements.append(parts.thin_slab(f"{key}/fold", x, y, w, f"… {plural(layer, 'capa')} más", size(weight),
                                            "layer.fold"))
            continue
        labels = _labels(trunk) if position == shown[-1][0] else []
        high = THIN - 3 + TAG * len(labels)
        y -= high + 3
        base = layer.digest.startswith(("none:", "lost:"))
        style = "layer.fold" if base else "layer.new" if layer.digest in fresh else "layer"
        elements.append(_layer(key, x, y, w, high, instruction(layer.created_by), "" if base else size(layer.size), style, labels))
    split = forest.share(trunk, columns)
    unit = (w + GAP) / columns
    top, left = y, x
    if split.card_columns:
        drawn, rise = _cards(trunk, split, x, y - 3, unit, fresh)
        elements += drawn
        top, left = min(top, y - 3 - rise), x + split.card_columns * unit
    for branch, count in split.branches:
        drawn, high = _trunk(branch, left, y, count * unit - GAP, count, fresh)
        elements += drawn
        top, left = min(top, high), left + count * unit
    if split.hidden:
        rest = trunk.branches[len(split.branches):]
        words = f"… {plural(sum(b.total() for b in rest), 'imagen', 'imágenes')} más"
        elements.append(parts.thin_slab(f"{trunk.keys[-1]}/hidden", left, y - THIN, x + w - left, words, "", "layer.fold"))
        top = min(top, y - THIN)
    return elements, top


def _labels(trunk: Trunk) -> list[ImageView | int]:
    """Las imágenes que se nombran en la última capa: dos, y cuántas más."""
    return trunk.images if len(trunk.images) <= 2 else [trunk.images[0], len(trunk.images) - 1]


def _layer(key: str, x: float, y: float, w: float, high: float, words: str, note: str, style: str,
           labels: list[ImageView | int]) -> Group:
    row = parts.thin_slab(key, x, y, w, words, note, style, THIN - 3, enter=(0, -26))
    box = row.children[0]
    children: list[Element] = [Box(box.key, 0, 0, w, high, style, 5), *row.children[1:]]
    for index, label in enumerate(labels):
        top = THIN - 5 + index * TAG
        if isinstance(label, int):
            children.append(parts.text(f"{key}/more", 10, top + 16, f"… {plural(label, 'imagen', 'imágenes')} más", w - 20,
                                       "text.muted", 12))
            continue
        extra = f"+{len(label.tags) - 1}" if len(label.tags) > 1 else ""
        name = label.tags[0] if label.tags else f"<none> {short(label.id)}"
        weight = " · ".join(filter(None, [extra, size(label.size)]))
        if parts.tag_width(name) + text_width(weight, 11.5) > w - 30:
            weight = extra
        aside = text_width(weight, 11.5)
        children.append(parts.tag(f"image:{short(label.id)}", 8, top, name, w - 30 - aside, enter=(0, -14)))
        if weight:
            children.append(Text(f"image:{short(label.id)}/size", w - 10, top + 15.5, weight, "text.muted", 11.5, "end"))
    return Group(key, x, y, tuple(children), enter=(0, -26))


def _cards(trunk: Trunk, split: forest.Share, x: float, bottom: float, unit: float, fresh: set[str]) -> tuple[list[Element], float]:
    """Los contenedores de una imagen, en filas que suben desde `bottom`."""
    shown = trunk.containers[:split.cards]
    high = CARD + EXTRA * max((len(_extras(c)) for c in shown), default=0)
    elements: list[Element] = []
    for index, container in enumerate(shown):
        row, column = divmod(index, split.card_columns)
        elements.append(_card(container, x + column * unit, bottom - (row + 1) * (high + 4) + 4, unit - GAP, high,
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


def _extras(container: ContainerView) -> list[tuple[str, str]]:
    """Los renglones de más de un contenedor: (estilo, texto); dos como mucho."""
    lines = [("network", port) for port in container.ports[:1]]
    lines += [("volume" if m.type == "volume" else "tag", f"{m.source or m.type} → {m.target}") for m in container.mounts]
    return lines if len(lines) <= 2 else [lines[0], ("", f"… {len(lines) - 1} montajes más")]


def _card(container: ContainerView, x: float, y: float, w: float, high: float, new: bool) -> Group:
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
    for index, (kind, line) in enumerate(_extras(container)):
        top = CARD - 4 + index * EXTRA
        if kind:
            children.append(Box(f"{key}/mark{index}", 12, top + 3, 10, 11, kind, 5, 3 if kind == "volume" else 2))
        children.append(parts.text(f"{key}/extra{index}", 28 if kind else 12, top + 12.5, line, w - 40, "code", 11))
    return Group(key, x, y, tuple(children), enter=(0, -34))


def _volumes(volumes: tuple[VolumeView, ...], x: float, y: float, w: float, fresh: set[str]) -> tuple[list[Element], float]:
    """La balda de los volúmenes."""
    columns = max(2, int((w - 24 + GAP) // 168))
    shown = volumes if len(volumes) <= 2 * columns else volumes[:2 * columns - 1]
    unit = (w - 24 + GAP) / columns
    lines = -(-(len(shown) + (len(shown) < len(volumes))) // columns)
    height = 38 + lines * 78
    elements: list[Element] = [*parts.panel("volumes", x, y, w, height, "Volúmenes", plural(len(volumes), "volumen", "volúmenes"))]
    for index, item in enumerate(shown):
        row, column = divmod(index, columns)
        used = f"lo usa {describe.listing(item.used_by)}" if item.used_by else "nadie lo usa"
        name = f"anónimo {item.name[:12]}" if item.anonymous else item.name
        elements.append(parts.volume(f"volume:{item.name}", x + 12 + column * unit, y + 36 + row * 78, unit - GAP, 70, (
            (name, "text.strong"), (size(item.size), "text.muted"), (used, "text.muted"))))
    if len(shown) < len(volumes):
        row, column = divmod(len(shown), columns)
        elements.append(parts.text("volumes/more", x + 12 + column * unit + unit / 2, y + 76 + row * 78,
                                   f"… {len(volumes) - len(shown)} más", unit - GAP - 20, "text.muted", 12.5, "middle"))
    return elements, height


def _networks(networks: list[NetworkView], x: float, y: float, w: float) -> tuple[list[Element], float]:
    """Las redes: un carril por red, con quien está conectado."""
    shown = networks if len(networks) <= 6 else networks[:5]
    height = 38 + len(shown) * 34 + (22 if len(shown) < len(networks) else 0)
    elements: list[Element] = [*parts.panel("networks", x, y, w, height, "Redes", plural(len(networks), "red", "redes"))]
    for index, item in enumerate(shown):
        key, top, room = f"network:{item.name}", y + 36 + index * 34, w - 24
        half = min(230, room * 0.46)
        who = describe.listing(f"{name} {address.rpartition('/')[0] or address}" for name, address in item.containers) or "nadie conectado"
        elements.append(Group(key, x + 12, top, (
            Box(f"{key}/box", 0, 0, room, 28, "network", 14),
            parts.text(f"{key}/name", 16, 18.5, f"{item.name} {item.subnet}", half - 24, "text.strong", 12, tail=16),
            parts.text(f"{key}/who", half, 18.5, who, room - half - 16, "text.muted", 12)), enter=(0, 14)))
    if len(shown) < len(networks):
        elements.append(parts.text("networks/more", x + 26, y + 36 + len(shown) * 34 + 12, f"… {len(networks) - len(shown)} más",
                                   w - 52, "text.muted", 12.5))
    return elements, height
