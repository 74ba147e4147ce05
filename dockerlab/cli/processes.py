"""La tabla de `docker top`: las columnas de `ps` que se pidan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..clock import SECOND, rfc3339
from ..errors import fault
from .formatter import tabulate

WIDTH = 20
USERS = {0: "root", 1: "daemon", 33: "www-data", 65534: "nobody"}


def _user(process: Any) -> str:
    return USERS.get(process.user.uid, str(process.user.uid))


def _time(process: Any) -> str:
    seconds = process.cpu_ns // SECOND
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _parent(process: Any) -> str:
    """El principal cuelga de su *shim*, que en un equipo real nace justo antes."""
    return str(process.parent or process.pid - 1)


COLUMNS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "uid": ("UID", _user), "user": ("USER", _user), "pid": ("PID", lambda process: str(process.pid)),
    "ppid": ("PPID", _parent), "c": ("C", lambda _: "0"),
    "stime": ("STIME", lambda process: rfc3339(process.started)[11:16]),
    "start": ("START", lambda process: rfc3339(process.started)[11:16]),
    "tty": ("TTY", lambda _: "?"), "stat": ("STAT", lambda process: process.state),
    "time": ("TIME", _time), "cmd": ("CMD", lambda process: process.command),
    "comm": ("COMMAND", lambda process: process.argv[0].rpartition("/")[2]),
    "command": ("COMMAND", lambda process: process.command), "args": ("COMMAND", lambda process: process.command),
    "%cpu": ("%CPU", lambda _: "0.0"), "%mem": ("%MEM", lambda _: "0.0"), "vsz": ("VSZ", lambda _: "0"),
    "rss": ("RSS", lambda _: "0")}

FULL = "uid pid ppid c stime tty time cmd".split()
LONG = "user pid %cpu %mem vsz rss tty stat start time command".split()


def chosen(options: Sequence[str]) -> list[str]:
    """Las columnas que piden las opciones de `ps`. Falta `top-field` si alguna no existe."""
    if not options:
        return FULL
    text = " ".join(options)
    if "-o" in text or "o " in text:
        names = text.partition("o")[2].replace(",", " ").split()
        for name in names:
            if name.lower() not in COLUMNS:
                raise fault("top-field", name=name)
        return [name.lower() for name in names]
    return LONG if "u" in options[0] and not options[0].startswith("-") else FULL


def table(processes: Sequence[Any], options: Sequence[str]) -> str:
    """La tabla, con columnas de veinte caracteres como poco."""
    names = chosen(options)
    rows = [[COLUMNS[name][0] for name in names]]
    rows += [[COLUMNS[name][1](process) for name in names] for process in processes]
    return tabulate(rows, WIDTH)
