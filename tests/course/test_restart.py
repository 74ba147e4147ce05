"""En un JupyterLab de verdad, reiniciar el intérprete no pierde ni el motor ni el progreso."""

from __future__ import annotations

import nbformat
from nbformat import v4

from dockerlab.course.make import KERNEL
from tests.browser import artifact, browser
from tests.course.test_lab import DARK, OPEN, question, replied
from tests.extras import need
from tests.lab import lab, open_notebook, run_all

RESTART = """() => { const panel = window.jupyterapp.shell.currentWidget;
  return panel.sessionContext.session.kernel.restart().then(() => panel.content.widgets.forEach((cell) =>
    cell.model.type === 'code' && cell.model.clearExecution())); }"""


def test_a_restart_of_the_kernel_loses_nothing(tmp_path):
    need("chromium")
    sources = (OPEN.format("05"), "!docker ps -a --format {{.Names}}", "cuestionario()", "progreso('Ana')", "codigo()")
    cells = [*map(v4.new_code_cell, sources)]
    nbformat.write(v4.new_notebook(cells=cells, metadata=KERNEL), tmp_path / "vuelta.ipynb")
    with lab(tmp_path) as address, browser() as window:
        page = window.new_page(viewport={"width": 1280, "height": 1800})
        open_notebook(page, address.format("vuelta.ipynb"))
        run_all(page)
        page.locator(".dq").wait_for()
        first = question(page, 1)
        first.locator("input").nth(1).check()
        first.locator(".dq-check").click()
        replied(first, "correcto", "Cuando ese proceso acaba")
        page.evaluate("""() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute(
            {code: "get_ipython().system('docker run --name ana alpine true')"}).done""")

        page.evaluate(RESTART)
        page.wait_for_function("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'")
        run_all(page)
        page.get_by_text("Sigue donde lo dejaste: 1 imagen y 1 contenedor.").wait_for()
        page.get_by_text("Progreso de Ana").wait_for()
        known = [question(page, number).get_by_text("ya la acertaste").count() for number in (1, 2)]
        assert known == [1, 0]
        assert page.locator(".jp-OutputArea-output", has_text="ana").first.is_visible()
        table = page.locator("table", has_text="Progreso de Ana")
        assert "1 de 6" in table.text_content()
        page.locator(".dq").evaluate("(el) => { el.style.display = 'none'; }")
        page.screenshot(path=artifact("progreso.png"))
        page.evaluate(DARK)
        page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
        page.wait_for_selector("#jupyterlab-splash", state="detached")
        page.screenshot(path=artifact("progreso-oscuro.png"))
        page.set_viewport_size({"width": 700, "height": 1500})
        page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
        page.locator(".dq").evaluate("(el) => { el.style.display = ''; el.style.width = '340px'; }")
        page.locator(".dq").screenshot(path=artifact("preguntas-05-estrecho.png"))
