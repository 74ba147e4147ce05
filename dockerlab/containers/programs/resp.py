"""RESP, el protocolo de Redis: órdenes y respuestas en bytes. Fuente: redis.io, *Serialization protocol*."""

from __future__ import annotations

from typing import Any


def integer(value: int) -> bytes:
    return f":{value}\r\n".encode()


def bulk(value: Any) -> bytes:
    if value is None:
        return b"$-1\r\n"
    data = str(value).encode()
    return b"$%d\r\n%s\r\n" % (len(data), data)


def array(values: list[Any]) -> bytes:
    return b"*%d\r\n" % len(values) + b"".join(map(bulk, values))


def parse(data: bytes) -> tuple[list[str] | None, bytes]:
    """Una orden del protocolo RESP (o una línea suelta): (palabras, lo que sobra); `None` si falta por llegar."""
    if b"\n" not in data:
        return None, data
    if not data.startswith(b"*"):
        line, _, rest = data.partition(b"\n")
        return line.decode("utf-8", "replace").split(), rest
    head, _, rest = data.partition(b"\r\n")
    words = []
    for _ in range(int(head[1:] or b"0")):
        size, mark, body = rest.partition(b"\r\n")
        if not mark or len(body) < int(size[1:] or b"0") + 2:
            return None, data
        words.append(body[:int(size[1:])].decode("utf-8", "replace"))
        rest = body[int(size[1:]) + 2:]
    return words, rest


def whole(data: bytes) -> bool:
    """¿Ha llegado la respuesta completa?"""
    return reply(data)[1] is not None


def reply(data: bytes) -> tuple[Any, bytes | None]:
    """El primer valor de una respuesta y lo que sobra (`None` si está a medias)."""
    line, mark, rest = data.partition(b"\r\n")
    if not mark:
        return None, None
    if line[:1] == b"$":
        size = int(line[1:])
        if size < 0:
            return None, rest
        return (rest[:size].decode("utf-8", "replace"),
                rest[size + 2:]) if len(rest) >= size + 2 else (None, None)
    if line[:1] == b"*":
        items: list[Any] = []
        for _ in range(int(line[1:])):
            item, left = reply(rest)
            if left is None:
                return None, None
            items.append(item)
            rest = left
        return items, rest
    return int(line[1:]) if line[:1] == b":" else line.decode("utf-8", "replace"), rest
