"""La vida de un contenedor, en una tabla.

Cada fila es una orden; cada columna, el estado en el que encuentra al
contenedor. En la casilla: el estado al que lo lleva, `.` si no cambia nada (y
no es un error) o `!falta` si Docker se niega, con la entrada de la tabla de
errores que lo dice. La tabla se midió en un Docker Engine 28.5.
"""

from __future__ import annotations

from collections.abc import Mapping

STATES = ("created", "running", "paused", "restarting", "exited", "dead", "removing")

TABLE = """
         created       running       paused           restarting     exited         dead          removing
start    running       .             !start-paused    .              running        !start-dead   !removing
stop     .             exited        exited           exited         .              .             .
kill     !kill-stopped exited        exited           exited         !kill-stopped  !kill-stopped !kill-stopped
pause    !not-running  paused        !already-paused  !is-restarting !not-running   !not-running  !not-running
unpause  !not-paused   !not-paused   running          !not-paused    !not-paused    !not-paused   !not-paused
restart  running       running       running          running        running        !start-dead   !removing
rm       removed       !rm-running   !rm-paused       !rm-restarting removed        removed       !rm-removing
rm-force removed       removed       removed          removed        removed        removed       !rm-removing
exec     !not-running  .             !exec-paused     !is-restarting !not-running   !not-running  !not-running
attach   !attach-stopped .           !attach-paused   !attach-restarting !attach-stopped !attach-stopped !attach-stopped
top      !not-running  .             .                !is-restarting !not-running   !not-running  !not-running
update   .             .             .                .              .              !update-dead  !update-dead
"""


def read_table(text: str = TABLE) -> Mapping[str, Mapping[str, str]]:
    """La tabla como diccionario: `table["pause"]["running"] == "paused"`."""
    head, *rows = text.strip().splitlines()
    return {verb: dict(zip(head.split(), cells, strict=True))
            for verb, *cells in map(str.split, rows)}


TRANSITIONS = read_table()


def transition(verb: str, state: str) -> tuple[str, str]:
    """Qué pasa si se pide `verb` en `state`: (estado nuevo o "", falta o "")."""
    cell = TRANSITIONS[verb][state]
    if cell.startswith("!"):
        return "", cell[1:]
    return ("" if cell == "." else cell), ""


def allowed(state: str) -> tuple[str, ...]:
    """Las órdenes que en `state` cambian algo, en el orden de la tabla."""
    return tuple(verb for verb in TRANSITIONS if verb != "rm-force" and transition(verb, state)[0])
