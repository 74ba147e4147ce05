"""Piezas sueltas de COPY: comodines, permisos, --parents y los tar hostiles."""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockerlab.build.modes import Mode
from dockerlab.build.patterns import component, is_wild
from dockerlab.errors import BuildError
from dockerlab.filesystem import File

from .bench import construct


@pytest.mark.parametrize(("pattern", "name", "matches"), [
    ("*", ".oculto", True), ("*.txt", "a.txt", True), ("a?c", "abc", True), ("a?c", "ac", False),
    ("[a-c]x", "bx", True), ("[^a-c]x", "bx", False), ("[^a]x", "bx", True), ("[!a]", "!", True), ("[!a]", "b", False),
    (r"\*", "*", True), (r"\*", "x", False), (r"[\]]", "]", True), ("[z-a]", "b", False), ("a[[]0", "a[0", True),
    ("x", "x", True), ("**", "abc", True),
])
def test_wildcards_are_those_of_go(pattern, name, matches):
    assert bool(component(pattern)(name)) is matches


@pytest.mark.parametrize("pattern", ["[", "[a", "[]", "[]a]", "[a-", "[-a]", "a\\"])
def test_a_pattern_that_does_not_close_is_an_error(pattern):
    with pytest.raises(BuildError, match="syntax error in pattern"):
        component(pattern)


@given(st.text(alphabet="ab*?[]^-\\!", max_size=8), st.text(alphabet="ab[]^-!", max_size=6))
def test_any_pattern_either_matches_or_is_refused(pattern, name):
    try:
        component(pattern)(name)
    except BuildError as error:
        assert error.key == "copy-bad-pattern" and (is_wild(pattern) or "\\" in pattern)


@pytest.mark.parametrize(("text", "before", "directory", "after"), [
    ("640", 0o777, False, 0o640), ("u+x", 0o644, False, 0o744), ("+x", 0o644, False, 0o755),
    ("a=rX", 0o640, False, 0o444), ("a=rX", 0o640, True, 0o555), ("go-rwx", 0o755, False, 0o700),
    ("g=u", 0o640, False, 0o660), ("u+s,g+s", 0o755, False, 0o6755), ("+t", 0o755, True, 0o1755),
    ("u=rw,go=r", 0o777, False, 0o644), ("go+X", 0o744, False, 0o755), ("go+X", 0o644, False, 0o644),
])
def test_chmod_understands_numbers_and_letters(text, before, directory, after):
    assert oct(Mode.parse(text).apply(before, directory)) == oct(after)


TREE = {"a.txt": "a\n", "sub/c.md": "c\n", "sub/mas/d.md": "d\n", "sub/mas/e.txt": "e\n"}


@pytest.mark.parametrize(("line", "expected"), [
    ("COPY --parents sub/mas/d.md /d/", ["/d/sub/mas/d.md"]),
    ("COPY --parents sub/./mas/d.md /d/", ["/d/mas/d.md"]),
    ("COPY --parents ./**/*.txt /d/", ["/d/a.txt", "/d/sub/mas/e.txt"]),
    ("COPY --parents sub/mas a.txt /d/", ["/d/a.txt", "/d/sub/mas/d.md", "/d/sub/mas/e.txt"]),
    ("COPY --parents --exclude=**/e.txt sub /d/", ["/d/sub/c.md", "/d/sub/mas/d.md"]),
    ("COPY --parents nada/x /d/", []),
])
def test_copy_parents(line, expected):
    built = construct(f"FROM scratch\n{line}\n", TREE)
    assert built.error is None, built.error
    assert [path for path, node in built.image.filesystem().walk("/") if isinstance(node, File)] == expected


def tar_of(*names, compress=bytes):
    """Un tar con esos archivos, comprimido con `compress`."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size, info.uid, info.gid = 1, 7, 8
            tar.addfile(info, io.BytesIO(b"x"))
    return compress(out.getvalue())


@pytest.mark.parametrize("compress", [bytes, bz2.compress, lzma.compress])
def test_add_unpacks_whatever_the_compression_and_keeps_owners(compress):
    built = construct("FROM scratch\nADD x.tar /d/\n", {"x.tar": tar_of("p/a", compress=compress)})
    node = built.image.filesystem().node("/d/p/a")
    assert (node.content, node.uid, node.gid) == (b"x", 7, 8)


@pytest.mark.parametrize("name", ["../f", "a/../../f", "/../f"])
def test_a_tar_that_leads_out_is_refused_whole(name):
    built = construct("FROM scratch\nADD x.tar /d/\n", {"x.tar": tar_of("bueno", name)})
    assert built.error.text == f'invalid entry name "{name}"' and built.image is None


def test_a_tar_cut_short_is_just_a_file():
    built = construct("FROM scratch\nADD x.tar /d/\n", {"x.tar": tar_of("a")[:300]})
    assert built.image.filesystem().isfile("/d/x.tar")
