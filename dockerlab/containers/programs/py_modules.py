"""Los módulos del Python simulado que tocan el sistema: os, sys, time, json, socket, random, datetime..."""

from __future__ import annotations

import datetime
import json
import math
import posixpath
import re
from collections.abc import Callable
from typing import Any

from dockerlab.errors import FileError

from .. import signals
from ..requests import Pause, Signalled, Sleep
from .kit import account_name, moment
from .making import make_folder, remove_tree
from .options import Options
from .py_files import checked
from .py_values import Class, Instance, Module, Native, Raise, make_error, raised, text_of


def native(name: str, action: Callable[..., Any]) -> Native:
    """Una función que no necesita la máquina."""
    return Native(name, lambda machine, *args, **named: action(*args, **named))


def module(name: str, functions: dict[str, Any], /, **values: Any) -> Module:
    return Module(name, {**{key: native(key, body) for key, body in functions.items()}, **values})


class Environ(dict):
    """os.environ: una tabla de textos."""


def os_module(sys: Any, runtime: Any) -> Module:
    environ = Environ(sys.env)

    def guarded(action: Callable[..., Any]) -> Callable[..., Any]:
        return lambda path=".", *args, **named: checked(text_of(path), lambda: action(text_of(path), *args, **named))

    def made(path: str, mode: int = 0o777, exist_ok: bool = False) -> None:
        if sys.fs.isdir(path) and not exist_ok:
            raise FileError("File exists", key="EEXIST")
        make_folder(sys, path, mode & ~sys.umask, parents=True)

    def walk(top: str) -> list[Any]:
        out, pending = [], [top]
        while pending:
            folder = pending.pop(0)
            names = sys.fs.listdir(folder)
            inner = [name for name in names if sys.fs.isdir(posixpath.join(folder, name))]
            out.append((folder, inner, [name for name in names if name not in inner]))
            pending[:0] = [posixpath.join(folder, name) for name in inner]
        return out

    def leave(code: int) -> None:
        raise Raise(make_error("SystemExit", code))
    path = module("posixpath", {
        **{name: getattr(posixpath, name) for name in ("join", "basename", "dirname", "splitext", "split",
                                                       "normpath", "isabs")},
        "exists": lambda path: sys.fs.exists(text_of(path)),
        "isfile": lambda path: sys.fs.isfile(text_of(path)),
        "isdir": lambda path: sys.fs.isdir(text_of(path)),
        "abspath": lambda path: posixpath.normpath(posixpath.join(sys.cwd, path)),
        "realpath": lambda path: sys.fs.resolve(path),
        "getsize": guarded(lambda path: sys.fs.stat(path).size),
        "expanduser": lambda path: path.replace("~", sys.env.get("HOME", "/root"), 1)}, sep="/")
    facts = sys.uname()
    return module("os", {
        "getenv": lambda name, default=None: environ.get(name, default), "getcwd": lambda: sys.cwd,
        "getpid": lambda: sys.pid,
        "getppid": lambda: sys.ppid, "getuid": lambda: sys.user.uid, "getgid": lambda: sys.user.gid,
        "geteuid": lambda: sys.user.uid, "listdir": guarded(lambda path: list(sys.fs.listdir(path))),
        "makedirs": guarded(made),
        "mkdir": guarded(lambda path, mode=0o777: sys.fs.mkdir(path, mode & ~sys.umask)),
        "remove": guarded(lambda path: sys.fs.remove(path)),
        "unlink": guarded(lambda path: sys.fs.remove(path)),
        "rmdir": guarded(lambda path: sys.fs.rmdir(path)),
        "rename": guarded(lambda path, new: sys.fs.rename(path, new)),
        "chmod": guarded(lambda path, mode: sys.fs.chmod(path, mode)), "walk": guarded(walk),
        "chdir": guarded(lambda path: sys.chdir(path)),
        "cpu_count": lambda: sys.fs.read("/proc/cpuinfo").count(b"processor"),
        "kill": lambda pid, signo: sys.kill(pid, signo), "_exit": leave,
        "getlogin": lambda: account_name(sys, sys.user.uid),
        "uname": lambda: Instance(Class("uname_result", [], {}),
                                  {**facts, "(texto)": lambda: str(tuple(facts.values()))}),
    }, environ=environ, path=path, sep="/", linesep="\n", name="posix")


def sys_module(sys: Any, runtime: Any) -> Module:
    def leave(code: Any = None) -> None:
        raise Raise(make_error("SystemExit", *([] if code is None else [code])))

    def stream(fd: int) -> Instance:
        made = Instance(Class("TextIOWrapper", [], {}), {
            "isatty": native("isatty", lambda: sys.isatty(fd)), "flush": native("flush", lambda: None),
            "write": native("write", lambda text: sys.write(fd, text_of(text)) or len(text))})
        made.kind.names["write"] = Native("write", lambda machine, this, text: sys.write(fd, text_of(text)))
        return made
    version = runtime.version
    numbers = tuple(int(piece) for piece in version.split(".")[:3])
    return module("sys", {"exit": leave, "getrecursionlimit": lambda: 1000,
                          "setrecursionlimit": lambda limit: None,
                          "getsizeof": lambda value: 28 + len(text_of(value))},
                  argv=list(runtime.argv), version=f"{version} (main, Mar  3 2025, 12:00:00) [GCC 12.2.0]",
                  version_info=numbers,
                  platform="linux", path=[posixpath.dirname(runtime.script) or "",
                                          f"/usr/local/lib/python{numbers[0]}.{numbers[1]}"],
                  executable="/usr/local/bin/python3", stdout=stream(1), stderr=stream(2), modules={},
                  maxsize=2**63 - 1)


def time_module(sys: Any, runtime: Any) -> Module:
    def sleep(machine: Any, seconds: float) -> Any:
        if not isinstance(seconds, int | float):
            raise raised("TypeError",
                         f"'{type(seconds).__name__}' object cannot be interpreted as an integer")
        while True:
            try:
                yield Sleep(seconds)
                return
            except Signalled as received:
                yield from runtime.signalled(received.signo)

    def strftime(form: str, when: Any = None) -> str:
        return moment(sys.now()).strftime(form)
    made = module("time", {"time": lambda: sys.now() / 1e9, "monotonic": lambda: sys.now() / 1e9,
                           "perf_counter": lambda: sys.now() / 1e9,
                           "time_ns": sys.now, "strftime": strftime, "gmtime": lambda *args: None,
                           "localtime": lambda *args: None,
                           "ctime": lambda *args: moment(sys.now()).strftime("%a %b %d %H:%M:%S %Y")})
    made.names["sleep"] = Native("sleep", sleep)
    return made


def json_module(sys: Any, runtime: Any) -> Module:
    def plain(value: Any) -> Any:
        raise raised("TypeError",
                     f"Object of type {getattr(getattr(value, 'kind', None), 'name', type(value).__name__)} "
                                  "is not JSON serializable")

    def loads(text: Any, **named: Any) -> Any:
        try:
            return json.loads(text)
        except ValueError as error:
            raise raised("JSONDecodeError", str(error)) from None

    def dumps(value: Any, indent: Any = None, ensure_ascii: bool = True, sort_keys: bool = False,
              default: Any = None, **named: Any) -> str:
        return json.dumps(value, indent=indent, ensure_ascii=ensure_ascii, sort_keys=sort_keys,
                          default=(lambda item: text_of(item)) if default else plain)

    def dump(value: Any, file: Instance, **named: Any) -> None:
        file.inner.write(dumps(value, **named))
    return module("json", {"loads": loads, "dumps": dumps, "load": lambda file: loads(file.inner.read()), "dump": dump},
                  JSONDecodeError=runtime.errors["JSONDecodeError"])


def random_module(sys: Any, runtime: Any) -> Module:
    def number() -> float:
        return int.from_bytes(sys.random(6), "big") / 2**48

    def between(low: int, high: int) -> int:
        return low + int(number() * (high - low + 1))

    def shuffle(items: list[Any]) -> None:
        for at in range(len(items) - 1, 0, -1):
            other = between(0, at)
            items[at], items[other] = items[other], items[at]

    def sample(items: Any, count: int) -> list[Any]:
        out = list(items)
        shuffle(out)
        return out[:count]
    return module("random", {
        "random": number, "randint": between, "choice": lambda items: items[between(0, len(items) - 1)],
        "uniform": lambda low, high: low + number() * (high - low), "shuffle": shuffle, "sample": sample,
        "seed": lambda *args: None,
        "randrange": lambda low, high=None: between(0, low - 1) if high is None else between(low, high - 1)})


def socket_module(sys: Any, runtime: Any) -> Module:
    def resolve(host: str) -> str:
        found = sys.lookup(host)
        if not found:
            raise Raise(make_error("OSError", -2, "Name or service not known"))
        return found[0]
    return module("socket", {"gethostname": lambda: sys.uname()["nodename"], "gethostbyname": resolve,
                             "getfqdn": lambda *args: sys.uname()["nodename"]},
                             error=runtime.errors["OSError"])


def datetime_module(sys: Any, runtime: Any) -> Module:
    def wrap(when: Any) -> Instance:
        simple = ("year", "month", "day", "hour", "minute", "second")
        made = Instance(Class("datetime", [], {}),
                        {name: getattr(when, name) for name in simple if hasattr(when, name)}, inner=when)
        made.names |= {"(texto)": lambda: str(when),
                       "isoformat": native("isoformat", lambda *args, **named: when.isoformat(*args, **named)),
                       "strftime": native("strftime", lambda form: when.strftime(form)),
                       "timestamp": native("timestamp", lambda: when.replace(tzinfo=datetime.UTC).timestamp()),
                       "date": native("date", lambda: wrap(when.date())), "weekday": native("weekday", when.weekday)}
        return made

    def now(*args: Any, **named: Any) -> Instance:
        when = datetime.datetime.fromtimestamp(sys.now() / 1e9, datetime.UTC)
        return wrap(when if args or named else when.replace(tzinfo=None))
    zone = module("timezone", {}, utc="UTC")
    maker = module("datetime.datetime", {"now": now, "utcnow": now, "today": now,
                                         "fromisoformat": lambda text: wrap(datetime.datetime.fromisoformat(text))})
    return module("datetime", {}, datetime=maker,
                  date=module("datetime.date", {"today": lambda: wrap(now().inner.date())}),
                  timezone=zone, UTC="UTC")


def signal_module(sys: Any, runtime: Any) -> Module:
    names = {f"SIG{name}": number for number, name in enumerate(signals.NAMES, 1)}

    def handle(signo: int, function: Any) -> None:
        runtime.handlers[signo] = function
        (sys.default if function == 0 else sys.ignore if function == 1 else sys.catch)(signo)

    def pause(machine: Any) -> Any:
        try:
            yield Pause()
        except Signalled as received:
            yield from runtime.signalled(received.signo)
    made = module("signal", {"signal": handle}, SIG_DFL=0, SIG_IGN=1, **names)
    made.names["pause"] = Native("pause", pause)
    return made


def logging_module(sys: Any, runtime: Any) -> Module:
    levels = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}
    state = {"level": 30, "format": "%(levelname)s:%(name)s:%(message)s"}

    def configure(**named: Any) -> None:
        level = named.get("level", state["level"])
        state["level"] = levels.get(level, level) if isinstance(level, str) else level
        state["format"] = named.get("format", state["format"])

    def log(name: str, level: str) -> Callable[..., Any]:
        def body(text: Any, *args: Any, **named: Any) -> None:
            if levels[level] < state["level"]:
                return
            message = text_of(text) % args if args else text_of(text)
            stamp = moment(sys.now()).strftime("%Y-%m-%d %H:%M:%S") + f",{sys.now() // 1_000_000 % 1000:03d}"
            row = {"levelname": level, "name": name, "message": message, "asctime": stamp, "process": sys.pid}
            sys.err(re.sub(r"%\((\w+)\)-?\d*[sd]", lambda hit: str(row.get(hit[1], "")), state["format"])
                    + "\n")
        return body

    def logger(name: str = "root") -> Module:
        return module(name, {level.lower(): log(name, level) for level in levels} | {
            "warn": log(name, "WARNING"), "exception": log(name, "ERROR"),
            "setLevel": lambda level: configure(level=level)})
    return module("logging", {"basicConfig": configure, "getLogger": logger,
                              **{level.lower(): log("root", level) for level in levels}}, **levels)


def platform_module(sys: Any, runtime: Any) -> Module:
    facts = sys.uname()
    return module("platform", {"python_version": lambda: runtime.version, "node": lambda: facts["nodename"],
                               "system": lambda: facts["sysname"], "release": lambda: facts["release"],
                               "machine": lambda: facts["machine"],
                               "platform": lambda: f"Linux-{facts['release']}-x86_64-with-glibc2.36"})


def math_module(sys: Any, runtime: Any) -> Module:
    names = "sqrt floor ceil sin cos tan log log2 log10 exp pow gcd isclose fabs hypot trunc".split()
    return module("math", {name: getattr(math, name) for name in names} | {
        "factorial": lambda number: math.factorial(min(number, 2000))}, pi=math.pi, e=math.e, inf=math.inf,
        nan=math.nan)


def shutil_module(sys: Any, runtime: Any) -> Module:
    return module("shutil", {
        "rmtree": lambda path, **named: checked(
            path, lambda: remove_tree(sys, Options("python", False), path) and None),
        "copy": lambda source, target: checked(source, lambda: sys.fs.write(target, sys.fs.read(source))),
        "which": lambda name: sys.which(name)})


def collections_module(sys: Any, runtime: Any) -> Module:
    def counter(machine: Any, items: Any = ()) -> Any:
        out: dict[Any, int] = {}
        for item in (yield from machine.listed(items)):
            out[item] = out.get(item, 0) + 1
        return out
    made = module("collections", {"OrderedDict": lambda *args: dict(*args),
                                  "deque": lambda items=(), **named: list(items)})
    made.names["Counter"] = Native("Counter", counter)
    return made


def uuid_module(sys: Any, runtime: Any) -> Module:
    def uuid4() -> str:
        digits = sys.random(16).hex()
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"
    return module("uuid", {"uuid4": uuid4})


MODULES: dict[str, Callable[[Any, Any], Module]] = {
    "os": os_module, "sys": sys_module, "time": time_module, "json": json_module, "random": random_module,
    "socket": socket_module, "datetime": datetime_module, "signal": signal_module, "logging": logging_module,
    "platform": platform_module, "math": math_module, "shutil": shutil_module,
    "collections": collections_module,
    "uuid": uuid_module, "os.path": lambda sys, runtime: os_module(sys, runtime).names["path"],
    "typing": lambda sys, runtime: Module("typing", dict.fromkeys(
        "Any List Dict Optional Union Tuple Callable Iterable Iterator".split(), {})),
    "__future__": lambda sys, runtime: Module("__future__", {"annotations": None})}
