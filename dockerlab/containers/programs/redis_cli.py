"""redis-cli: el cliente de Redis."""

from __future__ import annotations

import json
import shlex
from typing import Any

from dockerlab.errors import FileError

from ..requests import Connect, Read
from .kit import slurp
from .options import Options, applet
from .redis import version
from .resp import array, bulk, reply, whole


@applet("redis-cli", None, also=("valkey-cli",))
def redis_cli(sys: Any, opt: Options) -> Any:
    """`redis-cli [-h anfitrión] [-p puerto] [-a contraseña] [orden...]`."""
    host, port, password, words = "127.0.0.1", 6379, sys.env.get("REDISCLI_AUTH", ""), list(sys.argv[1:])
    while words and words[0].startswith("-"):
        word = words.pop(0)
        if word in ("-h", "-p", "-a", "-n", "-u", "--pass") and words:
            value = words.pop(0)
            host, port = (value if word == "-h" else host), (int(value) if word == "-p" else port)
            password = value if word in ("-a", "--pass") else password
        elif word in ("-v", "--version"):
            sys.out(f"redis-cli {version(sys)}\n")
            return 0
    try:
        fd = yield Connect(host, port)
    except FileError as error:
        known = {"ENONAME": "Name or service not known", "ECONNREFUSED": "Connection refused"}
        reason = known.get(error.key, error.text)
        sys.err(f"Could not connect to Redis at {host}:{port}: {reason}\n")
        return 1
    if password:
        yield from ask(sys, fd, ["AUTH", password])
    if words:
        answer = yield from ask(sys, fd, words)
        sys.out(shown(answer, sys.isatty(1)) + "\n")
        return 1 if answer.startswith(b"-") else 0
    if not sys.isatty(0):
        for line in (yield slurp(sys)).decode("utf-8", "replace").splitlines():
            if line.split():
                sys.out(shown((yield from ask(sys, fd, line.split())), False) + "\n")
        return 0
    while True:
        sys.out(f"{host}:{port}> ")
        line = (yield Read(0)).decode("utf-8", "replace")
        if not line or line.strip().lower() in ("exit", "quit"):
            return 0
        if line.split():
            sys.out(shown((yield from ask(sys, fd, shlex.split(line))), True) + "\n")


def ask(sys: Any, fd: int, words: list[str]) -> Any:
    """Manda una orden y espera la respuesta entera, en bytes."""
    sys.write(fd, array(words))
    data = b""
    while not whole(data):
        chunk = yield Read(fd)
        if not chunk:
            return data or b"-Error: Server closed the connection\r\n"
        data += chunk
    return data


def shown(data: bytes, framed: bool) -> str:
    """Una respuesta como la enseña redis-cli: con adornos en un terminal, desnuda si no."""
    value = reply(data)[0]
    if isinstance(value, list):
        if not value:
            return "(empty array)" if framed else ""
        return "\n".join(f"{at}) " + shown(bulk(item), True) if framed else str(item)
                         for at, item in enumerate(value, 1))
    if data[:1] in (b"+", b"-"):
        return ("(error) " if data[:1] == b"-" and framed else "") + value[1:]
    if value is None:
        return "(nil)" if framed else ""
    if isinstance(value, int):
        return f"(integer) {value}" if framed else str(value)
    return json.dumps(value, ensure_ascii=False) if framed else value
