"""Sacar y traer imágenes: lo que se guarda lo aceptan los demás, y lo ajeno entra entero o no entra."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import re
import subprocess
import sys
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockerlab.errors import ArchiveError
from dockerlab.filesystem import Directory, File, Layer, Limits, Overlay, Symlink
from dockerlab.images import Digest, Image
from dockerlab.images.archive import export, save
from dockerlab.images.init_layer import init_layer
from dockerlab.images.load import import_image, load
from dockerlab.images.manifest import CONFIG, LAYER, MANIFEST, descriptor
from tests.extras import need

IMAGE = (Image.empty()
         .with_layer(Layer({"etc": Directory(), "etc/a": File(b"a" * 600), "grande": File(b"g", declared_size=10**9)}),
                     "ADD file in /")
         .with_layer(Layer({"b": Symlink("etc/a"), "d": File(b"x", inode=1), "e": File(b"x", inode=1)}),
                     "COPY b / # buildkit", comment="buildkit.dockerfile.v0")
         .with_config('CMD ["/a"]', cmd=("/a",), env=("A=1",)))


def saved(*images) -> bytes:
    out = io.BytesIO()
    save(images, out)
    return out.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    archive = tarfile.open(fileobj=io.BytesIO(data))
    return {member.name: archive.extractfile(member).read() for member in archive if member.isfile()}


def tar(files: dict[str, bytes]) -> bytes:
    return Layer({name: File(content) for name, content in files.items()}).tar()


def refusal(data: bytes, limits: Limits = Limits()) -> str:
    with pytest.raises(ArchiveError) as refused:
        load(data, limits)
    assert refused.value.what and refused.value.tip
    return refused.value.key


def test_an_archive_is_both_of_docker_and_of_oci():
    files = parts(saved((IMAGE, ["app:1", "app:2"])))
    assert {"oci-layout", "index.json", "manifest.json", "repositories"} < set(files)
    entry, = json.loads(files["manifest.json"])
    assert (entry["RepoTags"], entry["Config"]) == (["app:1", "app:2"], f"blobs/sha256/{IMAGE.id[7:]}")
    assert all(str(Digest.of(content)) == f"sha256:{name[13:]}"
               for name, content in files.items() if name.startswith("blobs/"))
    assert [one["annotations"]["io.containerd.image.name"] for one in json.loads(files["index.json"])["manifests"]] == [
        "docker.io/library/app:1", "docker.io/library/app:2"]


def test_saved_by_id_an_image_carries_no_name():
    files = parts(saved((IMAGE, [])))
    assert json.loads(files["manifest.json"])[0]["RepoTags"] is None
    assert "repositories" not in files


def test_what_is_saved_comes_back_the_same_with_its_id_and_its_tags():
    loaded, = load(saved((IMAGE, ["app:1", "otra/app"])))
    assert (loaded.image.id, loaded.image.layers) == (IMAGE.id, IMAGE.layers)
    assert [ref.familiar for ref in loaded.references] == ["app:1", "otra/app:latest"]
    assert loaded.image.size == IMAGE.size == 600 + 10**9 + 1
    assert saved((loaded.image, loaded.references)) == saved((IMAGE, ["app:1", "otra/app"]))


def test_a_layer_shared_by_two_images_travels_once():
    other = Image(IMAGE.config.replace(user="u"), IMAGE.layers)
    names = [member.name for member in tarfile.open(fileobj=io.BytesIO(saved((IMAGE, ["a"]), (other, ["b"]))))]
    assert len(names) == len(set(names))
    first, second = load(saved((IMAGE, ["a"]), (other, ["b"])))
    assert first.image.layers[0] is second.image.layers[0]


def zstd(data: bytes) -> bytes:
    """Comprimido como lo comprimen skopeo y buildah con `--compression-format zstd`, en dos trozos."""
    import zstandard
    half = len(data) // 2
    return zstandard.compress(data[:half]) + zstandard.compress(data[half:])


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd])
def test_every_compression_that_docker_reads_is_read(pack):
    assert load(pack(saved((IMAGE, ["app"]))))[0].image.id == IMAGE.id
    assert import_image(pack(IMAGE.layers[0].tar()), cmd=("x",)).layers[0] == IMAGE.layers[0]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd])
def test_a_compressed_bomb_or_a_broken_one_is_refused(pack):
    bomb = pack(saved((IMAGE, ["app"])) + bytes(10**6))
    with pytest.raises(ArchiveError, match="demasiado|too|limit|10"):
        load(bomb, Limits(size=10**5))
    whole = pack(saved((IMAGE, ["app"])))
    for cut in (7, len(whole) // 2, len(whole) - 3):
        with pytest.raises(ArchiveError):
            load(whole[:cut])
    with pytest.raises(ArchiveError):
        load(whole[:20] + bytes(b ^ 0x5A for b in whole[20:]))


def test_without_a_library_for_it_the_way_out_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "zstandard", None)
    monkeypatch.setitem(sys.modules, "compression.zstd", None)
    with pytest.raises(ArchiveError, match="unsupported compression: zstd") as refused:
        load(b"\x28\xb5\x2f\xfd" + bytes(20))
    assert "pip install zstandard" in refused.value.tip and "skopeo" in refused.value.tip


def test_a_compressed_archive_and_compressed_layers_are_read():
    assert load(gzip.compress(saved((IMAGE, ["app"]))))[0].image.id == IMAGE.id
    layers = [gzip.compress(layer.tar()) for layer in IMAGE.layers]
    config = IMAGE.config.to_json()
    manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": descriptor(CONFIG, config),
                           "layers": [descriptor(LAYER + "+gzip", one) for one in layers]}).encode()
    index = json.dumps({"manifests": [{**descriptor(MANIFEST, manifest), "annotations": {
        "org.opencontainers.image.ref.name": "app:7"}}]}).encode()
    loaded, = load(tar({"oci-layout": b"{}", "index.json": index, **{
        f"blobs/sha256/{Digest.of(one).hex}": one for one in (*layers, config, manifest)}}))
    assert (loaded.image.id, [ref.familiar for ref in loaded.references]) == (IMAGE.id, ["app:7"])


def test_the_layout_of_an_old_docker_save_is_read():
    files = {"c.json": IMAGE.config.to_json(), "uno/layer.tar": IMAGE.layers[0].tar(),
             "manifest.json": json.dumps([{"Config": "c.json", "RepoTags": ["viejo:1"],
                                           "Layers": ["uno/layer.tar", "dos/layer.tar"]}]).encode()}
    real = Layer({**{name: File(content) for name, content in files.items()},
                  "tres/layer.tar": File(IMAGE.layers[1].tar()), "dos/layer.tar": Symlink("../tres/layer.tar")})
    assert load(real.tar())[0].image.id == IMAGE.id


def test_import_makes_one_layer_without_command():
    image = import_image(IMAGE.layers[0].tar())
    assert (len(image.layers), image.config.cmd, image.history[0].entry.comment) == (1, (), "Imported from -")
    assert import_image(gzip.compress(IMAGE.layers[0].tar()), cmd=("x",)).config.cmd == ("x",)


def test_export_flattens_what_is_seen_with_what_docker_prepared():
    overlay = Overlay((*IMAGE.layers, init_layer(IMAGE.overlay(), 0)))
    overlay.remove("etc/a")
    overlay.put("nuevo", File(b"n"))
    out = io.BytesIO()
    export(overlay, out)
    names = tarfile.open(fileobj=io.BytesIO(out.getvalue())).getnames()
    assert {"nuevo", "grande", ".dockerenv", "etc/hosts", "proc", "dev/console"} <= set(names)
    assert "etc/a" not in names and "etc/.wh.a" not in names
    assert import_image(out.getvalue()).filesystem().stat("/d").nlink == 2


def changed(name: str, content: bytes) -> bytes:
    files = parts(saved((IMAGE, ["app"])))
    files[name] = content
    return tar(files)


def without(name: str) -> bytes:
    files = parts(saved((IMAGE, ["app"])))
    del files[name]
    return tar(files)


LAYER_BLOB = f"blobs/sha256/{IMAGE.layers[0].diff_id[7:]}"
CONFIG_BLOB = f"blobs/sha256/{IMAGE.id[7:]}"
HOSTILE = {
    "empty": (b"", "archive-not-image"),
    "not a tar": (b"hola" * 300, "archive-malformed"),
    "a plain tree": (IMAGE.layers[0].tar(), "archive-not-image"),
    "truncated": (saved((IMAGE, ["app"]))[:5000], "archive-truncated"),
    "layer changed": (changed(LAYER_BLOB, Layer({"x": File(b"malo")}).tar()), "archive-digest"),
    "configuration changed": (changed(CONFIG_BLOB, IMAGE.config.replace(user="root").to_json()), "archive-digest"),
    "layer missing": (without(LAYER_BLOB), "archive-missing"),
    "configuration missing": (without(CONFIG_BLOB), "archive-missing"),
    "manifest is no list": (changed("manifest.json", b"{}"), "archive-json"),
    "manifest is no JSON": (changed("manifest.json", b"\x00"), "archive-json"),
    "too few layers": (changed("manifest.json", json.dumps(
        [{"Config": CONFIG_BLOB, "Layers": [LAYER_BLOB]}]).encode()), "archive-layers"),
    "bad tag": (changed("manifest.json", json.dumps([{
        "Config": CONFIG_BLOB, "RepoTags": ["MAL"], "Layers": []}]).encode()), "archive-layers"),
    "path out": (changed("manifest.json", b'[{"Config":"../../etc/passwd","Layers":[]}]'), "archive-escape"),
    "absolute path": (changed("manifest.json", b'[{"Config":"/etc/passwd","Layers":[]}]'), "archive-absolute"),
    "link out": (Layer({"manifest.json": Symlink("../../etc/passwd")}).tar(), "archive-escape"),
    "absolute link": (Layer({"manifest.json": Symlink("/etc/passwd")}).tar(), "archive-absolute"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_archive_is_refused_with_its_reason(case):
    data, key = HOSTILE[case]
    assert refusal(data) == key


def test_what_export_wrote_is_not_an_image_whatever_its_links_say():
    """Docker busca el `json` de las imágenes muy antiguas en la primera carpeta, y no está."""
    tree = Layer({"bin": Directory(), "bin/sh": Symlink("/bin/busybox"), "etc": Directory()})
    with pytest.raises(ArchiveError) as error:
        load(tree.tar())
    assert error.value.key == "archive-not-image"
    assert re.fullmatch(r"open /var/lib/docker/tmp/docker-import-\d{10}/bin/json: no such file or directory",
                        str(error.value))


def test_bombs_are_refused_by_the_sum_of_their_layers():
    data = saved((IMAGE, ["app"]))
    assert refusal(data, Limits(size=len(data) - 1)) == "archive-too-big"
    assert refusal(data, Limits(entries=3)) == "archive-too-many"
    bomb = Layer({"ceros": File(bytes(4_000_000))})
    image = Image.empty().with_layer(bomb, "x")
    small = gzip.compress(bomb.tar())
    files = {"c.json": image.config.to_json(), "l": small, "manifest.json": b'[{"Config":"c.json","Layers":["l"]}]'}
    assert len(tar(files)) < 20_000
    assert refusal(tar(files), Limits(size=1_000_000)) == "archive-too-big"


def test_wrong_sizes_in_a_layout_are_refused():
    files = parts(saved((IMAGE, ["app"])))
    del files["manifest.json"]
    index = json.loads(files["index.json"])
    index["manifests"][0]["size"] += 1
    files["index.json"] = json.dumps(index).encode()
    assert refusal(tar(files)) == "archive-size"


@given(st.data())
def test_a_damaged_archive_raises_nothing_but_archive_errors(data):
    raw = bytearray(saved((IMAGE, ["app"])))
    for _ in range(data.draw(st.integers(1, 5))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        load(bytes(raw))
    except ArchiveError:
        pass


@pytest.mark.parametrize("option", ["--layout", "--docker-archive"])
def test_the_outside_checker_accepts_what_save_writes(tmp_path, option):
    checker = need("vectors") / "oci.py"
    pytest.importorskip("jsonschema")
    (tmp_path / "i.tar").write_bytes(saved((IMAGE, ["app:1", "app:2"])))
    import sys
    done = subprocess.run([sys.executable, str(checker), option, str(tmp_path / "i.tar")],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "0 failed" in done.stdout, done.stdout


def test_skopeo_reads_and_rewrites_it_and_it_comes_back(tmp_path):
    skopeo = need("skopeo")
    (tmp_path / "i.tar").write_bytes(saved((IMAGE, ["app:1"])))
    source = f"docker-archive:{tmp_path}/i.tar:app:1"
    told = subprocess.run([skopeo, "inspect", "--config", source], capture_output=True, check=True).stdout
    assert json.loads(told)["config"]["Cmd"] == ["/a"]
    for target in (f"docker-archive:{tmp_path}/d.tar:app:2", f"oci-archive:{tmp_path}/o.tar:app:3"):
        subprocess.run([skopeo, "copy", "-q", source, target], check=True)
    again = load((tmp_path / "d.tar").read_bytes())[0]
    assert (again.image.id, [ref.familiar for ref in again.references]) == (IMAGE.id, ["app:2"])
    compressed = load((tmp_path / "o.tar").read_bytes())[0]
    assert compressed.image.layers == IMAGE.layers
    assert [ref.familiar for ref in compressed.references] == ["app:3"]


def test_umoci_unpacks_it(tmp_path):
    umoci = need("umoci")
    tarfile.open(fileobj=io.BytesIO(saved((IMAGE, ["app:1"])))).extractall(tmp_path / "l", filter="data")
    subprocess.run([umoci, "unpack", "--rootless", "--image", f"{tmp_path}/l:1", str(tmp_path / "b")],
                   check=True, capture_output=True)
    assert (tmp_path / "b" / "rootfs" / "etc" / "a").read_bytes() == b"a" * 600


def test_the_real_engine_loads_it_runs_it_and_keeps_its_id(tmp_path):
    oracle = need("docker")
    base = oracle.run("save", "busybox").stdout
    busybox = load(base)[0].image
    image = busybox.with_layer(Layer({"saludo": File(b"hola\n")}), "COPY saludo / # buildkit").with_config(
        'CMD ["cat" "/saludo"]', cmd=("cat", "/saludo"))
    assert oracle.run("load", stdin=saved((image, ["fs-sale:1"]))).stdout == b"Loaded image: fs-sale:1\n"
    try:
        assert oracle.run("images", "-q", "--no-trunc", "fs-sale").stdout.decode().strip() == image.id
        assert oracle.run("run", "--rm", "fs-sale:1").stdout == b"hola\n"
        assert load(oracle.run("save", "fs-sale:1").stdout)[0].image.id == image.id
    finally:
        oracle.run("rmi", "-f", "fs-sale:1")
