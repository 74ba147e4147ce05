"""El catálogo: bien escrito, con los pesos publicados, y con errores que dicen el sitio."""

from __future__ import annotations

import io

import pytest

from dockerlab.clock import EPOCH
from dockerlab.errors import DockerlabError
from dockerlab.filesystem import Layer
from dockerlab.images.archive import save
from dockerlab.images.load import load
from dockerlab.registry.catalogue import Catalogue
from tests.extras import ROOT

CATALOGUE = Catalogue()
ALL = [f"{name}:{tag}" for name in CATALOGUE.names() for tag in sorted(set(CATALOGUE.repository(name).tags.values()))]


@pytest.mark.parametrize("name", ALL)
def test_every_image_is_complete_and_leaves_and_comes_back_the_same(name):
    image = CATALOGUE.image(name)
    out = io.BytesIO()
    save([(image, [name])], out)
    assert load(out.getvalue())[0].image.id == image.id
    assert len(out.getvalue()) < 1_000_000
    assert all(Layer.from_tar(layer.tar()).diff_id == layer.diff_id for layer in image.layers)


@pytest.mark.parametrize("name, size", [
    ("node:14", 915_650_000), ("node:18", 994_930_000), ("node:18-alpine3.16", 170_930_000),
    ("node:22", 1_130_000_000), ("node:22-slim", 227_340_000), ("node:22-alpine", 167_350_000),
    ("alpine:3.24", 8_420_000), ("debian:bookworm", 116_570_000), ("debian:bookworm-slim", 74_830_000),
    ("buildpack-deps:bookworm", 930_030_000),
    ("debian:buster", 114_090_000), ("debian", 124_080_000), ("nginx", 141_789_996), ("mysql", 517_450_000),
    ("busybox", 4_860_000), ("hello-world", 10_072), ("alpine", 7_050_000)])
def test_images_weigh_what_is_published(name, size):
    assert CATALOGUE.image(name).size == size


def test_node_14_has_the_history_and_the_configuration_of_docker_hub():
    image = CATALOGUE.image("node:14")
    rows = [(row.entry.created_by.split()[2:5], row.size) for row in reversed(image.history)]
    assert rows[:3] == [(["#(nop)", "CMD", '["node"]'], 0), (["#(nop)", "ENTRYPOINT", '["docker-entrypoint.sh"]'], 0),
                        (["#(nop)", "COPY", "file:4d192565a7220e135cab6c77fbc1c73211b69f3d9fb37e62857b2c6eb9363d51"],
                         388)]
    assert len(image.layers) == 9
    assert (image.config.entrypoint, image.config.cmd) == (("docker-entrypoint.sh",), ("node",))
    assert image.config.environment["NODE_VERSION"] == "14.21.2"


def test_images_share_the_layers_that_the_real_ones_share():
    node, tools = CATALOGUE.image("node:14"), CATALOGUE.image("buildpack-deps:buster")
    assert node.layers[:5] == tools.layers and tools.layers[:1] == CATALOGUE.image("debian:10").layers
    assert CATALOGUE.image("node:22").layers[:4] == CATALOGUE.image("buildpack-deps:bookworm").layers
    assert CATALOGUE.image("node:22-slim").layers[:1] == CATALOGUE.image("debian:bookworm-slim").layers
    assert CATALOGUE.image("node:22-alpine").layers[:1] == CATALOGUE.image("alpine:3.24").layers
    assert CATALOGUE.image("nginx").layers[0] == CATALOGUE.image("debian:bullseye-slim").layers[0]


@pytest.mark.parametrize("name, paths", [
    ("node:14", ("/bin/sh", "/usr/local/bin/node", "/usr/local/bin/npm", "/usr/bin/git", "/home/node")),
    ("nginx", ("/usr/sbin/nginx", "/usr/share/nginx/html/index.html", "/etc/nginx/conf.d/default.conf",
               "/docker-entrypoint.sh")),
    ("mysql", ("/bin/bash", "/usr/sbin/mysqld", "/usr/local/bin/docker-entrypoint.sh", "/var/lib/mysql")),
    ("alpine", ("/bin/ls", "/sbin/apk", "/etc/alpine-release", "/usr/bin/env")),
    ("busybox", ("/bin/sh", "/usr/bin/env", "/etc/passwd")), ("hello-world", ("/hello",)),
    ("debian", ("/etc/os-release", "/usr/bin/apt-get", "/bin/bash", "/etc/debian_version"))])
def test_the_files_that_people_look_at_are_there(name, paths):
    fs = CATALOGUE.image(name).filesystem()
    assert [path for path in paths if not fs.exists(path)] == []
    assert all(len(fs.read(path)) <= fs.stat(path).size for path in paths if fs.isfile(path))


def test_the_root_looks_as_the_real_one():
    assert CATALOGUE.image("debian").filesystem().listdir("/") == [
        "bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt", "proc", "root", "run", "sbin",
        "srv", "sys", "tmp", "usr", "var"]
    assert CATALOGUE.image("mysql").filesystem().readlink("/bin") == "usr/bin"
    assert CATALOGUE.image("node:22").filesystem().readlink("/lib64") == "usr/lib64"


def test_tags_are_names_of_the_same_image():
    assert CATALOGUE.image("nginx").id == CATALOGUE.image("docker.io/library/nginx:1.23.3").id
    assert CATALOGUE.image("node:fermium").id == CATALOGUE.image("node:14").id
    assert CATALOGUE.image("node:jod-alpine").id == CATALOGUE.image("node:22.23.3-alpine3.24").id


@pytest.mark.parametrize("name", ALL)
def test_no_image_is_newer_than_the_clock(name):
    image = CATALOGUE.image(name)
    assert max(image.config.created, *(row.created for row in image.config.history)) < EPOCH


def test_another_platform_is_another_image_whose_programs_do_not_run_here():
    here, there = CATALOGUE.image("nginx"), CATALOGUE.image("nginx", "linux/arm64")
    assert (here.config.platform, there.config.platform) == ("linux/amd64", "linux/arm64/v8")
    assert here.id != there.id and here.size == there.size
    assert there.filesystem().read("/bin/bash").startswith(b"\x7fELF arm64")
    assert CATALOGUE.image("mysql", "linux/s390x") is None
    assert "linux/riscv64" in CATALOGUE.platforms("hello-world")


@pytest.mark.parametrize("name", ["nada", "node:99", "ghcr.io/library/node:14", "ana/node"])
def test_what_the_catalogue_has_not_is_none(name):
    assert CATALOGUE.image(name) is None


def test_search_finds_by_name_and_by_description():
    assert CATALOGUE.search("debian")[0].name == "debian"
    assert "mysql" in [one.name for one in CATALOGUE.search("database")]


def test_the_recorded_base_images_are_the_ones_of_the_recordings(monkeypatch):
    monkeypatch.setenv("DOCKERLAB_CATALOGUE", str(ROOT / "tests" / "oracle" / "catalogue"))
    recorded = Catalogue()
    busybox = recorded.image("busybox").filesystem()
    applets = (ROOT / "tests" / "oracle" / "images" / "APPLETS").read_text(encoding="utf-8").split()
    assert busybox.listdir("/bin") == sorted(applets)
    assert busybox.listdir("/") == ["bin", "dev", "etc", "home", "root", "tmp", "usr", "var"]
    assert recorded.image("busybox").size == 2_063_544 and recorded.image("hello-world").size == 8_688
    assert recorded.image("busybox:1.36").layers[0] == recorded.image("busybox").layers[0]
    assert recorded.image("nginx") is None


GOOD = """name = "x"
description = "d"
source = "s"
date = "2025-01-01"
[tags.latest]
created = "2025-01-01T00:00:00Z"
[[tags.latest.step]]
by = "b"
size = 3
files = { a = "123" }
"""


@pytest.mark.parametrize("old, new, words", [
    ('name = "x"', "name = 3", ["x.toml.name", "un texto"]), ('name = "x"', 'name = "y"', ["x.toml.name"]),
    ("size = 3", 'size = "3"', ["x.toml.tags.latest.step.1.size", "un número entero"]),
    ("size = 3", "size = 2", ["x.toml.tags.latest.step.1.size", "menos archivos"]),
    ("size = 3", "size = 9", ["x.toml.tags.latest.step.1.size", "rest"]),
    ("by =", "bye =", ["x.toml.tags.latest.step.1.bye", "una de estas claves"]),
    ('created = "2025', 'created = "ayer 2025', ["x.toml.tags.latest.created", "una hora como"]),
    ("[tags.latest]", '[tags.latest]\nfrom = "nada"', ["from", "una imagen del catálogo"]),
    ("[tags.latest]", '[tags.latest]\naliases = ["latest"]', ["etiquetas distintas"]),
    ("size = 3", 'size = 3\nuse = ["nada"]', ["use", "un nombre de [content]"]),
    ('description = "d"\n', "", ["x.toml.description", "esta clave"]), ('name = "x"', "name = ", ["TOML"])])
def test_a_mistake_is_told_with_its_place(tmp_path, old, new, words):
    (tmp_path / "x.toml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DockerlabError) as refused:
        Catalogue(tmp_path).image("x")
    assert refused.value.key == "bad-catalogue"
    assert all(word in refused.value.what for word in words), refused.value.what


def test_the_smallest_catalogue_works(tmp_path):
    (tmp_path / "x.toml").write_text(GOOD, encoding="utf-8")
    assert Catalogue(tmp_path).image("x").filesystem().read("/a") == b"123"
