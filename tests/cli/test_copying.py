"""`docker cp`: las reglas del destino, y no salir de donde se dijo."""

from __future__ import annotations

import io
import os
import tarfile

import pytest


@pytest.fixture
def box(docker):
    docker("create --name box busybox sleep 1000")
    return "box"


def test_a_file_goes_in_and_comes_back(docker, box, tmp_path):
    (tmp_path / "f").write_bytes(b"\x00\xff datos")
    assert docker("cp f box:/tmp/g").code == 0
    assert docker("cp box:/tmp/g .").code == 0
    assert (tmp_path / "g").read_bytes() == b"\x00\xff datos"


def test_a_folder_is_copied_inside_an_existing_one_but_its_contents_with_dot(docker, box, tmp_path):
    (tmp_path / "d" / "sub").mkdir(parents=True)
    (tmp_path / "d" / "sub" / "f").write_text("x")
    docker("cp d box:/tmp")
    docker("cp d/. box:/home")
    assert docker("cp box:/tmp/d/sub/f uno").code == 0
    assert docker("cp box:/home/sub/f dos").code == 0


@pytest.mark.parametrize("line, text", [
    ("cp box:/nada .", "Could not find the file /nada in container box"),
    ("cp f box:/no/hay/f", "Could not find the file /no/hay in container box"),
    ("cp d box:/etc/passwd", "cannot copy directory"),
    ("cp f box:/no-hay/", "no such directory"),
    ("cp box:/etc/group no/hay", 'does not exist'),
    ("cp - box:/etc/passwd", 'destination "box:/etc/passwd" must be a directory'),
])
def test_bad_destinations_are_refused(docker, box, tmp_path, line, text):
    (tmp_path / "f").write_text("x")
    (tmp_path / "d").mkdir()
    result = docker(line, b"")
    assert (result.code, text in result.err) == (1, True), result.err


def test_dots_in_the_container_path_stay_inside(docker, box, tmp_path):
    (tmp_path / "f").write_text("dentro")
    docker("cp f box:/../../../tmp/../escapada")
    assert docker("cp box:/escapada vuelta").code == 0
    assert not os.path.exists("/escapada")


def test_a_hostile_tar_leaves_nothing(docker, box):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        info = tarfile.TarInfo("../../fuera")
        info.size = 1
        archive.addfile(info, io.BytesIO(b"x"))
    assert docker("cp - box:/tmp", data.getvalue()).code == 1
    assert docker("cp box:/fuera x").code == 1


def test_links_inside_the_container_do_not_reach_the_host(docker, box, tmp_path, engine):
    docker("start box")
    docker("exec box ln -s /etc/passwd /tmp/enlace")
    docker("cp -L box:/tmp/enlace copia")
    assert "root:x:0:0" in (tmp_path / "copia").read_text()
    assert (tmp_path / "copia").read_text() != open("/etc/passwd").read() if os.path.exists("/etc/passwd") else True


def test_a_tar_comes_out_through_the_output(engine, box):
    from dockerlab.cli import Terminal, run
    pieces = []
    terminal = Terminal(lambda text: None, lambda text: None, binary=lambda stream, data: pieces.append(data))
    assert run(engine, ["cp", "box:/etc", "-"], terminal) == 0
    with tarfile.open(fileobj=io.BytesIO(b"".join(pieces))) as archive:
        assert "etc/passwd" in archive.getnames()
