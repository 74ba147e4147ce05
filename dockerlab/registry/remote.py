"""Un registro de verdad, por HTTP (OCI distribution-spec 1.1): un `exchange.Place`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urljoin

from dockerlab.errors import DockerlabError, fault

from .exchange import ACCEPTED, checked
from .transport import ATTEMPTS, NAMES, Answer, Broken, Transport, gathered

CHUNK = 32 << 20          # lo que se sube en cada PATCH, en bytes: si se corta, se sigue desde el último
OCTETS = "application/octet-stream"


class Remote:
    """El registro `domain`. `options`: las de `Transport`."""

    def __init__(self, domain: str, **options: Any):
        self.http = Transport(domain, **options)
        self.domain = self.http.domain

    @property
    def url(self) -> str:
        """La dirección de su API."""
        return f"{self.http.base}/v2/"

    def enter(self, user: str, secret: str) -> bool:
        """Prueba unas credenciales, que solo se recuerdan mientras viva el motor."""
        return self.http.enter(user, secret)

    def leave(self) -> None:
        """Olvida las credenciales."""
        self.http.leave()

    # ── traer ────────────────────────────────────────────────────────────────

    def manifest(self, path: str, reference: str) -> tuple[bytes, str]:
        """Los bytes y el tipo. Faltas: `manifest-unknown`, `manifest-verify` y las de `refused`."""
        answer = self.http.ask("GET", f"/v2/{path}/manifests/{quote(reference, safe=':')}",
                               headers={"Accept": ", ".join(ACCEPTED)}, scope=pulling(path))
        if answer.code == 404:
            answer.drop()
            mark = "@" if ":" in reference else ":"
            raise fault("manifest-unknown", reference=f"{self.domain}/{path}{mark}{reference}")
        if answer.code != 200:
            raise self.refused(answer)
        try:
            body = answer.body()
        except Broken as error:
            raise fault("registry-cut", method="Get", url=answer.url, reason=str(error)) from None
        return body, answer.headers.get("Content-Type", "")

    def blob(self, path: str, digest: str, size: int) -> bytes:
        """Los bytes, comprobados; si la descarga se corta, se empieza otra vez. Faltas `blob-*`, `registry-cut`."""
        for attempt in range(1, ATTEMPTS + 1):
            answer = self.http.ask("GET", f"/v2/{path}/blobs/{digest}", scope=pulling(path))
            if answer.code == 404:
                answer.drop()
                raise fault("blob-unknown", digest=digest)
            if answer.code != 200:
                raise self.refused(answer)
            try:
                return checked(answer.pieces(), digest, size)
            except Broken as error:
                if attempt == ATTEMPTS:
                    raise fault("registry-cut", method="Get", url=answer.url, reason=str(error)) from None
                self.http.breathe(attempt)
            except DockerlabError:
                answer.raw.close()
                raise
        raise AssertionError("no se llega aquí")

    def has(self, path: str, digest: str) -> bool:
        """`HEAD`: ¿está ya?"""
        answer = self.http.ask("HEAD", f"/v2/{path}/blobs/{digest}", scope=pushing(path)).drop()
        if answer.code not in (200, 404):
            raise self.refused(answer)
        return answer.code == 200

    def tags(self, path: str) -> list[str]:
        """Las etiquetas, en orden. Falta `name-unknown` si no hay tal repositorio."""
        found: list[str] = []
        page = f"/v2/{path}/tags/list"
        while page:
            answer = self.http.ask("GET", page, scope=pulling(path))
            if answer.code == 404:
                answer.drop()
                raise fault("name-unknown", repository=f"{self.domain}/{path}", domain=self.domain)
            if answer.code != 200:
                raise self.refused(answer)
            try:
                found += [tag for tag in json.loads(answer.body())["tags"] or () if isinstance(tag, str)]
            except (ValueError, KeyError, TypeError, Broken):
                raise fault("manifest-bad", reason="la lista de etiquetas") from None
            more = re.search(r'<([^>]+)>; *rel="?next', answer.headers.get("Link", ""))
            page = more[1] if more else ""
        return sorted(found)

    # ── llevar ───────────────────────────────────────────────────────────────

    def mount(self, path: str, digest: str, origin: str) -> bool:
        """Pide que el blob de `origin` esté también en `path`."""
        answer = self.http.ask("POST", f"/v2/{path}/blobs/uploads/?mount={digest}&from={quote(origin)}", body=b"",
                               scope=f"{pushing(path)} {pulling(origin)}").drop()
        if answer.code == 202:      # no ha querido: la subida que ha abierto se cierra
            self.http.ask("DELETE", urljoin(answer.url, answer.headers.get("Location", "")), scope=pushing(path)).drop()
        elif answer.code != 201:
            raise self.refused(answer)
        return answer.code == 201

    def put(self, path: str, digest: str, size: int, pieces: Callable[[], Iterator[bytes]]) -> None:
        """Sube un blob por trozos; si se corta, pregunta hasta dónde llegó y sigue. Faltas: las de `refused`."""
        place = self.begin(path)
        sent = 0
        for attempt in range(1, ATTEMPTS + 1):
            try:
                while sent < size:
                    place, sent = self.patch(path, place, sent, min(size, sent + CHUNK), pieces)
                break
            except Broken as error:
                if attempt == ATTEMPTS:
                    url = place.partition("?")[0]
                    raise fault("registry-cut", method="Patch", url=url, reason=str(error)) from None
                self.http.breathe(attempt)
                place, sent = self.resumed(path, place)
        mark = "&" if "?" in place else "?"
        answer = self.http.ask("PUT", f"{place}{mark}digest={quote(digest)}", body=b"", scope=pushing(path),
                               headers={"Content-Type": OCTETS}, patient=False)
        if answer.code != 201:
            raise self.refused(answer)
        answer.drop()

    def begin(self, path: str) -> str:
        """Abre una subida; la dirección por la que se sigue."""
        answer = self.http.ask("POST", f"/v2/{path}/blobs/uploads/", body=b"", scope=pushing(path))
        if answer.code != 202:
            raise self.refused(answer)
        return urljoin(answer.url, answer.drop().headers.get("Location", ""))

    def patch(self, path: str, place: str, start: int, end: int,
              pieces: Callable[[], Iterator[bytes]]) -> tuple[str, int]:
        """Sube los bytes [start, end); adónde va lo siguiente y hasta dónde se ha llegado. `Broken` si se corta."""
        headers = {"Content-Type": OCTETS, "Content-Length": str(end - start), "Content-Range": f"{start}-{end - 1}",
                   **self.http.permission(place, pushing(path))}
        answer = self.http.followed("PATCH", place, headers, lambda: gathered(between(pieces(), start, end)))
        if answer.code in (416, 500, 502, 503, 504):
            answer.drop()
            raise Broken(f"unexpected HTTP status: {answer.code}")
        if answer.code != 202:
            raise self.refused(answer)
        return urljoin(place, answer.drop().headers.get("Location", place)), end

    def resumed(self, path: str, place: str) -> tuple[str, int]:
        """Hasta dónde llegó una subida cortada; si el registro ya no la conoce, otra desde el principio."""
        answer = self.http.ask("GET", place, scope=pushing(path)).drop()
        reached = re.fullmatch(r"(?:bytes=)?0-(\d+)", answer.headers.get("Range", ""))
        if answer.code != 204 or not reached:
            return self.begin(path), 0
        last = int(reached[1])
        return urljoin(answer.url, answer.headers.get("Location", place)), last + 1 if last else 0

    def put_manifest(self, path: str, reference: str, kind: str, body: bytes) -> None:
        """Sube el manifiesto. Faltas: las de `refused`."""
        answer = self.http.ask("PUT", f"/v2/{path}/manifests/{quote(reference, safe=':')}", body=body,
                               headers={"Content-Type": kind}, scope=pushing(path))
        if answer.code not in (200, 201):
            raise self.refused(answer)
        answer.drop()

    # ── cuando dice que no ───────────────────────────────────────────────────

    def refused(self, answer: Answer) -> DockerlabError:
        """El error que corresponde a una respuesta, con las palabras del demonio."""
        code, message, asked = "", "", answer.headers.get("WWW-Authenticate", "")
        if answer.code == 401 and asked[:5].lower() == "basic" and not self.http.login:
            where = f'Head "{answer.url}": ' if "/manifests/" in answer.url else ""
            return fault("registry-no-login", said=f"{where}no basic auth credentials", domain=self.domain)
        try:
            first = json.loads(answer.body())["errors"][0]
            code, message = str(first.get("code") or ""), str(first.get("message") or "")
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, Broken, DockerlabError):
            pass
        if answer.code in (401, 403, 429):
            said = code.lower() if code and code != "UNKNOWN" else NAMES[answer.code]
            return fault(f"registry-{answer.code}", said=f"{said}: {message}" if message else said, domain=self.domain)
        if answer.code in (400, 404, 405, 413, 416) and code:
            return fault("registry-rejected", said=f"{code.lower().replace('_', ' ')}: {message}".rstrip(": "))
        return fault("registry-status", status=f"{answer.code} {answer.raw.reason or ''}".strip())


def pulling(path: str) -> str:
    """El permiso para descargar."""
    return f"repository:{path}:pull"


def pushing(path: str) -> str:
    """El permiso para subir."""
    return f"repository:{path}:pull,push"


def between(pieces: Iterator[bytes], start: int, end: int) -> Iterator[bytes]:
    """Los bytes [start, end) de una sucesión de trozos, sin copiar los grandes."""
    at = 0
    for piece in pieces:
        first, last = max(start - at, 0), min(end - at, len(piece))
        if first < last:
            yield piece if (first, last) == (0, len(piece)) else memoryview(piece)[first:last]
        at += len(piece)
        if at >= end:
            return
