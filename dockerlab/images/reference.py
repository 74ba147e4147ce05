"""El nombre de una imagen: `dominio/ruta:etiqueta@digest`, con lo que se puede callar.

La gramática es la del proyecto *distribution* (paquete `reference`): lo que no
lleva dominio es de `docker.io`, y lo que en él no lleva ruta es de `library/`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from dockerlab.errors import fault

from .digest import Digest

DEFAULT_DOMAIN = "docker.io"
DEFAULT_TAG = "latest"
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
_REFERENCE = re.compile(rf"(?P<name>(?:(?P<domain>{_DOMAIN})/)?(?P<path>{_COMPONENT}(?:/{_COMPONENT})*))"
                        rf"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}}))?(?:@(?P<digest>{_DIGEST}))?")
_IDENTIFIER = re.compile(r"[a-f0-9]{64}")


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """Una referencia completa. `tag` y `digest` pueden estar vacíos."""

    domain: str
    path: str
    tag: str = ""
    digest: str = ""

    @classmethod
    def parse(cls, text: str) -> Reference:
        """Lee una referencia como la escribe la gente y la completa. Error `bad-reference`."""
        if _IDENTIFIER.fullmatch(text):
            raise _bad(text, f"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings")
        domain, remainder = _split(text)
        remote = remainder.partition(":")[0]
        if remote != remote.lower():
            raise _bad(text, f"invalid reference format: repository name ({remote}) must be lowercase")
        found = _REFERENCE.fullmatch(f"{domain}/{remainder}")
        if found is None or not found["domain"]:
            raise _bad(text, "invalid reference format")
        if len(found["path"]) > 255:
            raise _bad(text, "repository name must not be more than 255 characters")
        if found["digest"]:
            Digest.parse(found["digest"])
        return cls(found["domain"], found["path"], found["tag"] or "", found["digest"] or "")

    @property
    def name(self) -> str:
        """El repositorio completo: `docker.io/library/nginx`."""
        return f"{self.domain}/{self.path}"

    @property
    def familiar_name(self) -> str:
        """El repositorio como lo enseña Docker: `nginx`."""
        if self.domain != DEFAULT_DOMAIN:
            return self.name
        path = self.path.removeprefix("library/")
        return path if "/" not in path else self.path

    @property
    def familiar(self) -> str:
        """La referencia como la enseña Docker: `nginx:1.27`."""
        return self.familiar_name + self._suffix

    def __str__(self) -> str:
        return self.name + self._suffix

    @property
    def _suffix(self) -> str:
        return (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")

    @property
    def tagged(self) -> Reference:
        """La misma con `:latest` si no lleva ni etiqueta ni digest."""
        return self if self.tag or self.digest else replace(self, tag=DEFAULT_TAG)

    def with_digest(self, digest: str) -> Reference:
        """La misma con ese digest y sin etiqueta."""
        return replace(self, tag="", digest=digest)


def _split(text: str) -> tuple[str, str]:
    """(dominio, resto): solo es dominio lo que lleva punto, puerto, mayúscula o se llama localhost."""
    first, slash, rest = text.partition("/")
    if not slash or not (set(".:") & set(first) or first == "localhost" or first != first.lower()):
        domain, rest = DEFAULT_DOMAIN, text
    else:
        domain = DEFAULT_DOMAIN if first == "index.docker.io" else first
    if domain == DEFAULT_DOMAIN and "/" not in rest:
        rest = f"library/{rest}"
    return domain, rest


def _bad(text: str, problem: str) -> Exception:
    return fault("bad-reference", problem=problem, reference=text)
