"""La forma de un archivo del catálogo, como datos, y quien la comprueba.

Una forma es un tipo, o una tabla `{clave: forma}` (con `?` delante si la clave
puede faltar), o `Each(forma)`: una lista o tabla en la que todo tiene esa forma.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from dockerlab.errors import fault


@dataclass(frozen=True, slots=True)
class Each:
    """Todos los elementos (de una lista si `kind` es list; de una tabla si es dict) tienen `shape`."""

    kind: type
    shape: Any


@dataclass(frozen=True, slots=True)
class Like:
    """Un texto que casa entero con `pattern`; `meaning` se dice en el error."""

    pattern: str
    meaning: str


TEXTS = Each(list, str)
INSTANT = Like(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", "una hora como 2023-01-11T06:42:26Z")
PLACE = Like(r"/?[^/\s][^\s]*( [0-7]{3,4}( \d+:\d+)?)?", "«ruta [permisos [dueño:grupo]]»")
FILE = {"?text": str, "?program": str, "?size": int, "?mode": Like("[0-7]{3,4}", "permisos en octal"),
        "?owner": Like(r"\d+:\d+", "dueño:grupo por número")}
CONTENT = {
    "?dirs": Each(list, PLACE), "?files": Each(dict, (str, FILE)), "?links": Each(dict, str),
    "?programs": Each(dict, str), "?sizes": Each(dict, int), "?rest": Each(dict, int),
    "?applets": Each(list, {"to": str, "in": str, "names": str, "?size": int, "?hard": bool}),
    "?stamp": INSTANT,
}
STEP = {"by": str, "?created": INSTANT, "?comment": str, "?size": int, "?use": TEXTS, **CONTENT}
CONFIG = {
    "?Env": TEXTS, "?Cmd": TEXTS, "?Entrypoint": TEXTS, "?WorkingDir": str, "?User": str, "?StopSignal": str,
    "?ExposedPorts": TEXTS, "?Volumes": TEXTS, "?Labels": Each(dict, str), "?ArgsEscaped": bool,
}
PLATFORM = Like("linux/[a-z0-9]+(/v[0-9]+)?", "una plataforma como linux/arm64/v8")
TAG = {"created": INSTANT, "?aliases": TEXTS, "?from": str, "?platforms": Each(list, PLATFORM), "?config": CONFIG,
       "step": Each(list, STEP)}
REPOSITORY = {
    "name": Like(r"[a-z0-9]+(?:[._/-][a-z0-9]+)*", "un nombre de repositorio"), "description": str,
    "source": str, "date": Like(r"\d{4}-\d\d-\d\d", "un día como 2023-01-11"), "?notes": str,
    "?official": bool, "?stars": int, "?content": Each(dict, CONTENT), "tags": Each(dict, TAG),
}
_NAMES = {str: "un texto", int: "un número entero", bool: "true o false", list: "una lista",
          dict: "una tabla"}


def bad(where: str, expected: str, found: str) -> Exception:
    """El error `bad-catalogue`: en `where` se esperaba una cosa y hay otra."""
    return fault("bad-catalogue", where=where, expected=expected, found=found)


def check(value: Any, shape: Any, where: str) -> None:
    """Comprueba `value`; error `bad-catalogue` con el sitio (`where`) y lo que se esperaba."""
    if isinstance(shape, tuple):
        fits = (one for one in shape if isinstance(value, dict if isinstance(one, dict) else one))
        check(value, next(fits, shape[0]), where)
    elif isinstance(shape, Each):
        _expect(value, shape.kind, where)
        for key, one in value.items() if shape.kind is dict else enumerate(value, 1):
            check(one, shape.shape, f"{where}.{key}")
    elif isinstance(shape, Like):
        _expect(value, str, where)
        if not re.fullmatch(shape.pattern, value):
            raise bad(where, shape.meaning, repr(value))
    elif isinstance(shape, dict):
        _expect(value, dict, where)
        for key in value:
            if key not in shape and f"?{key}" not in shape:
                known = ", ".join(sorted(one.lstrip("?") for one in shape))
                raise bad(f"{where}.{key}", f"una de estas claves: {known}",
                            repr(key))
        for key, one in shape.items():
            name = key.lstrip("?")
            if name in value:
                check(value[name], one, f"{where}.{name}")
            elif not key.startswith("?"):
                raise bad(f"{where}.{name}", "esta clave", "nada")
    else:
        _expect(value, shape, where)


def _expect(value: Any, kind: type, where: str) -> None:
    if not isinstance(value, kind) or kind is int and (isinstance(value, bool) or value < 0):
        raise bad(where, _NAMES[kind], repr(value)[:60])
