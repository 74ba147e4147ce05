"""Un servidor con muchos clientes a la vez en un solo proceso, como Redis."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from ..polling import Select
from ..requests import Accept, Read


def attend_all(sys: Any, listening: int, clients: dict[int, bytes],
               attend: Callable[[int], None]) -> Generator[Any, Any, None]:
    """Atiende para siempre: lo que llega se añade a `clients[cliente]`, y `attend(cliente)` toma lo que entienda.

    Quien cuelga sale de `clients`. Las señales salen como `Signalled` y se puede volver a llamar.
    """
    while True:
        for ready in (yield Select((listening, *clients))):
            if ready == listening:
                clients[(yield Accept(listening))] = b""
            elif ready in clients:
                chunk = yield Read(ready)
                if chunk:
                    clients[ready] += chunk
                    attend(ready)
                else:
                    sys.close(ready)
                    del clients[ready]
