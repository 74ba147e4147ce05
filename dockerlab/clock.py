"""El reloj virtual: nadie espera de verdad.

El tiempo es un entero de nanosegundos desde 1970 (UTC), como en los archivos
de Docker. Empieza siempre en el mismo instante, para que todo un curso vea las
mismas horas, y avanza solo cuando el motor lo dice.
"""

from __future__ import annotations

from dataclasses import dataclass

SECOND = 1_000_000_000
EPOCH = 1_791_201_600 * SECOND  # 2026-10-05T12:00:00Z


@dataclass(slots=True)
class Clock:
    """Un reloj que solo avanza. `now`: nanosegundos desde 1970."""

    now: int = EPOCH

    def advance(self, seconds: float) -> int:
        """Avanza `seconds` segundos (≥ 0) y devuelve la hora nueva."""
        return self.advance_to(self.now + round(seconds * SECOND))

    def advance_to(self, instant: int) -> int:
        """Avanza hasta `instant`; si ya pasó, no hace nada."""
        self.now = max(self.now, instant)
        return self.now


def rfc3339(instant: int) -> str:
    """`2026-10-05T12:00:00.000000001Z`, como lo escribe Docker (sin ceros finales)."""
    import datetime
    seconds, nanos = divmod(instant, SECOND)
    stamp = datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f".{nanos:09d}".rstrip("0").rstrip(".")
    return f"{stamp}{fraction}Z"


def parse_rfc3339(text: str) -> int:
    """El inverso de `rfc3339`. `ValueError` si no es una fecha RFC 3339 en UTC."""
    import datetime
    stamp, _, fraction = text.removesuffix("Z").partition(".")
    moment = datetime.datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=datetime.UTC)
    return int(moment.timestamp()) * SECOND + int(fraction.ljust(9, "0")[:9] or 0)
