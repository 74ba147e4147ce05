"""El intérprete: recorre el árbol y ejecuta cada orden.

Ejecutar un nodo es un generador: cede al núcleo lo que espera (que acabe un hijo,
que llegue un dato) y cede a otro generador para «llamarlo», de modo que un guion
muy anidado no gasta pila de Python. Las órdenes compuestas están en `nodes`, las
sencillas en `running` y los hijos en `children`.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, NoReturn

from .. import signals
from ..requests import Cpu, Signalled
from . import trace
from .expansion import Expander
from .nodes import CHECKED, METHODS, redirected
from .running import Running
from .state import ExitShell, ShellError, State
from .tree import Node, Pipeline, Redirect, Simple, Subshell

Steps = Generator[Any, Any, Any]

NOTICED = 1 << 16            # una variable mayor que esto cuenta como memoria del proceso
ENDLESS = 1 << 27            # y si entre todas pasan de esto, es que no van a parar: se dan por toda la del anfitrión
EVERYTHING = 1 << 40


class Interpreter(Running):
    """Un shell en marcha: su estado, sus expansiones y sus hijos en segundo plano (`jobs`)."""

    def __init__(self, sys: Any, state: State):
        self.sys, self.state = sys, state
        self.expand = Expander(self)
        self.received: list[int] = []
        self.jobs: list[dict[str, Any]] = []
        self.statuses: dict[int, int] = {}
        self.substituted: int | None = None     # código de la última sustitución de órdenes
        self.tested = False                     # ¿alguien mira el código de la orden en curso?
        self.command_name = ""                  # el builtin que se ejecuta, para los mensajes

    def value(self, name: str) -> str | None:
        """El valor de una variable o de un parámetro especial."""
        state = self.state
        if name.isdigit():
            index = int(name)
            return state.zero if index == 0 else (
                state.positional[index - 1] if index <= len(state.positional) else None)
        special = {"?": lambda: str(state.status), "$": lambda: str(state.shell_pid),
                   "#": lambda: str(len(state.positional)), "-": state.flags,
                   "!": lambda: str(state.last_background) if state.last_background else None,
                   "LINENO": state.line_number}.get(name)
        if special and (name != "LINENO" or state.get(name) is None):
            return special()
        if name == "RANDOM" and state.dialect.name != "dash" and name not in state.variables:
            return str(int.from_bytes(self.sys.random(2), "big") % 32768)
        return state.get(name)

    def assign(self, name: str, value: str) -> None:
        """Asigna una variable; error del shell si es de solo lectura."""
        try:
            self.state.put(name, value)
        except KeyError:
            self.fatal("read-only", name=name)
        if len(value) > NOTICED:
            held = sum(len(variable.value or "") for variable in self.state.variables.values())
            self.sys.memory(held if held < ENDLESS else EVERYTHING)

    def complain(self, key: str, **data: Any) -> None:
        """Escribe un mensaje de error con las señas de este shell."""
        texts = self.state.dialect.texts
        self.message(data["name"] + ": " + data["text"] if key == "message" else texts[key].format(**data))

    def message(self, text: str) -> None:
        """Escribe `text` detrás del nombre del shell, el builtin y la línea, como cada dialecto."""
        self.sys.err(trace.prefix(self) + text + "\n")

    def fatal(self, key: str, **data: Any) -> NoReturn:
        """El mensaje, y el guion se acaba."""
        self.complain(key, **data)
        dialect = self.state.dialect
        raise ShellError(dialect.unset_status if key in ("unset", "null", "message") else dialect.error_status)

    def block(self, request: Any, interruptible: bool = False) -> Steps:
        """Cede al núcleo y anota las señales que lleguen; contesta `None` si una interrumpe la espera."""
        while True:
            try:
                return (yield request)
            except Signalled as signal:
                self.received.append(signal.signo)
                if interruptible or isinstance(request, Cpu):
                    return None

    def pending_traps(self) -> Steps:
        """Ejecuta las trampas de las señales que llegaron."""
        while self.received:
            signo = self.received.pop(0)
            action = self.state.traps.get(signals.name(signo))
            if action:
                yield self.trap(action)
            elif signo == signals.INT and self.state.interactive:
                self.received.clear()
                raise ShellError(128 + signo)

    def trap(self, action: str) -> Steps:
        """Ejecuta la acción de una trampa sin que cambie `$?`."""
        status = self.state.status
        yield self.source_text(action)
        self.state.status = status

    def source_text(self, text: str, line: int = 1) -> Steps:
        """Ejecuta un texto orden a orden (`eval`, `.`, trampas)."""
        from .reading import run_text
        return (yield run_text(self, text, line=line))

    def run(self, node: Node, tested: bool = False, tail: bool = False) -> Steps:
        """Ejecuta un nodo y contesta su código.

        `tested`: alguien mira el código, así que `set -e` no actúa; `tail`: es lo
        último que hará el shell, así que un programa puede ocupar su proceso.
        """
        redirects: tuple[Redirect, ...] = getattr(node, "redirects", ())
        kind = type(node)
        if kind is Simple:
            status = yield self.simple(node, tested, tail)
        elif redirects and kind is not Subshell:
            status = yield redirected(self, node, redirects, tested)
        else:
            status = yield METHODS[kind](self, node, tested, tail)
        self.state.status = status
        if self.received:
            yield self.pending_traps()
            status = self.state.status
        if status and not tested and "errexit" in self.state.options and kind in CHECKED \
                and not (kind is Pipeline and node.negated):
            raise ExitShell(status)
        return status
