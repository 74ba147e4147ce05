"""Lo que Docker prepara en un contenedor antes de que nadie escriba nada."""

from __future__ import annotations

import shlex

import pytest

from dockerlab.cli import capture
from dockerlab.engine import Engine
from dockerlab.filesystem import Directory, File, Layer, Overlay, Symlink
from dockerlab.images.init_layer import init_layer
from tests.engine.conftest import CATALOGUE
from tests.extras import need

PREPARED = {".dockerenv", "dev", "etc", "proc", "sys", "hostname", "hosts", "mtab", "resolv.conf"}
SHOWN = "ls -A / /etc; cat /.dockerenv; readlink /etc/mtab; grep -c ^overlay /etc/mtab"


@pytest.fixture
def engine(tmp_path):
    made = Engine(catalogue=CATALOGUE, folder=str(tmp_path))
    made.pull("busybox")
    return made


def docker(engine, line):
    answer = capture(engine, shlex.split(line))
    assert answer.code == 0, answer.err
    return answer.out


def test_files_are_always_new_and_folders_keep_their_owner():
    image = Overlay([Layer({"etc/hosts": File(b"mal\n"), "etc": Directory(0o700, uid=7), "proc": Directory(0o500)})])
    entries = init_layer(image, 5).entries
    assert entries["etc/hosts"] == File(mode=0o755, mtime=5)
    assert (entries["etc"].mode, entries["etc"].uid, entries["etc"].mtime) == (0o700, 7, 5)
    assert "proc" not in entries and entries["etc/mtab"] == Symlink("/proc/mounts", mtime=5)


def test_it_is_seen_inside_but_it_is_not_of_the_image_nor_of_the_container(engine):
    assert ".dockerenv" in docker(engine, "run --name uno busybox ls -a /").split()
    assert docker(engine, "diff uno") == ""
    docker(engine, "commit uno copia")
    assert engine.image("copia").layers[-1].is_empty


def test_two_containers_of_an_image_share_the_union(engine):
    uno, dos = (engine.create("busybox", name) for name in ("uno", "dos"))
    assert uno.root.lower is dos.root.lower


def test_the_real_engine_shows_the_same(engine):
    real = need("docker")
    real.run("pull", "-q", "busybox")
    theirs = real.run("run", "--rm", "busybox", "sh", "-c", SHOWN).stdout.decode().splitlines()
    ours = docker(engine, f"run --rm busybox sh -c '{SHOWN}'").splitlines()
    assert [line for line in theirs if line in PREPARED] == [line for line in ours if line in PREPARED]
    assert len(theirs) > 9 and theirs[-2:] == ours[-2:]
