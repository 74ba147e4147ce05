"""Vigilar contenedores: las cifras son las del motor, y se dicen con palabras además de dibujarse."""

from __future__ import annotations

from pathlib import Path

import pytest

from dockerlab.course import animations, lessons, watching
from dockerlab.course.roads import order
from dockerlab.engine import Engine

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LEAK = "docker run -d --name goteo -m 16m --memory-swap 16m busybox sh -c " \
       "'g=$(head -c 1000000 /dev/zero | tr \"\\0\" a); while :; do c=$c$g; sleep 1; done'"
BUSY = "docker run -d --name {} {} busybox sh -c 'while :; do :; done & while :; do :; done'"


@pytest.fixture
def given(tmp_path):
    """`given(orden…)`: un motor con esas órdenes dadas, y la mano que da más."""
    def given(*lines):
        engine = Engine(folder=str(tmp_path))
        for line in lines:
            assert order(engine, line, Path(tmp_path))[2] == 0
        return engine, lambda line: order(engine, line, Path(tmp_path))
    return given


def test_a_leak_is_told_up_to_its_end_and_the_neighbour_does_not_notice(given):
    engine, give = given(LEAK, "docker run -d --name vecino busybox sleep 1000")
    picture = watching.memory(engine, 20, {}, give)
    goteo, vecino = picture.words.splitlines()
    assert "con un límite de 16MiB" in goteo and goteo.endswith("pide más y el núcleo lo mata")
    assert vecino == "- vecino: de 390.6KiB a 390.6KiB, sin límite"
    assert [text.get_text() for text in picture.figure.axes[0].texts] == ["límite: 16MiB", "OOM"]


def test_shares_caps_and_pauses_show_in_the_processor(given):
    engine, give = given(BUSY.format("ana", ""), BUSY.format("beto", "--cpu-shares 512"),
                         "docker run -d --name quieto busybox sleep 1000")
    picture = watching.processor(engine, 9, {3: "docker update --cpus 0.5 ana", 6: "docker pause ana"}, give)
    assert picture.words.splitlines() == [
        "- segundo 3: docker update --cpus 0.5 ana", "- segundo 6: docker pause ana",
        "- ana: 1.33, después 0.50, después 0.00", "- beto: 0.67, después 1.50, después 2.00"]


def test_an_order_beyond_the_time_is_not_given(given):
    engine, give = given("docker run -d --name ana busybox sleep 1000")
    watching.processor(engine, 5, {5: "docker pause ana", 0: "docker pause ana"}, give)
    assert engine.containers.get("ana").state.status == "running"


def scene(lesson, name):
    one = lessons.load(lesson)
    return animations.film(one.animation(name), one.files, NOTEBOOKS)


def test_the_map_says_which_order_changed_it_and_may_leave_the_networks_out():
    captions = [frame.caption for frame in scene("00", "hola").frames]
    assert captions[1] == "docker pull hello-world: aparece la imagen hello-world:latest."
    assert captions[-1].startswith("docker rm saludo: desaparece el contenedor saludo")
    assert not any("red bridge" in line.lower() for frame in scene("01", "tres-de-una").frames
                   for line in frame.description)


def test_a_first_build_does_not_speak_of_the_cache_before_it_is_taught():
    assert not any("caché" in frame.caption for frame in scene("02", "construccion").frames)


def test_the_first_life_has_no_signals():
    assert not any("SIG" in frame.caption for frame in scene("01", "vida").frames)
