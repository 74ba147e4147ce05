"""Un motor de mentira, lo justo para manejar el widget del ciclo de vida en las pruebas."""

from __future__ import annotations

from dataclasses import replace

from dockerlab.clock import SECOND
from dockerlab.containers.lifecycle import transition
from dockerlab.events import Event, EventLog
from dockerlab.views import ContainerView, EngineView

ACTIONS = {
    "start": [("start", {})],
    "pause": [("pause", {})],
    "unpause": [("unpause", {})],
    "rm": [("destroy", {})],
    "stop": [("kill", {"signal": "15"}), ("die", {"exitCode": "143"})],
    "kill": [("kill", {"signal": "9"}), ("die", {"exitCode": "137"})],
    "restart": [("kill", {"signal": "15"}), ("die", {"exitCode": "143"}), ("start", {})],
}


class Puppet:
    """Un contenedor «web» que obedece la tabla de estados."""

    def __init__(self) -> None:
        self.events = EventLog()
        self.container: ContainerView | None = None
        self.now = 0

    def view(self) -> EngineView:
        """La fotografía de este motor."""
        return EngineView(self.now, containers=(self.container,) if self.container else ())

    def send(self, command: str) -> str:
        """Ejecuta «docker <verbo> …» y devuelve lo que imprimiría."""
        verb = command.split()[1]
        if verb == "explota":
            raise ZeroDivisionError("división por cero")
        if verb == "run":
            self.container = ContainerView(
                "c" * 64, "web", "sha256:1", "nginx", "nginx -g daemon off;", "running", "", 0, 0
            )
            self.happen("create", {})
            self.happen("start", {})
            return "c" * 64 + "\n"
        if self.container is None:
            return "Error response from daemon: No such container: web\n"
        table = "rm-force" if "-f" in command else verb
        state, fault = transition(table, self.container.state)
        if fault:
            return f"Error response from daemon: cannot {verb} container web: {fault}\n"
        was = self.container.state
        code = {"stop": 143, "kill": 137}.get(verb, 0)
        self.container = (
            replace(self.container, state=state, exit_code=code)
            if state and state != "removed"
            else self.container
        )
        actions = ACTIONS[verb] if was != "paused" or verb != "rm" else ACTIONS["rm"]
        if state == "removed":
            self.container = None
        for action, facts in actions if state else ():
            self.happen(action, facts)
        return "web\n"

    def happen(self, action: str, facts: dict[str, str]) -> None:
        """Anota un suceso del contenedor, un segundo después del anterior."""
        self.now += SECOND
        self.events.emit(
            Event(
                self.now,
                "container",
                action,
                "c" * 64,
                tuple({"name": "web", "image": "nginx", **facts}.items()),
            )
        )
