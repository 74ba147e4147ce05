"""Abrir talleres: el libre, sobre el motor del notebook; el de un reto, con el suyo; y el de un texto compartido."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from ..engine import Engine
from ..workshop import sharing
from . import challenges
from .challenge import Attempt, Challenge
from .practice import PRACTICE


def free(engine: Engine, folder: Path) -> Any:
    """El taller libre sobre `engine`, con la carpeta de práctica de `folder`."""
    from ..widgets.workshop import Workshop
    return Workshop(engine, folder / PRACTICE)


def of(challenge: Challenge, done: Callable[[int, int], None] = lambda orders, hints: None,
       solved: Collection[str] = ()) -> Any:
    """El taller de un reto, con un motor y una carpeta solo para él; `done(órdenes, pistas)`, al resolverlo.

    `solved`: los que ya están resueltos, que no se ofrecen después.
    """
    from ..widgets.workshop import Workshop
    attempt, following = Attempt(challenge), challenges.following(challenge, solved)
    after = f"El siguiente: `reto(\"{following.id}\")`, «{following.title}»." if following else ""
    made = Workshop(attempt.engine, attempt.folder, challenge, challenges.reached(challenge), after=after,
                    solved=lambda: done(made.bench.count, made.hints))
    made.home = attempt.home    # la carpeta vive lo que viva el taller
    return made


def opened(text: str) -> Any:
    """El taller de un texto compartido, igual que era, en un motor y una carpeta aparte. Faltas de `sharing.read`."""
    from ..widgets.workshop import Workshop
    shared = sharing.read(text)
    if shared.task:
        made = of(challenges.find(shared.task))
    else:
        home = tempfile.TemporaryDirectory(prefix="taller-", ignore_cleanup_errors=True)
        folder = Path(home.name, PRACTICE)   # el nombre de la carpeta cuenta: Compose lo pone en el de los contenedores
        made = Workshop(Engine(seed=shared.seed, folder=str(folder)), folder, title="Taller compartido")
        made.home = home
    made.open_shared(text)
    return made
