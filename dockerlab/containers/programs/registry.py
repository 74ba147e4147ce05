"""El programa de la imagen `registry`: la API de la OCI distribution-spec, sobre sus propios archivos.

`docker push` y `docker pull` escriben y leen esos mismos archivos; por HTTP se
puede mirar y eliminar, con `curl` por ejemplo.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

from ...clock import SECOND
from ...errors import DockerlabError, FileError
from ..process import Signalled
from .http_serving import WebServer
from .http_words import Message, response
from .kit import moment
from .options import Options, applet

VERSION = "v2.8.1"
API = ("Docker-Distribution-Api-Version", "registry/2.0")
JSON = "application/json; charset=utf-8"
PLACE = re.compile(r"/v2/(?P<path>.+)/(?P<kind>manifests|blobs|tags)/(?P<name>[^/]+)/?")
UNKNOWN = {"manifests": ("MANIFEST_UNKNOWN", "manifest unknown"), "blobs": ("BLOB_UNKNOWN", "blob unknown to registry"),
           "tags": ("NAME_UNKNOWN", "repository name not known to registry")}


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
    desk = Desk(sys)
    try:
        yield from WebServer(sys, {fd: desk.answer}, "registry").run()
    except Signalled:
        return 0


class Desk:
    """Quien contesta las peticiones, con los archivos del contenedor delante."""

    def __init__(self, sys: Any):
        from ...registry.files import Files
        self.sys, self.files = sys, Files(sys.fs, now=sys.now)

    def answer(self, message: Message, peer: tuple[str, int]) -> Any:
        """La respuesta a una petición."""
        status, headers, body = self.reply(message.first[0], unquote(message.first[1].partition("?")[0]))
        kind = [] if any(name == "Content-Type" for name, _ in headers) else [("Content-Type", JSON)]
        return response(status, [API, *kind, *headers, ("Content-Length", str(len(body)))],
                        b"" if message.first[0] == "HEAD" else body)
        yield

    def reply(self, method: str, path: str) -> tuple[int, list[tuple[str, str]], bytes]:
        """(código, cabeceras, cuerpo)."""
        reading = method in ("GET", "HEAD")
        if path in ("/v2", "/v2/") and reading:
            return 200, [], b"{}"
        if path.rstrip("/") == "/v2/_catalog" and reading:
            return 200, [], told({"repositories": self.files.repositories()})
        found = PLACE.fullmatch(path)
        if not found:
            return 404, [("Content-Type", "text/plain; charset=utf-8")], b"404 page not found\n"
        kind, name = found["kind"], found["name"]
        try:
            if method == "DELETE":
                return self.delete(found["path"], kind, name)
            if not reading:
                return refused(405, "UNSUPPORTED", "The operation is unsupported.")
            return getattr(self, kind)(found["path"], name)
        except DockerlabError:
            return refused(404, *UNKNOWN[kind])

    def tags(self, path: str, name: str) -> tuple[int, list[tuple[str, str]], bytes]:
        """Las etiquetas de un repositorio (`null` si ya no le queda ninguna)."""
        return 200, [], told({"name": path, "tags": self.files.tags(path) or None})

    def manifests(self, path: str, name: str) -> tuple[int, list[tuple[str, str]], bytes]:
        """Un manifiesto, por etiqueta o digest."""
        body, kind = self.files.manifest(path, name)
        digest = self.files.digest(path, name)
        return 200, [("Content-Type", kind), ("Docker-Content-Digest", digest), ("Etag", f'"{digest}"')], body

    def blobs(self, path: str, name: str) -> tuple[int, list[tuple[str, str]], bytes]:
        """Una capa o una configuración."""
        if not self.files.has(path, name):
            return refused(404, *UNKNOWN["blobs"])
        return 200, [("Content-Type", "application/octet-stream"), ("Docker-Content-Digest", name)], self.sys.fs.read(
            self.files.place(name))

    def delete(self, path: str, kind: str, name: str) -> tuple[int, list[tuple[str, str]], bytes]:
        """Elimina un manifiesto por su digest, si el registro se encendió con permiso para eliminar."""
        if self.sys.env.get("REGISTRY_STORAGE_DELETE_ENABLED", "").lower() not in ("true", "1") or kind != "manifests":
            return refused(405, "UNSUPPORTED", "The operation is unsupported.")
        if ":" not in name:
            return refused(400, "DIGEST_INVALID", "provided digest did not match uploaded content")
        return (202, [], b"") if self.files.delete(path, name) else refused(404, *UNKNOWN["manifests"])


def told(value: Any) -> bytes:
    """JSON en una línea, como lo escribe el registro."""
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def refused(status: int, code: str, message: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """Un error de la API."""
    return status, [], told({"errors": [{"code": code, "message": message}]})
