"""Flask, en lo que se usa: rutas, `request`, respuestas y el servidor de desarrollo."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from dockerlab.errors import FileError

from .http_words import REASONS, Message, http_date, response
from .kit import moment
from .py_http import serve, stamp
from .py_modules import native
from .py_values import Class, Instance, Module, Native, Raise, make_error, raised, text_of


def flask_module(sys: Any, runtime: Any) -> Module:
    """El módulo flask de un proceso."""
    request = Instance(Class("Request", [], {}))
    flask = Class("Flask", [], {})

    def make_response(value: Any) -> tuple[int, list[tuple[str, str]], bytes]:
        """Lo que devolvió la función, como (código, cabeceras, cuerpo)."""
        code, extra = 200, {}
        if isinstance(value, tuple):
            code = next((item for item in value[1:] if isinstance(item, int)), 200)
            extra = next((item for item in value[1:] if isinstance(item, dict)), {})
            value = value[0]
        if isinstance(value, Instance) and value.kind.name == "Response":
            code = value.names.get("status_code", code) if code == 200 else code
            return code, [("Content-Type", value.names["mimetype"]), *value.names["headers"].items(),
                          *extra.items()], value.inner
        if isinstance(value, dict | list):
            return code, [("Content-Type", "application/json"),
                          *extra.items()], (json.dumps(value, separators=(",", ":")) + "\n").encode()
        if not isinstance(value, str | bytes):
            raise raised("TypeError", "The view function did not return a valid response. The return type "
                         "must be a string, dict, "
                                      "list, tuple with headers or status, Response instance, or WSGI "
                                      f"callable, but it was a {type(value).__name__}.")
        data = value if isinstance(value, bytes) else value.encode()
        return code, [("Content-Type", "text/html; charset=utf-8"), *extra.items()], data

    def reply(body: Any, code: int = 200, kind: str = "text/html; charset=utf-8", **headers: str) -> Instance:
        return Instance(Class("Response", [], {}),
                        {"status_code": code, "headers": headers, "mimetype": kind},
                        body if isinstance(body, bytes) else text_of(body).encode())

    def jsonify(*args: Any, **named: Any) -> Instance:
        value = named or (args[0] if len(args) == 1 else list(args))
        return reply(json.dumps(value, separators=(",", ":"), default=text_of) + "\n",
                     kind="application/json")

    def started(machine: Any, this: Instance, name: Any = "", *args: Any, **named: Any) -> None:
        this.names |= {"name": name, "routes": [], "config": {}, "secret_key": None, "hooks": {},
                       "logger": runtime.module("logging").names["getLogger"].body(machine, "app")}
        runtime.app = this

    def route(machine: Any, this: Instance, rule: str, methods: Any = ("GET",), **named: Any) -> Native:
        def decorate(machine: Any, function: Any) -> Any:
            pattern = re.sub(r"<(?:(\w+):)?(\w+)>",
                             lambda hit: f"(?P<{hit[2]}>{ {'int': '[0-9]+', 'path': '.+'}.get(hit[1], '[^/]+') })",
                             re.sub(r"([.+*?])", r"\\\1", rule))
            this.names["routes"].append((re.compile(pattern + "$"), {method.upper() for method in methods},
                                         re.findall(r"<int:(\w+)>", rule), function))
            return function
        return Native("decorator", decorate)

    def running(machine: Any, this: Instance, host: str = "127.0.0.1", port: int = 5000, debug: bool = False,
                **named: Any) -> Any:
        sys.out(f" * Serving Flask app '{posixpath.basename(runtime.script).removesuffix('.py')}'\n"
                f" * Debug mode: {'on' if debug else 'off'}\n")
        yield from start(machine, this, host or "127.0.0.1", int(port), debug)

    def start(machine: Any, this: Instance, host: str, port: int, debug: bool) -> Any:
        try:
            fd = sys.listen(port, host)
        except FileError as error:
            text = "Address already in use" if error.key == "EADDRINUSE" else error.text
            sys.err(f"{text}\nPort {port} is in use by another program. Either identify and stop that "
                    "program, or start the server "
                    "with a different port.\n")
            raise Raise(make_error("SystemExit", 1)) from None
        addresses = [card["address"].partition("/")[0]
                     for card in sys.addresses()] if host == "0.0.0.0" else [host]
        everyone = " * Running on all addresses (0.0.0.0)\n" if host == "0.0.0.0" else ""
        sys.err("WARNING: This is a development server. Do not use it in a production deployment. Use a "
                "production WSGI server "
                "instead.\n" + everyone + "".join(f" * Running on http://{address}:{port}\n"
                                                  for address in addresses)
                + "Press CTRL+C to quit\n")

        yield from serve(sys, runtime, fd, answering(machine, this, True))

    def answering(machine: Any, this: Instance, log: bool) -> Callable[[Message, tuple[str, int]], Any]:
        """Lo que contesta la aplicación a cada petición, como bytes."""
        def answer(message: Message, peer: tuple[str, int]) -> Any:
            code, headers, body = yield from dispatch(machine, this, message, peer)
            if log:
                sys.err(f'{peer[0]} - - [{stamp(sys)}] "{" ".join(message.first)}" {code} -\n')
            head = [("Server", f"Werkzeug/3.1.3 Python/{runtime.version}" if log else "gunicorn"),
                    ("Date", http_date(sys.now())),
                    *headers, ("Content-Length", str(len(body))), ("Connection", "close")]
            return response(code, head, b"" if message.first[0] == "HEAD" else body)
        return answer

    def dispatch(machine: Any, this: Instance, message: Message, peer: tuple[str, int]) -> Any:
        place = urlsplit(message.first[1])
        fill_request(request, message, peer, place)
        methods = {message.first[0]} | ({"GET"} if message.first[0] == "HEAD" else set())
        wrong = False
        for pattern, allowed, whole, function in this.names["routes"]:
            found = pattern.match(unquote(place.path))
            if not found:
                continue
            if not methods & allowed:
                wrong = True
                continue
            values = {name: int(value) if name in whole else value for name,
                      value in found.groupdict().items()}
            try:
                return make_response((yield from machine.call(function, [], values)))
            except Raise as problem:
                if problem.value.kind.name == "HTTPException":
                    return problem.value.names["args"][0], HTML, error_page(problem.value.names["args"][0])
                sys.err(f"[{moment(sys.now()):%Y-%m-%d %H:%M:%S},000] ERROR in app: Exception on "
                        f"{place.path} [{message.first[0]}]\n"
                        + runtime.traceback(problem.value))
                return 500, HTML, error_page(500)
        return (405, HTML, error_page(405)) if wrong else (404, HTML, error_page(404))

    def abort(code: int, *args: Any) -> None:
        raise Raise(make_error(Class("HTTPException", [runtime.errors["Exception"]], {}), code))

    flask.names |= {"__init__": Native("__init__", started), "route": Native("route", route),
                    "run": Native("run", running)}
    for method in ("get", "post", "put", "delete", "patch"):
        flask.names[method] = Native(method, lambda machine, this, rule, method=method,
                                     **named: route(machine, this, rule, [method]))
    names = {"Flask": flask, "request": request, "jsonify": native("jsonify", jsonify),
             "abort": native("abort", abort),
             "make_response": native("make_response", reply), "Response": native("Response", reply),
             "redirect": native("redirect", lambda target, code=302: reply("", code, Location=target)),
             "render_template_string": native("render_template_string", lambda text,
                                              **named: render(text, named)),
             "render_template": native("render_template", lambda name, **named: render(
                 sys.fs.read(posixpath.join(posixpath.dirname(runtime.script), "templates", name)).decode(),
                 named)),
             "(servir)": start, "(contestar)": lambda machine, app: answering(machine, app, False)}
    return Module("flask", names, "/usr/local/lib/python3/site-packages/flask/__init__.py")


HTML = [("Content-Type", "text/html; charset=utf-8")]
PAGES = {404: ("Not Found", "The requested URL was not found on the server. If you entered the URL manually "
               "please check your "
                            "spelling and try again."),
         405: ("Method Not Allowed", "The method is not allowed for the requested URL."),
         500: ("Internal Server Error", "The server encountered an internal error and was unable to complete "
               "your request. Either "
                                        "the server is overloaded or there is an error in the application.")}


def error_page(code: int) -> bytes:
    title, text = PAGES.get(code, (REASONS.get(code, ""), ""))
    return f"<!doctype html>\n<html lang=en>\n<title>{code} {title}</title>\n<h1>{title}</h1>\n<p>{text}</p>\n".encode()


def render(text: str, values: dict[str, Any]) -> str:
    """Una plantilla de Jinja con solo `{{ nombre }}`."""
    return re.sub(r"\{\{\s*([\w.]+)\s*\}\}", lambda hit: text_of(values.get(hit[1].split(".")[0], "")), text)


def fill_request(request: Instance, message: Message, peer: tuple[str, int], place: Any) -> None:
    """Los datos de la petición presente, en `flask.request`."""
    headers = {name.title(): value for name, value in message.headers}
    form = dict(parse_qsl(message.body.decode("utf-8",
                                              "replace"))) if "urlencoded" in message.header("content-type") else {}

    def read_json(*args: Any, **named: Any) -> Any:
        try:
            return json.loads(message.body)
        except ValueError:
            return None
    request.names |= {"method": message.first[0], "path": place.path, "args": dict(parse_qsl(place.query)),
                      "form": form,
                      "headers": headers, "data": message.body, "remote_addr": peer[0],
                      "host": message.header("host"),
                      "json": read_json() if message.body else None,
                      "get_json": native("get_json", read_json),
                      "url": f"http://{message.header('host')}{message.first[1]}"}
