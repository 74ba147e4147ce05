"""Operadores y atributos del Python simulado, con cuidado de no gastar la memoria de verdad."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from .py_values import Bound, Class, Function, Instance, Module, Native, is_error, raised, repr_of

BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow, ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_, ast.BitXor: operator.xor, ast.LShift: operator.lshift,
    ast.RShift: operator.rshift}
UNARY: dict[type, Callable[[Any], Any]] = {ast.USub: operator.neg, ast.UAdd: operator.pos,
                                           ast.Invert: operator.invert}
COMPARE: dict[type, Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.Is: operator.is_, ast.IsNot: operator.is_not, ast.In: lambda one, other: one in other,
    ast.NotIn: lambda one, other: one not in other}
LIMIT = 2**24      # bytes, elementos o bits de un resultado: lo que cabe en un contenedor de juguete
METHODS: dict[type, frozenset[str]] = {
    str: frozenset("upper lower strip lstrip rstrip split rsplit splitlines join replace startswith endswith "
                   "find rfind index "
                   "count format title capitalize swapcase zfill isdigit isalpha isalnum isspace isupper "
                   "islower isnumeric encode "
                   "partition rpartition removeprefix removesuffix center ljust rjust casefold expandtabs".split()),
    bytes: frozenset("decode hex split strip startswith endswith find replace".split()),
    list: frozenset("append extend insert pop remove clear index count sort reverse copy".split()),
    dict: frozenset("get keys values items pop update setdefault clear copy popitem".split()),
    tuple: frozenset("index count".split()),
    set: frozenset("add remove discard union intersection difference update clear copy issubset issuperset "
                   "pop".split()),
    int: frozenset("bit_length to_bytes".split()), float: frozenset("is_integer".split())}


def safe_binary(action: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    """Un operador, con sus errores y sin resultados desmedidos."""
    if action is operator.mul:
        for one, other in ((left, right), (right, left)):
            if isinstance(one, str | bytes | list
                          | tuple) and isinstance(other, int) and len(one) * other > LIMIT:
                raise raised("MemoryError")
        if isinstance(left, int) and isinstance(right, int) and left.bit_length() + right.bit_length() > LIMIT:
            raise raised("MemoryError")
    whole = isinstance(left, int) and isinstance(right, int)
    if action is operator.pow and whole and left.bit_length() * right > LIMIT:
        raise raised("MemoryError")
    if action is operator.lshift and isinstance(right, int) and right > LIMIT:
        raise raised("MemoryError")
    try:
        return action(left, right)
    except ZeroDivisionError as error:
        raise raised("ZeroDivisionError", str(error)) from None
    except (TypeError, ValueError, OverflowError) as error:
        text = str(error)
        for value in (left, right):
            if isinstance(value, Instance | Class | Function):
                text = text.replace(type(value).__name__,
                                    getattr(getattr(value, "kind", value), "name", "function"))
        raise raised(type(error).__name__, text) from None


def attribute(holder: Any, name: str) -> Any:
    """`objeto.nombre`. `Raise` AttributeError si no lo hay."""
    match holder:
        case Module():
            if name in holder.names:
                return holder.names[name]
            raise raised("AttributeError", f"module '{holder.name}' has no attribute '{name}'")
        case Bound(is_super=True):
            for base in holder.function.bases:
                found = base.lookup(name)
                if found is not None:
                    return Bound(holder.owner, found)
            if name == "__init__":
                return Bound(holder.owner, Native("__init__", start_again))
        case Instance():
            if name in holder.names:
                return holder.names[name]
            found = holder.kind.lookup(name)
            if found is not None:
                return Bound(holder, found) if isinstance(found, Function | Native) else found
            if name == "__class__":
                return holder.kind
            if is_error(holder) and name == "with_traceback":
                return Native(name, lambda machine, *args: holder)
            raise raised("AttributeError", f"'{holder.kind.name}' object has no attribute '{name}'")
        case Class():
            if name == "__name__":
                return holder.name
            found = holder.lookup(name)
            if found is not None:
                return Bound(holder, found) if isinstance(found, Native) and found.of_class else found
            raise raised("AttributeError", f"type object '{holder.name}' has no attribute '{name}'")
        case Function() | Native():
            if name == "__name__":
                return holder.name
    kind = next((kind for kind in METHODS if isinstance(holder, kind)), None)
    if kind is not None and name in METHODS[kind]:
        return Native(name, method(holder, name))
    shown = "NoneType" if holder is None else getattr(holder, "name", None) or type(holder).__name__
    raise raised("AttributeError", f"'{shown}' object has no attribute '{name}'")


def start_again(machine: Any, made: Instance, *args: Any, **named: Any) -> None:
    """`super().__init__(...)` de una clase que hace Python."""
    start = made.kind.lookup("(nueva)")
    if start:
        start(made, list(args))


def method(holder: Any, name: str) -> Callable[..., Any]:
    """Un método corriente de un dato, con sus errores y sus límites."""
    def body(machine: Any, *args: Any, **named: Any) -> Any:
        if name == "format" and ("." in holder or "[" in holder) and "_" in holder:
            raise raised("ValueError", "dockerlab no simula atributos dentro de format()")
        widens = name in ("zfill", "center", "ljust", "rjust", "expandtabs")
        if widens and args and isinstance(args[0], int) and args[0] > LIMIT:
            raise raised("MemoryError")
        args = tuple(sorted(arg, key=repr_of) if isinstance(arg, set | frozenset) else arg for arg in args)
        if name == "sort":
            return sort_in_place(machine, holder, **named)
        if name == "join" and args and not all(isinstance(item, str) for item in args[0]):
            at, bad = next((at, item) for at, item in enumerate(args[0]) if not isinstance(item, str))
            raise raised("TypeError",
                         f"sequence item {at}: expected str instance, {type(bad).__name__} found")
        if name == "format":
            args = tuple(repr_of(arg) if isinstance(arg, Instance) else arg for arg in args)
        return machine.guard(lambda: getattr(holder, name)(*args, **named))
    return body


def sort_in_place(machine: Any, holder: list[Any], key: Any = None, reverse: bool = False) -> Any:
    ranked = []
    for item in holder:
        ranked.append(((yield from machine.call(key, [item], {})) if key else item, item))
    machine.guard(lambda: ranked.sort(key=lambda pair: pair[0], reverse=reverse))
    holder[:] = [item for _, item in ranked]


