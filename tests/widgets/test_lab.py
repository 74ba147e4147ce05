"""El reproductor dentro de un JupyterLab de verdad, como lo verá quien aprende."""

from __future__ import annotations

import json

from tests.browser import artifact, browser, listen
from tests.extras import need
from tests.lab import lab, open_notebook, run_all

CELLS = (
    "from dockerlab.widgets.live import Lifecycle\nfrom dockerlab.widgets.player import Player\n"
    "from tests.scenes.films import film\nfrom tests.widgets.puppet import Puppet\npuppet = Puppet()",
    "Player(film('construcción del curso'))",
    "Lifecycle(puppet, puppet.send)",
)


def notebook(cells):
    """Un cuaderno mínimo con esas celdas de código."""
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "cells": [
            {
                "cell_type": "code",
                "id": f"c{i}",
                "metadata": {},
                "execution_count": None,
                "outputs": [],
                "source": source,
            }
            for i, source in enumerate(cells)
        ],
    }


def test_the_player_lives_in_jupyterlab(tmp_path):
    need("chromium")
    (tmp_path / "prueba.ipynb").write_text(json.dumps(notebook(CELLS)), encoding="utf-8")
    with lab(tmp_path) as address, browser() as window:
        page = window.new_page(viewport={"width": 1280, "height": 1000})
        troubles = listen(page)
        open_notebook(page, address.format("prueba.ipynb"))
        run_all(page)
        build, life = page.locator(".dl").nth(0), page.locator(".dl").nth(1)
        life.locator(".dl-svg text").first.wait_for()

        build.locator(".dl-next").click()
        page.wait_for_function("document.querySelector('.dl').dataset.at === '1.000'")
        assert build.locator(".dl-count").text_content() == "2 / 14"

        life.locator("[data-act=run]").click()
        life.locator('[data-key="container:web"]').wait_for()
        page.wait_for_function("document.querySelectorAll('.dl')[1].dataset.at === '2.000'")
        assert "docker run -d --name web nginx" in life.locator(".dl-log").text_content()
        assert life.locator(".dl-caption[role=status]").text_content().startswith("web está en marcha")
        life.locator("[data-act=stop]").focus()
        page.keyboard.press("Enter")
        page.wait_for_function(
            "document.querySelectorAll('.dl')[1].querySelector('[role=status]').textContent.includes('143')"
        )
        assert page.evaluate("document.activeElement.dataset.act") == "stop"
        page.wait_for_selector(".dl[data-settled=true] >> nth=1")
        life.scroll_into_view_if_needed()
        page.screenshot(path=artifact("jupyterlab.png"))

        cells = page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.length")
        build.focus()
        for key in ("b", "a", "d", "d"):
            page.keyboard.press(key)
        assert page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.length") == cells
        page.keyboard.press("Escape")
        page.keyboard.press("b")
        page.wait_for_function(
            f"window.jupyterapp.shell.currentWidget.content.widgets.length === {cells + 1}"
        )

        page.evaluate(
            "window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})"
        )
        page.wait_for_function(
            "getComputedStyle(document.querySelector('.dl')).backgroundColor === 'rgb(18, 22, 29)'"
        )
        page.wait_for_selector("#jupyterlab-splash", state="detached")
        page.screenshot(path=artifact("jupyterlab-dark.png"))
    assert not [trouble for trouble in troubles if "favicon" not in trouble]
