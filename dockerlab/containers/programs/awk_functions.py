"""Las funciones de awk: length, substr, index, split, sub, gsub, match, sprintf, cuentas y mayúsculas."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .awk_language import AwkError, Node
from .printing import printf_text

if TYPE_CHECKING:
    from .awk_machine import Machine

MATH = {"int": math.trunc, "sqrt": math.sqrt, "exp": math.exp, "log": math.log, "sin": math.sin,
        "cos": math.cos}


def call(machine: Machine, name: str, nodes: list[Node], line: int) -> Any:
    """El valor de `nombre(argumentos)`. `AwkError` si la función no existe."""
    if name in ("sub", "gsub"):
        return substitute(machine, nodes, every=name == "gsub")
    if name == "split":
        return split(machine, nodes)
    if name == "length" and nodes and nodes[0][0] == "name" and nodes[0][1] in machine.arrays:
        return float(len(machine.arrays[nodes[0][1]]))
    if name == "match":
        source = nodes[1][1] if nodes[1][0] == "regex" else machine.text(machine.value(nodes[1]))
        found = machine.pattern(source).search(machine.text(machine.value(nodes[0])))
        machine.variables |= {"RSTART": float(found.start() + 1 if found else 0),
                              "RLENGTH": float(len(found[0]) if found else -1)}
        return machine.variables["RSTART"]
    values = [machine.value(node) for node in nodes]
    texts = [machine.text(value) for value in values]
    match name:
        case "length":
            return float(len(texts[0] if texts else machine.text(machine.fields[0])))
        case "toupper":
            return texts[0].upper()
        case "tolower":
            return texts[0].lower()
        case "index":
            return float(texts[0].find(texts[1]) + 1)
        case "substr":
            start = round(machine.number(values[1]))
            end = start + round(machine.number(values[2])) if len(values) > 2 else len(texts[0]) + 1
            return texts[0][max(start, 1) - 1:max(end, 1) - 1]
        case "sprintf":
            return printf_text(texts[0], texts[1:])[0]
        case "systime":
            return machine.now()
        case "close" | "fflush" | "srand":
            return 0.0
    if name in MATH:
        return float(MATH[name](machine.number(values[0])))
    raise AwkError(f"Call to undefined function '{name}'", line)


def substitute(machine: Machine, nodes: list[Node], every: bool) -> float:
    source = nodes[0][1] if nodes[0][0] == "regex" else machine.text(machine.value(nodes[0]))
    replacement = machine.text(machine.value(nodes[1]))
    target = nodes[2] if len(nodes) > 2 else ("field", ("number", 0.0))

    def fill(found: Any) -> str:
        return replacement.replace("\\&", "\0").replace("&", found[0]).replace("\0", "&")
    text, count = machine.pattern(source).subn(fill, machine.text(machine.value(target)), 0 if every else 1)
    if count:
        machine.assign(target, text)
    return float(count)


def split(machine: Machine, nodes: list[Node]) -> float:
    text = machine.text(machine.value(nodes[0]))
    separator = machine.variables["FS"] if len(nodes) < 3 else nodes[2][1] if nodes[2][0] == "regex" else \
        machine.value(nodes[2])
    pieces = machine.split(text, machine.text(separator))
    machine.arrays[nodes[1][1]] = {str(at): machine.guess(piece) for at, piece in enumerate(pieces, 1)}
    return float(len(pieces))
