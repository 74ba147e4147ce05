"""Qué hace cada modificador de `${x…}` (Dockerfile reference, *Environment replacement*).

Todos reciben lo mismo: el nombre de la variable, su valor (None si no lo tiene),
lo que sigue al modificador y si llevaba los dos puntos, con los que un valor
vacío cuenta como si no hubiera ninguno.
"""

from __future__ import annotations

from dockerlab.errors import fault

from . import globs


def _default(name: str, value: str | None, word: str, nothing_is_unset: bool) -> str:
    return word if value is None or (nothing_is_unset and not value) else value


def _alternative(name: str, value: str | None, word: str, nothing_is_unset: bool) -> str:
    return "" if value is None or (nothing_is_unset and not value) else word


def _required(name: str, value: str | None, word: str, nothing_is_unset: bool) -> str:
    if value is None:
        raise fault("word-required", name=name, message=word or "is not allowed to be unset")
    if nothing_is_unset and not value:
        raise fault("word-required", name=name, message=word or "is not allowed to be empty")
    return value


def _without_prefix(name: str, value: str | None, word: str, nothing_is_unset: bool) -> str:
    return globs.strip_prefix(value or "", word.removeprefix("#"), word.startswith("#"))


def _without_suffix(name: str, value: str | None, word: str, nothing_is_unset: bool) -> str:
    return globs.strip_suffix(value or "", word.removeprefix("%"), word.startswith("%"))


MODIFIERS = {"-": _default, "+": _alternative, "?": _required, "#": _without_prefix, "%": _without_suffix}
