"""Cada lección, entera: soluciones que pasan, errores que se rechazan con su razón, nada muerto."""

from __future__ import annotations

import os
import re
import shutil
import string

import pytest

from dockerlab.course import lessons, review
from dockerlab.course.checks import judge
from dockerlab.course.expressions import compiled
from dockerlab.course.lessons import VERDICTS
from dockerlab.course.practice import prepare
from dockerlab.course.recordings import beside, same
from dockerlab.course.roads import walk
from tests.course.record import played
from tests.extras import ROOT, need

CLAIMS = {f"C{number}" for number in range(1, 15)}
LESSONS = [lessons.load(name) for name in lessons.names()]
EXERCISES = [pytest.param(lesson, exercise, id=f"{lesson.name[:2]}-{exercise.id}")
             for lesson in LESSONS for exercise in lesson.exercises]
WRONG = [pytest.param(lesson, exercise, wrong, id=f"{lesson.name[:2]}-{exercise.id}-{number}")
         for lesson in LESSONS for exercise in lesson.exercises for number, wrong in enumerate(exercise.wrong, 1)]
HALFWAY = [pytest.param(lesson, exercise, end, id=f"{lesson.name[:2]}-{exercise.id}-{number}")
           for lesson in LESSONS for exercise in lesson.exercises for number, end in enumerate(exercise.halfway, 1)]
ROADS = [pytest.param(lesson, exercise, road, id=f"{lesson.name[:2]}-{exercise.id}-{number}")
         for lesson in LESSONS for exercise in lesson.exercises
         for number, road in enumerate((exercise.solution, *exercise.roads))]


@pytest.fixture
def arrive(tmp_path):
    """Un motor nuevo, en una copia de la carpeta del curso, tras `start` y el camino."""
    def arrive(lesson, exercise, road="", answer=None):
        from dockerlab.engine import Engine
        engine = Engine(folder=str(tmp_path))
        prepare(tmp_path, lesson.files)
        for example in (ROOT / "notebooks").glob("*/Dockerfile"):
            shutil.copytree(example.parent, tmp_path / example.parent.name, dirs_exist_ok=True)
        started = walk(engine, exercise.start, tmp_path)
        assert not [line for line in started.transcript if line[2]], started.transcript
        walked = walk(engine, road, tmp_path)
        return judge(exercise, engine, walked.answer if answer is None else answer), walked
    return arrive


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES)
def test_at_the_start_every_exercise_is_pending(arrive, lesson, exercise):
    verdict, _ = arrive(lesson, exercise)
    assert verdict.state == "pendiente", verdict


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES)
def test_who_skips_the_cells_before_is_not_blamed(tmp_path, lesson, exercise):
    from dockerlab.engine import Engine
    prepare(tmp_path, lesson.files)
    verdict = judge(exercise, Engine(folder=str(tmp_path)))
    assert verdict.state == "pendiente", verdict


@pytest.mark.parametrize(("lesson", "exercise", "road"), ROADS)
def test_every_known_road_is_right(arrive, lesson, exercise, road):
    verdict, walked = arrive(lesson, exercise, road)
    assert verdict.state == "correcto", (verdict, walked.transcript)


@pytest.mark.parametrize(("lesson", "exercise", "wrong"), WRONG)
def test_every_known_wrong_end_is_refused_with_its_own_reason(arrive, lesson, exercise, wrong):
    verdict, walked = arrive(lesson, exercise, wrong.road, wrong.answer)
    assert verdict.state == "incorrecto", (verdict, walked.transcript)
    assert wrong.says in verdict.text


@pytest.mark.parametrize(("lesson", "exercise", "end"), HALFWAY)
def test_every_known_half_done_end_is_pending_and_says_what_is_missing(arrive, lesson, exercise, end):
    verdict, walked = arrive(lesson, exercise, end.road, end.answer)
    assert verdict.state == "pendiente", (verdict, walked.transcript)
    assert end.says in verdict.text


@pytest.mark.parametrize(("lesson", "exercise"), [row for row in EXERCISES if row.values[1].halfway])
def test_where_half_done_ends_are_known_all_are(lesson, exercise):
    """Cada «pendiente» se dice al empezar, a quien se saltó las celdas de antes o en un final a medias conocido."""
    texts = {end.says for end in exercise.halfway}
    assert sum(case.verdict == "pendiente" for case in exercise.cases) <= len(texts) + 1 + bool(exercise.start)


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES)
def test_at_least_three_different_reasons_and_no_dead_one(lesson, exercise, arrive):
    texts = {wrong.says for wrong in exercise.wrong}
    assert len(texts) >= 3
    if not exercise.because:
        written = [case.say for case in exercise.cases if case.verdict == "incorrecto"]
        assert len(written) <= len(texts), "hay una razón a la que ningún error conocido llega"
    else:
        parts = exercise.because.values() if isinstance(exercise.because, dict) else exercise.because
        assert len(parts) == len(exercise.key)


@pytest.mark.parametrize(("lesson", "exercise"), EXERCISES)
def test_exercises_are_well_formed(lesson, exercise):
    assert 2 <= len(exercise.hints) <= 5
    assert exercise.explanation and exercise.claims and set(exercise.claims) <= CLAIMS
    assert exercise.cases[-1].when == "True"
    for case in exercise.cases:
        assert case.verdict in VERDICTS
        for expression in (case.when, *(name for _, name, _, _ in string.Formatter().parse(case.say) if name)):
            compiled(expression)


@pytest.mark.parametrize(("lesson", "exercise"), [row for row in EXERCISES if row.values[1].words])
def test_another_word_is_not_an_error_and_the_ones_that_do_are_named(arrive, lesson, exercise):
    assert set(exercise.key.values()) <= set(exercise.words)
    name = next(iter(exercise.key))
    verdict, _ = arrive(lesson, exercise, answer=exercise.key | {name: "pues depende"})
    assert verdict.state == "pendiente"
    assert all(f"«{word}»" in verdict.text for word in (name, "pues depende", *exercise.words))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_lesson_has_enough_of_everything(lesson):
    assert len(lesson.exercises) >= 4
    assert len(lesson.questions) >= 5
    assert lesson.predictions and lesson.animations and lesson.recordings
    ids = [item.id for item in (*lesson.exercises, *lesson.predictions)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_the_right_option_is_not_always_in_the_same_place(lesson):
    assert len({question.answer for question in lesson.questions if question.kind == "one"}) >= 2


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_places_to_reread_are_headings_of_the_notebook(lesson):
    text = (ROOT / "notebooks" / "fuentes" / f"{lesson.name}.md").read_text(encoding="utf-8")
    for question in lesson.questions:
        for heading in re.findall(r"«([^»]+)»", question.where):
            assert re.search(rf"(?m)^#+ {re.escape(heading)}$", text), heading


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_what_is_reviewed_comes_from_earlier_lessons(lesson):
    questions = review.chosen(lesson)
    assert len({question.ask for question in questions}) == len(lesson.review)
    for place, question in zip(lesson.review, questions, strict=True):
        assert place[:2] < lesson.name[:2]
        assert f"notebook {place[:2]} · " in question.where


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_the_simulator_answers_as_the_recorded_engine(lesson):
    for recording in lesson.recordings:
        assert recording.engine.startswith("Docker ")
        rows = beside(recording).rows
        assert {command for command, _ in recording.differs} <= {command for command, _, _ in rows}
        for command, real, here in rows:
            assert same(real, here) == (not recording.why(command)), (command, real, here)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_the_recordings_are_what_the_engine_says(lesson):
    docker = need("docker")
    for recording in lesson.recordings:
        need_images(docker, recording.needs)
        for (command, recorded), now in zip(recording.steps, played(docker, recording), strict=True):
            assert recording.why(command) or same(recorded, now), command


def test_the_recorded_application_is_the_one_of_the_course():
    """La grabación de la 17 lleva una copia de `notebooks/app`: que no se aparte."""
    files = dict(lessons.load("17").recording("semilla").files)
    app = ROOT / "notebooks" / "app"
    assert {name: text.strip() for name, text in files.items()} == {
        path.name: path.read_text(encoding="utf-8").strip() for path in app.iterdir() if path.is_file()}


def need_images(docker, names):
    """Sin esas imágenes se salta la prueba (o falla, con `CI=true`)."""
    for name in names:
        if docker.run("pull", "-q", name).returncode:
            how = f"falta la imagen {name}: tests/oracle/oracle-node"
            pytest.fail(how) if os.environ.get("CI") == "true" else pytest.skip(how)
        docker.run("image", "rm", name)


def test_each_practice_folder_belongs_to_one_lesson():
    """La carpeta de práctica es una para todo el curso: dos lecciones con el mismo nombre se pisarían."""
    owners: dict[str, set[str]] = {}
    for lesson in LESSONS:
        for path in (ROOT / "notebooks" / "fuentes" / f"{lesson.name}.md",
                     ROOT / "dockerlab" / "course" / "lessons" / f"{lesson.name}.toml"):
            for name in re.findall(r"practica/([\w.-]+)", path.read_text(encoding="utf-8")):
                owners.setdefault(name, set()).add(lesson.name)
    assert not {name: lessons for name, lessons in owners.items() if len(lessons) > 1}


def test_only_the_order_in_which_docker_tries_the_addresses_is_forgiven():
    told = "Bind for 0.0.0.0:8080 failed: port is already allocated"
    assert same(told, told.replace("0.0.0.0", "::"))
    for other in (told.replace("8080", "8081"), told.replace("0.0.0.0", "127.0.0.1"), "Bind for 0.0.0.0:8080"):
        assert not same(told, other)
