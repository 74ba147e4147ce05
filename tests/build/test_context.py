"""El contexto: qué viaja al constructor, y que nada salga de su carpeta."""

from __future__ import annotations

import os

import pytest

from dockerlab.build import context as contexts
from dockerlab.build.context import Context
from dockerlab.errors import BuildError
from dockerlab.filesystem import File, Symlink

from .bench import Outcome, make_ports


def plant(folder, files):
    """Escribe los archivos."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_dockerignore_leaves_files_out(tmp_path):
    plant(tmp_path, {"Dockerfile": "FROM scratch\n", "a.log": "", "sub/b.log": "", "node_modules/x/y.js": "",
                     ".dockerignore": "*.log\nnode_modules\n", "sub/node_modules/z": ""})
    assert sorted(Context.from_folder(tmp_path).nodes) == [
        ".dockerignore", "Dockerfile", "sub", "sub/b.log", "sub/node_modules", "sub/node_modules/z"]


def test_exceptions_bring_back_a_file_and_the_folders_above_it(tmp_path):
    plant(tmp_path, {"Dockerfile": "", "docs/si.txt": "", "docs/no.txt": "", "otra/x": "",
                     ".dockerignore": "docs\n!docs/si.txt\notra\n.dockerignore\n"})
    assert sorted(Context.from_folder(tmp_path).nodes) == ["Dockerfile", "docs", "docs/si.txt"]


def test_the_dockerfile_may_have_its_own_ignore_file(tmp_path):
    plant(tmp_path, {"ctx/a": "", "ctx/b": "", "ctx/.dockerignore": "a\n", "fuera/x.df": "FROM scratch\n",
                     "fuera/x.df.dockerignore": "b\n"})
    context = Context.from_folder(tmp_path / "ctx", tmp_path / "fuera/x.df")
    assert (sorted(context.nodes), context.name) == ([".dockerignore", "a"], "x.df")


def test_an_ignored_dockerfile_still_builds_but_is_not_copied(tmp_path):
    plant(tmp_path, {"Dockerfile": "FROM busybox\nCOPY . /c\nRUN ls -A /c\n", "x": "",
                     ".dockerignore": "Dockerfile\n.dockerignore\n"})
    assert Outcome(make_ports(), Context.from_folder(tmp_path)).output == "x\n"


def test_bad_dockerignore_is_told(tmp_path):
    plant(tmp_path, {"Dockerfile": "FROM scratch\n", ".dockerignore": "[\n"})
    with pytest.raises(BuildError, match=r"failed to parse \.dockerignore"):
        Context.from_folder(tmp_path)


def test_files_are_read_only_when_somebody_copies_them(tmp_path, monkeypatch):
    plant(tmp_path, {"Dockerfile": "FROM scratch\nCOPY a /\n", "a": "a", "b": "b"})
    opened = []
    real = contexts._read
    monkeypatch.setattr(contexts, "_read", lambda path: opened.append(os.path.basename(path)) or real(path))
    assert Outcome(make_ports(), Context.from_folder(tmp_path)).error is None
    assert "a" in opened and "b" not in opened


@pytest.mark.parametrize("source", ["../secreto", "/../secreto", "sub/../../secreto", "fuera", "sub/fuera/secreto",
                                    "sub/f*/secreto", "absoluto"])
def test_nothing_outside_the_folder_can_be_copied(source, tmp_path):
    plant(tmp_path, {"secreto": "s", "ctx/sub/x": "", "ctx/Dockerfile": f"FROM scratch\nCOPY {source} /x/\n"})
    os.symlink("../secreto", tmp_path / "ctx/fuera")
    os.symlink("../..", tmp_path / "ctx/sub/fuera")
    os.symlink(tmp_path / "secreto", tmp_path / "ctx/absoluto")
    built = Outcome(make_ports(), Context.from_folder(tmp_path / "ctx"))
    found = [] if built.image is None else [
        node.content for layer in built.image.layers for node in layer.entries.values() if isinstance(node, File)]
    assert b"s" not in found


def test_a_folder_full_of_links_travels_as_links(tmp_path):
    plant(tmp_path, {"ctx/Dockerfile": "FROM scratch\nCOPY . /c\n", "secreto": "s"})
    os.symlink("../secreto", tmp_path / "ctx/l")
    built = Outcome(make_ports(), Context.from_folder(tmp_path / "ctx"))
    assert built.image.filesystem().node("/c/l", follow=False) == Symlink("../secreto", mtime=built.image.layers[
        0].entries["c/l"].mtime)


def test_owners_and_times_do_not_travel(tmp_path):
    plant(tmp_path, {"Dockerfile": "", "a": "a"})
    os.utime(tmp_path / "a", (5, 5))
    node = Context.from_folder(tmp_path).lookup("a")
    assert (node.uid, node.gid, node.mtime) == (0, 0, contexts.EPOCH)


def test_special_files_are_skipped(tmp_path):
    plant(tmp_path, {"Dockerfile": ""})
    os.mkfifo(tmp_path / "tuberia")
    assert sorted(Context.from_folder(tmp_path).nodes) == ["Dockerfile"]


@pytest.mark.parametrize(("path", "text"), [
    ("noexiste", 'unable to prepare context: path "noexiste" not found'),
    ("https://example.com/x.git", 'failed to read dockerfile: failed to load cache key: Get '
                                  '"https://example.com/x.git": dial tcp: no network in the simulator'),
])
def test_a_context_that_is_not_a_folder_is_explained(path, text, tmp_path):
    with pytest.raises(BuildError) as caught:
        Context.from_folder(path, start=str(tmp_path))
    assert caught.value.text == text and caught.value.what and caught.value.tip


def test_a_missing_dockerfile_is_told_by_its_name(tmp_path):
    plant(tmp_path, {"otro": ""})
    assert Outcome(make_ports(), Context.from_folder(tmp_path, tmp_path / "sub/x.df")).error.text == (
        "failed to read dockerfile: open x.df: no such file or directory")


def test_a_lower_case_dockerfile_is_found(tmp_path):
    plant(tmp_path, {"dockerfile": "FROM scratch\n"})
    assert Context.from_folder(tmp_path).dockerfile == b"FROM scratch\n"


def test_windows_line_ends_build_the_same(tmp_path):
    plant(tmp_path, {"a/Dockerfile": "FROM busybox\nRUN echo hola > /f\n", "b/Dockerfile": ""})
    (tmp_path / "b/Dockerfile").write_bytes(b"FROM busybox\r\nRUN echo hola > /f\r\n")
    one, two = (Outcome(make_ports(), Context.from_folder(tmp_path / name)) for name in "ab")
    assert one.image.id == two.image.id


def test_with_a_file_travel_the_folders_it_hangs_from_and_each_thing_once(tmp_path):
    plant(tmp_path, {"a": "12345", "sub/b": "123", "sub-2": ""})
    context = Context.from_folder(tmp_path)
    assert [path for path, _ in context.travelling(["sub/b", "sub-2", "a", "a", "noesta"])] == [
        "a", "sub", "sub/b", "sub-2"]
