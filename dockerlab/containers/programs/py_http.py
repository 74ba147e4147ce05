"""http.server, simulado: servir archivos o los manejadores que escriba el programa."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

from dockerlab.errors import FileError

from ..requests import Accept, Signalled
from .http_words import REASONS, BadMessage, Message, content_type, http_date, read_message, response
from .kit import moment
from .py_modules import module, native
from .py_values import Class, Instance, Module, Native, Raise, make_error, raised, text_of


def serve(sys: Any, runtime: Any, fd: int, answer: Callable[[Message, tuple[str, int]], Any]) -> Any:
    """Atiende llamadas para siempre: `answer(petición, quién)` da los bytes de la respuesta."""
    while True:
        try:
            client = yield Accept(fd)
        except Signalled as received:
            yield from runtime.signalled(received.signo)
            continue
        try:
            message = yield from read_message(client)
            if message is not None:
                sys.write(client, (yield from answer(message, sys.peer(client))))
        except BadMessage:
            sys.write(client, b"HTTP/1.0 400 Bad Request\r\n\r\n")
        sys.close(client)


def open_port(sys: Any, address: str, port: int) -> int:
    """Empieza a escuchar. `Raise` OSError si el puerto está ocupado o no se puede."""
    try:
        return sys.listen(port, address or "0.0.0.0")
    except FileError as error:
        number = {"EADDRINUSE": 98, "EACCES": 13}.get(error.key, 5)
        kind = "PermissionError" if error.key == "EACCES" else "OSError"
        raise Raise(make_error(kind, f"[Errno {number}] {error.text}")) from None


def stamp(sys: Any) -> str:
    return moment(sys.now()).strftime("%d/%b/%Y %H:%M:%S")


# -- python -m http.server --
def files_server(sys: Any, runtime: Any, port: int, address: str, folder: str) -> Any:
    """El servidor de archivos de la biblioteca estándar."""
    fd = open_port(sys, address, port)
    sys.out(f"Serving HTTP on {address or '0.0.0.0'} port {port} (http://{address or '0.0.0.0'}:{port}/) "
            "...\n")

    def answer(message: Message, peer: tuple[str, int]) -> Any:
        path = posixpath.normpath(posixpath.join(folder, unquote(message.first[1].partition("?")[0]).lstrip("/")))
        code, kind, body = file_answer(sys, path, message.first[1], folder)
        if code == 404:
            sys.err(f"{peer[0]} - - [{stamp(sys)}] code 404, message File not found\n")
        sys.err(f'{peer[0]} - - [{stamp(sys)}] "{" ".join(message.first)}" {code} -\n')
        headers = [("Server", f"SimpleHTTP/0.6 Python/{runtime.version}"), ("Date", http_date(sys.now())),
                   ("Content-type", kind), ("Content-Length", str(len(body)))]
        return response(code, headers, b"" if message.first[0] == "HEAD" else body, "1.0")
        yield
    yield from serve(sys, runtime, fd, answer)


def file_answer(sys: Any, path: str, url: str, folder: str) -> tuple[int, str, bytes]:
    if not path.startswith(folder.rstrip("/")):
        path = folder
    if sys.fs.isdir(path) and sys.fs.isfile(posixpath.join(path, "index.html")):
        path = posixpath.join(path, "index.html")
    try:
        if sys.fs.isdir(path):
            rows = "".join(f'<li><a href="{quote(name)}">{name}</a></li>\n' for name in sorted(
                name + "/" * sys.fs.isdir(posixpath.join(path, name)) for name in sys.fs.listdir(path)))
            page = ("<!DOCTYPE HTML>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    f"<title>Directory listing for {url}</title>\n</head>\n<body>\n<h1>Directory listing for "
                    f"{url}</h1>\n"
                    f"<hr>\n<ul>\n{rows}</ul>\n<hr>\n</body>\n</html>\n")
            return 200, "text/html; charset=utf-8", page.encode()
        return 200, content_type(path), sys.fs.read(path)
    except FileError:
        page = ("<!DOCTYPE HTML>\n<html lang=\"en\">\n    <head>\n        <meta charset=\"utf-8\">\n        "
                "<title>Error response"
                "</title>\n    </head>\n    <body>\n        <h1>Error response</h1>\n        <p>Error code: "
                "404</p>\n"
                "        <p>Message: File not found.</p>\n        <p>Error code explanation: 404 - Nothing "
                "matches the given URI.</p>\n"
                "    </body>\n</html>\n")
        return 404, "text/html;charset=utf-8", page.encode()


def http_server_module(sys: Any, runtime: Any) -> Module:
    """http.server con manejadores escritos en el programa (do_GET, wfile.write...)."""
    base = Class("BaseHTTPRequestHandler", [], {"server_version": "BaseHTTP/0.6"})

    def forever(machine: Any, address: tuple[str, int], kind: Class) -> Any:
        fd = open_port(sys, *address)

        def answer(message: Message, peer: tuple[str, int]) -> Any:
            return (yield from handle(sys, runtime, machine, kind, message, peer))
        yield from serve(sys, runtime, fd, answer)

    def make(machine: Any, address: tuple[str, int], kind: Class) -> Instance:
        made = Instance(Class("HTTPServer", [], {}))
        made.names |= {"serve_forever": Native("serve_forever", lambda machine: forever(machine, address, kind)),
                       "server_close": native("server_close", lambda: None), "server_address": address,
                       "__enter__": native("__enter__", lambda: made),
                       "__exit__": native("__exit__", lambda *args: None)}
        return made
    simple = Class("SimpleHTTPRequestHandler", [base], {"(archivos)": True})
    server = Native("HTTPServer", make)
    return Module("http.server", {"BaseHTTPRequestHandler": base, "SimpleHTTPRequestHandler": simple,
                                  "HTTPServer": server,
                                  "ThreadingHTTPServer": server, "TCPServer": server})


def handle(sys: Any, runtime: Any, machine: Any, kind: Class, message: Message, peer: tuple[str, int]) -> Any:
    """Una petición para un manejador del programa."""
    state: dict[str, Any] = {"code": 200, "headers": [], "body": b""}
    made = Instance(kind, {"path": message.first[1], "command": message.first[0], "client_address": peer})
    if kind.lookup("(archivos)") and not kind.lookup("do_GET"):
        path = posixpath.join(sys.cwd, unquote(message.first[1].partition("?")[0]).lstrip("/"))
        code, mime, body = file_answer(sys, posixpath.normpath(path), message.first[1], sys.cwd)
        sys.err(f'{peer[0]} - - [{stamp(sys)}] "{" ".join(message.first)}" {code} -\n')
        return response(code, [("Content-type", mime), ("Content-Length", str(len(body)))], body, "1.0")

    def write(data: Any) -> int:
        if not isinstance(data, bytes):
            raise raised("TypeError", f"a bytes-like object is required, not '{type(data).__name__}'")
        state["body"] += data
        return len(data)

    def log(text: str, *args: Any) -> None:
        sys.err(f"{peer[0]} - - [{stamp(sys)}] {text % args if args else text}\n")

    def begin(code: int, *ignored: Any) -> None:
        state["code"] = code
        log('"%s" %s -', " ".join(message.first), code)
    headers = module("headers", {"get": lambda name, default=None: message.header(name) or default})
    made.names |= {
        "wfile": module("wfile", {"write": write}), "headers": headers,
        "rfile": module("rfile", {"read": lambda size=-1: message.body if size < 0 else message.body[:size]}),
        "send_response": native("send_response", begin), "end_headers": native("end_headers", lambda: None),
        "send_header": native("send_header", lambda name, value: state["headers"].append((name, text_of(value)))),
        "send_error": native("send_error", lambda code, *args: begin(code) or write(
            REASONS.get(code, "").encode()) and None)}
    if not kind.lookup("log_message"):
        made.names["log_message"] = native("log_message", log)
    function = kind.lookup(f"do_{message.first[0]}")
    if function is None:
        begin(501)
    else:
        from .py_values import Bound
        yield from machine.call(Bound(made, function), [], {})
    head = [("Server", f"BaseHTTP/0.6 Python/{runtime.version}"), ("Date", http_date(sys.now())),
            *state["headers"]]
    return response(state["code"], head, state["body"], "1.0")
