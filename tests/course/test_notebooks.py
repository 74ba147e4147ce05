"""Los notebooks: salen de sus fuentes, se leen bien y no se han quedado atrás."""

from __future__ import annotations

import re

import nbformat
import pytest

from dockerlab.course import lessons, make
from dockerlab.course.source import Cell, cells
from tests.extras import ROOT

FOLDER = ROOT / "notebooks"
SOURCES = make.sources(FOLDER)
EDITIONS = [pytest.param(source, solved, id=f"{source.stem}-{'resuelto' if solved else 'por-resolver'}")
            for source in SOURCES for solved in (False, True)]
PAGES = [*SOURCES, ROOT / "README.md", *sorted(FOLDER.glob("*.md")), *sorted(FOLDER.glob("guia/**/*.md"))]
LONGEST_CELL = 15


def read(source, solved):
    return nbformat.read(make.target(source, solved), as_version=4)


def anchors(text: str) -> set[str]:
    """Los destinos de enlace que hay en un texto: sus títulos, como los nombra JupyterLab."""
    return {title.strip().replace(" ", "-") for title in re.findall(r"(?m)^#+ (.+)$", text)}


@pytest.mark.parametrize(("source", "solved"), EDITIONS)
def test_the_notebook_is_what_its_source_says(source, solved):
    built, saved = make.build(source, solved), read(source, solved)
    assert [(c.id, c.cell_type, c.source, c.metadata) for c in saved.cells] \
        == [(c.id, c.cell_type, c.source, c.metadata) for c in built.cells], "ejecuta `make notebooks`"
    assert saved.metadata == built.metadata


@pytest.mark.parametrize(("source", "solved"), EDITIONS)
def test_it_was_run_from_top_to_bottom_without_an_error(source, solved):
    code = [cell for cell in read(source, solved).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert not [out for cell in code for out in cell.outputs if out.output_type == "error"]


@pytest.mark.parametrize(("source", "solved"), EDITIONS)
def test_exercises_are_pending_in_one_edition_and_right_in_the_other(source, solved):
    word = "Correcto" if solved else "Pendiente"
    checks = [cell for cell in read(source, solved).cells if "comprobar" in cell.metadata.get("tags", ())]
    assert len(checks) == len(lessons.load(source.stem).exercises)
    for cell in checks:
        assert re.match(rf"\S {word} · ", cell.outputs[0].data["text/plain"]), cell.outputs[0].data["text/plain"]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_everything_in_the_lesson_is_used_in_the_notebook(source):
    lesson, text = lessons.load(source.stem), source.read_text(encoding="utf-8")
    inside = {asked for animation in lesson.animations for _, asked in animation.ask}
    told = [prediction for prediction in lesson.predictions if prediction.id not in inside]
    for items, call in ((told, "predecir"), (told, "explicar"), (lesson.animations, "animar"),
                        (lesson.recordings, "de_verdad")):
        for item in items:
            assert f'{call}("{item.id}")' in text
    assert re.findall(r"ejercicio=(\S+)", text) == [exercise.id for exercise in lesson.exercises]
    assert "cuestionario()" in text
    assert ("repaso()" in text) == bool(lesson.review)


@pytest.mark.parametrize(("source", "solved"), EDITIONS)
def test_cells_are_short(source, solved):
    for cell in make.build(source, solved).cells:
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= LONGEST_CELL, cell.source


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_each_notebook_has_its_parts(source):
    text = source.read_text(encoding="utf-8")
    assert text.startswith(f"# {source.stem[:2]} · ")
    for part in ("**Al terminar sabrás**", "**Minutos**", "**Hace falta**", "**Después**", "Lo que suele decirse",
                 "## En Docker de verdad", "## Cuestionario", "## En cinco líneas", "**Para leer después:**"):
        assert part in text, part
    summary = text.partition("## En cinco líneas")[2]
    assert len(re.findall(r"(?m)^\d\. ", summary)) == 5


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_the_teacher_has_notes_and_the_learner_does_not_see_them(source):
    written = re.findall(r"(?m)^<!-- docente$", source.read_text(encoding="utf-8"))
    assert len(written) >= 4, "di qué decir, qué preguntar y dónde se atascan, en comentarios «<!-- docente … -->»"
    teacher, learner = (build_notes(source, solved) for solved in (True, False))
    assert len(teacher) == len(written) and not learner
    assert all(cell.metadata["slideshow"]["slide_type"] == "notes" for cell in teacher)


def build_notes(source, solved):
    return [cell for cell in make.build(source, solved).cells if "docente" in cell.metadata.get("tags", ())]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_headings_go_down_one_step_at_a_time(source):
    prose = re.sub(r"(?ms)^```.*?^```$", "", source.read_text(encoding="utf-8"))
    levels = [len(marks) for marks in re.findall(r"(?m)^(#+) ", prose)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_links_lead_somewhere_and_pictures_have_words(path):
    text = path.read_text(encoding="utf-8")
    base = FOLDER if path.parent.name == "fuentes" else path.parent
    for words, destination in re.findall(r"!?\[([^\]]*)\]\(([^)\s]+)\)", text):
        assert words.strip()
        if "://" not in destination:
            name, _, anchor = destination.partition("#")
            target = base / name if name else path
            assert target.exists(), destination
            assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), destination


@pytest.mark.parametrize(("source", "solved"), EDITIONS)
def test_links_to_pages_lead_there_from_each_edition(source, solved):
    path = make.target(source, solved)
    for cell in make.build(source, solved).cells:
        if cell.cell_type == "markdown":
            for destination in re.findall(r"\]\(([^)#\s]+\.md)", cell.source):
                assert (path.parent / destination).exists(), destination


def test_a_source_becomes_cells():
    lesson = lessons.load("01")
    text = "# T\n\nhola\n\n```python\n1\n```\n\n```text\nno\n```\n\n```python ejercicio=quien-la-ve\n```\n"
    student = list(cells(text, lesson))
    assert student[:2] == [Cell("markdown", "# T\n\nhola"), Cell("code", "1")]
    assert student[2].source.startswith("```text")
    assert "respuesta = dict(ana='?'" in student[3].source and student[3].tags == ("ejercicio",)
    assert student[4].source == 'comprobar("quien-la-ve", respuesta)'
    room = list(cells(text.replace("quien-la-ve", "quien-la-ve ordenes"), lesson))
    assert room[4].tags == ("ordenes",) and room[5] == student[4]
    teacher = list(cells(text, lesson, solved=True))
    assert "ana='sí'" in teacher[3].source and teacher[5].source.startswith("**Por qué.** ")
