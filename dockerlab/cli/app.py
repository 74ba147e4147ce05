"""Leer una línea, encontrar la orden, atenderla y contar cómo fue."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dockerlab.clock import SECOND
from dockerlab.errors import DockerlabError, UsageError, fault

from .about import VERSION
from .advice import advised, suggestion
from .arguments import check_count
from .call import Call, daemon_text
from .commands import Command, children, is_group, lookup
from .flags import FlagParser, Parsed
from .handlers import handler_for
from .help import WIDTH, render_help, run_help, shown, usage_error
from .options.hosts import parse_host
from .run_options import Place, checks, read_text
from .terminal import Captured, Terminal

if TYPE_CHECKING:
    from dockerlab.engine import Engine

TYPING = 0.05  # segundos que tarda en llegar la orden al motor
TOLD = 5.0  # segundos de reloj virtual a partir de los que se cuenta lo que se habría esperado


def run(engine: Engine, argv: Sequence[str], terminal: Terminal) -> int:
    """Ejecuta `docker argv…` y devuelve su código de salida.

    Nunca lanza los errores del proyecto: los cuenta como Docker y, aparte, los explica.
    """
    before = engine.clock.now
    with engine.order():
        engine.settle(TYPING)
        code = Line(engine, terminal).run(list(argv))
    seconds = (engine.clock.now - before) / SECOND
    if seconds >= TOLD:
        terminal.note(f"En el reloj virtual han pasado {seconds:.0f} segundos; aquí no se espera de verdad.")
    return code


def capture(engine: Engine, argv: Sequence[str], stdin: bytes | None = None, **options: Any) -> Captured:
    """Ejecuta una línea guardando lo que escribe. `options`: las de `Terminal` (`cwd`, `environment`...)."""
    written: list[tuple[int, str]] = []
    terminal = Terminal(lambda text: written.append((1, text)), lambda text: written.append((2, text)), stdin,
                        **options)
    words = list(argv)
    code = run(engine, words[1:] if words[:1] == ["docker"] else words, terminal)
    out, err = ("".join(text for stream, text in written if stream == number) for number in (1, 2))
    return Captured(code, out, err, "".join(text for _, text in written))


class Line:
    """Una línea que se está leyendo."""

    def __init__(self, engine: Engine, terminal: Terminal):
        self.engine, self.terminal = engine, terminal
        self.command, self.place = lookup(""), ""
        self.parents: dict[str, Parsed] = {}
        self.words: Sequence[str] = ()

    def run(self, words: list[str]) -> int:
        """De las palabras al código de salida. Lo que ha ido mal se explica al final, detrás de lo que diga Docker."""
        self.words, call = words, None
        try:
            flags = self.find(words)
            self.check_host()
            if flags.help or (words and self.command == lookup("") and flags.arguments[:1] == ["help"]):
                return self.help(flags)
            if is_group(self.command):
                return self.group(flags)
            call = Call(self.engine, self.terminal, self.command, self.place, flags, self.parents)
            check_count(call)
            code = handler_for(self.command, call.name)(call) or 0
            self.explain(call.fault)
            return code
        except UsageError as error:
            return self.misused(error)
        except DockerlabError as error:
            return self.failed(error, call)

    def check_host(self) -> None:
        """`-H` pide otro motor, y aquí solo hay este. Falta `no-other-engine`."""
        host = self.parents[""]["host"] if "" in self.parents else ""
        if host:
            raise fault("no-other-engine", host=parse_host(host))

    def parse(self, words: list[str]) -> Parsed:
        """Las opciones de la orden presente."""
        place = Place(self.terminal.cwd, self.terminal.environment, read_text(self.terminal.cwd))
        flags = FlagParser(self.command, checks(place)).parse(words)
        for notice in flags.notices:
            (self.terminal.err if not self.place else self.terminal.out)(notice + "\n")
        return flags

    def find(self, words: list[str]) -> Parsed:
        """Baja por los grupos hasta la orden; cada uno lee sus opciones."""
        flags = self.parse(words)
        while flags.arguments and not flags.help and is_group(self.command):
            name = flags.arguments[0]
            found = lookup(f"{self.place} {name}".strip())
            if found is None:
                break
            self.parents[self.command.path] = flags
            self.command, self.place = found, f"{self.place} {name}".strip()
            self.place = next((at for at in (found.path, *found.at) if at == self.place), found.path)
            flags = self.parse(flags.arguments[1:])
        return flags

    def group(self, flags: Parsed) -> int:
        """Un grupo sin orden: su ayuda (o `--version`, o «no existe esa orden»)."""
        if not self.place and flags["version"]:
            self.terminal.out(f"Docker version {VERSION}, build dockerlab\n")
            return 0
        if flags.arguments:
            raise self.unknown(flags.arguments[0])
        text = self.help_text()
        (self.terminal.out if not self.place or self.command.plugin else self.terminal.err)(text)
        return 0

    def unknown(self, name: str) -> DockerlabError:
        """La falta de una orden que no existe, con la más parecida."""
        plugin = self.command.plugin
        if plugin:
            self.terminal.out(self.help_text())
            return fault(f"unknown-{plugin}-command", name=name)
        here = shown(self.command, self.place)
        near = difflib.get_close_matches(name, children(self.command), n=1, cutoff=0.5)
        hint = suggestion(self.engine, name, [f"{here} {one}" for one in near], f"`{here} --help` da la lista.")
        return fault("unknown-command", command=f"{here} {name}", suggestion=hint)

    def help_text(self) -> str:
        """La ayuda de la orden presente, al ancho de la pantalla si la hay."""
        width = self.terminal.width - 1 if self.terminal.tty else WIDTH
        return render_help(self.command, self.place, width)

    def help(self, flags: Parsed) -> int:
        """`--help`, o `docker help orden`."""
        if flags.arguments[:1] == ["help"] and not self.place:
            words = flags.arguments[1:]
            found = lookup(" ".join(words))
            if found is None:
                raise fault("unknown-help-topic", name=" ".join(words))
            self.command, self.place = found, " ".join(words)
        self.terminal.out(self.help_text())
        return 0

    def misused(self, error: UsageError) -> int:
        """Una orden mal escrita: el mensaje, la línea de uso y dónde leer más."""
        command: Command = self.command
        if command.plugin == "compose" or error.key in PLAIN:
            text = error.text
        elif error.key == "unknown-command" and not self.place:
            text = f"{error.text}\n\n{run_help(command, self.place)}"
        else:
            mark = "ERROR: " if command.plugin == "buildx" and error.key.startswith("args-") else ""
            text = mark + usage_error(command, self.place, error.text, error.data.get("verb", "Run"))
        self.terminal.err(text + "\n")
        self.explain(error)
        return 1 if command.plugin == "compose" else error.code

    def failed(self, error: DockerlabError, call: Call | None) -> int:
        """Un error al atender la orden."""
        text, code = daemon_text(error), error.code
        if self.command.path == "container run" or error.data.get("misused"):
            text = f"docker: {text}\n\n{run_help(self.command, self.command.path.rpartition(' ')[2])}"
            code = error.code if error.code in (126, 127) else 125
        elif code in (125, 126, 127) and self.command.path != "container exec":
            code = 1
        self.terminal.err(text + "\n")
        self.explain(call and call.fault or error)
        return code

    def explain(self, error: DockerlabError | None) -> None:
        """Explica un error, con lo que hay en el motor a la vista."""
        if error is not None:
            self.terminal.explain(advised(error, self.engine, self.command, self.words))


PLAIN = ("unknown-buildx-command", "unknown-compose-command", "unknown-help-topic")
