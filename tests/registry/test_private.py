"""Un registro propio dentro del simulador: es un contenedor, y se enciende, se apaga y se vacía como cualquiera."""

from __future__ import annotations

import json
import shlex

import pytest

from dockerlab.cli import capture
from dockerlab.engine import Engine
from dockerlab.state import load_engine, save_engine

ON = "run -d -q -p 5000:5000 --name registro"
REFUSED = 'Get "http://localhost:5000/v2/": dial tcp 127.0.0.1:5000: connect: connection refused\n'


class Desk:
    """Un motor y la línea de órdenes: `desk("pull alpine")`."""

    def __init__(self, engine: Engine):
        self.engine = engine

    def __call__(self, line: str):
        return capture(self.engine, shlex.split(line), None, environment={})

    def asked(self, path: str, *options: str) -> str:
        """Lo que contesta el registro por HTTP, preguntado desde otro contenedor con la red del anfitrión."""
        words = " ".join(options)
        return self(f"run --rm -q --network host buildpack-deps:curl curl -s {words} http://localhost:5000{path}").out


@pytest.fixture
def desk():
    desk = Desk(Engine())
    desk("pull -q alpine")
    desk("tag alpine localhost:5000/app:1")
    return desk


def test_it_answers_only_while_its_container_runs(desk):
    assert desk("push localhost:5000/app:1").err == REFUSED
    desk(f"{ON} registry:2")
    assert desk("push localhost:5000/app:1").code == 0
    desk("stop registro")
    assert desk("pull localhost:5000/app:1").err == f"Error response from daemon: {REFUSED}"
    desk("start registro")
    assert "Image is up to date" in desk("pull localhost:5000/app:1").out


def test_what_is_pushed_comes_back_with_the_same_digest(desk):
    desk(f"{ON} registry:2")
    digest = desk("push localhost:5000/app:1").out.split("digest: ")[1].split()[0]
    desk("rmi -f alpine localhost:5000/app:1")
    pulled = desk("pull localhost:5000/app:1")
    assert f"Digest: {digest}\n" in pulled.out and "Pull complete" in pulled.out
    assert desk(f"pull localhost:5000/app@{digest}").out.endswith(f"localhost:5000/app@{digest}\n")
    assert desk("run --rm localhost:5000/app:1 cat /etc/alpine-release").out == "3.17.1\n"


def test_its_data_live_in_its_container_unless_a_volume_keeps_them(desk):
    desk(f"{ON} registry:2")
    desk("push localhost:5000/app:1")
    assert "/repositories/app/_manifests/tags/1" in desk("exec registro find /var/lib/registry -type d").out
    desk("rm -f -v registro")
    desk(f"{ON} registry:2")
    assert "manifest unknown" in desk("pull localhost:5000/app:1").err
    desk("rm -f registro")
    for _ in range(2):
        desk(f"{ON} -v almacen:/var/lib/registry registry:2")
        code = desk("pull localhost:5000/app:1").code or desk("push localhost:5000/app:1").code
        desk("push localhost:5000/app:1")
        desk("rm -f registro")
    assert code == 0


def test_it_can_be_asked_over_http(desk):
    desk(f"{ON} registry:2")
    assert json.loads(desk.asked("/v2/_catalog")) == {"repositories": []}
    desk("push localhost:5000/app:1")
    desk("tag alpine localhost:5000/otra/app:2")
    assert "Mounted from app" in desk("push localhost:5000/otra/app:2").out
    assert json.loads(desk.asked("/v2/_catalog")) == {"repositories": ["app", "otra/app"]}
    assert json.loads(desk.asked("/v2/otra/app/tags/list")) == {"name": "otra/app", "tags": ["2"]}
    assert json.loads(desk.asked("/v2/app/manifests/1"))["schemaVersion"] == 2
    assert json.loads(desk.asked("/v2/app/manifests/9"))["errors"][0]["code"] == "MANIFEST_UNKNOWN"
    assert json.loads(desk.asked("/v2/nadie/tags/list"))["errors"][0]["code"] == "NAME_UNKNOWN"


def test_deleting_needs_permission_and_leaves_no_tag(desk):
    desk(f"{ON} registry:2")
    digest = desk("push localhost:5000/app:1").out.split("digest: ")[1].split()[0]
    assert "UNSUPPORTED" in desk.asked(f"/v2/app/manifests/{digest}", "-X DELETE")
    desk("rm -f registro")
    desk(f"{ON} -e REGISTRY_STORAGE_DELETE_ENABLED=true registry:2")
    desk("push localhost:5000/app:1")
    assert desk.asked(f"/v2/app/manifests/{digest}", "-X DELETE -o /dev/null -w %{http_code}") == "202"
    assert json.loads(desk.asked("/v2/app/tags/list"))["tags"] is None
    assert "manifest unknown" in desk("pull localhost:5000/app:1").err


def test_it_throws_away_what_no_manifest_names(desk):
    desk(f"{ON} -e REGISTRY_STORAGE_DELETE_ENABLED=true registry:2")
    desk("push localhost:5000/app:1")
    desk("pull -q busybox")
    desk("tag busybox localhost:5000/app:2")
    digest = desk("push localhost:5000/app:2").out.split("digest: ")[1].split()[0]
    config = "/etc/docker/registry/config.yml"
    assert "6 blobs marked, 0 blobs and 0 manifests" in desk(f"exec registro registry garbage-collect {config}").out
    desk.asked(f"/v2/app/manifests/{digest}", "-X DELETE")
    dry = desk(f"exec registro registry garbage-collect --dry-run {config}").out
    assert "3 blobs marked, 3 blobs and 0 manifests eligible for deletion\n" in dry
    done = desk(f"exec registro registry garbage-collect {config}")
    assert done.out == dry and done.err.count("Deleting blob: /docker/registry/v2/blobs/sha256/") == 3
    assert "3 blobs marked, 0 blobs" in desk(f"exec registro registry garbage-collect {config}").out
    assert desk("pull localhost:5000/app:1").code == 0 and desk("push localhost:5000/app:2").code == 0


def test_it_also_answers_with_the_network_of_the_host(desk):
    desk("run -d -q --network host registry:2")
    assert desk("push localhost:5000/app:1").code == 0


def test_a_build_starts_from_it_while_it_is_on(desk, tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM localhost:5000/app:1\nRUN echo hola > /x\n", encoding="utf-8")
    desk(f"{ON} registry:2")
    desk("push localhost:5000/app:1")
    desk("rmi localhost:5000/app:1")
    assert desk(f"build -t suya {tmp_path}").code == 0 and desk("run --rm suya cat /x").out == "hola\n"
    desk("rm -f registro")
    assert desk(f"build --pull -t suya {tmp_path}").err.endswith(
        'failed to do request: Head "https://localhost:5000/v2/app/manifests/1": dial tcp 127.0.0.1:5000: connect: '
        "connection refused\n")


def test_something_else_on_that_port_is_not_a_registry(desk):
    desk("run -d -q -p 5000:80 nginx")
    assert "error parsing HTTP 404 response body" in desk("push localhost:5000/app:1").err


def test_what_was_pushed_outlives_the_process(desk, tmp_path):
    desk(f"{ON} registry:2")
    desk("login -u ana -p secreto")
    desk("tag alpine ana/app")
    assert (desk("push ana/app").code, desk("push localhost:5000/app:1").code) == (0, 0)
    save_engine(desk.engine, tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"secreto" in path.read_bytes()]
    again = Desk(load_engine(tmp_path))
    again("rmi -f ana/app localhost:5000/app:1 alpine")
    assert again("pull ana/app").code == again("pull localhost:5000/app:1").code == 0
    assert "Layer already exists" in again("push ana/app").out
