"""Lo que comparten las órdenes de `docker compose`: encontrar el proyecto, leerlo y contar cada paso."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from dockerlab.clock import SECOND, rfc3339
from dockerlab.compose import specs
from dockerlab.compose.loader import NAMES, OVERRIDES, Loader, env_variables
from dockerlab.compose.model import Project
from dockerlab.compose.runner import Runner
from dockerlab.compose.stopper import Stopper
from dockerlab.compose.views import containers, service_of
from dockerlab.compose.waiting import LIVING
from dockerlab.errors import fault

from .call import Call
from .progress import HEADER, Plain

QUIET = ("quiet",)


class Job:
    """Una orden de Compose sobre su proyecto. `named`: los servicios que se nombran."""

    def __init__(self, call: Call, named: Iterable[str] = (), **options: Any):
        self.prepare(call, named)
        self.project = self.load(**options)
        self.runner = self.runner_for(self.project)

    def prepare(self, call: Call, named: Iterable[str] = ()) -> None:
        """Lo que se sabe antes de leer nada."""
        self.call, self.engine = call, call.engine
        self.asked = call.parents.get("compose") or call.flags
        self.named = list(named)
        self.builds = Plain()

    @classmethod
    def files_of(cls, call: Call) -> list[str]:
        """Los archivos del proyecto, sin leerlos."""
        job = cls.__new__(cls)
        job.prepare(call)
        return job.files()

    def runner_for(self, project: Project) -> Runner:
        """Quien hace el trabajo, contando cada paso aquí."""
        return Runner(self.engine, project, self.tell, self.hear)

    def chosen(self, dependencies: bool = True) -> Project:
        """El proyecto con solo los servicios nombrados (y los que necesitan)."""
        return self.project.only(self.named, dependencies) if self.named else self.project

    def stopper(self, timeout: int | None = None) -> Stopper:
        """Las órdenes que detienen, sobre los servicios nombrados."""
        return Stopper(self.runner_for(self.chosen(False)), timeout, self.project)

    # ── leer ─────────────────────────────────────────────────────────────────

    def load(self, **options: Any) -> Project:
        """El proyecto de los archivos o, si no los hay pero se dio su nombre, el que dicen sus contenedores."""
        files = self.files()
        terminal = self.call.terminal
        asked = self.asked["project-directory"]
        folder = self.call.path(asked) if asked else os.path.dirname(files[0]) if files else terminal.cwd
        folder = os.path.abspath(folder)
        env_files = [os.path.abspath(self.call.path(path)) for path in self.asked["env-file"]]
        environment = env_variables(folder, env_files, terminal.environment)
        if not files:
            return self.from_containers(self.asked["project-name"], folder)
        profiles = [*self.asked["profile"], *filter(None, environment.get("COMPOSE_PROFILES", "").split(","))]
        warnings: list[str] = []
        loader = Loader(folder, environment, name=self.asked["project-name"], profiles=profiles, warnings=warnings,
                        **options)
        try:
            return loader.load(files, self.named)
        finally:
            for text in warnings:
                self.warn(text)

    def files(self) -> list[str]:
        """Los archivos del proyecto. Falta `compose-no-file`."""
        environment = self.call.terminal.environment
        asked = self.asked["file"] or [path for path in environment.get("COMPOSE_FILE", "").split(os.pathsep) if path]
        if asked:
            return [os.path.abspath(self.call.path(path)) for path in asked]
        folder = os.path.abspath(self.call.path(self.asked["project-directory"] or "."))
        while True:
            found = [path for name in NAMES if os.path.isfile(path := os.path.join(folder, name))]
            if found:
                if len(found) > 1:
                    self.warn(f"Found multiple config files with supported names: {', '.join(found)}")
                    self.warn(f"Using {found[0]}")
                extra = [path for name in OVERRIDES if os.path.isfile(path := os.path.join(folder, name))]
                return [found[0], *extra[:1]]
            if os.path.dirname(folder) == folder:
                break
            folder = os.path.dirname(folder)
        if self.asked["project-name"]:
            return []
        raise fault("compose-no-file")

    def from_containers(self, name: str, folder: str) -> Project:
        """Un proyecto sin archivo: lo que se sabe por las etiquetas de sus contenedores."""
        services = {}
        for record in containers(self.engine, name):
            tags = record.config.get("Labels") or {}
            waits = [item.split(":") for item in tags.get(f"{specs.PREFIX}.depends_on", "").split(",") if item]
            services[service_of(record)] = {
                "image": record.image_name, "depends_on": {other: {"condition": how} for other, how, _ in waits}}
        return Project(name, folder, services=services)

    # ── contar ───────────────────────────────────────────────────────────────

    def tell(self, kind: str, name: str, status: str) -> None:
        """Una línea de progreso, en su forma llana."""
        if self.asked["progress"] in QUIET or self.call.terminal.environment.get("COMPOSE_PROGRESS") in QUIET:
            return
        if kind:
            self.call.error(f" {kind} {name}  {status}")
        elif status == "Built":
            self.call.error(f" {name}  {status}")
        else:
            self.call.error(f" {name} {status}" + ("" if status.startswith(("Warning", "Error")) else " "))

    def hear(self, event: Any) -> None:
        """Un suceso de una construcción."""
        if not self.call.flags.get("quiet-build") and self.asked["progress"] not in QUIET:
            self.call.terminal.out(self.builds.feed(event).replace(HEADER + "\n", ""))

    def warn(self, text: str) -> None:
        """Un aviso, como lo escribe la biblioteca de registro."""
        now = self.engine.clock.now
        shown = text.replace("\\", "\\\\").replace('"', '\\"')
        self.call.error(f'time="{rfc3339(now - now % SECOND)}" level=warning msg="{shown}"')

    def warn_orphans(self, remove: bool) -> None:
        """Los contenedores que ya no son de nadie: se quitan o se avisa."""
        orphans = self.runner.orphans()
        if orphans and remove:
            Stopper(self.runner).take_down(orphans)
        elif orphans:
            names = " ".join(record.name for record in orphans)
            self.warn(f"Found orphan containers ([{names}]) for this project. If you removed or renamed this service "
                      "in your compose file, you can run this command with the --remove-orphans flag to clean it up.")

    # ── buscar ───────────────────────────────────────────────────────────────

    def containers(self, alive: bool = False) -> list[Any]:
        """Los contenedores de los servicios nombrados, o todos. Falta `no-such-service`."""
        for name in self.named:
            self.project.service(name)
        return [record for record in containers(self.engine, self.project.name)
                if (not self.named or service_of(record) in self.named)
                and (not alive or record.state.status in LIVING)]

    def one(self, service: str, index: int = 0, alive: bool = True) -> Any:
        """Un contenedor de un servicio. Falta `compose-not-running`."""
        found = [record for record in self.runner.of(service)
                 if not alive or record.state.status in LIVING]
        if index:
            name = self.runner.container_name(service, index) if service in self.project.services else ""
            found = [record for record in found if record.name == name]
        if not found:
            raise fault("compose-not-running" if alive else "compose-no-container", service=service, index=index)
        return found[0]
