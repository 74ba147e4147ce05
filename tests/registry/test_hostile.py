"""Un registro hostil: diga lo que diga, o llega una imagen entera o hay un error del proyecto; nunca otra cosa."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from dockerlab.errors import DockerlabError
from dockerlab.images import Digest
from dockerlab.images.manifest import CONFIG, INDEX, LAYER, MANIFEST
from dockerlab.registry.exchange import LIST, SCHEMA1, fetch

WORDS = st.sampled_from(["", "linux", "amd64", "latest", INDEX, MANIFEST, LIST, SCHEMA1 + "+json", CONFIG, LAYER,
                         str(Digest.of(b"{}")), "sha256:corto", "sha512:0"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 1 << 70) | st.floats(allow_nan=False) | WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        WORDS | st.sampled_from(["schemaVersion", "mediaType", "config", "layers", "manifests", "platform", "os",
                                 "architecture", "variant", "digest", "size", "rootfs", "diff_ids", "history"]),
        inner, max_size=6), max_leaves=12)
BYTES = st.one_of(st.binary(max_size=80), JSON.map(lambda value: json.dumps(value).encode()))


class Liar:
    """Un registro que contesta cualquier cosa."""

    def __init__(self, manifests: list[bytes], blobs: list[bytes], kind: str):
        self.manifests, self.blobs, self.kind = manifests, blobs, kind

    def manifest(self, path: str, reference: str) -> tuple[bytes, str]:
        return (self.manifests.pop(0) if len(self.manifests) > 1 else self.manifests[0]), self.kind

    def blob(self, path: str, digest: str, size: int) -> bytes:
        return self.blobs.pop(0) if len(self.blobs) > 1 else self.blobs[0]


@given(st.lists(BYTES, min_size=1, max_size=3), st.lists(BYTES, min_size=1, max_size=3), WORDS)
@settings(max_examples=300, deadline=None)
def test_whatever_it_says_is_an_image_or_an_error_of_ours(manifests, blobs, kind):
    try:
        found = fetch(Liar(manifests, blobs, kind), "app", "latest", "linux/amd64")
    except DockerlabError as error:
        assert error.what
    else:
        assert found.image.config.diff_ids == tuple(layer.diff_id for layer in found.image.layers)


@given(JSON, JSON)
@settings(max_examples=200, deadline=None)
def test_a_manifest_of_the_right_shape_with_anything_inside(config, layer):
    body = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "layers": [
        {"mediaType": LAYER, "digest": str(Digest.of(b"x")), "size": 1}],
        "config": {"mediaType": CONFIG, "digest": str(Digest.of(b"y")), "size": 1}}).encode()
    try:
        fetch(Liar([body], [json.dumps(config).encode(), json.dumps(layer).encode()], MANIFEST), "app", "latest")
    except DockerlabError as error:
        assert error.what
