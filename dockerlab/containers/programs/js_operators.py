"""Los operadores de JavaScript y los nombres con los que se queja."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .js_parser import Node
from .js_values import Function, Thing, loose, number_of, same, text_of

if TYPE_CHECKING:
    from .js_machine import Machine


class Getter:
    """Una propiedad que hay que calcular."""

    def __init__(self, function: Function):
        self.function = function


def chained(node: Node) -> bool:
    """¿Hay un `?.` más atrás en la cadena?"""
    return node[0] in ("member", "call") and (bool(node[3]) or chained(node[1]))


def describe(node: Node) -> str:
    """El nombre de lo que se llama, para los errores: `app.listn`."""
    match node[0]:
        case "name":
            return node[1]
        case "member":
            return f"{describe(node[1])}.{describe(node[2])}" if node[2][0] == "string" else f"{describe(node[1])}[...]"
        case "string":
            return node[1]
        case "call":
            return f"{describe(node[1])}(...)"
        case "this":
            return "this"
    return "(intermediate value)"


def int32(number: float) -> int:
    if not math.isfinite(number):
        return 0
    whole = int(number) & 0xFFFFFFFF
    return whole - 2**32 if whole >= 2**31 else whole


def operate(machine: Machine, sign: str, left: Any, right: Any) -> Any:
    """Un operador de dos lados."""
    match sign:
        case "+":
            if isinstance(left, str | Thing) or isinstance(right, str | Thing):
                return text_of(left) + text_of(right)
            return number_of(left) + number_of(right)
        case "===" | "!==":
            return same(left, right) == (sign == "===")
        case "==" | "!=":
            return loose(left, right) == (sign == "==")
        case "<" | ">" | "<=" | ">=":
            texts = isinstance(left, str) and isinstance(right, str)
            pair = (left, right) if texts else (number_of(left), number_of(right))
            return {"<": pair[0] < pair[1], ">": pair[0] > pair[1], "<=": pair[0] <= pair[1],
                    ">=": pair[0] >= pair[1]}[sign]
        case "instanceof":
            return machine.library.instance(left, right)
        case "in":
            return text_of(left) in machine.library.keys(right)
    one, other = number_of(left), number_of(right)
    match sign:
        case "-":
            return one - other
        case "*":
            return one * other
        case "/":
            return one / other if other else math.nan if one == 0 or math.isnan(one) else math.copysign(math.inf, one)
        case "%":
            return math.fmod(one, other) if other and math.isfinite(one) else math.nan
        case "**":
            return float(one ** other)
        case "&":
            return float(int32(one) & int32(other))
        case "|":
            return float(int32(one) | int32(other))
        case "^":
            return float(int32(one) ^ int32(other))
        case "<<":
            return float(int32(float(int32(one) << (int32(other) & 31))))
        case ">>":
            return float(int32(one) >> (int32(other) & 31))
    return float((int32(one) & 0xFFFFFFFF) >> (int32(other) & 31))
