"""Los módulos de Node que tocan el sistema: fs, os, process y crypto, sobre `sys`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from dockerlab.errors import FileError

from .js_dates import date
from .js_inspect import show
from .js_values import Array, Function, Thing, Throw, error, fail, from_json, number_of, text_of, truthy, undefined
from .kit import account_name
from .making import make_folder, remove_tree
from .node_http import bytes_of
from .node_loop import Exit, Loop
from .options import Options
from .system import proc

NUMBERS = {"ENOENT": -2.0, "EACCES": -13.0, "EEXIST": -17.0, "ENOTDIR": -20.0, "EISDIR": -21.0,
           "EROFS": -30.0,
           "ENOTEMPTY": -39.0, "EPERM": -1.0, "ENOSPC": -28.0}


def table(functions: dict[str, Callable[..., Any]]) -> Thing:
    return Thing({name: Function(name, body) for name, body in functions.items()})


def option(args: list[Any], at: int, name: str) -> Any:
    value = args[at] if at < len(args) else undefined
    return value.props.get(name, undefined) if isinstance(value, Thing) else undefined


class Core:
    """Lo que Node ofrece a un programa, aparte del propio lenguaje."""

    def __init__(self, sys: Any, loop: Loop, version: str):
        self.sys, self.loop, self.version = sys, loop, version
        self.started = sys.now()

    # -- fs --
    def guarded(self, call: str, path: str, action: Callable[[], Any]) -> Any:
        """Hace `action`; un error de archivos se convierte en el Error de Node."""
        try:
            return action()
        except FileError as problem:
            reason = problem.text[0].lower() + problem.text[1:]
            raise Throw(error(f"{problem.key}: {reason}, {call} '{path}'",
                              errno=NUMBERS.get(problem.key, -5.0), syscall=call,
                              code=problem.key, path=path)) from None

    def read(self, args: list[Any]) -> Any:
        path = text_of(args[0])
        data = self.guarded("open", path, lambda: self.sys.fs.read(path))
        encoding = args[1] if len(args) > 1 and isinstance(args[1], str) else option(args, 1, "encoding")
        return data.decode("utf-8", "replace") if isinstance(encoding, str) else Thing(kind="Buffer", inner=data)

    def write(self, args: list[Any], append: bool) -> Any:
        path = text_of(args[0])
        append = append or option(args, 2, "flag") == "a"
        mode = 0o666 & ~self.sys.umask
        self.guarded("open", path, lambda: self.sys.fs.write(path, bytes_of(args[1]), append=append, mode=mode))
        return undefined

    def mkdir(self, args: list[Any]) -> Any:
        path, deep = text_of(args[0]), truthy(option(args, 1, "recursive"))
        self.guarded("mkdir", path, lambda: make_folder(self.sys, path, 0o777 & ~self.sys.umask, deep))
        return undefined

    def remove(self, args: list[Any]) -> Any:
        path, deep, force = text_of(args[0]), truthy(option(args, 1, "recursive")), truthy(option(args, 1, "force"))
        if force and not self.sys.fs.exists(path, follow=False):
            return undefined
        if deep and self.sys.fs.isdir(path):
            remove_tree(self.sys, Options("node", False), path)
        else:
            self.guarded("unlink", path, lambda: self.sys.fs.remove(path))
        return undefined

    def stat(self, args: list[Any]) -> Any:
        path = text_of(args[0])
        found = self.guarded("stat", path, lambda: self.sys.fs.stat(path))
        when = date(self.started, [found.mtime / 1e6])
        about = Thing({"size": float(found.size), "mode": float(found.mode), "uid": float(found.uid),
                       "gid": float(found.gid),
                       "mtime": when, "ctime": when, "birthtime": when, "mtimeMs": found.mtime / 1e6})
        for name, kind in (("isFile", "-"), ("isDirectory", "d"), ("isSymbolicLink", "l")):
            about.props[name] = Function(name, lambda this, args, kind=kind: found.kind == kind)
        return about

    def fs(self) -> Thing:
        sys = self.sys

        def simple(call: str, action: Callable[[str, list[Any]], Any]) -> Callable[..., Any]:
            def body(this: Any, args: list[Any]) -> Any:
                result = self.guarded(call, text_of(args[0]), lambda: action(text_of(args[0]), args))
                return undefined if result is None else result
            return body
        return table({
            "readFile": lambda this, args: self.read(args), "writeFile": lambda this, args: self.write(args, False),
            "appendFile": lambda this, args: self.write(args, True),
            "exists": lambda this, args: sys.fs.exists(text_of(args[0])), "mkdir": lambda this, args: self.mkdir(args),
            "rm": lambda this, args: self.remove(args),
            "unlink": simple("unlink", lambda path, args: sys.fs.remove(path)),
            "rmdir": simple("rmdir", lambda path, args: sys.fs.rmdir(path)),
            "readdir": simple("scandir", lambda path, args: Array(list(sys.fs.listdir(path)))),
            "rename": simple("rename", lambda path, args: sys.fs.rename(path, text_of(args[1]))),
            "chmod": simple("chmod", lambda path, args: sys.fs.chmod(path, int(number_of(args[1])))),
            "copyFile": simple("copyfile", lambda path, args: sys.fs.write(text_of(args[1]), sys.fs.read(path))),
            "access": simple("access", lambda path, args: sys.fs.stat(path) and None),
            "stat": lambda this, args: self.stat(args)})

    # -- os y crypto --
    def os(self) -> Thing:
        sys = self.sys
        facts = sys.uname()

        def memory(name: str) -> float:
            rows = dict(row.split(":") for row in proc(sys, "meminfo").splitlines())
            return float(rows[name].split()[0]) * 1024

        def cards(this: Any, args: list[Any]) -> Thing:
            return from_json({card["name"]: [{"address": card["address"].split("/")[0], "family": "IPv4",
                                              "mac": card["mac"],
                                              "internal": card["name"] == "lo"}] for card in sys.addresses()})
        return table({
            "hostname": lambda this, args: facts["nodename"], "platform": lambda this, args: "linux",
            "type": lambda this, args: "Linux", "release": lambda this, args: facts["release"],
            "arch": lambda this, args: "x64", "tmpdir": lambda this, args: "/tmp",
            "homedir": lambda this, args: sys.env.get("HOME", "/root"),
            "uptime": lambda this, args: float(proc(sys, "uptime").split()[0]),
            "totalmem": lambda this, args: memory("MemTotal"), "freemem": lambda this, args: memory("MemFree"),
            "loadavg": lambda this, args: Array([0.0, 0.0, 0.0]),
            "cpus": lambda this, args: Array([Thing({"model": "Procesador simulado", "speed": 2400.0})
                                              for _ in range(proc(sys, "cpuinfo").count("processor"))]),
            "userInfo": lambda this, args: Thing({"uid": float(sys.user.uid), "gid": float(sys.user.gid),
                                                  "username": account_name(sys, sys.user.uid)}),
            "networkInterfaces": cards})

    def crypto(self) -> Thing:
        def uuid(this: Any, args: list[Any]) -> str:
            digits = self.sys.random(16).hex()
            return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"

        def digest(this: Any, args: list[Any]) -> Any:
            name = text_of(args[0])
            if name not in ("md5", "sha1", "sha256", "sha512"):
                raise fail("Digest method not supported", "Error")
            data = hashlib.new(name, bytes_of(args[1])).digest()
            return data.hex() if args[2] == "hex" else Thing(kind="Buffer", inner=data)
        return table({
            "randomUUID": uuid, "hash": digest,
            "randomBytes": lambda this, args: Thing(kind="Buffer", inner=self.sys.random(int(number_of(args[0])))),
            "random": lambda this, args: float(int.from_bytes(self.sys.random(6), "big") / 2**48)})

    # -- process y console --
    def process(self, argv: list[str]) -> Thing:
        sys, loop = self.sys, self.loop
        facts = Thing(kind="process")
        env = Thing(dict(sys.env))

        def on(this: Any, args: list[Any]) -> Thing:
            name = text_of(args[0])
            loop.handlers.setdefault(name, []).append(args[1])
            if name.startswith("SIG") and name not in ("SIGKILL", "SIGSTOP"):
                sys.catch(name[3:])
            return facts

        def leave(this: Any, args: list[Any]) -> Any:
            code = args[0] if args and args[0] is not undefined else facts.props.get("exitCode", 0.0)
            raise Exit(int(number_of(code)) & 255)

        def send_signal(this: Any, args: list[Any]) -> bool:
            name = text_of(args[1]) if len(args) > 1 else "SIGTERM"
            self.guarded("kill", text_of(args[0]),
                         lambda: sys.kill(int(number_of(args[0])), name.removeprefix("SIG")))
            return True

        def later(this: Any, args: list[Any]) -> Any:
            loop.ticks.append(lambda: loop.perform(args[0], args[1:]))
            return undefined

        def seconds() -> float:
            return (sys.now() - self.started) / 1e9
        facts.props |= table({
            "on": on, "once": on, "addListener": on, "exit": leave, "kill": send_signal, "nextTick": later,
            "cwd": lambda this, args: sys.cwd, "uptime": lambda this, args: seconds(),
            "getuid": lambda this, args: float(sys.user.uid), "getgid": lambda this, args: float(sys.user.gid),
            "emitWarning": lambda this, args: sys.err(f"(node:{sys.pid}) Warning: {text_of(args[0])}\n") or undefined,
            "memoryUsage": lambda this, args: from_json({"rss": 45_000_000, "heapTotal": 6_500_000,
                                                         "heapUsed": 5_100_000, "external": 420_000}),
            "hrtime": lambda this, args: Array([float(int(seconds())), float(int(seconds() % 1 * 1e9))]),
            "removeListener": lambda this, args: loop.handlers.pop(text_of(args[0]), None) and facts or facts,
            "abort": lambda this, args: sys.kill(sys.pid, "ABRT") or undefined}).props
        major = int(self.version.split(".")[0])
        facts.props |= {
            "env": env, "argv": Array(["/usr/local/bin/node", *argv]), "pid": float(sys.pid),
            "ppid": float(sys.ppid),
            "platform": "linux", "arch": "x64", "version": f"v{self.version}", "title": "node",
            "execPath": "/usr/local/bin/node",
            "execArgv": Array(), "exitCode": undefined, "release": Thing({"name": "node"}),
            "versions": Thing({"node": self.version,
                               "v8": {14: "8.4.371", 16: "9.4.146", 18: "10.2.154"}.get(major, "11.3.244")})}
        for name, fd in (("stdout", 1), ("stderr", 2)):
            stream = table({"write": lambda this, args, fd=fd: sys.write(fd, bytes_of(args[0])) or True,
                            "on": lambda this, args: undefined, "end": lambda this, args: undefined})
            stream.props |= {"isTTY": sys.isatty(fd) or undefined, "columns": 80.0, "fd": float(fd)}
            facts.props[name] = stream
        return facts

    def console(self) -> Thing:
        pad = [""]
        counts: dict[str, int] = {}
        marks: dict[str, int] = {}

        def line(fd: int) -> Callable[..., Any]:
            def body(this: Any, args: list[Any]) -> Any:
                text = pad[0] + show(args).replace("\n", "\n" + pad[0]) + "\n"
                self.sys.write(fd, text.encode("utf-8", "surrogateescape"))
                return undefined
            return body

        def group(this: Any, args: list[Any]) -> Any:
            if args:
                line(1)(this, args)
            pad[0] += "  "
            return undefined

        def group_end(this: Any, args: list[Any]) -> Any:
            pad[0] = pad[0][:-2]
            return undefined

        def count(this: Any, args: list[Any]) -> Any:
            name = text_of(args[0]) if args else "default"
            counts[name] = counts.get(name, 0) + 1
            return line(1)(this, [f"{name}: {counts[name]}"])

        def start(this: Any, args: list[Any]) -> Any:
            marks[text_of(args[0]) if args else "default"] = self.sys.now()
            return undefined

        def stop(this: Any, args: list[Any]) -> Any:
            name = text_of(args[0]) if args else "default"
            spent = (self.sys.now() - marks.pop(name, self.sys.now())) / 1e6
            return line(1)(this, [f"{name}: {spent:.3f}ms"])
        out, err = line(1), line(2)
        return table({"log": out, "info": out, "debug": out, "dir": out, "table": out, "error": err,
                      "warn": err, "trace": err,
                      "group": group, "groupEnd": group_end, "count": count, "time": start, "timeEnd": stop,
                      "assert": lambda this, args: undefined if args and truthy(args[0]) else
                      err(this, ["Assertion failed", *args[1:]])})
