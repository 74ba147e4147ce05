"""Instantes que se escriben: `2026-10-05T12:00:00`, `10m` (hace diez minutos), `1791201600.5`."""

from __future__ import annotations

import datetime
import re

from dockerlab.clock import SECOND
from dockerlab.errors import DockerlabError, fault

from .flags import parse_duration

FORMS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H", "%Y-%m-%d")
STAMP = re.compile(r"(?P<text>[\d:T-]+)(?:\.(?P<fraction>\d{1,9}))?(?P<zone>Z|[+-]\d\d:\d\d)?")


def parse_time(text: str, now: int) -> int:
    """El instante en nanosegundos; una duración se cuenta hacia atrás desde `now`. Falta `time-invalid`."""
    try:
        return now - parse_duration(text)
    except DockerlabError:
        pass
    if re.fullmatch(r"\d+(\.\d+)?", text):
        seconds, _, fraction = text.partition(".")
        return int(seconds) * SECOND + int(fraction.ljust(9, "0")[:9] or 0)
    found = STAMP.fullmatch(text)
    for form in FORMS if found else ():
        try:
            moment = datetime.datetime.strptime(found["text"], form)
        except ValueError:
            continue
        zone = datetime.UTC if found["zone"] in (None, "Z") else datetime.datetime.strptime(found["zone"], "%z").tzinfo
        seconds = int(moment.replace(tzinfo=zone).timestamp())
        return seconds * SECOND + int((found["fraction"] or "").ljust(9, "0"))
    raise fault("time-invalid", text=text)
