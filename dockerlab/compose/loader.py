"""De los archivos de Compose al proyecto: leer, interpolar, comprobar, extender, incluir, mezclar.

Es lo que hace `docker compose config`. Cada paso está en su módulo; aquí, su orden.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

from dockerlab.errors import DockerlabError, fault

from . import convert, dotenv, merge, normalize, schema, short, source
from .check import check, check_resources
from .model import RESOURCES, Project
from .shape import Shape

NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDES = tuple(name.replace("compose.y", "compose.override.y") for name in NAMES)
PROJECT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
Data = dict[str, Any]


class Loader:
    """Lee un proyecto.

    `folder`: su carpeta; `environment`: las variables de quien escribe; `name`: el
    nombre pedido con `-p`; `profiles`: los encendidos (`*`, todos); `interpolate`:
    ¿se sustituyen las variables?; `alone`: no seguir `extends` ni `include` ni leer
    archivos de variables; `warnings` guarda los avisos.
    """

    def __init__(self, folder: str, environment: Mapping[str, str], *, name: str = "", profiles: Iterable[str] = (),
                 interpolate: bool = True, alone: bool = False, warnings: list[str] | None = None):
        self.folder, self.environment, self.name = folder, dict(environment), name
        self.profiles, self.interpolate, self.alone = tuple(profiles), interpolate, alone
        self.warnings = warnings if warnings is not None else []
        self.shape = Shape(self.environment.get("HOME", "~"))

    # ── archivos ─────────────────────────────────────────────────────────────

    def load(self, files: Iterable[str], named: Iterable[str] = ()) -> Project:
        """El proyecto de esos archivos. `named`: servicios que se piden por su nombre, sea cual sea su perfil."""
        paths = tuple(files)
        return self.project(self.documents(paths), paths, tuple(named))

    def load_text(self, text: str, file: str = "compose.yaml") -> Project:
        """El proyecto de un texto."""
        path = os.path.join(self.folder, file)
        return self.project(self.merged(self.parse(text, path), self.folder), (path,))

    def documents(self, paths: Iterable[str]) -> Data:
        """Todos los archivos, uno encima de otro."""
        found: Data = {}
        for path in paths:
            found = merge.merge_projects(found, self.merged(self.parse(read_text(path), path), self.folder))
        return found

    def parse(self, text: str, file: str) -> list[source.Source]:
        """Los documentos de un texto. Faltas `compose-empty` y las de `source.read`."""
        found = [one for one in source.read(text, file) if one.value is not None]
        if not found:
            raise fault("compose-empty", file=file)
        for one in found:
            if not isinstance(one.value, Mapping):
                raise fault("compose-top", found=show(one.value), file=file, line=1)
        return found

    def merged(self, documents: list[source.Source], folder: str) -> Data:
        """Los documentos de un archivo, uno encima de otro."""
        found: Data = {}
        for one in documents:
            found = merge.merge_projects(found, self.document(one, folder))
        return found

    # ── un documento ─────────────────────────────────────────────────────────

    def document(self, one: source.Source, folder: str) -> Data:
        """Un documento en su forma larga, con sus rutas enteras y lo que extiende o incluye ya dentro."""
        self.warn_version(one)
        if set(one.value) <= {"version", "name"}:
            raise fault("compose-empty", file=one.file)
        data = dict(self.interpolated(one))
        bare_mapping(data, one)
        schema.validate(merge.settle(data), one.file, one.lines)
        data.pop("version", None)
        data = self.shape.long(data, folder)
        if self.alone:
            return {key: value for key, value in data.items() if key != "include"}
        data["services"] = {name: self.extended(name, data["services"], one.file, folder, ())
                            for name in data.get("services") or {}}
        return self.included(data, folder)

    def warn_version(self, one: source.Source) -> None:
        """`version:` ya no dice nada."""
        if "version" in one.value:
            self.warnings.append(f"{one.file}: the attribute `version` is obsolete, it will be ignored, "
                                 "please remove it to avoid potential confusion")

    def interpolated(self, one: source.Source) -> Data:
        """El documento con sus variables en su valor."""
        if not self.interpolate:
            return one.value
        told: set[str] = set()

        def missing(name: str) -> None:
            if name not in told:
                told.add(name)
                self.warnings.append(f'The "{name}" variable is not set. Defaulting to a blank string.')
        return convert.Interpolation(one, self.environment.get, missing).walk(one.value)

    # ── extends e include ────────────────────────────────────────────────────

    def extended(self, name: str, services: Data, file: str, folder: str, trail: tuple[tuple[str, str], ...]) -> Any:
        """Un servicio con el que extiende por debajo. Faltas `compose-extends-*`."""
        service = services[name]
        if (name, file) in trail:
            steps = [f"  {one} in {where}" for one, where in (*trail[trail.index((name, file)):], (name, file))]
            first, *rest = steps
            raise fault("compose-extends-cycle", steps="\n  extends".join([first, *(step[1:] for step in rest)]))
        if not isinstance(service, Mapping) or "extends" not in service:
            return service
        wanted = service["extends"]
        base_file, base_services = file, services
        if wanted.get("file"):
            base_file = wanted["file"]
            base_services = self.plain_services(base_file)
        if wanted["service"] not in base_services:
            raise fault("compose-extends-missing", service=name, file=base_file, base=wanted["service"])
        base = self.extended(wanted["service"], base_services, base_file, os.path.dirname(base_file),
                             (*trail, (name, file)))
        return merge.merge(base, {key: value for key, value in service.items() if key != "extends"})

    def plain_services(self, file: str) -> Data:
        """Los servicios de otro archivo, en su forma larga, sin extender todavía."""
        found: Data = {}
        for one in self.parse(read_text(file), file):
            data = self.interpolated(one)
            schema.validate(merge.settle(data), one.file, one.lines)
            found |= self.shape.long(data, os.path.dirname(file))["services"]
        return found

    def included(self, data: Data, folder: str) -> Data:
        """El documento con lo que incluye. Falta `compose-include-conflict`."""
        includes = data.pop("include", None) or ()
        for item in includes:
            item = {"path": item} if isinstance(item, str) else item
            paths = [self.shape.absolute(path, folder) for path in short.listed(item["path"])]
            home = self.shape.absolute(item["project_directory"], folder) if item.get("project_directory") else (
                os.path.dirname(paths[0]))
            files = [self.shape.absolute(path, folder) for path in short.listed(item.get("env_file") or [])]
            known = env_variables(home, files, self.environment)
            other = Loader(home, known, profiles=self.profiles, interpolate=self.interpolate, warnings=self.warnings)
            found = other.documents(paths)
            for kind in merge.SECTIONS:
                for name, value in (found.get(kind) or {}).items():
                    if (data.get(kind) or {}).get(name, value) != value:
                        raise fault("compose-include-conflict", path=f"{kind}.{name}")
            data = merge.merge_projects({key: value for key, value in found.items() if key in merge.SECTIONS}, data)
        return data

    # ── el proyecto ──────────────────────────────────────────────────────────

    def project(self, data: Data, files: tuple[str, ...], named: tuple[str, ...] = ()) -> Project:
        """El proyecto entero, comprobado."""
        data = merge.settle(data)
        name = self.project_name(data.get("name"))
        check_resources(data)
        data = normalize.normalize(data, name, self.environment)
        services = {key: convert.finish(value, schema.SERVICE, ("services", key))
                    for key, value in data["services"].items()}
        active = {key: value for key, value in services.items() if self.enabled(key, value, named)}
        kinds = {kind: convert.finish(data[kind], schema.table("project")[kind].type, (kind,)) for kind in RESOURCES}
        project = Project(name, self.folder, files, {key: self.variables(value) for key, value in active.items()},
                          **kinds, extensions={key: convert.finish(value, None) for key, value in data.items()
                                                if key.startswith("x-")},
                          environment=self.environment,
                          disabled={key: value for key, value in services.items() if key not in active})
        if self.interpolate:
            check(project, data.get("models"))
        return project

    def enabled(self, name: str, service: Data, named: tuple[str, ...]) -> bool:
        """¿Lo enciende algún perfil, o lo han pedido por su nombre?"""
        wanted = service.get("profiles")
        return self.alone or not wanted or name in named or "*" in self.profiles or bool({*wanted} & {*self.profiles})

    def variables(self, service: Data) -> Data:
        """El servicio con su entorno completo: el de sus archivos y, por encima, el suyo. Falta `compose-env-file`."""
        if self.alone:
            return service
        found: dict[str, Any] = {}
        for item in service.get("env_file") or ():
            if not os.path.isfile(item["path"]):
                if item.get("required"):
                    raise fault("compose-env-file", path=item["path"])
                continue
            found |= dotenv.parse(read_text(item["path"]), self.environment)
        own = service.get("environment") or {}
        found |= {key: self.environment.get(key) if value is None else value for key, value in own.items()}
        service = {key: value for key, value in service.items() if key != "env_file"}
        if found:
            service["environment"] = dict(sorted(found.items()))
        return convert.finish(service, schema.SERVICE)

    def project_name(self, written: Any) -> str:
        """El nombre del proyecto: `-p`, COMPOSE_PROJECT_NAME, `name:` o el de la carpeta. Falta `compose-name`."""
        for asked in (self.name, self.environment.get("COMPOSE_PROJECT_NAME", "")):
            if asked:
                if not PROJECT_NAME.fullmatch(asked):
                    raise fault("compose-name", name=asked)
                return asked
        name = str(written or os.path.basename(self.folder.rstrip("/\\")))
        return re.sub(r"[^a-z0-9_-]", "", name.lower()).lstrip("_-")


def bare_mapping(data: Data, one: source.Source) -> None:
    """Lo que Compose mira antes de validar: que los servicios sean diccionarios. Falta `compose-mapping`."""
    services = data.get("services")
    rows = [(("services",), services)]
    rows += [(("services", name), value) for name, value in services.items()] if isinstance(services, Mapping) else []
    for path, value in rows:
        if value is not None and not isinstance(value, (Mapping, source.Tagged)):
            raise fault("compose-mapping", shown=".".join(path), file=one.file, line=schema.line_of(one.lines, path))


def show(value: Any) -> str:
    """Un documento que no es un diccionario, como lo cuenta el lector de YAML."""
    return "!!seq" if isinstance(value, list) else f"!!str `{str(value)[:7]}`"


def read_text(path: str) -> str:
    """Un archivo del anfitrión. Falta `compose-open`."""
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except UnicodeDecodeError:
        raise fault("compose-yaml", shown="", words="invalid leading UTF-8 octet", file=path, line=1) from None
    except OSError as error:
        raise fault("compose-open", path=path, reason=(error.strerror or str(error)).lower()) from None


def env_variables(folder: str, files: Iterable[str], environment: Mapping[str, str]) -> dict[str, str]:
    """Las variables con que se interpola: las de `.env` (o las de `files`) y, por encima, las del entorno.

    Falta `compose-env-missing`.
    """
    asked = list(files)
    default = os.path.join(folder, ".env")
    found: dict[str, str] = {}
    for path in asked or ([default] if os.path.isfile(default) else []):
        if not os.path.isfile(path):
            raise fault("compose-env-missing", path=path)
        try:
            found |= dotenv.parse(read_text(path), {**found, **environment})
        except DockerlabError as error:
            raise fault("compose-env-read", path=path, reason=error.text) from error
    return {**found, **environment}
