"""Los códigos que se leen en voz alta: van y vuelven, y una letra mal oída se nota."""

from __future__ import annotations

import itertools
import re

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockerlab import Docker, course
from dockerlab.course import codes, session
from dockerlab.course.progress import blank
from dockerlab.course.report import code_note
from tests.extras import ROOT

NOTEBOOKS = codes.numbers()
CONFUSED = ("0O", "1IL", "2Z", "5S", "8B", "BV", "DT", "MN")


def test_every_combination_goes_and_comes_back_in_the_shortest_notebook():
    shortest = min(NOTEBOOKS, key=lambda number: len(codes.contents(number)))
    items = codes.contents(shortest)
    seen = set()
    for chosen in itertools.product((False, True), repeat=len(items)):
        done = frozenset(itertools.compress(items, chosen))
        code = codes.encode(shortest, done)
        assert codes.decode(code) == codes.Read(shortest, done)
        seen.add(code)
    assert len(seen) == 2 ** len(items)


@pytest.mark.parametrize("number", NOTEBOOKS)
def test_every_thing_alone_and_every_pair_go_and_come_back(number):
    items = codes.contents(number)
    for size in (0, 1, 2, len(items) - 1, len(items)):
        for some in itertools.combinations(items, size):
            assert codes.decode(codes.encode(number, frozenset(some))) == codes.Read(number, frozenset(some))


@given(st.data())
def test_any_combination_of_any_notebook_goes_and_comes_back(data):
    number = data.draw(st.sampled_from(NOTEBOOKS))
    done = frozenset(data.draw(st.sets(st.sampled_from(codes.contents(number)))))
    assert codes.decode(codes.encode(number, done)) == codes.Read(number, done)


@settings(max_examples=25)
@given(st.data())
def test_any_letter_changed_and_any_two_swapped_are_noticed(data):
    number = data.draw(st.sampled_from(NOTEBOOKS))
    code = codes.encode(number, frozenset(data.draw(st.sets(st.sampled_from(codes.contents(number)))))).replace("-", "")
    for place in range(len(code)):
        for letter in set(codes.ALPHABET) - {code[place]}:
            with pytest.raises(codes.CodeError):
                codes.decode(code[:place] + letter + code[place + 1:])
    for one, other in itertools.combinations(range(len(code)), 2):
        letters = list(code)
        letters[one], letters[other] = letters[other], letters[one]
        if letters != list(code):
            with pytest.raises(codes.CodeError):
                codes.decode("".join(letters))


@pytest.mark.parametrize("number", NOTEBOOKS)
def test_codes_are_short_and_have_no_letters_that_look_or_sound_alike(number):
    code = codes.encode(number, frozenset())
    assert re.fullmatch(r"[0-9A-Z]{3,5}-[0-9A-Z]{3,4}", code)
    assert all(sum(letter in codes.ALPHABET for letter in group) <= 1 for group in CONFUSED)


def test_it_does_not_matter_how_it_is_written():
    code = codes.encode("05", frozenset({("ejercicios", "choque")}))
    ways = (code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} ", " ".join(code), code.replace("-", "–"))
    for way in ways:
        assert codes.decode(way).done == {("ejercicios", "choque")}


@pytest.mark.parametrize(("code", "why"), [
    ("", "letras"), ("ABC", "«B»"), ("GEE", "letras"), ("GEEG66GEEG66GEEG66", "letras"), ("GEE-G6O", "«O»"),
    ("GEE-G67", "control"), ("GEÉ-G66", "«É»"), ("🙂", "«🙂»")])
def test_what_is_not_a_code_gets_a_reason(code, why):
    with pytest.raises(codes.CodeError, match=why):
        codes.decode(code)


def test_a_code_of_another_course_is_refused():
    digits = [1, 2, 3, 4, 5]
    for first in range(codes.BASE):
        digits[0] = first
        code = "".join(codes.ALPHABET[digit] for digit in [*digits, codes.control(digits)])
        try:
            assert codes.decode(code).notebook in NOTEBOOKS
        except codes.CodeError as error:
            assert "ningún notebook" in str(error)


def test_the_learner_sees_the_code_of_what_is_done(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(session, "_open", None)
    course.leccion("05", Docker())
    course.responder(1, "b")
    code = re.search(r"05: (\S+)$", course.codigo().heading)[1]
    assert codes.decode(code) == codes.Read("05", frozenset({("preguntas", "1")}))


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_the_code_in_the_saved_notebook_is_the_one_of_today(path):
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.source == "codigo()"]
    for cell in cells:
        assert cell.outputs[0].data["text/plain"] == repr(code_note(blank(), path.stem[:2])), "ejecuta `make notebooks`"
