"""`--init`: un proceso 1 que solo cuida de los demás, como tini (`docker-init`).

Reenvía al programa las señales que recibe, recoge a los huérfanos y acaba con
el código del programa.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dockerlab.errors import FileError

from . import signals
from .process import program
from .requests import Signalled, WaitAny

KEPT = frozenset("KILL STOP CHLD TTIN TTOU FPE ILL SEGV BUS ABRT TRAP SYS".split())
FORWARDED = [name for name in signals.NAMES if name not in KEPT]


@program("docker-init", "docker")
def docker_init(sys: Any) -> Generator[Any, Any, int]:
    """`docker-init -- programa argumentos...`."""
    command = sys.argv[sys.argv.index("--") + 1:] if "--" in sys.argv else sys.argv[1:]
    sys.catch(*FORWARDED)
    try:
        child = sys.spawn(command, group=0)
    except FileError as error:
        sys.err(f"[FATAL tini ({sys.pid})] exec {command[0]} failed: {error.text}\n")
        return 127 if error.key == "ENOENT" else 126
    while True:
        try:
            ended = yield WaitAny()
        except Signalled as received:
            try:
                sys.kill(child, received.signo)
            except FileError:
                pass  # el hijo acaba de terminar: la siguiente vuelta lo recoge
            continue
        if ended is None or ended[0] == child:
            return ended[1] if ended else 0


@program("exec-failed", "docker")
def exec_failed(sys: Any) -> int:
    """Lo que queda del proceso cuyo archivo no se pudo ejecutar: su queja y el código 255."""
    sys.err(sys.payload)
    return 255
