"""El taller en el notebook: un terminal al lado del mapa vivo del motor y, si hay un reto, su meta."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from ..errors import DockerlabError
from ..scenes import card, compare
from ..scenes import map as engine_map
from ..scenes.png import picture
from ..scenes.scene import Film, Frame
from ..scenes.wire import pack
from ..scenes.words import plural
from ..workshop import sharing, trees
from ..workshop.bench import Shot, Workbench
from ..workshop.desk import Desk
from .player import HERE, LABELS, Player, script, stylesheet

if TYPE_CHECKING:
    from ..engine import Engine
    from ..views import EngineView
    from ..workshop.task import Task

TRIES = ("docker run hello-world", "docker run -d --name web -p 8080:80 nginx", "docker ps -a")
LOOKS = ("docker ps -a", "docker images")   # en un reto, lo primero es mirar
FREE, BESIDE = (640, 380), (400, 340)   # anchos a los que se dibuja el mapa: solo, y al lado de su meta
MARGIN = 2           # lo que el mapa deja a los lados: el marco lo pone el taller
KEPT = 400           # entradas del terminal que conserva quien abre otra vista
WORDS = LABELS | {
    "terminal": "Terminal", "line": "Orden", "placeholder": "Escribe una orden",
    "hello": "Cada orden que escribas se verá en el mapa. Para empezar:",
    "helloKeys": "Intro la ejecuta, Tab la completa, ↑ trae la anterior y `ayuda` dice cuáles hay.",
    "choices": "Opciones", "keys": "Teclas", "previous": "Orden anterior",
    "complete": "Completar", "end": "Acabar la conversación", "copy": "Copiar", "copied": "Copiado", "now": "Ahora",
    "goal": "Meta", "goals": "Objetivos", "missing": "Para que tu mapa sea como este",
    "noMissing": "Nada: ya se ven igual.", "otherRoad": "Nada: has llegado por otro camino, y vale igual.",
    "unseen": "Los mapas ya se ven igual. Lo que falta no se ve en ellos: está en los objetivos.",
    "tools": "Deshacer y volver a empezar", "undo": "Deshacer", "reset": "Volver a empezar",
    "nothingToUndo": "No hay nada que deshacer", "nothing": "Nada que completar",
    "past": "Estás mirando el momento {index} de {steps}.", "present": "Volver al presente", "help": "Ayuda del reto",
    "hint": "Pista", "solution": "Solución", "check": "Comprobar", "done": "hecho", "todo": "pendiente",
    "correcto": "Resuelto", "pendiente": "Pendiente", "incorrecto": "Algo no cuadra", "panels": "Paneles del taller",
    "files": "Archivos", "inside": "Mirar dentro", "share": "Compartir", "fileName": "Nombre del archivo",
    "fileText": "Texto del archivo", "save": "Guardar", "drop": "Eliminar", "newFile": "Archivo nuevo",
    "unsaved": "Sin guardar (Ctrl+S lo guarda)", "saved": "Guardado",
    "needsName": "Ponle un nombre, por ejemplo Dockerfile.", "noFiles": "La carpeta está vacía.",
    "subject": "Qué mirar", "nothingInside": "Todavía no hay imágenes ni contenedores.",
    "peekHint": "Elige un archivo para leerlo.", "script": "Guion para un Docker de verdad",
    "scriptTold": "Las órdenes de esta sesión, listas para ejecutar en un equipo con Docker.",
    "shareText": "Texto para compartir", "shareTold": "Quien lo pegue en su taller tendrá esto mismo.",
    "paste": "Abrir un taller compartido", "pasteHint": "dockerlab1:…",
    "pasteTold": "Pega aquí el texto que te hayan pasado.", "openIt": "Abrir",
}


class Workshop(Player):
    """Un taller sobre `engine` y la carpeta `folder`: `Workshop(engine, folder)`.

    `task`: el reto que se resuelve en él; `goal`: la fotografía de la meta, para
    dibujarla; `solved`: a quién se avisa cada vez que se resuelve; `after`: lo
    que se dice al resolverlo.
    """

    _esm = script("panels.js", "workshop.js")
    _css = stylesheet() + "\n" + HERE.joinpath("workshop.css").read_text(encoding="utf-8")
    shown = (*Player.shown, "_screen", "_goal", "status", "task", "files", "subjects")
    _screen = traitlets.List([0, []]).tag(sync=True)   # lo escrito en el terminal, y cuántas entradas hubo antes
    _goal = traitlets.Unicode("").tag(sync=True)
    status = traitlets.Dict().tag(sync=True)
    task = traitlets.Dict().tag(sync=True)
    files = traitlets.List().tag(sync=True)
    subjects = traitlets.List().tag(sync=True)

    def __init__(self, engine: Engine, folder: str | Path, task: Task | None = None, goal: EngineView | None = None,
                 solved: Callable[[], None] = lambda: None, title: str = "", after: str = "", **options: Any):
        self.bench = Workbench(engine, Desk(folder))
        self.given, self.goal_view, self.solved, self.after = task, goal, solved, after
        self.hints, self.solution, self.told, self.state = 0, False, "", "pendiente"
        self._entries: list[list[Any]] = []     # lo escrito en el terminal y todavía sin enviar
        self._view = self.bench.drawn
        self.sizes = BESIDE if goal else FREE
        name = title or (task.title if task else "Taller")
        first = engine_map.draw(self.bench.drawn, None, "Inicio", self.sizes, MARGIN)
        if not (self._view.images or self._view.containers):     # el mapa ya dice que no hay nada
            first = replace(first, caption="Aquí se cuenta lo que cambia con cada orden.")
        super().__init__(Film(name, (first,)), follow=True, widths=list(self.sizes),
                         labels=WORDS | {"examples": list(LOOKS if task else TRIES)}, **options)
        self.bench.tell, self.bench.show = self._tell, self._show
        self.bench.console.edit, self.bench.console.clear = self.edit, lambda: self._tell("clear", "")
        if goal:
            self._goal = pack([engine_map.draw(goal, widths=self.sizes, margin=MARGIN)])
        self.refresh()

    # ── lo que pasa en el banco ──────────────────────────────────────────────

    def _tell(self, kind: str, content: Any) -> None:
        last = self._entries[-1] if self._entries else ["", ""]
        if kind == last[0] and kind in ("out", "err"):
            last[1] += content
        else:
            self._entries.append([kind, content])

    def _show(self, shots: Sequence[Shot]) -> None:
        frames: list[Frame] = []
        for shot in shots:
            drawn = engine_map.draw(shot.view, self._view, shot.mark, self.sizes, MARGIN)
            frames.append(replace(drawn, caption=f"{shot.said} {drawn.caption}".strip()))
            self._view = shot.view
        self.append(*frames)
        if not self.bench.busy:      # ha sido otra celda: nadie más lo va a contar
            self.refresh()

    def refresh(self) -> None:
        """Lleva al navegador lo que haya cambiado: lo escrito, los archivos, el estado y el reto."""
        if entries := self._entries:
            self._entries = []
            before, kept = self._screen
            clear = max((index for index, (kind, _) in enumerate(entries) if kind == "clear"), default=-1)
            kept = [*(kept if clear < 0 else []), *entries]
            total = before + len(self._screen[1])
            self._keep("_screen", [total + len(entries) - len(kept[-KEPT:]), kept[-KEPT:]])
            self.send({"type": "screen", "from": total, "entries": entries})
        with self.bench.engine.turn:
            self._measure()

    def _measure(self) -> None:
        """Los archivos, en qué se puede mirar, el reto y el estado, ahora."""
        self.files = self.bench.desk.files()
        self.subjects = [list(pair) for pair in trees.subjects(self.bench.engine)]
        self.task = self._task()
        self.status = {"asking": self.bench.asking, "secret": bool(self.bench.errand and self.bench.errand.secret),
                       "place": self.bench.desk.here, "undo": self.bench.undoable,
                       "steps": len(self.frames), "count": self.bench.count}

    def _task(self) -> dict[str, Any]:
        """El reto como se ve: lo que se cuenta, cada meta, el veredicto y lo que se ha pedido."""
        if not (task := self.given):
            return {}
        verdict = task.verdict(self.bench.engine)
        if verdict.state == "correcto" and self.state != "correcto":
            self.solved()
        if verdict.state != self.state:
            self.told = "" if verdict.state == "pendiente" else verdict.text
        self.state = verdict.state
        done, par = self.bench.count, task.par
        missing = compare.differences(self.bench.engine.view(), self.goal_view) if self.goal_view else []
        right = verdict.state == "correcto"
        same = WORDS["otherRoad" if right and missing else "noMissing" if right else "unseen"]
        why = task.explanation if right and task.explanation != verdict.text else ""
        why = "\n\n".join(filter(None, [why, self.after if right else ""]))
        return {"title": task.title, "story": task.story, "state": verdict.state, "same": same,
                "missing": [] if right else missing,
                "goals": [list(pair) for pair in task.goals(self.bench.engine)],
                "verdict": verdict.text if self.told else "", "explanation": why,
                "hints": list(task.hints[:self.hints]), "left": len(task.hints) - self.hints,
                "solution": sharing.pasteable(task.solution) if self.solution else "",
                "count": f"{plural(done, 'orden', 'órdenes')}; la solución usa {par}"}

    # ── lo que llega del navegador ───────────────────────────────────────────

    def answer(self, message: dict[str, Any]) -> None:
        """Atiende un mensaje: `type` es el nombre de uno de los métodos `on_…`."""
        handler = getattr(self, f"on_{message.get('type')}", None)
        if handler is None:
            return super().answer(message)
        try:
            handler(message)
        except DockerlabError as error:
            self.send({"type": "refused", "text": error.what or error.text})
        finally:
            if message["type"] not in LOOKING:
                self.refresh()
                self.send({"type": "ready"})
        return None

    def on_line(self, message: dict[str, Any]) -> None:
        """Una línea, o varias pegadas."""
        self.bench.type(message["text"])

    def on_end(self, message: dict[str, Any]) -> None:
        """Ctrl+D."""
        self.bench.end()

    def on_interrupt(self, message: dict[str, Any]) -> None:
        """Ctrl+C."""
        self.bench.interrupt()

    def on_clear(self, message: dict[str, Any]) -> None:
        """Ctrl+L."""
        self._tell("clear", "")

    def on_lost(self, message: dict[str, Any]) -> None:
        """Al navegador le faltan entradas del terminal."""
        before, kept = self._screen
        if before + len(kept) > message["from"]:
            start = max(before, message["from"])
            self.send({"type": "screen", "from": start, "entries": kept[start - before:], "all": True})

    def on_complete(self, message: dict[str, Any]) -> None:
        """El tabulador."""
        prefix, options = self.bench.console.completions(message["line"])
        self.send({"type": "completed", "n": message["n"], "prefix": prefix, "options": options[:200]})

    def on_undo(self, message: dict[str, Any]) -> None:
        """Deshacer."""
        self.bench.undo()

    def on_reset(self, message: dict[str, Any]) -> None:
        """Volver a empezar; también las pistas."""
        self.bench.reset()
        self.told = ""

    def on_hint(self, message: dict[str, Any]) -> None:
        """Una pista más."""
        self.hints = min(self.hints + 1, len(self.given.hints) if self.given else 0)

    def on_solution(self, message: dict[str, Any]) -> None:
        """La solución."""
        self.solution = True

    def on_check(self, message: dict[str, Any]) -> None:
        """Comprobar: el veredicto, también cuando solo falta seguir."""
        if self.given:
            self.told = self.given.verdict(self.bench.engine).text

    # los archivos

    def edit(self, name: str) -> None:
        """Abre en el editor un archivo de la carpeta, o uno nuevo con ese nombre."""
        desk = self.bench.desk
        text = desk.text(str(desk.root / name)) if (desk.root / name).exists() else ""
        self.send({"type": "opened", "name": name, "text": text, "show": True})

    def on_open(self, message: dict[str, Any]) -> None:
        """Elegido en la lista."""
        desk = self.bench.desk
        self.send({"type": "opened", "name": message["name"], "text": desk.text(str(desk.root / message["name"]))})

    def on_save(self, message: dict[str, Any]) -> None:
        """Guardar."""
        self.bench.save(message["name"], message["text"])
        self.send({"type": "saved", "name": message["name"], "text": message["text"]})

    def on_delete(self, message: dict[str, Any]) -> None:
        """Eliminar."""
        self.bench.delete(message["name"])
        self.send({"type": "deleted", "name": message["name"]})

    # mirar dentro y compartir

    def on_tree(self, message: dict[str, Any]) -> None:
        """Una carpeta de una imagen o de un contenedor."""
        with self.bench.engine.turn:
            rows = trees.children(self.bench.engine, message["of"], message["path"])
        self.send({"type": "tree", "of": message["of"], "path": message["path"], "rows": [asdict(row) for row in rows]})

    def on_peek(self, message: dict[str, Any]) -> None:
        """El texto de un archivo de dentro."""
        with self.bench.engine.turn:
            text = trees.peek(self.bench.engine, message["of"], message["path"])
        self.send({"type": "peek", "of": message["of"], "text": text})

    def on_export(self, message: dict[str, Any]) -> None:
        """El guion y la línea para compartir."""
        self.send({"type": "exported", "script": sharing.script_of(self.bench), "share": self.share()})

    def share(self) -> str:
        """Este taller en una línea de texto: `taller("…")` lo abre en otro notebook."""
        return sharing.text_of(self.bench, self.given.id if self.given else "")

    def on_import(self, message: dict[str, Any]) -> None:
        """Abrir aquí un texto compartido."""
        try:
            self.open_shared(message["text"])
            said = ""
        except DockerlabError as error:
            said = " ".join(filter(None, [error.what, error.tip]))
        self.send({"type": "imported", "text": said})

    def open_shared(self, text: str) -> None:
        """Deja este taller como el de un texto compartido; se puede deshacer. Faltas: las de `sharing.open_text`."""
        try:
            sharing.open_text(self.bench, text, self.given.id if self.given else "")
        finally:
            self.refresh()

    # ── sin navegador ────────────────────────────────────────────────────────

    def card(self) -> Frame:
        """El taller quieto, para un cuaderno guardado: lo que se cuenta, los objetivos y los dos mapas."""
        views = [("Ahora", self.bench.drawn)] + ([("Meta", self.goal_view)] if self.goal_view else [])
        maps = [(name, engine_map.draw(view, margin=MARGIN)) for name, view in views]
        task = self.given
        return card.draw(self.title, task.story if task else ABOUT,
                         task.goals(self.bench.engine) if task else (), maps)

    def __repr__(self) -> str:
        return "\n".join(self.card().description)

    def picture(self) -> bytes:
        """La imagen que se guarda en lugar del taller."""
        return picture(replace(self.card(), caption=""))

    def close(self) -> None:
        """Deja de escuchar al motor y quita el widget."""
        self.bench.leave()
        self.bench.close()
        super().close()


ABOUT = "Un terminal al lado del mapa vivo del motor. Cada orden se ve en cuanto se ejecuta."
LOOKING = ("complete", "tree", "peek", "export", "lost", "open")   # mensajes que no cambian nada
