"""Lo que un shell recuerda: variables, funciones, opciones, alias y trampas.

Un subshell empieza con una copia (`snapshot`), y lo que cambie en ella no vuelve.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from ..codec import saved
from .dialects import Dialect, dialect
from .environment import ordered
from .tree import Node

OPTIONS = {"e": "errexit", "f": "noglob", "I": "ignoreeof", "m": "monitor", "n": "noexec", "x": "xtrace",
           "v": "verbose", "C": "noclobber", "a": "allexport", "b": "notify", "u": "nounset", "E": "errtrace"}
UNLETTERED = ("vi", "pipefail")
MORE_BASH = ("emacs", "braceexpand", "functrace", "hashall", "histexpand", "history", "interactive-comments",
             "keyword", "nolog", "onecmd", "physical", "posix", "privileged")


class ShellError(Exception):
    """Un error que acaba el guion (en un shell interactivo, solo la orden)."""

    def __init__(self, status: int):
        super().__init__(status)
        self.status = status


class ExitShell(Exception):
    """El shell acaba (`exit`, `set -e`); `status` puede faltar: el último."""

    def __init__(self, status: int):
        super().__init__(status)
        self.status = status


class Crash(ExitShell):
    """El shell muere sin poder hacer nada más (demasiadas funciones anidadas)."""


class Jump(Exception):
    """Un salto de control: `break`, `continue` (con `levels`) o `return` (con `status`)."""

    def __init__(self, kind: str, levels: int = 1, status: int = 0):
        super().__init__(kind)
        self.kind, self.levels, self.status = kind, levels, status


@saved
@dataclass(frozen=True, slots=True)
class Variable:
    """`value` es `None` si está declarada pero sin valor (`export X`, `local X`)."""

    value: str | None = None
    exported: bool = False
    readonly: bool = False


@saved
@dataclass(frozen=True, slots=True)
class Snapshot:
    """Todo lo que hereda un subshell, y la orden que tiene que ejecutar."""

    node: Node | None
    dialect: str
    zero: str
    positional: tuple[str, ...]
    variables: dict[str, Variable]
    functions: dict[str, Node]
    aliases: dict[str, str]
    options: frozenset[str]
    traps: dict[str, str]
    status: int
    shell_pid: int
    last_background: int
    line: int
    script: str
    command: str         # el builtin en curso (`eval`), para los mensajes
    tested: bool
    loops: int
    calls: int
    trace: int


@dataclass(slots=True)
class State:
    """El estado de un shell en marcha. `script`: el nombre que sale en los mensajes con su línea."""

    dialect: Dialect
    zero: str
    shell_pid: int
    positional: list[str] = field(default_factory=list)
    variables: dict[str, Variable] = field(default_factory=dict)
    functions: dict[str, Node] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    options: set[str] = field(default_factory=set)
    traps: dict[str, str] = field(default_factory=dict)
    scopes: list[dict[str, Variable | None]] = field(default_factory=list)
    status: int = 0
    last_background: int = 0
    line: int = 1
    script: str = ""
    loops: int = 0            # bucles en los que se está
    calls: int = 0            # funciones en las que se está
    sourced: int = 0          # archivos leídos con `.` en los que se está
    trace: int = 1            # cuántas veces se repite el signo de `set -x`
    interactive: bool = False
    opt_offset: int = 0       # por qué letra de la palabra va `getopts`

    def get(self, name: str) -> str | None:
        """El valor de una variable, o `None` si no lo tiene."""
        variable = self.variables.get(name)
        return variable.value if variable else None

    def put(self, name: str, value: str, export: bool = False) -> None:
        """Asigna una variable. `KeyError` si es de solo lectura."""
        old = self.variables.get(name, Variable())
        if old.readonly:
            raise KeyError(name)
        if name == "OPTIND":
            self.opt_offset = 0
        self.variables[name] = Variable(value, old.exported or export or "allexport" in self.options, False)

    def mark(self, name: str, **flags: bool) -> None:
        """Marca una variable como exportada o de solo lectura."""
        self.variables[name] = replace(self.variables.get(name, Variable()), **flags)

    def unset(self, name: str) -> None:
        """La quita. `KeyError` si es de solo lectura."""
        if name in self.variables:
            if self.variables[name].readonly:
                raise KeyError(name)
            del self.variables[name]

    def local(self, name: str) -> None:
        """Guarda la variable para devolverla al salir de la función."""
        self.scopes[-1].setdefault(name, self.variables.get(name))

    def leave(self) -> None:
        """Devuelve las variables locales a como estaban."""
        for name, variable in self.scopes.pop().items():
            if variable is None:
                self.variables.pop(name, None)
            else:
                self.variables[name] = variable

    def environment(self) -> dict[str, str]:
        """Las variables exportadas, en el orden en que las entrega este shell."""
        names = [name for name, one in self.variables.items() if one.exported and one.value is not None]
        return {name: self.variables[name].value for name in ordered(names, self.dialect.name == "bash")}

    def line_number(self) -> str | None:
        """`$LINENO`: ash cuenta desde 0 en `-c`; dash no la tiene."""
        if self.dialect.name == "dash":
            return None
        return str(self.line - (self.dialect.name == "ash" and "command" in self.options))

    def flags(self) -> str:
        """`$-`."""
        letters = "".join(letter for letter, name in OPTIONS.items() if name in self.options)
        extra = ("hB" if self.dialect.braces else "") + ("i" if self.interactive else "")
        return extra + letters + ("c" if "command" in self.options and self.dialect.name != "dash" else "") \
            + ("s" if "stdin" in self.options else "")

    def snapshot(self, node: Node | None, command: str = "", tested: bool = False,
                 substitution: bool = False) -> Snapshot:
        """La copia para un subshell. Las trampas no se heredan; las señales ignoradas, sí."""
        drop = substitution and not self.dialect.substitution_errexit
        options = self.options - ({"errexit"} if drop else set())
        nested = substitution and self.dialect.nested_trace
        return Snapshot(node, self.dialect.name, self.zero, tuple(self.positional), dict(self.variables),
                        dict(self.functions), dict(self.aliases), frozenset(options),
                        {name: action for name, action in self.traps.items() if not action}, self.status,
                        self.shell_pid, self.last_background, self.line, self.script, command, tested,
                        self.loops, self.calls, self.trace + nested)


def restored(snapshot: Snapshot) -> State:
    """El estado de un subshell al nacer."""
    return State(dialect(snapshot.dialect), snapshot.zero, snapshot.shell_pid, list(snapshot.positional),
                 dict(snapshot.variables), dict(snapshot.functions), dict(snapshot.aliases), set(snapshot.options),
                 dict(snapshot.traps), [{}] * bool(snapshot.calls), snapshot.status, snapshot.last_background,
                 snapshot.line, snapshot.script, snapshot.loops, snapshot.calls, 0, snapshot.trace)


def initial(dialect: Dialect, zero: str, sys: Any) -> State:
    """El estado de un shell recién iniciado, con las variables de su entorno."""
    state = State(dialect, zero, sys.pid)
    for name, value in sys.env.items():
        if name.replace("_", "a").isalnum() and not name[0].isdigit():
            state.variables[name] = Variable(value, True)
    for name, value in (("IFS", " \t\n"), ("OPTIND", "1"), ("PS2", "> "), ("PS4", "+ ")):
        state.variables[name] = Variable(value)
    state.variables["PPID"] = Variable(str(sys.ppid))
    state.variables.setdefault("PATH", Variable("/sbin:/usr/sbin:/bin:/usr/bin"))
    state.variables["PWD"] = Variable(sys.cwd, True)
    if dialect.levels:
        level = sys.env.get("SHLVL", "0")
        state.variables["SHLVL"] = Variable(str(int(level) + 1 if level.isdecimal() else 1), True)
    if dialect.name == "ash":
        state.variables.setdefault("PS1", Variable(dialect.prompt))
    if dialect.name == "bash":
        state.variables.setdefault("OLDPWD", Variable(None, True))
    return state
