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
  return { title: slide.innerText.slice(0, 40), wide: slide.scrollWidth - slide.clientWidth,
           tall: slide.matches(".stack") ? 0 : slide.scrollHeight - slide.clientHeight, scrolls: style.overflowY,
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
                assert slide["tall"] <= 48, (source.stem, slide)
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


QUIZ = "<div role='note'><b>Cuestionario</b>{}<p>Responde así</p></div>"
ASKED = ("<div style='margin:.6em 0'><p style='margin:.3em 0'>{}. ¿Qué?</p><details><summary>a) Esto</summary>"
         "<div>Porque sí</div></details><details><summary>b) Aquello</summary><div>Porque no</div></details></div>")
ROWS = ("<tr><th colspan='2' scope='colgroup'><code>$ docker ps {0}</code></th></tr>"
        "<tr><td><pre>{1}</pre></td><td><pre>{1}</pre></td></tr>")
TABLE = "<table><thead><tr><th>uno</th><th>otro</th></tr></thead><tbody>{}</tbody></table><p>Nota</p>"
LONG = "".join(f"renglón {number}: {'x' * 60}\n" for number in range(60))
SHORT = "".join(f"renglón {number}\n" for number in range(36))


def code(output):
    from nbformat import v4
    return v4.new_code_cell("!docker ps", outputs=[output])


def page(markup):
    from nbformat import v4
    return code(v4.new_output("display_data", {"text/html": markup, "text/plain": "x"}))


def seen(cells):
    return "".join(output["data"]["text/html"] for cell in cells for output in cell.outputs)


@pytest.mark.parametrize(("cell", "each", "last"), [
    (page(QUIZ.format("".join(map(ASKED.format, range(1, 13))))), "¿Qué?", "<p>Responde así</p></div>"),
    (page(TABLE.format("".join(ROWS.format(number, "a\nb\nc") for number in range(12)))),
     "<th colspan", "<p>Nota</p>")])
def test_what_is_asked_or_compared_is_shared_out_whole(cell, each, last):
    """Nada se pierde ni se repite, cada trozo lleva la cabecera y se cierra, y el final va en el último."""
    whole = cell.outputs[0]["data"]["text/html"]
    made = slides.spread(cell)
    assert len(made) > 1 and seen(made).count(each) == whole.count(each) and seen(made).endswith(last)
    for one in made:
        markup = seen([one])
        assert markup[:20] == whole[:20] and one.metadata["renglones"] <= slides.ROOM
        assert all(markup.count(f"<{tag}") == markup.count(f"</{tag}>") for tag in ("div", "table", "tr", "details"))


def test_what_was_printed_goes_in_two_columns_or_in_pieces():
    """Los renglones cortos, en dos columnas; los largos, en varias diapositivas con todos los renglones."""
    from nbformat import v4
    short, = slides.spread(code(v4.new_output("stream", name="stdout", text=SHORT)))
    assert seen([short]).startswith("<pre class='columnas'>") and "renglón 35" in seen([short])
    long = slides.spread(code(v4.new_output("stream", name="stdout", text=LONG)))
    assert len(long) > 2 and [one.source for one in long] == ["!docker ps"] + [""] * (len(long) - 1)
    assert re.findall(r"renglón (\d+)", seen(long)) == [str(number) for number in range(60)]
    rooms = [one.metadata["renglones"] for one in long]
    assert max(rooms) - min(rooms) < 4


@pytest.mark.parametrize("cell", [page("<div role='note'>corto</div>"), page(QUIZ.format(ASKED.format(1)))])
def test_what_fits_stays_as_it_is(cell):
    assert slides.spread(cell) == [cell]
