"""La vida de un contenedor, instante a instante: sus sucesos convertidos en algo que se puede dibujar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ..events import Event
from ..views import ContainerView, EngineView

SIGNALS = {"1": "SIGHUP", "2": "SIGINT", "3": "SIGQUIT", "9": "SIGKILL", "10": "SIGUSR1", "12": "SIGUSR2",
           "15": "SIGTERM"}
STATE_AFTER = {"create": "created", "start": "running", "pause": "paused", "unpause": "running", "die": "exited",
               "destroy": "removed"}


@dataclass(frozen=True, slots=True)
class Moment:
    """Un contenedor en un instante, y cómo llegó ahí.

    `state`: el de `docker ps`, «removed» si ya no existe o "" si todavía no;
    `before`: el anterior; `verb`: la orden o el hecho que lo movió («stop»,
    «termina»...); `command`: lo que se tecleó; `origin`: instante en que empieza
    el relato (nanosegundos); `signal`: la señal que acaba de recibir; `answer`: lo que dijo
    Docker cuando la orden no movió nada.
    """

    name: str
    image: str = ""
    state: str = ""
    before: str = ""
    verb: str = ""
    command: str = ""
    time: int = 0
    origin: int = 0
    process: str = ""
    exit_code: int | None = None
    size_rw: int = 0
    signal: str = ""
    restarts: int = 0
    answer: str = ""

    @property
    def alive(self) -> bool:
        """¿Tiene proceso principal?"""
        return self.state in ("running", "paused")

    def then(self, event: Event, command: str = "", waiting: bool = False) -> Moment:
        """El instante que sigue a `event`; `waiting`: va a volver a arrancar solo (política de reinicio)."""
        facts = dict(event.attributes)
        moment = replace(self, time=event.time, origin=self.origin or event.time, before=self.state, signal="",
                         answer="", command=command, image=facts.get("image", self.image),
                         name=facts.get("name", self.name))
        typed = (command.split() + ["", ""])[1]
        if event.action == "kill":
            number = facts.get("signal", "")
            return replace(moment, signal=SIGNALS.get(number, number), verb="", before=self.state)
        state = STATE_AFTER[event.action]
        if event.action == "die":
            code = int(facts.get("exitCode", 0))
            alone = waiting or not self.signal
            verb = "termina" if alone else typed if typed in ("stop", "kill", "restart", "rm") else "stop"
            return replace(moment, state="restarting" if waiting else "exited", exit_code=code, verb=verb)
        if event.action == "start":
            again = self.state == "restarting"
            return replace(moment, state=state, exit_code=None, verb="reintenta" if again else "start",
                           restarts=self.restarts + again)
        verb = {"destroy": "rm", "create": "create"}.get(event.action, event.action)
        forced = event.action == "destroy" and {"-f", "--force"} & set(command.split())
        return replace(moment, state=state, verb="rm -f" if forced else verb)

    def seen(self, view: EngineView) -> Moment:
        """El mismo instante, con lo que solo sabe una fotografía del motor: el proceso y la capa de escritura."""
        container = find(view, self.name)
        if container is None:
            return self
        return replace(self, process=container.command, size_rw=container.size_rw, image=container.image_name)


def find(view: EngineView, name: str) -> ContainerView | None:
    """El contenedor que se llama `name`, o `None`."""
    return next((c for c in view.containers if c.name == name), None)


def arrival(view: EngineView, name: str) -> Moment:
    """El primer instante de un relato: el contenedor como está (o todavía sin crear)."""
    container = find(view, name)
    if container is None:
        return Moment(name, time=view.time, origin=view.time)
    code = container.exit_code if container.state in ("exited", "dead") else None
    return Moment(name, container.image_name, container.state, time=view.time, origin=view.time,
                  process=container.command, exit_code=code, size_rw=container.size_rw)


def moments(start: Moment, events: Iterable[Event], view: EngineView, command: str = "") -> Iterator[Moment]:
    """Los instantes que cuentan lo que `command` le hizo al contenedor de `start`.

    `events`: lo que el motor anotó mientras tanto (lo ajeno se ignora); `view`: cómo quedó todo.
    """
    own = [e for e in events if e.type == "container" and dict(e.attributes).get("name") == start.name
           and (e.action in STATE_AFTER or e.action == "kill")]
    container, moment = find(view, start.name), start
    for index, event in enumerate(own):
        following = own[index + 1].action if index + 1 < len(own) else ""
        by_hand = command.split()[1:2] == ["restart"]
        waiting = event.action == "die" and not by_hand and (
            following == "start" or not following and container is not None and container.state == "restarting")
        moment = moment.then(event, command, waiting).seen(view)
        yield moment
