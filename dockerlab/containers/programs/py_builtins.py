"""Las funciones de siempre del Python simulado: print, len, range, sorted, open...

Cada una recibe la máquina que ejecuta el programa; la que llama a algo del programa
es un generador.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

from ..requests import Read
from .py_files import opened
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


def make_builtins(sys: Any) -> dict[str, Any]:
    """Los nombres que existen en todo programa."""
    with_machine = {**FUNCTIONS, "print": partial(write, sys), "open": partial(opened, sys), "input": partial(ask, sys)}
    return {**{name: Native(name, body) for name, body in with_machine.items()},
            **{name: Native(name, partial(guarded, action)) for name, action in PLAIN.items()},
            "object": Class("object", [], {}), "Ellipsis": ..., "NotImplemented": Module("NotImplemented", {}),
            "__debug__": True, **ERRORS}


def guarded(action: Callable[..., Any], machine: Any, *args: Any, **named: Any) -> Any:
    """Una función que no necesita la máquina; sus errores son los del programa."""
    return machine.guard(lambda: action(*args, **named))


# ── leer y escribir ──────────────────────────────────────────────────────────

def write(sys: Any, machine: Any, *values: Any, sep: str = " ", end: str = "\n", file: Any = None,
          flush: bool = False) -> Any:
    """`print`."""
    pieces = []
    for value in values:
        pieces.append((yield from shown(machine, value)))
    text = sep.join(pieces) + end
    if isinstance(file, Instance) and file.find("write"):
        yield from machine.call(attribute(file, "write"), [text], {})
    else:
        sys.write(2 if file == "stderr" else 1, text.encode("utf-8", "surrogateescape"))


def shown(machine: Any, value: Any, special: str = "__str__") -> Any:
    """El texto de un objeto: el que diga su método `special`, si lo tiene."""
    maker = value.find(special) or value.find("__repr__") if isinstance(value, Instance) else None
    if maker:
        return (yield from machine.call(maker, [], {}))
    return text_of(value) if special == "__str__" else repr_of(value)


def ask(sys: Any, machine: Any, prompt: Any = "") -> Any:
    """`input`."""
    sys.out(text_of(prompt))
    data = yield Read(0, 65536, True)
    if not data:
        raise raised("EOFError", "EOF when reading a line")
    return data.decode("utf-8", "replace").rstrip("\n")


# ── recorrer ─────────────────────────────────────────────────────────────────

def length(machine: Any, value: Any) -> Any:
    """`len`."""
    if isinstance(value, Instance) and value.find("__len__"):
        return (yield from machine.call(value.find("__len__"), [], {}))
    return machine.guard(lambda: len(value))


def listing(machine: Any, value: Any = ()) -> Any:
    """`list`. `MemoryError` si no cabe."""
    items = yield from machine.listed(value)
    if len(items) > LIMIT // 16:
        raise raised("MemoryError")
    return list(items)


def ordered(machine: Any, value: Any, key: Any = None, reverse: bool = False) -> Any:
    """`sorted`."""
    out = list((yield from machine.listed(value)))
    yield from machine.call(attribute(out, "sort"), [], {"key": key, "reverse": reverse})
    return out


def extreme(pick: Callable[..., Any], machine: Any, *values: Any, key: Any = None, default: Any = ...) -> Any:
    """`max` y `min`."""
    items = list((yield from machine.listed(values[0]))) if len(values) == 1 else list(values)
    if not items and default is not ...:
        return default
    ranked = []
    for item in items:
        ranked.append(((yield from machine.call(key, [item], {})) if key else item, item))
    return machine.guard(lambda: pick(ranked, key=lambda pair: pair[0])[1])


def total(machine: Any, value: Any, start: Any = 0) -> Any:
    """`sum`."""
    items = yield from machine.listed(value)
    return machine.guard(lambda: sum(items, start))


def columns(machine: Any, values: tuple[Any, ...]) -> Any:
    """Varios objetos recorridos a la vez: una tupla por fila, hasta que se acabe el más corto."""
    found = []
    for value in values:
        found.append((yield from machine.listed(value)))
    return list(zip(*found, strict=False))


def mapped(machine: Any, function: Any, *values: Any) -> Any:
    """`map`."""
    out = []
    for row in (yield from columns(machine, values)):
        out.append((yield from machine.call(function, list(row), {})))
    return out


def filtered(machine: Any, function: Any, value: Any) -> Any:
    """`filter`."""
    out = []
    for item in (yield from machine.listed(value)):
        if (yield from machine.call(function, [item], {})) if function else item:
            out.append(item)
    return out


def numbered(machine: Any, value: Any, start: int = 0) -> Any:
    """`enumerate`."""
    return list(enumerate((yield from machine.listed(value)), start))


def collected(kind: Callable[[Any], Any], machine: Any, value: Any = ()) -> Any:
    """`tuple`, `set`, `any`, `all`...: `kind` de todo lo que da `value`."""
    return kind((yield from machine.listed(value)))


def dictionary(machine: Any, value: Any = (), **named: Any) -> Any:
    """`dict`."""
    pairs = value if isinstance(value, dict) else (yield from machine.listed(value))
    return {**machine.guard(lambda: dict(pairs)), **named}


# ── objetos ──────────────────────────────────────────────────────────────────

def get(machine: Any, value: Any, name: str, *default: Any) -> Any:
    """`getattr`."""
    try:
        return attribute(value, name)
    except Raise:
        if default:
            return default[0]
        raise


def has(machine: Any, value: Any, name: str) -> bool:
    """`hasattr`."""
    return get(machine, value, name, ...) is not ...


def kind_of(machine: Any, value: Any) -> Any:
    """`type`, con un solo argumento."""
    return value.kind if isinstance(value, Instance) else Native(type(value).__name__, lambda machine, *args: None)


def text(machine: Any, value: Any = "", *encoding: Any) -> Any:
    """`str`."""
    return value.decode(*encoding) if encoding and isinstance(value, bytes) else shown(machine, value)


def as_property(machine: Any, function: Any) -> Native:
    """`property`: el método se llama al leer su nombre."""
    return Native(function.name, lambda machine, this: machine.call(function, [this], {}), is_property=True)


def static_method(machine: Any, function: Any) -> Native:
    """`staticmethod`: se llama sin el objeto."""
    def body(machine: Any, this: Any, *args: Any, **named: Any) -> Any:
        return machine.call(function, list(args), named)
    return Native(function.name, body, of_class=True)


def class_method(machine: Any, function: Any) -> Native:
    """`classmethod`: se llama con la clase."""
    def body(machine: Any, this: Any, *args: Any, **named: Any) -> Any:
        return machine.call(function, [this.kind if isinstance(this, Instance) else this, *args], named)
    return Native(function.name, body, of_class=True)


def leave(machine: Any, code: Any = None) -> None:
    """`exit`."""
    raise Raise(make_error("SystemExit", *([] if code is None else [code])))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "len": length, "list": listing, "sorted": ordered, "sum": total, "map": mapped, "filter": filtered,
    "zip": lambda machine, *values: columns(machine, values), "enumerate": numbered,
    "max": partial(extreme, max), "min": partial(extreme, min), "any": partial(collected, any),
    "all": partial(collected, all), "tuple": partial(collected, tuple), "set": partial(collected, set),
    "frozenset": partial(collected, frozenset), "dict": dictionary,
    "iter": lambda machine, value: machine.listed(value),
    "next": lambda machine, value, default=None: value[0] if value else default,
    "str": text, "repr": lambda machine, value: shown(machine, value, "__repr__"),
    "getattr": get, "hasattr": has, "setattr": lambda machine, value, name, item: value.names.__setitem__(name, item),
    "vars": lambda machine, value: dict(value.names), "type": kind_of,
    "isinstance": lambda machine, value, kind: instance_of(value, kind),
    "issubclass": lambda machine, one, other: isinstance(one, Class) and one.derives(other),
    "property": as_property, "staticmethod": static_method, "classmethod": class_method,
    "exit": leave, "quit": leave,
}


# ── números y bytes: sin la máquina ──────────────────────────────────────────

def integer(value: Any = 0, base: int = 10) -> int:
    """`int`."""
    return int(value, base) if isinstance(value, str) else int(value)


def octets(value: Any = b"", encoding: str = "utf-8") -> bytes:
    """`bytes`. Un número enorme da unos vacíos: aquí no se gasta memoria de verdad."""
    if isinstance(value, str):
        return value.encode(encoding)
    return bytes(value) if not isinstance(value, int) or value < LIMIT else b""


PLAIN: dict[str, Callable[..., Any]] = {
    "abs": abs, "round": round, "ord": ord, "chr": chr, "bin": bin, "hex": hex, "oct": oct, "divmod": divmod,
    "int": integer, "float": float, "bytes": octets, "range": range,
    "bool": lambda value=False: bool(value),
    "pow": lambda *args: pow(*args) if args[1] < 10_000 else 0,
    "hash": lambda value: zlib.crc32(repr_of(value).encode()),
    "id": lambda value: 139_890_000_000_000,
    "callable": lambda value: isinstance(value, Function | Native | Class),
    "reversed": lambda value: list(reversed(value)),
    "format": lambda value, spec="": format(value, spec),
}
