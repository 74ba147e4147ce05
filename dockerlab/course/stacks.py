"""El relato de Compose: la pila de una carpeta, suceso a suceso, mientras se dan las órdenes."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ..compose import graph, specs
from ..compose.loader import NAMES, Loader, env_variables
from ..compose.model import Project
from ..compose.views import ComposeView, Progress, ServiceView, view
from ..errors import DockerlabError
from ..events import Event
from ..scenes import compose
from ..scenes.scene import Film
from ..scenes.words import listing
from .hand import Hand
from .lessons import Animation

TAG = f"{specs.PREFIX}.project"
FETCHED = {"Pulled": "Se descarga la imagen de {}.", "Built": "Se construye la imagen {}."}
GATHERED = ("made", "created")    # los cambios que, seguidos, se cuentan en un solo fotograma


def compose_film(engine: Any, animation: Animation, run: Hand) -> Film:
    """El proyecto de `compose.yaml` (o de `file`) antes de empezar y con cada cosa que le pasa a sus servicios."""
    watch = Watch(engine, run, dict(animation.about).get("file", ""))
    leave = engine.events.subscribe(watch.hear)
    try:
        for line in animation.orders:
            watch.order(line)
    finally:
        leave()
    return compose.film(watch.instants, animation.title)


class Watch:
    """Quien mira el motor y apunta cada cambio de la pila como un `Instant`."""

    def __init__(self, engine: Any, run: Hand, file: str):
        self.engine, self.run, self.file = engine, run, file
        self.instants: list[compose.Instant] = []
        self.line, self.starting, self.kind = "", False, ""
        self.fetched: dict[str, None] = {}
        self.project = self.read()
        self.seen = ComposeView(0, "")
        self.note_down(first=True)

    def read(self) -> Project | None:
        """El proyecto como lo dice el archivo ahora, o None si no lo hay o no se puede leer."""
        folder = str(self.run.folder)
        names = [self.file] if self.file else NAMES
        path = next((path for name in names if os.path.isfile(path := os.path.join(folder, name))), "")
        try:
            folder = os.path.dirname(path) or folder
            return Loader(folder, env_variables(folder, [], {})).load([path]) if path else None
        except DockerlabError:
            return None

    def order(self, line: str) -> None:
        """Da una orden; al acabar apunta cómo queda la pila y, si se negó, por qué."""
        if line.startswith("%%archivo"):
            self.run(line)
            self.project, self.line, self.kind = self.read(), "", ""
            self.note_down(first=not any(instant.order for instant in self.instants))
            return
        self.line, self.kind, self.starting = line, "", False
        before = len(self.instants)
        _, output, code = self.run(line)
        self.starting = False
        words = output.strip().splitlines()
        answer = words[-1].strip() if code and words else ""
        self.note_down(answer, fresh=len(self.instants) == before)

    def hear(self, event: Any) -> None:
        """Un suceso del motor: quizá cambió la pila."""
        if isinstance(event, Progress):
            self.seen = event.view
            if self.project is not None and self.project.name != event.view.project:
                self.project = replace(self.project, name=event.view.project)
            self.starting |= event.status == "Waiting"
            if event.status in FETCHED:
                self.fetched[FETCHED[event.status].format(event.name)] = None
        elif not isinstance(event, Event):
            return
        self.starting |= getattr(event, "action", "") == "start" and bool({"up", "start"} & set(shlex.split(self.line)))
        self.note_down()

    def view(self) -> ComposeView:
        """El proyecto ahora mismo."""
        return view(self.engine, self.project) if self.project is not None else self.seen

    def note_down(self, answer: str = "", *, first: bool = False, fresh: bool = False) -> None:
        """Apunta la pila si ha cambiado desde lo último (`fresh`: aunque no; `first`: en lugar de todo)."""
        now = self.view()
        held = {one.name for one in self.instants[-1].services if one.state == "waiting"} if self.starting else set()
        services = tuple(service(row, now.services, self.starting, row.name in held) for row in now.services)
        instant = compose.Instant(services, self.line, self.mine(self.engine.volumes.list()),
                                  self.mine(self.engine.networks.list()), answer=answer, wrong=bool(answer))
        if first:
            self.instants = [instant]
            return
        last = self.instants[-1]
        if replace(instant, order="") == replace(last, order="", note="", answer="", wrong=False) and not fresh:
            return
        if self.fetched and last.order != self.line:
            last = replace(last, order=self.line, note=told(self.fetched))
            self.instants.append(last)
        self.fetched.clear()
        kind = change(last, instant)
        if last.order == self.line and (kind == "checked" or kind in GATHERED and kind == self.kind):
            self.instants[-1] = instant
        else:
            self.instants.append(instant)
        self.kind = kind

    def mine(self, items: Iterable[Any]) -> tuple[str, ...]:
        """Los nombres de los volúmenes o redes de este proyecto."""
        name = self.project.name if self.project is not None else self.seen.project
        return tuple(sorted(item.name for item in items if (item.labels or {}).get(TAG) == name))


def told(said: Iterable[str]) -> str:
    """Lo descargado y lo construido, con palabras: muchas imágenes, en una frase."""
    said = list(said)
    if len(said) < 3:
        return " ".join(said)
    names = [text.rstrip(".").rpartition(" ")[2] for text in said]
    return f"Se preparan las imágenes de {listing(names)}."


def service(row: ServiceView, everyone: Sequence[ServiceView], starting: bool, held: bool) -> compose.Service:
    """Un servicio como lo dibuja la escena; `starting`: ¿lo está arrancando una orden?; `held`: ¿esperaba ya?"""
    states = [replica.state for replica in row.replicas]
    state = next((one for one in ("running", "restarting", "paused", "created") if one in states),
                 states[0] if states else "")
    first = next((replica for replica in row.replicas if replica.state == state), None)
    others = {other.name: other for other in everyone}
    waits = starting and state in ("created", "exited") and (held or any(
        not satisfied(others[name], condition) for name, condition in row.waits if name in others))
    return compose.Service(
        row.name, row.image, row.waits, "waiting" if waits else state, first.health if first else "",
        first.exit_code if first and state == "exited" else None, states.count(state), len(states))


def satisfied(row: ServiceView, condition: str) -> bool:
    """¿Está `row` como pide quien lo espera?"""
    if condition == graph.COMPLETED:
        return bool(row.replicas) and all(r.state == "exited" and not r.exit_code for r in row.replicas)
    if condition == graph.HEALTHY:
        return bool(row.replicas) and all(r.health == "healthy" for r in row.replicas)
    return any(r.state != "created" for r in row.replicas)


def change(before: compose.Instant, after: compose.Instant) -> str:
    """De qué clase es el cambio: recursos hechos, contenedores creados u otra cosa."""
    was = {one.name: one for one in before.services}
    moved = [one for one in after.services if was.get(one.name) != one]
    if not moved:
        return "made"
    if all(one.health == "starting" and replace(one, health="") == was.get(one.name) for one in moved):
        return "checked"
    return "created" if all(one.state == "created" and was.get(one.name, one).state in ("", "created")
                            for one in moved) else "moved"
