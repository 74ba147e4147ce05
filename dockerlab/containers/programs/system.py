"""Dónde estoy y qué hora es: env, pwd, hostname, uname, date, free, uptime..."""

from __future__ import annotations

import re
from typing import Any

from dockerlab.clock import SECOND
from dockerlab.errors import FileError

from .kit import human_gnu, moment
from .making import parse_date
from .options import Options, Stop, applet
from .running import replace


@applet("env", "iu:0", "[-iu] [-] [name=value]... [PROG ARGS]", "Print the current environment or run PROG "
        "after setting up "
        "the specified environment", long="ignore-environment=i unset=u null=0", stop=True)
def env(sys: Any, opt: Options) -> Any:
    """Sin programa, escribe las variables; con él, lo ejecuta en su lugar con las que se digan."""
    words = opt.args[1:] if opt.args[:1] == ["-"] else list(opt.args)
    variables = {} if "i" in opt or opt.args[:1] == ["-"] else dict(sys.env)
    for name in opt.all("u"):
        variables.pop(name, None)
    while words and "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        variables[name] = value
    if not words:
        end = "\0" if "0" in opt else "\n"
        sys.out("".join(f"{name}={value}{end}" for name, value in variables.items()))
        return 0
    return (yield from replace(sys, opt, words, variables))


@applet("printenv", "0", "[VARIABLE]...", "Print environment VARIABLEs")
def printenv(sys: Any, opt: Options) -> int:
    if not opt.args:
        sys.out("".join(f"{name}={value}\n" for name, value in sys.env.items()))
        return 0
    sys.out("".join(sys.env[name] + "\n" for name in opt.args if name in sys.env))
    return 0 if all(name in sys.env for name in opt.args) else 1


@applet("pwd", "LP", "", "Print the full filename of the current working directory")
def pwd(sys: Any, opt: Options) -> int:
    sys.out(sys.cwd + "\n")
    return 0


@applet("hostname", "sidfFI", "[-sidf] [HOSTNAME | -F FILE]", "Show or set hostname or DNS domain name",
        long="short=s ip-address=i domain=d fqdn=f all-ip-addresses=I", most=1)
def hostname(sys: Any, opt: Options) -> int:
    name = sys.uname()["nodename"]
    if opt.args:
        try:
            sys.sethostname(opt.args[0])
        except FileError:
            raise Stop(opt.word("sethostname: Operation not permitted",
                                "you must be root to change the host name")) from None
        return 0
    if "i" in opt or "I" in opt:
        known = sys.lookup(name)
        cards = [card["address"].partition("/")[0] for card in sys.addresses() if card["name"] != "lo"]
        sys.out(" ".join(cards or known) + (" \n" if "I" in opt else "\n"))
    elif "d" in opt:
        sys.out((sys.uname()["domainname"] or name.partition(".")[2]) + "\n")
    elif "f" in opt and sys.uname()["domainname"]:
        sys.out(f"{name}.{sys.uname()['domainname']}\n")
    else:
        sys.out((name.partition(".")[0] if "s" in opt else name) + "\n")
    return 0


@applet("uname", "asnrvmpio", "[-amnrspvio]", "Print system information", most=0,
        long="all=a kernel-name=s nodename=n kernel-release=r machine=m operating-system=o")
def uname(sys: Any, opt: Options) -> int:
    facts = sys.uname()
    names = {"s": "sysname", "n": "nodename", "r": "release", "v": "version", "m": "machine"}
    parts = {**{letter: facts[name] for letter, name in names.items()}, "p": "unknown", "i": "unknown",
             "o": opt.word("Linux", "GNU/Linux")}
    wanted = "snrvmo" if "a" in opt else [letter for letter in "snrvmpio" if letter in opt] or "s"
    sys.out(" ".join(parts[letter] for letter in wanted) + "\n")
    return 0


@applet("arch", "", "", "Print system architecture")
def arch(sys: Any, opt: Options) -> int:
    sys.out(sys.uname()["machine"] + "\n")
    return 0


def proc(sys: Any, name: str) -> str:
    """El texto de un archivo de /proc."""
    return sys.fs.read(f"/proc/{name}").decode()


@applet("nproc", "a!:", "", "Print number of available CPUs", long="all=a ignore=!")
def nproc(sys: Any, opt: Options) -> int:
    allowed = next(line for line in proc(sys, "self/status").splitlines() if line.startswith("Cpus_allowed_list"))
    spans = [span.partition("-")[::2] for span in allowed.partition(":")[2].strip().split(",")]
    sys.out(f"{sum(int(last or first) - int(first) + 1 for first, last in spans)}\n")
    return 0


@applet("sysctl", None, "[-aen] [VAR]...", "Show kernel parameters at runtime")
def sysctl(sys: Any, opt: Options) -> int:
    """Los ajustes del núcleo, de `/proc/sys`. Cambiarlos, desde un contenedor, no se puede."""
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    flags = "".join(word for word in sys.argv[1:] if word.startswith("-"))
    status = 0
    for word in words:
        name, equals, _ = word.partition("=")
        path = f"/proc/sys/{name.replace('.', '/')}"
        if equals or "w" in flags:
            sys.err(f"sysctl: error setting key '{name}': Read-only file system\n")
            status = 1
        elif not sys.fs.isfile(path):
            sys.err(f"sysctl: error: '{name}' is an unknown key\n" if opt.busybox
                    else f"sysctl: cannot stat {path}: No such file or directory\n")
            status = 1
        else:
            value = sys.fs.read(path).decode().strip()
            sys.out(f"{value}\n" if "n" in flags else f"{name} = {value}\n")
    return status


@applet("tty", "s", "", "Print file name of stdin's terminal", long="quiet=s silent=s")
def tty(sys: Any, opt: Options) -> int:
    terminal = sys.isatty(0)
    if "s" not in opt:
        sys.out("/dev/pts/0\n" if terminal else "not a tty\n")
    return 0 if terminal else 1


@applet("uptime", "ps", "", "Display the time since the last boot")
def uptime(sys: Any, opt: Options) -> int:
    minutes = int(float(proc(sys, "uptime").split()[0]) // 60)
    span = f"{minutes} min" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02d}" if minutes < 1440 else \
        f"{minutes // 1440} day{'s' * (minutes >= 2880)}, {minutes // 60 % 24}:{minutes % 60:02d}"
    load = ", ".join(proc(sys, "loadavg").split()[:3])
    sys.out(f" {moment(sys.now()):%H:%M:%S} up {span},  0 users,  load average: {load}\n")
    return 0


@applet("free", "bkmgh", "[-bkmgh]", "Display free and used memory", long="human=h mega=m giga=g bytes=b")
def free(sys: Any, opt: Options) -> int:
    """La memoria del anfitrión: dentro de un contenedor, `free` no conoce su límite."""
    facts = {name: int(value) for name, value in re.findall(r"(\w+):\s+(\d+) kB", proc(sys, "meminfo"))}
    cache = facts["Cached"] + facts["Buffers"]
    used = facts["MemTotal"] - facts["MemFree"] - cache

    def scale(kilobytes: int) -> str:
        if "h" in opt:
            text = human_gnu(kilobytes * 1024)
            return text if opt.busybox else text + ("i" if text[-1].isalpha() else "B")
        factor = {"b": 1 / 1024, "m": 1024, "g": 2**20}.get(opt.last("bkmg"), 1)
        return str(int(kilobytes / factor))
    row = (facts["MemTotal"], used, facts["MemFree"], 0, cache, facts["MemAvailable"])
    lead = " " * (7 if opt.busybox else 8)
    names = ("total", "used", "free", "shared", "buff/cache", "available")
    sys.out(lead + "".join(f"{name:>12}" for name in names)[0 if opt.busybox else 1:] + "\n")
    sys.out("Mem:   " + "".join(f"{scale(value):>12}" for value in row) + "\n")
    sys.out("Swap:  " + "".join(f"{scale(0):>12}" for _ in range(3)) + "\n")
    return 0


@applet("date", "uRIs:d:r:D:I::", "[OPTIONS] [+FMT] [[-s] TIME]", "Display time (using +FMT), or set time",
        long="utc=u date=d reference=r set=s rfc-2822=R iso-8601=I")
def date(sys: Any, opt: Options) -> int:
    """La hora del reloj virtual, siempre en UTC."""
    now = sys.now()
    try:
        instant = sys.fs.stat(opt["r"]).mtime if "r" in opt else parse_date(opt["d"], now) if "d" in opt else now
    except ValueError:
        raise Stop(f"invalid date '{opt['d']}'") from None
    except FileError as error:
        return opt.complain(sys, "{}", "{}", opt["r"], error)
    if "s" in opt or opt.args and not opt.args[0].startswith("+"):
        wanted = opt["s"] or opt.args[0]
        try:
            parse_date(wanted, now)
        except ValueError:
            raise Stop(f"invalid date '{wanted}'") from None
        raise Stop(opt.word("can't set date: Operation not permitted",
                            "cannot set date: Operation not permitted"))
    if "R" in opt:
        form = "%a, %d %b %Y %H:%M:%S +0000"
    elif "I" in opt:
        form = {"s": "%Y-%m-%dT%H:%M:%S+00:00", "seconds": "%Y-%m-%dT%H:%M:%S+00:00"}.get(str(opt["I"]), "%Y-%m-%d")
    elif opt.args:
        form = opt.args[0][1:]
    else:
        form = "%a %b %e %H:%M:%S %Z %Y"
    sys.out(strftime(form, instant) + "\n")
    return 0


def strftime(form: str, instant: int) -> str:
    """Un formato de `date`; los nombres, en inglés, como en la configuración regional C."""
    when = moment(instant)
    days = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
    months = "January February March April May June July August September October November December".split()
    day, month = days[when.weekday()], months[when.month - 1]
    codes = {"Y": f"{when.year}", "m": f"{when.month:02d}", "d": f"{when.day:02d}", "e": f"{when.day:2d}",
             "H": f"{when.hour:02d}", "M": f"{when.minute:02d}", "S": f"{when.second:02d}",
             "y": f"{when.year % 100:02d}",
             "a": day[:3], "A": day, "b": month[:3], "h": month[:3], "B": month, "Z": "UTC", "z": "+0000",
             "s": str(instant // SECOND), "N": f"{instant % SECOND:09d}",
             "j": f"{when.timetuple().tm_yday:03d}",
             "u": str(when.isoweekday()), "w": str(when.isoweekday() % 7), "I": f"{when.hour % 12 or 12:02d}",
             "p": "AM" if when.hour < 12 else "PM", "n": "\n", "t": "\t", "%": "%",
             "C": f"{when.year // 100:02d}",
             "k": f"{when.hour:2d}", "l": f"{when.hour % 12 or 12:2d}", "V": f"{when.isocalendar()[1]:02d}"}
    compound = {"F": "%Y-%m-%d", "T": "%H:%M:%S", "R": "%H:%M", "D": "%m/%d/%y", "c": "%a %b %e %H:%M:%S %Y",
                "x": "%m/%d/%y", "X": "%H:%M:%S", "r": "%I:%M:%S %p"}
    form = re.sub(r"%([FTRDcxXr])", lambda hit: compound[hit[1]], form)
    return re.sub(r"%-?(.)", lambda hit: codes.get(hit[1], hit[0]).lstrip("0 ") or "0" if hit[0][1] == "-"
                  else codes.get(hit[1], hit[0]), form)
