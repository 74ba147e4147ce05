"""Cien mil entradas al azar a las referencias y a `load`: solo errores propios, y ninguna se queda colgada."""

from __future__ import annotations

import gzip
import io
import random

import pytest

from dockerlab.errors import ArchiveError, DockerlabError
from dockerlab.filesystem import Directory, File, Layer, Limits, Symlink, Whiteout
from dockerlab.images import Image, Reference
from dockerlab.images.archive import save
from dockerlab.images.load import load

ROUNDS = 100_000
LIMITS = Limits(entries=500, size=1 << 20)


def seeds() -> list[bytes]:
    image = Image.empty().with_layer(Layer({
        "a": File(b"1"), "d": Directory(opaque=True), "l": Symlink("../x"), "w": Whiteout(),
        "ñ": File(b"2", declared_size=9), "h1": File(b"3", inode=1), "h2": File(b"3", inode=1)}), "x")
    out = io.BytesIO()
    save([(image, ["app:1"])], out)
    whole = Layer.from_tar(out.getvalue())
    layout = Layer({path: node for path, node in whole.entries.items() if path != "manifest.json"})
    return [out.getvalue(), layout.tar(), image.layers[0].tar(), gzip.compress(out.getvalue())]


def damaged(chance: random.Random, raw: bytes) -> bytes:
    """`raw` con unos bytes cambiados, y a veces cortado o con un trozo repetido."""
    data = bytearray(raw)
    for _ in range(chance.randint(1, 6)):
        data[chance.randrange(len(data))] = chance.choice((0, 32, 46, 47, 48, 55, 120, 255, chance.randrange(256)))
    kind = chance.random()
    if kind < 0.1:
        del data[chance.randrange(len(data)):]
    elif kind < 0.2:
        at = chance.randrange(0, len(data), 512)
        data[at:at] = data[:chance.randrange(0, 4096, 512)]
    return bytes(data)


@pytest.mark.long
def test_a_hundred_thousand_archives_raise_nothing_but_archive_errors():
    chance, samples, refused = random.Random(2025), seeds(), 0
    for _ in range(ROUNDS):
        try:
            load(damaged(chance, chance.choice(samples)), LIMITS)
        except ArchiveError:
            refused += 1
    assert refused > ROUNDS // 2


@pytest.mark.long
def test_a_hundred_thousand_names_raise_nothing_but_named_errors():
    chance, alphabet = random.Random(2025), "abAB09./:@-_ ñ[]%$sha256:latest\n"
    for _ in range(ROUNDS):
        text = "".join(chance.choices(alphabet, k=chance.randint(0, 90)))
        try:
            Reference.parse(text)
        except DockerlabError as refused:
            assert refused.key in ("bad-reference", "bad-digest")
