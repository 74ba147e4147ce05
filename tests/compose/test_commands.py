"""Las demás órdenes de `docker compose`, con lo que escribió Docker Compose 2.40.3."""

from __future__ import annotations

import json

import pytest

TWO = """
services:
  uno: {image: busybox, command: sh -c 'echo a; sleep 1; echo b; exit 3'}
  servicio-dos: {image: busybox, command: sh -c 'echo c; sleep 2; echo d'}
"""
SLEEPER = ("services: {web: {image: busybox, command: sleep 1000, stop_grace_period: 0s, ports: ['18080:80'], "
           "volumes: ['datos:/d']}}\nvolumes: {datos: {}}\n")


def test_up_in_the_foreground_shows_every_log_with_its_name(desk):
    """Los nombres, alineados; los códigos, al acabar."""
    desk.write(TWO)
    done = desk.compose("up")
    assert done.code == 0
    assert done.out.splitlines()[0] == "Attaching to servicio-dos-1, uno-1"
    assert sorted(done.out.splitlines()[1:]) == sorted([
        "uno-1           | a", "servicio-dos-1  | c", "uno-1           | b", "uno-1 exited with code 3",
        "servicio-dos-1  | d", "servicio-dos-1 exited with code 0"])
    assert desk.compose("up", "--abort-on-container-exit").code == 3
    assert desk.compose("logs", "--tail", "1", "uno").out == "uno-1  | b\n"


def test_colours_only_on_a_screen(desk):
    """En una pantalla, cada contenedor lleva su color; en un archivo, ninguno."""
    from dockerlab.cli import capture
    desk.write(TWO)
    desk.compose("up")
    assert "\x1b[" not in desk.compose("logs").out
    words = ["compose", "logs"]
    assert "\x1b[36m" in capture(desk.engine, words, cwd=str(desk.folder), tty=True).out
    assert "\x1b[" not in capture(desk.engine, [*words, "--no-color"], cwd=str(desk.folder), tty=True).out


def test_an_endless_project_is_interrupted_as_with_ctrl_c(desk):
    """Un servicio que no acaba no deja esperando a nadie."""
    desk.write(SLEEPER)
    done = desk.compose("up")
    assert done.code in (0, 130) and desk.states() == {"tienda-web-1": "exited"}


STEPS = [
    (("create",), 0, "", " Container tienda-web-1  Created\n"),
    (("start",), 0, "", " Container tienda-web-1  Starting\n Container tienda-web-1  Started\n"),
    (("port", "web", "80"), 0, "0.0.0.0:18080\n", ""),
    (("port", "web", "81"), 1, "", "no port 81/tcp for container tienda-web-1: 18080/tcp, 18080/tcp\n"),
    (("pause",), 0, "", " Container tienda-web-1  Paused\n"),
    (("unpause",), 0, "", " Container tienda-web-1  Unpaused\n"),
    (("restart",), 0, "", " Container tienda-web-1  Restarting\n Container tienda-web-1  Started\n"),
    (("exec", "web", "echo", "hola"), 0, "hola\n", ""),
    (("exec", "nada", "ls"), 1, "", 'service "nada" is not running\n'),
    (("cp", "compose.yaml", "web:/tmp"), 0, "",
     " tienda-web-1 copy compose.yaml to tienda-web-1:/tmp Copying\n"
     " tienda-web-1 copy compose.yaml to tienda-web-1:/tmp Copied\n"),
    (("kill",), 0, "", " Container tienda-web-1  Killing\n Container tienda-web-1  Killed\n"),
    (("kill",), 0, "", "no container to kill"),
    (("rm", "-f"), 0, "Going to remove tienda-web-1\n",
     " Container tienda-web-1  Removing\n Container tienda-web-1  Removed\n"),
    (("rm", "-f"), 0, "", "No stopped containers\n"),
    (("start",), 1, "", 'service "web" has no container to start\n'),
    (("stop",), 0, "", ""),
    (("logs", "nada"), 1, "", "no such service: nada\n"),
    (("up", "--nada"), 1, "", "unknown flag: --nada\n"),
    (("exec",), 1, "", "requires at least 2 arg(s), only received 0\n"),
    (("volumes",), 0, "DRIVER    VOLUME NAME\nlocal     tienda_datos\n", ""),
]


def test_each_command_says_what_docker_says(desk):
    """Una tras otra, sobre el mismo proyecto."""
    desk.write(SLEEPER)
    for words, code, out, err in STEPS:
        done = desk.compose(*words)
        shown = done.err if words != ("create",) else "".join(done.err.splitlines(True)[-1:])
        assert (done.code, done.out, shown) == (code, out, err), words


def test_ps_lists_names_services_and_states(desk):
    """La tabla, los números, los servicios y el JSON."""
    desk.write(SLEEPER)
    desk.compose("up", "-d")
    assert desk.compose("ps", "--format", "{{.Name}} {{.Service}} {{.State}}").out == "tienda-web-1 web running\n"
    assert desk.compose("ps", "--services").out == "web\n"
    row = json.loads(desk.compose("ps", "--format", "json").out)
    assert row["Project"] == "tienda" and row["Publishers"][0]["PublishedPort"] == 18080
    assert desk.compose("ls").out.splitlines()[1].split()[:2] == ["tienda", "running(1)"]
    assert desk.compose("top").out.splitlines()[0].split()[:3] == ["SERVICE", "#", "UID"]
    assert desk.compose("images").out.splitlines()[1].split()[:3] == ["tienda-web-1", "busybox", "latest"]


def test_run_makes_one_more_container(desk):
    """Con `--rm` no deja nada; sin él, uno parado que no es de la lista."""
    desk.write(SLEEPER)
    assert desk.compose("run", "--rm", "-e", "A=1", "web", "sh", "-c", "echo $A").out == "1\n"
    assert desk.states() == {}
    assert desk.compose("run", "web", "sh", "-c", "exit 3").code == 3
    assert desk.compose("ps", "-q").out == "" and len(desk.states()) == 1


def test_events_tell_what_happened_to_the_project(desk):
    """Solo los de sus contenedores."""
    desk.write(SLEEPER)
    desk.compose("up", "-d")
    rows = [json.loads(line) for line in desk.compose("events", "--json", "--since", "1h", "--until", "0s")
            .out.splitlines()]
    assert [(row["action"], row["service"]) for row in rows] == [("create", "web"), ("start", "web")]


@pytest.mark.parametrize("place", ["compose.yaml", "docker-compose.yml"])
def test_the_file_is_found_from_a_folder_below(desk, place):
    """Como git: se mira hacia arriba."""
    desk.write(SLEEPER, place)
    (desk.folder / "sub").mkdir()
    from dockerlab.cli import capture
    done = capture(desk.engine, ["compose", "config", "--services"], cwd=str(desk.folder / "sub"))
    assert done.out == "web\n"


def test_without_a_file_the_name_is_enough_to_take_it_down(desk):
    """`docker compose -p nombre down` funciona desde cualquier sitio."""
    desk.write(SLEEPER)
    desk.compose("up", "-d")
    (desk.folder / "compose.yaml").unlink()
    assert desk.compose("ps").err == "no configuration file provided: not found\n"
    assert desk.compose("-p", "tienda", "down").code == 0 and desk.states() == {}


def test_fifty_services_come_up_quickly():
    """Menos de dos segundos de verdad, con margen para un equipo lento."""
    from bench.compose import seconds
    assert seconds() < 2
