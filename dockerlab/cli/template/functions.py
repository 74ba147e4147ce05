"""Las funciones de las plantillas: las de Go (text/template) y las que añade Docker.

Cada una recibe valores ya calculados; si no puede, lanza `ValueError` con el
motivo en las palabras de Go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from .values import NO_VALUE, go_string, to_json

VERB = re.compile(r"%(?P<flags>[-+# 0]*)(?P<width>\d+)?(?:\.(?P<precision>\d+))?(?P<verb>[a-zA-Z%])")


def truth(value: Any) -> bool:
    """Falso es lo vacío: `false`, 0, nil, texto, lista o mapa sin nada."""
    return value is not NO_VALUE and bool(value)


def go_type(value: Any) -> str:
    """El nombre del tipo de Go, como lo citan los errores."""
    if value is None or value is NO_VALUE:
        return "<nil>"
    if isinstance(value, Mapping):
        return "map[string]interface {}"
    if isinstance(value, (list, tuple)):
        return "[]interface {}"
    return {bool: "bool", int: "int", float: "float64"}.get(type(value), "string")


def _and(*values: Any) -> Any:
    return next((value for value in values if not truth(value)), values[-1])


def _or(*values: Any) -> Any:
    return next((value for value in values if truth(value)), values[-1])


def _length(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, (list, tuple, Mapping)):
        return len(value)
    raise ValueError(f"len of {'nil pointer' if value is None else 'type ' + go_type(value)}")


def _index(value: Any, *keys: Any) -> Any:
    for key in keys:
        if value is None or value is NO_VALUE:
            raise ValueError("index of untyped nil")
        if isinstance(value, Mapping):
            if not isinstance(key, str):
                raise ValueError(f"value has type {go_type(key)}; should be string")
            strings = all(isinstance(item, str) for item in value.values())
            value = value.get(key, "" if strings else NO_VALUE)
        elif isinstance(value, (list, tuple, str)):
            if isinstance(key, bool) or not isinstance(key, int):
                raise ValueError(f"cannot index slice/array with type {go_type(key)}")
            if not 0 <= key < len(value):
                raise ValueError(f"index out of range: {key}")
            value = value[key]
        else:
            raise ValueError(f"can't index item of type {go_type(value)}")
    return value


def _slice(value: Any, *bounds: int) -> Any:
    if not isinstance(value, (str, list, tuple)):
        raise ValueError(f"can't slice item of type {go_type(value)}")
    for bound in bounds:
        if not 0 <= bound <= len(value):
            raise ValueError(f"index out of range: {bound}")
    start, end = (*bounds, *(0, len(value))[len(bounds):])[:2]
    if start > end:
        raise ValueError(f"invalid slice index: {start} > {end}")
    return value[start:end]


def _kind(value: Any) -> str:
    return "string" if isinstance(value, str) else go_type(value)


def _comparable(left: Any, right: Any) -> None:
    kinds = {_kind(left), _kind(right)}
    if len(kinds) > 1 and not (kinds <= {"int", "float64"} or "<nil>" in kinds):
        raise ValueError(f"incompatible types for comparison: {_kind(left)} and {_kind(right)}")


def _equal(first: Any, *others: Any) -> bool:
    if not others:
        raise ValueError("missing argument for comparison")
    for other in others:
        _comparable(first, other)
    return any(first == other for other in others)


def _less(left: Any, right: Any) -> bool:
    _comparable(left, right)
    if isinstance(left, (bool, list, tuple, Mapping)) or left is None:
        raise ValueError("invalid type for comparison")
    return left < right


def text(value: Any) -> str:
    """Un argumento que tiene que ser texto."""
    if not isinstance(value, str):
        raise TypeError(f"wrong type for value; expected string; got {go_type(value)}")
    return value


def _print(*values: Any) -> str:
    pieces = ""
    for at, value in enumerate(values):
        gap = at > 0 and not isinstance(value, str) and not isinstance(values[at - 1], str)
        pieces += (" " if gap else "") + go_string(value)
    return pieces


def printf(form: str, *values: Any) -> str:
    """`fmt.Sprintf` de Go, con los verbos que se usan en plantillas."""
    queue = list(values)

    def put(match: re.Match[str]) -> str:
        if match["verb"] == "%":
            return "%"
        if not queue:
            return f"%!{match['verb']}(MISSING)"
        return _verb(match, queue.pop(0))

    result = VERB.sub(put, text(form))
    if queue:
        result += f"%!(EXTRA {', '.join(f'{go_type(value)}={go_string(value)}' for value in queue)})"
    return result


def _verb(match: re.Match[str], value: Any) -> str:
    verb, flags, precision = match["verb"], match["flags"], match["precision"]
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    accepts = {"d": isinstance(value, int) and number, "t": isinstance(value, bool), "v": True, "s": True,
               "q": isinstance(value, str), "x": isinstance(value, (int, str)) and not isinstance(value, bool),
               "f": isinstance(value, float), "g": isinstance(value, float), "e": isinstance(value, float)}
    if not accepts.get(verb, False) or (verb == "s" and (number or isinstance(value, bool))):
        return f"%!{verb}({go_type(value)}={go_string(value)})"
    if verb in "fge":
        shown = format(value, f".{precision or 6}{verb}")
    elif verb == "x":
        shown = format(value, "x") if number else value.encode().hex()
    elif verb == "q":
        shown = '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
    else:
        shown = go_string(value)
        shown = shown[:int(precision)] if precision and verb == "s" else shown
    if "+" in flags and number and value >= 0:
        shown = "+" + shown
    width = int(match["width"] or 0)
    if "-" in flags:
        return shown.ljust(width)
    return shown.zfill(width) if "0" in flags and number else shown.rjust(width)


def _join(values: Any, separator: str) -> str:
    if not isinstance(values, (list, tuple)):
        raise TypeError(f"wrong type for value; expected []string; got {go_type(values)}")
    return text(separator).join(map(go_string, values))


def _title(value: Any) -> str:
    return re.sub(r"(^|[^\w'])(\w)", lambda match: match[1] + match[2].upper(), text(value))


def _pad(value: Any, before: int, after: int) -> str:
    return " " * before + text(value) + " " * after if value else ""


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "and": _and, "or": _or, "not": lambda value: not truth(value), "len": _length, "index": _index,
    "slice": _slice, "eq": _equal, "ne": lambda left, right: not _equal(left, right), "lt": _less,
    "le": lambda left, right: _less(left, right) or left == right,
    "gt": lambda left, right: _less(right, left), "ge": lambda left, right: not _less(left, right),
    "print": _print, "println": lambda *values: " ".join(map(go_string, values)) + "\n", "printf": printf,
    "json": to_json, "split": lambda value, separator: text(value).split(text(separator)), "join": _join,
    "title": _title, "lower": lambda value: text(value).lower(), "upper": lambda value: text(value).upper(),
    "pad": _pad, "truncate": lambda value, length: text(value)[:length]}

HEADERS: Mapping[str, Callable[..., Any]] = {
    **FUNCTIONS, **dict.fromkeys(("json", "split", "join", "title", "lower", "upper", "truncate"),
                                 lambda value, *_: value)}
"""Las mismas, para la fila de títulos: las que cambiarían el texto lo dejan como está."""

