"""Los clientes de red del Python simulado: requests y redis."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from dockerlab.errors import FileError

from ..requests import Connect, Read
from .http_client import fetch
from .py_modules import native
from .py_values import Class, Instance, Module, Native, Raise, make_error, text_of


def requests_module(sys: Any, runtime: Any) -> Module:
    """El módulo requests de un proceso."""
    problem = Class("RequestException", [runtime.errors["OSError"]], {})
    refused = Class("ConnectionError", [problem], {})

    def request(machine: Any, method: str, url: str, data: Any = None, headers: Any = None,
                timeout: Any = 0,
                params: Any = None, **named: Any) -> Any:
        body = json.dumps(named["json"]).encode() if "json" in named else text_of(data).encode() if data else b""
        rows = {"User-Agent": "python-requests/2.32.3", "Accept": "*/*", "Connection": "close",
                **(headers or {})}
        reply = yield from fetch(sys, url, method, rows, body, float(timeout or 0))
        if reply.message is None:
            raise Raise(make_error(refused, f"HTTPConnectionPool(host='{reply.host}', port={reply.port}): "
                                   "Max retries exceeded "
                                            f"with url: {urlsplit(url).path or '/'} (Caused by "
                                            "NewConnectionError)"))
        text = reply.message.body.decode("utf-8", "replace")
        code = int(reply.message.first[1])
        return Instance(Class("Response", [], {}), {
            "status_code": code, "text": text, "content": reply.message.body, "ok": code < 400,
            "headers": dict(reply.message.headers),
            "json": native("json", lambda: json.loads(text)),
            "raise_for_status": native("raise_for_status", lambda: None),
            "(texto)": lambda: f"<Response [{code}]>"})
    names: dict[str, Any] = {method: Native(method, lambda machine, url, *args, method=method, **named: request(
        machine, method.upper(), url, *args, **named)) for method in ("get", "post", "put", "delete", "head")}
    errors = Module("requests.exceptions", {"RequestException": problem, "ConnectionError": refused})
    return Module("requests", {**names, "exceptions": errors, "RequestException": problem,
                               "ConnectionError": refused})


def redis_module(sys: Any, runtime: Any) -> Module:
    """El cliente de redis: cada orden, por su conexión."""
    wrong = Class("ConnectionError", [runtime.errors["Exception"]], {})

    def command(this: Instance, *words: Any) -> Any:
        """Manda una orden y da su respuesta. redis-py comprueba antes si la conexión que guardaba sigue viva."""
        pieces = [text_of(word).encode() for word in words]
        order = b"*%d\r\n" % len(pieces) + b"".join(b"$%d\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
        for _ in range(1 if this.inner is None else 2):
            if this.inner is None:
                this.inner = yield from connect(this.names["host"], this.names["port"])
            data = yield from exchange(this.inner, order)
            if data:
                return decode(this, data)
            sys.close(this.inner)
            this.inner = None
        raise Raise(make_error(wrong, "Connection closed by server."))

    def connect(host: str, port: int) -> Any:
        try:
            return (yield Connect(host, port))
        except FileError as error:
            refused = error.key == "ECONNREFUSED"
            number, text = (111, "Connection refused") if refused else (-2, "Name or service not known")
            raise Raise(make_error(wrong, f"Error {number} connecting to {host}:{port}. {text}.")) from None

    def exchange(fd: int, order: bytes) -> Any:
        """La respuesta entera; vacía si al otro lado ya no hay nadie."""
        data = b""
        try:
            sys.write(fd, order)
            while not data.endswith(b"\r\n"):
                chunk = yield Read(fd)
                if not chunk:
                    return b""
                data += chunk
        except FileError:
            return b""
        return data

    def decode(this: Instance, data: bytes) -> Any:
        mark, rest = data[:1], data[1:]
        if mark == b"-":
            raise Raise(make_error(Class("ResponseError", [runtime.errors["Exception"]], {}),
                                   rest.decode().strip()))
        if mark == b":":
            return int(rest)
        if mark == b"$":
            size, _, body = rest.partition(b"\r\n")
            value = None if size == b"-1" else body[:int(size)]
            return value.decode() if value is not None and this.names["decode"] else value
        if mark == b"*":
            parts = rest.split(b"\r\n")[2::2]
            return [part.decode() if this.names["decode"] else part for part in parts]
        return rest.strip() == b"OK" or rest.strip() == b"PONG" or rest.strip().decode()

    def started(machine: Any, this: Instance, host: str = "localhost", port: int = 6379, db: int = 0,
                decode_responses: bool = False,
                **named: Any) -> None:
        this.names |= {"host": host, "port": int(port), "decode": decode_responses}
    names: dict[str, Any] = {"__init__": Native("__init__", started)}
    for name in ("get", "set", "incr", "decr", "ping", "delete", "keys", "exists", "lpush", "rpush", "lrange",
                 "expire", "incrby", "append"):
        verb = "DEL" if name == "delete" else name.upper()
        names[name] = Native(name, lambda machine, this, *args, verb=verb,
                             **named: command(this, verb, *args))
    client = Class("Redis", [], names)
    return Module("redis", {"Redis": client, "StrictRedis": client, "ConnectionError": wrong,
                            "exceptions": Module("redis.exceptions", {"ConnectionError": wrong, "RedisError": wrong}),
                            "from_url": Native("from_url", lambda machine, url, **named: machine.call(
                                client, [urlsplit(url).hostname, urlsplit(url).port or 6379], named))})
