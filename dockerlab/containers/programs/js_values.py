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

from .js_syntax import NAME


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


# -- console.log --
def inspect(value: Any, depth: int = 0, top: bool = False) -> str:
    """Un valor como lo enseña console.log (los textos de dentro, entre comillas)."""
    if isinstance(value, str):
        return value if top else "'" + value.replace("\\", "\\\\").replace("\n", "\\n").replace("'", "\\'") + "'"
    if isinstance(value, float) and value == 0 and math.copysign(1, value) < 0:
        return "-0"
    if not isinstance(value, Thing):
        return text_of(value)
    match value.kind:
        case "Function":
            assert isinstance(value, Function)
            word = "class" if value.members is not None else "AsyncFunction:" if value.is_async else "Function:"
            return f"[{word} {value.name or '(anonymous)'}]".replace("Function: (anonymous)",
                                                                     "Function (anonymous)")
        case "Date":
            return iso_date(value)
        case "RegExp" | "Symbol":
            return text_of(value)
        case "Buffer":
            return f"<Buffer {' '.join(f'{byte:02x}' for byte in value.inner[:50])}>"
        case "Promise":
            state, result = value.inner.state, value.inner.value
            return "Promise { <pending> }" if state == "pending" else \
                f"Promise {{ {'<rejected> ' if state == 'rejected' else ''}{inspect(result, depth + 1)} }}"
    if is_error(value):
        more = {key: item for key, item in value.props.items() if key not in ("message", "stack", "name")}
        head = text_of(value.props.get("stack") or "") or error_title(value)
        return head + (" {\n" + ",\n".join(f"  {key}: {inspect(item)}" for key, item in more.items()) + "\n}"
                       if more else "")
    if depth > 2:
        return "[Array]" if isinstance(value, Array) else f"[{class_name(value) or 'Object'}]"
    if isinstance(value, Array):
        rows = [inspect(item, depth + 1) for item in value.items[:100]]
        rows += [f"... {len(value.items) - 100} more items"] * (len(value.items) > 100)
        return wrap(rows, "[", "]", depth)
    if value.kind in ("Map", "Set"):
        pairs = value.inner.values()
        rows = [f"{inspect(key, depth + 1)} => {inspect(item, depth + 1)}" if value.kind == "Map"
                else inspect(key, depth + 1)
                for key, item in pairs]
        return f"{value.kind}({len(value.inner)}) " + wrap(rows, "{", "}", depth)
    rows = [f"{key if NAME.fullmatch(key) else inspect(key)}: {inspect(item, depth + 1)}" for key,
            item in value.props.items()
            if not key.startswith("#")]
    rows += [f"{key}: [Getter]" for key in (value.getters or {})]
    name = class_name(value)
    return (f"{name} " if name else "") + wrap(rows, "{", "}", depth)


def class_name(value: Thing) -> str:
    maker = value.proto.props.get("constructor") if value.proto else None
    return maker.name if isinstance(maker, Function) else ""


def wrap(rows: list[str], start: str, end: str, depth: int) -> str:
    """En una línea si cabe en 72 columnas; si no, una por línea."""
    if not rows:
        return start + end
    line = f"{start} {', '.join(rows)} {end}"
    if len(line) + depth * 2 <= 72 and "\n" not in line and (start != "[" or len(rows) <= 6):
        return line
    pad = "  " * (depth + 1)
    if start == "[" and all(len(row) <= 6 for row in rows) and len(rows) > 6:
        wide, each = max(map(len, rows)), max(1, min(16, int((len(rows) * 2.5 * (max(map(len, rows))
                                                                                 + 2)) ** 0.5 /
                                                              (max(map(len, rows)) + 2))))
        lines = [", ".join(row.rjust(wide) for row in rows[at:at + each]) for at in range(0, len(rows), each)]
        return f"{start}\n{pad}" + f",\n{pad}".join(lines) + f"\n{'  ' * depth}{end}"
    return f"{start}\n{pad}" + f",\n{pad}".join(rows) + f"\n{'  ' * depth}{end}"


def show(values: list[Any]) -> str:
    """La línea de console.log: `%s`, `%d`, `%j` y lo demás separado por espacios."""
    rest = list(values)
    if rest and isinstance(rest[0], str) and "%" in rest[0] and len(rest) > 1:
        template = rest.pop(0)

        def fill(found: re.Match[str]) -> str:
            if found[1] == "%":
                return "%"
            if not rest:
                return found[0]
            value = rest.pop(0)
            return {"s": lambda: text_of(value) if not isinstance(value, Thing) or is_error(value)
                    else inspect(value, 1),
                    "d": lambda: number_text(number_of(value)),
                    "i": lambda: number_text(float(int(number_of(value)))),
                    "f": lambda: number_text(number_of(value)), "j": lambda: to_json(value)
                    or "undefined"}.get(
                        found[1], lambda: inspect(value))()
        head = re.sub(r"%([sdifjoO%])", fill, template)
        return " ".join([head, *(inspect(value, top=True) for value in rest)])
    return " ".join(inspect(value, top=True) for value in rest)
