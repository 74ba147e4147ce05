"""La construcción de una imagen: el Dockerfile, la pila de capas y la configuración."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from . import describe, parts
from .primitives import Arrow, Box, Element, Group, Text
from .progress import Progress, Step, instants
from .scene import WIDE, Drawing, Film, Frame, frame
from .words import plural, size

KEYWORDS = frozenset("ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN "
                     "SHELL STOPSIGNAL USER VOLUME WORKDIR".split())
MARGIN, HEAD, ROW, SLAB, CONFIG = 16, 38, 21, 48, 44
CODE_WIDTH = 12.5 * 0.6021


def film(events: Iterable[Any], title: str = "") -> Film:
    """La película de una construcción: un fotograma por suceso que se ve."""
    frames = tuple(map(draw, instants(events)))
    return Film(title or "Construcción de una imagen", frames)


def draw(progress: Progress) -> Frame:
    """El fotograma de un instante de la construcción."""
    step = progress.step
    mark = "Resultado" if progress.finished else "Inicio" if step is None else step.instruction if step.done else ""
    return frame(lambda width: _drawing(progress, width), describe.build_caption(progress),
                 describe.build(progress), mark)


def _drawing(progress: Progress, width: int) -> Drawing:
    inner = width - 2 * MARGIN
    rows = len(progress.dockerfile)
    if width >= WIDE:
        body = max(210, min(17, rows) * ROW, min(7, progress.total) * SLAB + 34)
        body = min(body, 17 * ROW)
        columns = ((MARGIN, 392, MARGIN), (424, 250, MARGIN), (690, 174, MARGIN))
        heights = (body, body, body)
        bottom = MARGIN + HEAD + body + 12
    else:
        heights = (max(5, min(13, rows)) * ROW, 5 * SLAB + 34, 3 * CONFIG + 22)
        tops = (MARGIN, MARGIN + heights[0] + HEAD + 22, MARGIN + heights[0] + heights[1] + 2 * HEAD + 44)
        columns = tuple((MARGIN, inner, top) for top in tops)
        bottom = tops[2] + HEAD + heights[2] + 12
    (code, stack, config) = zip(columns, heights, strict=True)
    text_elements, anchor = _dockerfile(progress, *code)
    stack_elements, target = _stack(progress, *stack, anchor)
    elements = [*text_elements, *stack_elements, *_config(progress, *config, anchor)]
    if target and width >= WIDE:
        elements.append(_flow(anchor, target))
    elements += _terminal(progress, MARGIN, bottom + 10, inner)
    return Drawing(width, bottom + 10 + 58 + MARGIN, tuple(elements))


def window(total: int, first: int, last: int, rows: int) -> tuple[int, int]:
    """Qué líneas se ven (desde, hasta; desde 1, inclusive) para que se vea de `first` a `last`."""
    if total <= rows:
        return 1, total
    start = max(1, min(total - rows + 1, (first + min(last, first + rows - 1)) // 2 - rows // 2))
    return start, start + rows - 1


def _dockerfile(progress: Progress, column: tuple, height: float) -> tuple[list[Element], tuple[float, float]]:
    x, w, y = column
    step, total = progress.step, len(progress.dockerfile)
    note = f"contexto: {size(progress.context_size)}" if progress.context_size else ""
    elements: list[Element] = [*parts.panel("dockerfile", x, y, w, height + HEAD + 10, "Dockerfile", note)]
    rows = int(height // ROW)
    first, last = (step or progress.steps[-1]).lines if progress.steps else (1, 1)
    start, end = window(total, first, last, rows)
    above, below = start > 1, end < total
    top = y + HEAD
    shown = range(start + above, end + 1 - below)
    lit = [n for n in shown if step and first <= n <= last]
    if lit:
        style = "error" if step.error else "lit"
        lit_y, lit_h = top + (lit[0] - start) * ROW, len(lit) * ROW
        elements.append(Box("lit", x + 6, lit_y, w - 12, lit_h, "lit.error" if step.error else "lit", 5))
        elements.append(Box("lit/bar", x + 6, lit_y, 4, lit_h, f"{style}.bar", 2))
        anchor = (x + w - 6, lit_y + lit_h / 2)
    else:
        anchor = (x + w - 6, top + ROW / 2)
    starts = {s.lines[0]: s for s in progress.steps}
    if above:
        elements.append(_fold("dockerfile/above", x, top, start))
    if below:
        elements.append(_fold("dockerfile/below", x, top + (end - start) * ROW, total - end + 1))
    lines = tuple(_line(progress, number, w, starts.get(number)) for number in shown)
    elements.append(Group("lines", x, top - (start - 1) * ROW, lines))  # al desplazarse se mueve solo el grupo
    return elements, anchor


def _fold(key: str, x: float, y: float, count: int) -> Text:
    return Text(key, x + 56, y + 15, f"… {plural(count, 'línea')} más", "text.muted", 12)


def _line(progress: Progress, number: int, w: float, step: Step | None) -> Group:
    words = progress.dockerfile[number - 1]
    key, left, room = f"line:{number}", 56, w - 56 - 12
    children: list[Element] = [Text(f"{key}/number", 48, 15, str(number), "code.muted", 11, "end")]
    if step and step.done:
        name, tone = ("error", "error") if step.error else ("hit", "hit")
        children += parts.icon(f"{key}/state", name, 14, 5, tone, 0.95)
    keyword = re.match(r"\s*([A-Za-z]+)(?=\s|$)", words)
    continued = number > 1 and progress.dockerfile[number - 2].rstrip().endswith(("\\", "`"))
    if keyword and keyword[1].upper() in KEYWORDS and not continued:
        children.append(Text(f"{key}/keyword", left, 15, keyword[0], "code.keyword", 12.5))
        shift = len(keyword[0]) * CODE_WIDTH
        rest = words[keyword.end():]
        if rest.strip():
            gap = (len(rest) - len(rest.lstrip())) * CODE_WIDTH
            children.append(parts.text(f"{key}/rest", left + shift + gap, 15, rest, room - shift - gap, "code", 12.5))
    elif words.strip():
        style = "code.muted" if words.lstrip().startswith("#") else "code"
        gap = min(8, len(words) - len(words.lstrip())) * CODE_WIDTH
        children.append(parts.text(f"{key}/rest", left + gap, 15, words, room - gap, style, 12.5))
    return Group(key, 0, (number - 1) * ROW, tuple(children))


def _stack(progress: Progress, column: tuple, height: float, anchor: tuple[float, float]
           ) -> tuple[list[Element], tuple[float, float] | None]:
    x, w, y = column
    items, others = progress.stack(progress.stage), progress.other_stages
    note = size(sum(s.size for s in items)) if items else ""
    title = f"Capas · etapa {progress.stage}" if progress.stage and others else "Capas de la imagen"
    elements: list[Element] = [*parts.panel("stack", x, y, w, height + HEAD + 10, title, note)]
    left, room, floor = x + 12, w - 24, y + HEAD + height
    for index, stage in enumerate(others[-2:]):
        pile = progress.stack(stage)
        floor -= 28
        aside = f"{plural(len(pile), 'paso')} · {size(sum(s.size for s in pile))}"
        elements.append(parts.thin_slab(f"stage:{stage}", left, floor + 2, room, f"etapa {stage}", aside, "layer.fold"))
    bottom, space = floor, floor - (y + HEAD) - 34
    fits = int(space // SLAB)
    hidden = 0
    if len(items) > fits:
        keep = max(1, int((space - SLAB - 28) // SLAB))
        hidden = len(items) - keep - 1
    target = None
    for index, step in enumerate(items):
        if hidden and 1 <= index <= hidden:
            if index == hidden:
                bottom -= 28
                weight = size(sum(s.size for s in items[1:hidden + 1]))
                elements.append(parts.thin_slab("layer:fold", left, bottom + 2, room, f"… {plural(hidden, 'capa')} más",
                                                weight, "layer.fold"))
            continue
        bottom -= SLAB
        fresh = step.index == progress.current and step.done
        elements.append(_slab(step, left, bottom + 2, room, fresh, (anchor[0] - left - 40, anchor[1] - bottom - 22)))
        if fresh:
            target = (left, bottom + 2 + 22)
    if not items:
        elements.append(parts.text("stack/empty", x + w / 2, floor - 16, "todavía no hay ninguna capa", room,
                                   "text.muted", 12.5, "middle"))
    finished = progress.finished
    if finished and not finished.error:
        more = f" +{len(finished.tags) - 1}" if len(finished.tags) > 1 else ""
        name = (finished.tags[0] + more) if finished.tags else finished.image.removeprefix("sha256:")[:12]
        elements.append(parts.tag("tag", left + 4, bottom - 26, name, room - 8, enter=(0, -24)))
    return elements, target


def _slab(step: Step, x: float, y: float, w: float, fresh: bool, enter: tuple[float, float]) -> Group:
    key = f"layer:{step.index}"
    words, tone, icon = ("base", "idle", "") if step.base else ("acierto", "hit", "hit") if step.cached else \
        ("nueva", "miss", "miss")
    mark = parts.badge(f"{key}/badge", w - 8, 21.5, words, tone, icon)
    style = "layer.base" if step.base else "layer.new" if fresh else "layer"
    return parts.slab(key, x, y, w, step.instruction, size(step.size), style, mark=mark, enter=enter, strong=step.base)


def _config(progress: Progress, column: tuple, height: float, anchor: tuple[float, float]) -> list[Element]:
    x, w, y = column
    elements: list[Element] = [*parts.panel("config", x, y, w, height + HEAD + 10, "Configuración")]
    rows, left, room, top = list(progress.config), x + 12, w - 24, y + HEAD
    fits = int(height // CONFIG)
    changed = {name for name, _ in progress.step.changed} if progress.step and progress.step.done else set()
    if len(rows) > fits:
        fits = int((height - 22) // CONFIG)
        elements.append(parts.text("config/fold", left + 4, top + 14, f"… {plural(len(rows) - fits, 'dato')} más", room,
                                   "text.muted", 12))
        rows, top = rows[-fits:], top + 22
    if not rows:
        elements.append(parts.text("config/empty", x + w / 2, top + 16, "todavía vacía", room, "text.muted", 12.5,
                                   "middle"))
    for index, (name, value) in enumerate(rows):
        key, row_y = f"config:{name}", top + index * CONFIG
        elements.append(Group(key, left, row_y, (
            Box(f"{key}/box", 0, 1, room, CONFIG - 5, "config.new" if name in changed else "config", 6),
            parts.text(f"{key}/name", 10, 16, name, room - 20, "text.muted", 11.5),
            parts.text(f"{key}/value", 10, 32, value, room - 20, "code", 12)),
            enter=(anchor[0] - left - 40, anchor[1] - row_y - 20)))
    return elements


def _flow(start: tuple[float, float], end: tuple[float, float]) -> Arrow:
    turn, leave = start[0] + 11, min(max(end[1], start[1] - 8), start[1] + 8)  # si casi están a la par, recta
    points = ((start[0], leave), (turn, leave), (turn, end[1]), (end[0] - 4, end[1]))
    return Arrow("flow", points, "arrow.lit", head=True, corner=7)


def _terminal(progress: Progress, x: float, y: float, w: float) -> list[Element]:
    step, finished = progress.step, progress.finished
    elements: list[Element] = [Box("terminal", x, y, w, 58, "term", 8)]
    first, second, style = "", "", "term.answer"
    if finished and finished.error or step and step.error:
        first, second, style = (step.name if step else ""), (finished and finished.error) or step.error, "term.error"
    elif finished:
        first, second = "exporting to image", f"writing image {finished.image}"
    elif step:
        first = ("CACHED " if step.done and step.cached else "") + step.name
        second = step.output[-1] if step.output and step.done else ""
    else:
        first = "[internal] load build definition from Dockerfile"
    elements.append(parts.text("terminal/first", x + 14, y + 23, f"=> {first}", w - 28, "term.order", 12))
    if second:
        elements.append(parts.text("terminal/second", x + 14, y + 43, second.splitlines()[0], w - 28, style, 12))
    return elements
