"""Los retos, en un Docker de verdad: sus caminos acaban allí como acaban aquí."""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path

import pytest

from dockerlab.course import challenges, practice, roads
from dockerlab.course.challenge import Attempt
from dockerlab.shell_line import substitute
from tests.extras import need

# Lo que el motor de prueba no tiene: red para traer paquetes, cuentas de Docker Hub, y otras imágenes que busybox.
MISSING = ("apk ", "apt-get", "pip install", "npm install", "nginx", "httpd", "debian", "ubuntu", "python", "node",
           "adduser", "pkill", "pull alpine", "golang", "mysql", "postgres", "redis", "wordpress", "alpine:",
           "ssl/certs", "docker login", "registry:")
ALIAS = "alpine"     # busybox hace aquí de alpine: en estos retos solo se usa su shell


def walked(docker, road: str, folder: Path) -> list[tuple[str, bool]]:
    """(orden, ¿salió bien?) de cada paso del camino, en el motor de verdad."""
    def order(line: str) -> tuple[str, bool]:
        ready = substitute(line, lambda inner: order(inner)[0])
        result = docker.run(*shlex.split(ready)[1:], cwd=str(folder))
        return result.stdout.decode(), result.returncode == 0

    done = []
    for kind, text, body in roads.steps(road):
        if kind == "archivo":
            practice.write(folder, text, body)
        else:
            done.append((text, order(text)[1]))
    return done


def clean(docker) -> None:
    """Deja el motor de verdad sin nada de un reto."""
    for listing, remove in ((("ps", "-aq"), ("rm", "-fv")), (("volume", "ls", "-q"), ("volume", "rm", "-f"))):
        if names := docker.run(*listing).stdout.decode().split():
            docker.run(*remove, *names)
    for name in docker.run("images", "--format", "{{.Repository}}:{{.Tag}}").stdout.decode().split():
        if not name.startswith("busybox:"):
            docker.run("rmi", "-f", name)
    docker.run("network", "prune", "-f")


def everything(challenge) -> list[str]:
    """El camino de la solución y los demás; los finales equivocados, también."""
    return [challenge.solution, *challenge.roads, *(end.road for end in challenge.wrong)]


@pytest.mark.long
@pytest.mark.parametrize("challenge", challenges.everything(), ids=lambda one: one.id)
def test_every_road_goes_in_docker_as_it_goes_here(challenge):
    docker = need("docker")
    texts = [*everything(challenge), challenge.start, *(text for _, text in challenge.files)]
    if any(word in text for word in MISSING for text in texts):
        pytest.skip("necesita una imagen o una red que el motor de prueba no tiene")
    docker.run("pull", "-q", "busybox")
    for road in everything(challenge):
        attempt = Attempt(challenge)
        here = [(line, code == 0) for line, _, code in (*attempt.started, *attempt.walk(road).transcript)]
        with tempfile.TemporaryDirectory(dir=docker.work) as home:
            folder = Path(home)
            practice.prepare(folder, challenge.files)
            docker.run("tag", "busybox", ALIAS)
            try:
                there = walked(docker, challenge.start, folder) + walked(docker, road, folder)
            finally:
                clean(docker)
        assert there == here, road
