"""El ciclo de vida en vivo: botones que envían órdenes de docker y un dibujo que crece con cada una."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from ..containers.lifecycle import transition
from ..events import Event, EventLog, Rewound
from ..scenes import lifecycle
from ..scenes.moments import Moment, arrival, find, moments
from ..scenes.scene import Film
from ..views import EngineView
from .player import Player

# botón: (orden que envía, verbo de la tabla de estados)
ORDERS: dict[str, tuple[str, str]] = {
    "run": ("docker run -d --name {name} {image}", ""),
    "start": ("docker start {name}", "start"),
    "pause": ("docker pause {name}", "pause"),
    "unpause": ("docker unpause {name}", "unpause"),
    "restart": ("docker restart {name}", "restart"),
    "stop": ("docker stop {name}", "stop"),
    "kill": ("docker kill {name}", "kill"),
    "rm": ("docker rm {name}", "rm"),
    "rm -f": ("docker rm -f {name}", "rm-force"),
}
REMEMBERED = 30  # órdenes que conserva el terminal del widget


def _nothing() -> None:
    """Ya no se escucha a nadie."""


class Observable(Protocol):
    """Lo que el widget necesita de un motor: su fotografía y sus sucesos."""

    events: EventLog

    def view(self) -> EngineView:
        """La fotografía del motor."""


class Lifecycle(Player):
    """La máquina de estados del contenedor `name`, con un botón por orden.

    `send` ejecuta una orden («docker stop web») y devuelve lo que imprime. Lo
    que otros hagan al mismo contenedor (desde otra celda, por ejemplo) también
    se dibuja.
    """

    def __init__(self, engine: Observable, send: Callable[[str], str], name: str = "web", image: str = "nginx",
                 **options: Any):
        self.engine, self.name, self.image = engine, name, image
        self._run = send
        self._heard: list[Event] | None = None  # mientras se ejecuta una orden, lo que va pasando
        self._moment = arrival(engine.view(), name)
        film = Film(f"Ciclo de vida de «{name}»", (lifecycle.draw(self._moment),))
        super().__init__(film, follow=True, actions=self._buttons(), **options)
        self._unsubscribe = engine.events.subscribe(self._hear)

    def act(self, action: str) -> None:
        """Envía la orden del botón y dibuja lo que le hizo al contenedor."""
        self.send_command(ORDERS[action][0].format(name=self.name, image=self.image))

    def send_command(self, command: str) -> str:
        """Ejecuta una orden de docker, la deja escrita en el terminal y dibuja sus efectos; devuelve su salida."""
        self._heard = []
        try:
            output = self._run(command)
        finally:
            heard, self._heard = self._heard, None
        self.log = [*self.log, [command, output]][-REMEMBERED:]
        self._draw(heard, command, output)
        return output

    def close(self) -> None:
        """Deja de escuchar al motor y quita el widget."""
        self._unsubscribe()
        self._unsubscribe = _nothing
        super().close()

    def _hear(self, event: Any) -> None:
        if isinstance(event, Rewound):
            self._rewind()
        if not isinstance(event, Event) or event.type != "container":
            return
        if self._heard is not None:
            self._heard.append(event)
        elif dict(event.attributes).get("name") == self.name:
            self._draw([event])

    def _draw(self, events: list[Event], command: str = "", output: str = "") -> None:
        view = self.engine.view()
        steps = list(moments(self._moment, events, view, command))
        if not steps and command:
            steps = [self._unmoved(view, command, output)]
        if steps:
            self._moment = steps[-1]
            self.append(*map(lifecycle.draw, steps))
        self.actions = self._buttons()

    def _rewind(self) -> None:
        """El motor ha vuelto a otro instante: si el contenedor está de otra manera, se dibuja como está."""
        now = arrival(self.engine.view(), self.name)
        before = self._moment
        if (now.state, now.exit_code, now.size_rw) != (before.state, before.exit_code, before.size_rw):
            self._moment = now
            self.append(lifecycle.draw(now))
        self.actions = self._buttons()

    def _unmoved(self, view: EngineView, command: str, output: str) -> Moment:
        """El instante de una orden que no movió nada, porque Docker se negó o porque ya estaba hecho."""
        return replace(self._moment, before=self._moment.state, verb="", signal="", command=command, time=view.time,
                       answer=next(iter(output.strip().splitlines()), "")).seen(view)

    def _buttons(self) -> list[dict[str, Any]]:
        """Un botón por orden; `refused`: ahora mismo Docker se negaría (y se puede probar para ver qué dice)."""
        container = find(self.engine.view(), self.name)
        buttons = []
        for label, (order, verb) in ORDERS.items():
            exists = container is not None
            refused = bool(transition(verb, container.state)[1]) if exists and verb else exists == (not verb)
            command = order.format(name=self.name, image=self.image)
            buttons.append({"id": label, "label": label, "refused": refused,
                            "title": f"{command} · ahora Docker se negará: pruébalo" if refused else command})
        return buttons
