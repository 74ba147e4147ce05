r"""Textos con formato: los `\n` de echo y los `%d` de printf.

Fuente: POSIX.1-2017, *Shell & Utilities*, `echo` y `printf`.
"""

from __future__ import annotations

import re

NAMED = {"a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
SEQUENCE = re.compile(r"\\(c|x[0-9a-fA-F]{1,2}|[0-7]{1,4}|[\s\S])")
DIRECTIVE = re.compile(r"%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?([a-zA-Z%])|([^%]+)|(%)")


class Silence(Exception):
    r"""Un `\c`: aquí acaba el texto."""


def unescape(text: str, zero: bool) -> tuple[str, bool]:
    r"""El texto con sus secuencias hechas, y si un `\c` lo cortó.

    `zero`: los octales de cuatro cifras empiezan por cero (`echo -e`, `%b`).
    """
    out, at = [], 0
    for found in SEQUENCE.finditer(text):
        out.append(text[at:found.start()])
        at, code = found.end(), found[1]
        if code == "c":
            return "".join(out), True
        if code[0] == "x" and len(code) > 1:
            out.append(chr(int(code[1:], 16)))
        elif code.isdigit():
            digits = code if zero and code[0] == "0" else code[:3]
            out.append(chr(int(digits, 8) & 255) + code[len(digits):])
        else:
            out.append(NAMED.get(code, found[0]))
    return "".join(out) + text[at:], False


def printf_text(template: str, arguments: list[str]) -> tuple[str, list[str]]:
    """Lo que escribe `printf template arguments...`, y sus quejas.

    La plantilla se repite mientras queden argumentos; los que faltan son
    vacíos o cero.
    """
    out: list[str] = []
    errors: list[str] = []
    rest = list(arguments)
    try:
        while True:
            before = len(rest)
            for found in DIRECTIVE.finditer(template):
                flags, width, precision, kind, literal, _ = found.groups()
                if kind is None:
                    text, silent = unescape(literal or "%", zero=False)
                    out.append(text)
                    if silent:
                        raise Silence
                elif kind == "%":
                    out.append("%")
                else:
                    out.append(directive(flags, width, precision, kind, rest, errors))
            if not rest or len(rest) == before:
                break
    except Silence:
        pass
    return "".join(out), errors


def directive(flags: str, width: str | None, precision: str | None, kind: str,
              rest: list[str], errors: list[str]) -> str:
    """Una directiva `%...` con su argumento, que se toma de `rest`."""
    width = (rest.pop(0) if rest else "0") if width == "*" else width or ""
    precision = (rest.pop(0) if rest else "0") if precision == "*" else precision
    value = rest.pop(0) if rest else ""
    form = f"%{flags}{width}" + (f".{precision}" if precision is not None else "")
    if kind == "b":
        text, silent = unescape(value, zero=True)
        if silent:
            raise Silence
        return (form + "s") % text
    if kind == "c":
        return (f"%{flags}{width}s") % value[:1]
    if kind == "s":
        return (form + "s") % value
    if kind in "diouxX":
        return (form + kind.replace("i", "d").replace("u", "d")) % number(value, errors, int)
    if kind in "eEfFgG":
        return (form + kind) % number(value, errors, float)
    errors.append(f"%{kind}: invalid format")
    return ""


def number(text: str, errors: list[str], kind: type) -> int | float:
    """El número que dice `text` (decimal, `0x`, octal, o `'c` por su código); 0 y una queja si no lo es."""
    if text[:1] in ("'", '"'):
        return ord(text[1:2] or "\0")
    try:
        if kind is int and re.fullmatch(r"\s*[-+]?0[0-7]+", text):
            return int(text, 8)
        return int(text or "0", 0) if kind is int else float(text or "0")
    except ValueError:
        errors.append(f"invalid number '{text}'")
        lead = re.match(r"\s*[-+]?\d+", text)
        return kind(lead[0]) if lead else 0
