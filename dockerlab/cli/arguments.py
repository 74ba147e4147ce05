"""Cuántos argumentos admite cada orden."""

from __future__ import annotations

from dockerlab.errors import fault

from .call import Call

VERBS = {"args-least": "See", "args-most": "SRun"}
"""Docker 28.5 escribe mal uno de sus avisos; aquí se escribe igual."""


def bounds(rule: str) -> tuple[int, int | None]:
    """`1+` → (1, None); `0-1` → (0, 1); `2` → (2, 2); `none` → (0, 0)."""
    if rule == "none":
        return 0, 0
    if rule.endswith("+"):
        return int(rule[:-1]), None
    low, _, high = rule.partition("-")
    return int(low), int(high or low)


def kind_of(low: int, high: int | None) -> str:
    """Qué mensaje toca."""
    if high is None:
        return "least"
    if high == 0:
        return "none"
    if low == high:
        return "exact"
    return "most" if low == 0 else "range"


def plural(count: int) -> str:
    """`1 argument`, `2 arguments`."""
    return f"{count} argument" + ("" if count == 1 else "s")


def check_count(call: Call) -> None:
    """Faltas `args-*`."""
    rule = call.command.args
    if not rule:
        return
    low, high = bounds(rule.removeprefix("cobra "))
    found = len(call.args)
    if found >= low and (high is None or found <= high):
        return
    key = f"args-{'cobra-' if rule.startswith('cobra ') else ''}{kind_of(low, high)}"
    raise fault(key, command=call.name, minimum=low, maximum=high, found=found, first=next(iter(call.args), ""),
                count=plural(high if high is not None else low), verb=VERBS.get(key, "Run"))
