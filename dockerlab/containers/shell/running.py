"""Las órdenes sencillas: expandir, redirigir, asignar y ejecutar un builtin, una función o un programa."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dockerlab.errors import FileError

from .. import signals
from ..requests import Cpu, Exec
from . import redirection, trace
from .builtins import BUILTINS, SPECIAL
from .children import Children
from .state import Crash, Jump, ShellError
from .tree import Simple

Steps = Generator[Any, Any, Any]
CRASH = 128 + signals.SEGV


class Running(Children):
    """Lo que un intérprete hace con una orden sencilla."""

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
        if problem.key == "EAGAIN":
            self.fatal("fork")
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
