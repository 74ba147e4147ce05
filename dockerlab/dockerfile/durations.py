"""Duraciones de Go (`1m30s`, `500ms`): las de HEALTHCHECK."""

from __future__ import annotations

import re

from .golang import quote

UNITS = {"ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": 1_000_000_000,
         "m": 60_000_000_000, "h": 3_600_000_000_000}
PART = re.compile(r"([0-9]*)(\.[0-9]*)?([^0-9.]*)")
LIMIT = 2**63


def parse(text: str) -> int:
    """Nanosegundos de `text`, que puede ser negativo y llevar decimales.

    `ValueError`, con las palabras de Go, si no es una duración.
    """
    invalid = ValueError(f"time: invalid duration {quote(text)}")
    sign, rest = (text[0], text[1:]) if text[:1] in ("+", "-") else ("", text)
    if rest == "0":
        return 0
    if not rest:
        raise invalid
    total, position = 0, 0
    while position < len(rest):
        found = PART.match(rest, position)
        whole, fraction, unit = found[1], (found[2] or "")[1:], found[3]
        if not (whole or fraction) or len(whole) > 19:
            raise invalid
        if not unit:
            raise ValueError(f"time: missing unit in duration {quote(text)}")
        if unit not in UNITS:
            raise ValueError(f"time: unknown unit {quote(unit)} in duration {quote(text)}")
        scale = UNITS[unit]
        total += int(whole or 0) * scale + int(fraction[:18] or 0) * scale // 10 ** len(fraction[:18])
        if total > LIMIT:
            raise invalid
        position = found.end()
    if sign == "-":
        return -total
    if total == LIMIT:
        raise invalid
    return total


def show(nanoseconds: int) -> str:
    """La duración como la escribe Go: `1m30s`, `500ms`, `0s`."""
    if not nanoseconds:
        return "0s"
    sign, left = ("-", -nanoseconds) if nanoseconds < 0 else ("", nanoseconds)
    for unit in ("ns", "µs", "ms"):
        if left < UNITS[unit] * 1_000:
            return f"{sign}{_decimal(left, UNITS[unit])}{unit}"
    minutes, left = divmod(left, UNITS["m"])
    hours, minutes = divmod(minutes, 60)
    large = f"{hours}h{minutes}m" if hours else f"{minutes}m" if minutes else ""
    return f"{sign}{large}{_decimal(left, UNITS['s'])}s"


def _decimal(amount: int, unit: int) -> str:
    whole, rest = divmod(amount, unit)
    return f"{whole}.{rest:0{len(str(unit)) - 1}d}".rstrip("0").rstrip(".") if rest else str(whole)
