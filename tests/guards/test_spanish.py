"""El español del proyecto: bien escrito, y con una sola palabra para cada cosa."""

from __future__ import annotations

import re
import statistics

import pytest

from tests import prose
from tests.extras import need

# Cada variante prohibida, y lo que se dice en su lugar.
FORBIDDEN = {
    r"ficheros?": "archivo",
    r"corr(e|er|en|iendo|emos|erá|ido) (el|la|un|una|los|las) (contenedor|imagen|programa|celda)\w*": "ejecutar",
    r"(está|están|estaba|sigue|siguen) corriendo": "está en ejecución",
    r"contenedor(es)? de imagen": "contenedor",
    r"micro ?máquinas? virtual(es)?": "contenedor",
    r"contenerizar|contenerizad\w+|dockerizar|dockerizad\w+": "poner en un contenedor",
    r"ustedes|vosotros|usted": "tú",
    r"computador(a|as|es)?|ordenador(es)?": "equipo",
    r"clickear|cliquear": "pulsar",
    r"setear|deployar|buildear|pushear|pullear|taggear|loguear": "una palabra española",
}


def test_every_word_is_in_the_dictionary_or_in_the_list_of_the_trade():
    assert not prose.unknown(need("hunspell"))


def test_the_list_of_the_trade_is_sorted_and_has_no_repetition():
    words = prose.WORDS.read_text(encoding="utf-8").splitlines()
    assert words == sorted(set(words), key=str.casefold)


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_one_word_for_each_thing(pattern):
    found = [f"{where}: «{match.group()}», mejor «{FORBIDDEN[pattern]}»" for where, text in prose.everything()
             for match in re.finditer(rf"\b(?:{pattern})\b", text, re.IGNORECASE)]
    assert not found


def test_sentences_are_short():
    text = "\n".join(text for _, text in prose.pages())
    paragraphs = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("|", "#"))]
    sentences = [s for line in paragraphs for s in re.split(r"(?<=[.!?:])\s+", line) if len(s.split()) > 2]
    assert len(sentences) > 100
    assert statistics.median(len(sentence.split()) for sentence in sentences) < 22


def test_what_is_shown_as_plain_text_has_no_asterisks_of_emphasis():
    """Veredictos, pistas y preguntas no son Markdown: un énfasis con asteriscos se leería con ellos."""
    emphasis = re.compile(r"(?<![*\w/.(])\*(?![\s*./])[^*\n]{1,60}(?<!\s)\*(?!\*)")
    assert not [f"{where}: {found.group()}" for where, text in prose.tables() for found in emphasis.finditer(text)]
