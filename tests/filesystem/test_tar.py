"""El tar que se escribe lo lee cualquiera, y el ajeno se lee o se rechaza con una razón."""

from __future__ import annotations

import gzip
import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockerlab.errors import ArchiveError
from dockerlab.filesystem import Directory, File, Layer, Limits, Symlink
from dockerlab.filesystem.tar import END, header, members

from .strategies import layers


def tarball(*entries: tuple[str, dict], **options) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", **options) as archive:
        for name, attributes in entries:
            info = tarfile.TarInfo(name)
            content = attributes.pop("content", b"")
            for key, value in attributes.items():
                setattr(info, key, value)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


@given(layers)
def test_python_reads_the_tar_of_any_layer(layer):
    archive = tarfile.open(fileobj=io.BytesIO(layer.tar()))
    files = {path: node for path, node in layer.entries.items() if isinstance(node, File)}
    read = {member.name: archive.extractfile(member).read() for member in archive
            if member.isfile() and ".wh." not in member.name}
    assert read == {path: node.content for path, node in files.items()}


@given(layers)
def test_a_layer_read_back_is_the_same_layer(layer):
    again = Layer.from_tar(layer.tar())
    assert dict(again.entries) == dict(layer.entries)
    assert (again.diff_id, again.size, again.tar()) == (layer.diff_id, layer.size, layer.tar())


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_tar_dialect_is_read_and_keeps_its_bytes(form):
    name = "carpeta/" + "n" * 90 + "/archivo"
    data = tarball(("carpeta/", {"type": tarfile.DIRTYPE, "mode": 0o750}),
                   (name, {"content": b"hola", "uid": 7, "gid": 8, "mtime": 5}), format=form)
    layer = Layer.from_tar(data)
    assert layer.entries["carpeta"] == Directory(0o750)
    assert layer.entries[name] == File(b"hola", 0o644, 7, 8, 5_000_000_000)
    assert layer.tar() == data


def test_long_and_accented_names_survive():
    entries = {"ñandú/" + "x" * 200: File(b"1"), "a": Symlink("é" * 120)}
    again = Layer.from_tar(Layer(entries).tar())
    assert again.entries == entries


def test_fractions_of_a_second_and_large_owners_survive():
    layer = Layer({"a": File(b"", uid=3_000_000, gid=4_000_000, mtime=1_234_567_890_123_456_789)})
    assert dict(Layer.from_tar(layer.tar()).entries) == layer.entries


def test_a_gzip_layer_has_the_digest_of_its_uncompressed_bytes():
    layer = Layer({"a": File(b"hola")})
    assert Layer.from_tar(gzip.compress(layer.tar())).diff_id == layer.diff_id


def test_hard_links_are_written_once_and_weigh_once():
    layer = Layer({"a": File(b"12345", inode=1), "b": File(b"12345", inode=1)})
    archive = tarfile.open(fileobj=io.BytesIO(layer.tar()))
    assert archive.getmember("b").islnk()
    assert layer.size == 5
    assert Layer.from_tar(layer.tar()).links == {1: {"a", "b"}}


HOSTILE = {
    "archive-absolute": tarball(("/etc/passwd", {"content": b"x"})),
    "archive-escape": tarball(("a/../../etc/passwd", {"content": b"x"})),
    "archive-link": tarball(("a", {"type": tarfile.LNKTYPE, "linkname": "b"})),
    "archive-through-link": tarball(("a", {"type": tarfile.SYMTYPE, "linkname": "/etc"}),
                                    ("a/passwd", {"content": b"x"})),
    "archive-device": tarball(("disco", {"type": tarfile.BLKTYPE, "devmajor": 8, "devminor": 0})),
    "archive-truncated": tarball(("a", {"content": b"x" * 2000}))[:1500],
    "archive-malformed": b"no soy un tar".ljust(2048, b"!"),
    "archive-sparse": header("hueco", "S") + END,
    "archive-kind": header("volumen", "V") + END,
    "archive-deep": tarball(("d/" * 300 + "f", {"content": b"x"})),
}


@pytest.mark.parametrize("key", HOSTILE)
def test_a_hostile_layer_is_refused_with_its_reason(key):
    with pytest.raises(ArchiveError) as refused:
        Layer.from_tar(HOSTILE[key])
    assert refused.value.key == key
    assert refused.value.what and refused.value.tip


def test_a_hard_link_that_leads_out_is_refused():
    for target, key in (("/etc/shadow", "archive-absolute"), ("../x", "archive-escape")):
        with pytest.raises(ArchiveError) as refused:
            Layer.from_tar(tarball(("a", {"type": tarfile.LNKTYPE, "linkname": target})))
        assert refused.value.key == key


def test_harmless_devices_are_accepted():
    layer = Layer.from_tar(tarball(("dev/null", {"type": tarfile.CHRTYPE, "devmajor": 1, "devminor": 3})))
    assert (layer.entries["dev/null"].major, layer.entries["dev/null"].minor) == (1, 3)


def test_bombs_by_size_and_by_count_are_refused():
    bomb = gzip.compress(bytes(5_000_000))
    with pytest.raises(ArchiveError) as refused:
        Layer.from_tar(bomb, Limits(size=1_000_000))
    assert refused.value.key == "archive-too-big"
    many = Layer({f"f{number}": File() for number in range(50)}).tar()
    with pytest.raises(ArchiveError) as refused:
        Layer.from_tar(many, Limits(entries=49))
    assert refused.value.key == "archive-too-many"
    huge = Layer({"f": File(declared_size=1 << 50)}).tar()
    with pytest.raises(ArchiveError):
        Layer.from_tar(huge)


@given(st.binary(max_size=1200))
def test_random_bytes_raise_nothing_but_archive_errors(data):
    try:
        list(members(data))
    except ArchiveError:
        pass


@given(layers, st.data())
def test_a_damaged_layer_raises_nothing_but_archive_errors(layer, data):
    raw = bytearray(layer.tar())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        Layer.from_tar(bytes(raw[:data.draw(st.integers(0, len(raw)))]))
    except ArchiveError:
        pass
