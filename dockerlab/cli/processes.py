"""La tabla de `docker top`: las columnas de `ps` que se pidan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dockerlab.clock import SECOND, rfc3339
from dockerlab.containers.control import BASE_MEMORY
from dockerlab.errors import fault

from .formatter import tabulate

WIDTH = 20
USERS = {0: "root", 1: "daemon", 33: "www-data", 65534: "nobody"}


def _user(process: Any) -> str:
    return USERS.get(process.user.uid, str(process.user.uid))


def _time(process: Any) -> str:
    seconds = process.cpu_ns // SECOND
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _memory(process: Any) -> int:
    """Los KiB que ocupa."""
    return (process.memory or BASE_MEMORY) // 1024


def _parent(process: Any) -> str:
    """El principal cuelga de su *shim*, que en un equipo real nace justo antes."""
    return str(process.parent or process.pid - 1)


COLUMNS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "uid": ("UID", _user), "user": ("USER", _user), "pid": ("PID", lambda process: str(process.pid)),
    "ppid": ("PPID", _parent), "c": ("C", lambda _: "0"),
    "stime": ("STIME", lambda process: rfc3339(process.started)[11:16]),
    "start": ("START", lambda process: rfc3339(process.started)[11:16]),
    "tty": ("TTY", lambda _: "?"), "stat": ("STAT", lambda process: process.state + "s" * (process.inner == 1)),
    "bsdtime": ("TIME", lambda process: f"{process.cpu_ns // SECOND // 60}:{process.cpu_ns // SECOND % 60:02d}"),
    "time": ("TIME", _time), "cmd": ("CMD", lambda process: process.command),
    "comm": ("COMMAND", lambda process: process.argv[0].rpartition("/")[2]),
    "command": ("COMMAND", lambda process: process.command), "args": ("COMMAND", lambda process: process.command),
    "%cpu": ("%CPU", lambda _: "0.0"), "%mem": ("%MEM", lambda _: "0.0"),
    "vsz": ("VSZ", lambda process: str(_memory(process) * 2)), "rss": ("RSS", lambda process: str(_memory(process)))}

FULL = "uid pid ppid c stime tty time cmd".split()
BRIEF, SHORT = "pid tty time comm".split(), "pid tty stat bsdtime command".split()
LONG = "user pid %cpu %mem vsz rss tty stat start bsdtime command".split()
BSD = frozenset("aAcefghHjlLmnrsSTuUvwxXZ")


def chosen(options: Sequence[str]) -> list[str]:
    """Las columnas que piden las opciones de `ps`. Faltas `top-field`, `top-option`, `top-no-pid`."""
    words = list(options)
    names: list[str] = []
    letters, dashed = "", not words
    while words:
        word = words.pop(0)
        dash, body = word.startswith("-"), word.lstrip("-")
        head, o, tail = body.partition("o")
        letters, dashed = letters + head, dashed or dash
        if o:
            names += (tail or (words.pop(0) if words else "")).replace(",", " ").split()
        elif not dash and not set(body) <= BSD:
            raise fault("top-option")
    for name in names:
        if name.lower() not in COLUMNS:
            raise fault("top-field", name=name)
    found = [name.lower() for name in names] or (
        LONG if "u" in letters and not dashed else SHORT if "x" in letters or letters and not dashed else
        BRIEF if letters and not set(letters) & set("fF") else FULL)
    if "pid" not in found:
        raise fault("top-no-pid")
    return found


def table(processes: Sequence[Any], options: Sequence[str]) -> str:
    """La tabla, con columnas de veinte caracteres como poco.

    Docker real: parte cada línea de `ps` por los blancos y se queda con las que llevan en la
    columna PID un número suyo; una orden con blancos delante de esa columna la descoloca, y la pierde.
    """
    names = chosen(options)
    own = {str(process.pid) for process in processes}
    rows = [[COLUMNS[name][0] for name in names]]
    for process in processes:
        cells = [COLUMNS[name][1](process) for name in names]
        fields = " ".join(cells).split(" ")
        if fields[names.index("pid")] in own:
            rows.append(cells)
    return tabulate(rows, WIDTH)
