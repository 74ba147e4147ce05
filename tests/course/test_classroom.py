"""La clase vista por quien enseña: tabla, mapa de errores y códigos dictados."""

from __future__ import annotations

import json
import re
import shutil

import nbformat
import pytest

from dockerlab.course import codes, lessons, make, progress
from dockerlab.course.classroom import descifrar, leer_clase
from tests.course import sample_class
from tests.course.test_questions import SAMPLES
from tests.extras import ROOT

FOLDER = ROOT / "notebooks" / "instructor"
SAMPLE = FOLDER / "muestra"
SOURCES = make.sources(FOLDER)


@pytest.fixture(scope="module")
def sample():
    return leer_clase(SAMPLE)


def learner(folder, name, *changes, file=""):
    """El archivo de alguien, con esos cambios."""
    data = progress.blank()
    for change in (progress.named(name), *changes):
        change(data)
    progress.write(folder / f"{file or name.lower()}.json", data)


# ── la muestra ───────────────────────────────────────────────────────────────


def test_the_sample_is_a_whole_class_and_every_error_in_it_has_words(sample):
    assert len(sample.learners) == len(sample_class.CLASS) == 12 and not sample.unread
    stumbles = sample.stumbles()
    assert len({one.notebook for one in stumbles}) >= 5
    for one in stumbles:
        assert len(one.told) > 8 and not re.fullmatch(r"caso \d+", one.told), one


@pytest.mark.parametrize("name", ["Elena", "Hugo"])
def test_the_sample_is_what_its_script_makes_from_real_checks(sample, name):
    made = sample_class.progress_of(name)["notebooks"]
    saved = next(one.data["notebooks"] for one in sample.learners if one.name == name)
    for number, place in made.items():
        for section in ("ejercicios", "preguntas", "predicciones"):
            assert place[section] == saved[number][section], "ejecuta python -m tests.course.sample_class"


def test_every_recorded_case_is_one_that_a_known_wrong_road_reaches():
    lesson = lessons.load("00")
    exercise = lesson.exercises[0]
    told = sample_class.verdict(lesson.name, exercise.id, 0)
    assert told.state == "incorrecto" and told.reasons


# ── la tabla ─────────────────────────────────────────────────────────────────


def test_the_table_says_how_much_and_where(tmp_path):
    learner(tmp_path, "Ana", progress.checked("05", "choque", "correcto"), progress.answered("05", 1, True))
    learner(tmp_path, "Beto", progress.checked("01", "clasifica", "incorrecto", ("a",)))
    lines = repr(leer_clase(tmp_path)).splitlines()
    total = len(codes.contents("05"))
    assert lines[0] == "La clase: 2 personas"
    assert lines[1].split() == ["Quién", "01", "05", "Va", "por"]
    assert re.fullmatch(rf"  Ana +– +2/{total} +05 · \d{{4}}-\d\d-\d\d", lines[2])
    assert re.fullmatch(r"  Beto +0/\d+ +– +01 · \S+", lines[3])


def test_what_cannot_be_read_is_said_and_does_not_stop_the_rest(tmp_path):
    learner(tmp_path, "Ana")
    (tmp_path / "roto.json").write_text("{", encoding="utf-8")
    (tmp_path / "carpeta.json").mkdir()
    (tmp_path / "otro.txt").write_text("nada", encoding="utf-8")
    heading = repr(leer_clase(tmp_path)).splitlines()[0]
    assert heading.startswith("La clase: 1 persona (sin leer: carpeta.json, ")
    assert "roto.json, no es un progreso" in heading


def test_two_with_the_same_name_and_one_without_are_told_apart(tmp_path):
    for number in (1, 2):
        learner(tmp_path, "Ana", file=f"p{number}")
    learner(tmp_path, "", file="equipo-7")
    assert [one.name for one in leer_clase(tmp_path).learners] == ["Ana (p1)", "Ana (p2)", "equipo-7"]


def test_a_name_is_text_and_nothing_else(tmp_path):
    learner(tmp_path, "<script>alert(1)</script>", progress.checked("05", "choque", "correcto"), file="x")
    assert "<script>" not in leer_clase(tmp_path)._repr_html_()


def test_no_folder_and_an_empty_one_are_a_sentence(tmp_path):
    assert "No encuentro la carpeta" in repr(leer_clase(tmp_path / "nada"))
    empty = leer_clase(tmp_path)
    assert "no hay ningún progreso" in repr(empty)
    assert "Nada todavía" in repr(empty.tropiezos()) and "Nadie" in repr(empty.atascados())
    assert empty.picture().png().startswith(b"\x89PNG")


def test_things_that_are_no_longer_in_the_course_are_passed_over(tmp_path):
    learner(tmp_path, "Ana", progress.checked("05", "retirado", "incorrecto", ("caso 1",)),
            progress.checked("77", "de-otro-curso", "incorrecto", ("caso 1",)),
            progress.checked("05", "choque", "incorrecto", ("caso 99",)), progress.answered("05", 99, False, ("z",)))
    told = leer_clase(tmp_path).stumbles()
    assert [(one.notebook, one.told) for one in told] == [("05", "caso 99")]
    assert "77" not in repr(leer_clase(tmp_path))


# ── en qué se falla ──────────────────────────────────────────────────────────


def test_errors_are_counted_by_people_and_the_worst_goes_first(tmp_path):
    learner(tmp_path, "Ana", *[progress.checked("05", "codigos", "incorrecto", ("a", "c"))] * 3)
    learner(tmp_path, "Beto", progress.checked("05", "codigos", "incorrecto", ("c",)),
            progress.checked("05", "choque", "incorrecto", ("caso 3",)))
    clase = leer_clase(tmp_path)
    rows = clase.tropiezos("05").rows
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("El código de salida", "A", "2 de 2"), ("El código de salida", "B", "1 de 2"),
        ("Dos con el mismo nombre", "A", "1 de 2")]
    assert rows[0][3].startswith("c: ") and "docker start" in rows[2][3]
    assert len(clase.tropiezos("05", al_menos=2).rows) == 1
    assert clase.atascados().rows == (("Ana", "05 · El código de salida", "3", "0"),)


def test_the_map_has_a_number_in_every_square_and_the_same_in_words(sample):
    picture = sample.picture("02")
    written = [int(text.get_text()) for text in picture.figure.axes[0].texts]
    assert sorted(written) == sorted(len(one.who) for one in sample.stumbles("02"))
    assert sum(written) == sum(int(number) for number in re.findall(r" [A-J] (\d+)", picture.words))
    assert picture.png() == sample.picture("02").png()
    data, metadata = picture._repr_mimebundle_()
    assert metadata["image/png"]["alt"] == picture.words == repr(sample.mapa("02"))
    assert data["text/plain"] == repr(picture)


def test_every_fault_of_a_question_is_told_with_its_words():
    for question in SAMPLES:
        for answer, _ in question.known():
            for fault in question.judge(question.read(answer)).faults:
                assert question.describe(fault) != fault or question.kind == "number"
        assert question.describe("9z") in ("9z", "9z MB")


# ── los códigos ──────────────────────────────────────────────────────────────


def test_dictated_codes_are_read_however_they_are_written(sample):
    spoken = sample.codigos("05").splitlines()
    name, code = spoken[0].split()
    ways = [f"{name} {code}", f"{name}: {code.lower()}", f"{name},{code.replace('-', '')}", code.replace("-", " "),
            f"Ana María {code.replace('-', ' ').lower()}"]
    rows = descifrar("\n\n".join(ways)).rows
    assert [row[0] for row in rows] == [name, name, name, "–", "Ana María"]
    assert {row[2] for row in rows} == {"05 · El ciclo de vida"} and len({row[3] for row in rows}) == 1
    assert "ejercicios" in rows[0][3]


def test_a_code_says_which_exercises_are_missing():
    exercises = [exercise.id for exercise in lessons.load("05").exercises]
    done = frozenset(("ejercicios", id) for id in exercises if id not in (exercises[1], exercises[4]))
    assert "ejercicios 4 de 6 (faltan 2 y 5)" in descifrar(codes.encode("05", done)).rows[0][3]
    done |= {("ejercicios", exercises[1])}
    assert "ejercicios 5 de 6 (falta el 5)" in descifrar(codes.encode("05", done)).rows[0][3]


def test_a_code_heard_wrong_says_so_and_the_rest_are_read(sample):
    lines = sample.codigos("05").splitlines()
    lines[0] = lines[0][:-1] + next(letter for letter in codes.ALPHABET if letter != lines[0][-1])
    rows = descifrar("\n".join(lines)).rows
    assert rows[0][2] == "–" and "letra de control" in rows[0][3].replace("la de control", "letra de control")
    assert all(row[2] != "–" for row in rows[1:])
    assert repr(descifrar("")).endswith("Ningún código.")


# ── el notebook ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_the_notebook_is_what_its_source_says_and_ran_without_an_error(source):
    built, saved = make.build(source, False), nbformat.read(make.target(source, False), as_version=4)
    assert make.editions(source) == (False,)
    assert [(c.id, c.cell_type, c.source) for c in saved.cells] == [(c.id, c.cell_type, c.source) for c in built.cells]
    code = [cell for cell in saved.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert not [out for cell in code for out in cell.outputs if out.output_type == "error"]
    pictures = [out for cell in code for out in cell.outputs if "image/png" in out.get("data", {})]
    assert pictures and all(len(out.data["text/plain"]) > 20 for out in pictures), "cada imagen, también con palabras"


def test_the_sample_files_are_plain_json(tmp_path):
    for path in SAMPLE.glob("*.json"):
        shutil.copy(path, tmp_path)
        assert json.loads(path.read_text(encoding="utf-8"))["version"] == progress.VERSION
    assert SOURCES
