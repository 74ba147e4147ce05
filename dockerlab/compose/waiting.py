"""Esperar a que un servicio esté listo: arrancado, sano o acabado, según la condición de `depends_on`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dockerlab.errors import DockerlabError, fault

from . import graph

if TYPE_CHECKING:
    from dockerlab.containers.container import Container

    from .runner import Runner

READY = "running_or_healthy"       # lo que espera `--wait`
LIVING = ("running", "paused", "restarting")


@dataclass(slots=True)
class Wait:
    """Un contenedor al que se espera, con qué condición y si hace falta."""

    container: Container
    service: str
    condition: str
    required: bool = True


class Waiting:
    """Deja correr el reloj virtual hasta que se cumplen las condiciones, o alguna ya no puede cumplirse."""

    def __init__(self, runner: Runner, deadline: int | None = None):
        self.runner, self.engine, self.deadline = runner, runner.engine, deadline

    def dependencies(self, name: str) -> None:
        """Lo que un servicio espera antes de arrancar."""
        services = self.runner.project.services
        waits = [Wait(record, other, wait["condition"], wait.get("required", True))
                 for other, wait in (services[name].get("depends_on") or {}).items()
                 if wait["condition"] != graph.STARTED and other in services
                 for record in self.runner.of(other)]
        self.all(waits)

    def everyone(self) -> None:
        """Lo que espera `--wait`: todos en marcha o sanos; de los que otros esperan acabados, su final."""
        ends = {other for service in self.runner.project.services.values()
                for other, wait in (service.get("depends_on") or {}).items() if wait["condition"] == graph.COMPLETED}
        self.all([Wait(record, name, graph.COMPLETED if name in ends else READY)
                  for name in self.runner.project.services for record in self.runner.of(name)])

    def all(self, waits: list[Wait]) -> None:
        """Espera a todos, contando cada final según llega."""
        for wait in waits:
            self.runner.tell("Container", wait.container.name, "Waiting")
        pending = list(waits)
        while pending:
            why = self.engine.run(lambda: any(self.settled(wait) for wait in pending), self.deadline)
            done = [wait for wait in pending if self.settled(wait)]
            if not done:
                raise self.hopeless(pending[0], why)
            for wait in done:
                self.report(wait)
            pending = [wait for wait in pending if wait not in done]

    def settled(self, wait: Wait) -> bool:
        """¿Se sabe ya cómo acaba la espera?"""
        state = wait.container.state
        if state.status not in LIVING or wait.condition == graph.COMPLETED:
            return state.status not in LIVING
        if state.health is None:
            return True
        return state.health.status != "starting"

    def report(self, wait: Wait) -> None:
        """Cuenta cómo acabó una espera; lanza el error si no se cumplió y hacía falta."""
        problem = self.problem(wait)
        if problem is None:
            done = wait.condition == graph.COMPLETED
            self.runner.tell("Container", wait.container.name, "Exited" if done else "Healthy")
        elif wait.required:
            said = problem.text if problem.key == "compose-dependency-incomplete" else "Error"
            if wait.condition != READY or problem.key == "compose-dependency-unhealthy":
                self.runner.tell("Container", wait.container.name, said)
            raise problem
        else:
            reason = problem.text.removeprefix("dependency failed to start: ").replace("service ", "dependency ", 1)
            self.runner.tell("Container", wait.container.name, f"Skipped: optional {reason}")

    def problem(self, wait: Wait) -> DockerlabError | None:
        """Por qué no se cumplió la condición, si no se cumplió."""
        state, name = wait.container.state, wait.container.name
        if wait.condition == graph.COMPLETED:
            return fault("compose-dependency-incomplete", service=wait.service, exit=state.exit_code) if (
                state.exit_code) else None
        prefix = "" if wait.condition == READY else "dependency failed to start: "
        if state.status not in LIVING:
            return fault("compose-dependency-exited", name=name, exit=state.exit_code, prefix=prefix)
        if state.health is None and wait.condition == graph.HEALTHY:
            return fault("compose-dependency-no-check", name=name, prefix=prefix)
        if state.health is not None and state.health.status != "healthy":
            return fault("compose-dependency-unhealthy", name=name, prefix=prefix)
        return None

    def hopeless(self, wait: Wait, why: str) -> DockerlabError:
        """Se acabó el plazo, o no va a pasar nada más."""
        if why == "deadline":
            return fault("compose-wait-timeout")
        return fault("compose-wait-forever", name=wait.container.name)
