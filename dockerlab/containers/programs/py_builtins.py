"""Las funciones de siempre del Python simulado: print, len, range, sorted, open..."""

from __future__ import annotations

import zlib
from typing import Any

from dockerlab.errors import FileError

from ..requests import Read
from .py_operators import LIMIT, attribute
from .py_values import (
    ERRORS,
    Class,
    Function,
    Instance,
    Module,
    Native,
    Raise,
    instance_of,
    make_error,
    raised,
    repr_of,
    text_of,
)

KINDS = {"ENOENT": ("FileNotFoundError", 2), "EEXIST": ("FileExistsError", 17),
         "EACCES": ("PermissionError", 13),
         "EPERM": ("PermissionError", 1), "EISDIR": ("IsADirectoryError", 21),
         "ENOTDIR": ("NotADirectoryError", 20),
         "EPIPE": ("BrokenPipeError", 32),
         "EROFS": ("OSError", 30), "ENOSPC": ("OSError", 28), "ENOTEMPTY": ("OSError", 39)}


def os_error(error: FileError, path: str) -> Raise:
    """El error de Python para un error de archivos; sin `path`, no es de ninguno."""
    kind, number = KINDS.get(error.key, ("OSError", 5))
    return Raise(make_error(kind, number, error.text, errno=number, strerror=error.text, filename=path))


def checked(path: str, action: Any) -> Any:
    try:
        return action()
    except FileError as error:
        raise os_error(error, path) from None


class FileMethods:
    """Un archivo abierto: lo leído y lo que falta por escribir."""

    def __init__(self, sys: Any, path: str, mode: str):
        self.sys, self.path, self.mode, self.closed = sys, path, mode, False
        self.binary = "b" in mode
        if "r" in mode:
            self.data = checked(path, lambda: sys.fs.read(path))
        elif "x" in mode and sys.fs.exists(path):
            raise raised("FileExistsError", f"[Errno 17] File exists: '{path}'")
        else:
            self.data = b""
            checked(path, lambda: sys.fs.write(path, b"", append="a" in mode, mode=0o666 & ~sys.umask))
        self.at = 0

    def decode(self, data: bytes) -> Any:
        return data if self.binary else data.decode("utf-8", "replace")

    def read(self, machine: Any, this: Any, size: int = -1) -> Any:
        end = len(self.data) if size is None or size < 0 else self.at + size
        piece, self.at = self.data[self.at:end], min(end, len(self.data))
        return self.decode(piece)

    def readline(self, machine: Any, this: Any) -> Any:
        end = self.data.find(b"\n", self.at) + 1 or len(self.data)
        piece, self.at = self.data[self.at:end], end
        return self.decode(piece)

    def readlines(self, machine: Any, this: Any) -> Any:
        piece, self.at = self.data[self.at:], len(self.data)
        return [self.decode(line) for line in piece.splitlines(keepends=True)]

    def write(self, machine: Any, this: Any, value: Any) -> int:
        if not isinstance(value, str | bytes):
            raise raised("TypeError", f"write() argument must be str, not {type(value).__name__}")
        data = value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")
        checked(self.path, lambda: self.sys.fs.write(self.path, data, append=True))
        return len(value)

    def close(self, machine: Any, this: Any, *ignored: Any) -> None:
        self.closed = True


FILE = Class("TextIOWrapper", [], {})


def make_builtins(sys: Any) -> dict[str, Any]:
    """Los nombres que existen en todo programa."""
    def write(machine: Any, *values: Any, sep: str = " ", end: str = "\n", file: Any = None,
              flush: bool = False) -> Any:
        pieces = []
        for value in values:
            pieces.append((yield from shown(machine, value)))
        text = sep.join(pieces) + end
        if isinstance(file, Instance) and file.find("write"):
            yield from machine.call(attribute(file, "write"), [text], {})
        else:
            sys.write(2 if file == "stderr" else 1, text.encode("utf-8", "surrogateescape"))

    def shown(machine: Any, value: Any, special: str = "__str__") -> Any:
        maker = value.find(special) or value.find("__repr__") if isinstance(value, Instance) else None
        if maker:
            return (yield from machine.call(maker, [], {}))
        return text_of(value) if special == "__str__" else repr_of(value)

    def opening(machine: Any, path: Any, mode: str = "r", **ignored: Any) -> Instance:
        methods = FileMethods(sys, text_of(path), mode)
        made = Instance(FILE, inner=methods)
        for name in ("read", "readline", "readlines", "write", "close"):
            made.names[name] = Native(name, lambda machine, *args,
                                      body=getattr(methods, name): body(machine, made, *args))
        made.names |= {"name": path, "flush": Native("flush", lambda machine: None),
                       "__enter__": Native("__enter__", lambda machine: made),
                       "__exit__": Native("__exit__", lambda machine, *args: None),
                       "__iter__": Native("__iter__", lambda machine: methods.readlines(machine, made))}
        made.kind = Class("TextIOWrapper", [],
                          {"__iter__": Native("__iter__", lambda machine,
                                              this: methods.readlines(machine, this)),
                                                "write": Native("write", lambda machine, this,
                                                                text: methods.write(machine, this, text))})
        return made

    def asking(machine: Any, prompt: Any = "") -> Any:
        sys.out(text_of(prompt))
        data = yield Read(0, 65536, True)
        if not data:
            raise raised("EOFError", "EOF when reading a line")
        return data.decode("utf-8", "replace").rstrip("\n")

    def length(machine: Any, value: Any) -> Any:
        if isinstance(value, Instance) and value.find("__len__"):
            return (yield from machine.call(value.find("__len__"), [], {}))
        return machine.guard(lambda: len(value))

    def listing(machine: Any, value: Any = ()) -> Any:
        items = yield from machine.listed(value)
        if len(items) > LIMIT // 16:
            raise raised("MemoryError")
        return list(items)

    def integer(machine: Any, value: Any = 0, base: int = 10) -> int:
        return machine.guard(lambda: int(value, base) if isinstance(value, str) else int(value))

    def ordered(machine: Any, value: Any, key: Any = None, reverse: bool = False) -> Any:
        out = list((yield from machine.listed(value)))
        yield from machine.call(attribute(out, "sort"), [], {"key": key, "reverse": reverse})
        return out

    def extreme(pick: Any) -> Any:
        def body(machine: Any, *values: Any, key: Any = None, default: Any = ...) -> Any:
            items = list((yield from machine.listed(values[0]))) if len(values) == 1 else list(values)
            if not items and default is not ...:
                return default
            ranked = []
            for item in items:
                ranked.append(((yield from machine.call(key, [item], {})) if key else item, item))
            return machine.guard(lambda: pick(ranked, key=lambda pair: pair[0])[1])
        return body

    def total(machine: Any, value: Any, start: Any = 0) -> Any:
        items = yield from machine.listed(value)
        return machine.guard(lambda: sum(items, start))

    def mapped(machine: Any, function: Any, *values: Any) -> Any:
        columns, out = [], []
        for value in values:
            columns.append((yield from machine.listed(value)))
        for row in zip(*columns, strict=False):
            out.append((yield from machine.call(function, list(row), {})))
        return out

    def filtered(machine: Any, function: Any, value: Any) -> Any:
        out = []
        for item in (yield from machine.listed(value)):
            if (yield from machine.call(function, [item], {})) if function else item:
                out.append(item)
        return out

    def zipped(machine: Any, *values: Any) -> Any:
        columns = []
        for value in values:
            columns.append((yield from machine.listed(value)))
        return list(zip(*columns, strict=False))

    def numbered(machine: Any, value: Any, start: int = 0) -> Any:
        return list(enumerate((yield from machine.listed(value)), start))

    def every(check: Any) -> Any:
        def body(machine: Any, value: Any) -> Any:
            return check((yield from machine.listed(value)))
        return body

    def collected(kind: Any) -> Any:
        def body(machine: Any, value: Any = (), **named: Any) -> Any:
            if kind is dict:
                pairs = value if isinstance(value, dict) else (yield from machine.listed(value))
                return {**machine.guard(lambda: dict(pairs)), **named}
            return kind((yield from machine.listed(value)))
        return body

    def get(machine: Any, value: Any, name: str, *default: Any) -> Any:
        try:
            return attribute(value, name)
        except Raise:
            if default:
                return default[0]
            raise

    def has(machine: Any, value: Any, name: str) -> bool:
        return get(machine, value, name, ...) is not ...

    def kind_of(machine: Any, value: Any) -> Any:
        return value.kind if isinstance(value, Instance) else Native(type(value).__name__, lambda machine,
                                                                     *args: None)

    def leave(machine: Any, code: Any = None) -> Any:
        raise Raise(make_error("SystemExit", *([] if code is None else [code])))

    plain = {"abs": abs, "round": round, "ord": ord, "chr": chr, "bin": bin, "hex": hex, "oct": oct,
             "divmod": divmod,
             "pow": lambda *args: pow(*args) if args[1] < 10_000 else 0,
             "hash": lambda value: zlib.crc32(repr_of(value).encode()),
             "id": lambda value: 139_890_000_000_000, "range": range, "bool": lambda value=False: bool(value),
             "callable": lambda value: isinstance(
                 value, Function | Native | Class), "reversed": lambda value: list(reversed(value)),
                 "float": float,
             "bytes": lambda value=b"", encoding="utf-8": value.encode(encoding) if isinstance(value, str)
             else bytes(value)
             if not isinstance(value, int) or value < LIMIT else b"", "format": lambda value,
             spec="": format(value, spec)}
    names: dict[str, Any] = {
        "print": write, "len": length, "list": listing, "int": integer, "sorted": ordered,
        "max": extreme(max), "min": extreme(min),
        "sum": total, "map": mapped, "filter": filtered, "zip": zipped, "enumerate": numbered,
        "any": every(any), "all": every(all),
        "dict": collected(dict), "tuple": collected(tuple), "set": collected(set),
        "frozenset": collected(frozenset),
        "open": opening, "input": asking, "getattr": get, "hasattr": has, "type": kind_of, "exit": leave,
        "quit": leave,
        "str": lambda machine, value="", *args: value.decode(*args) if args and isinstance(value, bytes)
        else shown(machine, value),
        "repr": lambda machine, value: shown(machine, value, "__repr__"),
        "isinstance": lambda machine, value, kind: instance_of(value, kind),
        "issubclass": lambda machine, one, other: isinstance(one, Class) and one.derives(other),
        "iter": lambda machine, value: machine.listed(value), "vars": lambda machine,
        value: dict(value.names),
        "setattr": lambda machine, value, name, item: value.names.__setitem__(name, item),
        "next": lambda machine, value, default=None: value[0] if value else default,
        "property": lambda machine, function: Native(function.name, lambda machine,
                                                     this: machine.call(function, [this], {}), True),
        "staticmethod": lambda machine, function: Native(
            function.name, lambda machine, this, *args, **named: machine.call(function, list(args), named),
            of_class=True),
        "classmethod": lambda machine, function: Native(
            function.name, lambda machine, this, *args, **named: machine.call(
                function, [this.kind if isinstance(this, Instance) else this, *args], named), of_class=True)}
    out: dict[str, Any] = {name: Native(name, body) for name, body in names.items()}
    for name, action in plain.items():
        out[name] = Native(name, lambda machine, *args, action=action,
                           **named: machine.guard(lambda: action(*args, **named)))
    out["object"] = Class("object", [], {})
    out["Ellipsis"], out["NotImplemented"], out["__debug__"] = ..., Module("NotImplemented", {}), True
    return out | dict(ERRORS)
