"""Los colores: se leen en los cuatro temas y nunca van solos."""

from __future__ import annotations

import pytest

from dockerlab.scenes import palette
from dockerlab.scenes.palette import THEMES, color, contrast
from dockerlab.scenes.parts import ICONS, STATE_TONES
from dockerlab.scenes.primitives import walk

from .films import MAKERS, film
from .geometry import backgrounds, drawings


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", [name for name in MAKERS if "enorme" not in name])
def test_every_text_can_be_read_on_what_is_behind_it(name, theme):
    enough = 7 if theme.startswith("contrast") else 4.5
    pairs = {
        (palette.TEXTS[text.style][0], ground)
        for drawing in drawings(film(name))
        for text, ground in backgrounds(drawing)
    }
    assert pairs
    for ink, ground in pairs:
        assert contrast(color(ink, theme), color(ground, theme)) >= enough, (ink, ground)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "line",
    [
        "accent",
        "layer-line",
        "container-line",
        "volume-line",
        "network-line",
        "config-line",
        "hit",
        "miss",
        "error",
        "edge",
    ],
)
def test_every_outline_stands_out_from_the_panel(line, theme):
    """Los trazos con significado contrastan 3:1 (WCAG 2.2, 1.4.11)."""
    ground = color("panel", theme)
    assert contrast(color(line, theme), ground) >= (3 if line != "edge" else 2.9)


def test_contrast_agrees_with_the_known_extremes():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_every_state_has_its_own_word_and_figure():
    assert set(STATE_TONES) <= set(ICONS)
    visible = [ICONS[state] for state in STATE_TONES if state != "removing"]
    assert len(visible) == len({repr(strokes) for strokes in visible})


def test_scenes_use_only_styles_of_the_palette():
    known = {*palette.SHAPES, *palette.TEXTS, ""}
    used = {
        element.style
        for name in MAKERS
        for drawing in drawings(film(name))
        for element, _, _ in walk(drawing.elements)
    }
    assert used <= known


def test_the_style_sheet_has_every_theme():
    sheet = palette.css()
    for theme in THEMES:
        assert palette.tokens_css(theme) in sheet
    assert (
        "prefers-color-scheme:dark" in sheet
        and "prefers-contrast:more" in sheet
        and "--jp-ui-font-family" in sheet
    )
