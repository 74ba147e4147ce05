"""node: arranca un programa de JavaScript simulado, lo mantiene vivo y cuenta sus errores como Node."""

from __future__ import annotations

from typing import Any

from dockerlab.errors import FileError

from ..requests import Read, Signalled
from .js_globals import make_globals
from .js_inspect import inspect
from .js_library import Library
from .js_machine import Machine
from .js_syntax import JsSyntaxError
from .js_values import Function, Thing, Throw, error_title, fail, is_error, text_of, undefined
from .kit import join, slurp
from .node_core import Core
from .node_http import Http
from .node_loop import Exit, Loop, promise_methods, relax
from .node_modules import Modules
from .node_version import node_version
from .options import Options, applet

MEMORY = 42 * 2**20


class Runtime:
    """Un proceso de Node con todas sus piezas."""

    def __init__(self, sys: Any, script: str, argv: list[str]):
        self.sys, self.script, self.version = sys, script, node_version(sys)
        self.major = int(self.version.split(".")[0])
        self.loop = Loop(sys)
        self.library = NodeLibrary(self)
        self.core = Core(sys, self.loop, self.version)
        self.machine = Machine(self.library, make_globals(self.library, self.loop, self.core))
        self.library.machine = self.loop.machine = self.machine
        self.library.start = self.loop.start
        self.library.kinds["Promise"] = promise_methods(self.loop)
        self.process = self.core.process([script, *argv])
        self.modules = Modules(self.machine, self.core, Http(self.loop), self.process)
        self.library.require = self.modules.require
        self.machine.globals.names |= {"process": self.process, "console": self.core.console()}
        for name in ("fetch", "URL", "URLSearchParams", "AbortController", "TextEncoder"):
            self.machine.globals.names[name] = Function(name, self.lazy(name))

    def lazy(self, name: str) -> Any:
        """Un global escrito en JavaScript: se carga la primera vez que se usa."""
        def body(this: Any, args: list[Any]) -> Any:
            exports = yield from self.modules.builtin("globals")
            real = exports.props[name]
            self.machine.globals.names[name] = real
            if name == "fetch":
                if self.major < 18:
                    raise fail("fetch is not defined", "ReferenceError")
                return (yield from self.machine.call(real, undefined, args))
            return (yield from self.machine.construct(real, args, None))
        return body

    def main(self, text: str | None, show: bool = False) -> Any:
        """Ejecuta el programa hasta el final; devuelve el código de salida."""
        try:
            if text is None:
                yield from relax(self.modules.load(self.script))
            else:
                result = yield from relax(self.evaluate(text))
                if show:
                    self.sys.out(inspect(result, top=True) + "\n")
            yield from self.loop.run()
            code = yield from self.farewell("beforeExit", 0)
        except Exit as leave:
            code = leave.code
        except JsSyntaxError as problem:
            self.sys.err(self.syntax_error(problem))
            return 1
        except Throw as thrown:
            self.sys.err(self.uncaught(thrown.value))
            code = 1
        given = self.process.props.get("exitCode")
        return (yield from self.farewell("exit", int(given) if isinstance(given, float) and not code
                                         else code))

    def evaluate(self, text: str) -> Any:
        """El código de `-e` y `-p`: vale lo que vale su última expresión."""
        from .js_parser import parse
        from .js_statements import Scope
        self.modules.sources["[eval]"] = text
        require = Function("require", lambda this, args: self.modules.require(text_of(args[0])))
        scope, result = Scope(self.machine.globals,
                              {"require": require, "module": Thing({"exports": Thing()})}), undefined
        for name in ("os", "fs", "path", "http", "crypto"):
            scope.names[name] = yield from self.modules.builtin(name)
        for node in parse(text):
            if node[0] == "define":
                scope.names[node[1]] = self.machine.make(node, scope)
            result = yield from self.machine.statement(node, scope)
        return result

    def farewell(self, name: str, code: int) -> Any:
        """Los `process.on('exit')`."""
        try:
            for function in self.loop.handlers.pop(name, []):
                yield from relax(self.loop.perform(function, [float(code)]))
        except Exit as leave:
            return leave.code
        except Throw as thrown:
            self.sys.err(self.uncaught(thrown.value))
            return 1
        return code

    # -- errores --
    def tail(self) -> str:
        return f"\nNode.js v{self.version}\n" if self.major >= 17 else ""

    def syntax_error(self, problem: JsSyntaxError) -> str:
        path = problem.args[1] if len(problem.args) > 1 else self.script
        lines = self.modules.sources.get(path, "").split("\n")
        line = lines[problem.line - 1] if problem.line <= len(lines) else ""
        warning = ""
        if "import statement" in str(problem.args[0]):
            warning = (f'(node:{self.sys.pid}) Warning: To load an ES module, set "type": "module" in the package.json '
                       "or use the .mjs extension.\n(Use `node --trace-warnings ...` to show where the warning was "
                       "created)\n")
        where = "node:internal/modules/cjs/loader" if self.major >= 16 else "internal/modules/cjs/loader.js"
        return (f"{warning}{path}:{problem.line}\n{line}\n{' ' * problem.column}{'^' * problem.width}\n\n"
                f"SyntaxError: {problem.args[0]}\n    at wrapSafe ({where}:1001:16)\n    at Module._compile "
                f"({where}:1049:27)\n"
                f"{self.tail()}")

    def uncaught(self, value: Any) -> str:
        """Lo que Node escribe cuando nadie atrapa una excepción."""
        inner = "node:" if self.major >= 16 else ""
        dot = "" if self.major >= 16 else ".js"
        if not is_error(value):
            line = self.source_line()
            hint = "(Use `node --trace-uncaught ...` to show where the exception was thrown)"
            return f"{line}\nUncaught {inspect(value)}\n{hint}\n{self.tail()}"
        value.props["stack"] = value.props.get("stack") or self.library.stack(value)
        code = value.props.get("code")
        if code == "MODULE_NOT_FOUND":
            head = f"{inner}internal/modules/cjs/loader{dot}:1080\n  throw err;\n  ^\n"
        elif code in ("EADDRINUSE", "EACCES") and value.props.get("syscall") == "listen":
            head = f"{inner}events{dot}:497\n      throw er; // Unhandled 'error' event\n      ^\n"
        else:
            head = self.source_line()
        return f"{head}\n{inspect(value)}\n{self.tail()}"

    def source_line(self) -> str:
        """El lugar del error: archivo, línea y una flecha."""
        path = next((path for path in reversed(self.modules.files) if not path.startswith("node:")),
                    self.script)
        lines = self.modules.sources.get(path, "").split("\n")
        number = self.machine.line
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        return f"{path}:{number}\n{line}\n{' ' * (len(line) - len(line.lstrip()))}^\n"


class NodeLibrary(Library):
    """La biblioteca del lenguaje, con lo que añade Node."""

    def __init__(self, runtime: Runtime):
        super().__init__()
        self.runtime = runtime

    def stack(self, value: Thing) -> str:
        """El texto de `error.stack`: el mensaje y desde dónde se llegó."""
        machine, modules = self.machine, self.runtime.modules
        path = next((path for path in reversed(modules.files) if not path.startswith("node:")),
                    self.runtime.script)
        names = [name for name, _ in machine.trace] or ["Object.<anonymous>"]
        lines = [machine.line, *(line for _, line in reversed(machine.trace))]
        rows = [f"    at {name or '<anonymous>'} ({path}:{line})"
                for name, line in zip([*reversed(names), "Object.<anonymous>"][:6], lines, strict=False)]
        loader = "node:internal/modules/cjs/loader" if self.runtime.major >= 16 else "internal/modules/cjs/loader.js"
        return "\n".join([error_title(value), *rows, f"    at Module._compile ({loader}:1105:14)"])

    def of_thing(self, holder: Thing, key: str) -> Any:
        if holder.kind == "Opaque":
            raise fail(f"dockerlab no sabe hacer lo que hace el paquete '{holder.inner}': está instalado, "
                       "pero solo pesa",
                       "Error", code="ERR_DOCKERLAB")
        if key == "stack" and is_error(holder) and holder.props.get("stack") == "":
            holder.props["stack"] = self.stack(holder)
        if key == "length" and isinstance(holder, Function) and "length" not in holder.props:
            return float(sum(1 for _, default, rest in holder.params if default is None and not rest))
        return super().of_thing(holder, key)

    def node_class(self, name: str) -> Function:
        """Una clase del módulo http (IncomingMessage, ServerResponse)."""
        return self.runtime.modules.loaded["http"].props["exports"].props[name]


@applet("node", None, also=("nodejs",))
def node(sys: Any, opt: Options) -> Any:
    """`node archivo.js [argumentos]`, `node -e código`, `node -p expresión`, `node --version`."""
    words = sys.argv[1:]
    version = node_version(sys)
    while words and words[0].startswith("-"):
        word = words.pop(0)
        if word in ("-v", "--version"):
            sys.out(f"v{version}\n")
            return 0
        if word in ("-e", "--eval", "-p", "--print", "-pe"):
            if not words:
                sys.err(f"node: {word} requires an argument\n")
                return 9
            runtime = Runtime(sys, join(sys.cwd, "[eval]"), words[1:])
            return (yield from runtime.main(words[0], show="p" in word))
        if word in ("-h", "--help"):
            sys.out("Usage: node [options] [ script.js ] [arguments]\n       node inspect [options] [ "
                    "script.js | host:port ] [arguments]\n")
            return 0
        if word in ("-r", "--require") and words:
            words.pop(0)
        elif word == "-":
            break
        elif not word.startswith("--"):
            sys.err(f"node: bad option: {word}\n")
            return 9
    sys.memory(MEMORY)
    if not words:
        return (yield from interactive(sys, version))
    runtime = Runtime(sys, join(sys.cwd, words[0]) if not words[0].startswith("/") else words[0], words[1:])
    path = runtime.modules.file(sys.fs.resolve(runtime.script))
    if path is None:
        runtime.script = sys.fs.resolve(runtime.script)
        runtime.sys.err(runtime.uncaught(runtime.modules.missing(runtime.script, "/").value))
        return 1
    runtime.script = path
    runtime.process.props["argv"].items[1] = path
    return (yield from runtime.main(None))


def interactive(sys: Any, version: str) -> Any:
    """Sin archivo: lee el programa de la entrada o, en un terminal, conversa."""
    if not sys.isatty(0):
        text = (yield slurp(sys)).decode("utf-8", "replace")
        return (yield from Runtime(sys, join(sys.cwd, "[stdin]"), []).main(text))
    sys.out(f"Welcome to Node.js v{version}.\nType \".help\" for more information.\n")
    runtime = Runtime(sys, join(sys.cwd, "REPL"), [])
    while True:
        sys.out("> ")
        try:
            line = yield Read(0)
        except Signalled:
            continue
        if not line or line.strip() == b".exit":
            return 0
        try:
            value = yield from relax(runtime.evaluate(line.decode("utf-8", "replace")))
            sys.out(inspect(value) + "\n")
        except Throw as thrown:
            sys.out(f"Uncaught {inspect(thrown.value)}\n")
        except JsSyntaxError as problem:
            sys.out(f"Uncaught SyntaxError: {problem.args[0]}\n")
        except Exit as leave:
            return leave.code
        except FileError as problem:
            sys.out(f"Uncaught Error: {problem.text}\n")
