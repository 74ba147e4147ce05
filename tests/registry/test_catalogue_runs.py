"""Las imágenes del catálogo, en marcha: su orden de fábrica, sus programas, sus pesos y sus plataformas."""

from __future__ import annotations

import json
import shlex

import pytest

from dockerlab.cli import capture
from dockerlab.containers.process import PROGRAMS
from dockerlab.engine import Engine
from dockerlab.registry.catalogue import Catalogue

CATALOGUE = Catalogue()
ALL = [f"{name}:{tag}" for name in CATALOGUE.names() for tag in sorted(set(CATALOGUE.repository(name).tags.values()))]
SERVERS = ("httpd", "mysql", "nginx", "postgres", "redis", "registry", "wordpress")
SECRETS = "-e POSTGRES_PASSWORD=x -e MYSQL_ROOT_PASSWORD=x"


@pytest.fixture
def docker(tmp_path):
    """`docker("ps")` en un motor nuevo, con el catálogo de fábrica."""
    engine = Engine(folder=str(tmp_path))
    return lambda line: capture(engine, shlex.split(line), None, cwd=str(tmp_path))


@pytest.mark.parametrize("name", ALL)
def test_every_image_runs_its_own_command(docker, name):
    assert docker(f"run -d -q --name uno {SECRETS} {name}").code == 0
    docker("run --rm -q busybox sleep 5")
    state = json.loads(docker("inspect uno").out)[0]["State"]
    expected = ("running", 0) if name.partition(":")[0] in SERVERS else ("exited", 0)
    assert (state["Status"], state["ExitCode"]) == expected, docker("logs uno")


@pytest.mark.parametrize("name, order, words", [
    ("redis", "redis-cli ping", "PONG"), ("redis:alpine", "redis-cli ping", "PONG"),
    ("postgres", 'psql -U postgres -tc "select 40 + 2"', "42"),
    ("nginx:alpine", "curl -s localhost", "Welcome to nginx!"),
    ("postgres:alpine", 'psql -U postgres -tc "select 40 + 2"', "42"), ("httpd", "cat htdocs/index.html", "It works!"),
    ("httpd:alpine", "wget -qO- localhost", "It works!"), ("registry", "wget -qO- localhost:5000/v2/", "{}"),
    ("wordpress", "ls /var/www/html", "wp-content")])
def test_a_server_answers_its_client(docker, name, order, words):
    docker(f"run -d -q --name uno {SECRETS} {name}")
    docker("run --rm -q busybox sleep 5")
    assert words in docker(f"exec uno {order}").out


@pytest.mark.parametrize("line, words", [
    ("python python --version", "Python 3.11.1"), ("python:slim python -c 'print(6 * 7)'", "42"),
    ("python:alpine python3 -c 'print(6 * 7)'", "42"), ("node:slim node -p '6 * 7'", "42"),
    ("node:22 node --version", "v22.23.3"), ("node:22-slim npm --version", "10.9.9"),
    ("node:22-alpine node -p process.versions.node", "22.23.3"), ("node:22-alpine yarn --version", "1.22.22"),
    ("node:22-slim cat /etc/debian_version", "12.15"), ("node:22-alpine cat /etc/alpine-release", "3.24.2"),
    ("golang pwd", "/go"),
    ("ubuntu grep VERSION_CODENAME /etc/os-release", "jammy"), ("ubuntu:20.04 readlink /bin", "usr/bin")])
def test_a_language_does_its_work(docker, line, words):
    assert words in docker(f"run --rm -q {line}").out


@pytest.mark.parametrize("name", ALL)
def test_every_program_that_an_image_names_is_known(name):
    contents = [node.content for layer in CATALOGUE.image(name).layers for node in layer.entries.values()
                if getattr(node, "content", b"").startswith(b"#!dockerlab ")]
    assert {content.split()[1].decode() for content in contents} - set(PROGRAMS) == set()


@pytest.mark.parametrize("name", ["redis", "python:slim", "node:slim", "wordpress"])
def test_images_and_history_show_what_the_catalogue_says(docker, name):
    docker(f"pull -q {name}")
    order = "history --no-trunc --human=false --format '{{.Size}} {{.CreatedBy}}'"
    rows = docker(f"{order} {name}").out.splitlines()
    repository = CATALOGUE.repository(name.partition(":")[0])
    steps = repository.data["tags"][repository.tags[name.partition(":")[2] or "latest"]]["step"]
    told = [f"{step.get('size', 0)} {' '.join(step['by'].split())}" for step in reversed(steps)]
    assert [" ".join(row.split()) for row in rows[:len(told)]] == told
    sizes = [int(row.split()[0]) for row in rows]
    assert sum(sizes) == json.loads(docker(f"inspect {name}").out)[0]["Size"] == CATALOGUE.image(name).size


@pytest.mark.parametrize("name", [name for name in CATALOGUE.names() if name not in ("buildpack-deps", "oraclelinux")])
def test_every_repository_has_a_latest_for_the_two_usual_machines(name):
    assert "latest" in CATALOGUE.tags(name)
    assert {"linux/amd64", "linux/arm64"} <= {one.removesuffix("/v8") for one in CATALOGUE.platforms(name)}


def test_an_image_of_another_machine_warns_and_does_not_run(docker):
    docker("pull -q --platform linux/arm64 alpine")
    assert json.loads(docker("inspect alpine").out)[0]["Architecture"] == "arm64"
    done = docker("run --rm alpine ls")
    assert done.code == 255
    assert done.err.splitlines() == [
        "WARNING: The requested image's platform (linux/arm64/v8) does not match the detected host platform "
        "(linux/amd64/v3) and no specific platform was requested", "exec /bin/ls: exec format error"]


def test_the_platform_that_is_asked_for_does_not_warn_and_is_pulled_again_if_it_was_another(docker):
    assert docker("run --rm -q --platform arm64 alpine ls").err.endswith("exec /bin/ls: exec format error\n")
    assert docker("run --rm -q --platform linux/amd64 alpine echo hola").out == "hola\n"
    assert "WARNING" not in docker("run --rm alpine echo hola").err


def test_a_platform_that_was_not_published_is_refused(docker):
    refused = docker("pull --platform linux/s390x mysql")
    assert refused.code == 1 and "linux/s390x" in refused.err
