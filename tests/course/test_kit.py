"""El material de quien enseña: rutas que cuadran, y hojas que salen de sus textos."""

from __future__ import annotations

import re

import pytest

from dockerlab.course import handouts, make
from tests.browser import browser
from tests.extras import ROOT, need

FOLDER = ROOT / "notebooks"
GUIDE = (FOLDER / "guia" / "instructor.md").read_text(encoding="utf-8")
ROW = re.compile(r"(?m)^\| (\d):(\d\d) \| (.+?) \| ?(.*?) ?\| ?(.*?) ?\|$")
SHEETS = list(handouts.sheets(FOLDER))
PAGES = {"chuleta": 1, "glosario": 4}


def minutes(source):
    """Los minutos que un notebook dice que dura."""
    told = re.search(r"\*\*Minutos\*\* \| (\d+) de explicar, (\d+) de practicar", source.read_text(encoding="utf-8"))
    return int(told[1]) + int(told[2])


LENGTHS = {source.stem[:2]: minutes(source) for source in make.sources(FOLDER)}
PLANS = [ROW.findall(part) for part in re.split(r"\n\n", GUIDE) if ROW.search(part)]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan[0][2])
def test_a_route_is_minute_by_minute_and_a_whole_notebook_has_its_time(plan):
    times = [int(row[0]) * 60 + int(row[1]) for row in plan]
    assert times[0] == 0 and times == sorted(set(times)) and plan[-1][2] == "Fin"
    for (_, _, what, notebook, how), start, end in zip(plan, times, times[1:], strict=False):
        number = re.search(r"\d\d", notebook)
        if number and how.startswith("entero") and number[0] in LENGTHS:
            assert end - start >= LENGTHS[number[0]] - 5, f"{what}: {end - start} minutos, y hacen falta más"
            assert f"[{number[0]}](" in notebook, f"enlaza el notebook {number[0]}"


def test_the_routes_of_two_days_have_every_notebook():
    told = {number for plan in PLANS for row in plan for number in re.findall(r"\d\d", row[3])}
    assert set(LENGTHS) <= told
    assert len(PLANS) == 5


@pytest.mark.parametrize(("path", "text"), SHEETS, ids=[path.stem for path, _ in SHEETS])
def test_a_sheet_is_what_its_text_says(path, text):
    assert path.read_text(encoding="utf-8") == text, "ejecuta `make notebooks`"


@pytest.mark.parametrize("path", [path for path, _ in SHEETS], ids=lambda path: path.stem)
def test_a_sheet_fits_its_paper(path, tmp_path):
    need("chromium")
    with browser() as window:
        page = window.new_page()
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        page.pdf(path=str(tmp_path / "hoja.pdf"), prefer_css_page_size=True)
    count = len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "hoja.pdf").read_bytes()))
    assert 1 <= count <= PAGES[path.stem]
