"""El intérprete: recorre el árbol y ejecuta cada orden.

Cada clase de nodo tiene su método, que es un generador: cede al núcleo lo que
espera (que acabe un hijo, que llegue un dato) y cede a otro generador para
«llamarlo», de modo que un guion muy anidado no gasta pila de Python.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, NoReturn

from ...errors import FileError
from .. import signals
from ..requests import Cpu, Exec, Read, Signalled, Wait
from . import redirection, trace
from .builtins import BUILTINS, SPECIAL
from .expansion import Expander
from .state import Crash, ExitShell, Jump, ShellError, State
from .tree import (AndOr, Case, Condition, For, Function, Group, If, Loop, Node, Pipeline, Redirect, Sequence,
                   Simple, Subshell, Timed)
from . import patterns

Steps = Generator[Any, Any, Any]
SUBSHELL = "sh:subshell"
CRASH = 128 + signals.SEGV
QUIET_DEATHS = frozenset((128 + signals.INT, 128 + signals.PIPE))
DEATHS = {signals.NUMBERS[name]: text for name, text in (
    ("HUP", "Hangup"), ("QUIT", "Quit"), ("ILL", "Illegal instruction"), ("TRAP", "Trace/breakpoint trap"),
    ("ABRT", "Aborted"), ("BUS", "Bus error"), ("FPE", "Floating point exception"), ("KILL", "Killed"),
    ("USR1", "User defined signal 1"), ("SEGV", "Segmentation fault"), ("USR2", "User defined signal 2"),
    ("ALRM", "Alarm clock"), ("TERM", "Terminated"))}


class Interpreter:
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

    # -- variables y mensajes --
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

    # -- esperar --
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

    # -- ejecutar --
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
            status = yield self.redirected(node, redirects, tested)
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

    def redirected(self, node: Node, redirects: tuple[Redirect, ...], tested: bool) -> Steps:
        """Una orden compuesta con sus redirecciones puestas."""
        undo = yield from redirection.apply(self, redirects)
        if undo is None:
            return self.state.dialect.redirect_status
        try:
            return (yield METHODS[type(node)](self, node, tested, False))
        finally:
            redirection.restore(self.sys, undo)

    def sequence(self, node: Sequence, tested: bool, tail: bool) -> Steps:
        status = 0
        for index, (item, background) in enumerate(node.items):
            if background:
                status = self.state.status = yield self.background(item)
            else:
                status = yield self.run(item, tested, tail and index == len(node.items) - 1)
        return status

    def and_or(self, node: AndOr, tested: bool, tail: bool) -> Steps:
        status = yield self.run(node.first, True)
        for index, (operator, item) in enumerate(node.rest):
            if (status == 0) == (operator == "&&"):
                last = index == len(node.rest) - 1
                status = yield self.run(item, tested if last else True, tail and last)
        return status

    def pipeline(self, node: Pipeline, tested: bool, tail: bool) -> Steps:
        if len(node.commands) == 1:
            status = yield self.run(node.commands[0], True)
            return int(not status)
        pids, status, source = [], 0, None
        for index, command in enumerate(node.commands):
            last = index == len(node.commands) - 1
            reader, writer = (None, None) if last else self.sys.pipe()
            fds = {n: n for n in self.sys.fds() if n < 10 and n not in (reader, writer, source)}
            if source is not None:
                fds[0] = source
            if writer is not None:
                fds[1] = writer
            pids.append(self.fork(command, fds, tested))
            for fd in (source, writer):
                if fd is not None:
                    self.sys.close(fd)
            source = reader
        failed = 0
        for pid in pids:
            status = yield self.wait(pid)
            failed = status or failed
        status = failed if "pipefail" in self.state.options else status
        return int(not status) if node.negated else status

    def fork(self, node: Node | None, fds: dict[int, int] | None = None, tested: bool = False,
             substitution: bool = False, ignore: tuple[int, ...] = (), group: int | None = None) -> int:
        """Un subshell que ejecuta `node`; contesta su pid."""
        return self.sys.fork(SUBSHELL, self.state.snapshot(node, tested, substitution), fds, group=group, ignore=ignore)

    def wait(self, pid: int, text: str = "") -> Steps:
        """Espera a un hijo en primer plano (la orden `text`)."""
        status = yield from self.block(Wait(pid))
        self.report(pid, status, text)
        return status

    def report(self, pid: int, status: int, text: str) -> None:
        """Si a un hijo lo mató una señal, lo cuenta como cada shell."""
        if status <= 128 or status in QUIET_DEATHS or status - 128 not in DEATHS:
            return
        if self.state.dialect.name != "bash":
            self.sys.err(DEATHS[status - 128] + "\n")
        elif text:
            before, self.command_name = self.command_name, ""
            self.message(f"{pid:5d} {DEATHS[status - 128]:<24}{text}")
            self.command_name = before

    def background(self, node: Node) -> Steps:
        """`orden &`: sigue sin esperar; sin entrada y sin hacer caso de Ctrl+C."""
        fds = None
        if not self.state.interactive:
            null = self.sys.open("/dev/null", "r")
            fds = {n: n for n in self.sys.fds() if n < 10 and n != null} | {0: null}
        pid = self.fork(node, fds, ignore=() if self.state.interactive else (signals.INT, signals.QUIT),
                        group=0 if self.state.interactive else None)
        if fds:
            self.sys.close(fds[0])
        self.state.last_background = pid
        number = max((job["number"] for job in self.jobs), default=0) + 1
        self.jobs.append({"number": number, "pid": pid, "text": trace.source(node)})
        if self.state.interactive and self.state.dialect.name == "bash":
            self.sys.err(f"[{number}] {pid}\n")
        yield from self.block(Cpu(0))
        return 0

    def timed(self, node: Timed, tested: bool, tail: bool) -> Steps:
        """`time`: el reloj y el procesador que gastó la orden."""
        start, (mine, theirs) = self.sys.now(), self.sys.times()
        status = yield self.run(node.body, tested)
        cpu = sum(self.sys.times()) - mine - theirs
        trace.times(self, (self.sys.now() - start) / 1e9, cpu / 1e9)
        return status

    def subshell(self, node: Subshell, tested: bool, tail: bool) -> Steps:
        pid = self.fork(Group(node.body, node.redirects, node.line), None, tested)
        return (yield self.wait(pid))

    def group(self, node: Group, tested: bool, tail: bool) -> Steps:
        return (yield self.run(node.body, tested, tail))

    def choose(self, node: If, tested: bool, tail: bool) -> Steps:
        for condition, body in node.clauses:
            if (yield self.run(condition, True)) == 0:
                return (yield self.run(body, tested, tail))
        return (yield self.run(node.otherwise, tested, tail)) if node.otherwise else 0

    def body(self, node: Node, tested: bool) -> Steps:
        """Una vuelta de un bucle: (código, ¿sigue?). `break n` y `continue n` se reparten entre los bucles."""
        self.state.loops += 1
        try:
            return (yield self.run(node, tested)), True
        except Jump as jump:
            if jump.kind == "return":
                raise
            if jump.levels > 1 and self.state.loops > 1:
                raise Jump(jump.kind, jump.levels - 1) from None
            return 0, jump.kind == "continue"
        finally:
            self.state.loops -= 1

    def loop(self, node: Loop, tested: bool, tail: bool) -> Steps:
        status, more = 0, True
        while more:
            done, more = yield self.body_condition(node)
            if not more or (done == 0) == node.until:
                break
            status, more = yield self.body(node.body, tested)
        return status

    def body_condition(self, node: Loop) -> Steps:
        return (yield self.body(node.condition, True))

    def each(self, node: For, tested: bool, tail: bool) -> Steps:
        words = list(self.state.positional) if node.words is None else (yield from self.expand.fields(node.words))
        status = 0
        for word in words:
            if self.state.dialect.name == "bash" and "xtrace" in self.state.options:
                trace.line(self, f"for {node.name} in {' '.join(map(trace.source, node.words or ()))}".rstrip())
            self.assign(node.name, word)
            status, more = yield self.body(node.body, tested)
            if not more:
                break
        return status

    def case(self, node: Case, tested: bool, tail: bool) -> Steps:
        subject = yield from self.expand.text(node.subject)
        status, through = 0, False
        for choices, body, end in node.clauses:
            matched = through
            for choice in () if through else choices:
                if patterns.matches((yield from self.expand.pattern(choice)), subject):
                    matched = True
                    break
            if not matched:
                continue
            status = (yield self.run(body, tested, tail and end == ";;")) if body else 0
            if end == ";;":
                break
            through = end == ";&"
        return status

    def define(self, node: Function, tested: bool, tail: bool) -> Steps:
        self.state.functions[node.name] = node.body
        return 0
        yield

    def condition(self, node: Condition, tested: bool, tail: bool) -> Steps:
        from .conditions import evaluate
        return (yield from evaluate(self, node))

    def substitute(self, node: Node | None) -> Steps:
        """`$(orden)`: lo que escribe, sin los saltos de línea del final."""
        if node is None:
            self.substituted = 0
            return ""
        reader, writer = self.sys.pipe()
        fds = {n: n for n in self.sys.fds() if n < 10 and n not in (reader, writer)} | {1: writer}
        pid = self.fork(node, fds, substitution=True)
        self.sys.close(writer)
        chunks = []
        while chunk := (yield from self.block(Read(reader))):
            chunks.append(chunk)
        self.sys.close(reader)
        self.substituted = yield self.wait(pid)
        text = b"".join(chunks).replace(b"\0", b"").decode("utf-8", "surrogateescape")
        return text.rstrip("\n")

    # -- órdenes sencillas --
    def simple(self, node: Simple, tested: bool, tail: bool) -> Steps:
        """Expande, redirige, asigna y ejecuta."""
        self.state.line, self.substituted = node.line or self.state.line, None
        yield from self.block(Cpu(0))
        if self.received:
            yield self.pending_traps()
        argv = yield from self.expand.fields(node.words)
        name = argv[0] if argv else ""
        special = name in SPECIAL and name not in self.state.functions
        builtin = self.builtin(name) if argv else None
        external = bool(argv) and builtin is None and name not in self.state.functions
        keep = not argv or (special and (self.state.dialect.special_exit or name == "exec"))
        undo = yield from redirection.apply(self, node.redirects)
        if undo is None:
            status = self.state.dialect.redirect_status
            if special and self.state.dialect.special_exit and not self.state.interactive:
                raise ShellError(status)
            return status
        saved: dict[str, Any] = {}
        traced = []
        try:
            for target, word in node.assignments:
                text = yield from self.expand.text(word, assignment=True)
                target, plus = target.rstrip("+"), target.endswith("+")
                traced.append((target, text))
                if not keep:
                    saved.setdefault(target, self.state.variables.get(target))
                self.assign(target, (self.state.get(target) or "") + text if plus else text)
                if not keep:
                    self.state.mark(target, exported=True)
            if "xtrace" in self.state.options:
                trace.command(self, traced, argv)
            if not argv:
                return self.substituted or 0
            if name == "exec" and special and len(argv) == 1:
                redirection.keep(self.sys, undo)
                undo = []
                return 0
            self.tested = tested
            if external:
                return (yield self.external(argv, tail and not any(self.state.traps.values())))
            if name in self.state.functions and not special:
                return (yield self.call(name, argv[1:]))
            return (yield self.built_in(name, builtin, argv, special))
        finally:
            redirection.restore(self.sys, undo)
            for target, variable in saved.items():
                if variable is None:
                    self.state.variables.pop(target, None)
                else:
                    self.state.variables[target] = variable

    def builtin(self, name: str) -> Any:
        """La función del builtin `name`, o `None` si este dialecto no lo tiene."""
        return None if name in self.state.dialect.not_builtins else BUILTINS.get(name)

    def built_in(self, name: str, function: Any, argv: list[str], special: bool) -> Steps:
        """Ejecuta un builtin."""
        before, self.command_name = self.command_name, name
        try:
            result = function(self, argv)
            if isinstance(result, Generator):
                result = yield result
            return int(result or 0) & 0xFF
        except FileError as error:
            if self.state.dialect.name == "ash":
                self.command_name = before
                self.sys.err(f"{self.state.zero}: write error: {error.text}\n")
            else:
                self.complain("write", name=name, reason=error.text)
            return 1
        finally:
            self.command_name = before

    def call(self, name: str, arguments: list[str]) -> Steps:
        """Llama a una función con sus propios parámetros."""
        state = self.state
        if state.calls >= state.dialect.max_functions:
            if "recursion" in state.dialect.texts:
                self.fatal("recursion")
            raise Crash(CRASH)
        outer, loops = state.positional, state.loops
        state.positional, state.calls, state.loops = arguments, state.calls + 1, 0
        state.scopes.append({})
        try:
            return (yield self.run(state.functions[name], self.tested))
        except Jump as jump:
            if jump.kind != "return":
                return 0
            return jump.status
        finally:
            state.positional, state.calls, state.loops = outer, state.calls - 1, loops
            state.leave()

    def external(self, argv: list[str], tail: bool) -> Steps:
        """Ejecuta un programa: en un hijo o, si es lo último, en este mismo proceso."""
        env, name = self.state.environment(), argv[0]
        path = name if "/" in name else self.sys.which(name, {"PATH": self.state.get("PATH") or ""})
        if path is None:
            return self.not_found(name)
        if self.state.dialect.name == "bash":
            env["_"] = path
        if tail:
            problem = yield from self.replace(argv, env, path)
        else:
            try:
                pid = self.sys.spawn(argv, env, path=path)
                return (yield self.wait(pid, trace.words(argv)))
            except FileError as error:
                problem = error
        if problem.key == "ENOEXEC":
            argv = ["/bin/sh", path, *argv[1:]]
            return (yield self.wait(self.sys.spawn(argv, env)))
        return self.cannot_run(name, problem)

    def replace(self, argv: list[str], env: dict[str, str], path: str) -> Steps:
        """Cambia este proceso por el programa; contesta el error si no se pudo."""
        try:
            yield Exec(tuple(argv), tuple(env.items()), path)
        except FileError as error:
            return error
        raise AssertionError("un exec que sale bien no vuelve")

    def not_found(self, name: str) -> int:
        """No está en PATH: 127."""
        self.complain("no-file" if "/" in name else "not-found", name=name)
        return 127

    def cannot_run(self, name: str, error: FileError) -> int:
        """Existe pero no se puede ejecutar (126), o falta (127)."""
        if error.key in ("ENOENT", "ENOTDIR"):
            return self.not_found(name)
        directory = self.sys.fs.isdir(name)
        if error.key == "EACCES":
            self.complain("directory" if directory else "denied", name=name)
        else:
            self.message(f"{name}: {error.text}")
        return 126


METHODS = {Sequence: Interpreter.sequence, AndOr: Interpreter.and_or, Pipeline: Interpreter.pipeline,
           Subshell: Interpreter.subshell, Group: Interpreter.group, If: Interpreter.choose, Loop: Interpreter.loop,
           For: Interpreter.each, Case: Interpreter.case, Function: Interpreter.define,
           Condition: Interpreter.condition, Timed: Interpreter.timed}
CHECKED = frozenset((Simple, Pipeline, Subshell, Condition))
