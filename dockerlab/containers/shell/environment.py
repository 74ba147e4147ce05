"""En qué orden ve un programa las variables que le pasa su shell.

Cada shell guarda las suyas en una tabla de cubos y las entrega cubo a cubo; por
eso `env` no las enseña como se escribieron. Aquí se calcula el mismo cubo.
"""

from __future__ import annotations

from collections.abc import Iterable

PREDEFINED = ("PATH", "IFS", "OPTIND", "PS1", "PS2", "PS4", "MAIL", "MAILPATH")
BUCKETS, BASH_BUCKETS = 39, 1024


def bucket(name: str) -> int:
    """El cubo de ash y dash: la primera letra, por 16, más la suma de todas."""
    data = name.encode("utf-8", "surrogateescape")
    return ((data[0] << 4) + sum(data)) % BUCKETS


def bash_bucket(name: str) -> int:
    """El cubo de bash: FNV-1 de 32 bits."""
    value = 2166136261
    for byte in name.encode("utf-8", "surrogateescape"):
        value = (value * 16777619 & 0xFFFFFFFF) ^ byte
    return value % BASH_BUCKETS


def ordered(names: Iterable[str], bash: bool) -> list[str]:
    """Los nombres en el orden en que los entrega el shell."""
    names = list(names)
    if bash:
        return sorted(reversed(names), key=bash_bucket)
    return sorted(names, key=lambda name: (bucket(name), name not in PREDEFINED))
