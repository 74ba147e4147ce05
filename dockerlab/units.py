"""Tamaños y duraciones como los escribe y los lee Docker (biblioteca go-units).

Hay dos familias de tamaños: las potencias de 1000 (`kB`, `MB`: imágenes y capas)
y las de 1024 (`KiB`, `MiB`: memoria). Docker usa las dos, y cada orden la suya.
"""

from __future__ import annotations

from .errors import fault

DECIMAL = ("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB")
BINARY = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB")
POWERS = {"k": 1, "m": 2, "g": 3, "t": 4, "p": 5}


def _scaled(size: float, base: float, names: tuple[str, ...], digits: int) -> str:
    step = 0
    while size >= base and step < len(names) - 1:
        size, step = size / base, step + 1
    return f"{size:.{digits}g}{names[step]}"


def human_size(size: float, digits: int = 4) -> str:
    """`1234567` → `1.235MB`: potencias de 1000. `digits`: cifras significativas."""
    return _scaled(size, 1000.0, DECIMAL, digits)


def bytes_size(size: float) -> str:
    """`1234567` → `1.177MiB`: potencias de 1024."""
    return _scaled(size, 1024.0, BINARY, 4)


def human_duration(seconds: float) -> str:
    """`5400` → `About an hour`, `7200` → `2 hours`: lo que se lee en `docker ps`."""
    whole = int(seconds)
    if whole < 1:
        return "Less than a second"
    if whole == 1:
        return "1 second"
    if whole < 60:
        return f"{whole} seconds"
    minutes = whole // 60
    if minutes == 1:
        return "About a minute"
    if minutes < 60:
        return f"{minutes} minutes"
    hours = int(seconds / 3600 + 0.5)
    if hours == 1:
        return "About an hour"
    if hours < 48:
        return f"{hours} hours"
    days = hours // 24
    for limit, size, name in ((14, 1, "days"), (60, 7, "weeks"), (730, 30, "months")):
        if days < limit:
            return f"{days // size} {name}"
    return f"{int(seconds / 3600) // 24 // 365} years"


def _parse(text: str, base: int) -> int:
    """`32kb` → 32 × base. Los espacios solo valen entre el número y la unidad (uno)."""
    cut = max((at for at, char in enumerate(text) if char in "0123456789. "), default=-1)
    if cut < 0:
        raise fault("size-invalid", size=text)
    number, suffix = text[:cut + 1], text[cut + 1:]
    if text[cut] == " ":
        number = text[:cut]
    value = parse_float(number)
    if value < 0:
        raise fault("size-invalid", size=text)
    if not suffix:
        return int(value)
    unit = suffix.lower()
    if unit == "b":
        return int(value)
    if unit[0] in POWERS and unit[1:] in ("", "b", "ib"):
        return int(value * base ** POWERS[unit[0]])
    raise fault("size-suffix", suffix=suffix)


def parse_float(text: str) -> float:
    """Un número como lo lee Go: sin espacios alrededor. Falta `float-syntax`."""
    if text != text.strip() or not text or "_" in text:
        raise fault("float-syntax", text=text)
    try:
        return float(text)
    except ValueError:
        raise fault("float-syntax", text=text) from None


def ram_in_bytes(text: str) -> int:
    """`64m` → 67108864: memoria, potencias de 1024. Faltas: `size-invalid`, `size-suffix`, `float-syntax`."""
    return _parse(text, 1024)


def from_human_size(text: str) -> int:
    """`32kB` → 32000: potencias de 1000. Faltas: las de `ram_in_bytes`."""
    return _parse(text, 1000)
