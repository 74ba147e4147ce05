"""Los valores de JavaScript, como los enseña console.log."""

from __future__ import annotations

import math
import re
from typing import Any

from .js_syntax import NAME
from .js_values import (
    Array,
    Function,
    Thing,
    error_title,
    is_error,
    iso_date,
    number_of,
    number_text,
    text_of,
    to_json,
)


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
            return f"[{word} {value.name or '(anonymous)'}]".replace("Function: (anonymous)", "Function (anonymous)")
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
    rows = [f"{key if NAME.fullmatch(key) else inspect(key)}: {inspect(item, depth + 1)}"
            for key, item in value.props.items()
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
        wide = max(map(len, rows))
        each = max(1, min(16, int((len(rows) * 2.5 * (wide + 2)) ** 0.5 / (wide + 2))))
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
