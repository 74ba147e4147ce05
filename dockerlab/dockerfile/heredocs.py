"""Documentos en línea (`RUN <<EOF`, `COPY <<a <<b /destino/`): cuáles anuncia una línea.

Fuente: Dockerfile reference, *Here-Documents*. El contenido lo junta el
analizador, que es quien tiene las líneas.
"""

from __future__ import annotations

import re

from dockerlab.errors import DockerfileError, fault

from . import words
from .instruction import Heredoc

MARK = re.compile(r"([0-9]*)<<(-?)[\t\n\f\r ]*([^<]*)")
MAX_FD = 2**64 - 1


def announced(line: str) -> tuple[Heredoc, ...]:
    """Los documentos que anuncia una instrucción, en orden y aún sin contenido.

    Un `<<` entre comillas no anuncia nada. `DockerfileError` si un nombre tiene una
    comilla sin cerrar.
    """
    try:
        found = words.process(line, {}, raw_quotes=True, raw_escapes=True, skip_unset=True).words
    except DockerfileError:
        return ()  # la instrucción tiene comillas sin cerrar: es asunto de la shell
    return tuple(doc for word in found if "<<" in word and (doc := read(word)) is not None)


def read(word: str) -> Heredoc | None:
    """El documento que anuncia la palabra (`<<EOF`, `3<<-"EOF"`), o None si no anuncia ninguno."""
    found = MARK.fullmatch(word)
    if found is None or not found[3]:
        return None
    names = words.process(found[3], {}, skip_unset=True).words
    if len(names) != 1:
        return None
    raws = words.process(found[3], {}, raw_quotes=True, skip_unset=True).words
    if len(raws) != 1:
        raise fault("heredoc-inconsistent", word=found[3])
    return Heredoc(names[0], expand=_quotes(names[0]) == _quotes(raws[0]), chomp=bool(found[2]),
                   fd=min(int(found[1][:20] or 0), MAX_FD))


def mentioned(word: str) -> Heredoc | None:
    """Como `read`, pero una palabra mal escrita simplemente no anuncia nada."""
    if "<<" not in word:
        return None
    try:
        return read(word)
    except DockerfileError:
        return None


def _quotes(text: str) -> int:
    return text.count("'") + text.count('"')
