"""Las preguntas, en un JupyterLab de verdad: se pulsa una opción y aparece su razón."""

from __future__ import annotations

import nbformat
from nbformat import v4

from dockerlab.course import lessons
from dockerlab.course.make import KERNEL
from tests.browser import browser, listen
from tests.extras import need
from tests.lab import lab, open_notebook, run_all

CELLS = ('%load_ext dockerlab\nfrom dockerlab.course import *\nleccion("01")', 'predecir("descargar")',
         "cuestionario()")


def test_choosing_an_option_shows_its_reason(tmp_path):
    need("chromium")
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in CELLS], metadata=KERNEL)
    nbformat.write(notebook, tmp_path / "preguntas.ipynb")
    lesson = lessons.load("01")
    with lab(tmp_path) as address, browser() as window:
        page = window.new_page(viewport={"width": 1280, "height": 1400})
        troubles = listen(page)
        open_notebook(page, address.format("preguntas.ipynb"))
        run_all(page)

        prediction, quiz = page.locator(".widget-radio-box").nth(0), page.locator(".widget-radio-box").nth(1)
        prediction.locator("input").nth(0).check()
        page.get_by_text("Apuntado: a)").wait_for()
        wrong, right = lesson.questions[0].options[:2]
        quiz.locator("input").nth(0).check()
        page.get_by_text(wrong.reason).wait_for()
        quiz.locator("input").nth(1).check()
        page.get_by_text(right.reason).wait_for()
        assert page.get_by_text(wrong.reason).count() == 0
    assert not [trouble for trouble in troubles if "favicon" not in trouble]
