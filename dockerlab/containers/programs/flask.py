"""Flask, en lo que se usa: rutas, `request`, respuestas y el servidor de desarrollo."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from dockerlab.errors import FileError

from .http_words import REASONS, Message, http_date, response
from .kit import moment
from .py_http import serve, stamp
from .py_modules import native
from .py_values import Class, Instance, Module, Native, Raise, make_error, raised, text_of

Answer = tuple[int, list[tuple[str, str]], bytes]   # código, cabeceras y cuerpo
HTML, JSON = "text/html; charset=utf-8", "application/json"
METHODS = ("get", "post", "put", "delete", "patch")
CONVERTERS = {"int": "[0-9]+", "path": ".+"}
"""Por conversor de una ruta (`<int:id>`), lo que admite; sin él, todo menos una barra."""
PAGES = {
    404: ("Not Found", "The requested URL was not found on the server. If you entered the URL manually please check "
                       "your spelling and try again."),
    405: ("Method Not Allowed", "The method is not allowed for the requested URL."),
    500: ("Internal Server Error", "The server encountered an internal error and was unable to complete your request. "
                                   "Either the server is overloaded or there is an error in the application."),
}
PORT_IN_USE = ("{reason}\nPort {port} is in use by another program. Either identify and stop that program, or start "
               "the server with a different port.\n")
DEVELOPMENT = ("WARNING: This is a development server. Do not use it in a production deployment. Use a production WSGI "
               "server instead.\n")
BAD_RESPONSE = ("The view function did not return a valid response. The return type must be a string, dict, list, "
                "tuple with headers or status, Response instance, or WSGI callable, but it was a {kind}.")


@dataclass(frozen=True, slots=True)
class Route:
    """Una ruta de la aplicación: qué direcciones y métodos atiende, qué partes son números y con qué función."""

    pattern: re.Pattern[str]
    methods: frozenset[str]
    numbers: tuple[str, ...]
    view: Any

    @classmethod
    def read(cls, rule: str, methods: Any, view: Any) -> Route:
        """`/usuarios/<int:id>` y sus métodos."""
        escaped = re.sub(r"([.+*?])", r"\\\1", rule)
        pattern = re.sub(r"<(?:(\w+):)?(\w+)>",
                         lambda hit: f"(?P<{hit[2]}>{CONVERTERS.get(hit[1], '[^/]+')})", escaped)
        return cls(re.compile(pattern + "$"), frozenset(method.upper() for method in methods),
                   tuple(re.findall(r"<int:(\w+)>", rule)), view)

    def values(self, path: str) -> dict[str, Any] | None:
        """Lo que valen sus partes en `path`; None si no casa."""
        found = self.pattern.match(path)
        return found and {name: int(value) if name in self.numbers else value
                          for name, value in found.groupdict().items()}


class Flask:
    """El módulo flask de un proceso. Una aplicación es un objeto del programa; sus rutas están en `names["routes"]`."""

    def __init__(self, sys: Any, runtime: Any):
        self.sys, self.runtime = sys, runtime
        self.request = Instance(Class("Request", [], {}))
        self.aborted = Class("HTTPException", [runtime.errors["Exception"]], {})

    def module(self) -> Module:
        """El módulo, con sus nombres. Los que van entre paréntesis son para `flask run` y gunicorn."""
        app = {"__init__": self.begin, "route": self.route, "run": self.run,
               **{method: self.only(method) for method in METHODS}}
        functions = {
            "jsonify": jsonify, "abort": self.abort, "make_response": reply, "Response": reply,
            "redirect": lambda target, code=302: reply("", code, Location=target),
            "render_template_string": lambda text, **values: render(text, values),
            "render_template": lambda name, **values: render(self.template(name), values),
        }
        return Module("flask", {
            "Flask": Class("Flask", [], {name: Native(name, body) for name, body in app.items()}),
            "request": self.request, **{name: native(name, action) for name, action in functions.items()},
            "(servir)": self.serve, "(contestar)": lambda machine, app: self.answering(machine, app, log=False),
        }, "/usr/local/lib/python3/site-packages/flask/__init__.py")

    # ── la aplicación ────────────────────────────────────────────────────────

    def begin(self, machine: Any, app: Instance, name: Any = "", *args: Any, **named: Any) -> None:
        """`Flask(__name__)`."""
        logger = self.runtime.module("logging").names["getLogger"].body(machine, "app")
        app.names |= {"name": name, "routes": [], "config": {}, "secret_key": None, "hooks": {}, "logger": logger}
        self.runtime.app = app

    def route(self, machine: Any, app: Instance, rule: str, methods: Any = ("GET",), **named: Any) -> Native:
        """`@app.route(…)`."""
        def decorate(machine: Any, view: Any) -> Any:
            app.names["routes"].append(Route.read(rule, methods, view))
            return view
        return Native("decorator", decorate)

    def only(self, method: str) -> Callable[..., Native]:
        """`@app.get(…)`, `@app.post(…)`..."""
        return lambda machine, app, rule, **named: self.route(machine, app, rule, [method])

    def abort(self, code: int, *args: Any) -> None:
        """`abort(404)`."""
        raise Raise(make_error(self.aborted, code))

    def template(self, name: str) -> str:
        """El texto de una plantilla, de la carpeta `templates` que está al lado del programa."""
        return self.sys.fs.read(posixpath.join(posixpath.dirname(self.runtime.script), "templates", name)).decode()

    # ── el servidor de desarrollo ────────────────────────────────────────────

    def run(self, machine: Any, app: Instance, host: str = "127.0.0.1", port: int = 5000, debug: bool = False,
            **named: Any) -> Any:
        """`app.run(…)`."""
        name = posixpath.basename(self.runtime.script).removesuffix(".py")
        self.sys.out(f" * Serving Flask app '{name}'\n * Debug mode: {'on' if debug else 'off'}\n")
        yield from self.serve(machine, app, host or "127.0.0.1", int(port), debug)

    def serve(self, machine: Any, app: Instance, host: str, port: int, debug: bool) -> Any:
        """Atiende peticiones para siempre. `SystemExit` 1 si el puerto está ocupado."""
        try:
            fd = self.sys.listen(port, host)
        except FileError as error:
            reason = "Address already in use" if error.key == "EADDRINUSE" else error.text
            self.sys.err(PORT_IN_USE.format(reason=reason, port=port))
            raise Raise(make_error("SystemExit", 1)) from None
        addresses, everyone = [host], ""
        if host == "0.0.0.0":
            addresses = [card["address"].partition("/")[0] for card in self.sys.addresses()]
            everyone = " * Running on all addresses (0.0.0.0)\n"
        running = "".join(f" * Running on http://{address}:{port}\n" for address in addresses)
        self.sys.err(f"{DEVELOPMENT}{everyone}{running}Press CTRL+C to quit\n")
        yield from serve(self.sys, self.runtime, fd, self.answering(machine, app, log=True))

    def answering(self, machine: Any, app: Instance, log: bool) -> Callable[[Message, tuple[str, int]], Any]:
        """Lo que contesta la aplicación a cada petición, como bytes. `log`: y lo anota, como hace `flask run`."""
        server = f"Werkzeug/3.1.3 Python/{self.runtime.version}" if log else "gunicorn"

        def answer(message: Message, peer: tuple[str, int]) -> Any:
            code, headers, body = yield from self.dispatch(machine, app, message, peer)
            if log:
                self.sys.err(f'{peer[0]} - - [{stamp(self.sys)}] "{" ".join(message.first)}" {code} -\n')
            head = [("Server", server), ("Date", http_date(self.sys.now())), *headers,
                    ("Content-Length", str(len(body))), ("Connection", "close")]
            return response(code, head, b"" if message.first[0] == "HEAD" else body)
        return answer

    def dispatch(self, machine: Any, app: Instance, message: Message, peer: tuple[str, int]) -> Any:
        """Busca la ruta y llama a su función. 404 si no hay; 405 si hay, pero no para ese método."""
        place = urlsplit(message.first[1])
        self.request.names |= request_data(message, peer, place)
        methods = {message.first[0]} | ({"GET"} if message.first[0] == "HEAD" else set())
        matching = [(route, values) for route in app.names["routes"]
                    if (values := route.values(unquote(place.path))) is not None]
        for route, values in matching:
            if methods & route.methods:
                return (yield from self.call(machine, route, values, f"{place.path} [{message.first[0]}]"))
        return error_page(405 if matching else 404)

    def call(self, machine: Any, route: Route, values: dict[str, Any], asked: str) -> Any:
        """Lo que contesta una ruta: 500 si su función falla, con el error en los registros de salida."""
        try:
            return make_response((yield from machine.call(route.view, [], values)))
        except Raise as problem:
            if problem.value.kind is self.aborted:
                return error_page(problem.value.names["args"][0])
            when = f"{moment(self.sys.now()):%Y-%m-%d %H:%M:%S},000"
            self.sys.err(f"[{when}] ERROR in app: Exception on {asked}\n{self.runtime.traceback(problem.value)}")
            return error_page(500)


def flask_module(sys: Any, runtime: Any) -> Module:
    """El módulo flask de un proceso."""
    return Flask(sys, runtime).module()


# ── respuestas ───────────────────────────────────────────────────────────────

def make_response(value: Any) -> Answer:
    """Lo que devolvió la función de una ruta. TypeError si no es una respuesta."""
    code, extra = 200, {}
    if isinstance(value, tuple):
        value, *rest = value
        code = next((item for item in rest if isinstance(item, int)), code)
        extra = next((item for item in rest if isinstance(item, dict)), extra)
    if isinstance(value, Instance) and value.kind.name == "Response":
        code = value.names.get("status_code", code) if code == 200 else code
        return code, [("Content-Type", value.names["mimetype"]), *value.names["headers"].items(),
                      *extra.items()], value.inner
    if isinstance(value, dict | list):
        return code, [("Content-Type", JSON), *extra.items()], f"{json.dumps(value, separators=(',', ':'))}\n".encode()
    if not isinstance(value, str | bytes):
        raise raised("TypeError", BAD_RESPONSE.format(kind=type(value).__name__))
    return code, [("Content-Type", HTML), *extra.items()], value if isinstance(value, bytes) else value.encode()


def reply(body: Any, code: int = 200, kind: str = HTML, **headers: str) -> Instance:
    """Un objeto Response."""
    return Instance(Class("Response", [], {}), {"status_code": code, "headers": headers, "mimetype": kind},
                    body if isinstance(body, bytes) else text_of(body).encode())


def jsonify(*args: Any, **named: Any) -> Instance:
    """`jsonify(…)`."""
    value = named or (args[0] if len(args) == 1 else list(args))
    return reply(json.dumps(value, separators=(",", ":"), default=text_of) + "\n", kind=JSON)


def error_page(code: int) -> Answer:
    """La página de un error HTTP."""
    title, text = PAGES.get(code, (REASONS.get(code, ""), ""))
    page = f"<!doctype html>\n<html lang=en>\n<title>{code} {title}</title>\n<h1>{title}</h1>\n<p>{text}</p>\n"
    return code, [("Content-Type", HTML)], page.encode()


def render(text: str, values: dict[str, Any]) -> str:
    """Una plantilla de Jinja con solo `{{ nombre }}`."""
    return re.sub(r"\{\{\s*([\w.]+)\s*\}\}", lambda hit: text_of(values.get(hit[1].split(".")[0], "")), text)


def request_data(message: Message, peer: tuple[str, int], place: SplitResult) -> dict[str, Any]:
    """Los datos de `flask.request` en una petición."""
    def read_json(*args: Any, **named: Any) -> Any:
        try:
            return json.loads(message.body)
        except ValueError:
            return None
    is_form = "urlencoded" in message.header("content-type")
    return {"method": message.first[0], "path": place.path, "args": dict(parse_qsl(place.query)),
            "form": dict(parse_qsl(message.body.decode("utf-8", "replace"))) if is_form else {},
            "headers": {name.title(): value for name, value in message.headers},
            "data": message.body, "remote_addr": peer[0], "host": message.header("host"),
            "json": read_json() if message.body else None, "get_json": native("get_json", read_json),
            "url": f"http://{message.header('host')}{message.first[1]}"}
