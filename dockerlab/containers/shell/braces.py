"""`{a,b}` y `{1..3}` de bash: una palabra se convierte en varias antes de cualquier otra expansión."""

from __future__ import annotations

import re

from .tree import Part, Text, Word

RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?|([A-Za-z])\.\.([A-Za-z])(?:\.\.(-?\d+))?")
MAX_ITEMS = 10_000


def expand(word: Word) -> list[Word]:
    """Las palabras en las que se convierte; ella misma si no lleva llaves que expandir."""
    if not any(isinstance(part, Text) and not part.quoted and "{" in part.text for part in word.parts):
        return [word]
    return [Word(tuple(parts), word.line) for parts in _variants(_characters(word))]


def _characters(word: Word) -> list[Part]:
    """Los trozos, con los textos sin comillas partidos en caracteres."""
    out: list[Part] = []
    for part in word.parts:
        out.extend([Text(char) for char in part.text] if isinstance(part, Text) and not part.quoted else [part])
    return out


def _variants(items: list[Part]) -> list[list[Part]]:
    """Expande la primera llave que se pueda y, por cada opción, el resto."""
    for start, item in enumerate(items):
        if item != Text("{"):
            continue
        commas, level = [start], 0
        for end in range(start + 1, len(items)):
            if items[end] == Text("{"):
                level += 1
            elif items[end] == Text("}") and level:
                level -= 1
            elif items[end] == Text(",") and not level:
                commas.append(end)
            elif items[end] == Text("}"):
                options = _options(items, commas, end)
                if options is None:
                    break
                tails = _variants(items[end + 1:])
                return [items[:start] + option + tail for option in options for tail in tails][:MAX_ITEMS]
    return [items]


def _options(items: list[Part], commas: list[int], end: int) -> list[list[Part]] | None:
    if len(commas) > 1:
        edges = [*commas, end]
        return [variant for left, right in zip(edges, edges[1:], strict=False)
                for variant in _variants(items[left + 1:right])]
    inside = items[commas[0] + 1:end]
    if not all(isinstance(item, Text) and not item.quoted for item in inside):
        return None
    found = RANGE.fullmatch("".join(item.text for item in inside))
    return None if not found else [[Text(text)] for text in _range(found)]


def _range(found: re.Match[str]) -> list[str]:
    numeric = found[1] is not None
    first, last = (int(found[1]), int(found[2])) if numeric else (ord(found[4]), ord(found[5]))
    step = abs(int(found[3] or found[6] or 1)) or 1
    width = max((len(text) for text in (found[1], found[2]) if text and re.match(r"-?0\d", text)), default=0) \
        if numeric else 0
    values = range(first, last + 1, step) if first <= last else range(first, last - 1, -step)
    return [f"{value:0{width}d}" if numeric else chr(value) for value in values[:MAX_ITEMS]]
