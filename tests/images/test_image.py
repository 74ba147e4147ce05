"""Una imagen no cambia: cambiarla es hacer otra. Su nombre es su contenido."""

from __future__ import annotations

import hashlib

from hypothesis import given

from dockerlab.filesystem import File, Layer
from dockerlab.images import Digest, Image, chain_ids
from dockerlab.images.manifest import index, manifest, manifest_digest
from tests.filesystem.strategies import layers

HELLO = Layer({"hola": File(b"hola\n")})


def test_scratch_has_neither_layers_nor_configuration():
    assert (Image.empty().layers, Image.empty().size, Image.empty().config.run_config()) == ((), 0, {})


def test_a_verb_returns_a_new_image():
    base = Image.empty()
    built = base.with_layer(HELLO, "COPY hola / # buildkit").with_config("CMD [\"/hola\"]", cmd=("/hola",))
    assert base.layers == () and built.id != base.id
    assert [(row.entry.created_by, row.size) for row in built.history] == [
        ("COPY hola / # buildkit", 5), ("CMD [\"/hola\"]", 0)]
    assert built.filesystem().read("/hola") == b"hola\n"


def test_the_same_bytes_have_the_same_id_and_one_more_another():
    one = Image.empty().with_layer(HELLO, "x")
    assert one.id == Image.empty().with_layer(Layer({"hola": File(b"hola\n")}), "x").id
    assert one.id != Image.empty().with_layer(Layer({"hola": File(b"hola!\n")}), "x").id
    assert one.id == f"sha256:{hashlib.sha256(one.config.to_json()).hexdigest()}"



def test_ids_are_the_same_on_every_machine():
    assert HELLO.diff_id == "sha256:c6aef30e216e76d951ebddfa98aaeff36afc992ca9831a751b46598e0b0f453d"
    assert Image.empty().with_layer(HELLO, "x").id == (
        "sha256:894c82cc96e86e17cf7ae73b43035409540d9f90702ecaa657f463b003255d42")


def test_chain_ids_follow_the_specification():
    first, second = "sha256:" + "1" * 64, "sha256:" + "2" * 64
    assert chain_ids((first, second)) == (first, str(Digest.of(f"{first} {second}".encode())))


def test_the_manifest_names_every_piece_by_its_bytes():
    image = Image.empty().with_layer(HELLO, "x")
    text = manifest(image)
    assert image.id.encode() in text and HELLO.diff_id.encode() in text
    assert manifest_digest(image) == str(Digest.of(text))
    assert manifest_digest(image).encode() in index([image])


@given(layers)
def test_the_order_of_the_entries_does_not_change_the_digest(layer):
    assert Layer(dict(reversed(layer.entries.items()))).diff_id == layer.diff_id
