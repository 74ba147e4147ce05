"""El examen: igual con la misma semilla, distinto con otra, completo y corregido con razones."""

from __future__ import annotations

import pytest

from dockerlab.course import exam

SEEDS = (1, 2, "ana", 2026)


def taken(seed, wrong=()):
    """Un examen contestado entero, mal en los puestos de `wrong`."""
    one = exam.Exam(seed, exam.drawn(seed, exam.pool()))
    for number, question in enumerate(one.questions, 1):
        one.answer(number, question.known()[0][0] if number in wrong else question.answer)
    return one


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_seed_gives_the_same_exam_with_every_claim(seed):
    one, other = (exam.drawn(seed, exam.pool()) for _ in range(2))
    assert one == other and len(one) == exam.LENGTH
    assert {claim for question in one for claim in question.claims} \
        == {claim for question in exam.pool() for claim in question.claims}
    assert len({question.ask for question in one}) == len(one)


def test_other_seeds_give_other_questions_and_other_orders_of_options():
    exams = [exam.drawn(seed, exam.pool()) for seed in range(12)]
    assert len({tuple(question.ask for question in one) for one in exams}) == len(exams)
    orders = {}
    for question in (question for one in exams for question in one if hasattr(question, "options")):
        orders.setdefault(question.ask, set()).add(tuple(option.text for option in question.options))
    assert any(len(found) > 1 for found in orders.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_all_right_is_full_marks(seed):
    marks = taken(seed).mark()
    assert marks.right == exam.LENGTH and marks.state == "correcto" and not marks.wrong
    assert "20 de 20" in repr(marks)


def test_each_mistake_is_told_with_its_reason_and_where_to_read_again():
    marks = taken(1, wrong=(3, 7, 20)).mark()
    assert [row.number for row in marks.wrong] == [3, 7, 20] and marks.state == "correcto"
    for row in marks.wrong:
        assert row.question.where in repr(marks) and row.reply.text.splitlines()[0] in repr(marks)
        assert row.question.where.startswith("notebook ")


def test_too_many_mistakes_do_not_pass_and_nothing_answered_is_pending():
    assert taken(1, wrong=range(1, 10)).mark().state == "incorrecto"
    blank = exam.Exam(1, exam.drawn(1, exam.pool())).mark()
    assert blank.state == "pendiente" and "20 sin contestar" in blank.heading


def test_answers_are_noted_without_giving_them_away_and_can_be_changed():
    one = exam.Exam(1, exam.drawn(1, exam.pool()))
    question = one.questions[0]
    told = one.answer(1, question.known()[0][0])
    assert told.kind == "apuntado" and question.known()[0][1] not in told.text
    one.answer(1, question.answer)
    assert one.mark().right == 1


@pytest.mark.parametrize(("number", "answer"), [(0, "a"), (21, "a"), ("uno", "a"), (1, ""), (1, None)])
def test_what_cannot_be_understood_says_how_it_is_written(number, answer):
    note = exam.Exam(1, exam.drawn(1, exam.pool())).answer(number, answer)
    assert note.kind == "pendiente" and note.text


def test_before_opening_one_there_is_a_sentence(monkeypatch):
    monkeypatch.setattr(exam, "_open", None)
    assert exam.corregir().kind == exam.contestar(1, "a").kind == "pendiente"
