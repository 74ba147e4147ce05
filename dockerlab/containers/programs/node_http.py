"""El módulo `http` de Node: servidores y clientes sobre las conexiones simuladas.

Aquí está solo lo que toca la red; Express y compañía se escriben encima, en
JavaScript (`data/node/*.js`).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from dockerlab.errors import FileError

from ..requests import Accept, Connect, Read
from .http_words import REASONS, BadMessage, Message, head, http_date, parse_head, read_message
from .js_values import Array, Function, Thing, error, fail, from_json, number_of, text_of, undefined
from .node_loop import Loop, Promise


def native(name: str, body: Any) -> Function:
    return Function(name, body)


class Http:
    """Los servidores abiertos de un proceso."""

    def __init__(self, loop: Loop):
        self.loop, self.sys = loop, loop.sys
        self.buffers: dict[int, bytes] = {}

    # -- servidor --
    def listen(self, server: Thing, args: list[Any]) -> Thing:
        """`server.listen(puerto, [dirección], [función])`; el error de puerto ocupado se emite, no se lanza."""
        port, address, done = 0, "0.0.0.0", undefined
        for value in args:
            if isinstance(value, Function):
                done = value
            elif isinstance(value, Thing):
                port = int(number_of(value.props.get("port", 0.0)))
                address = text_of(value.props.get("host", "0.0.0.0"))
            elif isinstance(value, str) and not value.isdigit():
                address = value
            elif value is not undefined and value is not None and value is not args[-1] or value is args[0]:
                port = self.port(value)
        shown = address if address not in ("0.0.0.0",) or "0.0.0.0" in args else "::"
        try:
            fd = self.sys.listen(port, address)
        except FileError as problem:
            reason = problem.text[0].lower() + problem.text[1:]
            raised = error(f"listen {problem.key}: {reason} {shown}:{port}", code=problem.key, errno=-98.0 if
                           problem.key == "EADDRINUSE" else -13.0, syscall="listen", address=shown,
                           port=float(port))
            self.loop.jobs.append(lambda: self.emit(server, "error", raised))
            return server
        server.props["(fd)"] = float(fd)
        server.props["listening"] = True
        server.inner = (shown, port)
        self.loop.readers[fd] = lambda ready: self.accept(server, ready)
        if done is not undefined:
            self.loop.call(done, this=server)
        self.loop.jobs.append(lambda: self.emit(server, "listening"))
        return server

    @staticmethod
    def port(value: Any) -> int:
        number = number_of(value)
        if number != number or not 0 <= number < 65536:
            shown = f"'{value}'" if isinstance(value, str) else text_of(value)
            raise fail("options.port should be >= 0 and < 65536. Received type "
                       f"{'string' if isinstance(value, str) else 'number'} "
                       f"({shown}).", "RangeError", code="ERR_SOCKET_BAD_PORT")
        return int(number)

    def emit(self, thing: Thing, name: str, *args: Any) -> Any:
        """`thing.emit(name, ...)`, escrito en JavaScript (EventEmitter)."""
        function = self.loop.machine.library.get(thing, "emit")
        yield from self.loop.perform(function, [name, *args], thing)

    def close(self, server: Thing, args: list[Any]) -> Thing:
        fd = server.props.pop("(fd)", None)
        if fd is not None:
            self.loop.readers.pop(int(fd), None)
            self.sys.close(int(fd))
            server.props["listening"] = False
        for client in [fd for fd in self.buffers if fd in self.loop.readers]:
            self.hang_up(client)
        if args and isinstance(args[0], Function):
            self.loop.call(args[0])
        self.loop.jobs.append(lambda: self.emit(server, "close"))
        return server

    def accept(self, server: Thing, fd: int) -> Any:
        client = yield Accept(fd)
        self.buffers[client] = b""
        self.loop.readers[client] = lambda ready: self.incoming(server, ready)

    def hang_up(self, fd: int) -> None:
        self.loop.readers.pop(fd, None)
        self.buffers.pop(fd, None)
        self.sys.close(fd)

    def incoming(self, server: Thing, fd: int) -> Any:
        """Llegó algo de un cliente: si ya hay una petición entera, se atiende."""
        chunk = yield Read(fd)
        if not chunk:
            self.hang_up(fd)
            return
        data = self.buffers[fd] = self.buffers[fd] + chunk
        top, mark, body = data.partition(b"\r\n\r\n")
        if not mark:
            top, mark, body = data.partition(b"\n\n")
        if not mark:
            if b"\n" in data and b"HTTP/" not in data.split(b"\n")[0]:
                self.sys.write(fd, b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
                self.hang_up(fd)
            return
        try:
            message = parse_head(top)
        except BadMessage:
            self.sys.write(fd, b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
            self.hang_up(fd)
            return
        length = int(message.header("content-length", "0") or 0)
        if len(body) < length:
            return
        message.body, self.buffers[fd] = body[:length], body[length:]
        yield from self.serve(server, fd, message)

    def serve(self, server: Thing, fd: int, message: Message) -> Any:
        """Le da la petición al programa: emite `request`."""
        headers = Thing({name.lower(): value for name, value in message.headers})
        peer = self.sys.peer(fd)
        socket = Thing({"remoteAddress": f"::ffff:{peer[0]}", "remotePort": float(peer[1])})
        library = self.loop.machine.library
        request = yield from self.loop.machine.construct(library.node_class("IncomingMessage"), [], None)
        request.props |= {"method": message.first[0], "url": message.first[1], "headers": headers,
                          "httpVersion": "1.1",
                          "socket": socket, "connection": socket,
                          "(body)": message.body.decode("utf-8", "replace")}
        answer = yield from self.loop.machine.construct(library.node_class("ServerResponse"), [], None)
        answer.props |= {"(fd)": float(fd), "req": request}
        answer.inner = {"chunks": [], "headers": {}, "sent": False, "ended": False, "message": message}
        yield from self.emit(server, "request", request, answer)

    # -- respuesta --
    def start_response(self, answer: Thing, length: int | None) -> None:
        """Escribe la cabecera, una sola vez; sin longitud conocida, el cuerpo irá por trozos."""
        state = answer.inner
        if state["sent"]:
            return
        state["sent"] = True
        answer.props["headersSent"] = True
        status = int(number_of(answer.props.get("statusCode", 200.0)))
        reason = answer.props.get("statusMessage") or REASONS.get(status, "unknown")
        headers = dict(state["headers"])
        names = {name.lower() for name in headers}
        keep = state["message"].header("connection").lower() != "close" and state["message"].first[-1] != "HTTP/1.0"
        if "date" not in names:
            headers["Date"] = http_date(self.sys.now())
        headers["Connection"] = "keep-alive" if keep else "close"
        if keep:
            headers["Keep-Alive"] = "timeout=5"
        if "content-length" not in names and status not in (204, 304):
            if length is None:
                headers["Transfer-Encoding"] = "chunked"
                state["chunked"] = True
            else:
                headers["Content-Length"] = str(length)
        rows = [(name, item) for name, value in headers.items()
                for item in (value if isinstance(value, list) else [value])]
        self.send(answer, head(f"HTTP/1.1 {status} {text_of(reason)}", rows))

    def send(self, answer: Thing, data: bytes) -> None:
        fd = int(answer.props["(fd)"])
        if fd in self.buffers:
            self.sys.write(fd, data)

    def write(self, answer: Thing, value: Any) -> bool:
        self.start_response(answer, None)
        data = bytes_of(value)
        if answer.inner.get("chunked"):
            data = f"{len(data):x}\r\n".encode() + data + b"\r\n" if data else b""
        self.send(answer, data)
        return True

    def end(self, answer: Thing, args: list[Any]) -> Thing:
        state = answer.inner
        if state["ended"]:
            return answer
        value = args[0] if args and not isinstance(args[0], Function) else undefined
        data = b"" if value is undefined or value is None else bytes_of(value)
        self.start_response(answer, len(data))
        state["ended"] = True
        answer.props |= {"finished": True, "writableEnded": True}
        silent = state["message"].first[0] == "HEAD"
        if data and not silent:
            self.write(answer, value) if state.get("chunked") else self.send(answer, data)
        if state.get("chunked"):
            self.send(answer, b"0\r\n\r\n")
        fd = int(answer.props["(fd)"])
        if fd in self.buffers and (state["message"].header("connection").lower() == "close" or
                                   state["message"].first[-1] == "HTTP/1.0"):
            self.hang_up(fd)
        self.loop.jobs.append(lambda: self.emit(answer, "finish"))
        return answer

    # -- cliente --
    def request(self, url: str, options: Thing) -> Thing:
        """La base de fetch y http.get: una promesa de `{status, headers, body}`."""
        promise = Promise()
        self.loop.jobs.append(lambda: self.exchange(url, options, promise))
        return self.loop.thing(promise)

    def exchange(self, url: str, options: Thing, promise: Promise) -> Any:
        place = urlsplit(url)
        host, port = place.hostname or "localhost", place.port or (443 if place.scheme == "https" else 80)
        try:
            fd = yield Connect(host, port)
        except FileError as problem:
            code = "ENOTFOUND" if problem.key == "ENONAME" else problem.key
            text = f"getaddrinfo ENOTFOUND {host}" if code == "ENOTFOUND" else f"connect {code} {host}:{port}"
            self.loop.settle(promise, "rejected",
                             error(text, code=code, syscall=text.split()[0], hostname=host))
            return
        method = text_of(options.props.get("method", "GET")).upper()
        given = options.props.get("headers")
        headers = {"Host": place.netloc, "Connection": "close",
                   **({name: text_of(value) for name, value in given.props.items()}
                      if isinstance(given, Thing) else {})}
        body = options.props.get("body", undefined)
        data = b"" if body is undefined or body is None else bytes_of(body)
        if data:
            headers["Content-Length"] = str(len(data))
        target = (place.path or "/") + (f"?{place.query}" if place.query else "")
        self.sys.write(fd, head(f"{method} {target} HTTP/1.1", headers.items()) + data)
        try:
            answer = yield from read_message(fd, has_body=method != "HEAD")
        except BadMessage:
            answer = None
        self.sys.close(fd)
        if answer is None:
            self.loop.settle(promise, "rejected", error("socket hang up", code="ECONNRESET"))
            return
        self.loop.resolve(promise, Thing({
            "status": float(answer.first[1]), "statusText": answer.first[2] if len(answer.first) > 2 else "",
            "headers": from_json({name.lower(): value for name, value in answer.headers}),
            "body": answer.body.decode("utf-8", "replace")}))

    # -- conexiones sin HTTP (redis, bases de datos) --
    def connect(self, host: str, port: int, on: Function) -> Thing:
        """Una conexión cruda: llama a `on(suceso, dato)` con connect, data, close y error."""
        handle = Thing({"(fd)": -1.0})

        def opening() -> Any:
            try:
                fd = yield Connect(host, port)
            except FileError as problem:
                code = "ENOTFOUND" if problem.key == "ENONAME" else problem.key
                text = f"getaddrinfo ENOTFOUND {host}" if code == "ENOTFOUND" else f"connect {code} {host}:{port}"
                self.loop.call(on, "error", error(text, code=code, address=host, port=float(port)))
                return
            handle.props["(fd)"] = float(fd)
            self.loop.readers[fd] = arriving
            self.loop.call(on, "connect", undefined)

        def arriving(fd: int) -> Any:
            chunk = yield Read(fd)
            if not chunk:
                self.loop.readers.pop(fd, None)
                self.sys.close(fd)
                handle.props["(fd)"] = -1.0
                self.loop.call(on, "close", undefined)
            else:
                self.loop.call(on, "data", chunk.decode("utf-8", "replace"))
        self.loop.jobs.append(opening)
        return handle

    def send_raw(self, handle: Thing, value: Any) -> Any:
        fd = int(handle.props["(fd)"])
        if fd >= 0:
            self.sys.write(fd, bytes_of(value))
        return undefined

    def close_raw(self, handle: Thing) -> Any:
        fd = int(handle.props["(fd)"])
        if fd >= 0:
            self.loop.readers.pop(fd, None)
            self.sys.close(fd)
            handle.props["(fd)"] = -1.0
        return undefined

    def set_header(self, answer: Thing, name: str, value: Any) -> Any:
        state = answer.inner
        if state["sent"]:
            raise fail("Cannot set headers after they are sent to the client", "Error",
                       code="ERR_HTTP_HEADERS_SENT")
        old = next((key for key in state["headers"] if key.lower() == name.lower()), name)
        state["headers"][old] = [text_of(item)
                                 for item in value.items] if isinstance(value, Array) else text_of(value)
        return answer

    def bindings(self) -> Thing:
        """Lo que ve el JavaScript de `data/node`."""
        functions = {
            "listen": lambda this, args: self.listen(args[0], args[1:]),
            "close": lambda this, args: self.close(args[0], args[1:]),
            "write": lambda this, args: self.write(args[0], args[1]),
            "end": lambda this, args: self.end(args[0], args[1:]),
            "setHeader": lambda this, args: self.set_header(args[0], text_of(args[1]), args[2]),
            "getHeader": lambda this, args: next((value for key, value in args[0].inner["headers"].items()
                                                  if key.lower() == text_of(args[1]).lower()), undefined),
            "removeHeader": lambda this, args: [args[0].inner["headers"].pop(key)
                                                for key in list(args[0].inner["headers"])
                                                if key.lower() == text_of(args[1]).lower()] and undefined,
            "flush": lambda this, args: self.start_response(args[0], None) or undefined,
            "address": lambda this, args: Thing({"address": args[0].inner[0], "family": "IPv6",
                                                 "port": float(args[0].inner[1])})
            if args[0].inner else None,
            "request": lambda this, args: self.request(text_of(args[0]), args[1]),
            "connect": lambda this, args: self.connect(text_of(args[0]), int(number_of(args[1])), args[2]),
            "send": lambda this, args: self.send_raw(args[0], args[1]),
            "hangUp": lambda this, args: self.close_raw(args[0])}
        return Thing({name: native(name, body) for name, body in functions.items()})


def bytes_of(value: Any) -> bytes:
    if isinstance(value, Thing) and value.kind == "Buffer":
        return value.inner
    return text_of(value).encode("utf-8", "surrogateescape")
