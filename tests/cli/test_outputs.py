"""`docker build --output`: lo construido, en una carpeta o en un tar; nunca fuera de la carpeta de trabajo."""

from __future__ import annotations

import tarfile

import pytest

from dockerlab.cli import capture
from dockerlab.engine import Engine


@pytest.fixture
def place(tmp_path):
    inside = tmp_path / "dentro"
    inside.mkdir()
    (inside / "Dockerfile").write_text("FROM scratch\nCOPY a.txt /d/a.txt\n")
    (inside / "a.txt").write_text("hola\n")
    return inside


def build(place, *options):
    engine = Engine(folder=str(place))
    return capture(engine, ["build", "-q", *options, "."], cwd=str(place)), engine


def test_a_folder_gets_the_files_and_the_image_is_not_kept(place):
    done, engine = build(place, "-o", "salida")
    assert (done.code, done.out) == (0, "")
    assert (place / "salida" / "d" / "a.txt").read_text() == "hola\n"
    assert not engine.images.images


def test_a_tar_gets_them_too(place):
    done, _ = build(place, "--output", "type=tar,dest=todo.tar")
    assert done.code == 0
    assert "d/a.txt" in tarfile.open(place / "todo.tar").getnames()


@pytest.mark.parametrize("goal", ["../fuera", "enlace/x"])
def test_nothing_is_written_outside(place, goal):
    (place / "enlace").symlink_to(place.parent)
    done, _ = build(place, "-o", goal)
    assert done.code == 1
    assert sorted(path.name for path in place.parent.iterdir()) == ["dentro"]


def test_what_is_not_simulated_says_so(place):
    for option in ("type=oci,dest=x.tar", "type=nada", "dest=x"):
        done, _ = build(place, "--output", option)
        assert done.code == 1 and "ERROR:" in done.err
