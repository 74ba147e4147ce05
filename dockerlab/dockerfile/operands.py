"""Cómo parte cada instrucción lo que sigue a su nombre.

Hay cinco formas: lista separada por espacios, texto entero, lista JSON, palabras
con comillas (`ARG`) y pares nombre-valor (`ENV`, `LABEL`). `SHAPES` dice cuál usa
cada instrucción (BuildKit, *line parsers*).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from dockerlab.errors import fault

from .golang import SPACE, quote

GAP = re.compile(r"[\t\v\f\r ]+")
WORD = re.compile(f"[^{SPACE}]+")
Operands = tuple[tuple[str, ...], bool]  # (argumentos, si eran una lista JSON)


def spaced(rest: str, escape: str) -> Operands:
    """Palabras separadas por espacios, sin mirar comillas."""
    return tuple(GAP.split(rest)) if rest else (), False


def whole(rest: str, escape: str) -> Operands:
    """Todo es un solo argumento."""
    return (rest,) if rest else (), False


def json_array(rest: str) -> tuple[str, ...] | None:
    """La lista de textos escrita en JSON, o None si no es una lista JSON.

    `DockerfileError` si es una lista con algo que no es texto.
    """
    rest = rest.lstrip(SPACE)
    if not rest.startswith("["):
        return None
    try:
        values = json.loads(rest, parse_float=_number, parse_int=_number, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(value, str) for value in values):
        raise fault("json-not-strings")
    return tuple(map(_well_formed, values))


def _number(text: str) -> float:
    """Un número que no cabe en un `float` no es JSON para Go."""
    if abs(number := float(text)) == float("inf"):
        raise ValueError(text)
    return number


def _no_constant(text: str) -> float:
    raise ValueError(text)


def _well_formed(text: str) -> str:
    """Las mitades sueltas de un par sustituto (`\\ud800`) pasan a ser �, como en Go."""
    return text if text.isascii() else re.sub("[\ud800-\udfff]", "�", text)


def json_or_whole(rest: str, escape: str) -> Operands:
    """Lista JSON (forma exec) o texto entero (forma shell)."""
    values = json_array(rest)
    return whole(rest, escape) if values is None else (values, True)


def json_or_spaced(rest: str, escape: str) -> Operands:
    """Lista JSON o palabras separadas por espacios."""
    values = json_array(rest)
    return spaced(rest, escape) if values is None else (values, True)


def health(rest: str, escape: str) -> Operands:
    """`CMD …` o `NONE`: el tipo y, detrás, lista JSON o texto."""
    kind = WORD.match(rest)
    if kind is None:
        return (), False
    command, is_json = json_or_whole(rest[kind.end():].lstrip(SPACE), escape)
    return (kind[0], *command), is_json


def quoted_words(rest: str, escape: str) -> Operands:
    """Palabras separadas por espacios; lo que va entre comillas no se separa."""
    return split_words(rest, escape), False


def split_words(rest: str, escape: str = "\\") -> tuple[str, ...]:
    """Parte por espacios sin quitar comillas ni escapes: `a="b c" d` → `a="b c"`, `d`."""
    if not ("'" in rest or '"' in rest or escape in rest):
        return tuple(WORD.findall(rest))
    words: list[str] = []
    word: list[str] = []
    chars, quote_mark = iter(rest), ""
    for char in chars:
        if char == escape and quote_mark != "'":
            if follower := next(chars, ""):  # un escape al final de todo no cuenta
                word += char, follower
            continue
        if quote_mark:
            quote_mark = "" if char == quote_mark else quote_mark
        elif char in SPACE:
            words.append("".join(word))
            word.clear()
            continue
        elif char in "'\"":
            quote_mark = char
        word.append(char)
    words.append("".join(word))
    return tuple(filter(None, words))


def pairs(instruction: str) -> Callable[[str, str], Operands]:
    """`a=1 b=2` o la forma antigua `a 1`: nombre, valor y separador de cada par."""
    def parse(rest: str, escape: str) -> Operands:
        found = split_words(rest, escape)
        if not found:
            return (), False
        if "=" not in found[0]:
            name, *value = GAP.split(rest, maxsplit=1)
            if not value:
                raise fault("two-arguments", instruction=instruction)
            return (name, value[0], ""), False
        triples: list[str] = []
        for word in found:
            name, equals, value = word.partition("=")
            if not equals:
                raise fault("no-equals", word=quote(word))
            triples += name, value, equals
        return tuple(triples), False
    return parse


SHAPES: dict[str, Callable[[str, str], Operands]] = {
    "ADD": json_or_spaced, "ARG": quoted_words, "CMD": json_or_whole, "COPY": json_or_spaced,
    "ENTRYPOINT": json_or_whole, "ENV": pairs("ENV"), "EXPOSE": spaced, "FROM": spaced, "HEALTHCHECK": health,
    "LABEL": pairs("LABEL"), "MAINTAINER": whole, "RUN": json_or_whole, "SHELL": json_or_whole,
    "STOPSIGNAL": whole, "USER": whole, "VOLUME": json_or_spaced, "WORKDIR": whole,
}
