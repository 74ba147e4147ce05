"""El nombre de un contenido: algoritmo y resumen (OCI image-spec, *Digests*)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from dockerlab.errors import fault

_LENGTHS = {"sha256": 64, "sha384": 96, "sha512": 128}
_HEX = re.compile(r"[a-f0-9]+")


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """`sha256:` y 64 cifras hexadecimales."""

    algorithm: str
    hex: str

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.hex}"

    @classmethod
    def of(cls, data: bytes) -> Digest:
        """El sha256 de `data`."""
        return cls("sha256", hashlib.sha256(data).hexdigest())

    @classmethod
    def parse(cls, text: str) -> Digest:
        """Lee `algoritmo:cifras`. Error `bad-digest` si no lo es o su longitud no cuadra."""
        algorithm, _, digits = text.partition(":")
        if algorithm not in _LENGTHS:
            raise fault("bad-digest", problem="unsupported digest algorithm", digest=text)
        if len(digits) != _LENGTHS[algorithm]:
            raise fault("bad-digest", problem="invalid checksum digest length", digest=text)
        if not _HEX.fullmatch(digits):
            raise fault("bad-digest", problem="invalid checksum digest format", digest=text)
        return cls(algorithm, digits)


def digits(digest: str) -> str:
    """`sha256:2c26b46b…` sin su algoritmo: todas las cifras."""
    return digest.partition(":")[2]


def short(digest: str) -> str:
    """Las doce primeras cifras de un digest escrito, como las enseña `docker images`."""
    return digits(digest)[:12]


def chain_ids(diff_ids: tuple[str, ...]) -> tuple[str, ...]:
    """El nombre de cada pila de capas, de abajo arriba (OCI image-spec, *Layer ChainID*)."""
    chain: list[str] = []
    for diff_id in diff_ids:
        chain.append(str(Digest.of(f"{chain[-1]} {diff_id}".encode())) if chain else diff_id)
    return tuple(chain)
