"""Los bytes de `transferring`: los mismos números que en el Docker de verdad."""

from __future__ import annotations

import os
import re

import pytest

from dockerlab.build.wire import cost, mark, single
from dockerlab.cli import capture
from dockerlab.engine import Engine
from dockerlab.filesystem import Directory, File
from tests.engine.conftest import CATALOGUE
from tests.extras import need

TOLD = re.compile(r"transferring (\w+): (\S+)(?: [\d.]+s)? done")


@pytest.mark.parametrize(("size", "bytes_"), [(None, 2), (0, 31), (14, 51), (127, 164), (128, 167), (200, 239)])
def test_a_dockerfile_costs_what_docker_28_said(size, bytes_):
    assert single("Dockerfile", size) == bytes_


@pytest.mark.parametrize(("known", "bytes_"), [((), 89), (("d/f",), 77), (("d/f", "x"), 65)])
def test_what_is_already_there_is_only_announced(known, bytes_):
    nodes = [("d", Directory()), ("d/f", File(b"a\n")), ("x", File(b"b\n"))]
    assert cost(nodes, {path: mark(node) for path, node in nodes if path in known}) == bytes_


def test_a_changed_file_has_another_mark():
    marks = {mark(node) for node in (File(b"a"), File(b"b"), File(b"a", 0o755), File(b"a", declared_size=9))}
    assert len(marks) == 4 and mark(File(b"a", mtime=7)) in marks


def folder(place, files):
    place.mkdir(parents=True)
    for name, text in files.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text.startswith("->"):
            path.symlink_to(text[2:])
        else:
            path.write_text(text)
        if not path.is_symlink():
            os.chmod(path, 0o644)


STEPS = (
    ("FROM busybox\nCOPY . /c\n", {}),
    ("FROM busybox\nCOPY . /c\n", {}),
    ("FROM busybox\nCOPY . /c\n", {"src/a.txt": "otro"}),
    ("FROM busybox\nCOPY src /c\n", {}),
    ("FROM busybox\nCOPY src ancho.bin /c/\n", {}),
    ("FROM busybox\nCOPY src ancho.bin /c/\n", {".dockerignore": "*.bin\n"}),
)


def test_each_build_of_a_folder_says_the_same_bytes_as_the_real_engine():
    real = need("docker")
    real.run("pull", "-q", "busybox")
    place = real.work / f"viaje{os.getpid()}"
    folder(place, {"src/a.txt": "hola", "src/b/" + "largo" * 30: "x" * 300, "enlace": "->src/a.txt",
                   "vacio": "", "ancho.bin": "0" * 70_000})
    ours = Engine(catalogue=CATALOGUE, folder=str(real.work))
    ours.pull("busybox")
    for dockerfile, files in STEPS:
        for name, text in {"Dockerfile": dockerfile, **files}.items():
            if not (place / name).exists() or (place / name).read_text() != text:
                (place / name).write_text(text)
        theirs = real.run("build", "--no-cache", str(place)).stderr.decode()
        mine = capture(ours, ["build", "--no-cache", str(place)], cwd=str(real.work)).err
        assert TOLD.findall(mine) == TOLD.findall(theirs)
        assert len(TOLD.findall(mine)) == 3


def test_what_is_kept_of_a_folder_is_named_alike_in_every_machine(tmp_path):
    named = []
    for place in ("una", "otra"):
        folder(tmp_path / place / "app", {"Dockerfile": "FROM busybox\nCOPY . /c\n"})
        engine = Engine(catalogue=CATALOGUE, folder=str(tmp_path / place))
        capture(engine, ["build", "app"], cwd=str(tmp_path / place))
        named.append([(name, one.id) for name, one in engine.builder.cache.records.items() if one.sent])
    assert named[0] == named[1] and named[0][0][0] == "context:app"
