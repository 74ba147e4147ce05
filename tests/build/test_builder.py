"""El constructor de un motor: imágenes, nombres, caché y estado en disco."""

from __future__ import annotations

import pytest

from dockerlab.build.builder import open_context
from dockerlab.engine import Engine
from dockerlab.errors import BuildError
from dockerlab.events import BuildFinished
from dockerlab.state import load_engine, save_engine

from .bench import CATALOGUE


@pytest.fixture
def folder(tmp_path):
    """Una carpeta con un Dockerfile."""
    (tmp_path / "Dockerfile").write_text("FROM busybox\nCOPY a /a\nRUN cat /a > /b\n")
    (tmp_path / "a").write_text("a\n")
    return tmp_path


@pytest.fixture
def engine(folder):
    """Un motor con la imagen base ya descargada."""
    engine = Engine(catalogue=CATALOGUE.folder, folder=str(folder))
    engine.pull("busybox")
    return engine


def build(engine, folder, **options):
    """Construye y devuelve los sucesos."""
    return list(engine.build(str(folder), **options))


def cached(events):
    """Qué pasos acertaron."""
    return [event.cached for event in events if getattr(event, "key", ())]


def test_the_image_gets_its_names_and_the_last_event_is_the_end(engine, folder):
    events = build(engine, folder, tags=["x", "y:2"])
    finished = events[-1]
    assert isinstance(finished, BuildFinished) and finished.tags == ("x:latest", "y:2")
    assert engine.image("x").id == engine.image("y:2").id == finished.image
    assert [(event.type, event.action) for event in engine.events.events[-3:]] == [
        ("image", "tag"), ("image", "tag"), ("image", "create")]


def test_a_failed_build_leaves_no_image(engine, folder):
    (folder / "Dockerfile").write_text("FROM busybox\nRUN false\n")
    before = set(engine.images.images)
    with pytest.raises(BuildError):
        build(engine, folder, tags=["x"])
    assert set(engine.images.images) == before and engine.images.find("x") is None


@pytest.mark.parametrize(("tag", "reason"), [("MAYUS", "repository name must be lowercase"),
                                             ("a:b:c", "invalid reference format")])
def test_a_bad_name_is_refused_before_building(engine, folder, tag, reason):
    with pytest.raises(BuildError) as caught:
        build(engine, folder, tags=[tag])
    assert caught.value.text == f'invalid tag "{tag}": {reason}'


def test_a_base_that_is_not_here_is_fetched_but_does_not_show_among_the_images(folder):
    engine = Engine(catalogue=CATALOGUE.folder, folder=str(folder))
    names = [event.name for event in build(engine, folder) if hasattr(event, "name")]
    assert any(name.startswith("[1/3] FROM docker.io/library/busybox:latest@sha256:") for name in names)
    assert engine.images.find("busybox") is None
    first = next(event for event in build(engine, folder) if type(event).__name__ == "StepFinished")
    assert first.cached, "la segunda vez ya está en la caché"


def test_a_base_pinned_by_digest_is_named_once(engine, folder):
    digest = engine.pull("busybox").digest
    (folder / "Dockerfile").write_text(f"FROM busybox@{digest}\nENV A=1\n")
    name, = {event.name for event in build(engine, folder) if type(event).__name__ == "StepFinished"} - {"ENV A=1"}
    assert name == f"[1/1] FROM docker.io/library/busybox@{digest}"


@pytest.mark.parametrize(("base", "reason"), [
    ("noexiste", "pull access denied, repository does not exist or may require authorization: server message: "
                 "insufficient_scope: authorization failed"),
    ("busybox:nada", "docker.io/library/busybox:nada: not found"),
    ("otro.sitio/x:1", 'failed to do request: Head "https://otro.sitio/v2/x/manifests/1": dial tcp: lookup otro.sitio: '
                       "no such host"),
])
def test_a_base_nobody_has_is_told_like_buildkit(engine, folder, base, reason):
    (folder / "Dockerfile").write_text(f"FROM {base}\n")
    with pytest.raises(BuildError) as caught:
        build(engine, folder)
    assert caught.value.text.endswith(f": {reason}") and caught.value.data["lines"] == (1, 1)


def test_build_cache_rows_and_prune(engine, folder):
    build(engine, folder, tags=["x"])
    rows = engine.builder.usage()
    assert [row["Type"] for row in rows] == ["source.local"] * 2 + ["source.local"] + ["regular"] * 3
    assert [row["Shared"] for row in rows] == [False] * 3 + [True] * 3
    assert len(engine.builder.prune()) == 3
    assert cached(build(engine, folder)) == [True, True]
    engine.builder.prune(everything=True)
    assert cached(build(engine, folder)) == [False, False]


def test_what_the_cache_holds_is_not_deleted_with_the_image(engine, folder):
    build(engine, folder, tags=["x"])
    chain = engine.image("x").chain_ids[-1]
    assert engine.layer_held(chain)
    engine.builder.prune(everything=True)
    assert not engine.layer_held(chain)


def test_the_cache_is_there_when_the_engine_comes_back(engine, folder, tmp_path_factory):
    build(engine, folder, tags=["x"])
    home = tmp_path_factory.mktemp("estado")
    engine.remove_image("x")
    save_engine(engine, home)
    again = load_engine(home, catalogue=CATALOGUE.folder, folder=str(folder))
    assert cached(build(again, folder, tags=["x"])) == [True, True]
    assert again.builder.usage()[0]["UsageCount"] == 2


def test_paths_are_counted_from_the_given_folder(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("otra")
    (other / "x.df").write_text("FROM scratch\n")
    context = open_context("ctx", "x.df", None, str(other)) if (other / "ctx").mkdir() is None else None
    assert (context.name, context.dockerfile) == ("x.df", b"FROM scratch\n")


def test_standard_input_cannot_be_both_things(folder):
    with pytest.raises(BuildError, match="can't use stdin for both"):
        open_context("-", "-", b"", str(folder))


def test_dockerfile_from_standard_input_with_a_folder(engine, folder):
    events = build(engine, folder, dockerfile="-", stdin=b"FROM busybox\nRUN echo $((6*7)) > /r\n")
    assert engine.images.images[events[-1].image].image.filesystem().read("/r") == b"42\n"


def test_exporting_costs_only_the_new_layers(tmp_path):
    """Docker real: volver a exportar una imagen ya guardada no cuesta nada, pese lo que pese su base."""
    from dockerlab.engine import Engine
    (tmp_path / "Dockerfile").write_text("FROM node:14\nRUN echo hola > /hola\n", encoding="utf-8")
    engine = Engine()

    def exporting():
        events = list(engine.build(str(tmp_path)))
        return next(event.seconds for event in events if getattr(event, "name", "") == "exporting to image")

    assert exporting() < 0.1
    assert exporting() < 0.05
