"""El programa de la imagen `registry`: contesta que está; lo que se sube lo guarda el registro del motor."""

from __future__ import annotations

import json
from typing import Any

from ...clock import SECOND
from ...errors import FileError
from ..process import Signalled
from .http_serving import WebServer
from .http_words import Message, response
from .kit import moment
from .options import Options, applet

VERSION = "v2.8.1"
API = ("Docker-Distribution-Api-Version", "registry/2.0")


@applet("registry", None)
def registry(sys: Any, opt: Options) -> Any:
    """`registry serve config.yml`: escucha en el 5000 hasta que le digan que acabe."""
    words = sys.argv[1:]
    if words == ["--version"]:
        sys.out(f"registry github.com/docker/distribution {VERSION}\n")
        return 0
    if words[:1] != ["serve"] or len(words) != 2:
        sys.err("Usage: registry serve <config>\n")
        return 1
    try:
        sys.fs.read(words[1])
        fd = sys.listen(5000)
    except FileError as error:
        sys.err(f"configuration error: {words[1]}: {error.text.lower()}\n")
        return 1
    sys.memory(12 * 2**20)
    stamp = f"{moment(sys.now()):%Y-%m-%dT%H:%M:%S}.{sys.now() % SECOND:09d}Z"
    sys.err(f'time="{stamp}" level=info msg="listening on [::]:5000" service=registry version={VERSION}\n')
    sys.catch("TERM", "INT")
    try:
        yield from WebServer(sys, {fd: answer}, "registry").run()
    except Signalled:
        return 0


def answer(message: Message, peer: tuple[str, int]) -> Any:
    """`/v2/` dice qué versión de la API se habla (OCI distribution-spec); lo demás, 404."""
    found = message.first[1] in ("/v2", "/v2/")
    body = {} if found else {"errors": [{"code": "NOT_FOUND", "message": "not found"}]}
    return response(200 if found else 404, [API, ("Content-Type", "application/json; charset=utf-8")],
                    json.dumps(body).encode())
    yield
