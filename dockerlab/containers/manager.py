"""Los contenedores del motor y las órdenes que los llevan de un estado a otro.

Qué orden vale en qué estado lo dice la tabla de `lifecycle`; aquí está lo que
cada una hace. Docker real: `daemon/` de moby, de `create.go` a `delete.go`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from dockerlab.clock import SECOND
from dockerlab.errors import DockerlabError, fault
from dockerlab.events import Event

from . import creation, lifecycle, signals, spec
from .container import Container, Health, State
from .exec import ExecResult, run_inside
from .names import NameSequence
from .runtime import Runtime
from .supervise import Supervisor

if TYPE_CHECKING:
    from dockerlab.engine import Engine
    from dockerlab.images.image import Image

GRACE = 10  # segundos entre la señal de `stop` y SIGKILL


class Containers:
    """Todos los contenedores, en orden de creación."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self.records: dict[str, Container] = {}   # por id
        self.names: dict[str, str] = {}           # nombre → id
        self.random_names = NameSequence()
        self.exec_pids: dict[int, str] = {}       # procesos de `docker exec` en marcha → su id
        self.runtime = Runtime(engine)
        self.supervisor = Supervisor(self)

    # ── buscar ───────────────────────────────────────────────────────────────

    def get(self, name: str) -> Container:
        """Por id completo, nombre o principio de id. Faltas `no-such-container`, `ambiguous-container`."""
        name = name.removeprefix("/")
        if name in self.records:
            return self.records[name]
        if name in self.names:
            return self.records[self.names[name]]
        found = [identity for identity in self.records if name and identity.startswith(name)]
        if len(found) > 1:
            raise fault("ambiguous-container", name=name)
        if not found:
            raise fault("no-such-container", name=name)
        return self.records[found[0]]

    def list(self) -> list[Container]:
        """Todos, del más nuevo al más viejo."""
        return list(self.records.values())[::-1]

    def using_image(self, image: str) -> list[Container]:
        """Los que salieron de esa imagen."""
        return [record for record in self.records.values() if record.image == image]

    def using_volume(self, name: str) -> list[Container]:
        """Los que montan ese volumen, vivos o no."""
        return [record for record in self.records.values() if any(point.name == name for point in record.mounts)]

    def emit(self, container: Container, action: str, **attributes: str) -> None:
        """Anota un suceso del contenedor, con sus metadatos, su imagen y su nombre."""
        known = {**(container.config.get("Labels") or {}), "image": container.image_name, "name": container.name}
        pairs = tuple(sorted({**attributes, **known}.items()))
        self.engine.events.emit(Event(self.engine.clock.now, "container", action, container.id, pairs))

    # ── crear ────────────────────────────────────────────────────────────────

    def create(self, image: Image, image_name: str, name: str | None, config: Mapping[str, Any],
               host: Mapping[str, Any], networking: Mapping[str, Any]) -> Container:
        """Un contenedor nuevo, sin arrancar (`creation.create`)."""
        return creation.create(self, image, image_name, name, config, host, networking)

    # ── la vida ──────────────────────────────────────────────────────────────

    def move(self, verb: str, container: Container, ref: str = "") -> str:
        """El estado al que `verb` lleva (o "" si nada cambia); lanza la falta de la tabla."""
        target, problem = lifecycle.transition(verb, container.state.status)
        if problem:
            raise fault(problem, id=container.id, name=container.name, ref=ref or container.name)
        return target

    def start(self, container: Container, stdin: bytes | None = None) -> None:
        """Arranca su proceso principal. `stdin`: lo que leerá si se creó con `-i`.

        Si el programa no existe (127) o no se puede ejecutar (126), el
        contenedor se queda en `created`, con el error anotado.
        """
        if not self.move("start", container):
            return
        container.stopped_by_hand = False
        container.restart_count = 0
        self.launch(container, stdin)

    def launch(self, container: Container, stdin: bytes | None = None) -> None:
        """Lo que `start`, `restart` y la política de reinicio tienen en común."""
        try:
            process = self.runtime.start(container, stdin)
        except DockerlabError as error:
            self.runtime.stop(container)
            container.become(status="created" if container.state.finished_at == 0 else "exited",
                             exit_code=error.code if error.code in (126, 127) else 128, error=error.text)
            raise
        container.state = State("running", process.pid, started_at=self.engine.clock.now,
                                finished_at=container.state.finished_at)
        self.emit(container, "start")
        self.supervisor.started(container)

    def stop(self, container: Container, timeout: int | None = None, signal: str | int | None = None) -> None:
        """La señal de parada (SIGTERM si no se dijo otra) y, pasado el plazo, SIGKILL.

        `timeout`: segundos de plazo; sin él, los del contenedor o diez; -1 espera siempre.
        """
        if not self.move("stop", container):
            return
        container.stopped_by_hand = True
        if container.state.status == "restarting":
            self.supervisor.give_up(container)
            return
        container.stopping = True
        grace = next((found for found in (timeout, container.config.get("StopTimeout")) if found is not None), GRACE)
        self.send(container, signal or container.config.get("StopSignal") or "TERM")
        deadline = None if grace < 0 else self.engine.clock.now + int(grace * SECOND)
        self.engine.run(lambda: not container.state.alive, deadline)
        if container.state.alive:
            self.send(container, "KILL")
            self.engine.run(lambda: not container.state.alive)
        container.stopping = False

    def send(self, container: Container, signal: str | int) -> None:
        """Manda la señal al proceso principal (SIGKILL despierta también al que está en pausa)."""
        number = signals.number(signal)
        if container.state.status == "paused" and number == signals.number("KILL"):
            self.engine.kernel.thaw(container.space)
        self.emit(container, "kill", signal=str(number))
        self.engine.kernel.signal(container.state.pid, number)

    def kill(self, container: Container, signal: str | int = "KILL", ref: str = "") -> None:
        """Manda una señal; con SIGKILL, espera a que muera."""
        self.move("kill", container, ref)
        number = signals.number(signal)
        if number in (signals.number("KILL"), signals.number(container.config.get("StopSignal") or "TERM")):
            container.stopped_by_hand = True
        if container.state.status == "restarting":
            self.supervisor.give_up(container)
            return
        self.send(container, number)
        if number == signals.number("KILL"):
            self.engine.run(lambda: not container.state.alive)
        else:
            self.engine.settle()

    def pause(self, container: Container) -> None:
        """Congela todos sus procesos (grupo de control *freezer*)."""
        self.move("pause", container)
        self.engine.kernel.freeze(container.space)
        container.become(status="paused")
        self.emit(container, "pause")

    def unpause(self, container: Container) -> None:
        """Los descongela."""
        self.move("unpause", container)
        self.engine.kernel.thaw(container.space)
        container.become(status="running")
        self.emit(container, "unpause")

    def restart(self, container: Container, timeout: int | None = None, signal: str | None = None) -> None:
        """Detener, si hace falta, y arrancar."""
        self.move("restart", container)
        if container.state.status in ("running", "paused", "restarting"):
            remove, container.host_config = container.host_config, {**container.host_config, "AutoRemove": False}
            self.stop(container, timeout, signal)
            container.host_config = remove
        container.stopped_by_hand, container.restart_count = False, 0
        self.launch(container)
        self.emit(container, "restart")

    def wait(self, container: Container) -> int | None:
        """Deja correr el reloj virtual hasta que termine; su código, o None si no terminará nunca."""
        ended = ("exited", "dead", "removing")
        self.engine.run(lambda: container.state.status in ended)
        return container.state.exit_code if container.state.status in ended else None

    def rename(self, container: Container, name: str) -> None:
        """Le cambia el nombre. Faltas `rename-same`, `rename-allocate`."""
        if name.removeprefix("/") == container.name:
            raise fault("rename-same")
        try:
            new = creation.claim(self, name)
        except DockerlabError as error:
            shown = error.text.replace(f"({name})", f"(/{name})")
            raise fault("rename-allocate", text=shown) from None
        old, container.name = container.name, new
        del self.names[old]
        self.names[new] = container.id
        for _, endpoint in self.engine.switchboard.of(container):
            endpoint.name = new
        self.emit(container, "rename", oldName=f"/{old}")

    def remove(self, container: Container, force: bool = False, volumes: bool = False) -> None:
        """Elimina el contenedor y su capa de escritura. `volumes`: también sus volúmenes anónimos."""
        self.move("rm-force" if force else "rm", container)
        if container.state.status in ("running", "paused", "restarting"):
            container.host_config = {**container.host_config, "AutoRemove": False}
            self.kill(container)
        container.become(status="removing")
        for network in self.engine.networks.list():
            network.leave(container.id)
        del self.records[container.id], self.names[container.name]
        self.emit(container, "destroy")
        for point in container.mounts if volumes else ():
            if point.anonymous and not self.using_volume(point.name):
                self.engine.remove_volume(point.name)

    def connect(self, container: Container, network: str, details: Mapping[str, Any]) -> None:
        """`docker network connect`."""
        self.rewire("connect", container, self.engine.switchboard.plug(container, network, details))

    def disconnect(self, container: Container, network: str, force: bool = False) -> None:
        """`docker network disconnect`."""
        self.rewire("disconnect", container, self.engine.switchboard.unplug(container, network, force))

    def rewire(self, action: str, container: Container, network: Any) -> None:
        """Lo que sigue a un cambio de redes: el contenedor ve su /etc/hosts nuevo y queda anotado."""
        self.runtime.refresh(container)
        self.engine.emit("network", action, network.id, container=container.id, name=network.name, type=network.driver)

    def update(self, container: Container, changes: Mapping[str, Any]) -> None:
        """Cambia límites o política de reinicio de un contenedor que ya existe."""
        self.move("update", container)
        host = {**container.host_config, **changes}
        if (changes.get("RestartPolicy") or {}).get("Name", "no") != "no" and host.get("AutoRemove"):
            raise fault("update-autoremove", id=container.id)
        swap = container.host_config.get("MemorySwap") or 0
        if 0 < swap < (changes.get("Memory") or 0) and not changes.get("MemorySwap"):
            raise fault("update-swap", id=container.id)
        spec.check_host_config(host, self.engine.host.cpus)
        container.host_config = host
        if container.space is not None:
            container.space.limits = self.runtime.limits(container)
            self.engine.kernel.redistribute()
        self.emit(container, "update")

    def exec(self, container: Container, argv: list[str], **options: Any) -> ExecResult:
        """`docker exec`; las opciones, en `exec.run_inside`."""
        return run_inside(self, container, argv, **options)

    def top(self, container: Container) -> list[Any]:
        """Sus procesos vivos."""
        self.move("top", container)
        return self.runtime.processes(container)

    def health(self, container: Container) -> Health | None:
        """El estado de su comprobación, si la tiene."""
        return container.state.health
