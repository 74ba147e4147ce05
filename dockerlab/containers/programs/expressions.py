"""Las cuentas de `expr`. Fuente: POSIX.1-2017, *Shell & Utilities*, `expr`."""

from __future__ import annotations

import operator

from .patterns import compile_posix

LEVELS: tuple[tuple[str, ...], ...] = (
    ("|",), ("&",), ("=", "==", "!=", "<", "<=", ">", ">="), ("+", "-"), ("*", "/", "%"), (":",))
COMPARE = {"=": operator.eq, "==": operator.eq, "!=": operator.ne, "<": operator.lt,
           "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def arithmetic(words: list[str]) -> str:
    """El valor de una expresión de `expr`. `ValueError` con el texto de su error."""
    rest = list(words)
    value = level(rest, 0)
    if rest:
        raise ValueError("syntax error")
    return value


def level(rest: list[str], depth: int) -> str:
    if depth == len(LEVELS):
        return atom(rest)
    value = level(rest, depth + 1)
    while rest and rest[0] in LEVELS[depth]:
        symbol = rest.pop(0)
        value = apply(symbol, value, level(rest, depth + 1))
    return value


def atom(rest: list[str]) -> str:
    if not rest:
        raise ValueError("syntax error")
    word = rest.pop(0)
    if word == "(":
        value = level(rest, 0)
        if rest[:1] != [")"]:
            raise ValueError("syntax error")
        rest.pop(0)
        return value
    if word == "length" and rest:
        return str(len(atom(rest)))
    if word == "match" and len(rest) > 1:
        return apply(":", atom(rest), atom(rest))
    if word == "substr" and len(rest) > 2:
        text, start, count = atom(rest), integer(atom(rest)), integer(atom(rest))
        return text[start - 1:start - 1 + count] if start > 0 and count > 0 else ""
    if word == "index" and len(rest) > 1:
        text, letters = atom(rest), atom(rest)
        return str(next((at for at, letter in enumerate(text, 1) if letter in letters), 0))
    return word


def apply(symbol: str, left: str, right: str) -> str:
    if symbol == "|":
        return left if left not in ("", "0") else right if right else "0"
    if symbol == "&":
        return left if left not in ("", "0") and right not in ("", "0") else "0"
    if symbol == ":":
        found = compile_posix(right).match(left)
        if compile_posix(right).groups:
            return found[1] or "" if found else ""
        return str(len(found[0])) if found else "0"
    if symbol in COMPARE:
        numeric = all(word.lstrip("-").isdigit() for word in (left, right))
        pair = (int(left), int(right)) if numeric else (left, right)
        return "1" if COMPARE[symbol](*pair) else "0"
    one, other = integer(left), integer(right)
    if symbol in "/%":
        if not other:
            raise ValueError("division by zero")
        quotient = abs(one) // abs(other) * (1 if (one < 0) == (other < 0) else -1)
        return str(quotient if symbol == "/" else one - quotient * other)
    return str({"+": one + other, "-": one - other, "*": one * other}[symbol])


def integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError("non-integer argument") from None
