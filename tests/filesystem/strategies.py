"""Árboles y capas al azar, con pocos nombres para que choquen."""

from __future__ import annotations

from hypothesis import strategies as st

from dockerlab.clock import SECOND
from dockerlab.filesystem import Device, Directory, File, Layer, Symlink, Whiteout
from dockerlab.filesystem.paths import ancestors

names = st.sampled_from(["a", "b", "c"])
paths = st.lists(names, min_size=1, max_size=3).map("/".join)
owners = st.integers(0, 70_000)
stamps = st.integers(0, 4_000_000_000).map(lambda seconds: seconds * SECOND)
common = {"mode": st.integers(0, 0o7777), "uid": owners, "gid": owners, "mtime": stamps}
files = st.builds(File, st.binary(max_size=40), declared_size=st.none() | st.integers(0, 10**9), **common)
directories = st.builds(Directory, **common)
symlinks = st.builds(Symlink, st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)),
                                      min_size=1, max_size=150), **common)
fifos = st.builds(Device, st.just("p"), **common)
nodes = st.one_of(files, directories, symlinks, fifos)


def coherent(entries: dict) -> dict:
    """Sin nada que cuelgue de algo que no sea una carpeta: como sale de un disco."""
    kept = {}
    for path in sorted(entries):
        if all(isinstance(kept.get(above, Directory()), Directory) for above in ancestors(path)):
            kept[path] = entries[path]
    return kept


layers = st.dictionaries(paths, st.one_of(nodes, st.just(Whiteout()), directories.map(
    lambda node: node.replace(opaque=True))), max_size=8).map(coherent).map(Layer)
