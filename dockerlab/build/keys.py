"""La clave de caché de cada clase de paso: qué cuenta y qué no.

- WORKDIR: la carpeta, y a nombre de quién se crea.
- COPY y ADD: qué se copia (nombres, permisos, contenido), adónde y con qué opciones. No el entorno.
- RUN: la orden, la shell, el usuario, la carpeta, los montajes y todas las variables que ve, las use o no.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from .cache import CacheKey, Pairs
from .mounting import settings as mount_settings
from .operations import Copy, MakeDirectory, Operation, Run
from .work import Work

USUAL = {"shell": "/bin/sh -c", "workdir": "/", "network": "default"}


def key_of(work: Work, parent: str, files: Pairs) -> CacheKey:
    """La clave de `work` sobre `parent`; `files`: la huella de lo que copia o monta."""
    return MAKERS[type(work.operation)](work.operation, parent, files)


def _directory(operation: MakeDirectory, parent: str, files: Pairs) -> CacheKey:
    return CacheKey(parent, f"WORKDIR {operation.path}", _given(user=operation.user))


def _copy(operation: Copy, parent: str, files: Pairs) -> CacheKey:
    # Docker real: del origen solo cuenta el último nombre; si el contenido es el mismo, da igual la carpeta.
    names = [source.rstrip("/").rpartition("/")[2] or "/" for source in operation.sources]
    names += [f"<<{name}" for name, _ in operation.contents]
    keyword = "ADD" if operation.add else "COPY"
    return CacheKey(parent, " ".join([keyword, *names, operation.destination]), _given(
        chown=operation.chown, chmod=operation.chmod, link=operation.link, parents=operation.parents,
        exclude=" ".join(operation.exclude), unpack=operation.unpack), files=files)


def _run(operation: Run, parent: str, files: Pairs) -> CacheKey:
    *shell, command = operation.argv
    if not shell or len(operation.argv) != 3:
        shell, command = [], json.dumps(operation.argv, ensure_ascii=False)
    return CacheKey(parent, f"RUN {command}", (
        *_given(shell=" ".join(shell), user=operation.user, workdir=operation.directory, network=operation.network),
        *mount_settings(operation)), tuple(sorted(operation.environment.items())), (*operation.files, *files))


def _given(**values: Any) -> Pairs:
    """Los ajustes que no son los de siempre."""
    return tuple((name, str(value)) for name, value in values.items()
                 if value not in ("", None, False) and value != USUAL.get(name))


MAKERS: dict[type[Operation], Callable[..., CacheKey]] = {MakeDirectory: _directory, Copy: _copy, Run: _run}
