"""El taller en una página suelta, con un navegador y su Python detrás."""

from __future__ import annotations

import pytest

from dockerlab.course import challenges, rooms
from dockerlab.engine import Engine
from dockerlab.widgets.workshop import Workshop
from tests.browser import artifact, browser
from tests.extras import need

from .alive import Alive
from .test_page import CLIPPED as CUT_IN_THE_MAP

CUT = """() => { const found = [];
  for (const el of document.querySelectorAll(".tw, .tw *")) {
    const box = el.getBoundingClientRect();
    if (!box.width || el.closest(".tw-log, .tw-tree, svg, .tw-spoken, .dl-ghost")) continue;
    if (box.right > innerWidth + 0.5) found.push("se sale: " + el.className);
    const style = getComputedStyle(el);
    if (el.matches("button, p, li, label, span, .tw-title") && style.overflowX === "visible"
        && el.scrollWidth > el.clientWidth + 1 && style.display !== "inline") found.push("no cabe: " + el.textContent);
  }
  if (document.documentElement.scrollWidth > innerWidth) found.push("la página se desplaza a lo ancho");
  return found; }"""
OVERLAPS = """() => { const found = [], boxes = [...document.querySelectorAll(
    ".tw button, .tw select, .tw input, .tw textarea, .tw-title, .tw-chip, .tw-name, .tw-goal-text, .tw-word")]
    .filter((el) => el.offsetParent && !el.closest(".tw-tree, .tw-files, .tw-choices"))
    .map((el) => [el, el.getBoundingClientRect()]);
  boxes.forEach(([one, a], i) => boxes.slice(i + 1).forEach(([other, b]) => {
    if (one.contains(other) || other.contains(one)) return;
    if (a.right - b.left > 1 && b.right - a.left > 1 && a.bottom - b.top > 1 && b.bottom - a.top > 1)
      found.push(`${one.className} y ${other.className}`); }));
  return found; }"""
AXE = ("axe.run().then(({violations}) => violations.map((v) =>"
       " `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`))")


@pytest.fixture(scope="module")
def chromium():
    """Un navegador para todo el módulo."""
    with browser() as window:
        yield window


@pytest.fixture
def open_shop(chromium, tmp_path):
    """Abre un taller (libre, o el de un reto) en una página y comprueba, al acabar, que no hubo errores."""
    opened = []

    def run(challenge="", **options):
        made = (rooms.of(challenges.find(challenge)) if challenge
                else Workshop(Engine(folder=str(tmp_path)), tmp_path / "practica"))
        opened.append(Alive(chromium, made, tmp_path, **options))
        return opened[-1]

    yield run
    for alive in opened:
        assert not alive.troubles and not alive.widget.error
        alive.close()


def busy_session(shop):
    """Unas órdenes que dejan de todo en el terminal y en el mapa."""
    shop.type("docker run -d --name servidor-de-la-web -p 8080:80 -v datos:/usr/share/nginx/html nginx")
    shop.type("docker network create red-de-dentro")
    shop.type("cat > app/Dockerfile <<EOF\nFROM alpine\nRUN echo hola > /nota\nEOF")
    shop.type("docker build -q -t mi app")
    shop.type("docker ps -a")
    shop.type("docker rm servidor-de-la-web")


@pytest.mark.parametrize("width", [360, 800, 1400, 1600])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("panel", ["", "files", "inside", "share"])
def test_nothing_is_cut_or_overlaps(open_shop, theme, width, panel):
    shop = open_shop(theme=theme, width=width)
    busy_session(shop)
    if panel:
        shop.page.click(f".tw-tabs button[id$='{panel}']")
        shop.settle()
        if panel == "files":
            shop.page.click(".tw-file >> nth=0")
        if panel == "inside":
            shop.page.click("[data-path=etc]")
        shop.settle()
    shop.page.screenshot(path=artifact(f"taller-{panel or 'libre'}-{theme}-{width}.png"), full_page=True)
    assert shop.page.evaluate(CUT_IN_THE_MAP) == [] == shop.page.evaluate(CUT)
    assert shop.page.evaluate(OVERLAPS) == []


@pytest.mark.parametrize("width", [360, 800, 1400])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_challenge_shows_everything_at_every_width(open_shop, theme, width):
    shop = open_shop("05-nombre-ocupado", theme=theme, width=width)
    for act in ("hint", "solution", "check"):
        shop.page.click(f"[data-act={act}]")
        shop.settle()
    assert shop.page.locator(".tw-goals li").count() == 2 and shop.page.is_visible(".tw-goal svg text >> nth=0")
    assert "Todavía falta (2 de 2)" in shop.page.text_content(".tw-verdict")
    shop.type("docker start catalogo")
    shop.page.wait_for_selector(".tw-chip.tw-correcto")
    assert shop.page.text_content(".tw-missing p") == "Nada: ya se ven igual." and shop.page.is_visible(".tw-missing p")
    shop.page.screenshot(path=artifact(f"taller-reto-{theme}-{width}.png"), full_page=True)
    assert shop.page.evaluate(CUT) == [] == shop.page.evaluate(OVERLAPS)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("challenge", ["", "05-nombre-ocupado"])
def test_axe_finds_no_violation(open_shop, theme, challenge):
    axe = need("axe")
    shop = open_shop(challenge, theme=theme)
    if challenge:
        for act in ("hint", "solution", "check"):
            shop.page.click(f"[data-act={act}]")
            shop.settle()
    else:
        busy_session(shop)
        shop.type("docker run -it --name charla alpine sh")
    shop.page.add_script_tag(path=axe)
    for panel in ("", "files", "inside", "share"):
        if panel:
            shop.page.click(f".tw-tabs button[id$='{panel}']")
            shop.settle()
        assert shop.page.evaluate(AXE) == []
    if not challenge:
        shop.type("exit")
        shop.page.keyboard.insert_text("docker run --m")
        shop.page.keyboard.press("Tab")
        shop.page.wait_for_selector(".tw-choices button")
        assert shop.page.evaluate(AXE) == []


def value(shop):
    return shop.page.input_value(".tw-input")


def test_the_history_goes_up_and_down_and_keeps_what_was_being_written(open_shop):
    shop, keys = open_shop(), None
    keys = shop.page.keyboard
    shop.type("docker ps")
    shop.type("ls")
    keys.type("a medias")
    seen = []
    for key in ("ArrowUp", "ArrowUp", "ArrowUp", "ArrowDown", "ArrowDown"):
        keys.press(key)
        seen.append(value(shop))
    assert seen == ["ls", "docker ps", "docker ps", "ls", "a medias"]


def test_tab_completes_offers_and_on_an_empty_line_moves_on(open_shop):
    shop = open_shop()
    keys = shop.page.keyboard
    shop.page.focus(".tw-input")
    keys.type("dock")
    keys.press("Tab")
    shop.page.wait_for_function("document.querySelector('.tw-input').value === 'docker '")
    keys.type("run --memor")
    keys.press("Tab")
    shop.page.wait_for_function("document.querySelector('.tw-input').value === 'docker run --memory'")
    keys.press("Tab")
    shop.page.wait_for_selector(".tw-choices button")
    assert "--memory-swap" in shop.page.text_content(".tw-choices")
    assert shop.page.text_content(".tw-spoken").startswith("Opciones: --memory")
    keys.press("Escape")
    assert shop.page.is_hidden(".tw-choices") and shop.page.evaluate("document.activeElement.className") == "tw-input"
    keys.press("Control+c")
    assert value(shop) == ""
    keys.press("Tab")
    assert shop.page.evaluate("document.activeElement.className") != "tw-input"


def test_pasted_lines_run_one_by_one_and_the_last_waits(open_shop):
    shop = open_shop()
    shop.page.focus(".tw-input")
    shop.page.evaluate("""() => { const data = new DataTransfer();
        data.setData("text", "docker create --name una nginx\\ndocker create --name otra nginx\\ndocker ps -a");
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", {
          clipboardData: data, cancelable: true})); }""")
    shop.settle()
    assert value(shop) == "docker ps -a"
    assert {item.name for item in shop.widget.bench.engine.view().containers} == {"una", "otra"}
    shop.page.keyboard.press("Control+l")
    shop.settle()
    assert shop.page.locator(".tw-line").count() == 0


def test_a_conversation_shows_the_prompt_of_who_asks(open_shop):
    shop = open_shop()
    shop.type("docker run -it --name charla alpine sh")
    prompt = ".tw-entry .tw-prompt"
    assert shop.page.text_content(prompt) == "/ #" and shop.page.is_visible(".tw-talk >> nth=0")
    shop.type("echo hola")
    assert "/ # echo hola" in shop.page.locator(".tw-line").all_text_contents()
    shop.page.screenshot(path=artifact("taller-conversacion.png"), full_page=True)
    shop.page.keyboard.press("Control+d")
    shop.settle()
    assert shop.page.text_content(prompt) == "$" and not shop.page.is_visible(".tw-talk >> nth=0")
    shop.type("docker login")
    shop.type("ana")
    assert shop.page.get_attribute(".tw-input", "type") == "password"
    shop.type("muysecreta")
    assert shop.page.get_attribute(".tw-input", "type") == "text"
    assert "muysecreta" not in shop.page.content()


def test_the_time_bar_only_looks_and_undo_really_goes_back(open_shop):
    shop = open_shop()
    shop.type("docker run -d --name web nginx")
    shop.type("docker stop web")
    last = len(shop.widget.frames) - 1
    shop.page.focus(".dl .dl-scrub")
    shop.page.keyboard.press("Home")
    shop.page.wait_for_selector(".tw-past button")
    assert f"momento 1 de {last + 1}" in shop.page.text_content(".tw-past")
    assert shop.widget.bench.engine.view().containers[0].state == "exited"
    shop.page.click(".tw-past button")
    shop.page.wait_for_selector(f".dl[data-at='{last}.000'][data-settled=true]")
    assert shop.page.is_hidden(".tw-past")
    assert shop.page.evaluate("document.activeElement.className") == "tw-input"
    shop.page.focus(".tw-undo")
    shop.page.keyboard.press("Enter")
    shop.settle()
    assert shop.widget.bench.engine.view().containers[0].state == "running"
    assert "Deshecho" in shop.page.text_content(".dl-caption[role=status]")
    assert shop.page.evaluate("document.activeElement.className") == "tw-undo"


def test_focus_is_never_lost_when_the_challenge_is_redrawn(open_shop):
    shop = open_shop("05-nombre-ocupado")
    shop.page.focus("[data-act=hint]")
    for _ in range(3):
        shop.page.keyboard.press("Enter")
        shop.settle()
    assert shop.page.locator(".tw-hint").count() == 3
    assert shop.page.evaluate("document.activeElement.dataset.act")


def test_files_are_written_and_saved_with_the_keyboard(open_shop):
    shop = open_shop()
    keys = shop.page.keyboard
    shop.type("nano app/Dockerfile")
    assert shop.page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    keys.type("FROM alpine\n")
    assert "Sin guardar" in shop.page.text_content(".tw-aside")
    keys.press("Control+s")
    shop.settle()
    assert shop.page.text_content(".tw-aside") == "Guardado"
    assert (shop.widget.bench.desk.root / "app/Dockerfile").read_text() == "FROM alpine\n"
    assert shop.page.get_attribute(".tw-file", "aria-current") == "true"
    shop.page.fill(".tw-field", "../fuera")
    keys.press("Control+s")
    shop.settle()
    assert "fuera de la carpeta" in shop.page.text_content(".tw-aside")


def test_the_tree_is_walked_with_the_arrows(open_shop):
    shop = open_shop()
    keys = shop.page.keyboard
    shop.type("docker create --name web nginx")
    shop.page.click(".tw-tabs button[id$='inside']")
    shop.settle()
    shop.page.focus(".tw-tree [tabindex='0']")
    here = "document.activeElement.dataset.path"
    keys.press("ArrowDown")
    assert shop.page.evaluate(here) == "boot"
    while shop.page.evaluate(here) != "etc":
        keys.press("ArrowDown")
    keys.press("ArrowRight")
    shop.settle()
    assert shop.page.get_attribute("[data-path=etc]", "aria-expanded") == "true"
    keys.press("ArrowRight")
    assert shop.page.evaluate(here).startswith("etc/")
    keys.press("ArrowLeft")
    keys.press("ArrowLeft")
    assert shop.page.evaluate(here) == "etc" and shop.page.get_attribute("[data-path=etc]", "aria-expanded") == "false"


def test_no_key_reaches_the_notebook_and_escape_lets_go(open_shop):
    shop = open_shop()
    shop.page.evaluate("window.leaked = []; document.addEventListener('keydown', (e) => leaked.push(e.key))")
    shop.page.focus(".tw-input")
    for key in ("a", "b", "Enter", "ArrowUp", "Tab"):
        shop.page.keyboard.press(key)
        shop.settle()
    assert shop.page.evaluate("leaked") == []
    shop.page.focus(".tw-input")
    shop.page.keyboard.press("Escape")
    assert shop.page.evaluate("document.activeElement === document.body")


def test_on_a_touch_screen_there_are_keys_to_press(open_shop):
    shop = open_shop(width=360, has_touch=True, is_mobile=True)
    assert shop.page.is_visible(".tw-touch >> nth=1")
    sizes = shop.page.evaluate("[...document.querySelectorAll('.tw button')].filter((b) => b.offsetParent)"
                               ".map((b) => b.getBoundingClientRect().height)")
    assert min(sizes) >= 44
    shop.page.fill(".tw-input", "docker cre")
    shop.page.tap(".tw-touch >> nth=1")
    shop.page.wait_for_function("document.querySelector('.tw-input').value === 'docker create '")


def test_with_reduced_motion_pictures_jump(open_shop):
    shop = open_shop(reduced_motion="reduce")
    shop.page.evaluate("""() => { window.seen = new Set(); const root = document.querySelector(".tw .dl");
        new MutationObserver(() => seen.add(root.dataset.at)).observe(root, {attributes: true}); }""")
    shop.type("docker run -d --name web nginx")
    last = len(shop.widget.frames) - 1
    shop.page.wait_for_selector(f".dl[data-at='{last}.000'][data-settled=true]")
    assert all(at.endswith(".000") for at in shop.page.evaluate("[...seen]"))


@pytest.mark.parametrize("media", [{"forced_colors": "active"}, {"contrast": "more"},
                                   {"contrast": "more", "color_scheme": "dark"}])
def test_high_contrast_keeps_every_word_readable(open_shop, media):
    axe = need("axe")
    shop = open_shop(theme="", **media)
    busy_session(shop)
    shop.page.screenshot(path=artifact(f"taller-contraste-{'-'.join(media.values())}.png"), full_page=True)
    if "contrast" in media:
        shop.page.add_script_tag(path=axe)
        assert shop.page.evaluate("axe.run({runOnly: ['color-contrast', 'color-contrast-enhanced'],"
                                  " rules: {'color-contrast-enhanced': {enabled: true}}}).then(({violations}) =>"
                                  " violations.map((v) => v.nodes.map((n) => n.html.slice(0, 90))))") == []
