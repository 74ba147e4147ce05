"""Las fechas de JavaScript, siempre en UTC: es la zona de los contenedores."""

from __future__ import annotations

import datetime
from typing import Any

from .js_values import Thing, iso_date, number_of, text_of

UTC = datetime.UTC


def date(now: int, args: list[Any]) -> Thing:
    """`new Date(...)`. `now`: la hora del reloj virtual, en ns."""
    if not args:
        when = datetime.datetime.fromtimestamp(now / 1e9, UTC)
    elif isinstance(args[0], Thing) and args[0].kind == "Date":
        when = args[0].inner
    elif isinstance(args[0], str):
        when = parse(args[0])
    elif len(args) == 1:
        when = datetime.datetime.fromtimestamp(number_of(args[0]) / 1000, UTC)
    else:
        numbers = [int(number_of(value)) for value in args] + [1, 0, 0, 0, 0][len(args) - 2:]
        when = datetime.datetime(numbers[0], numbers[1] + 1, *numbers[2:6], numbers[6] * 1000, tzinfo=UTC)
    return Thing(kind="Date", inner=when)


def parse(text: str) -> datetime.datetime:
    try:
        when = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return datetime.datetime.fromtimestamp(0, UTC)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def local(when: datetime.datetime, args: list[Any]) -> str:
    """`toLocaleString`: en inglés o, si se pide `es`, en español."""
    if args and text_of(args[0]).startswith("es"):
        return f"{when.day}/{when.month}/{when.year}, {when.hour}:{when:%M:%S}"
    half = "AM" if when.hour < 12 else "PM"
    return f"{when.month}/{when.day}/{when.year}, {when.hour % 12 or 12}:{when:%M:%S} {half}"


def part(name: str) -> Any:
    return lambda machine, this, args: float(getattr(this.inner, name))


METHODS: dict[str, Any] = {
    "toISOString": lambda m, s, a: iso_date(s), "toJSON": lambda m, s, a: iso_date(s),
    "toString": lambda m, s, a: text_of(s), "getTime": lambda m, s, a: number_of(s),
    "valueOf": lambda m, s, a: number_of(s), "getFullYear": part("year"), "getDate": part("day"),
    "getHours": part("hour"), "getMinutes": part("minute"), "getSeconds": part("second"),
    "getUTCFullYear": part("year"), "getUTCDate": part("day"), "getUTCHours": part("hour"),
    "getUTCMinutes": part("minute"), "getMonth": lambda m, s, a: float(s.inner.month - 1),
    "getMilliseconds": lambda m, s, a: float(s.inner.microsecond // 1000),
    "getDay": lambda m, s, a: float(s.inner.isoweekday() % 7), "getTimezoneOffset": lambda m, s, a: 0.0,
    "toLocaleString": lambda m, s, a: local(s.inner, a),
    "toLocaleDateString": lambda m, s, a: local(s.inner, a).split(", ")[0],
    "toLocaleTimeString": lambda m, s, a: local(s.inner, a).split(", ")[1],
    "toUTCString": lambda m, s, a: s.inner.strftime("%a, %d %b %Y %H:%M:%S GMT"),
    "toDateString": lambda m, s, a: s.inner.strftime("%a %b %d %Y")}
