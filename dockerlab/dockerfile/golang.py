"""Tres costumbres de Go que se ven en los mensajes y en el historial de Docker.

Docker está escrito en Go: lo que Go llama espacio, cómo escribe un texto entre
comillas (`%q`) y cómo sugiere una palabra parecida salen tal cual en pantalla.
"""

from __future__ import annotations

from collections.abc import Iterable

SPACE = (" \t\n\v\f\r\x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B)))
         + "\u2028\u2029\u202f\u205f\u3000")
"""Los espacios de Go (`unicode.IsSpace`): los de Python menos los separadores 0x1c a 0x1f."""

ESCAPES = {ord(char): "\\" + name
           for char, name in zip('\a\b\f\n\r\t\v\\"', 'abfnrtv\\"', strict=True)}


def quote(text: str) -> str:
    """`text` entre comillas dobles, con escapes, como `%q`: `a"b` → `"a\\"b"`."""
    text = text.translate(ESCAPES)
    if not text.isprintable():
        text = "".join(char if char.isprintable() else _escape(ord(char)) for char in text)
    return f'"{text}"'


def _escape(code: int) -> str:
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def quote_list(words: Iterable[str]) -> str:
    """Una lista de textos como `%q`: `["a" "b"]`."""
    return "[" + " ".join(map(quote, words)) + "]"


def distance(a: str, b: str) -> int:
    """Cuántas letras hay que poner, quitar o cambiar para ir de `a` a `b` (Levenshtein)."""
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (left != right))
    return row[-1]


def similar(word: str, options: Iterable[str], case_sensitive: bool = True) -> str:
    """La opción a menos de tres letras de `word`, la más cercana; vacío si no la hay o si es una de ellas.

    Sin distinguir mayúsculas, la sugerencia se escribe como se escribió `word`.
    """
    wanted = word if case_sensitive else word.lower()
    best, nearest = "", 3
    for option in sorted(options):
        candidate = option if case_sensitive else option.lower()
        if candidate == wanted:
            return ""
        if abs(len(candidate) - len(wanted)) < nearest and (far := distance(wanted, candidate)) < nearest:
            best, nearest = candidate, far
    return best.upper() if not case_sensitive and word == word.upper() != word.lower() else best


class Hint(str):
    """` (did you mean X?)`, como lo añade Docker, o vacío; `spanish` lo pregunta en español."""

    spanish: str

    def __new__(cls, meant: str = "") -> Hint:
        hint = super().__new__(cls, f" (did you mean {meant}?)" if meant else "")
        hint.spanish = f" (¿querías decir {meant}?)" if meant else ""
        return hint


def did_you_mean(word: str, options: Iterable[str], case_sensitive: bool = True) -> Hint:
    """La pregunta con la opción que más se parece, o vacía si nada se parece."""
    return Hint(similar(word, options, case_sensitive))
