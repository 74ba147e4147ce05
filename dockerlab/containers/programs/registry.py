"""El programa de la imagen `registry`: la API de la OCI distribution-spec, sobre sus propios archivos.

`docker push` y `docker pull` escriben y leen esos mismos archivos; por HTTP se
puede mirar y eliminar, con `curl` por ejemplo.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

from dockerlab.clock import SECOND
from dockerlab.errors import DockerlabError, FileError

from ..requests import Signalled
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
    if words[:1] == ["garbage-collect"]:
        return collect(sys, words[1:])
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
    sys.err(f'{logged(sys, "listening on [::]:5000")} service=registry version={VERSION}\n')
    sys.catch("TERM", "INT")
    desk = Desk(sys)
    try:
        yield from WebServer(sys, {fd: desk.answer}, "registry").run()
    except Signalled:
        return 0


class Desk:
    """Quien contesta las peticiones, con los archivos del contenedor delante."""

    def __init__(self, sys: Any):
        from dockerlab.registry.files import Files
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


def logged(sys: Any, text: str) -> str:
    """Una línea de sus registros de salida."""
    stamp = f"{moment(sys.now()):%Y-%m-%dT%H:%M:%S}.{sys.now() % SECOND:09d}Z"
    return f'time="{stamp}" level=info msg="{text}"'


def collect(sys: Any, words: list[str]) -> int:
    """`registry garbage-collect config.yml`: quita los bytes que ningún manifiesto nombra.

    `-m`: antes, los manifiestos sin etiqueta; `-d`: solo lo cuenta.
    """
    from dockerlab.registry.files import Files
    dry, untagged = ({"-d", "--dry-run"} & set(words)), ({"-m", "--delete-untagged"} & set(words))
    paths = [word for word in words if not word.startswith("-")]
    if not paths or not sys.fs.exists(paths[0]):
        problem = f"open {paths[0]}: no such file or directory" if paths else "configuration path unspecified"
        sys.err(f"configuration error: {problem}\n")
        return 1
    files = Files(sys.fs, now=sys.now)
    marked: set[str] = set()
    gone: list[tuple[str, str]] = []
    for path in files.repositories():
        sys.out(f"{path}\n")
        tagged = {files.digest(path, tag) for tag in files.tags(path)}
        for digest in files.revisions(path):
            if untagged and digest not in tagged:
                sys.out(f"manifest eligible for deletion: {digest}\n")
                gone.append((path, digest))
                continue
            found = json.loads(files.manifest(path, digest)[0])
            pieces = found.get("manifests") or [found["config"], *found["layers"]]
            sys.out(f"{path}: marking manifest {digest} \n")
            sys.out("".join(f"{path}: marking blob {piece['digest']}\n" for piece in pieces))
            marked |= {digest, *(piece["digest"] for piece in pieces)}
    loose = [digest for digest in files.blobs() if digest not in marked]
    sys.out(f"\n{len(marked)} blobs marked, {len(loose)} blobs and {len(gone)} manifests eligible for deletion\n")
    for path, digest in () if dry else gone:
        files.delete(path, digest)
    for digest in loose:
        sys.out(f"blob eligible for deletion: {digest}\n")
        if not dry:
            sys.err(f"{logged(sys, f'Deleting blob: {files.delete_blob(digest)}')}\n")
    return 0


def told(value: Any) -> bytes:
    """JSON en una línea, como lo escribe el registro."""
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def refused(status: int, code: str, message: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """Un error de la API."""
    return status, [], told({"errors": [{"code": code, "message": message}]})
