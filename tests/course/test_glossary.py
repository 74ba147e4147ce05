"""El glosario: en orden, sin repetir, y con cada palabra enlazada a donde se aprende."""

from __future__ import annotations

import re
import unicodedata

import pytest

from dockerlab.course import make
from tests.extras import ROOT

FOLDER = ROOT / "notebooks"
TEXT = (FOLDER / "glosario.md").read_text(encoding="utf-8")
ENTRIES = dict(re.findall(r"(?ms)^## (.+?)\n\n(.+?)(?=\n\n## |\n*\Z)", TEXT))


def plain(word: str) -> str:
    """La palabra como se ordena: sin tildes ni mayúsculas."""
    return "".join(letter for letter in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(letter))


def test_the_entries_are_sorted_and_not_repeated():
    terms = re.findall(r"(?m)^## (.+)$", TEXT)
    assert len(terms) == len(set(terms)) == len(ENTRIES)
    assert [plain(term) for term in terms] == sorted(map(plain, terms))


@pytest.mark.parametrize("term", ENTRIES)
def test_each_entry_says_what_it_is_and_where_it_is_learnt(term):
    *_, meaning = ENTRIES[term].partition("Se aprende en el ")
    assert meaning and len(ENTRIES[term].split()) < 60
    number = re.search(r"\d\d", meaning)[0]
    found = next(FOLDER.glob(f"{number}_*.ipynb"), None)
    assert found is None or f"[{number}]({found.name})" in meaning, f"enlaza «{term}» a {found.name}"


@pytest.mark.parametrize("source", make.sources(FOLDER), ids=lambda source: source.stem)
def test_a_notebook_links_a_term_the_first_time_it_says_it(source):
    """Un enlace por palabra: el segundo sobra."""
    links = re.findall(r"glosario\.md#([^)]+)\)", source.read_text(encoding="utf-8"))
    known = {term.replace(" ", "-") for term in ENTRIES}
    assert set(links) <= known
    assert len(links) == len(set(links))
