"""Las preguntas, de cinco clases: elegir una, elegir varias, ordenar, emparejar y dar un número.

Cada clase sabe leer una respuesta, decir si vale y por qué, y enseñarse en
texto. Nada más: los formatos de las lecciones están en `lessons/README.md`.
"""

from __future__ import annotations

from typing import Any

from .base import Question, Reply
from .choice import Many, One, Option
from .match import Extra, Match, Pair
from .number import Figure, Number
from .order import Item, Order

__all__ = ["KINDS", "Many", "Match", "Number", "One", "Order", "Question", "Reply", "question"]
KINDS: dict[str, type[Question]] = {cls.kind: cls for cls in (One, Many, Order, Match, Number)}
PARTS: dict[str, type] = {"options": Option, "items": Item, "pairs": Pair, "extra": Extra, "wrong": Figure}


def question(data: dict[str, Any]) -> Question:
    """La pregunta escrita como tabla TOML. `KeyError` si su clase no existe; `TypeError` si le falta o sobra algo."""
    values = {name: value for name, value in data.items() if name not in ("kind", "answer")}
    for name, part in PARTS.items():
        if name in values:
            values[name] = tuple(part(**item) for item in values[name])
    if "answer" in data:
        values["right"] = data["answer"]
    return KINDS[data.get("kind", "one")](**{**values, "claims": tuple(data.get("claims", ()))})
