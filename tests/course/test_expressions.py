"""Las condiciones de los ejercicios: pocas cosas, y ninguna peligrosa."""

from __future__ import annotations

import pytest

from dockerlab.course.expressions import ForbiddenExpression, evaluate, fill
from dockerlab.course.facts import blank, differ, listed, tidy


def test_conditions_compare_count_and_walk():
    names = {"items": [1, 2, 3], "name": "ana"}
    assert evaluate("len([item for item in items if item > 1]) == 2 and name in ('ana', 'beto')", names)


@pytest.mark.parametrize("text", [
    "__import__('os')", "().__class__", "open('/etc/passwd')", "(lambda: 1)()", "items.append(1)", "9 ** 9 ** 9",
    "f'{items}'", "[].copy()", "(x := 1)"])
def test_conditions_cannot_do_anything_else(text):
    with pytest.raises((ForbiddenExpression, NameError)):
        evaluate(text, {"items": []})


def test_texts_carry_expressions():
    assert fill("Quedan {len(items)}: {listed(items)}.", {"items": ["a", "b"], "listed": listed}) == "Quedan 2: a y b."


@pytest.mark.parametrize("answer", [None, "", "?", " ? ", {}, {"a": "?"}, {"a": "sí", "b": "?"}, ["?"], ...])
def test_an_answer_with_question_marks_is_blank(answer):
    assert blank(answer)


@pytest.mark.parametrize("answer", [0, "0", "no", {"a": "sí"}, ["x"], False])
def test_a_written_answer_is_not_blank(answer):
    assert not blank(answer)


def test_case_accents_blanks_and_number_or_text_do_not_matter():
    assert tidy({"a": " SÍ ", "b": 0, "c": ("Hola  Luna",)}) == {"a": "si", "b": "0", "c": ["hola luna"]}
    assert differ({"a": "Si", "b": "no"}, {"a": "sí", "b": "sí"}) == ["b"]
    assert differ(["x", "y"], ["x", "z"]) == [1]
