"""Los procesos de un contenedor, las señales que reciben y el reloj del plazo de gracia."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ..clock import SECOND
from ..events import Event
from ..views import EngineView, ProcessView
from . import describe, layout
from .board import Board, Item, Mark, Zone
from .moments import SIGNALS, STATE_AFTER, find
from .scene import Film
from .words import plural, quoted, span

STATES = {"R": "en marcha", "S": "espera", "T": "detenido", "Z": "zombi"}
GRACE = 10 * SECOND
TOLD = (*STATE_AFTER, "kill", "oom")


@dataclass(frozen=True, slots=True)
class Instant:
    """Lo que pasó (`event`; al empezar, nada), con qué orden, y cómo estaba el motor en ese momento."""

    view: EngineView
    event: Event | None = None
    order: str = ""


@dataclass(slots=True)
class _Story:
    """Lo que hay que recordar de un fotograma a otro."""

    name: str
    tree: tuple[ProcessView, ...] = ()
    state: str = ""
    code: int | None = None
    signal: str = ""
    asked: int | None = None     # cuándo empezó a contar el plazo
    grace: int = GRACE
    origin: int = 0              # cuándo empieza el relato


def film(instants: Iterable[Instant], name: str, title: str = "", grace: float = 10) -> Film:
    """La película del contenedor `name`; `grace`: segundos que `stop` espera si la orden no dice otros."""
    instants = tuple(instants)
    return layout.film(_boards(instants, _Story(name, grace=round(grace * SECOND),
                                                             origin=instants[0].view.time if instants else 0)),
                       title or f"Procesos y señales de «{name}»")


def tree(processes: Iterable[ProcessView]) -> list[tuple[ProcessView, int]]:
    """Los procesos en orden de árbol, cada uno con su profundidad."""
    processes = tuple(processes)
    known = {process.pid for process in processes}
    children: dict[int, list[ProcessView]] = {}
    for process in processes:
        children.setdefault(process.parent if process.parent in known else 0, []).append(process)
    result: list[tuple[ProcessView, int]] = []
    pending = [(process, 0) for process in reversed(children.get(0, []))]
    while pending:
        process, depth = pending.pop()
        result.append((process, depth))
        pending += [(child, depth + 1) for child in reversed(children.get(process.pid, []))]
    return result


def _boards(instants: tuple[Instant, ...], story: _Story) -> Iterator[Board]:
    own = [one for one in instants if one.event is None or one.event.type == "container"
           and dict(one.event.attributes).get("name") == story.name and one.event.action in TOLD]
    for index, one in enumerate(own):
        _absorb(story, one)
        yield _board(story, one, _caption(story, one), one.view.time)
        following = own[index + 1] if index + 1 < len(own) else None
        if story.asked is not None and following and following.view.time - one.view.time > SECOND:
            story.signal = ""
            half = (following.view.time + one.view.time) // 2
            said = (f"Han pasado {span(half - story.asked)} y el proceso 1 sigue ahí: no ha hecho caso, o todavía "
                    "está recogiendo.")
            yield replace(_board(story, one, said, half), mark="")


def _absorb(story: _Story, one: Instant) -> None:
    """Pone el relato al día con lo que acaba de pasar."""
    container, action = find(one.view, story.name), one.event.action if one.event else ""
    facts = dict(one.event.attributes) if one.event else {}
    story.signal = SIGNALS.get(facts.get("signal", ""), facts.get("signal", "")) if action == "kill" else ""
    if container and container.processes and action not in ("die", "destroy"):
        story.tree = container.processes
    if action == "die":
        story.tree, story.asked, story.code = (), None, int(facts.get("exitCode", 0))
    elif action == "kill" and story.signal != "SIGKILL" and one.order.split()[1:2] in (["stop"], ["restart"]):
        story.asked, story.grace = one.view.time, _grace(one.order, story.grace)
    elif action == "start":
        story.code, story.asked = None, None
    story.state = STATE_AFTER.get(action) or (container.state if container else story.state)


def _grace(order: str, usual: int) -> int:
    """El plazo que dice la orden (`-t 3`, `--time=3`), o el de siempre."""
    words = order.replace("=", " ").split()
    for flag in ("-t", "--time", "--timeout"):
        if flag in words[:-1] and words[words.index(flag) + 1].isdecimal():
            return int(words[words.index(flag) + 1]) * SECOND
    return usual


def _caption(story: _Story, one: Instant) -> str:
    action, first = one.event.action if one.event else "", story.tree[0].command if story.tree else ""
    if action == "kill" and story.signal == "SIGKILL":
        late = "Se acaba el plazo: el" if story.asked is not None else "El"
        return f"{late} proceso 1 recibe SIGKILL, que nadie puede atender ni desoír."
    if action == "kill":
        clock = f" Empieza a contar el plazo de {span(story.grace)}." if story.asked is not None else ""
        return f"El proceso 1, {quoted(first)}, recibe {story.signal}.{clock}"
    if action == "die":
        return _death(story.code or 0)
    if action == "oom":
        return "El grupo de control se ha quedado sin memoria: el núcleo elige a quién matar."
    if not story.tree and story.state in ("", "created", "exited"):
        return f"{story.name} no tiene ningún proceso: {describe.state_name(story.state)}."
    if action == "start":
        return f"Arranca: {quoted(first)} es el proceso 1 del contenedor."
    where = {"running": "en marcha", "paused": "en pausa"}.get(story.state, f"en {describe.state_name(story.state)}")
    return f"{story.name} está {where}, con {plural(len(story.tree), 'proceso')}."


def _death(code: int) -> str:
    signal = SIGNALS.get(str(code - 128))
    why = {0: "ha terminado por su cuenta, bien", 1: "ha terminado con un error suyo"}.get(code, "ha terminado")
    if signal:
        why = f"lo ha matado {signal}: 128 + {code - 128}"
    return f"El proceso 1 acaba, y con él todo el contenedor. Código de salida {code}: {why}."


def _board(story: _Story, one: Instant, caption: str, now: int) -> Board:
    gone = one.event is not None and one.event.action == "destroy"
    rows = tree(story.tree)
    items = tuple(_process(story, process, depth, index == 0) for index, (process, depth) in enumerate(rows))
    clock: tuple[Item, ...] = ()
    if story.asked is not None:
        spent = min(now - story.asked, story.grace)
        share = spent / story.grace if story.grace else 1
        clock = (Item("clock", f"{span(spent)} de {span(story.grace)}", style="file", share=share, prose=True,
                      lit=share >= 1),)
    code = describe.exit_code(story.code) if story.code is not None else "—"
    return Board(caption, ((
        Zone("processes", f"Procesos de {story.name}", items, plural(len(items), "proceso"), weight=1.8, tall=True,
             empty="ninguno"),
        Zone("grace", "Plazo de gracia", clock,
             empty="no se ha pedido parar" if story.code is None else "ya ha terminado")),),
        order=one.order, facts=(
            ("state", "Estado", describe.state_name("removed" if gone else story.state)),
            ("code", "Código de salida", code),
            ("clock", "Reloj", span(now - story.origin))),
        mark=story.signal or (one.event.action if one.event else "Al empezar"))


def _process(story: _Story, process: ProcessView, depth: int, first: bool) -> Item:
    mark: Mark | None = (story.signal, "error" if story.signal == "SIGKILL" else "miss", "") \
        if first and story.signal else None
    return Item(f"process:{process.host_pid}", process.command,
                f"PID {process.pid}, {STATES.get(process.state, process.state)}", "node", mark, depth,
                lit=bool(mark))
