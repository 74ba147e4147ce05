"""Lo que sale de una escena: SVG, tira PNG y lo que viaja al navegador."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from PIL import Image

from dockerlab.scenes import metrics, palette, png, svg, wire
from dockerlab.scenes.primitives import Arrow, Box, Group, Text
from dockerlab.scenes.scene import Drawing, Film

from .films import MAKERS, film

SPACE = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", ["construcción del curso", "ciclo de vida", "mapa del aula"])
def test_svg_is_well_formed_opaque_and_says_what_it_shows(name):
    frame = film(name).frames[-1]
    root = ElementTree.fromstring(svg.render(frame.wide, frame.caption, " ".join(frame.description)))
    assert root.find(f"{SPACE}title").text == frame.caption
    assert root.find(f"{SPACE}desc").text == " ".join(frame.description)
    ground = root.find(f"{SPACE}rect")
    assert ground.get("fill") == palette.color("canvas") and float(ground.get("width")) == frame.wide.width
    assert len(list(root.iter(f"{SPACE}text"))) > 5


def test_svg_escapes_what_people_wrote():
    drawing = Drawing(100, 50, (Text("a", 0, 20, '<b>&"x"</b>'),))
    text = ElementTree.fromstring(svg.render(drawing)).find(f"{SPACE}text")
    assert text.text == '<b>&"x"</b>'


def test_a_rounded_arrow_starts_and_ends_at_its_points():
    arrow = Arrow("a", ((0, 0), (50, 0), (50, 40)), head=True, corner=10)
    data = svg.path_data(arrow)
    assert data.startswith("M0 0L40 0Q50 0 50 10L50 40M") and data.count("L50 40") == 2


def test_the_filmstrip_is_retina_and_deterministic():
    first, second = (png.filmstrip(film("ciclo de vida")) for _ in range(2))
    image = Image.open(io.BytesIO(first))
    assert first == second
    assert image.width == 2 * (20 + 3 * 420) and len(first) < 200_000


def test_a_film_of_one_frame_is_one_wide_picture():
    image = Image.open(io.BytesIO(png.filmstrip(Film("Solo", film("mapa del aula").frames[-1:]))))
    assert image.width == 2 * 880


def test_key_frames_keep_the_end_and_spread_over_the_chapters():
    frames = film("construcción del curso").frames
    chosen = film("construcción del curso").key_frames(4)
    assert len(chosen) == 4 and chosen[-1] is frames[-1] and all(frame.mark for frame in chosen)


def test_scenes_do_not_import_matplotlib_nor_widgets():
    code = (
        "import sys\nfrom dockerlab.scenes import build, lifecycle, map, svg, png, wire, describe\n"
        "print([m for m in ('matplotlib', 'ipywidgets', 'anywidget', 'PIL', 'IPython') if m in sys.modules])"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "[]"
    )


def test_a_forty_frame_build_travels_in_under_thirty_kilobytes():
    frames = film("construcción de cuarenta fotogramas").frames
    assert len(frames) == 40
    assert len(wire.pack(frames)) < 30_000


def test_a_frame_equal_to_the_last_travels_as_nothing():
    frame = film("construcción del curso").frames[3]
    (entry,) = wire.differences([frame], frame)
    assert entry["v"] == [{}, {}]


def test_a_difference_names_only_what_changed():
    before = Drawing(
        100, 50, (Group("g", 0, 0, (Box("g/a", 0, 0, 5, 5), Text("g/t", 0, 9, "uno"))), Box("z", 9, 9, 5, 5))
    )
    after = Drawing(
        100, 50, (Group("g", 3, 0, (Box("g/b", 1, 1, 2, 2), Text("g/t", 0, 9, "dos"))), Box("z", 9, 9, 5, 5))
    )
    change = json.loads(json.dumps(wire.difference(before, after)))
    assert change["r"] == ["g/a"] and "h" not in change and "o" not in change
    assert change["s"]["g"] == {"n": [3, 0]} and change["s"]["g/t"] == {"s": "sdos"}
    assert change["s"]["g/b"]["a"] == "" and set(change["s"]) == {"g", "g/b", "g/t"}


def test_repeated_keys_are_refused():
    with pytest.raises(ValueError, match="claves repetidas"):
        Drawing(10, 10, (Box("a", 0, 0, 1, 1), Group("g", 0, 0, (Box("a", 0, 0, 1, 1),))))


@pytest.mark.parametrize("name", MAKERS)
def test_every_frame_has_both_widths(name):
    assert all((frame.wide.width, frame.narrow.width) == (880, 400) for frame in film(name).frames)


def test_fit_never_exceeds_the_room_and_keeps_the_asked_tail():
    long = "contenedor-de-nombre-larguisimo-27"
    for room in range(0, 300, 7):
        assert metrics.width(metrics.fit(long, room, 13), 13) <= room
        assert metrics.width(metrics.fit(long, room, 13, tail=4), 13) <= room
    assert metrics.fit(long, 120, 13, tail=4).endswith("o-27")
    assert metrics.fit("corto", 300, 13) == "corto"
    assert metrics.wrap("una frase que no cabe en una sola línea", 80, 14) == [
        "una frase",
        "que no",
        "cabe en",
        "una sola",
        "línea",
    ]


def test_measures_are_never_below_those_of_the_real_font():
    """Compara con DejaVu Sans, la que trae matplotlib."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    sample = "Acierto de caché: 4.31MB · «RUN npm install» ¿qué? wWmM@%ñÑüÁ"
    for bold in (False, True):
        real = TextPath(
            (0, 0),
            sample,
            size=14,
            prop=FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal"),
        )
        mine = metrics.width(sample, 14, bold=bold)
        assert real.get_extents().width <= mine <= real.get_extents().width * 1.12
