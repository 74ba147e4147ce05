"""El reproductor en una página suelta, con un navegador de verdad."""

from __future__ import annotations

import pytest

from dockerlab.widgets.page import page as make_page
from tests.browser import artifact, browser, listen
from tests.scenes.films import MAKERS, film

FILMS = {
    "construccion": "construcción del curso",
    "vida": "ciclo de vida",
    "mapa": "mapa del aula",
    "enorme": "mapa enorme",
    "etapas": "construcción por etapas",
    "pregunta": "pregunta",
}
SCENES = {**FILMS, **{name: name for name in MAKERS if name not in FILMS.values()}}
"""Todas las escenas: las que se manejan en estas pruebas, con su nombre corto, y las demás."""
CLIPPED = """() => {
  const svg = document.querySelector(".dl-svg"), frame = svg.viewBox.baseVal, found = [];
  for (const text of svg.querySelectorAll("text")) {
    const box = text.getBBox(), matrix = svg.getScreenCTM().inverse().multiply(text.getScreenCTM());
    const left = box.x + matrix.e, right = left + box.width;
    if (left < -0.5 || right > frame.width + 0.5) found.push("fuera: " + text.textContent);
    const mate = text.parentNode.firstElementChild;
    if (["rect", "path"].includes(mate.tagName) && text.parentNode !== svg) {
      const room = mate.getBBox();
      if (box.x < room.x - 0.5 || box.x + box.width > room.x + room.width + 0.5)
        found.push("no cabe: " + text.textContent);
    }
  }
  for (const el of document.querySelectorAll(".dl button, .dl select, .dl-caption, .dl-title"))
    if (el.getBoundingClientRect().right > innerWidth + 0.5) found.push("se sale: " + el.className);
  if (document.documentElement.scrollWidth > innerWidth) found.push("la página se desplaza a lo ancho");
  return found;
}"""


@pytest.fixture(scope="module")
def chromium():
    """Un navegador para todo el módulo."""
    with browser() as window:
        yield window


@pytest.fixture
def show(chromium, tmp_path):
    """Abre una película en una página y comprueba, al acabar, que no hubo errores."""
    opened = []

    def run(name, width=1000, theme="", **options):
        context = {
            key: options.pop(key) for key in ("color_scheme", "reduced_motion", "has_touch") if key in options
        }
        page = chromium.new_page(viewport={"width": width, "height": 900}, **context)
        troubles = listen(page)
        path = tmp_path / "player.html"
        path.write_text(make_page(film(SCENES[name]), theme, **options), encoding="utf-8")
        page.goto(path.as_uri())
        page.wait_for_selector(".dl[data-settled=true]")
        opened.append((page, troubles))
        return page

    yield run
    for page, troubles in opened:
        assert not troubles
        page.close()


def settled(page, index):
    page.wait_for_function(
        f"document.querySelector('.dl').dataset.at === '{index:.3f}'"
        " && document.querySelector('.dl').dataset.settled === 'true'"
    )
    return page.text_content(".dl-caption[role=status]")


@pytest.mark.parametrize("width", [360, 800, 1600])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", [name for name in SCENES if name != "pregunta"])
def test_no_text_is_cut_in_any_scene_at_any_width(show, name, theme, width):
    last = len(film(SCENES[name]).frames) - 1
    page = show(name, width, theme, index=last - 1 if name == "construccion" else 0, reduced_motion="reduce")
    page.screenshot(path=artifact(f"{name}-{theme}-{width}.png"), full_page=True)
    assert page.evaluate(CLIPPED) == []
    if name != "construccion":
        page.keyboard.press("Tab")
        page.keyboard.press("End")
        settled(page, last)
        page.screenshot(path=artifact(f"{name}-{theme}-{width}.png"), full_page=True)
        assert page.evaluate(CLIPPED) == []


def test_a_caption_with_a_whole_identifier_breaks_and_does_not_stick_out(show):
    page = show("vida", 360)
    page.evaluate("""words => document.querySelectorAll(".dl-caption").forEach(el => el.textContent = words)""",
                  f"Docker se niega: Container {'c87288cd' * 8} is not paused")
    assert page.evaluate("""() => [...document.querySelectorAll(".dl-caption")].every(
        el => el.scrollWidth <= el.clientWidth && el.getBoundingClientRect().right < innerWidth)""")


def test_buttons_step_both_ways_and_the_caption_follows(show):
    page, frames = show("construccion"), film("construcción del curso").frames
    assert page.is_disabled(".dl-prev")
    page.click(".dl-next")
    assert settled(page, 1) == frames[1].caption
    page.click(".dl-next")
    settled(page, 2)
    page.click(".dl-prev")
    assert settled(page, 1) == frames[1].caption
    assert page.text_content(".dl-count") == f"2 / {len(frames)}"
    assert page.evaluate("model.get('index')") == 1


def test_play_advances_alone_and_pause_stops_it(show):
    page = show("construccion")
    page.select_option(".dl-speed", "4")
    page.click(".dl-play")
    page.wait_for_function("+document.querySelector('.dl').dataset.at > 1.2")
    assert page.get_attribute(".dl-play", "aria-label") == "Pausar"
    page.click(".dl-play")
    page.wait_for_selector(".dl[data-settled=true]")
    at = page.get_attribute(".dl", "data-at")
    page.wait_for_timeout(400)
    assert page.get_attribute(".dl", "data-at") == at


def test_at_the_end_play_becomes_replay(show):
    page = show("vida", index=len(film("ciclo de vida").frames) - 1)
    assert page.get_attribute(".dl-play", "aria-label") == "Ver otra vez"
    page.click(".dl-play")
    page.wait_for_function("+document.querySelector('.dl').dataset.at < 1.5")


def test_scrubbing_draws_the_position_in_between(show):
    page = show("vida")
    page.evaluate(
        """() => { const s = document.querySelector(".dl-scrub");
                   s.value = 1.5; s.dispatchEvent(new Event("input")); }"""
    )
    page.wait_for_function("document.querySelector('.dl').dataset.at === '1.500'")
    token = page.evaluate("document.querySelector('[data-key=\"container:web\"]').getAttribute('transform')")
    x = float(token.split("(")[1].split()[0])
    assert 26 < x < 282 and abs(x - (26 + 282) / 2) < 2


def test_the_keyboard_does_everything(show):
    page, last = show("construccion"), len(film("construcción del curso").frames) - 1
    leaked = page.evaluate_handle(
        "(() => { window.leaked = []; document.addEventListener('keydown', (e) => leaked.push(e.key));"
        " return leaked; })()"
    )
    page.focus(".dl")
    for key, index in (
        ("ArrowRight", 1),
        ("End", last),
        ("ArrowLeft", last - 1),
        ("Home", 0),
        ("PageDown", 2),
        ("PageUp", 0),
    ):
        page.keyboard.press(key)
        settled(page, index)
    page.keyboard.press(" ")
    page.wait_for_function("document.querySelector('.dl').dataset.settled === 'false'")
    page.keyboard.press(" ")
    page.wait_for_selector(".dl[data-settled=true]")
    page.keyboard.press("b")
    assert leaked.json_value() == []
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") != "dl"


def test_focus_is_visible(show):
    page = show("construccion")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"


def test_reduced_motion_jumps(show):
    page = show("construccion", reduced_motion="reduce")
    page.evaluate("""() => { window.seen = new Set();
        const root = document.querySelector(".dl");
        new MutationObserver(() => seen.add(root.dataset.at)).observe(root, {attributes: true}); }""")
    page.click(".dl-next")
    settled(page, 1)
    assert page.evaluate("[...seen]") in (["1.000"], ["0.000", "1.000"])


@pytest.mark.parametrize("scheme, canvas", [("light", "rgb(255, 255, 255)"), ("dark", "rgb(18, 22, 29)")])
def test_outside_a_notebook_the_theme_follows_the_system(show, scheme, canvas):
    page = show("construccion", color_scheme=scheme)
    assert page.evaluate("getComputedStyle(document.querySelector('.dl')).backgroundColor") == canvas


def test_an_explicit_theme_wins_over_the_system(show):
    page = show("construccion", theme="light", color_scheme="dark")
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.dl')).backgroundColor")
        == "rgb(255, 255, 255)"
    )


def test_screen_readers_get_the_caption_and_the_description(show):
    page, frames = show("mapa", index=1), film("mapa del aula").frames
    assert page.get_attribute(".dl-svg", "role") == "img"
    assert page.get_attribute(".dl-svg", "aria-label") == frames[1].caption
    described = page.get_attribute(".dl-svg", "aria-describedby")
    assert page.locator(f"#{described} li").all_text_contents() == list(frames[1].description)
    assert page.get_attribute(".dl-caption:not(.dl-ghost)", "role") == "status"


def test_chapters_jump(show):
    page = show("construccion")
    page.select_option(".dl-chapters", label="7. COPY . .")
    settled(page, 6)


def test_a_finger_swipes_one_step(show):
    page = show("vida", has_touch=True)
    page.evaluate("""() => { const svg = document.querySelector(".dl-svg");
        const fire = (type, x) => svg.dispatchEvent(new PointerEvent(type, {
          pointerType: "touch", clientX: x, clientY: 100, bubbles: true}));
        fire("pointerdown", 300); fire("pointerup", 200); }""")
    settled(page, 1)


def test_buttons_send_their_action_and_refused_ones_say_so(show):
    page = show(
        "vida",
        actions=[
            {"id": "stop", "label": "stop", "title": "docker stop web", "refused": False},
            {"id": "rm", "label": "rm", "title": "docker rm web", "refused": True},
        ],
    )
    page.click("button[data-act=stop]")
    assert {"type": "act", "id": "stop"} in page.evaluate("sent")
    assert "dl-refused" in page.get_attribute("button[data-act=rm]", "class")


def test_frames_appended_later_are_drawn_and_lost_ones_asked_for(show):
    from dockerlab.scenes import wire

    page, frames = show("mapa", follow=True), film("mapa del aula").frames
    packs = [wire.pack(frames[:1], frames[-1]), wire.pack(frames[1:], frames[0])]
    page.evaluate("(packs) => model.receive({type: 'append', from: 2, packs})", packs[1:])
    assert {"type": "need", "from": 1} in page.evaluate("sent")
    page.evaluate("(packs) => model.receive({type: 'append', from: 1, packs})", packs)
    assert settled(page, 3) == frames[1].caption


def test_errors_are_shown_and_announced(show):
    page = show("vida", error="Algo ha fallado")
    assert page.text_content("[role=alert]") == "Algo ha fallado" and page.is_visible("[role=alert]")


def test_a_question_stops_the_film_until_it_is_answered(show):
    page = show("pregunta")
    page.focus(".dl")
    page.keyboard.press("End")
    settled(page, 1)
    assert page.is_visible(".dl-ask") and page.is_disabled(".dl-next")
    page.click(".dl-play")
    assert page.evaluate("document.activeElement.closest('.dl-ask') !== null")
    page.click(".dl-ask button:nth-of-type(1)")
    assert page.text_content(".dl-reason") == "No: FROM ya estaba." and page.text_content(".dl-reason code") == "FROM"
    assert page.locator(".dl-right").text_content() == "✓ COPY"
    page.screenshot(path=artifact("pregunta.png"), full_page=True)
    assert page.evaluate(CLIPPED) == []
    page.click(".dl-on")
    settled(page, 2)
    assert page.is_hidden(".dl-ask")
    page.keyboard.press("End")
    settled(page, 3)
