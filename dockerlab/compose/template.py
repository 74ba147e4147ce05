"""Interpolación: `$VAR`, `${VAR}`, `${VAR:-defecto}`, `${VAR:?error}`, `${VAR:+otro}` y `$$`.

Especificación de Compose, *Interpolation*. Los valores por defecto pueden llevar,
a su vez, variables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dockerlab.errors import fault

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
OPERATORS = (":?", "?", ":-", "-", ":+", "+")
Lookup = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Variable:
    """Una variable de una plantilla. `operator` y `operand`: lo que va tras su nombre."""

    name: str
    operator: str = ""
    operand: str = ""


def pieces(text: str) -> Iterator[str | Variable]:
    """El texto en trozos: literales y variables. Falta `compose-template`."""
    at = 0
    while (dollar := text.find("$", at)) >= 0:
        yield text[at:dollar]
        following = text[dollar + 1:dollar + 2]
        name = NAME.match(text, dollar + 1)
        if following == "$":
            yield "$"
            at = dollar + 2
        elif following == "{":
            end = closing(text, dollar + 2)
            yield variable(text[dollar + 2:end], text)
            at = end + 1
        elif name:
            yield Variable(name[0])
            at = name.end()
        else:
            yield "$"
            at = dollar + 1
    yield text[at:]


def closing(text: str, start: int) -> int:
    """Dónde se cierra la llave abierta justo antes de `start`. Falta `compose-template`."""
    depth, at = 1, start
    while at < len(text):
        if text.startswith("${", at):
            depth, at = depth + 1, at + 1
        elif text[at] == "}":
            depth -= 1
            if not depth:
                return at
        at += 1
    raise fault("compose-template", template=text)


def variable(inside: str, text: str) -> Variable:
    """Lo que hay entre las llaves."""
    name = NAME.match(inside)
    if not name:
        raise fault("compose-template", template=text)
    rest = inside[name.end():]
    operator = next((operator for operator in OPERATORS if rest.startswith(operator)), "")
    if rest and not operator:
        raise fault("compose-template", template=text)
    return Variable(name[0], operator, rest[len(operator):])


def substitute(text: str, lookup: Lookup, missing: Callable[[str], None] = lambda name: None) -> str:
    """`text` con cada variable en su valor. `missing` oye los nombres de las que no lo tienen.

    Faltas `compose-template` y `compose-required`.
    """
    return "".join(piece if isinstance(piece, str) else value(piece, lookup, missing) for piece in pieces(text))


def value(found: Variable, lookup: Lookup, missing: Callable[[str], None]) -> str:
    """El valor de una variable, según su operador; con `:`, estar vacía es como no estar."""
    known = lookup(found.name)
    present = known is not None and (known != "" or not found.operator.startswith(":"))
    match found.operator[-1:]:
        case "-":
            return (known or "") if present else substitute(found.operand, lookup, missing)
        case "+":
            return substitute(found.operand, lookup, missing) if present else ""
        case "?" if not present:
            reason = substitute(found.operand, lookup, missing)
            raise fault("compose-required", name=found.name, reason=f": {reason}" if reason else "")
    if known is None:
        missing(found.name)
    return known or ""


def variables(text: str) -> Iterator[Variable]:
    """Las variables que nombra un texto, también las de dentro de otras. Falta `compose-template`."""
    for piece in pieces(text):
        if isinstance(piece, Variable):
            yield piece
            yield from variables(piece.operand)
