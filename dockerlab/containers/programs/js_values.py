"""Los valores de JavaScript: cómo son por dentro, cómo se convierten y cómo los enseña console.log.

Un número es `float`; un texto, `str`; `null`, `None`; lo demás son `Thing`.
Fuente: ECMA-262, *Type Conversion*; el aspecto, el de `util.inspect` de Node.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any


class Undefined:
    """El valor `undefined`; hay uno solo."""

    def __bool__(self) -> bool:
        return False


undefined = Undefined()


class Thing:
    """Un objeto. `kind`: su clase (Object, Error, Map...); `inner`: lo que guarda si no es corriente."""

    __slots__ = ("props", "proto", "kind", "inner", "getters")

    def __init__(self, props: dict[str, Any] | None = None, kind: str = "Object", proto: Thing | None = None,
                 inner: Any = None):
        self.props: dict[str, Any] = {} if props is None else props
        self.kind, self.proto, self.inner = kind, proto, inner
        self.getters: dict[str, Any] | None = None


class Array(Thing):
    """Una lista."""

    __slots__ = ("items",)

    def __init__(self, items: list[Any] | None = None):
        super().__init__(kind="Array")
        self.items = [] if items is None else items


class Function(Thing):
    """Una función, escrita en JavaScript (`params`, `body`, `scope`) o en Python (`native`)."""

    __slots__ = ("name", "params", "body", "scope", "this", "arrow", "is_async", "native", "members", "base")

    def __init__(self, name: str = "", native: Callable[..., Any] | None = None, *, params: Any = (),
                 body: Any = (),
                 scope: Any = None, this: Any = undefined, arrow: bool = False, is_async: bool = False):
        super().__init__(kind="Function")
        self.name, self.native, self.params, self.body, self.scope = name, native, params, body, scope
        self.this, self.arrow, self.is_async = this, arrow, is_async
        self.members: list[Any] | None = None     # de una clase: sus campos
        self.base: Function | None = None
        if native is None and not arrow:
            self.props["prototype"] = Thing({"constructor": self})


class Throw(Exception):
    """Una excepción de JavaScript; `value` es lo lanzado."""

    def __init__(self, value: Any):
        super().__init__("throw")
        self.value = value


def error(text: str, kind: str = "Error", **more: Any) -> Thing:
    """Un objeto Error. `stack` se rellena al lanzarlo, con el lugar."""
    return Thing({"message": text, "stack": "", **more}, kind=kind)


def fail(text: str, kind: str = "TypeError", **more: Any) -> Throw:
    return Throw(error(text, kind, **more))


def truthy(value: Any) -> bool:
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return isinstance(value, Thing) or bool(value)


def number_text(value: float) -> str:
    """Un número como lo escribe JavaScript."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    text = repr(value)
    mantissa, _, power = text.partition("e")
    if power:
        return f"{mantissa}e{int(power):+d}"
    return text


def text_of(value: Any) -> str:
    """La conversión a texto."""
    match value:
        case str():
            return value
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case float():
            return number_text(value)
        case Undefined():
            return "undefined"
        case Array():
            return ",".join("" if item is None or item is undefined else text_of(item)
                            for item in value.items)
        case Function():
            if value.members is not None:
                return f"class {value.name} {{ }}"
            return f"function {value.name}() {{ [native code] }}"
        case Thing() if is_error(value):
            return error_title(value)
        case Thing(kind="Date"):
            return value.inner.strftime("%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)")
        case Thing(kind="RegExp"):
            return f"/{value.props['source']}/{value.props['flags']}"
        case Thing(kind="Buffer"):
            return value.inner.decode("utf-8", "replace")
        case Thing(kind="Symbol"):
            return value.inner
    return "[object Object]"


def number_of(value: Any) -> float:
    """La conversión a número."""
    match value:
        case bool():
            return 1.0 if value else 0.0
        case float():
            return value
        case None:
            return 0.0
        case Undefined():
            return math.nan
        case Thing(kind="Date"):
            return float(int(value.inner.timestamp() * 1000))
        case str():
            return string_number(value)
        case Array():
            return string_number(text_of(value))
    return math.nan


def string_number(text: str) -> float:
    text = text.strip()
    if not text:
        return 0.0
    if re.fullmatch(r"0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+", text):
        return float(int(text, 0))
    if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", text):
        return float(text)
    return {"Infinity": math.inf, "-Infinity": -math.inf}.get(text, math.nan)


def is_error(value: Any) -> bool:
    return isinstance(value, Thing) and (value.kind.endswith("Error") or value.kind == "Error")


def error_title(value: Thing) -> str:
    name, message = text_of(value.props.get("name", value.kind)), text_of(value.props.get("message", ""))
    return f"{name}: {message}" if message else name


def type_of(value: Any) -> str:
    match value:
        case Undefined():
            return "undefined"
        case bool():
            return "boolean"
        case float():
            return "number"
        case str():
            return "string"
        case Function():
            return "function"
        case Thing(kind="Symbol"):
            return "symbol"
    return "object"


def same(one: Any, other: Any) -> bool:
    """La igualdad estricta, `===`."""
    if isinstance(one, Thing) or isinstance(other, Thing):
        return one is other
    return type(one) is type(other) and one == other


def loose(one: Any, other: Any) -> bool:
    """La igualdad floja, `==`."""
    empty = (None, undefined)
    if one in empty or other in empty if not isinstance(one, Thing) and not isinstance(other, Thing) else False:
        return one in empty and other in empty
    if type(one) is type(other) or isinstance(one, Thing) and isinstance(other, Thing):
        return same(one, other)
    if isinstance(one, Thing):
        return not (other is None or other is undefined) and loose(text_of(one), other)
    if isinstance(other, Thing):
        return loose(other, one)
    return number_of(one) == number_of(other)


# -- JSON --
def to_json(value: Any, indent: str = "", pad: str = "") -> str | None:
    """JSON.stringify; `None` si no se puede escribir (undefined, funciones)."""
    if isinstance(value, Function) or value is undefined:
        return None
    if value is None or isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float):
        return number_text(value) if math.isfinite(value) else "null"
    if value.kind == "Date":
        return json.dumps(iso_date(value))
    if value.kind == "Buffer":
        return json.dumps({"type": "Buffer", "data": list(value.inner)}, separators=(",", ":"))
    inner = pad + indent
    if isinstance(value, Array):
        rows = [to_json(item, indent, inner) or "null" for item in value.items]
        marks = "[]"
    else:
        pairs = [(key, to_json(item, indent, inner)) for key, item in value.props.items()
                 if not (is_error(value) and key in ("stack", "message"))]
        rows = [f"{json.dumps(key, ensure_ascii=False)}:{' ' * bool(indent)}{text}" for key, text in pairs
                if text is not None]
        marks = "{}"
    if not rows:
        return marks
    if not indent:
        return marks[0] + ",".join(rows) + marks[1]
    return f"{marks[0]}\n{inner}" + f",\n{inner}".join(rows) + f"\n{pad}{marks[1]}"


def from_json(value: Any) -> Any:
    """De los valores de Python que da `json.loads` a los de JavaScript."""
    if isinstance(value, dict):
        return Thing({key: from_json(item) for key, item in value.items()})
    if isinstance(value, list):
        return Array([from_json(item) for item in value])
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def iso_date(value: Thing) -> str:
    when = value.inner
    return f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03d}Z"
