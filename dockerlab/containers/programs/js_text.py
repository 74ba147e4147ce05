"""Los métodos de los textos y de las expresiones regulares de JavaScript."""

from __future__ import annotations

import math
import re
from typing import Any

from .js_values import Array, Function, Thing, fail, number_of, text_of, undefined

FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}


def regex(source: str, flags: str) -> Thing:
    """Una expresión regular: casi las mismas letras en Python."""
    pattern = re.sub(r"\(\?<([A-Za-z_]\w*)>", r"(?P<\1>", source).replace("\\/", "/").replace("\\d", "[0-9]")
    options = 0
    for letter in flags:
        options |= FLAGS.get(letter, 0)
    try:
        compiled = re.compile(pattern, options)
    except re.error as error:
        raise fail(f"Invalid regular expression: /{source}/: {error}", "SyntaxError") from None
    return Thing({"source": source, "flags": flags, "global": "g" in flags, "lastIndex": 0.0}, kind="RegExp",
                 inner=compiled)


def whole(args: list[Any], at: int, default: int = 0) -> int:
    """El argumento `at` como entero."""
    if at >= len(args) or args[at] is undefined:
        return default
    number = number_of(args[at])
    return 0 if math.isnan(number) else int(max(min(number, 1e9), -1e9))


def text(args: list[Any], at: int = 0) -> str:
    return text_of(args[at]) if at < len(args) else "undefined"


def found(hit: re.Match[str] | None) -> Any:
    """El resultado de `match` o `exec`."""
    if hit is None:
        return None
    out = Array([hit[0], *(undefined if group is None else group for group in hit.groups())])
    out.props |= {"index": float(hit.start()), "groups": Thing(dict(hit.groupdict())) if hit.groupdict()
                  else undefined}
    return out


def replace(machine: Any, here: str, args: list[Any], everywhere: bool) -> Any:
    """`replace` y `replaceAll`, con texto, expresión regular o función."""
    wanted, by = args[0], args[1] if len(args) > 1 else undefined
    if isinstance(wanted, Thing) and wanted.kind == "RegExp":
        pattern, count = wanted.inner, 0 if wanted.props["global"] else 1
    else:
        pattern, count = re.compile(re.escape(text_of(wanted))), 0 if everywhere else 1
    out, at = "", 0
    for number, hit in enumerate(pattern.finditer(here)):
        if count and number >= count:
            break
        if isinstance(by, Function):
            values = [hit[0], *(undefined if group is None else group for group in hit.groups()),
                      float(hit.start()), here]
            piece = text_of((yield from machine.call(by, undefined, values)))
        else:
            piece = re.sub(r"\$(\$|&|\d{1,2}|<\w+>)", lambda mark: expand(mark[1], hit), text_of(by))
        out, at = out + here[at:hit.start()] + piece, hit.end()
    return out + here[at:]


def expand(mark: str, hit: re.Match[str]) -> str:
    if mark == "$":
        return "$"
    if mark == "&":
        return hit[0]
    return hit[mark.strip("<>")] or "" if not mark.isdigit() else hit[int(mark)] or ""


def split(here: str, args: list[Any]) -> Array:
    if not args or args[0] is undefined:
        return Array([here])
    by = args[0]
    pieces = by.inner.split(here) if isinstance(by, Thing) else list(here) if by == "" else here.split(text_of(by))
    return Array(pieces[:whole(args, 1, 10**9)])


def match(here: str, args: list[Any]) -> Any:
    pattern = args[0] if isinstance(args[0], Thing) else regex(text_of(args[0]), "")
    if not pattern.props["global"]:
        return found(pattern.inner.search(here))
    hits = [hit[0] for hit in pattern.inner.finditer(here)]
    return Array(hits) if hits else None


def slice_(length: int, args: list[Any]) -> slice:
    start, end = whole(args, 0), whole(args, 1, length)
    return slice(max(0, start + length) if start < 0 else start, max(0, end + length) if end < 0 else end)


def substring(here: str, args: list[Any]) -> str:
    start, end = (min(max(whole(args, at, default), 0), len(here))
                  for at, default in ((0, 0), (1, len(here))))
    return here[min(start, end):max(start, end)]


def repeated(here: str, count: int) -> str:
    """`here` repetido. `RangeError` si no cabría: aquí la memoria es poca."""
    if count < 0 or len(here) * count > 2**24:
        raise fail("Invalid string length" if count >= 0 else f"Invalid count value: {count}", "RangeError")
    return here * count


def pad(here: str, args: list[Any], before: bool) -> str:
    fill = text_of(args[1]) if len(args) > 1 else " "
    missing = max(0, whole(args, 0) - len(here))
    extra = repeated(fill, missing)[:missing] if fill else ""
    return extra + here if before else here + extra


def at(here: str, args: list[Any]) -> Any:
    index = whole(args, 0)
    return here[index] if -len(here) <= index < len(here) else undefined


METHODS: dict[str, Any] = {
    "toUpperCase": lambda m, s, a: s.upper(), "toLowerCase": lambda m, s, a: s.lower(),
    "toLocaleUpperCase": lambda m, s, a: s.upper(), "toLocaleLowerCase": lambda m, s, a: s.lower(),
    "trim": lambda m, s, a: s.strip(), "trimStart": lambda m, s, a: s.lstrip(), "trimEnd": lambda m, s, a: s.rstrip(),
    "includes": lambda m, s, a: text(a) in s, "indexOf": lambda m, s, a: float(s.find(text(a), whole(a, 1))),
    "lastIndexOf": lambda m, s, a: float(s.rfind(text(a))),
    "startsWith": lambda m, s, a: s.startswith(text(a), whole(a, 1)), "endsWith": lambda m, s, a: s.endswith(text(a)),
    "repeat": lambda m, s, a: repeated(s, whole(a, 0)), "slice": lambda m, s, a: s[slice_(len(s), a)],
    "substring": lambda m, s, a: substring(s, a),
    "substr": lambda m, s, a: s[slice_(len(s), a[:1])][:whole(a, 1, 10**9)], "split": lambda m, s, a: split(s, a),
    "charAt": lambda m, s, a: s[whole(a, 0):whole(a, 0) + 1], "at": lambda m, s, a: at(s, a),
    "charCodeAt": lambda m, s, a: float(ord(s[whole(a, 0)])) if whole(a, 0) < len(s) else math.nan,
    "codePointAt": lambda m, s, a: float(ord(s[whole(a, 0)])) if whole(a, 0) < len(s) else undefined,
    "concat": lambda m, s, a: s + "".join(map(text_of, a)), "padStart": lambda m, s, a: pad(s, a, True),
    "padEnd": lambda m, s, a: pad(s, a, False), "toString": lambda m, s, a: s, "valueOf": lambda m, s, a: s,
    "localeCompare": lambda m, s, a: float((s > text(a)) - (s < text(a))), "normalize": lambda m, s, a: s,
    "match": lambda m, s, a: match(s, a), "replace": lambda m, s, a: replace(m, s, a, False),
    "replaceAll": lambda m, s, a: replace(m, s, a, True),
    "search": lambda m, s, a: float(hit.start()) if (hit := a[0].inner.search(s)) else -1.0,
    "matchAll": lambda m, s, a: Array([found(hit) for hit in a[0].inner.finditer(s)]),
}
REGEX_METHODS: dict[str, Any] = {
    "test": lambda m, r, a: bool(r.inner.search(text(a))), "exec": lambda m, r, a: found(r.inner.search(text(a))),
    "toString": lambda m, r, a: text_of(r)}
