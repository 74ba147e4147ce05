"""El banco de trabajo: un motor, una carpeta y un terminal, con memoria de todo lo que se hizo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..errors import DockerlabError
from ..events import Event, Rewound
from ..shell_line import lexed, logical_lines
from .console import Console, Entry
from .desk import Desk, Photo
from .errand import Ask, Errand
from .memory import Memory, Moment, look
from .steps import Step

if TYPE_CHECKING:
    from ..engine import Engine
    from ..views import EngineView

MOST_SHOTS = 5       # fotogramas de una orden, como mucho
LONGEST = 20_000     # letras que se enseñan de lo que escribe una orden


@dataclass(frozen=True, slots=True)
class Shot:
    """Algo que dibujar: la fotografía, a qué se debe (`mark`, vacío a mitad de una orden) y lo que se dice de ello."""

    view: EngineView
    mark: str = ""
    said: str = ""


class Workbench:
    """Una sesión de trabajo sobre `engine` y la carpeta `desk`.

    `tell(clase, contenido)` recibe lo que se ve en el terminal, según ocurre;
    `show(planos)`, lo que hay que dibujar; `edit(ruta)`, qué archivo abrir.
    """

    def __init__(self, engine: Engine, desk: Desk):
        self.engine, self.desk = engine, desk
        self.tell: Callable[[str, Any], None] = lambda kind, content: None
        self.show: Callable[[Sequence[Shot]], None] = lambda shots: None
        self.console = Console(engine, desk, self.write)
        self.memory = Memory(engine, desk)
        self.errand: Errand | None = None
        self.queue: list[str] = []                      # líneas que esperan su turno
        self.busy, self.stirred = False, False          # ¿trabaja ahora? ¿han cambiado algo otros?
        self.seen: list[EngineView] = []                # lo que va pasando durante una orden
        self.written = 0
        self.past: list[tuple[Step, Moment]] = []
        self.start = self.memory.take()
        self.drawn = self.start.view
        self._unsubscribe: Callable[[], None] | None = engine.events.subscribe(self._hear)

    # ── lo que se ve ─────────────────────────────────────────────────────────

    def write(self, kind: str, content: Any) -> None:
        """Una entrada del terminal; lo que una sola orden escribe tiene un límite."""
        if kind in ("out", "err"):
            room = LONGEST - self.written
            self.written += len(content)
            if room <= 0:
                return
            if len(content) > room:
                content = content[:room] + "\n… (hay más; aquí se corta)\n"
        self.tell(kind, content)

    def _hear(self, event: Any) -> None:
        """Un suceso del motor: durante una orden, un plano más; fuera de ella, es que trabajan otros."""
        if not isinstance(event, Rewound) and (not isinstance(event, Event) or event.action.startswith("exec_")):
            return
        try:
            view = self.engine.view()
        except (LookupError, AttributeError):    # a mitad de un cambio: dibujar nunca estropea una orden
            return
        if not self.busy:
            self.stirred = True
            self._draw([Shot(view, "otra celda")])
        elif len(self.seen) < 40:
            self.seen.append(view)

    def _draw(self, shots: Sequence[Shot]) -> None:
        """Enseña los planos que cambian algo; de muchos, unos pocos."""
        kept: list[Shot] = []
        before = look(self.drawn)
        for shot in shots:
            now = look(shot.view)
            if now != before or shot.said:
                if kept and look(kept[-1].view, False) == look(shot.view, False):   # solo pesa otra cosa: es lo mismo
                    kept.pop()
                kept.append(shot)
                before = now
            elif shot.mark and kept:
                kept[-1] = replace(shot, said=kept[-1].said)
        if len(kept) > MOST_SHOTS:
            step = (len(kept) - 1) / (MOST_SHOTS - 1)
            kept = [kept[round(index * step)] for index in range(MOST_SHOTS)]
        if kept:
            self.drawn = kept[-1].view
            self.show(kept)

    # ── teclear ──────────────────────────────────────────────────────────────

    @property
    def asking(self) -> bool:
        """¿Espera una orden a que se teclee algo?"""
        return self.errand is not None

    def type(self, text: str) -> None:
        """Una línea, o varias pegadas: se hacen una a una; si una pregunta, las que siguen son sus respuestas."""
        self.queue += text.split("\n")
        while self.queue:
            if self.errand:
                self._go_on(lambda errand: errand.type(self.queue.pop(0)))
            else:
                line = self._next()
                if line:
                    self._begin(line)

    def end(self) -> None:
        """Ctrl+D: en una conversación, no hay más líneas."""
        if self.errand:
            self._go_on(Errand.hang_up)

    def interrupt(self) -> None:
        """Ctrl+C: en una conversación, la corta."""
        self.queue.clear()
        if self.errand:
            self._go_on(Errand.interrupt)

    def _next(self) -> str:
        """La siguiente orden de la cola, con las líneas en que continúe; vacía si era un comentario."""
        for count in range(1, len(self.queue) + 1):
            text = "\n".join(self.queue[:count])
            if count == len(self.queue) or not unfinished(text):
                break
        del self.queue[:count]
        return next(logical_lines(text), "")

    def _begin(self, line: str) -> None:
        self._settle_outside()
        self.written = 0
        self.tell("order", [f"{self.desk.here} $".lstrip(), line])
        self.line = line
        self.errand = Errand(self.engine, lambda ask: self.console.run(line, ask))
        self._go_on(Errand.start)

    def _go_on(self, move: Callable[[Errand], None]) -> None:
        """Mueve la orden en marcha y recoge lo que dejó."""
        errand, self.busy, self.seen = self.errand, True, []
        assert errand is not None
        try:
            move(errand)
        finally:
            self.busy = False
        shots = [Shot(view) for view in self.seen]
        if not errand.done:
            self._draw([*shots, Shot(self.engine.view(), self.line)])
            return
        self.errand = None
        self._done(Step("order", self.line, typed=tuple(errand.typed), ended=errand.hung_up, code=errand.code or 0),
                   shots)
        if errand.error is not None:
            raise errand.error

    def _done(self, step: Step, shots: Sequence[Shot] = (), said: str = "") -> None:
        """Apunta un paso acabado y dibuja lo que cambió."""
        moment = self.memory.take()
        self.past.append((replace(step, changed=not moment.same(self.moment)), moment))
        self.stirred = False
        self._draw([*shots, Shot(moment.view, step.label, said)])

    # ── archivos ─────────────────────────────────────────────────────────────

    def save(self, name: str, text: str) -> None:
        """Guarda un archivo de la carpeta (la ruta, desde su raíz). Faltas de `Desk.write`."""
        self._settle_outside()
        self.desk.write(str(self.desk.root / name), text.encode())
        self._done(Step("save", name, text))

    def delete(self, name: str) -> None:
        """Borra un archivo de la carpeta. Faltas de `Desk.remove`."""
        self._settle_outside()
        self.desk.remove(str(self.desk.root / name))
        self._done(Step("delete", name))

    # ── deshacer ─────────────────────────────────────────────────────────────

    @property
    def moment(self) -> Moment:
        """El último instante apuntado."""
        return self.past[-1][1] if self.past else self.start

    @property
    def steps(self) -> list[Step]:
        """Los pasos desde que se empezó (o se volvió a empezar)."""
        steps = [step for step, _ in self.past]
        last = max((index for index, step in enumerate(steps) if step.kind == "reset"), default=-1)
        return steps[last + 1:]

    @property
    def origin(self) -> tuple[Moment, list[Step]]:
        """El último instante que no salió de los pasos (el principio, o lo que hicieron otros) y los que siguen."""
        base, done = self.start, []
        for step, moment in self.past:
            if step.kind in ("reset", "outside"):
                base, done = self.start if moment.same(self.start) else moment, []
            else:
                done.append(step)
        if self.errand:      # una conversación a medias también se cuenta
            done.append(Step("order", self.line, typed=tuple(self.errand.typed)))
        return base, done

    @property
    def count(self) -> int:
        """Las órdenes de Docker que han cambiado algo."""
        return sum(step.counted for step in self.steps)

    @property
    def undoable(self) -> str:
        """Qué se desharía; vacío si nada."""
        if self.errand:
            return self.line
        if self.stirred:
            return Step("outside").label
        return next((step.label for step, _ in reversed(self.past) if step.changed), "")

    def undo(self) -> str:
        """Deshace lo último que cambió algo y dice qué era; vacío si no había nada."""
        self.leave()
        label, stirred = self.undoable, self.stirred
        if not label:
            return ""
        while not stirred:
            stirred = self._forget(self.past.pop())
        self._back(self.moment, f"Deshecho: «{label}».")
        return label

    def reset(self) -> None:
        """Vuelve al principio; también esto se puede deshacer."""
        self.leave()
        self._settle_outside()
        past = self.past.copy()
        while self.past and self.past[-1][0].kind != "reset":
            self._forget(self.past.pop())
        self.past = past
        self._back(self.start, "Vuelta al principio.")
        self.past.append((Step("reset"), self.memory.take()))

    def restart(self, seed: str, files: Photo, prepare: Callable[[Engine], None]) -> None:
        """Vacía el motor, lo deja como diga `prepare` y pone `files` en la carpeta; se puede deshacer."""
        self.leave()
        self._settle_outside()
        self.busy, engine = True, self.engine
        try:
            with engine.order():
                engine.seed = seed
                engine.clear()
                prepare(engine)
                engine.events.emit(Rewound(engine.clock.now))
        finally:
            self.busy = False
        self.desk.here = ""
        self.desk.revert(files, {})
        self.past.append((Step("reset"), self.memory.take()))
        self._draw([Shot(engine.view(), "Taller compartido", "Se abre un taller compartido.")])

    def _forget(self, last: tuple[Step, Moment]) -> bool:
        """Devuelve los archivos a como estaban antes de un paso ya quitado de la lista; dice si había cambiado algo."""
        step, after = last
        if step.kind != "outside":
            self.desk.revert(self.moment.files, after.files)
        return step.changed

    def _back(self, moment: Moment, said: str) -> None:
        self.busy, self.seen = True, []
        try:
            self.memory.restore(moment)
        finally:
            self.busy, self.stirred = False, False
        self.written = 0
        self.tell("say", [["", said]])
        self._draw([Shot(self.engine.view(), said.rstrip("."), said)])

    def leave(self) -> None:
        """Si hay una conversación a medias, la acaba."""
        self.queue.clear()
        for _ in range(3):
            if self.errand:
                self.end()

    def _settle_outside(self) -> None:
        """Apunta como un paso lo que hayan hecho otros desde el último, en el motor o en la carpeta."""
        if self.stirred or self.desk.photo() != self.moment.files:
            self._done(Step("outside"))

    def close(self) -> None:
        """Deja de escuchar al motor."""
        if self._unsubscribe:
            self._unsubscribe()
            self._unsubscribe = None

    # ── repetir ──────────────────────────────────────────────────────────────

    def replay(self, steps: Sequence[Step]) -> None:
        """Repite unos pasos, como si se acabaran de dar."""
        for step in steps:
            if step.kind == "save":
                self.save(step.text, step.body)
            elif step.kind == "delete":
                self.delete(step.text)
            elif step.kind == "order":
                self.type("\n".join([step.text, *step.typed]))
                if step.ended:
                    self.end()


def unfinished(text: str) -> bool:
    """¿Continúa la orden en la línea siguiente (acaba en «\\» o deja unas comillas abiertas)?"""
    if text.endswith("\\"):
        return True
    try:
        list(lexed(text))
    except ValueError:
        return not text.lstrip().startswith("#")
    return False


__all__ = ["Ask", "DockerlabError", "Entry", "Shot", "Workbench"]
