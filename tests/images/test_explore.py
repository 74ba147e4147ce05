"""El explorador de capas: añadido, cambiado, borrado, desperdiciado y compartido."""

from __future__ import annotations

from dockerlab.filesystem import Directory, File, Layer, Symlink, Whiteout
from dockerlab.images import Image
from dockerlab.images.explore import Sharing, explore, sharing, tree

IMAGE = (Image.empty()
         .with_layer(Layer({"etc": Directory(), "etc/a": File(b"12345"), "big": File(b"", declared_size=400),
                            "dir/x": File(b"x"), "dir/y": File(b"y")}), "base")
         .with_config("ENV A=1")
         .with_layer(Layer({"etc": Directory(), "etc/a": File(b"1"), "new": Symlink("etc/a")}), "RUN cambia")
         .with_layer(Layer({"big": Whiteout(), "dir": Whiteout()}), "RUN rm -r /big /dir"))


def test_each_layer_tells_what_it_did():
    base, change, removal = explore(IMAGE)
    assert (base.added, base.changed, base.created_by) == (("/big", "/dir/x", "/dir/y", "/etc/a"), (), "base")
    assert (change.added, change.changed, change.removed) == (("/new",), ("/etc/a",), ())
    assert removal.removed == ("/big", "/dir/x", "/dir/y") and removal.created_by == "RUN rm -r /big /dir"


def test_bytes_that_later_layers_hide_are_wasted():
    assert [report.wasted for report in explore(IMAGE)] == [400 + 5 + 2, 0, 0]
    assert IMAGE.size == 400 + 5 + 2 + 1


def test_an_opaque_folder_removes_what_was_below():
    image = Image.empty().with_layer(Layer({"d/a": File(b"1"), "d/b": File(b"2")}), "x").with_layer(
        Layer({"d": Directory(opaque=True), "d/b": File(b"3")}), "y")
    assert explore(image)[1].removed == ("/d/a",)


def test_the_tree_says_which_layer_each_path_comes_from():
    assert [(entry.path, entry.kind, entry.layer) for entry in tree(IMAGE)] == [
        ("/etc", "d", 1), ("/etc/a", "-", 1), ("/new", "l", 1)]


def test_sharing_tells_own_and_shared_bytes():
    base = Image.empty().with_layer(IMAGE.layers[0], "base")
    assert sharing([IMAGE, base]) == (Sharing(IMAGE.id, 1, 407), Sharing(base.id, 0, 407))
