"""HTTP/1.1 en bytes: leer y escribir peticiones y respuestas. Fuente: RFC 9112.

Lo usan los servidores (node, python, nginx, httpd) y los clientes (curl, wget).
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from typing import Any

from ..requests import Read
from .kit import moment

REASONS = {
    100: "Continue", 200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content",
    301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect",
    308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 408: "Request Timeout", 409: "Conflict", 413: "Payload Too Large",
    418: "I'm a Teapot",
    422: "Unprocessable Entity", 429: "Too Many Requests", 500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}
TYPES = {
    "html": "text/html", "htm": "text/html", "css": "text/css", "js": "application/javascript",
    "mjs": "application/javascript",
    "json": "application/json", "txt": "text/plain", "xml": "text/xml", "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "ico": "image/x-icon",
    "webp": "image/webp",
    "pdf": "application/pdf", "csv": "text/csv", "md": "text/markdown", "wasm": "application/wasm"}

Headers = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Message:
    """Una petición o una respuesta: `first` es su primera línea, partida."""

    first: tuple[str, ...]
    headers: Headers = ()
    body: bytes = b""
    rest: bytes = field(default=b"", repr=False)    # lo que llegó detrás

    def header(self, name: str, default: str = "") -> str:
        name = name.lower()
        return next((value for key, value in self.headers if key.lower() == name), default)


class BadMessage(Exception):
    """Lo que llegó no es HTTP."""


def content_type(path: str, default: str = "application/octet-stream") -> str:
    """El tipo de un archivo por su extensión."""
    return TYPES.get(path.rpartition(".")[2].lower() if "." in path.rpartition("/")[2] else "", default)


def http_date(now: int) -> str:
    """`Mon, 05 Oct 2026 12:00:00 GMT`."""
    when = moment(now)
    days, months = "Mon Tue Wed Thu Fri Sat Sun".split(), "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    return f"{days[when.weekday()]}, {when.day:02d} {months[when.month - 1]} {when.year} {when:%H:%M:%S} GMT"


def head(first: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """La cabecera entera, con su línea vacía."""
    return (first + "\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers)
            + "\r\n").encode("latin-1", "replace")


def response(status: int, headers: Iterable[tuple[str, str]], body: bytes = b"",
             version: str = "1.1") -> bytes:
    return head(f"HTTP/{version} {status} {REASONS.get(status, 'Unknown')}", headers) + body


def parse_head(data: bytes) -> Message:
    """La cabecera, sin el cuerpo. `BadMessage` si no lo es."""
    lines = data.decode("latin-1").split("\r\n") if b"\r\n" in data else data.decode("latin-1").split("\n")
    first = tuple(lines[0].split(" ", 2))
    if len(first) < 2 or not ("HTTP/" in first[0] or "HTTP/" in first[-1]):
        raise BadMessage(lines[0])
    pairs = [line.partition(":") for line in lines[1:] if line]
    return Message(first, tuple((name.strip(), value.strip()) for name, _, value in pairs))


def read_message(fd: int, pending: bytes = b"", has_body: bool = True) -> Generator[Any, Any, Message | None]:
    """Lee un mensaje de `fd`; `None` si la conexión se cerró antes. `BadMessage` si no es HTTP."""
    data = pending
    while b"\r\n\r\n" not in data and b"\n\n" not in data:
        chunk = yield Read(fd)
        if not chunk:
            if data.strip():
                raise BadMessage("")
            return None
        data += chunk
        if b"\n" in data and b"HTTP/" not in data.split(b"\n")[0]:
            raise BadMessage("")
    mark = b"\r\n\r\n" if b"\r\n\r\n" in data else b"\n\n"
    top, _, data = data.partition(mark)
    message = parse_head(top)
    if not has_body:
        message.rest = data
        return message
    if message.header("transfer-encoding").lower() == "chunked":
        message.body, message.rest = yield from read_chunks(fd, data)
        return message
    length = message.header("content-length")
    is_response = message.first[0].startswith("HTTP/")
    bodiless = message.first[1].startswith("1") or message.first[1] in ("204", "304") if is_response else not length
    if bodiless:
        message.rest = data
        return message
    while not length or len(data) < int(length):
        chunk = yield Read(fd)
        if not chunk:
            break
        data += chunk
    size = int(length) if length else len(data)
    message.body, message.rest = data[:size], data[size:]
    return message


def read_chunks(fd: int, data: bytes) -> Generator[Any, Any, tuple[bytes, bytes]]:
    """Un cuerpo por trozos: (cuerpo, lo que sobra)."""
    body = b""
    while True:
        while b"\r\n" not in data:
            chunk = yield Read(fd)
            if not chunk:
                return body, b""
            data += chunk
        line, _, data = data.partition(b"\r\n")
        size = int(line.split(b";")[0] or b"0", 16)
        while len(data) < size + 2:
            chunk = yield Read(fd)
            if not chunk:
                return body + data, b""
            data += chunk
        body, data = body + data[:size], data[size + 2:]
        if not size:
            return body, data
