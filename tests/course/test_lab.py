"""Las preguntas, en un JupyterLab de verdad: de todas las clases, solo con el teclado, y sin perder el foco."""

from __future__ import annotations

import nbformat
import pytest
from nbformat import v4

from dockerlab.course import lessons
from dockerlab.course.make import KERNEL
from tests.browser import artifact, browser, listen
from tests.extras import need
from tests.lab import lab, open_notebook, run_all

OPEN = '%load_ext dockerlab\nfrom dockerlab.course import *\nleccion("{}")'
QUIZZES = ("01", "02", "04")  # entre los tres, preguntas de las cinco clases
DARK = "window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})"
VIOLATIONS = """axe.run({ include: [['.dq']] }).then(({ violations }) => violations.map((v) =>
  `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`))"""


def write(folder, name):
    """Un notebook con el cuestionario de una lección (y, en la 01, una predicción)."""
    sources = [OPEN.format(name), *(['predecir("descargar")'] if name == "01" else []), "cuestionario()"]
    cells = [v4.new_markdown_cell(f"# {name}"), *map(v4.new_code_cell, sources),
             *(v4.new_markdown_cell(f"## {title}\n" + "texto\n\n" * 30) for title in ("Relleno", "De una, muchos"))]
    nbformat.write(v4.new_notebook(cells=cells, metadata=KERNEL), folder / f"{name}.ipynb")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Un JupyterLab con tres cuestionarios y un navegador."""
    need("chromium")
    folder = tmp_path_factory.mktemp("preguntas")
    for name in QUIZZES:
        write(folder, name)
    with lab(folder) as address, browser() as window:
        def show(name):
            page = window.new_page(viewport={"width": 1280, "height": 1400})
            page.troubles = listen(page)
            open_notebook(page, address.format(f"{name}.ipynb"))
            run_all(page)
            page.locator(".dq").last.wait_for()
            return page
        yield show


def question(page, number):
    return page.locator(f".dq:last-of-type [data-number='{number}']").last


def replied(form, kind, text):
    """Espera a que la pregunta conteste eso, y comprueba que se anuncia."""
    form.locator("[role=status] [role=note]").get_by_text(text[:60]).wait_for()
    assert form.get_attribute("data-state") == kind


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.textContent")


def tab(page, times=1):
    for _ in range(times):
        page.keyboard.press("Tab")


def test_choosing_one_or_several_and_writing_a_number_with_the_keyboard(desk):
    page, lesson = desk("01"), lessons.load("01")
    prediction = page.locator(".dq").first
    prediction.locator("input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    prediction.get_by_text("Apuntado: a)").wait_for()

    many, figure, one = (question(page, number) for number in (1, 2, 3))
    many.locator("input").first.focus()
    page.keyboard.press("Space")
    tab(page)
    page.keyboard.press("Space")
    tab(page, 3)
    assert focused(page) == "Comprobar"
    page.keyboard.press("Enter")
    replied(many, "incorrecto", f"Sobra b): {lesson.questions[0].options[1].reason}")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    replied(many, "correcto", f"a) {lesson.questions[0].options[0].reason}")

    figure.locator("input").focus()
    page.keyboard.type("1010")
    page.keyboard.press("Enter")
    replied(figure, "incorrecto", lesson.questions[1].wrong[0].reason)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("110 MB")
    page.keyboard.press("Enter")
    replied(figure, "correcto", lesson.questions[1].reason)
    assert page.evaluate("document.activeElement.value") == "110 MB"

    one.locator("input").first.focus()
    page.keyboard.press("ArrowDown")   # moverse no es contestar
    assert not one.get_attribute("data-state")
    page.keyboard.press("Enter")
    replied(one, "correcto", lesson.questions[2].options[1].reason)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    replied(one, "incorrecto", lesson.questions[2].options[2].reason)
    assert page.locator("[role=status] [role=note]").get_by_text(lesson.questions[2].options[1].reason).count() == 0
    page.screenshot(path=artifact("preguntas-01.png"))

    cells = "window.jupyterapp.shell.currentWidget.content.widgets.length"
    before = page.evaluate(cells)
    one.locator("input").first.focus()
    for key in ("a", "b", "d", "d"):
        page.keyboard.press(key)
    assert page.evaluate(cells) == before, "las teclas de la pregunta no son de JupyterLab"
    assert not [trouble for trouble in page.troubles if "favicon" not in trouble]


def test_a_wrong_answer_leads_to_the_heading_to_read_again(desk):
    page = desk("01")
    figure = question(page, 2)
    figure.locator("input").fill("100")
    page.keyboard.press("Enter")
    link = figure.get_by_role("link", name="De una, muchos")
    link.focus()
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", name="De una, muchos")
    page.wait_for_function("(el) => el.getBoundingClientRect().top >= 0 && el.getBoundingClientRect().bottom < 1400",
                           arg=heading.element_handle())


def test_ordering_with_buttons_keeps_the_focus_on_what_moves(desk):
    page, asked = desk("04"), lessons.load("04").questions[0]
    form = question(page, 1)
    now = [letter for letter, _ in asked.choices]
    form.locator("button").first.focus()
    for place, letter in enumerate(asked.answer):
        while now.index(letter) > place:
            at = now.index(letter)
            row = form.locator("li").nth(at)
            row.locator("[data-way=up]").focus()
            page.keyboard.press("Enter")
            now[at - 1], now[at] = now[at], now[at - 1]
            text = dict(asked.choices)[letter].replace("`", "")
            assert focused(page) == f"Subir: {text}"
            form.get_by_text(f"{text}: ahora en el puesto {at} de {len(now)}").wait_for()
    form.locator("[data-way=up]").first.focus()
    page.keyboard.press("Enter")
    form.get_by_text("Ya está arriba del todo").wait_for()
    assert focused(page).startswith("Subir: ")
    form.locator(".dq-check").focus()
    page.keyboard.press("Enter")
    replied(form, "correcto", "Correcto")
    assert "".join(now) == asked.answer
    form.scroll_into_view_if_needed()
    page.screenshot(path=artifact("preguntas-04.png"))


def test_pairing_with_lists(desk):
    page, asked = desk("02"), lessons.load("02").questions[2]
    form = question(page, 3)
    form.locator("select").first.focus()
    page.keyboard.press("Enter")
    form.locator(".dq-check").focus()
    page.keyboard.press("Enter")
    form.get_by_text("Falta elegir en alguna fila.").wait_for()
    assert page.evaluate("document.activeElement.tagName") == "SELECT" and not form.get_attribute("data-state")
    for place, letter in enumerate(asked.answer):
        form.locator("select").nth(place).focus()
        page.keyboard.press(letter)  # una lista se elige tecleando el principio
    form.locator(".dq-check").focus()
    page.keyboard.press("Enter")
    replied(form, "correcto", "Correcto")
    form.scroll_into_view_if_needed()
    page.screenshot(path=artifact("preguntas-02.png"))


@pytest.mark.parametrize("name", QUIZZES)
def test_axe_finds_no_violation_in_light_or_dark(desk, name):
    axe = need("axe")
    page = desk(name)
    for form in page.locator(".dq form").all():      # unas, contestadas; otras, a medias
        if (first := form.locator(".dq-options input").first).count():
            first.check()
        form.locator(".dq-check").click()
    page.locator(".dq [role=note]").last.wait_for()
    page.add_script_tag(path=axe)
    assert not page.evaluate(VIOLATIONS)
    page.evaluate(DARK)
    page.wait_for_function("getComputedStyle(document.querySelector('.dq')).backgroundColor === 'rgb(18, 22, 29)'")
    assert not page.evaluate(VIOLATIONS)
    page.locator(".dq").last.screenshot(path=artifact(f"preguntas-{name}-oscuro.png"))
    page.set_viewport_size({"width": 400, "height": 1400})
    page.locator(".dq").last.screenshot(path=artifact(f"preguntas-{name}-estrecho.png"))
