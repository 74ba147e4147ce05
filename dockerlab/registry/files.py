"""Un registro guardado en carpetas, como lo guarda la imagen `registry`: un `exchange.Place`.

Las carpetas son las del proyecto distribution (controlador *filesystem*): se pueden mirar con `docker exec`.

    docker/registry/v2/blobs/sha256/ab/ab12…/data
    docker/registry/v2/repositories/<repositorio>/_layers/sha256/<cifras>/link
    docker/registry/v2/repositories/<repositorio>/_manifests/revisions/sha256/<cifras>/link
    docker/registry/v2/repositories/<repositorio>/_manifests/tags/<etiqueta>/current/link
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from dockerlab.clock import EPOCH
from dockerlab.errors import fault
from dockerlab.images.manifest import MANIFEST

from .exchange import checked

ROOT = "/var/lib/registry"
HOME = "docker/registry/v2"


class Files:
    """El registro que hay en `fs` (un `FileSystem`), debajo de `root`. `domain`: cómo se le llama desde fuera."""

    def __init__(self, fs: Any, root: str = ROOT, domain: str = "", now: Callable[[], int] = lambda: EPOCH):
        self.fs, self.home, self.domain, self.now = fs, f"{root.rstrip('/')}/{HOME}", domain, now

    # ── lo que hay ───────────────────────────────────────────────────────────

    def repositories(self) -> list[str]:
        """Los repositorios que tienen algo, en orden."""
        found, pending = [], [""]
        while pending:
            path = pending.pop()
            for name in self.names(f"repositories/{path}".rstrip("/")):
                if name == "_manifests":
                    found.append(path)
                elif not name.startswith("_"):
                    pending.append(f"{path}/{name}".lstrip("/"))
        return sorted(found)

    def tags(self, path: str) -> list[str]:
        """Las etiquetas de un repositorio, en orden. Falta `name-unknown` si no existe."""
        if not self.fs.isdir(f"{self.home}/repositories/{path}/_manifests"):
            raise fault("name-unknown", repository=f"{self.domain}/{path}", domain=self.domain)
        return sorted(self.names(f"repositories/{path}/_manifests/tags"))

    def digest(self, path: str, reference: str) -> str:
        """El digest del manifiesto que señala una etiqueta (o él mismo); "" si no está."""
        folder = f"repositories/{path}/_manifests"
        if ":" not in reference:
            return self.link(f"{folder}/tags/{reference}/current/link")
        return self.link(f"{folder}/revisions/{reference.replace(':', '/')}/link")

    # ── traer ────────────────────────────────────────────────────────────────

    def manifest(self, path: str, reference: str) -> tuple[bytes, str]:
        """Los bytes y el tipo. Falta `manifest-unknown`."""
        digest = self.digest(path, reference)
        if not digest or not self.fs.exists(self.place(digest)):
            mark = "@" if ":" in reference else ":"
            raise fault("manifest-unknown", reference=f"{self.domain}/{path}{mark}{reference}")
        body = self.fs.read(self.place(digest))
        return body, kind_of(body)

    def blob(self, path: str, digest: str, size: int) -> bytes:
        """Los bytes, comprobados. Faltas `blob-unknown`, `blob-verify`."""
        if not self.has(path, digest):
            raise fault("blob-unknown", digest=digest)
        return checked((self.fs.read(self.place(digest)),), digest, size)

    def has(self, path: str, digest: str) -> bool:
        """¿Está ese blob en el repositorio?"""
        return bool(self.link(f"repositories/{path}/_layers/{digest.replace(':', '/')}/link")) and self.fs.exists(
            self.place(digest))

    # ── llevar ───────────────────────────────────────────────────────────────

    def put(self, path: str, digest: str, size: int, pieces: Callable[[], Iterator[bytes]]) -> None:
        """Guarda un blob."""
        self.write(self.place(digest), checked(pieces(), digest, size))
        self.point(f"repositories/{path}/_layers/{digest.replace(':', '/')}/link", digest)

    def mount(self, path: str, digest: str, origin: str) -> bool:
        """El blob de otro repositorio, también en este."""
        if not self.has(origin, digest):
            return False
        self.point(f"repositories/{path}/_layers/{digest.replace(':', '/')}/link", digest)
        return True

    def put_manifest(self, path: str, reference: str, kind: str, body: bytes) -> None:
        """Guarda un manifiesto y le pone la etiqueta."""
        digest = "sha256:" + hashlib.sha256(body).hexdigest()
        self.write(self.place(digest), body)
        folder, mine = f"repositories/{path}/_manifests", digest.replace(":", "/")
        self.point(f"{folder}/revisions/{mine}/link", digest)
        if ":" not in reference:
            self.point(f"{folder}/tags/{reference}/current/link", digest)
            self.point(f"{folder}/tags/{reference}/index/{mine}/link", digest)

    def delete(self, path: str, digest: str) -> bool:
        """Quita un manifiesto y las etiquetas que lo señalan; las capas se quedan. False si no estaba."""
        if not self.digest(path, digest):
            return False
        folder = f"{self.home}/repositories/{path}/_manifests"
        for tag in self.tags(path):
            if self.digest(path, tag) == digest:
                self.remove(f"{folder}/tags/{tag}")
        self.fs.remove(f"{folder}/revisions/{digest.replace(':', '/')}/link", now=self.now())
        return True

    # ── limpiar ──────────────────────────────────────────────────────────────

    def revisions(self, path: str) -> list[str]:
        """Los digests de los manifiestos que un repositorio conserva, en orden."""
        folder = f"repositories/{path}/_manifests/revisions"
        return sorted(f"{kind}:{name}" for kind in self.names(folder) for name in self.names(f"{folder}/{kind}")
                      if self.link(f"{folder}/{kind}/{name}/link"))

    def blobs(self) -> list[str]:
        """Los digests de todo lo guardado, en orden."""
        return sorted(f"{kind}:{name}" for kind in self.names("blobs") for start in self.names(f"blobs/{kind}")
                      for name in self.names(f"blobs/{kind}/{start}"))

    def delete_blob(self, digest: str) -> str:
        """Quita unos bytes; devuelve la carpeta en que estaban, como la cuenta el registro."""
        folder = self.place(digest).rpartition("/")[0]
        self.remove(folder)
        return folder.removeprefix(self.home.removesuffix(HOME).rstrip("/"))

    # ── por dentro ───────────────────────────────────────────────────────────

    def place(self, digest: str) -> str:
        """Dónde están los bytes de un digest."""
        algorithm, _, digits = digest.partition(":")
        return f"{self.home}/blobs/{algorithm}/{digits[:2]}/{digits}/data"

    def names(self, folder: str) -> list[str]:
        path = f"{self.home}/{folder}"
        return list(self.fs.listdir(path)) if self.fs.isdir(path) else []

    def link(self, path: str) -> str:
        path = f"{self.home}/{path}"
        return self.fs.read(path).decode("ascii", "replace").strip() if self.fs.isfile(path) else ""

    def point(self, path: str, digest: str) -> None:
        self.write(f"{self.home}/{path}", digest.encode())

    def write(self, path: str, body: bytes) -> None:
        self.fs.mkdir(path.rpartition("/")[0], parents=True, now=self.now())
        self.fs.write(path, body, now=self.now())

    def remove(self, path: str) -> None:
        """Quita una carpeta con todo lo de dentro."""
        for name in self.fs.listdir(path):
            inside = f"{path}/{name}"
            if self.fs.isdir(inside):
                self.remove(inside)
            else:
                self.fs.remove(inside, now=self.now())
        self.fs.rmdir(path, now=self.now())


def kind_of(body: bytes) -> str:
    """El tipo que dice ser un manifiesto."""
    try:
        kind = json.loads(body).get("mediaType")
    except (ValueError, AttributeError):
        kind = None
    return kind if isinstance(kind, str) else MANIFEST
