"""Una orden ya leída, con lo que necesita quien la atiende."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dockerlab.clock import SECOND
from dockerlab.errors import DockerlabError, fault
from dockerlab.images import Reference

from .commands import Command
from .flags import Parsed
from .formatter import Context, Kind, final_format, render, reword
from .help import shown
from .run_options import Place, read_text
from .terminal import Terminal

if TYPE_CHECKING:
    from dockerlab.engine import Engine

DAEMON = "Error response from daemon: "


@functools.cache
def client_keys() -> frozenset[str]:
    """Las faltas que ven la propia línea de órdenes y Compose; las demás las contesta el demonio."""
    import tomllib
    from importlib.resources import files
    folder = files("dockerlab").joinpath("faults")
    return frozenset(key for name in ("cli.toml", "compose.toml")
                     for key in tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8")))


def daemon_text(error: DockerlabError) -> str:
    """El texto del error como sale por la pantalla: lo que contesta el demonio lleva su aviso delante."""
    mine = error.key in client_keys() or error.data.get("client")
    return error.text if mine else DAEMON + error.text


@dataclass(slots=True)
class Call:
    """Una orden: `command` y el lugar en que se escribió, sus opciones y argumentos."""

    engine: Engine
    terminal: Terminal
    command: Command
    place: str
    flags: Parsed
    parents: dict[str, Parsed] = field(default_factory=dict)
    fault: DockerlabError | None = None

    @property
    def args(self) -> list[str]:
        """Los argumentos."""
        return self.flags.arguments

    @property
    def name(self) -> str:
        """La orden como se llama a sí misma: `docker run`."""
        return shown(self.command, self.place)

    def __getitem__(self, flag: str) -> Any:
        return self.flags[flag]

    def line(self, text: str) -> None:
        """Una línea en la salida."""
        self.terminal.out(text + "\n")

    def error(self, text: str) -> None:
        """Una línea en los errores."""
        self.terminal.err(text + "\n")

    def fail(self, error: DockerlabError, text: str | None = None) -> None:
        """Cuenta un error con las palabras de Docker; el primero (`fault`) se explicará al acabar la orden."""
        self.error(daemon_text(error) if text is None else text)
        self.fault = self.fault or error

    def each(self, names: Iterable[str], action: Callable[[str], Any], echo: bool = True) -> int:
        """Hace `action` con cada nombre y lo repite; los errores salen al final, y con alguno el código es 1."""
        errors = []
        for name in names:
            try:
                action(name)
            except DockerlabError as error:
                errors.append(error)
            else:
                if echo:
                    self.line(name)
        for error in errors:
            self.fail(error)
        return 1 if errors else 0

    @property
    def now(self) -> float:
        """La hora del motor, en segundos."""
        return self.engine.clock.now / SECOND

    def context(self, **options: Any) -> Context:
        """El contexto de una tabla: se recorta salvo con `--no-trunc`."""
        return Context(self.now, not self.flags.get("no-trunc"), options)

    def table(self, kind: Kind, items: Iterable[Any], layout: str | None = None, **options: Any) -> int:
        """Escribe una tabla según `--format` y `-q`."""
        form = kind.layout(self.flags.get("format") or "", bool(self.flags.get("quiet")))
        if layout and form == "table " + kind.table:
            form = "table " + layout
        self.terminal.out(render(kind, items, form, self.context(**options)))
        return 0

    def check_template(self, kind: Kind) -> None:
        """Prueba `--format` aunque no haya ninguna fila: un campo que no existe es un error igual."""
        from .template import Row, Template
        blank = {name: (lambda _: str) if name == "Label" else (lambda _: "") for name in kind.columns}
        try:
            Template(final_format(self["format"])[0]).render(Row({}, blank, kind.type_name, kind.json))
        except DockerlabError as error:
            raise reword(error) from None

    def confirm(self, warning: str) -> bool:
        """La pregunta de las órdenes `prune`; sin respuesta es que no."""
        if self["force"]:
            return True
        self.terminal.out(warning + " [y/N] ")
        if self.terminal.ask:
            try:
                answer = self.terminal.ask("")
            except EOFError:
                answer = ""
        else:
            answer = self.terminal.read().decode(errors="replace").partition("\n")[0]
        return answer.strip().lower() in ("y", "yes")

    def reference(self, text: str) -> Reference:
        """La referencia, leída por la propia línea de órdenes: sus errores no son del demonio."""
        try:
            return Reference.parse(text)
        except DockerlabError as error:
            error.data["client"] = True
            raise

    def container(self, name: str) -> Any:
        """El contenedor de ese nombre o id."""
        return self.engine.containers.get(name)

    def where(self) -> Place:
        """Desde dónde se escribe la orden."""
        return Place(os.path.abspath(self.terminal.cwd), self.terminal.environment, read_text(self.terminal.cwd))

    def path(self, name: str) -> str:
        """Una ruta del anfitrión, contada desde la carpeta presente."""
        return os.path.join(self.terminal.cwd, os.path.expanduser(name))

    def read_file(self, name: str) -> bytes:
        """El contenido de un archivo del anfitrión. Falta `open-failed`."""
        try:
            with open(self.path(name), "rb") as file:
                return file.read()
        except OSError as error:
            raise fault("open-failed", path=name, reason=(error.strerror or str(error)).lower()) from None
