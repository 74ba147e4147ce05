"""python: ejecuta programas pequeños de Python simulado, módulos con -m y conversaciones."""

from __future__ import annotations

import ast
import json
import posixpath
from typing import Any

from ...errors import FileError
from ..requests import Exec, Read, Signalled
from .kit import join, slurp
from .making import make_folder
from .options import Options, applet
from .pip import pip
from .py_builtins import make_builtins
from .py_databases import INSTALLED_AS
from .py_files import os_error
from .py_http import files_server
from .py_machine import Machine
from .py_modules import MODULES
from .py_statements import Scope
from .py_values import ERRORS, Instance, Module, Raise, error_text, make_error, raised, repr_of, text_of
from .py_web import STANDARD, WEB
from .python_version import PACKAGES, python_version

MEMORY = 9 * 2**20
BUILD = "(main, Mar  3 2025, 12:00:00) [GCC 12.2.0]"


class Runtime:
    """Un proceso de Python: su máquina, sus módulos y sus señales."""

    def __init__(self, sys: Any, script: str, argv: list[str]):
        self.sys, self.script, self.argv, self.version = sys, script, argv, python_version(sys)
        self.errors, self.handlers, self.app = ERRORS, {}, None
        self.modules: dict[str, Module] = {}
        self.sources: dict[str, list[str]] = {}
        self.machine = Machine(make_builtins(sys), self.importer)
        self.machine.module.names["__file__"] = script
        sys.catch("INT")
        sys.ignore("PIPE")      # así nace Python: quien escribe donde ya nadie lee recibe BrokenPipeError

    def module(self, name: str) -> Module:
        """Un módulo de los que hace Python, ya cargado."""
        if name not in self.modules:
            self.modules[name] = {**MODULES, **WEB}[name](self.sys, self)
        return self.modules[name]

    def importer(self, name: str) -> Any:
        """El módulo `name`: propio, instalado con pip o del proyecto. `Raise` ModuleNotFoundError."""
        if name in self.modules:
            return self.modules[name]
        if name in MODULES or name in STANDARD:
            return self.module(name)
        path = next((path for folder in (posixpath.dirname(self.script) or self.sys.cwd, self.sys.cwd)
                     for path in (f"{folder}/{name.replace('.', '/')}.py",
                                  f"{folder}/{name.replace('.', '/')}/__init__.py")
                     if self.sys.fs.isfile(path)), None)
        if path:
            return (yield from self.load(name, path))
        top = name.split(".")[0]
        if top == "http" or top in WEB and name != top and self.installed(top):
            parent = Module(name, {}) if top == "http" else self.module(top)
            return parent.names.get(name.partition(".")[2], parent)
        if self.installed(top):
            if top in WEB:
                return self.module(top)
            raise raised("ImportError", f"dockerlab no sabe hacer lo que hace el paquete '{top}': está "
                         "instalado, pero solo pesa")
        raise raised("ModuleNotFoundError", f"No module named '{name}'", name=name)

    def installed(self, name: str) -> bool:
        folder = PACKAGES.format(".".join(self.version.split(".")[:2]))
        return any(self.sys.fs.isdir(f"{folder}/{each}") for each in INSTALLED_AS.get(name, (name,)))

    def load(self, name: str, path: str) -> Any:
        tree = self.parse(self.sys.fs.read(path).decode("utf-8", "replace"), path)
        scope = Scope(self.machine.builtins, {"__name__": name, "__file__": path})
        module = self.modules[name] = Module(name, scope.names, path)
        yield from self.machine.run(tree.body, scope)
        return module

    def parse(self, text: str, path: str) -> ast.Module:
        """El árbol del programa. `SyntaxError` (de Python) si está mal escrito."""
        text = text.removeprefix("\ufeff").replace("\r\n", "\n")
        self.sources[path] = text.split("\n")
        return ast.parse(text, path)

    def signalled(self, signo: int) -> Any:
        """Llegó una señal: la función que el programa puso o, con Ctrl+C, KeyboardInterrupt."""
        function = self.handlers.get(signo)
        if function is not None and not isinstance(function, int):
            yield from self.machine.call(function, [signo, None], {})
        elif signo == 2:
            raise Raise(make_error("KeyboardInterrupt"))

    def main(self, text: str, path: str) -> Any:
        """Ejecuta el programa; devuelve el código de salida."""
        try:
            tree = self.parse(text, path)
        except SyntaxError as error:
            self.sys.err(self.syntax_error(error, path))
            return 1
        return (yield from self.guard(self.machine.run(tree.body, self.machine.module)))

    def guard(self, running: Any) -> Any:
        """Recorre `running` y convierte sus errores en lo que Python escribe."""
        sent, problem = None, None
        try:
            while True:
                request = running.send(sent) if problem is None else running.throw(problem)
                sent = problem = None
                try:
                    sent = yield request
                except Signalled as received:
                    function = self.handlers.get(received.signo)
                    if function is not None and not isinstance(function, int):
                        problem = received
                    else:
                        problem = Raise(make_error("KeyboardInterrupt"))
                except Exception as failure:     # lo que conteste el núcleo es cosa del programa
                    problem = failure
        except StopIteration:
            return 0
        except SyntaxError as error:
            self.sys.err(self.syntax_error(error, error.filename or self.script))
            return 1
        except Signalled as received:
            return 128 + received.signo
        except Raise as error:
            return self.ended(error.value)
        except FileError as error:
            return self.ended(os_error(error, "").value)

    def ended(self, value: Any) -> int:
        if isinstance(value, Instance) and value.kind.name == "SystemExit":
            code = (value.names["args"] or (0,))[0]
            if isinstance(code, int | None):
                return (code or 0) & 255
            self.sys.err(text_of(code) + "\n")
            return 1
        self.sys.err(self.traceback(value))
        return 130 if value.kind.name == "KeyboardInterrupt" else 1

    def traceback(self, value: Instance) -> str:
        """El rastro, de fuera adentro, y el error."""
        machine = self.machine
        lines = [line for _, line in machine.frames] + [machine.line]
        names = ["<module>", *(name for name, _ in machine.frames)]
        machine.frames, machine.depth = [], 0
        source = self.sources.get(self.script, [])
        rows = ""
        for name, line in zip(names, lines, strict=False):
            rows += f'  File "{self.script}", line {line}, in {name}\n'
            if 0 < line <= len(source) and not self.script.startswith("<"):
                rows += f"    {source[line - 1].strip()}\n"
        text = error_text(value)
        module = value.kind.names.get("__module__", "")
        kind = {"JSONDecodeError": "json.decoder.JSONDecodeError"}.get(
            value.kind.name, f"{module}.{value.kind.name}" if module else value.kind.name)
        return f"Traceback (most recent call last):\n{rows}{kind}{': ' + text if text else ''}\n"

    def syntax_error(self, error: SyntaxError, path: str) -> str:
        line = (error.text or "").rstrip("\n")
        shift = len(line) - len(line.lstrip())
        width = max((error.end_offset or 0) - (error.offset or 0),
                    1) if error.end_lineno == error.lineno else 1
        arrow = " " * max((error.offset or 1) - 1 - shift, 0) + "^" * width
        kind = type(error).__name__
        return f'  File "{path}", line {error.lineno}\n    {line.lstrip()}\n    {arrow}\n{kind}: {error.msg}\n'


@applet("python3", None, also=("python", "python3.11", "python3.12", "python3.13"))
def python(sys: Any, opt: Options) -> Any:
    """`python archivo.py`, `-c código`, `-m módulo`, `--version`."""
    words = list(sys.argv[1:])
    while words and words[0].startswith("-") and words[0] != "-":
        word = words.pop(0)
        if word in ("-V", "--version", "-VV"):
            sys.out(f"Python {python_version(sys)}\n")
            return 0
        if word == "-c":
            if not words:
                sys.err("Argument expected for the -c option\nusage: python3 [option] ... [-c cmd | -m mod | "
                        "file | -] [arg] ...\n")
                return 2
            return (yield from Runtime(sys, "<string>", ["-c", *words[1:]]).main(words[0], "<string>"))
        if word == "-m":
            return (yield from run_module(sys, words))
        if word in ("-h", "--help"):
            sys.out("usage: python3 [option] ... [-c cmd | -m mod | file | -] [arg] ...\n")
            return 0
        if word in ("-W", "-X") and words:
            words.pop(0)
    sys.memory(MEMORY)
    if not words or words[0] == "-":
        return (yield from interactive(sys))
    path = words[0]
    if not sys.fs.exists(path):
        sys.err(f"python3: can't open file '{join(sys.cwd, path) if not path.startswith('/') else path}': "
                "[Errno 2] No such file or directory\n")
        return 2
    if sys.fs.isdir(path):
        sys.err(f"{sys.argv[0]}: can't find '__main__' module in '{join(sys.cwd, path)}'\n")
        return 1
    full = path if path.startswith("/") else join(sys.cwd, path)
    return (yield from Runtime(sys, full, words).main(sys.fs.read(path).decode("utf-8", "replace"), full))


def run_module(sys: Any, words: list[str]) -> Any:
    """`python -m módulo`."""
    name = words.pop(0) if words else ""
    runtime = Runtime(sys, f"/usr/local/lib/python3/{name}.py", words)
    sys.memory(MEMORY)
    if name == "http.server":
        folder, address, port = sys.cwd, "", 8000
        while words:
            word = words.pop(0)
            if word in ("-d", "--directory"):
                folder = words.pop(0)
            elif word in ("-b", "--bind"):
                address = words.pop(0)
            elif word.isdigit():
                port = int(word)
        code = yield from runtime.guard(files_server(sys, runtime, port, address, folder))
        return 0 if code == 130 else code
    if name == "pip":
        sys.argv[:] = ["pip", *words]
        return (yield from pip(sys, Options("pip", False)))
    if name == "venv" and words:
        make_folder(sys, f"{words[-1]}/bin", 0o755, parents=True)
        for each in ("python", "python3", "pip"):
            sys.fs.write(f"{words[-1]}/bin/{each}", f"#!dockerlab {each.removesuffix('3')}\n".encode(),
                         mode=0o755)
            sys.fs.chmod(f"{words[-1]}/bin/{each}", 0o755)
        sys.fs.write(f"{words[-1]}/pyvenv.cfg", b"home = /usr/local/bin\n", declared_size=12_000_000)
        return 0
    if name == "json.tool":
        try:
            data = json.loads((yield slurp(sys)))
        except ValueError as error:
            sys.err(f"{error}\n")
            return 1
        sys.out(json.dumps(data, indent=4) + "\n")
        return 0
    if name in ("flask", "gunicorn"):
        return (yield Exec((name, *words), tuple(sys.env.items())))
    for path in (f"{name.replace('.', '/')}.py", f"{name.replace('.', '/')}/__main__.py"):
        if sys.fs.isfile(path):
            full = join(sys.cwd, path)
            return (yield from Runtime(sys, full,
                                       [full, *words]).main(sys.fs.read(path).decode("utf-8", "replace"), full))
    sys.err(f"/usr/local/bin/python3: No module named {name}\n")
    return 1


def interactive(sys: Any) -> Any:
    """Sin archivo: el programa llega por la entrada o se conversa."""
    if not sys.isatty(0):
        text = (yield slurp(sys)).decode("utf-8", "replace")
        return (yield from Runtime(sys, "<stdin>", [""]).main(text, "<stdin>"))
    runtime = Runtime(sys, "<stdin>", [""])
    sys.out(f"Python {runtime.version} {BUILD} on linux\nType \"help\", \"copyright\", \"credits\" or "
            "\"license\" for more information.\n")
    while True:
        sys.out(">>> ")
        try:
            line = yield Read(0)
        except Signalled:
            sys.out("\nKeyboardInterrupt\n")
            continue
        if not line:
            return 0
        try:
            tree = runtime.parse(line.decode("utf-8", "replace"), "<stdin>")
        except SyntaxError as error:
            sys.err(runtime.syntax_error(error, "<stdin>"))
            continue
        try:
            for node in tree.body:
                value = yield from runtime.machine.run([node],
                                                       runtime.machine.module) if not isinstance(node, ast.Expr) else \
                    runtime.machine.value(node.value, runtime.machine.module)
                if isinstance(node, ast.Expr) and value is not None:
                    sys.out(repr_of(value) + "\n")
        except Raise as problem:
            if problem.value.kind.name == "SystemExit":
                return runtime.ended(problem.value)
            sys.err(runtime.traceback(problem.value))


