"""Los objetos de siempre de JavaScript: Object, Array, Math, JSON, Promise, Map, Error..."""

from __future__ import annotations

import json
import math
import urllib.parse
from collections.abc import Callable
from typing import Any

from . import js_dates, js_text
from .js_library import Library, put_in
from .js_values import (
    Array,
    Function,
    Thing,
    Throw,
    error,
    fail,
    from_json,
    number_of,
    string_number,
    text_of,
    truthy,
    undefined,
)
from .node_loop import Loop, Promise

ERRORS = ("Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError",
          "AggregateError")


def function(name: str, body: Callable[..., Any], **statics: Callable[..., Any]) -> Function:
    """Una función con otras dentro, como `Object` con `Object.keys`."""
    made = Function(name, body)
    made.props |= {key: Function(key, action) for key, action in statics.items()}
    made.props["prototype"] = Thing({"constructor": made})
    return made


def at(args: list[Any], index: int, default: Any = undefined) -> Any:
    return args[index] if index < len(args) else default


UNRESERVED = "!'()*~-_."    # lo que encodeURIComponent deja como está, además de letras y cifras


def make_globals(library: Library, loop: Loop, core: Any) -> dict[str, Any]:
    """Los nombres que existen en todo programa."""
    names: dict[str, Any] = {
        "Object": objects(library), "Array": arrays(library, loop), "Math": maths(core), "JSON": jsons(),
        "Promise": promises(loop), "NaN": math.nan, "Infinity": math.inf,
        "String": function("String", lambda this, args: text_of(at(args, 0, "")),
                           fromCharCode=lambda this, args: "".join(chr(int(number_of(code))) for code in args),
                           raw=lambda this, args: "".join(map(text_of, args))),
        "Number": numbers(), "Boolean": function("Boolean", lambda this, args: truthy(at(args, 0))),
        "Date": dates(core),
        "RegExp": function("RegExp", lambda this, args: js_text.regex(
            args[0].props["source"] if isinstance(args[0], Thing) else text_of(args[0]), text_of(at(args, 1, "")))),
        "Symbol": function("Symbol", lambda this, args: Thing(
            kind="Symbol", inner=f"Symbol({text_of(at(args, 0, ''))})")),
        "parseInt": function("parseInt", lambda this, args: parse_int(args)),
        "parseFloat": function("parseFloat", lambda this, args: parse_float(text_of(at(args, 0)))),
        "isNaN": function("isNaN", lambda this, args: math.isnan(number_of(at(args, 0)))),
        "isFinite": function("isFinite", lambda this, args: math.isfinite(number_of(at(args, 0)))),
        "encodeURIComponent": function("encodeURIComponent", lambda this, args: urllib.parse.quote(
            text_of(args[0]), UNRESERVED)),
        "encodeURI": function("encodeURI", lambda this, args: urllib.parse.quote(
            text_of(args[0]), UNRESERVED + ";,/?:@&=+$#")),
        "decodeURIComponent": function("decodeURIComponent", lambda this, args: urllib.parse.unquote(text_of(args[0]))),
        "decodeURI": function("decodeURI", lambda this, args: urllib.parse.unquote(text_of(args[0]))),
        "structuredClone": function("structuredClone", lambda this, args: from_json(json.loads(Library.json(args[0])))),
        "Buffer": buffers(), "setTimeout": timer(loop, "setTimeout"), "setInterval": timer(loop, "setInterval"),
        "setImmediate": Function("setImmediate", lambda this, args: loop.timer(args[0], 1, args[1:])),
        "queueMicrotask": Function("queueMicrotask", lambda this, args: loop.call(args[0]) or undefined)}
    for name in ("clearTimeout", "clearInterval", "clearImmediate"):
        names[name] = Function(name, lambda this, args: loop.cancel(at(args, 0)) or undefined)
    for name in ERRORS:
        names[name] = function(name, lambda this, args, name=name: new_error(name, this, args))
        names[name].props["captureStackTrace"] = Function("captureStackTrace", lambda this, args: undefined)
    for name in ("Map", "Set", "WeakMap", "WeakSet"):
        names[name] = function(name,
                               lambda this, args, name=name: collection(library, name.removeprefix("Weak"), args))
    names["globalThis"] = names["global"] = Thing(names)
    return names


def new_error(name: str, this: Any, args: list[Any]) -> Thing:
    made = error(text_of(args[0]) if args and args[0] is not undefined else "", name)
    if isinstance(this, Thing) and this.proto is not None:
        made.proto = this.proto
    if isinstance(at(args, 1), Thing) and "cause" in args[1].props:
        made.props["cause"] = args[1].props["cause"]
    return made


def collection(library: Library, kind: str, args: list[Any]) -> Thing:
    made = Thing(kind=kind, inner={})
    for item in library.listed(args[0]) if args and args[0] not in (None, undefined) else ():
        put_in(made, item.items if kind == "Map" else [item])
    return made


def timer(loop: Loop, name: str) -> Function:
    def body(this: Any, args: list[Any]) -> Thing:
        delay = number_of(at(args, 1, 0.0))
        delay = 1 if math.isnan(delay) else delay
        made = loop.timer(at(args, 0), delay, args[2:], delay if name == "setInterval" else 0)
        made.props |= {key: Function(key, lambda this, args: made) for key in ("ref", "unref")}
        return made
    return Function(name, body)


def objects(library: Library) -> Function:
    def pairs(value: Any) -> list[tuple[str, Any]]:
        return [(key, library.get(value, key)) for key in library.keys(value)]

    def assign(this: Any, args: list[Any]) -> Any:
        for source in args[1:]:
            if isinstance(source, Thing):
                args[0].props |= {key: value for key, value in source.props.items() if key != "prototype"}
        return args[0]

    def create(this: Any, args: list[Any]) -> Thing:
        return Thing(proto=args[0] if isinstance(args[0], Thing) else None)

    def define(this: Any, args: list[Any]) -> Any:
        how = args[2]
        if "get" in how.props:
            args[0].getters = {**(args[0].getters or {}), text_of(args[1]): how.props["get"]}
        else:
            args[0].props[text_of(args[1])] = how.props.get("value", undefined)
        return args[0]
    return function(
        "Object", lambda this, args: args[0] if args and isinstance(args[0], Thing) else Thing(), assign=assign,
        create=create, keys=lambda this, args: Array(list(library.keys(args[0]))),
        values=lambda this, args: Array([value for _, value in pairs(args[0])]),
        entries=lambda this, args: Array([Array([key, value]) for key, value in pairs(args[0])]),
        fromEntries=lambda this, args: Thing({
            text_of(pair.items[0]): pair.items[1] for pair in library.listed(args[0])}),
        freeze=lambda this, args: args[0], defineProperty=define, getPrototypeOf=lambda this, args: args[0].proto,
        setPrototypeOf=lambda this, args: setattr(args[0], "proto", args[1]) or args[0],
        getOwnPropertyNames=lambda this, args: Array(list(library.keys(args[0]))))


def room(size: float) -> list[Any]:
    """Una lista de huecos. `RangeError` si no cabría: aquí la memoria es poca."""
    if not 0 <= size <= 2**20:
        raise fail("Invalid array length", "RangeError")
    return [undefined] * int(size)


def arrays(library: Library, loop: Loop) -> Function:
    def from_(this: Any, args: list[Any]) -> Any:
        source = args[0]
        size = source.props.get("length") if isinstance(source, Thing) and type(source) is Thing else None
        items = room(size) if isinstance(size, float) else library.listed(source)
        if len(args) > 1:
            out = []
            for index, item in enumerate(items):
                out.append((yield from library.machine.call(args[1], undefined, [item, float(index)])))
            items = out
        return Array(items)

    def make(this: Any, args: list[Any]) -> Array:
        return Array(room(args[0]) if len(args) == 1 and isinstance(args[0], float) else list(args))
    return function("Array", make, isArray=lambda this, args: isinstance(at(args, 0), Array),
                    of=lambda this, args: Array(list(args)), **{"from": from_})


def numbers() -> Function:
    made = function(
        "Number", lambda this, args: number_of(at(args, 0, 0.0)),
        isInteger=lambda this, args: isinstance(args[0], float) and math.isfinite(args[0]) and args[0] == int(args[0]),
        isNaN=lambda this, args: isinstance(args[0], float) and math.isnan(args[0]),
        isFinite=lambda this, args: isinstance(args[0], float) and math.isfinite(args[0]),
        parseInt=lambda this, args: parse_int(args), parseFloat=lambda this, args: parse_float(text_of(args[0])))
    made.props |= {"MAX_SAFE_INTEGER": float(2**53 - 1), "MIN_SAFE_INTEGER": -float(2**53 - 1),
                   "EPSILON": 2.0**-52,
                   "MAX_VALUE": 1.7976931348623157e308}
    return made


def parse_int(args: list[Any]) -> float:
    text, base = text_of(at(args, 0)).strip().lower(), int(number_of(at(args, 1, 10.0)) or 10)
    sign, text = (-1, text[1:]) if text[:1] == "-" else (1, text.lstrip("+"))
    if text.startswith("0x") and base in (10, 16):
        text, base = text[2:], 16
    digits = ""
    for char in text:
        if not (char.isalnum() and char.isascii() and int(char, 36) < base):
            break
        digits += char
    return float(sign * int(digits, base)) if digits else math.nan


def parse_float(text: str) -> float:
    import re
    found = re.match(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", text)
    return string_number(found[0]) if found else math.nan


def maths(core: Any) -> Thing:
    def rounded(value: float) -> float:
        return float(math.floor(value + 0.5)) if math.isfinite(value) else value

    def numeric(action: Callable[..., Any]) -> Callable[..., Any]:
        def body(this: Any, args: list[Any]) -> float:
            values = [number_of(value) for value in args]
            if any(map(math.isnan, values)):
                return math.nan
            try:
                return float(action(*values))
            except (ValueError, ZeroDivisionError, OverflowError):
                return math.nan
        return body
    made = Thing({name: Function(name, numeric(action)) for name, action in {
        "floor": math.floor, "ceil": math.ceil, "round": rounded, "trunc": math.trunc, "abs": abs,
        "sqrt": math.sqrt,
        "cbrt": math.cbrt, "pow": math.pow, "sin": math.sin, "cos": math.cos, "tan": math.tan,
        "log": math.log,
        "log2": math.log2, "log10": math.log10, "exp": math.exp, "hypot": math.hypot, "atan2": math.atan2,
        "sign": lambda value: (value > 0) - (value < 0),
        "max": lambda *values: max(values, default=-math.inf),
        "min": lambda *values: min(values, default=math.inf)}.items()})
    made.props |= {"PI": math.pi, "E": math.e, "random": core.crypto().props["random"]}
    return made


def jsons() -> Thing:
    def parse(this: Any, args: list[Any]) -> Any:
        text = text_of(at(args, 0))
        try:
            return from_json(json.loads(text))
        except ValueError as problem:
            place = getattr(problem, "pos", 0)
            if place >= len(text.rstrip()):
                raise fail("Unexpected end of JSON input", "SyntaxError") from None
            raise fail(f"Unexpected token {text[place]} in JSON at position {place}", "SyntaxError") from None
    return Thing({"parse": Function("parse", parse),
                  "stringify": Function("stringify", lambda this, args: Library.json(at(args, 0), at(args, 2)))})


def dates(core: Any) -> Function:
    made = function("Date", lambda this, args: js_dates.date(core.sys.now(), args),
                    now=lambda this, args: float(core.sys.now() // 1_000_000),
                    parse=lambda this, args: number_of(js_dates.date(0, args)))
    return made


def promises(loop: Loop) -> Function:
    def make(this: Any, args: list[Any]) -> Any:
        if not isinstance(at(args, 0), Function):
            raise fail(f"Promise resolver {text_of(at(args, 0))} is not a function")
        promise = Promise()
        done = Function("resolve", lambda this, values: loop.resolve(promise, at(values, 0)) or undefined)
        failed = Function("reject", lambda this, values: loop.settle(promise, "rejected", at(values, 0))
                          or undefined)
        try:
            yield from loop.machine.call(args[0], undefined, [done, failed])
        except Throw as thrown:
            loop.settle(promise, "rejected", thrown.value)
        return loop.thing(promise)

    def rejected(this: Any, args: list[Any]) -> Thing:
        promise = Promise()
        loop.settle(promise, "rejected", at(args, 0))
        return loop.thing(promise)

    def several(how: str) -> Callable[..., Any]:
        return lambda this, args: loop.all(loop.machine.library.listed(args[0]), how)
    return function("Promise", make, resolve=lambda this, args: loop.thing(loop.promise_of(at(args, 0))),
                    reject=rejected,
                    all=several("all"), allSettled=several("allSettled"), race=several("race"),
                    any=several("any"))


def buffers() -> Function:
    def make(this: Any, args: list[Any]) -> Thing:
        import base64
        value, encoding = args[0], at(args, 1)
        if isinstance(value, Array):
            data = bytes(int(number_of(item)) & 255 for item in value.items)
        elif isinstance(value, Thing) and value.kind == "Buffer":
            data = value.inner
        elif encoding in ("base64", "hex"):
            data = base64.b64decode(text_of(value)) if encoding == "base64" else bytes.fromhex(text_of(value))
        else:
            data = text_of(value).encode("utf-8", "surrogateescape")
        return Thing(kind="Buffer", inner=data)

    def size(this: Any, args: list[Any]) -> float:
        value = args[0]
        return float(len(value.inner if isinstance(value, Thing) and value.kind == "Buffer"
                         else text_of(value).encode("utf-8")))
    return function("Buffer", make, byteLength=size, isBuffer=lambda this, args: isinstance(args[0], Thing)
                    and args[0].kind == "Buffer",
                    alloc=lambda this, args: Thing(kind="Buffer", inner=bytes(int(number_of(args[0])))),
                    concat=lambda this, args: Thing(kind="Buffer",
                                                    inner=b"".join(item.inner for item in args[0].items)),
                    **{"from": make})


