"""Leer lo que alguien contesta (letras sueltas, juntas o en lista) y enseñar opciones barajadas siempre igual."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any

LETTERS = "abcdefgh"


class Unreadable(ValueError):
    """La respuesta no tiene la forma que se espera. `heading`: qué pasa; el texto: cómo se escribe."""

    def __init__(self, heading: str, text: str):
        super().__init__(text)
        self.heading = heading


def lettered(texts: Iterable[str]) -> list[tuple[str, str]]:
    """(«a», texto), («b», texto)..."""
    return list(zip(LETTERS, texts, strict=False))


def letters(answer: Any, count: int, example: str) -> str:
    """Las letras de una respuesta: `"ac"`, `"a, c"`, `"a) y c)"`, `["a", "c"]`... `Unreadable` si no lo son."""
    if isinstance(answer, list | tuple | set):
        answer = " ".join(str(item) for item in answer)
    if not isinstance(answer, str):
        raise Unreadable("No entiendo esa respuesta", f"Se escribe con letras, entre comillas: `{example}`.")
    found = "".join(word for word in re.findall(r"\w+", answer.lower()) if word != "y")
    if strange := next((letter for letter in found if letter not in LETTERS[:count]), ""):
        raise Unreadable(f"No hay opción «{strange}»", f"Las opciones son letras: {', '.join(LETTERS[:count])}.")
    if not found:
        raise Unreadable("Falta la respuesta", f"Elige y vuelve a comprobar. En una celda se escribe así: `{example}`.")
    return found


def shuffled(texts: Iterable[str]) -> tuple[str, ...]:
    """Los textos, barajados siempre igual y nunca como estaban."""
    given = tuple(texts)
    mixed = tuple(sorted(given, key=lambda text: hashlib.sha256(text.encode()).digest()))
    return mixed if mixed != given else mixed[1:] + mixed[:1]


def written(value: float) -> str:
    """El número como se escribe en español: 3, 2,5."""
    return f"{value:g}".replace(".", ",") if value % 1 else str(int(value))
