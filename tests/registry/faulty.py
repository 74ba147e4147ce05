"""Un registro de imágenes pequeño que falla a propósito, solo en 127.0.0.1.

El primer trozo del repositorio dice cómo falla (`500/app`, `blob-cortado/app`…; `bien/app`, de ninguna
manera). Sirve a las pruebas y, como programa, para preguntar lo mismo a un Docker de verdad:

    python -m tests.registry.faulty --port 5001
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

USER, SECRET = "ana", "secreto"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
ERRORS = {401: "UNAUTHORIZED", 403: "DENIED", 404: "MANIFEST_UNKNOWN", 429: "TOOMANYREQUESTS", 500: "UNKNOWN"}
LIMIT = "You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit"


class Store:
    """Lo que el servidor guarda: una sola estantería, la vea quien la vea."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[str, tuple[str, bytes]] = {}
        self.tags: dict[tuple[str, str], str] = {}
        self.uploads: dict[str, bytearray] = {}
        self.seen: list[tuple[str, str, dict[str, str]]] = []   # (método, ruta, cabeceras)
        self.times: dict[str, int] = {}

    def count(self, name: str) -> int:
        """Cuántas veces va esto."""
        self.times[name] = self.times.get(name, 0) + 1
        return self.times[name]


class Handler(BaseHTTPRequestHandler):
    """Las rutas de la OCI distribution-spec, y los fallos."""

    protocol_version = "HTTP/1.1"
    store: Store
    other: str = ""          # adónde se desvían los blobs de `desvio`

    def log_message(self, *args: Any) -> None:
        """En silencio."""

    # ── contestar ────────────────────────────────────────────────────────────

    def reply(self, code: int, body: bytes = b"", length: int | None = None, **head: str) -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in head.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        if length not in (None, len(body)):
            self.cut()

    def cut(self) -> None:
        """Corta la conexión."""
        self.close_connection = True

    def error(self, code: int, message: str, kind: str = "", **head: str) -> None:
        body = json.dumps({"errors": [{"code": kind or ERRORS.get(code, "UNKNOWN"), "message": message}]}).encode()
        self.reply(code, body, **{"Content_Type": "application/json", **head})

    @property
    def here(self) -> str:
        return f"http://{self.headers.get('Host')}"

    # ── las rutas ────────────────────────────────────────────────────────────

    def route(self) -> None:
        place = urlsplit(self.path)
        self.store.seen.append((self.command, self.path, dict(self.headers)))
        self.body = self.read() if self.command in ("PUT", "PATCH", "POST") else b""
        if self.body is None:
            return
        if place.path == "/token":
            return self.token(parse_qs(place.query))
        if place.path == "/v2/":
            return self.reply(200, b"{}")
        found = re.fullmatch(r"/v2/([^/]+)(/.+)?/(manifests|blobs|tags)/(.+)", place.path)
        if not found:
            return self.error(404, "page not found")
        self.fault, self.repository, what, rest = found[1], found[1] + (found[2] or ""), found[3], found[4]
        if self.denied():
            return None
        if what == "tags":
            return self.reply(200, json.dumps({"name": self.repository, "tags": [
                tag for repository, tag in self.store.tags if repository == self.repository]}).encode())
        return getattr(self, what)(rest, parse_qs(place.query))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = route

    def read(self) -> bytes | None:
        """El cuerpo, con longitud o a trozos; None si ya no hay nadie al otro lado."""
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    # ── permisos y límites ───────────────────────────────────────────────────

    def denied(self) -> bool:
        """Los fallos que no miran qué se pide: permisos, límites y averías."""
        auth, fault = self.headers.get("Authorization", ""), self.fault
        basic = "Basic " + base64.b64encode(f"{USER}:{SECRET}".encode()).decode()
        if fault == "basica" and auth != basic:
            self.error(401, "authentication required", WWW_Authenticate='Basic realm="prueba"')
        elif fault in ("ficha", "ficha-nunca") and auth != "Bearer ficha-buena":
            verb = "pull" if self.command in ("GET", "HEAD") else "pull,push"
            self.error(401, "authentication required", WWW_Authenticate=(
                f'Bearer realm="{self.here}/token",service="prueba",scope="repository:{self.repository}:{verb}"'))
        elif fault == "429":
            self.error(429, LIMIT)
        elif fault == "429-dos-veces" and self.store.count(self.command + self.path) <= 2:
            self.error(429, "espera", Retry_After="0")
        elif fault == "503-dos-veces" and self.store.count(self.command + self.path) <= 2:
            self.error(503, "ahora no")
        elif fault in ("403", "500", "503"):
            self.error(int(fault), "requested access to the resource is denied" if fault == "403" else "se rompe")
        else:
            return False
        return True

    def token(self, query: dict[str, list[str]]) -> None:
        """El sitio donde se piden fichas: sin contraseña no las da para `ficha-nunca`."""
        auth = self.headers.get("Authorization", "")
        known = auth == "Basic " + base64.b64encode(f"{USER}:{SECRET}".encode()).decode()
        if auth and not known:
            return self.error(401, "incorrect username or password")
        if "ficha-nunca" in query.get("scope", [""])[0] and not known:
            return self.reply(200, b'{"token": "ficha-mala"}')
        return self.reply(200, b'{"token": "ficha-buena", "expires_in": 300}')

    # ── manifiestos ──────────────────────────────────────────────────────────

    def manifests(self, wanted: str, query: dict[str, list[str]]) -> None:
        store = self.store
        if self.command == "PUT":
            if self.fault == "manifiesto-rechazado":
                return self.error(400, "manifest invalid", "MANIFEST_INVALID")
            digest = "sha256:" + hashlib.sha256(self.body).hexdigest()
            store.manifests[digest] = (self.headers.get("Content-Type", ""), self.body)
            store.tags[self.repository, wanted] = digest
            return self.reply(201, Location=f"/v2/{self.repository}/manifests/{digest}", Docker_Content_Digest=digest)
        digest = wanted if ":" in wanted else store.tags.get(
            (self.repository, wanted), store.tags.get(("bien/app", wanted), ""))
        kind, body = store.manifests.get(digest, ("", b""))
        if not body:
            return self.error(404, "manifest unknown")
        if self.fault == "manifiesto-cambiado":
            body = body.replace(b'"schemaVersion":2', b'"schemaVersion":2 ')
        elif self.fault == "manifiesto-roto":
            body = body[:40]
            digest = "sha256:" + hashlib.sha256(body).hexdigest()
        elif self.fault == "manifiesto-enorme":
            return self.reply(200, b"{", length=1 << 40, Content_Type=kind, Docker_Content_Digest=digest)
        return self.reply(200, body, Content_Type=kind, Docker_Content_Digest=digest)

    # ── blobs ────────────────────────────────────────────────────────────────

    def blobs(self, wanted: str, query: dict[str, list[str]]) -> None:
        if wanted.startswith("uploads/"):
            return self.upload(wanted.removeprefix("uploads/"), query)
        body = self.store.blobs.get(wanted)
        if body is None or self.fault == "blob-404":
            return self.error(404, "blob unknown to registry", "BLOB_UNKNOWN")
        if self.fault in ("desvio", "desvio-fuera"):
            host = self.other if self.fault == "desvio" else "http://ejemplo.invalid"
            return self.reply(307, Location=f"{host}/v2/bien/app/blobs/{wanted}")
        if self.fault == "desvio-sin-fin":
            return self.reply(307, Location=self.path)
        big = len(body) > 400 and self.command == "GET"
        if big and self.fault == "blob-cambiado":
            body = body[:200] + bytes((body[200] ^ 1,)) + body[201:]
        if big and self.fault == "blob-cortado":
            return self.reply(200, body[:len(body) // 2], length=len(body))
        if big and self.fault == "blob-cortado-una-vez" and self.store.count("corte") == 1:
            return self.reply(200, body[:len(body) // 2], length=len(body))
        if big and self.fault == "blob-corto":
            body = body[:len(body) // 2]
        if big and self.fault == "blob-largo":
            body += b"\0" * 1024
        if big and self.fault == "blob-parado":
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[:10])
            self.wfile.flush()
            time.sleep(3)
            return self.cut()
        return self.reply(200, body, Docker_Content_Digest=wanted)

    def upload(self, name: str, query: dict[str, list[str]]) -> None:
        store = self.store
        if self.fault == "subida-cortada" and self.command in ("PATCH", "PUT"):
            return self.cut()
        if self.fault == "subida-500":
            return self.error(500, "se rompe")
        if self.fault == "subida-denegada":
            return self.error(403, "requested access to the resource is denied")
        if self.command == "POST":
            digest, origin = query.get("mount", [""])[0], query.get("from", [""])[0]
            if digest and origin and digest in store.blobs and self.fault != "sin-montar":
                return self.reply(201, Location=f"/v2/{self.repository}/blobs/{digest}", Docker_Content_Digest=digest)
            name = f"u{len(store.uploads)}"
            store.uploads[name] = bytearray()
            return self.reply(202, Location=f"/v2/{self.repository}/blobs/uploads/{name}?estado=1", Range="0-0")
        data = store.uploads.get(name)
        if data is None:
            return self.error(404, "upload unknown", "BLOB_UPLOAD_UNKNOWN")
        data += self.body
        if self.command == "PATCH":
            return self.reply(202, Location=f"/v2/{self.repository}/blobs/uploads/{name}?estado=2",
                              Range=f"0-{len(data) - 1}")
        digest = query.get("digest", [""])[0]
        if self.fault == "digest-rechazado" or "sha256:" + hashlib.sha256(data).hexdigest() != digest:
            return self.error(400, "provided digest did not match uploaded content", "DIGEST_INVALID")
        store.blobs[digest] = bytes(data)
        return self.reply(201, Location=f"/v2/{self.repository}/blobs/{digest}", Docker_Content_Digest=digest)


class Faulty:
    """El servidor, encendido en un puerto libre de 127.0.0.1 mientras dura el `with`."""

    def __init__(self, port: int = 0, store: Store | None = None, other: str = ""):
        self.store = store or Store()
        handler = type("Handler", (Handler,), {"store": self.store, "other": other})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.server.daemon_threads = True
        self.domain = f"localhost:{self.server.server_address[1]}"

    def __enter__(self) -> Faulty:
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *trouble: Any) -> None:
        self.server.shutdown()
        self.server.server_close()

    def paths(self, method: str) -> list[str]:
        """Las rutas que se han pedido con ese método."""
        return [path for verb, path, _ in self.store.seen if verb == method]


def main() -> None:
    """Lo deja encendido."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=5001)
    Faulty(parser.parse_args().port).server.serve_forever()


if __name__ == "__main__":
    main()
