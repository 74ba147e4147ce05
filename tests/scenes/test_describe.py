"""La descripción dice lo mismo que el dibujo."""

from __future__ import annotations

import pytest

from dockerlab.scenes import describe
from dockerlab.scenes import map as engine_map
from dockerlab.scenes.primitives import Text
from dockerlab.scenes.words import instruction, listing, plural, size, span
from dockerlab.views import EngineView, VolumeView

from . import samples
from .films import MAKERS, film
from .geometry import rectangles


@pytest.mark.parametrize("name", MAKERS)
def test_every_frame_has_a_caption_and_a_description(name):
    for frame in film(name).frames:
        assert frame.caption.strip()
        assert frame.description and all(sentence.strip() for sentence in frame.description)


def drawn(frame):
    """Los textos del dibujo ancho que nombran algo o dicen su estado, sin abreviar."""
    texts = [r.element for r in rectangles(frame.wide, Text)]
    return [
        t.text
        for t in texts
        if t.style in ("text.strong", "code.strong", "text.inverse", "code") and "…" not in t.text
    ]


@pytest.mark.parametrize("name", ["mapa del aula", "mapa enorme"])
def test_a_map_is_described_with_the_names_and_states_it_draws(name):
    frame = film(name).frames[-1]
    said = " ".join(frame.description)
    titles = {"Imágenes y contenedores", "Volúmenes", "Redes"}
    layers = {layer.created_by for layer in samples.classroom().images[0].layers}
    missing = [
        words
        for words in drawn(frame)
        if words not in said
        and words not in titles
        and words not in layers
        and not words.startswith(("COPY", "RUN", "ADD", "WORKDIR", "anónimo"))
    ]
    assert not missing


def test_every_container_state_on_the_map_is_in_its_sentence():
    view = samples.crowd()
    frame = engine_map.draw(view)
    for item in view.containers:
        sentence = next(s for s in frame.description if s.startswith(f"Contenedor {item.name}:"))
        assert f": {item.state}" in sentence


@pytest.mark.parametrize(
    "name", ["construcción del curso", "construcción por etapas", "construcción de cuarenta fotogramas"]
)
def test_a_build_is_described_with_the_layers_and_values_it_draws(name):
    for frame in film(name).frames:
        said = " ".join(frame.description)
        for rect in rectangles(frame.wide, Text):
            key, words = rect.element.key, rect.element.text
            if key.startswith(("layer:", "config:")) and "fold" not in key and "…" not in words:
                assert words in said, (key, words)


def test_the_life_of_a_container_is_described_with_the_facts_it_draws():
    for frame in film("ciclo de vida").frames:
        said = " ".join(frame.description)
        for rect in rectangles(frame.wide, Text):
            if rect.element.key.startswith("fact:") and "…" not in rect.element.text:
                assert rect.element.text in said


def test_the_lit_state_is_the_one_described():
    from dockerlab.scenes.primitives import Box

    for frame in film("ciclo de vida").frames[1:]:
        lit = [r.element.key for r in rectangles(frame.wide, Box) if r.element.style == "node.lit"]
        assert len(lit) == 1
        state = describe.state_name(lit[0].split(":")[1].split("/")[0])
        assert f"Estado: {state}." in frame.description


def test_changes_are_told_in_words():
    before, after = EngineView(0), samples.classroom()
    from dataclasses import replace

    half = replace(after, containers=after.containers[:1], volumes=())
    assert describe.changes(before, EngineView(0)) == "No cambia nada."
    assert "Aparece el contenedor otro." in describe.changes(
        half, replace(half, containers=after.containers[:2])
    )
    stopped = replace(half, containers=(replace(half.containers[0], state="exited"),))
    assert describe.changes(half, stopped) == "my-container pasa de running a exited."
    assert (
        describe.changes(half, replace(half, volumes=(VolumeView("datos", 0),)))
        == "Aparece el volumen datos."
    )
    untagged = replace(half, images=(replace(half.images[0], tags=()), *half.images[1:]))
    assert "se llama ahora <none>" in describe.changes(half, untagged)


def test_exit_codes_name_their_signal():
    assert describe.exit_code(137) == "137 (SIGKILL)"
    assert describe.exit_code(143) == "143 (SIGTERM)"
    assert describe.exit_code(3) == "3"


def test_sizes_and_counts_are_said_as_docker_and_the_course_say_them():
    assert [size(n) for n in (0, 12, 1204, 4_310_000, 912_000_000)] == [
        "0B",
        "12B",
        "1.2kB",
        "4.31MB",
        "912MB",
    ]
    assert plural(1, "capa") == "1 capa" and plural(3, "imagen", "imágenes") == "3 imágenes"
    assert (
        listing(["a"]) == "a"
        and listing(["a", "b", "c"]) == "a, b y c"
        and listing(["a", "iba"]) == "a e iba"
    )
    assert span(1_500_000_000) == "1.5 s" and span(125_000_000_000) == "2 min 5 s"


def test_layers_are_named_by_their_instruction():
    assert instruction("RUN /bin/sh -c npm install # buildkit") == "RUN npm install"
    assert instruction('/bin/sh -c #(nop)  CMD ["bash"]') == 'CMD ["bash"]'
    assert instruction("/bin/sh -c apt-get update") == "RUN apt-get update"
    assert instruction("COPY . . # buildkit") == "COPY . ."


@pytest.mark.parametrize("name", [name for name in MAKERS if not name.startswith("ciclo de vida")])
def test_every_frame_says_the_names_and_states_it_draws(name):
    """El ciclo de vida va aparte: dibuja también los estados en los que no se está."""
    checked = 0
    for frame in film(name).frames:
        said = " ".join(frame.description)
        for drawing in (frame.wide, frame.narrow):
            for rect in rectangles(drawing, Text):
                part, words = rect.element.key.rpartition("/")[2], rect.element.text.removeprefix("$").lstrip()
                if part in ("name", "words", "state") and "…" not in words:
                    checked += 1
                    assert words in said, rect.element.key
    assert checked or name in ("mapa vacío", "leyenda") or name.startswith("construcción")
