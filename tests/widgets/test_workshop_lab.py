"""El taller en un JupyterLab de verdad, con el teclado y nada más."""

from __future__ import annotations

import json

from tests.browser import artifact, browser, listen
from tests.extras import need
from tests.lab import lab, open_notebook, run_all

from .test_lab import notebook

CELLS = ("%load_ext dockerlab\nfrom dockerlab.course import reto, taller", "taller()", 'reto("05-nombre-ocupado")')
CELL_COUNT = "window.jupyterapp.shell.currentWidget.content.widgets.length"
BUSY = "window.jupyterapp.shell.currentWidget.content.widgets.at(-1).model.executionState"
HINT = """(() => { const box = document.querySelector('.tw-input'), style = getComputedStyle(box);
  const probe = box.closest('.tw').appendChild(document.createElement('i'));
  probe.style.color = style.getPropertyValue('--dl-term-muted');
  const wanted = getComputedStyle(probe).color;
  probe.remove();
  return getComputedStyle(box, '::placeholder').color === wanted; })()"""
INPUT = "document.activeElement.classList.contains('tw-input')"


def shown(number: int, words: str) -> str:
    """La condición de que el terminal número `number` diga `words`."""
    return f"document.querySelectorAll('.tw-log')[{number}].textContent.includes({json.dumps(words)})"


def test_a_learner_works_with_the_keyboard_alone(tmp_path):
    need("chromium")
    (tmp_path / "prueba.ipynb").write_text(json.dumps(notebook(CELLS)), encoding="utf-8")
    with lab(tmp_path) as address, browser() as window:
        page = window.new_page(viewport={"width": 1400, "height": 1100})
        troubles = listen(page)
        open_notebook(page, address.format("prueba.ipynb"))
        run_all(page)
        page.wait_for_selector(".tw .dl[data-settled=true] >> nth=1")
        keys = page.keyboard

        assert page.evaluate(HINT), "JupyterLab también tiene su color para ::placeholder, pensado para fondo claro"

        # del notebook al terminal, con el tabulador
        cells = page.evaluate(CELL_COUNT)
        page.evaluate("document.querySelectorAll('.jp-Cell')[1].focus()")
        for _ in range(60):
            if page.evaluate(INPUT):
                break
            keys.press("Tab")
        page.screenshot(path=artifact("taller-jupyterlab.png"))
        assert page.evaluate(INPUT)
        keys.type("docker run -d --na")
        keys.press("Tab")
        page.wait_for_function("document.activeElement.value === 'docker run -d --name '")
        keys.type("web nginx")
        keys.press("Enter")
        page.wait_for_function(shown(0, "Downloaded newer image"))
        page.wait_for_selector("[data-key^='container:'] >> nth=0")
        keys.type("docker stop web")
        keys.press("Enter")
        page.wait_for_function("document.querySelector('.tw-now .dl-svg').textContent.includes('exited (0)')")

        # una conversación
        keys.type("docker run -it --name charla alpine sh")
        keys.press("Enter")
        page.wait_for_function("document.querySelector('.tw-entry .tw-prompt').textContent === '/ #'")
        keys.type("echo hola; hostname > /nombre; cat /nombre")
        keys.press("Enter")
        page.wait_for_function(shown(0, "hola"))
        keys.press("Control+d")
        page.wait_for_function("document.querySelector('.tw-entry .tw-prompt').textContent === '$'")

        # un botón contesta con una celda ocupada, y lo que hace el taller lo ven las celdas
        page.evaluate("""async () => { const panel = window.jupyterapp.shell.currentWidget.content;
            panel.activeCellIndex = panel.widgets.length - 1;
            await window.jupyterapp.commands.execute('notebook:insert-cell-below');
            panel.activeCell.model.sharedModel.setSource('import time\\ntime.sleep(5)\\n!docker ps -a');
            window.jupyterapp.commands.execute('notebook:run-cell'); }""")
        page.wait_for_function(f"{BUSY} === 'running'")
        undo = page.locator(".tw-undo").first
        undo.focus()
        keys.press("Enter")
        page.wait_for_function(shown(0, "Deshecho: «docker run -it --name charla alpine sh»"), timeout=4000)
        assert page.evaluate(BUSY) == "running"
        assert page.evaluate("document.activeElement.classList.contains('tw-undo')")
        printed = page.locator(".jp-OutputArea-output pre", has_text="CONTAINER ID")
        printed.wait_for()
        assert "web" in printed.text_content() and "charla" not in printed.text_content()

        # el reto, entero
        page.evaluate("document.querySelectorAll('.tw-input')[1].focus()")
        keys.type("docker start catalogo")
        keys.press("Enter")
        page.wait_for_selector(".tw-chip.tw-correcto")
        assert page.locator(".tw-done").count() == page.locator(".tw-goals li").count() == 2
        page.screenshot(path=artifact("taller-jupyterlab.png"))

        # Escape devuelve el teclado al notebook
        assert page.evaluate(CELL_COUNT) == cells + 1
        keys.press("Escape")
        keys.press("b")
        page.wait_for_function(f"{CELL_COUNT} === {cells + 2}")
    assert not [trouble for trouble in troubles if "favicon" not in trouble]
