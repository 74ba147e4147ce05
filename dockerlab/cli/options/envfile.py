"""Archivos de `--env-file` y `--label-file`: una pareja `CLAVE=valor` por línea, sin comillas que valgan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dockerlab.errors import fault

LONGEST = 64 * 1024


def parse_lines(text: str, environment: Mapping[str, str] | None) -> Iterator[str]:
    """Las parejas del archivo. Una clave sola toma su valor de `environment`, y sin él no cuenta.

    `environment=None`: una clave sola se queda como está (`--label-file`).
    Faltas `env-file-space`, `env-file-name`, `env-file-long`.
    """
    for line in text.removeprefix("\ufeff").splitlines():
        line = line.lstrip()
        if not line or line.startswith("#"):
            continue
        if len(line) > LONGEST:
            raise fault("env-file-long")
        name, equals, value = line.partition("=")
        if not name:
            raise fault("env-file-name", line=line)
        if re.search(r"\s", name):
            raise fault("env-file-space", name=name)
        if equals or environment is None:
            yield f"{name}={value}" if equals else name
        elif name in environment:
            yield f"{name}={environment[name]}"
