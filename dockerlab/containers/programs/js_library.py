"""Las propiedades de cada valor de JavaScript: de dónde sale `lista.length`, `texto.trim` o `objeto.x`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import js_arrays, js_dates, js_text
from .js_operators import Getter
from .js_values import (
    Array,
    Function,
    Thing,
    error_title,
    fail,
    is_error,
    number_of,
    number_text,
    text_of,
    to_json,
    undefined,
)


def in_base(value: float, base: int) -> str:
    """Un entero en otra base (`n.toString(16)`)."""
    digits, number = "", abs(int(value))
    while number:
        number, digit = divmod(number, base)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return ("-" if value < 0 else "") + (digits or "0")


def number_string(value: float, args: list[Any]) -> str:
    base = js_text.whole(args, 0, 10)
    if base == 10:
        return number_text(value)
    if value == int(value):
        return in_base(value, base)
    digits, fraction = "", value % 1
    for _ in range(12):
        fraction *= base
        digits += "0123456789abcdefghijklmnopqrstuvwxyz"[int(fraction)]
        fraction %= 1
    return in_base(value, base) + "." + digits


def fixed(value: float, args: list[Any]) -> str:
    from decimal import ROUND_HALF_UP, Decimal
    places = js_text.whole(args, 0)
    return str(Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


NUMBER: dict[str, Any] = {
    "toString": lambda m, s, a: number_string(s, a), "toFixed": lambda m, s, a: fixed(s, a),
    "valueOf": lambda m, s, a: s,
    "toLocaleString": lambda m, s, a: f"{s:,.3f}".rstrip("0").rstrip("."),
    "toPrecision": lambda m, s, a: f"{s:.{js_text.whole(a, 0, 6)}g}"}
BOOLEAN: dict[str, Any] = {"toString": lambda m, s, a: text_of(s), "valueOf": lambda m, s, a: s}
FUNCTION: dict[str, Any] = {
    "call": lambda m, s, a: m.call(s, a[0] if a else undefined, a[1:]),
    "apply": lambda m, s, a: m.call(s, a[0] if a else undefined, list(a[1].items) if len(a) > 1 else []),
    "bind": lambda m, s, a: Function(
        f"bound {s.name}", lambda this, args: m.call(s, a[0] if a else undefined, a[1:] + args)),
    "toString": lambda m, s, a: text_of(s)}
OBJECT: dict[str, Any] = {
    "hasOwnProperty": lambda m, s, a: text_of(a[0]) in s.props, "toString": lambda m, s, a: text_of(s),
    "valueOf": lambda m, s, a: s, "isPrototypeOf": lambda m, s, a: False}
ERROR: dict[str, Any] = {"toString": lambda m, s, a: error_title(s)}
BUFFER: dict[str, Any] = {
    "toString": lambda m, s, a: decode(s.inner, text_of(a[0]) if a else "utf8"), "toJSON": lambda m, s, a: undefined}


def decode(data: bytes, encoding: str) -> str:
    import base64
    if encoding == "hex":
        return data.hex()
    if encoding == "base64":
        return base64.b64encode(data).decode()
    return data.decode("latin-1" if encoding in ("latin1", "binary") else "utf-8", "replace")


def collection_key(value: Any) -> Any:
    """La clave de un Map o de un Set: los objetos, por identidad."""
    return ("objeto", id(value)) if isinstance(value, Thing) else (type(value).__name__, value)


def put_in(this: Thing, args: list[Any]) -> Thing:
    value = args[1] if len(args) > 1 and this.kind == "Map" else args[0]
    this.inner[collection_key(args[0])] = (args[0], value)
    return this


def each_in(machine: Any, this: Thing, args: list[Any]) -> Any:
    for key, value in list(this.inner.values()):
        yield from machine.call(args[0], undefined, [value, key, this])
    return undefined


def rows(this: Thing) -> list[Any]:
    return [Array([key, value]) if this.kind == "Map" else value for key, value in this.inner.values()]


COLLECTION: dict[str, Any] = {
    "get": lambda m, s, a: s.inner.get(collection_key(a[0]), (None, undefined))[1], "set": lambda m, s, a: put_in(s, a),
    "add": lambda m, s, a: put_in(s, a), "has": lambda m, s, a: collection_key(a[0]) in s.inner,
    "delete": lambda m, s, a: s.inner.pop(collection_key(a[0]), None) is not None,
    "clear": lambda m, s, a: s.inner.clear() or undefined, "forEach": each_in,
    "keys": lambda m, s, a: Array([key for key, _ in s.inner.values()]),
    "values": lambda m, s, a: Array([value for _, value in s.inner.values()]),
    "entries": lambda m, s, a: Array([Array([key, value]) for key, value in s.inner.values()])}

BY_KIND: dict[str, dict[str, Any]] = {
    "Array": js_arrays.METHODS, "Function": FUNCTION, "RegExp": js_text.REGEX_METHODS,
    "Date": js_dates.METHODS,
    "Map": COLLECTION, "Set": COLLECTION, "Buffer": BUFFER}


class Library:
    """Lo que la máquina pregunta sobre los valores. `kinds`: métodos de más clases (las promesas de `node_loop`)."""

    def __init__(self) -> None:
        self.machine: Any = None
        self.kinds = dict(BY_KIND)
        self.start: Callable[..., Any] = lambda running: running
        self.require: Callable[..., Any] = lambda name: undefined

    regex = staticmethod(js_text.regex)

    def stack(self, value: Thing) -> str:
        """El texto de `error.stack`."""
        return error_title(value)

    def stamp(self, value: Any) -> None:
        """Anota en un Error dónde nació, si todavía no lo lleva."""
        if isinstance(value, Thing) and value.props.get("stack") == "":
            value.props["stack"] = self.stack(value)

    def method(self, table: dict[str, Any], key: str, holder: Any) -> Any:
        """El método `key` de una tabla, ya unido a su dueño."""
        body = table.get(key)
        if body is None:
            return undefined
        return Function(key, lambda this, args: body(self.machine, holder if this is undefined else this, args))

    def get(self, holder: Any, key: Any) -> Any:
        """La propiedad `key` de `holder`, o `undefined`."""
        if isinstance(holder, Array) and isinstance(key, float):
            return holder.items[int(key)] if 0 <= key < len(holder.items) and key == int(key) else undefined
        key = text_of(key) if not isinstance(key, str) else key
        if isinstance(holder, str):
            if key == "length":
                return float(len(holder))
            return (holder[int(key)] if int(key) < len(holder) else undefined) if key.isdigit() else \
                self.method(js_text.METHODS, key, holder)
        if isinstance(holder, bool):
            return self.method(BOOLEAN, key, holder)
        if isinstance(holder, float):
            return self.method(NUMBER, key, holder)
        if not isinstance(holder, Thing):
            raise fail(f"Cannot read properties of {text_of(holder)} (reading '{key}')")
        return self.of_thing(holder, key)

    def of_thing(self, holder: Thing, key: str) -> Any:
        place: Thing | None = holder
        while place is not None:
            if key in place.props:
                return place.props[key]
            if place.getters and key in place.getters:
                return Getter(place.getters[key])
            place = place.proto
        if isinstance(holder, Array):
            if key == "length":
                return float(len(holder.items))
            if key.isdigit():
                return holder.items[int(key)] if int(key) < len(holder.items) else undefined
        if key in ("length", "size") and holder.kind in ("Buffer", "Map", "Set"):
            return float(len(holder.inner))
        if isinstance(holder, Function) and key == "name":
            return holder.name
        if key == "constructor":
            return undefined
        table = self.kinds.get(holder.kind) or (ERROR if is_error(holder) else {})
        if is_error(holder) and key == "name":
            return holder.kind
        return self.method(table, key, holder) if key in table else self.method(OBJECT, key, holder)

    def put(self, holder: Any, key: Any, value: Any) -> None:
        """Da valor a una propiedad."""
        if holder is None or holder is undefined:
            raise fail(f"Cannot set properties of {text_of(holder)} (setting '{text_of(key)}')")
        if isinstance(holder, Array):
            name = text_of(key)
            if name.isdigit():
                if int(name) > 2**20:
                    raise fail("Invalid array length", "RangeError")
                holder.items += [undefined] * (int(name) + 1 - len(holder.items))
                holder.items[int(name)] = value
                return
            if name == "length":
                del holder.items[int(number_of(value)):]
                return
        if isinstance(holder, Thing):
            holder.props[text_of(key)] = value

    def listed(self, value: Any) -> list[Any]:
        """Los elementos de algo que se puede recorrer."""
        if isinstance(value, Array):
            return list(value.items)
        if isinstance(value, str):
            return list(value)
        if isinstance(value, Thing) and value.kind in ("Map", "Set"):
            return rows(value)
        if isinstance(value, Thing) and value.kind == "Buffer":
            return [float(byte) for byte in value.inner]
        name = text_of(value) if not isinstance(value, Thing) else "object"
        raise fail(f"{name} is not iterable")

    def keys(self, value: Any) -> list[str]:
        """Los nombres de las propiedades."""
        if isinstance(value, Array):
            return [str(at) for at in range(len(value.items))] + list(value.props)
        if isinstance(value, str):
            return [str(at) for at in range(len(value))]
        return [key for key in value.props if not key.startswith("#")] if isinstance(value, Thing) else []

    def instance(self, value: Any, maker: Any) -> bool:
        """`value instanceof maker`."""
        if not isinstance(maker, Function):
            raise fail("Right-hand side of 'instanceof' is not callable")
        wanted = maker.props.get("prototype")
        place = value.proto if isinstance(value, Thing) else None
        while place is not None:
            if place is wanted:
                return True
            place = place.proto
        return isinstance(value, Thing) and (value.kind == maker.name or maker.name == "Error"
                                             and is_error(value) or maker.name == "Object")

    @staticmethod
    def json(value: Any, indent: Any = undefined) -> Any:
        """JSON.stringify."""
        step = " " * int(indent) if isinstance(indent, float) else indent if isinstance(indent, str) else ""
        text = to_json(value, step)
        return undefined if text is None else text


