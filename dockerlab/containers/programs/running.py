"""Ejecutar otro programa y esperarlo: xargs, timeout, time, nohup, nice, watch."""

from __future__ import annotations

import re
from typing import Any

from dockerlab.clock import SECOND
from dockerlab.errors import FileError

from ..requests import Exec, Sleep, Wait
from .kit import moment, slurp
from .options import BadUsage, Options, Stop, applet
from .printing import unescape

DEFAULT_PATH = "/sbin:/usr/sbin:/bin:/usr/bin"     # donde busca la biblioteca de C si no hay PATH


def launch(sys: Any, opt: Options, argv: list[str], **extra: Any) -> Any:
    """Ejecuta una orden y espera su código; 127 si no existe."""
    try:
        pid = sys.spawn(argv, **extra)
    except FileError as error:
        opt.complain(sys, "{}", "'{}'" if opt.name == "find" else "{}", argv[0], error)
        return 126 if error.key == "EACCES" else 127
    return (yield Wait(pid))


def replace(sys: Any, opt: Options, argv: list[str], variables: dict[str, str]) -> Any:
    """Cambia este programa por otro; si no se puede, lo dice y devuelve 126 o 127."""
    path = "" if "/" in argv[0] or "PATH" in variables else sys.which(argv[0], {"PATH": DEFAULT_PATH}) or ""
    try:
        yield Exec(tuple(argv), tuple(variables.items()), path)
    except FileError as error:
        opt.complain(sys, "can't execute '{}'", "'{}'" if opt.name == "env" else "failed to run command '{}'",
                     argv[0], error)
        return 127 if error.key in ("ENOENT", "ENOTDIR") else 126


@applet("xargs", "0rtpxn:I:L:P:d:s:E:", "[OPTIONS] [PROG ARGS]", "Run PROG on every item given by stdin",
        long="null=0 no-run-if-empty=r max-args=n replace=I max-procs=P delimiter=d", stop=True)
def xargs(sys: Any, opt: Options) -> Any:
    text = (yield slurp(sys)).decode("utf-8", "surrogateescape")
    command = opt.args or ["echo"]
    if "0" in opt or "d" in opt:
        mark = "\0" if "0" in opt else unescape(opt["d"], zero=False)[0]
        items = [item for item in text.split(mark) if item or mark != "\0"]
        items = items[:-1] if items and not items[-1] else items
    elif "I" in opt:
        items = [line.strip() for line in text.split("\n") if line.strip()]
    else:
        import shlex
        try:
            items = shlex.split(text)
        except ValueError:
            raise Stop("unmatched quote: use -0 to handle quotes") from None
    if "I" in opt:
        commands = [[word.replace(opt["I"], item) for word in command] for item in items]
    else:
        size = opt.number("n", 0) or len(items) or 1
        groups = [items[at:at + size] for at in range(0, len(items), size)] or ([] if "r" in opt else [[]])
        commands = [[*command, *group] for group in groups]
    status = 0
    for argv in commands:
        if "t" in opt:
            sys.err(" ".join(argv) + "\n")
        code = yield launch(sys, opt, argv)
        if code in (126, 127):
            return code
        if code == 255:
            return 124
        status = 123 if code else status
    return status


@applet("timeout", "s:k:v", "[-s SIG] [-k KILL_SECS] SECS PROG ARGS", "Run PROG. Send SIG to it if it is not "
        "gone in SECS seconds.",
        long="signal=s kill-after=k", stop=True, least=2, bad=(1, 125))
def timeout(sys: Any, opt: Options) -> Any:
    """Ejecuta el programa y, si tarda, le manda la señal: 124 (143 en BusyBox, que es el código del programa)."""
    found = re.fullmatch(r"(\d+\.?\d*)([smhd]?)", opt.args[0])
    if not found:
        raise Stop(opt.word(f"invalid number '{opt.args[0]}'", f"invalid time interval '{opt.args[0]}'"), 1
                   if opt.busybox else 125)
    seconds = float(found[1]) * {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}[found[2]]
    try:
        pid = sys.spawn(opt.args[1:])
    except FileError as error:
        opt.complain(sys, "can't execute '{}'", "failed to run command '{}'", opt.args[1], error)
        return 127 if error.key == "ENOENT" else 126
    watcher = sys.fork("dockerlab-alarm", [seconds, pid, opt["s"] or "TERM", float(opt["k"] or 0)])
    code = yield Wait(pid)
    late = not any(row["pid"] == watcher and row["state"] != "Z" for row in sys.processes())
    if not late:
        sys.kill(watcher, "KILL")
    yield Wait(watcher)
    return 124 if late and not opt.busybox else code


@applet("dockerlab-alarm", None)
def alarm(sys: Any, opt: Options) -> Any:
    """El despertador de `timeout`: espera y manda la señal."""
    seconds, pid, chosen, more = sys.payload
    yield Sleep(seconds)
    try:
        sys.kill(pid, chosen)
        if more:
            yield Sleep(more)
            sys.kill(pid, "KILL")
    except FileError:
        return 1     # ya había acabado
    return 0


@applet("time", "vpao:f:", "[-vpa] [-o FILE] PROG ARGS", "Run PROG, display resource usage when it exits",
        stop=True, least=1)
def time(sys: Any, opt: Options) -> Any:
    before = sys.now()
    code = yield launch(sys, opt, opt.args)
    own, children = sys.times()
    for name, spent in (("real", sys.now() - before), ("user", children), ("sys", 0)):
        seconds = spent / SECOND
        sys.err(f"{name}\t{int(seconds // 60)}m {seconds % 60:.2f}s\n")
    return code


@applet("nohup", None, "PROG ARGS", "Run PROG immune to hangups, with output to a non-tty",
        also=("nice", "ionice", "setsid", "stdbuf", "chrt"))
def nohup(sys: Any, opt: Options) -> Any:
    """Ejecuta el programa en su lugar; nohup además ignora HUP."""
    words = sys.argv[1:]
    while words and words[0].startswith("-") and opt.name != "nohup":
        words = words[2:] if re.fullmatch(r"-[nopc]", words[0]) else words[1:]
    if not words:
        if opt.name == "nice":
            sys.out("0\n")
            return 0
        raise BadUsage("" if opt.busybox else "missing operand")
    if opt.name == "nohup":
        sys.ignore("HUP")
    return (yield from replace(sys, opt, words, sys.env))


@applet("watch", "n:td", "[-n SEC] [-t] PROG ARGS", "Run PROG periodically", stop=True, least=1)
def watch(sys: Any, opt: Options) -> Any:
    every = float(opt["n"] or 2)
    while True:
        head = f"Every {every:.1f}s: {' '.join(opt.args)}"
        sys.out("\x1b[H\x1b[J" + ("" if "t" in opt else f"{head:<57} {moment(sys.now()):%Y-%m-%d %H:%M:%S}\n"
                                  "\n"))
        yield launch(sys, opt, ["sh", "-c", " ".join(opt.args)])
        yield Sleep(every)
