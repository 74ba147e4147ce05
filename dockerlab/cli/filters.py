"""Filtros (`--filter nombre=valor`), como datos: qué nombres hay en cada orden y cómo se comprueba cada uno.

Entre valores del mismo nombre basta con uno; entre nombres distintos, todos.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from dockerlab.errors import fault

Test = Callable[[Any, str], bool]
STATES = ("created", "running", "paused", "restarting", "removing", "exited", "dead")
TRUTHS = {"1": True, "true": True, "True": True, "0": False, "false": False, "False": False}
HEALTHS = ("none", "starting", "healthy", "unhealthy")


def group(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Los filtros juntos por nombre."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if name:
            found.setdefault(name, []).append(value)
    return found


def check_names(filters: Mapping[str, Sequence[str]], known: Iterable[str]) -> None:
    """Falta `filter-unknown`."""
    for name in filters:
        if name not in known:
            raise fault("filter-unknown", name=name)


def truth(name: str, values: Sequence[str]) -> bool:
    """El valor de un filtro de sí o no. Falta `filter-value`."""
    found = {TRUTHS[value] for value in values if value in TRUTHS}
    if len(found) != 1:
        raise fault("filter-value", name=name, values=" ".join(values))
    return found.pop()


def matches(item: Any, filters: Mapping[str, Sequence[str]], tests: Mapping[str, Test]) -> bool:
    """¿Pasa todos los filtros? Los metadatos (`label`) tienen que estar todos."""
    return all((all if name.startswith("label") else any)(tests[name](item, value) for value in values)
               for name, values in filters.items())


def natural(items: Iterable[Any]) -> list[Any]:
    """Por nombre, con los números en su orden: `red-2` antes que `red-10`."""
    return sorted(items, key=lambda item: [(int(piece), "") if piece.isdecimal() else (-1, piece)
                                           for piece in re.split(r"(\d+)", item.name)])


def integer(name: str, value: str) -> None:
    """El valor tiene que ser un número. Falta `filter-integer`."""
    if not re.fullmatch(r"[+-]?\d+", value):
        raise fault("filter-integer", name=name, value=value)


def by_name(name: str, pattern: str) -> bool:
    """¿Contiene el nombre ese texto, o encaja con esa expresión?"""
    try:
        return re.search(pattern, name) is not None
    except re.error:
        return pattern in name


def by_label(labels: Mapping[str, str] | None, wanted: str) -> bool:
    """`clave`, o `clave=valor`."""
    name, equals, value = wanted.partition("=")
    labels = labels or {}
    return name in labels and (not equals or labels[name] == value)


def choice(name: str, value: str, options: Sequence[str], what: str) -> None:
    """El valor tiene que ser uno de los que hay. Falta `filter-choice`."""
    if value not in options:
        raise fault("filter-choice", name=name, value=value, what=what, options=", ".join(options))
