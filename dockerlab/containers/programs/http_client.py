"""Una petición HTTP desde dentro de un contenedor: la usan curl, wget, el proxy de nginx y requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from dockerlab.errors import FileError

from ..requests import Connect
from .http_words import BadMessage, Message, head, read_message


@dataclass(slots=True)
class Reply:
    """Lo que se obtuvo: la respuesta, o por qué no la hubo."""

    message: Message | None = None
    problem: str = ""
    host: str = ""
    port: int = 80
    url: str = ""
    sent: list[str] = field(default_factory=list)


def fetch(sys: Any, url: str, method: str, headers: dict[str, str], body: bytes = b"",
          timeout: float = 0) -> Any:
    """Una petición HTTP. `Reply.problem`: la clave del error de red, EMPTY o BAD."""
    place = urlsplit(url)
    host, port = place.hostname or "", place.port or (443 if place.scheme == "https" else 80)
    reply = Reply(host=host, port=port, url=url)
    try:
        fd = yield Connect(host, port, timeout)
    except FileError as error:
        reply.problem = error.key
        return reply
    target = (place.path or "/") + (f"?{place.query}" if place.query else "")
    rows = {"Host": place.netloc.rpartition("@")[2], **headers}
    if body:
        rows.setdefault("Content-Length", str(len(body)))
    reply.sent = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in rows.items())]
    sys.write(fd, head(reply.sent[0], rows.items()) + body)
    try:
        reply.message = yield from read_message(fd, has_body=method != "HEAD")
        if reply.message is None:
            reply.problem = "EMPTY"
    except BadMessage:
        reply.problem = "BAD"
    sys.close(fd)
    return reply
