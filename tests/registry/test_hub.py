"""Docker Hub en miniatura: listas de manifiestos, plataformas, etiquetas que se mueven, límites y sesiones."""

from __future__ import annotations

import base64
import json
import shlex

import pytest

from dockerlab.cli import capture
from dockerlab.engine import Engine
from dockerlab.images import Digest
from dockerlab.registry.catalogue import Catalogue

CATALOGUE = Catalogue()


@pytest.fixture
def docker():
    engine = Engine()
    return lambda line, stdin=None, **more: capture(engine, shlex.split(line), stdin, environment={}, **more)


def digest_of(done) -> str:
    return done.out.split("Digest: ")[1].split()[0]


def test_a_manifest_list_names_every_platform_and_its_digest_is_the_one_that_pull_shows(docker):
    shown = docker("manifest inspect nginx").out
    found = json.loads(shown)
    assert shown.startswith('{\n   "schemaVersion": 2,\n') and list(found["manifests"][0]) == [
        "mediaType", "size", "digest", "platform"]
    names = ["/".join(one["platform"].values()) for one in found["manifests"]]
    assert names[0] == "amd64/linux" and len(names) == len(CATALOGUE.platforms("nginx"))
    assert {"architecture": "arm64", "os": "linux", "variant": "v8"} in [one["platform"] for one in found["manifests"]]
    assert digest_of(docker("pull nginx")) == digest_of(docker("pull --platform linux/arm64 nginx"))
    assert digest_of(docker("pull nginx@" + digest_of(docker("pull nginx")))) == digest_of(docker("pull nginx"))


def test_every_entry_of_the_list_can_be_looked_at_and_pulled_by_its_digest(docker):
    about = json.loads(docker("manifest inspect -v alpine").out)
    for one in about:
        raw = base64.b64decode(one["Raw"])
        assert str(Digest.of(raw)) == one["Descriptor"]["digest"] and json.loads(raw) == one["OCIManifest"]
        assert one["Ref"].endswith(one["Descriptor"]["digest"])
    arm = next(one for one in about if one["Descriptor"]["platform"]["architecture"] == "arm64")
    assert docker(f"pull alpine@{arm['Descriptor']['digest']}").code == 0
    assert json.loads(docker(f"inspect alpine@{arm['Descriptor']['digest']}").out)[0]["Architecture"] == "arm64"


@pytest.mark.parametrize("name, err", [
    ("noexiste", "errors:\ndenied: requested access to the resource is denied\nunauthorized\n\n"),
    ("alpine:99", "no such manifest: docker.io/library/alpine:99\n"),
    ("localhost:5000/app", "no such manifest: localhost:5000/app:latest\n")])
def test_what_has_no_manifest_is_told_as_docker_tells_it(docker, name, err):
    done = docker(f"manifest inspect {name}")
    assert (done.code, done.out, done.err) == (1, "", err)


def test_a_platform_that_is_not_in_the_list_is_refused_after_starting(docker):
    done = docker("pull --platform linux/s390x mysql:8")
    assert (done.code, done.out) == (1, "8: Pulling from library/mysql\n")
    assert done.err == "no matching manifest for linux/s390x in the manifest list entries\n"


def test_an_image_for_one_platform_is_pulled_anyway_with_a_warning(docker):
    docker("run -d -q -p 5000:5000 registry:2")
    docker("pull -q alpine")
    docker("tag alpine localhost:5000/app:1")
    docker("push localhost:5000/app:1")
    done = docker("pull --platform linux/arm64 localhost:5000/app:1")
    assert done.code == 0 and done.out.endswith(
        "WARNING: image with reference localhost:5000/app:1 was found but its platform (linux/amd64) does not match "
        "the specified platform (linux/arm64)\nlocalhost:5000/app:1\n")


def test_a_tag_moves_between_two_pulls_and_a_digest_does_not(docker, tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM alpine\nRUN echo dos > /version\n", encoding="utf-8")
    docker("login -u ana -p x")
    docker("pull -q alpine")
    docker("tag alpine ana/app")
    docker("push ana/app")
    first = digest_of(docker("pull ana/app"))
    docker(f"build -q -t ana/app {tmp_path}")
    docker("push ana/app")
    docker("rmi ana/app")
    moved = docker("pull ana/app")
    assert digest_of(moved) != first and "Status: Downloaded newer image for ana/app:latest" in moved.out
    assert digest_of(docker(f"pull ana/app@{first}")) == first
    assert docker("run --rm ana/app cat /version").out == "dos\n"
    assert docker(f"run --rm ana/app@{first} cat /version").code == 1


def test_the_pull_limit_is_for_those_who_have_not_logged_in(docker, monkeypatch):
    monkeypatch.setenv("DOCKERLAB_PULL_LIMIT", "2")
    said = []
    assert [docker(f"pull -q {name}").code for name in ("alpine", "busybox", "alpine")] == [0, 0, 0]
    refused = docker("pull hello-world", explaining=said.append)
    assert refused.code == 1 and refused.err == (
        "Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit. "
        "https://www.docker.com/increase-rate-limit\n")
    assert "seis horas" in said[0].what and "dirección de red" in said[0].why
    docker("run --rm alpine sleep 21600")
    assert docker("pull -q hello-world").code == 0
    docker("pull -q redis:alpine")
    assert docker("pull -q nginx:alpine").code == 1
    docker("login -u ana -p x")
    assert docker("pull -q nginx:alpine").code == 0


def test_all_the_tags_of_a_repository(docker):
    done = docker("pull -a hello-world")
    assert done.out.count("Digest: ") == 2 and done.out.endswith(
        "Status: Downloaded newer image for hello-world\ndocker.io/library/hello-world\n")
    docker("run -d -q -p 5000:5000 registry:2")
    assert docker("pull -a localhost:5000/nada").err == (
        "Error response from daemon: repository localhost:5000/nada not found: name unknown: repository name not known "
        "to registry\n")


def test_pushing_all_the_tags(docker):
    docker("run -d -q -p 5000:5000 registry:2")
    docker("pull -q alpine")
    for tag in ("1", "2"):
        docker(f"tag alpine localhost:5000/app:{tag}")
    done = docker("push -a localhost:5000/app")
    assert done.code == 0 and [line.split(":")[0] for line in done.out.splitlines() if "digest" in line] == ["1", "2"]
    assert docker("push -a localhost:5000/nada").err == (
        "An image does not exist locally with the tag: localhost:5000/nada\n")
