"""Las diapositivas: salen de todos los notebooks, no necesitan red y caben en la pantalla."""

from __future__ import annotations

import importlib.metadata
import re

import pytest

from dockerlab.course import make, slides
from tests.browser import browser, listen
from tests.extras import ROOT, need

SOURCES = make.sources(ROOT / "notebooks")
MEASURE = """() => Reveal.getSlides().map((slide) => {
  for (const part of document.querySelectorAll("section")) { part.style.display = "block"; part.hidden = false; }
  const style = getComputedStyle(slide);
  return { title: slide.innerText.slice(0, 40), wide: slide.scrollWidth - slide.clientWidth, scrolls: style.overflowY,
           empty: !slide.innerText.trim() && !slide.querySelector("img, iframe") }; })"""


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    need("reveal")
    folder = tmp_path_factory.mktemp("diapositivas")
    list(slides.write(ROOT / "notebooks", folder))
    return folder


def test_there_is_a_deck_for_each_notebook_and_a_page_that_links_them(decks):
    index = (decks / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'href="([^"]+)"', index) == [f"{source.stem}.html" for source in SOURCES]
    assert sorted(path.name for path in decks.glob("[0-9]*.html")) == [f"{source.stem}.html" for source in SOURCES]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_a_deck_has_the_notes_of_the_teacher_and_the_live_animations(decks, source):
    page = (decks / f"{source.stem}.html").read_text(encoding="utf-8")
    text = source.read_text(encoding="utf-8")
    assert page.count('<aside class="notes">') == text.count("<!-- docente")
    assert page.count("<iframe srcdoc=") == len(re.findall(r'(?m)^animar\("[\w-]+"\)$', text)) > 0
    assert all(len(words) > 10 for words in re.findall(r'<img alt="([^"]*)" src="data:', page))
    assert "No description has been provided" not in page
    assert not re.search(r'(?:src|href)="(?:https?:)?//[^"]+\.(?:js|css)"', page)


def test_slides_open_with_no_network_and_nothing_leaves_the_screen(decks):
    need("chromium")
    with browser() as window:
        page = window.new_page(viewport={"width": 1280, "height": 720})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if request.url.startswith("http") else None)
        troubles = listen(page)
        for source in SOURCES:
            page.goto((decks / f"{source.stem}.html").as_uri())
            page.wait_for_function("window.Reveal && Reveal.isReady()")
            for slide in page.evaluate(MEASURE):
                assert not slide["empty"], (source.stem, slide)
                assert slide["wide"] <= 1 and slide["scrolls"] == "auto", (source.stem, slide)
    assert not asked and not troubles


def test_without_reveal_the_answer_is_a_sentence(monkeypatch, capsys):
    monkeypatch.setattr(importlib.metadata, "files", lambda name: [])
    assert slides.main([str(ROOT / "notebooks"), "00"]) == 1
    assert "make slides" in capsys.readouterr().err


def test_a_heading_never_stays_alone_and_what_does_not_fit_opens_another():
    from nbformat import v4

    def cell(text, kind=""):
        metadata = {"slideshow": {"slide_type": kind}} if kind else {}
        return v4.new_markdown_cell(text, metadata=metadata)
    long = "\n".join(["renglón"] * 20)
    made = slides.packed([cell("## Título", "slide"), cell(long), cell("corto"), cell("### Otro", "subslide")])
    assert [one.metadata.get("slideshow", {}).get("slide_type", "-") for one in made] \
        == ["slide", "-", "subslide", "subslide"]
