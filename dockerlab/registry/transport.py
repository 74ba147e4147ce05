"""HTTP hasta un registro de verdad: TLS, permisos, reintentos, desvíos y límites.

Usa urllib3 (extra `dockerlab[registro]`). Fuentes: OCI distribution-spec 1.1,
`docs/spec/auth/token.md` del proyecto distribution, RFC 9110 (401, 429, `Retry-After`).

- TLS siempre, con los certificados del sistema (o los de `SSL_CERT_FILE`); HTTP sin cifrar, solo si es este equipo.
- Las contraseñas viven en memoria mientras vive el motor; nunca se escriben.
- Las credenciales no siguen un desvío a otra máquina.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from dockerlab.errors import DockerlabError, fault

PIECE = 1 << 20                     # lo que se lee o se envía de una vez, en bytes
ATTEMPTS = 4                        # intentos de cada petición
PAUSE = 0.2                         # segundos hasta el segundo intento; después, el doble cada vez
LONGEST = 10.0                      # lo más que se espera porque lo pida `Retry-After`
HOPS = 5                            # desvíos seguidos que se aceptan
SMALL = 4 << 20                     # lo más que puede pesar lo que no es un blob
WAIT = (5.0, 30.0)                  # segundos para conectar, y sin que llegue nada
PASSING = (502, 503, 504)           # averías que suelen pasarse solas
CHALLENGE = re.compile(r'([a-z]+)="([^"]*)"', re.IGNORECASE)
NAMES = {401: "unauthorized", 403: "denied", 404: "not found", 429: "toomanyrequests"}


class Broken(Exception):
    """La conversación se cortó; lo que dijo la biblioteca. Se puede volver a intentar."""


def is_here(host: str) -> bool:
    """¿Es este mismo equipo? `localhost` y las direcciones de vuelta (127.0.0.0/8, ::1)."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def base_of(domain: str) -> str:
    """La dirección de un registro: `http` solo para este equipo. Se puede escribir `https://localhost:5443`."""
    scheme, mark, rest = domain.rpartition("://")
    host = urlsplit(f"//{rest}").hostname or ""
    if not mark:
        scheme = "http" if is_here(host) else "https"
    if scheme not in ("http", "https") or scheme == "http" and not is_here(host):
        raise fault("registry-plain", domain=rest)
    return f"{scheme}://{'registry-1.docker.io' if rest == 'docker.io' else rest}"


class Answer:
    """Una respuesta: `code`, `headers` y el cuerpo, que se lee una sola vez."""

    def __init__(self, raw: Any, url: str):
        self.raw, self.url, self.code, self.headers = raw, url, raw.status, raw.headers

    def pieces(self) -> Iterator[bytes]:
        """El cuerpo a trozos. `Broken` si se corta."""
        import urllib3
        try:
            yield from self.raw.stream(PIECE, decode_content=False)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise Broken(str(error)) from None
        finally:
            self.raw.release_conn()

    def body(self, limit: int = SMALL) -> bytes:
        """El cuerpo entero, si no pasa de `limit` bytes. Falta `registry-too-big`."""
        found = bytearray()
        for piece in self.pieces():
            found += piece
            if len(found) > limit:
                self.raw.close()
                raise fault("registry-too-big", limit=limit)
        return bytes(found)

    def drop(self) -> Answer:
        """Deja la conexión libre para otra petición."""
        self.raw.drain_conn()
        self.raw.release_conn()
        return self


class Transport:
    """Las conversaciones con el registro `domain`. `wait`: segundos (para conectar, sin que llegue nada)."""

    def __init__(self, domain: str, wait: tuple[float, float] = WAIT, sleep: Callable[[float], None] = time.sleep):
        try:
            import urllib3
        except ImportError:
            raise fault("registry-extra") from None
        self.domain, self.base, self.sleep = domain.rpartition("://")[2], base_of(domain), sleep
        timeout = urllib3.Timeout(connect=wait[0], read=wait[1])
        middleman = proxy(self.base)
        self.pool = (urllib3.ProxyManager(middleman, retries=False, timeout=timeout, blocksize=PIECE) if middleman else
                     urllib3.PoolManager(retries=False, timeout=timeout, blocksize=PIECE))
        self.login: tuple[str, str] | None = None      # usuario y contraseña: solo aquí, nunca en un archivo
        self.tickets: dict[str, str] = {}              # permiso pedido → ficha

    # ── pedir ────────────────────────────────────────────────────────────────

    def ask(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: Any = None,
            scope: str = "", patient: bool = True) -> Answer:
        """Una petición, con permiso, desvíos y reintentos; la respuesta puede ser un error (mírese `code`).

        `body`: bytes, o una función que da los trozos otra vez desde el principio; `patient`: ¿se
        puede repetir si se corta? Faltas `registry-*` si no se llega.
        """
        url = urljoin(self.base, path)
        for attempt in range(1, ATTEMPTS + 1):
            last = attempt == ATTEMPTS or not patient
            try:
                answer = self.allowed(method, url, dict(headers or {}), body, scope)
            except Broken as error:
                if last:
                    raise fault("registry-cut", method=method.capitalize(), url=url, reason=str(error)) from None
                self.breathe(attempt)
                continue
            rest = pause(answer, attempt)
            if last or rest is None:
                return answer
            answer.drop()
            self.sleep(rest)
        raise AssertionError("no se llega aquí")

    def breathe(self, attempt: int) -> None:
        """La pausa antes de volver a intentarlo: cada vez el doble."""
        self.sleep(PAUSE * 2 ** (attempt - 1))

    def allowed(self, method: str, url: str, headers: dict[str, str], body: Any, scope: str) -> Answer:
        """La petición; si piden permiso, se consigue y se repite una vez."""
        answer = self.followed(method, url, {**headers, **self.permission(url, scope)}, body)
        if answer.code != 401 or not self.granted(answer, scope):
            return answer
        answer.drop()
        return self.followed(method, url, {**headers, **self.permission(url, scope)}, body)

    def followed(self, method: str, url: str, headers: dict[str, str], body: Any) -> Answer:
        """La petición, detrás de los desvíos. Faltas `registry-redirects`, `registry-redirect-plain`."""
        for _ in range(HOPS + 1):
            answer = self.once(method, url, headers, body)
            target = answer.headers.get("Location") if answer.code in (301, 302, 303, 307, 308) else None
            if target is None:
                return answer
            answer.drop()
            there = urljoin(url, target)
            if urlsplit(there).scheme != "https" and not is_here(urlsplit(there).hostname or ""):
                raise fault("registry-redirect-plain", url=there)
            if origin(there) != origin(url):
                headers = {name: value for name, value in headers.items() if name != "Authorization"}
            url = there
        raise fault("registry-redirects", hops=HOPS)

    def once(self, method: str, url: str, headers: Mapping[str, str], body: Any) -> Answer:
        """Una sola petición. `Broken` si se corta; faltas `registry-unreached` y `registry-tls`."""
        import urllib3
        wrong = urllib3.exceptions
        try:
            return Answer(self.pool.request(
                method, url, headers={"User-Agent": "dockerlab", **headers}, body=body() if callable(body) else body,
                redirect=False, preload_content=False, decode_content=False), url)
        except wrong.SSLError as error:
            raise fault("registry-tls", method=method.capitalize(), url=url, reason=plain(error)) from None
        except (wrong.NameResolutionError, wrong.NewConnectionError, wrong.ConnectTimeoutError) as error:
            raise unreached(method, url, error) from None
        except (wrong.HTTPError, OSError) as error:
            raise Broken(plain(error)) from None

    # ── permisos ─────────────────────────────────────────────────────────────

    def permission(self, url: str, scope: str) -> dict[str, str]:
        """La cabecera con el permiso que ya se tenga; solo para el propio registro."""
        if origin(url) != origin(self.base) or not self.tickets.get(scope):
            return {}
        return {"Authorization": self.tickets[scope]}

    def granted(self, answer: Answer, scope: str) -> bool:
        """¿Hay un permiso nuevo con el que probar otra vez? Lo pide como diga `WWW-Authenticate`."""
        kind, _, rest = answer.headers.get("WWW-Authenticate", "").partition(" ")
        asked = dict(CHALLENGE.findall(rest))
        ticket = ""
        if kind.lower() == "basic" and self.login:
            ticket = basic(self.login)
        elif kind.lower() == "bearer" and asked.get("realm"):
            ticket = self.ticket(urljoin(self.base, asked["realm"]), asked.get("service", ""),
                                 asked.get("scope") or scope)
        if not ticket or ticket == self.tickets.get(scope):
            return False
        self.tickets[scope] = ticket
        return True

    def ticket(self, realm: str, service: str, scope: str) -> str:
        """Una ficha del servicio de permisos, con la contraseña si la hay; "" si no la da."""
        if urlsplit(realm).scheme != "https" and not is_here(urlsplit(realm).hostname or ""):
            raise fault("registry-redirect-plain", url=realm)
        query = urlencode([(key, value) for key, value in (("service", service), ("scope", scope)) if value])
        headers = {"Authorization": basic(self.login)} if self.login else {}
        answer = self.followed("GET", f"{realm}?{query}" if query else realm, headers, None)
        if answer.code != 200:
            answer.drop()
            return ""
        try:
            found = json.loads(answer.body())
            token = found.get("token") or found.get("access_token")
        except (ValueError, AttributeError):
            token = None
        return f"Bearer {token}" if isinstance(token, str) and token.isprintable() else ""

    def enter(self, user: str, secret: str) -> bool:
        """Prueba unas credenciales; si valen, se recuerdan mientras viva el motor."""
        before, self.login = self.login, (user, secret)
        self.tickets.clear()
        answer = self.ask("GET", "/v2/")
        answer.drop()
        if answer.code == 200:
            return True
        self.login = before
        self.tickets.clear()
        return False

    def leave(self) -> None:
        """Olvida las credenciales."""
        self.login = None
        self.tickets.clear()


def origin(url: str) -> tuple[str, str | None, int | None]:
    """De quién es una dirección: esquema, máquina y puerto."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def proxy(url: str) -> str:
    """El intermediario que el sistema pone para llegar a `url` (`HTTPS_PROXY`, `NO_PROXY`…), o ""."""
    from urllib.request import getproxies, proxy_bypass
    parts = urlsplit(url)
    host = parts.hostname or ""
    return "" if is_here(host) or proxy_bypass(host) else getproxies().get(parts.scheme, "")


def basic(login: tuple[str, str]) -> str:
    """La cabecera de usuario y contraseña (RFC 7617)."""
    return "Basic " + base64.b64encode(":".join(login).encode()).decode()


def pause(answer: Answer, attempt: int) -> float | None:
    """Segundos hasta el siguiente intento, o None si no merece la pena."""
    asked = answer.headers.get("Retry-After", "")
    if asked.isdecimal() and answer.code in (429, *PASSING):
        return float(asked) if float(asked) <= LONGEST else None
    return PAUSE * 2 ** (attempt - 1) if answer.code in PASSING else None


def plain(error: Exception) -> str:
    """Lo que dice una excepción de la biblioteca, sin direcciones de memoria ni nombres de clases."""
    text = str(error.args[-1] if error.args else error)
    text = re.sub(r"<[^>]*>:? ?", "", text)
    found = re.search(r"\[(?:SSL: )?[^]]*\] ?([^(]*)", text)
    return (found[1] if found and found[1].strip() else text).strip(" .:")


def unreached(method: str, url: str, error: Exception) -> DockerlabError:
    """No se llegó: ni nombre, ni puerto, ni red. Con las palabras del demonio."""
    text, parts = str(error), urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    if type(error).__name__ == "NameResolutionError":
        reason = f"dial tcp: lookup {host}: no such host"
    elif "refused" in text or "111" in text or "10061" in text:
        reason = f"dial tcp {'127.0.0.1' if host == 'localhost' else host}:{port}: connect: connection refused"
    elif "timed out" in text:
        reason = f"dial tcp {host}:{port}: i/o timeout"
    else:
        reason = f"dial tcp {host}:{port}: connect: network is unreachable"
    return fault("registry-unreached", url=f"{parts.scheme}://{parts.netloc}/v2/", reason=reason, domain=parts.netloc)


def gathered(pieces: Iterable[bytes], size: int = PIECE) -> Iterator[bytes]:
    """Los mismos bytes en trozos más grandes: los pequeños, juntos; los grandes, tal cual."""
    held = bytearray()
    for piece in pieces:
        if len(piece) >= size:
            if held:
                yield bytes(held)
                held.clear()
            yield piece
            continue
        held += piece
        if len(held) >= size:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)
