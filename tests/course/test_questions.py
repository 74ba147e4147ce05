"""Las cinco clases de preguntas: una sola respuesta buena, y detrás de cada mala, su razón."""

from __future__ import annotations

import itertools

import pytest

from dockerlab.course import lessons
from dockerlab.course.answers import Unreadable, shuffled
from dockerlab.course.questions import KINDS, question
from dockerlab.course.quiz import Asked, told

MANY = {"kind": "many", "ask": "¿Qué hace capa?", "where": "«Capas»", "options": [
    {"text": "`COPY`", "right": True, "reason": "Trae archivos."},
    {"text": "`ENV`", "reason": "Solo configura."},
    {"text": "`RUN`", "right": True, "reason": "Guarda lo que escribe."}]}
ORDER = {"kind": "order", "ask": "¿Qué hace run?", "items": [
    {"text": "Descargar", "reason": "Sin imagen no hay nada."},
    {"text": "Crear", "reason": "Ya hay imagen."},
    {"text": "Arrancar", "reason": "Ya hay contenedor."},
    {"text": "Esperar", "reason": "Ya hay proceso."}]}
MATCH = {"kind": "match", "ask": "¿Qué código?", "pairs": [
    {"left": "0", "right": "Bien", "reason": "Es el convenio."},
    {"left": "137", "right": "SIGKILL", "reason": "128 + 9."},
    {"left": "139", "right": "Un fallo", "reason": "128 + 11."}],
    "extra": [{"right": "SIGTERM", "reason": "Sería 143."}]}
NUMBER = {"kind": "number", "ask": "¿Cuánto pesa?", "answer": 2.5, "unit": "MB", "tolerance": 0.1,
          "reason": "Dos y media.", "otherwise": "Suma otra vez.",
          "wrong": [{"value": 5, "reason": "Eso son las dos."}]}
ONE = {"ask": "¿Cuál?", "options": [
    {"text": "uno", "reason": "Es poco."},
    {"text": "dos", "right": True, "reason": "Justo."},
    {"text": "tres", "reason": "Es mucho."}]}
SAMPLES = [question(data) for data in (ONE, MANY, ORDER, MATCH, NUMBER)]
LESSONS = [lessons.load(name) for name in lessons.names()]
ASKED = [pytest.param(asked, id=f"{lesson.name[:2]}-{number}-{asked.kind}")
         for lesson in LESSONS for number, asked in enumerate((*lesson.questions, *lesson.predictions), 1)]
EVERY = [*(pytest.param(sample, id=f"muestra-{sample.kind}") for sample in SAMPLES), *ASKED]


def possible(asked):
    """Todas las respuestas que caben (de un número, unas cuantas)."""
    letters = [letter for letter, _ in asked.choices]
    if asked.kind == "many":
        return ["".join(some) for size in range(1, len(letters) + 1) for some in itertools.combinations(letters, size)]
    if asked.kind == "order":
        return ["".join(some) for some in itertools.permutations(letters)]
    if asked.kind == "match":
        return ["".join(some) for some in itertools.product(letters, repeat=len(asked.pairs))]
    return letters or [answer for answer, _ in asked.known()] + [asked.answer]


@pytest.mark.parametrize("asked", EVERY)
def test_exactly_one_answer_is_right(asked):
    right = [answer for answer in possible(asked) if asked.judge(asked.read(answer)).right]
    assert right == [asked.answer]


@pytest.mark.parametrize("asked", EVERY)
def test_every_known_wrong_answer_is_refused_with_its_own_reason(asked):
    known = asked.known()
    assert len(known) >= 2
    assert len({reason for _, reason in known}) == len(known), "dos errores comparten razón"
    for answer, reason in known:
        reply = asked.judge(asked.read(answer))
        assert not reply.right and reply.faults
        assert reason and reason in reply.text


@pytest.mark.parametrize("asked", EVERY)
def test_everything_is_told_once_it_is_right_and_nothing_before(asked):
    plain = "\n".join(asked.lines())
    for _, _, reason in asked.reveal():
        assert reason and reason not in plain
    html = Asked("Cuestionario", (asked,), lambda *_: None, "así")._repr_html_()
    assert html.count("<details") == len(asked.reveal())
    assert "<details" not in Asked("Predice", (asked,), lambda *_: None, "así", reveal=False)._repr_html_()


@pytest.mark.parametrize("asked", EVERY)
@pytest.mark.parametrize("answer", ["", "?", "zz", "hola", None, [], {}, 3.5j, True, [None], "ñ", "a" * 9])
def test_a_malformed_answer_gets_a_sentence_and_never_an_error(asked, answer):
    note = told(asked, answer)
    assert note.kind in ("pendiente", "incorrecto") and note.heading and note.text


@pytest.mark.parametrize("asked", ASKED)
def test_questions_have_enough_choices_and_do_not_lie_in_order(asked):
    if asked.kind in ("one", "many"):
        assert len(asked.options) >= 3
    if asked.kind == "many":
        assert 2 <= len(asked.answer) < len(asked.options)
    if asked.kind == "order":
        assert len(asked.items) >= 3 and asked.answer != "".join(sorted(asked.answer))
    if asked.kind == "match":
        assert len(asked.pairs) >= 3 and len(asked.shown) >= 2
    texts = [text for _, text in asked.choices]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("asked", [every for every in EVERY if not every.id.endswith("one")])
def test_the_sample_can_be_read_and_is_not_the_answer(asked):
    assert not asked.judge(asked.read(asked.sample.strip('"'))).right


def test_the_same_answer_may_be_written_in_several_ways():
    _, many, order, match, number = SAMPLES
    assert {many.read(way) for way in ("ac", "C A", "a, c", "a) y c)", ["c", "a"], ("a", "c", "a"))} == {"ac"}
    right = order.answer
    assert {order.read(way) for way in (right, right.upper(), list(right), " > ".join(right))} == {right}
    right = match.answer
    assert {match.read(way) for way in (right, list(right), dict(enumerate(right, 1)))} == {right}
    assert {number.read(way) for way in (2.5, "2.5", "2,5", "2,5 MB", " 2.5mb ")} == {2.5}


def test_a_number_has_a_margin_and_refuses_thousands_separators():
    number = SAMPLES[4]
    assert number.judge(2.6).right and not number.judge(2.7).right
    assert number.judge(5.05).text == "Eso son las dos." and number.judge(9).text == "Suma otra vez."
    with pytest.raises(Unreadable, match="1000"):
        number.read("1.000")


def test_a_wrong_order_names_the_first_thing_that_came_too_soon():
    order = SAMPLES[2]
    first, second, third, fourth = order.answer
    reply = order.judge(first + third + second + fourth)
    assert reply.heading == f"En el puesto 2 no va {third}) (porque…)"
    assert reply.text == "Vas bien hasta el puesto 1. «Arrancar» va más tarde. Ya hay contenedor."


def test_a_pairing_says_how_many_are_right_and_why_the_first_wrong_one_is_not():
    match = SAMPLES[3]
    extra = "abcd"[match.shown.index("SIGTERM")]
    reply = match.judge(extra + match.answer[1:])
    assert reply.heading.startswith("Bien, 2 de 3") and reply.text == "«0» no va con «SIGTERM». Sería 143."


def test_shuffling_is_always_the_same_and_never_leaves_things_as_they_were():
    for size in range(2, 8):
        texts = [f"cosa {number}" for number in range(size)]
        assert shuffled(texts) == shuffled(texts) != tuple(texts)
        assert sorted(shuffled(texts)) == texts


def test_over_the_course_every_kind_is_used_more_than_once():
    used = [asked.kind for lesson in LESSONS for asked in lesson.questions]
    assert all(used.count(kind) >= 2 for kind in KINDS), used


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_quiz_is_not_all_of_one_kind(lesson):
    assert len({asked.kind for asked in lesson.questions}) >= 2


def test_what_is_not_corrected_is_noted_and_a_unit_is_said_once():
    pytest.importorskip("anywidget")
    from dockerlab.widgets.quiz import LABELS, Quiz
    figure = next(one for one in lessons.load("00").questions if one.kind == "number")
    quiz, prediction = (Quiz(Asked("", (figure,), lambda *_: None, "así", reveal=reveal)) for reveal in (True, False))
    assert (quiz.labels["check"], prediction.labels["check"]) == (LABELS["check"], "Apuntar")
    assert quiz.questions[0]["hint"] == "un número" and quiz.questions[0]["unit"] == "contenedores"
