"""Lo que el curso afirma se enseña, se practica y se pregunta: la tabla de `claims.toml`, sin huecos."""

from __future__ import annotations

import tomllib

import pytest

from dockerlab.course import lessons, make
from dockerlab.course.source import cells
from tests.extras import ROOT

TABLE = tomllib.loads((ROOT / "tests" / "course" / "claims.toml").read_text(encoding="utf-8"))
CLAIMS = [f"C{number}" for number in range(1, 15)]
LESSONS = {name[:2]: lessons.load(name) for name in lessons.names()}
SOURCES = {source.stem[:2]: source for source in make.sources(ROOT / "notebooks")}
TAGGED = {number: {tag for cell in cells(source.read_text(encoding="utf-8"), LESSONS[number]) for tag in cell.tags}
          for number, source in SOURCES.items()}
FOUND = {
    "shown": TAGGED,
    "practised": {number: {claim for one in lesson.exercises for claim in one.claims}
                  for number, lesson in LESSONS.items()},
    "asked": {number: {claim for one in lesson.questions for claim in one.claims}
              for number, lesson in LESSONS.items()},
}
HOW = {"shown": "no tiene ninguna celda con `tags={}`", "practised": "no tiene ningún ejercicio de {}",
       "asked": "no tiene ninguna pregunta de {}"}


def test_the_table_has_every_claim_and_nothing_else():
    assert list(TABLE) == CLAIMS
    assert all(row["says"] and row.keys() == {"says", *FOUND} for row in TABLE.values())
    assert len({row["says"] for row in TABLE.values()}) == len(CLAIMS)


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("way", FOUND)
def test_each_claim_is_shown_practised_and_asked(claim, way):
    assert TABLE[claim][way], f"{claim} no se {way} en ningún notebook"
    holes = [number for number in TABLE[claim][way] if claim not in FOUND[way].get(number, ())]
    assert not holes, [f"el {number} {HOW[way].format(claim)}" for number in holes]


@pytest.mark.parametrize("number", TAGGED)
def test_the_tags_of_cells_are_claims(number):
    known = {*CLAIMS, "ejercicio", "comprobar", "solucion", "docente"}
    strange = {tag for tag in TAGGED[number] if tag[:1] == "C" and tag[1:].isdigit()} - known
    assert not strange, f"{SOURCES[number].name} tiene etiquetas que no son de ninguna afirmación: {sorted(strange)}"


def test_the_closing_notebook_proves_each_difference_with_an_exercise():
    """La última tabla del curso: seis filas, y cada una es un ejercicio."""
    assert sum("C14" in exercise.claims for exercise in LESSONS["17"].exercises) == 6
