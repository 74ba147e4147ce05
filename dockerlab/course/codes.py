"""El código de un notebook: unas letras que se leen en voz alta y dicen qué está hecho.

Sin letras que se confundan al verlas (0 y O, 1 e I, 2 y Z, 5 y S, 8 y B) ni al oírlas
(be y uve, de y te, eme y ene). La última es de control: cualquier letra
cambiada, y cualquier par cambiado de sitio, se nota.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import challenges, lessons

ALPHABET = "2346789ACEFGHJKNPRTUWXY"   # 23, un número primo: por eso la de control no deja pasar ningún cambio
BASE = len(ALPHABET)
SHORTEST = 5                           # letras, sin la de control
MIX, SHIFT = 0x9E3779B1, 0x85EBCA6B    # para que dos códigos de cosas parecidas no se parezcan
SECTIONS = ("ejercicios", "preguntas", "predicciones", "retos")
Done = frozenset[tuple[str, str]]      # {("ejercicios", "choque"), ("preguntas", "3")...}


class CodeError(ValueError):
    """El código no se puede leer; el texto dice por qué."""


@dataclass(frozen=True, slots=True)
class Read:
    """Un código leído: el notebook («05») y lo que está hecho."""

    notebook: str
    done: Done


def contents(notebook: str) -> tuple[tuple[str, str], ...]:
    """Todo lo que se puede hacer en un notebook, en un orden fijo."""
    lesson = lessons.load(notebook)
    ids = {
        "ejercicios": [exercise.id for exercise in lesson.exercises],
        "preguntas": [str(number) for number in range(1, len(lesson.questions) + 1)],
        "predicciones": [prediction.id for prediction in lesson.predictions],
        "retos": [one.id for one in challenges.everything() if one.sequence == notebook],
    }
    return tuple((section, id) for section in SECTIONS for id in ids[section])


def length(notebook: str) -> int:
    """Cuántas letras lleva su código, sin la de control."""
    size = SHORTEST
    while BASE ** size < 32 << len(contents(notebook)):
        size += 1
    return size


def encode(notebook: str, done: Done) -> str:
    """El código de lo hecho en un notebook, con un guion en medio: «7K3F-9PX»."""
    value = int(notebook)
    for place, item in enumerate(contents(notebook)):
        value |= (item in done) << (5 + place)
    size = length(notebook)
    mixed = (value * MIX + SHIFT) % BASE ** size
    digits = [mixed // BASE ** place % BASE for place in range(size)]
    return hyphened("".join(ALPHABET[digit] for digit in [*digits, control(digits)]))


def decode(code: str) -> Read:
    """Lo que dice un código. Da igual cómo se escriba: mayúsculas, espacios, guiones. `CodeError` si no es uno."""
    letters = re.sub(r"[\s\-–—_.·]", "", code).upper()
    if strange := next((letter for letter in letters if letter not in ALPHABET), ""):
        raise CodeError(f"«{strange}» no sale nunca en un código. Pídelo otra vez, letra a letra.")
    if not SHORTEST < len(letters) <= SHORTEST + 8:
        raise CodeError(f"Tiene {len(letters)} letras, y un código tiene entre {SHORTEST + 1} y {SHORTEST + 5}.")
    *digits, last = (ALPHABET.index(letter) for letter in letters)
    if control(digits) != last:
        raise CodeError("Alguna letra no es la que era: la de control no cuadra. Pídelo otra vez.")
    whole = BASE ** len(digits)
    mixed = sum(digit * BASE ** place for place, digit in enumerate(digits))
    value = (mixed - SHIFT) * pow(MIX, -1, whole) % whole
    notebook, bits = f"{value & 31:02d}", value >> 5
    if notebook not in numbers() or length(notebook) != len(digits) or bits >> len(contents(notebook)):
        raise CodeError("No es de ningún notebook de este curso. ¿Tenéis todos la misma versión?")
    return Read(notebook, frozenset(item for place, item in enumerate(contents(notebook)) if bits >> place & 1))


def numbers() -> tuple[str, ...]:
    """Los números de los notebooks que tienen lección."""
    return tuple(name.partition("_")[0] for name in lessons.names())


def control(digits: list[int]) -> int:
    """La cifra de control: cada puesto pesa distinto, y el total es múltiplo de 23."""
    return -sum(weight * digit for weight, digit in enumerate(digits, 2)) % BASE


def hyphened(letters: str) -> str:
    """El código partido en dos, que se lee mejor."""
    middle = (len(letters) + 1) // 2
    return f"{letters[:middle]}-{letters[middle:]}"
