"""Quien vigila: qué pasa cuando el proceso principal acaba, y la comprobación de estado.

Docker real: el *monitor* del demonio, `restartmanager` y `health.go`. Los plazos
son avisos en el reloj del núcleo, guardados como datos.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dockerlab.clock import SECOND
from dockerlab.errors import DockerlabError

from .container import Container, Health, Probe
from .restart import should_restart

if TYPE_CHECKING:
    from .kernel import Kernel
    from .manager import Containers

FIRST_WAIT, LONGEST_WAIT = SECOND // 10, 60 * SECOND
STEADY = 10 * SECOND          # quien aguanta esto vuelve a esperar lo mínimo
INTERVAL, TIMEOUT, RETRIES = 30 * SECOND, 30 * SECOND, 3
KEPT, OUTPUT = 5, 4096        # resultados que se guardan y bytes de cada uno


class Supervisor:
    """Atiende los finales de proceso y los avisos de reinicio y de salud."""

    def __init__(self, containers: Containers):
        self.containers = containers
        self.waits: dict[str, int] = {}          # id → espera antes del próximo reinicio, ns
        self.probes: dict[int, tuple[str, int, list[tuple[int, bytes]]]] = {}  # proceso → (id, inicio, salida)
        self.watch(containers.engine.kernel)

    def watch(self, kernel: Kernel) -> None:
        """Se pone a la escucha de los finales y los avisos de un núcleo."""
        kernel.on_exit(self.exited)
        kernel.handlers["restart"] = self.restart_due
        kernel.handlers["health"] = self.probe_due
        kernel.handlers["health-timeout"] = self.probe_late

    def find(self, identity: str) -> Container | None:
        """El contenedor, si todavía existe."""
        return self.containers.records.get(identity)

    # ── el final ─────────────────────────────────────────────────────────────

    def exited(self, process: Any) -> None:
        """Un proceso acabó: si era el principal, el contenedor acaba con él."""
        if process.pid in self.probes:
            self.probe_done(process)
            return
        container = self.find(process.space.id)
        if container is None:
            return
        if process.pid in self.containers.exec_pids:
            identity = self.containers.exec_pids.pop(process.pid)
            self.containers.emit(container, "exec_die", execID=identity, exitCode=str(process.exit_code))
        if container.state.pid == process.pid:
            self.died(container, process.exit_code)

    def died(self, container: Container, code: int) -> None:
        """El proceso principal acabó con `code`."""
        engine, now = self.containers.engine, self.containers.engine.clock.now
        oom = bool(container.space and container.space.oom_killed)
        health = container.state.health
        container.become(status="exited", pid=0, exit_code=code, oom_killed=oom, finished_at=now,
                         health=replace(health, status="unhealthy") if health else None)
        if oom:
            self.containers.emit(container, "oom")
        self.containers.runtime.stop(container)
        if container.stopping:
            self.containers.emit(container, "stop")
        seconds = (now - container.state.started_at) // SECOND
        self.containers.emit(container, "die", execDuration=str(seconds), exitCode=str(code))
        policy = container.host_config.get("RestartPolicy") or {}
        again = not container.stopped_by_hand and should_restart(
            policy.get("Name") or "no", policy.get("MaximumRetryCount") or 0, code, False, container.restart_count)
        if again:
            wait = self.waits.get(container.id, 0)
            if now - container.state.started_at >= STEADY:
                wait = 0
            wait = min(max(wait * 2, FIRST_WAIT), LONGEST_WAIT)
            self.waits[container.id] = wait
            container.become(status="restarting")
            engine.kernel.agenda.at(now + wait, "restart", container.id)
        elif container.host_config.get("AutoRemove"):
            self.containers.remove(container, volumes=True)

    def restart_due(self, identity: str) -> None:
        """Pasó la espera: otro intento, si nadie lo detuvo entretanto."""
        container = self.find(identity)
        if container is None or container.state.status != "restarting":
            return
        container.restart_count += 1
        try:
            self.containers.launch(container)
        except DockerlabError:
            container.become(status="exited")

    def give_up(self, container: Container) -> None:
        """Alguien lo detuvo mientras esperaba el reinicio."""
        container.become(status="exited")
        self.waits.pop(container.id, None)
        self.containers.emit(container, "stop")

    # ── la salud ─────────────────────────────────────────────────────────────

    def check(self, container: Container) -> dict[str, Any] | None:
        """Su comprobación de estado, o None si no tiene (o es NONE)."""
        found = container.config.get("Healthcheck") or {}
        test = found.get("Test") or []
        return found if test and test[0] != "NONE" else None

    def started(self, container: Container) -> None:
        """El contenedor arrancó: la primera comprobación, pasado un intervalo."""
        check = self.check(container)
        if check:
            container.become(health=Health())
            self.schedule(container)

    def schedule(self, container: Container) -> None:
        """Apunta la próxima comprobación."""
        check = self.check(container) or {}
        now = self.containers.engine.clock.now
        interval = check.get("Interval") or INTERVAL
        starting = container.state.health is not None and container.state.health.status == "starting"
        if starting and now - container.state.started_at < (check.get("StartPeriod") or 0):
            interval = check.get("StartInterval") or 5 * SECOND
        self.containers.engine.kernel.agenda.at(now + interval, "health", [container.id, container.state.started_at])

    def probe_due(self, payload: list[Any]) -> None:
        """Toca comprobar."""
        identity, started = payload
        container = self.find(identity)
        if container is None or container.state.status != "running" or container.state.started_at != started:
            return
        check = self.check(container) or {}
        kind, *words = check["Test"]
        argv = [*(container.config.get("Shell") or ["/bin/sh", "-c"]), words[0]] if kind == "CMD-SHELL" else words
        engine = self.containers.engine
        try:
            process, output = self.containers.runtime.exec(container, argv)
        except DockerlabError as error:
            self.result(container, engine.clock.now, -1, error.text)
            return
        self.containers.emit(container, f"exec_create: {' '.join(argv)}")
        self.containers.emit(container, f"exec_start: {' '.join(argv)}")
        self.probes[process.pid] = (identity, engine.clock.now, output.chunks)
        engine.kernel.agenda.at(engine.clock.now + (check.get("Timeout") or TIMEOUT), "health-timeout", process.pid)

    def probe_late(self, pid: int) -> None:
        """La comprobación tardó demasiado: se mata y cuenta como fallo."""
        if pid in self.probes:
            identity, started, _ = self.probes.pop(pid)
            self.containers.engine.kernel.signal(pid, 9)
            container = self.find(identity)
            if container is not None and container.state.status == "running":
                check = self.check(container) or {}
                limit = (check.get("Timeout") or TIMEOUT) / SECOND
                self.result(container, started, -1, f"Health check exceeded timeout ({limit:g}s)")

    def probe_done(self, process: Any) -> None:
        """La comprobación acabó."""
        identity, started, chunks = self.probes.pop(process.pid)
        container = self.find(identity)
        if container is not None and container.state.status == "running":
            output = b"".join(data for _, data in chunks)[:OUTPUT].decode("utf-8", "replace")
            self.containers.emit(container, "exec_die", exitCode=str(process.exit_code))
            self.result(container, started, process.exit_code, output)

    def result(self, container: Container, started: int, code: int, output: str) -> None:
        """Anota el resultado y decide: un acierto la sana; `retries` fallos seguidos la enferman."""
        check, now = self.check(container) or {}, self.containers.engine.clock.now
        health = container.state.health or Health()
        log = (*health.log, Probe(started, now, code, output))[-KEPT:]
        status, streak = health.status, health.streak
        if code == 0:
            status, streak = "healthy", 0
        else:
            in_start = status == "starting" and started - container.state.started_at < (check.get("StartPeriod") or 0)
            streak = streak if in_start else streak + 1
            if streak >= (check.get("Retries") or RETRIES):
                status = "unhealthy"
        container.become(health=Health(status, streak, log))
        if status != health.status:
            self.containers.emit(container, f"health_status: {status}")
        self.schedule(container)
