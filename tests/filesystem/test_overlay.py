"""La unión de capas, contra un modelo ingenuo que copia el árbol entero."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockerlab.clock import SECOND
from dockerlab.filesystem import Directory, File, Layer, Overlay, Symlink, Whiteout
from dockerlab.filesystem.paths import ancestors, join

from .strategies import layers, nodes, paths


def plain(node):
    return node.replace(opaque=False) if isinstance(node, Directory) else node


def visible(overlay: Overlay, path: str = "") -> dict:
    """Todo lo que enseña una unión, mirando solo por `lookup` y `children`."""
    tree = {path: plain(overlay.lookup(path))} if path else {}
    if isinstance(overlay.lookup(path), Directory):
        for name in overlay.children(path):
            tree |= visible(overlay, join(path, name))
    return tree


class Naive:
    """Un árbol de verdad: aplicar una capa es borrar y poner, ruta a ruta."""

    def __init__(self):
        self.tree = {}

    def remove(self, path):
        self.tree = {each: node for each, node in self.tree.items()
                     if each != path and not each.startswith(f"{path}/")}

    def put(self, path, node):
        for above in ancestors(path):
            if not isinstance(self.tree.get(above), Directory):
                self.remove(above)
                self.tree[above] = Directory()
        if not (isinstance(node, Directory) and isinstance(self.tree.get(path), Directory)):
            self.remove(path)
        self.tree[path] = plain(node)

    def apply(self, layer):
        for path, node in layer.entries.items():
            if isinstance(node, Whiteout):
                self.remove(path)
            elif isinstance(node, Directory) and node.opaque:
                below = [each for each in self.tree if each.startswith(f"{path}/")]
                for each in below:
                    self.tree.pop(each)
        for path, node in layer.entries.items():
            if not isinstance(node, Whiteout):
                self.put(path, node)


@given(st.lists(layers, max_size=4))
def test_the_union_shows_what_a_naive_model_shows(stack):
    model = Naive()
    for layer in stack:
        model.apply(layer)
    assert visible(Overlay(stack)) == model.tree


operations = st.lists(st.one_of(st.tuples(st.just("put"), paths, nodes),
                                st.tuples(st.just("remove"), paths)), max_size=12)


def perform(overlay: Overlay, model: Naive, steps) -> None:
    for step in steps:
        if step[0] == "put":
            overlay.put(step[1], step[2])
            model.put(step[1], step[2])
        elif overlay.lookup(step[1]) is not None:
            overlay.remove(step[1])
            model.remove(step[1])


@given(st.lists(layers, max_size=3), operations)
def test_writing_over_layers_shows_what_a_naive_model_shows(stack, steps):
    model = Naive()
    for layer in stack:
        model.apply(layer)
    overlay = Overlay(stack)
    perform(overlay, model, steps)
    assert visible(overlay) == model.tree


@given(st.lists(layers, max_size=3), operations)
def test_a_frozen_writable_layer_shows_the_same_on_top(stack, steps):
    overlay = Overlay(stack)
    perform(overlay, Naive(), steps)
    frozen = overlay.freeze()
    assert visible(Overlay([*stack, frozen])) == visible(overlay)
    assert visible(Overlay([*stack, Layer.from_tar(frozen.tar())])) == visible(overlay)


@given(st.lists(layers, max_size=3), operations)
def test_a_writable_layer_restored_from_its_entries_is_the_same(stack, steps):
    overlay = Overlay(stack)
    perform(overlay, Naive(), steps)
    again = Overlay(stack, dict(overlay.upper))
    assert visible(again) == visible(overlay)
    assert (again.changes(), again.size) == (overlay.changes(), overlay.size)


BASE = Layer({"etc": Directory(), "etc/passwd": File(b"root"), "etc/group": File(b"g"), "bin/sh": File(b"x" * 100)})


def test_changes_are_told_as_docker_diff_tells_them():
    overlay = Overlay([BASE])
    overlay.put("etc/passwd", File(b"root, ana"))
    overlay.put("srv/nuevo/f", File(b"1"))
    overlay.remove("etc/group")
    assert overlay.changes() == [("C", "/etc"), ("D", "/etc/group"), ("C", "/etc/passwd"),
                                 ("A", "/srv"), ("A", "/srv/nuevo"), ("A", "/srv/nuevo/f")]


def test_changing_the_mode_copies_the_whole_file_up():
    overlay = Overlay([BASE])
    overlay.put("bin/sh", overlay.lookup("bin/sh").replace(mode=0o700))
    assert (overlay.size, overlay.origin("bin/sh"), overlay.origin("etc/passwd")) == (100, "upper", 0)


def test_what_is_added_and_removed_leaves_nothing():
    overlay = Overlay([BASE])
    overlay.put("tmp/f", File(b"123"))
    overlay.remove("tmp/f")
    assert ("A", "/tmp/f") not in overlay.changes() and overlay.size == 0


def test_the_time_of_the_root_makes_no_layer():
    overlay = Overlay([BASE])
    overlay.put("", overlay.lookup("").replace(mtime=7 * SECOND))
    assert overlay.freeze().is_empty
    overlay.put("", overlay.lookup("").replace(mode=0o700))
    assert overlay.freeze().entries == {"": Directory(0o700, mtime=7 * SECOND)}


def test_a_frozen_layer_keeps_whole_seconds_as_the_tar_of_docker_does():
    overlay = Overlay([BASE])
    overlay.put("hora", File(b"x", mtime=5 * SECOND + 7))
    assert overlay.freeze().entries["hora"].mtime == 5 * SECOND
    assert b"PaxHeaders" not in overlay.freeze().tar()


def test_a_removed_folder_comes_back_empty():
    overlay = Overlay([BASE])
    overlay.remove("etc")
    overlay.put("etc", Directory())
    assert overlay.children("etc") == []
    assert overlay.freeze().entries["etc"].opaque


def test_writing_through_one_hard_link_changes_both():
    overlay = Overlay([])
    overlay.put("a", File(b"1"))
    overlay.link("a", "b")
    overlay.put("b", overlay.lookup("b").replace(content=b"22"))
    assert (overlay.lookup("a").content, overlay.size, overlay.links("a")) == (b"22", 2, {"a", "b"})


def test_copying_up_breaks_a_hard_link_of_the_image():
    overlay = Overlay([Layer({"a": File(b"1", inode=1), "b": File(b"1", inode=1)})])
    overlay.put("a", overlay.lookup("a").replace(content=b"otro"))
    assert (overlay.lookup("b").content, overlay.links("b")) == (b"1", {"b"})


def test_a_renamed_folder_takes_everything_along():
    overlay = Overlay([BASE])
    overlay.move("etc", "opt/conf")
    assert overlay.lookup("etc") is None
    assert overlay.lookup("opt/conf/passwd").content == b"root"


def test_containers_of_one_image_share_the_merged_index():
    stack = [BASE, Layer({"app": Symlink("/srv")})]
    assert Overlay(stack).lower is Overlay(list(stack)).lower


@pytest.mark.parametrize("write", [False, True])
def test_time_grows_with_the_files_and_no_faster(write):
    def seconds(count: int) -> float:
        entries = {f"d{number % 50}/f{number}": File(b"x" * 20) for number in range(count)}
        best = 9.0
        for _ in range(3):
            start = time.process_time()
            overlay = Overlay([] if write else [Layer(entries)])
            if write:
                for path, node in entries.items():
                    overlay.put(path, node)
                overlay.freeze().diff_id  # noqa: B018
            assert len(overlay.children("d0")) == count // 50
            best = min(best, time.process_time() - start)
        return best / count

    assert seconds(20_000) < 3 * seconds(2_000)  # si creciera con el cuadrado, serían 10 veces
