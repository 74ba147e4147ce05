"""flask run, gunicorn y uvicorn: los que sirven una aplicación de Flask."""

from __future__ import annotations

from typing import Any

from .kit import join, moment
from .options import Options, applet
from .py_http import open_port, serve
from .py_values import Raise
from .python import Runtime


@applet("python-tool", None)
def python_tool(sys: Any, opt: Options) -> Any:
    """El ejecutable de un paquete de pip: su nombre es el del archivo."""
    return (yield from run_tool(sys, sys.argv[0].rpartition("/")[2], sys.argv[1:]))


def run_tool(sys: Any, name: str, words: list[str]) -> Any:
    if name == "flask":
        return (yield from flask(sys, words))
    if name == "gunicorn":
        return (yield from gunicorn(sys, words))
    sys.err(f"dockerlab no sabe hacer lo que hace '{name}': está instalado, pero solo pesa\n")
    return 1


def application(sys: Any, where: str) -> Any:
    """Carga `módulo[:variable]`; devuelve (runtime, aplicación o `None`)."""
    module = where.partition(":")[0].removesuffix(".py") or "app"
    path = join(sys.cwd, f"{module.replace('.', '/')}.py")
    runtime = Runtime(sys, path, [path])
    runtime.machine.module.names["__name__"] = module
    if not sys.fs.isfile(path):
        return runtime, None, 2
    code = yield from runtime.main(sys.fs.read(path).decode("utf-8", "replace"), path)
    return runtime, runtime.app, code


FLASK_SHORT = {"-h": "--host", "-p": "--port", "-A": "--app"}
FLASK_VERBS = ("run", "routes", "shell")


def misused(sys: Any, command: str, error: str) -> int:
    """Lo que Flask dice de una orden mal escrita; el código, 2."""
    shape = "[OPTIONS]" if " " in command else "[OPTIONS] COMMAND [ARGS]..."
    sys.err(f"Usage: {command} {shape}\nTry '{command} --help' for help.\n\nError: {error}\n")
    return 2


def flask(sys: Any, words: list[str]) -> Any:
    given = {"--host": sys.env.get("FLASK_RUN_HOST", "127.0.0.1"), "--port": sys.env.get("FLASK_RUN_PORT", "5000"),
             "--app": sys.env.get("FLASK_APP", "app")}
    debug, words, verbs = sys.env.get("FLASK_DEBUG", "0") not in ("0", ""), list(words), []
    while words:
        word = words.pop(0)
        name, equals, value = word.partition("=")
        name = FLASK_SHORT.get(name, name)
        if name in given:
            if not equals and not words:
                return misused(sys, "flask run" if verbs else "flask", f"Option '{name}' requires an argument.")
            given[name] = value if equals else words.pop(0)
        elif name == "--debug":
            debug = True
        elif name.startswith("-") and verbs:
            return misused(sys, "flask run", f"No such option: {name}")
        else:
            verbs.append(word)
    verb, *extra = verbs or [""]
    where, host, port = given["--app"], given["--host"], given["--port"]
    if verb and verb not in FLASK_VERBS and not verb.startswith("-"):
        return misused(sys, "flask", f"No such command '{verb}'.")
    if verb == "run" and extra:
        several = "s" if len(extra) > 1 else ""
        return misused(sys, "flask run", f"Got unexpected extra argument{several} ({' '.join(extra)})")
    if verb == "run" and not port.isdigit():
        return misused(sys, "flask run", f"Invalid value for '--port' / '-p': '{port}' is not a valid integer.")
    if verb != "run":
        sys.out("Usage: flask [OPTIONS] COMMAND [ARGS]...\n\nCommands:\n  routes  Show the routes for the "
                "app.\n"
                "  run     Run a development server.\n  shell   Run a shell in the app context.\n")
        return 0
    runtime, app, code = yield from application(sys, where)
    if app is None:
        sys.err("Usage: flask run [OPTIONS]\nTry 'flask run --help' for help.\n\nError: Could not import "
                f"'{where}'.\n")
        return code or 2
    sys.out(f" * Serving Flask app '{where}'\n * Debug mode: {'on' if debug else 'off'}\n")
    start = runtime.module("flask").names["(servir)"]
    code = yield from runtime.guard(start(runtime.machine, app, host, int(port), debug))
    return 0 if code == 130 else code


def gunicorn(sys: Any, words: list[str]) -> Any:
    bind, where, words = "127.0.0.1:8000", "", list(words)
    while words:
        word = words.pop(0)
        name, equals, value = word.partition("=")
        if name in ("-b", "--bind", "-w", "--workers", "-t", "--timeout", "--access-logfile", "--log-level",
                    "-k", "--threads"):
            value = value if equals else words.pop(0)
            bind = value if name in ("-b", "--bind") else bind
        else:
            where = word

    def log(text: str) -> None:
        sys.err(f"[{moment(sys.now()):%Y-%m-%d %H:%M:%S} +0000] [{sys.pid}] [INFO] {text}\n")
    host, _, port = bind.rpartition(":")
    log("Starting gunicorn 23.0.0")
    runtime, app, code = yield from application(sys, where)
    if app is None:
        sys.err(f"ModuleNotFoundError: No module named '{where.partition(':')[0]}'\n")
        return 3
    log(f"Listening at: http://{host or '0.0.0.0'}:{port} ({sys.pid})")
    log("Using worker: sync")
    sys.catch("TERM")
    runtime.module("signal")
    try:
        fd = open_port(sys, host or "0.0.0.0", int(port))
    except Raise:
        sys.err(f"[{moment(sys.now()):%Y-%m-%d %H:%M:%S} +0000] [{sys.pid}] [ERROR] Connection in use: "
                f"('{host}', {port})\n")
        return 1
    log(f"Booting worker with pid: {sys.pid + 1}")
    answer = runtime.module("flask").names["(contestar)"](runtime.machine, app)
    code = yield from runtime.guard(serve(sys, runtime, fd, answer))
    log("Handling signal: term")
    log("Shutting down: Master")
    return 0 if code in (130, 143) else code
