"""Los procesos: ps, top, kill, killall, pidof y pgrep."""

from __future__ import annotations

import re
from typing import Any

from dockerlab.clock import SECOND
from dockerlab.errors import FileError
from dockerlab.host import MEMORY

from .. import signals
from ..requests import Sleep
from .kit import account_name, moment
from .options import BadUsage, Options, Stop, applet
from .system import proc

Row = dict[str, Any]
HOST_KB = MEMORY // 1024


def clock(nanoseconds: int) -> str:
    """`0:00`: minutos y segundos de procesador."""
    seconds = nanoseconds // SECOND
    return f"{seconds // 60}:{seconds % 60:02d}"


def command(row: Row) -> str:
    """La línea de órdenes, o `[nombre] <defunct>` si es un zombi."""
    return " ".join(row["argv"]) if row["state"] != "Z" else f"[{short(row)}] <defunct>"


def plain(row: Row) -> str:
    """Como `command`, en BusyBox, que de un zombi solo pone `[nombre]`."""
    return command(row).removesuffix(" <defunct>")


def short(row: Row) -> str:
    return row["argv"][0].rpartition("/")[2].lstrip("-")[:15] if row["argv"] else "?"


def state(row: Row) -> str:
    """`Ss`, `R+`...: el estado, con s para quien abre sesión (el 1) y + en primer plano."""
    return row["state"] + ("s" if row["pid"] == 1 else "") + ("+" if row["tty"] else "")


def columns(sys: Any) -> dict[str, tuple[str, Any]]:
    """Las columnas de `ps -o`: título y cómo se escribe."""
    return {
        "pid": ("PID", lambda row: str(row["pid"])), "ppid": ("PPID", lambda row: str(row["ppid"])),
        "user": ("USER", lambda row: account_name(sys, row["user"])),
        "uid": ("UID", lambda row: str(row["user"])),
        "comm": ("COMMAND", short), "args": ("COMMAND", command), "cmd": ("CMD", command),
        "command": ("COMMAND", command), "stat": ("STAT", state), "state": ("S", lambda row: row["state"]),
        "s": ("S", lambda row: row["state"]), "time": ("TIME", lambda row: clock(row["cpu_ns"])),
        "tty": ("TT", lambda row: "pts/0" if row["tty"] else "?"),
        "rss": ("RSS", lambda row: str(row["memory"] // 1024)),
        "vsz": ("VSZ", lambda row: str(row["memory"] // 512)),
        "pgid": ("PGID", lambda row: str(row["group"])),
        "ni": ("NI", lambda row: "0"), "pcpu": ("%CPU", lambda row: "0.0"),
        "%cpu": ("%CPU", lambda row: "0.0"),
        "pmem": ("%MEM", lambda row: f"{row['memory'] / 10.24 / HOST_KB:.1f}"),
        "%mem": ("%MEM", lambda row: f"{row['memory'] / 10.24 / HOST_KB:.1f}"),
    }


@applet("ps", None, "[-o COL1,COL2=HEADER]", "Show list of processes")
def ps(sys: Any, opt: Options) -> int:
    """Los procesos que se ven desde aquí, en la forma de BusyBox o en la de procps."""
    words, rows = sys.argv[1:], sys.processes()
    flags = "".join(words).replace("-", "")
    for at, word in enumerate(words):
        if word.lstrip("-").startswith("o") or word.lstrip("-").endswith("o"):
            text = word.partition("o")[2] or (words[at + 1] if at + 1 < len(words) else "")
            return chosen(sys, opt, text, rows)
    if opt.busybox:
        out = ["PID   USER     TIME  COMMAND"]
        out += [f"{row['pid']:5d} {account_name(sys, row['user'])[:8]:<8} {clock(row['cpu_ns']):>5} "
                f"{plain(row)}"
                for row in rows]
    elif "u" in flags and "-" not in "".join(words):
        out = [f"{'USER':<8} {'PID':>7} {'%CPU':>4} {'%MEM':>4} {'VSZ':>6} {'RSS':>5} {'TTY':<8} {'STAT':<4} "
               f"{'START':<5} {'TIME':>6} COMMAND"]
        out += [aux(sys, row) for row in rows]
    elif "f" in flags:
        out = [f"{'UID':<8} {'PID':>7} {'PPID':>7}  C STIME TTY          TIME CMD"]
        out += [f"{account_name(sys, row['user'])[:8]:<8} {row['pid']:>7} {row['ppid']:>7}  0 "
                f"{moment(row['started']):%H:%M} {'pts/0' if row['tty'] else '?':<8} {long_time(row)} "
                f"{command(row)}"
                for row in rows]
    else:
        everyone = any(letter in flags for letter in "eAax")
        mine = rows if everyone else [row for row in rows if row["tty"] == sys.isatty(0)]
        out = ["    PID TTY          TIME CMD"]
        out += [f"{row['pid']:>7} {'pts/0' if row['tty'] else '?':<8} {long_time(row)} {short(row)}"
                for row in mine]
    sys.out("\n".join(out) + "\n")
    return 0


def long_time(row: Row) -> str:
    seconds = row["cpu_ns"] // SECOND
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def aux(sys: Any, row: Row) -> str:
    memory = row["memory"] // 1024
    age = max(sys.now() - row["started"], SECOND)
    return (f"{account_name(sys, row['user'])[:8]:<8} {row['pid']:>7} {100 * row['cpu_ns'] / age:4.1f} "
            f"{100 * memory / HOST_KB:4.1f} {memory * 2:>6} {memory:>5} {'pts/0' if row['tty'] else '?':<8} "
            f"{state(row):<4} {moment(row['started']):%H:%M} {clock(row['cpu_ns']):>6} {command(row)}")


def chosen(sys: Any, opt: Options, text: str, rows: list[Row]) -> int:
    """`ps -o pid,args`: solo esas columnas."""
    known, picked = columns(sys), []
    if opt.busybox:
        known |= {"stat": ("STAT", lambda row: row["state"]), "args": ("COMMAND", plain)}
    for piece in text.split(","):
        name, _, title = piece.partition("=")
        if name not in known:
            raise Stop(f"bad -o argument '{name}', supported arguments: {','.join(sorted(known))}"
                       if opt.busybox
                       else f"error: unknown user-defined format specifier \"{name}\"")
        picked.append((title or known[name][0], known[name][1], name))
    table = [[title for title, _, _ in picked], *([make(row) for _, make, _ in picked] for row in rows)]
    right = {"pid", "ppid", "rss", "vsz", "pgid", "uid"}
    widths = [max(8 if name == "user" else 5 if name in right else 0, *(len(line[at]) for line in table))
              for at, (_, _, name) in enumerate(picked)]
    for line in table:
        title = opt.busybox and line is table[0]
        cells = [cell.rjust(width) if name in right and not title else cell.ljust(width)
                 for cell, width, (_, _, name) in zip(line, widths, picked, strict=True)]
        sys.out(" ".join([*cells[:-1], line[-1] if picked[-1][2] not in right else cells[-1]]) + "\n")
    return 0


@applet("top", "bn:d:Hmo:p:1", "[-b] [-n COUNT] [-d SECONDS]", "Show a view of process activity in real time")
def top(sys: Any, opt: Options) -> Any:
    """Una vuelta por pantalla; sin -n, hasta que alguien lo pare."""
    rounds, delay = opt.number("n", 0), float(opt["d"] or (5 if opt.busybox else 3))
    shown = 0
    while not rounds or shown < rounds:
        if shown:
            yield Sleep(delay)
        if "b" not in opt:
            sys.out("\x1b[H\x1b[J")
        sys.out(screen(sys, opt))
        shown += 1
    return 0


def screen(sys: Any, opt: Options) -> str:
    facts = {name: int(value) for name, value in re.findall(r"(\w+):\s+(\d+) kB", proc(sys, "meminfo"))}
    rows, load = sorted(sys.processes(), key=lambda row: -row["cpu_ns"]), proc(sys, "loadavg")
    total, unused = facts["MemTotal"], facts["MemFree"]
    if opt.busybox:
        out = [f"Mem: {total - unused}K used, {unused}K free, 0K shrd, {facts['Buffers']}K buff, "
               f"{facts['Cached']}K cached",
               "CPU:   0% usr   0% sys   0% nic 100% idle   0% io   0% irq   0% sirq",
               f"Load average: {load.strip()}", "  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND"]
        out += [f"{row['pid']:5d} {row['ppid']:5d} {account_name(sys, row['user'])[:8]:<8} {row['state']:<4} "
                f"{row['memory'] // 512:>5} {row['memory'] // 5120 // (HOST_KB // 1000):>3}%   0   0% "
                f"{command(row)}"
                for row in rows]
        return "\n".join(out) + "\n"
    counts = {letter: sum(row["state"] == letter for row in rows) for letter in "RSTZ"}
    out = [f"top - {moment(sys.now()):%H:%M:%S} up  1:00,  0 users,  load average: "
           f"{', '.join(load.split()[:3])}",
           f"Tasks: {len(rows):3d} total, {counts['R']:3d} running, {counts['S']:3d} sleeping, "
           f"{counts['T']:3d} stopped, "
           f"{counts['Z']:3d} zombie",
           "%Cpu(s):  0.0 us,  0.0 sy,  0.0 ni,100.0 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st",
           f"MiB Mem : {total / 1024:8.1f} total, {unused / 1024:8.1f} free, {(total - unused) / 1024:8.1f} "
           "used, "
           f"{facts['Cached'] / 1024:8.1f} buff/cache",
           "MiB Swap:      0.0 total,      0.0 free,      0.0 used. " f"{facts['MemAvailable'] / 1024:8.1f} "
           "avail Mem", "",
           "    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND"]
    out += [f"{row['pid']:>7} {account_name(sys, row['user'])[:8]:<8}  20   0 {row['memory'] // 512:>7} "
            f"{row['memory'] // 1024:>6} {row['memory'] // 2048:>6} {row['state']}   0.0 "
            f"{row['memory'] / 10.24 / HOST_KB:5.1f} {clock(row['cpu_ns']):>6}.00 {short(row)}"
            for row in rows]
    return "\n".join(out) + "\n"


@applet("kill", None, "[-l] [-SIG] PID...", "Send a signal (default: TERM) to given PIDs")
def kill(sys: Any, opt: Options) -> int:
    words, chosen = sys.argv[1:], "TERM"
    if words[:1] == ["-l"] or words[:1] == ["-L"]:
        return kill_list(sys, words[1:])
    if words[:1] == ["-s"] and len(words) > 1:
        chosen, words = words[1], words[2:]
    elif words and re.fullmatch(r"-[A-Za-z0-9+]+", words[0]):
        chosen, words = words[0][1:], words[1:]
    words = words[1:] if words[:1] == ["--"] else words
    try:
        signals.number(chosen)
    except ValueError:
        raise Stop(opt.word(f"bad signal name '{chosen}'", f"unknown signal '{chosen}'")) from None
    if not words:
        raise Stop("you need to specify whom to kill") if opt.busybox else BadUsage("not enough arguments")
    status = 0
    for word in words:
        if not re.fullmatch(r"-?\d+", word):
            status = opt.complain(sys, "invalid number '{}'", "failed to parse argument: '{}'", word)
            continue
        try:
            sys.kill(int(word), chosen)
        except FileError as error:
            status = opt.complain(sys, "can't kill pid {}", "({})", word, error)
    return status


def kill_list(sys: Any, words: list[str]) -> int:
    if not words:
        sys.out("".join(f"{number:2d}) {name}\n" for number, name in enumerate(signals.NAMES, 1)))
    for word in words:
        sys.out((signals.name(int(word) & 127) if word.isdigit() else str(signals.number(word))) + "\n")
    return 0


def by_name(sys: Any, name: str) -> list[Row]:
    return [row for row in sys.processes() if short(row) == name and row["pid"] != sys.pid
            and row["state"] != "Z"]


@applet("killall", "qlis:", "[-lq] [-SIG] PROCESS_NAME...",
        "Send a signal (default: TERM) to given processes", operand=r"-[A-Z0-9]+")
def killall(sys: Any, opt: Options) -> int:
    words, chosen, status = list(opt.args), opt["s"] or "TERM", 0
    if words and words[0].startswith("-"):
        chosen = words.pop(0)[1:]
    for name in words:
        rows = by_name(sys, name)
        for row in rows:
            sys.kill(row["pid"], chosen)
        if not rows:
            status = 1
            if "q" not in opt:
                sys.err(f"{opt.word('killall: ', '')}{name}: no process {opt.word('killed', 'found')}\n")
    return status


@applet("pidof", "so:x", "[-s] [-o PID] [NAME]...", "List PIDs of all processes with names that match NAMEs")
def pidof(sys: Any, opt: Options) -> int:
    skip = opt.all("o")
    found = [str(row["pid"]) for name in opt.args for row in reversed(by_name(sys, name))
             if str(row["pid"]) not in skip]
    if found:
        sys.out(" ".join(found[:1] if "s" in opt else found) + "\n")
    return 0 if found else 1


@applet("pgrep", "flnovxau:", "[-flanovx] [-s SID|-P PPID|PATTERN]", "Display process(es) selected by regex "
        "PATTERN",
        operand=r"-[A-Z0-9]+", also=("pkill",))
def pgrep(sys: Any, opt: Options) -> int:
    words, chosen = list(opt.args), "TERM"
    if words and words[0].startswith("-"):
        chosen = words.pop(0)[1:]
    pattern = re.compile(words[0] if words else "")
    rows = [row for row in sys.processes() if row["pid"] != sys.pid and row["state"] != "Z" and
            (pattern.fullmatch if "x" in opt else pattern.search)(command(row) if "f" in opt else short(row))]
    for row in rows:
        if opt.name == "pkill":
            sys.kill(row["pid"], chosen)
        else:
            shown = f" {command(row)}" if "a" in opt else f" {short(row)}" if "l" in opt else ""
            sys.out(f"{row['pid']}{shown}\n")
    return 0 if rows else 1
