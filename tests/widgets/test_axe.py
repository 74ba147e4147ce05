"""Accesibilidad de la página suelta, según axe-core."""

from __future__ import annotations

import pytest

from dockerlab.widgets.page import page as make_page
from tests.browser import browser, listen
from tests.extras import need
from tests.scenes.films import film

NAMES = ("construcción del curso", "mapa del aula", "capas", "carrera de caché", "pregunta", "leyenda")


@pytest.fixture(scope="module")
def chromium():
    """Un navegador para todo el módulo."""
    with browser() as window:
        yield window


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_no_violation(chromium, tmp_path, name, theme):
    axe = need("axe")
    path = tmp_path / "player.html"
    path.write_text(make_page(film(name), theme, index=min(1, len(film(name).frames) - 1)), encoding="utf-8")
    page = chromium.new_page(viewport={"width": 1000, "height": 900})
    troubles = listen(page)
    page.goto(path.as_uri())
    page.wait_for_selector(".dl[data-settled=true]")
    page.add_script_tag(path=axe)
    found = page.evaluate("axe.run().then(({violations}) => violations.map((v) =>"
                          " `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`))")
    page.close()
    assert not found and not troubles
