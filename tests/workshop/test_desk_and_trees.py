"""La carpeta del taller, y los archivos de imágenes y contenedores."""

from __future__ import annotations

import pytest

from dockerlab.errors import DockerlabError
from dockerlab.workshop import trees
from dockerlab.workshop.desk import READABLE, Desk


def test_a_photo_and_its_reversal_touch_only_what_changed(tmp_path):
    desk = Desk(tmp_path)
    desk.write("a/uno.txt", b"1")
    desk.write("dos.txt", b"2")
    before = desk.photo()
    desk.write("a/b/tres.txt", b"3")
    desk.write("dos.txt", b"22")
    desk.remove("a/uno.txt")
    after = desk.photo()
    desk.write("ajeno.txt", b"x")
    desk.revert(before, after)
    assert desk.photo() == {**before, "ajeno.txt": b"x"}


def test_a_folder_someone_uses_is_not_removed(tmp_path):
    desk = Desk(tmp_path)
    before = desk.photo()
    desk.write("a/uno.txt", b"1")
    after = desk.photo()
    desk.write("a/ajeno.txt", b"x")
    desk.revert(before, after)
    assert desk.files() == ["a/ajeno.txt"]


@pytest.mark.parametrize("name, key", [
    ("../fuera", "desk-outside"), ("/etc/passwd", "desk-outside"), ("nada", "desk-no-file"),
    ("carpeta", "desk-is-folder"), ("grande", "desk-too-big"), ("binario", "desk-not-text")])
def test_what_cannot_be_read_says_why(tmp_path, name, key):
    desk = Desk(tmp_path)
    (tmp_path / "carpeta").mkdir()
    (tmp_path / "grande").write_bytes(b"x" * (READABLE + 1))
    (tmp_path / "binario").write_bytes(b"\xff\xfe")
    with pytest.raises(DockerlabError) as caught:
        desk.text(name)
    assert caught.value.key == key and caught.value.what


def test_if_the_folder_one_is_in_disappears_one_is_back_at_the_root(tmp_path):
    desk = Desk(tmp_path)
    desk.write("a/b", b"")
    desk.enter("a")
    assert desk.here == "a"
    desk.remove(str(tmp_path / "a"))
    assert desk.cwd == tmp_path.resolve() and desk.here == ""


def test_a_tree_says_which_layer_each_file_comes_from(bench):
    bench.does("cat > Dockerfile <<EOF\nFROM alpine\nRUN echo hola > /nota\nEOF\ndocker build -t mi .\n"
               "docker run -d --name web mi sleep 1000\n"
               "docker exec web sh -c 'echo cambio > /etc/motd; rm /nota; mkdir /mia'")
    (container, label), (image, tag), *_ = trees.subjects(bench.engine)
    assert (label, tag) == ("Contenedor web", "Imagen mi:latest")
    found = {row.name: row for row in trees.children(bench.engine, image)}
    assert found["nota"].origin.startswith("capa 2 · RUN echo hola") and found["nota"].kind == "f"
    assert found["etc"].kind == "d" and found["etc"].origin.startswith("capa 1 · ADD")
    inside = {row.name: row for row in trees.children(bench.engine, container)}
    assert inside["nota"].kind == "x" and "borrado" in inside["nota"].origin
    assert inside["mia"].written and not inside["etc"].path.startswith("/")
    motd = next(row for row in trees.children(bench.engine, container, "etc") if row.name == "motd")
    assert motd.written and trees.peek(bench.engine, container, "etc/motd") == "cambio\n"
    assert trees.peek(bench.engine, image, "nota") == "hola\n"


def test_what_is_not_there_any_more_is_told_calmly(bench):
    bench.does("docker create --name web nginx")
    (subject, _), *_ = trees.subjects(bench.engine)
    bench.does("docker rm web")
    assert trees.children(bench.engine, subject) == []
    assert trees.peek(bench.engine, subject, "etc/passwd") == "Ya no está."


def test_what_docker_prepares_is_not_said_to_be_of_the_image(bench):
    bench.does("docker create --name web alpine")
    (subject, _), *_ = trees.subjects(bench.engine)
    top = {row.name: row.origin for row in trees.children(bench.engine, subject)}
    assert top[".dockerenv"] == "lo prepara Docker" and top["etc"].startswith("capa 1 · ADD")
    inner = {row.name: row.origin for row in trees.children(bench.engine, subject, "etc")}
    assert inner["mtab"] == "lo prepara Docker" and inner["passwd"].startswith("capa 1 · ADD")
