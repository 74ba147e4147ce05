"""El sitio de cada cosa: nada se tapa, nada se sale y todo texto cabe."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockerlab.scenes import build, lifecycle
from dockerlab.scenes import map as engine_map
from dockerlab.scenes.build import window
from dockerlab.scenes.moments import Moment
from dockerlab.scenes.primitives import Text
from dockerlab.views import VolumeView

from . import samples
from .films import MAKERS, film
from .geometry import drawings, faults, rectangles

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=80)


@pytest.mark.parametrize("name", MAKERS)
def test_nothing_overlaps_and_nothing_leaves_the_frame(name):
    for index, drawing in enumerate(drawings(film(name))):
        assert not faults(drawing), f"fotograma {index // 2 + 1}, ancho {drawing.width}"


@given(images=st.integers(0, 20), containers=st.integers(0, 40), layers=st.integers(1, 60))
@settings(max_examples=25, deadline=None)
def test_a_map_of_any_size_is_well_laid_out(images, containers, layers):
    view = samples.crowd(max(images, 2 if containers else images), containers, layers)
    frame = engine_map.draw(view)
    assert not faults(frame.wide) and not faults(frame.narrow)


@given(lines=st.integers(1, 90), layers=st.integers(0, 50), share=st.floats(0, 1))
@settings(max_examples=15, deadline=None)
def test_a_build_of_any_size_is_well_laid_out_at_any_moment(lines, layers, share):
    frames = build.film(samples.huge(layers, lines)).frames
    frame = frames[int(share * (len(frames) - 1))]
    assert not faults(frame.wide) and not faults(frame.narrow)


@given(
    name=NAMES, image=NAMES, command=NAMES, edge=st.sampled_from(lifecycle.EDGES), size=st.integers(0, 10**15)
)
@settings(max_examples=60, deadline=None)
def test_every_edge_of_the_state_machine_is_readable_when_lit(name, image, command, edge, size):
    moment = Moment(
        name,
        image,
        edge.end,
        edge.start,
        edge.label.split(",")[0],
        command,
        10**12,
        1,
        image,
        137,
        size,
        signal="SIGTERM",
    )
    frame = lifecycle.draw(moment)
    assert not faults(frame.wide) and not faults(frame.narrow)


@given(total=st.integers(1, 200), data=st.data(), rows=st.integers(3, 20))
def test_the_window_shows_the_current_line_and_fills_its_rows(total, data, rows):
    first = data.draw(st.integers(1, total))
    last = data.draw(st.integers(first, total))
    start, end = window(total, first, last, rows)
    assert end - start + 1 == min(total, rows)
    folded_above, folded_below = start > 1, end < total
    visible = range(start + folded_above, end + 1 - folded_below)
    assert 1 <= start and end <= total
    assert any(line in visible for line in range(first, last + 1))


def test_a_forty_layer_stack_folds_and_says_how_many_it_hides():
    frame = film("construcción enorme").frames[-1]
    texts = [text.element.text for text in _texts(frame.wide)]
    folds = [text for text in texts if text.startswith("…") and "capas más" in text]
    shown = sum(1 for text in texts if text in ("nueva", "acierto", "base"))
    assert len(folds) == 1
    assert int(folds[0].split()[1]) + shown == 41


def _texts(drawing):
    from dockerlab.scenes.primitives import Text

    from .geometry import rectangles

    return rectangles(drawing, Text)


def test_a_layer_shared_by_two_images_is_drawn_once():
    view = samples.classroom()
    frame = engine_map.draw(view)
    words = [text.element.text for text in _texts(frame.wide)]
    assert words.count("COPY docker-entrypoint.sh") == 1
    assert (
        sum(
            layer.created_by == "COPY docker-entrypoint.sh" for image in view.images for layer in image.layers
        )
        == 3
    )


def test_the_same_thing_keeps_its_key_when_a_container_arrives():
    view = samples.classroom()
    from dataclasses import replace

    from dockerlab.scenes.wire import entries

    before = engine_map.draw(replace(view, containers=view.containers[:2])).wide
    after = engine_map.draw(view).wide
    layers = {key for key in entries(before) if key.startswith("layer:") and key.count("/") == 0}
    assert layers and layers <= set(entries(after))


@pytest.mark.parametrize("names", [
    ("hospital-datos-1", "hospital-ingresos-1", "hospital-urgencias-1"),
    tuple(f"tienda-de-la-esquina-servicio-de-pedidos-{place}-1" for place in ("norte", "sur", "este", "oeste")),
])
def test_names_that_differ_are_never_drawn_alike(names):
    view = samples.classroom()
    web = view.containers[-1]
    crew = tuple(replace(web, id=samples.hexadecimal(50 + n), name=name) for n, name in enumerate(names))
    stores = tuple(VolumeView(f"{name}-datos", 0, (name,)) for name in names)
    frame = engine_map.draw(replace(view, containers=crew, volumes=stores), widths=(880, 340))
    for drawing in (frame.wide, frame.narrow):
        assert not faults(drawing)
        texts = {r.element.key: r.element.text for r in rectangles(drawing, Text)}
        titles = {one.id: "".join(words for key, words in texts.items()
                                  if key.startswith(f"container:{one.id[:12]}/name")) for one in crew}
        assert len(set(titles.values())) == len(names)
        for line in ("line0", "line2"):
            assert len({texts[f"volume:{store.name}/{line}"] for store in stores}) == len(names)
