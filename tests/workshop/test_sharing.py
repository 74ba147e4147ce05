"""Un taller en una línea de texto y en un guion de shell."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockerlab.cli import capture
from dockerlab.course import challenges, rooms
from dockerlab.engine import Engine
from dockerlab.errors import DockerlabError
from dockerlab.workshop import sharing
from dockerlab.workshop.desk import Desk
from dockerlab.workshop.steps import Step, from_data, to_data
from tests.extras import need

from .conftest import Session

WORK = """\
docker run -d --name web -p 8080:80 nginx
cat > Dockerfile <<EOF
FROM node:14
COPY . /app
RUN echo hola > /nota
EOF
docker build -t mi .
docker run -it --name charla alpine sh
echo dentro > /x
exit
docker volume create datos
docker stop nadie"""


@pytest.fixture
def again(tmp_path_factory):
    """Abre un texto en otra carpeta y con otro motor."""
    made = []

    def run(text):
        folder = tmp_path_factory.mktemp("otro")
        bench = Session(Engine(folder=str(folder)), Desk(folder))
        sharing.open_text(bench, text)
        made.append(bench)
        return bench

    yield run
    for bench in made:
        bench.close()


def test_the_text_is_short_and_rebuilds_the_same_state_elsewhere(bench, again):
    bench.does(WORK)
    bench.save("app/config.json", '{"puerto": 80}\n')
    bench.does("docker exec web sh -c 'echo cambiado > /etc/motd'")
    text = sharing.text_of(bench)
    assert len(text) < 500 and text.startswith("dockerlab1:")
    other = again(text)
    assert other.desk.photo() == bench.desk.photo()
    assert other.engine.view() == bench.engine.view()
    for order in ("docker ps -a --no-trunc", "docker images --no-trunc", "docker logs web", "docker diff web"):
        assert other.does(order) == bench.does(order)


def test_undone_steps_do_not_travel(bench, again):
    bench.does("docker create --name web nginx\ndocker create --name mal nginx")
    bench.undo()
    assert "mal" not in sharing.script_of(bench)
    assert again(sharing.text_of(bench)).states() == {"web": "created"}


def test_what_other_cells_did_travels_as_a_state(bench, again):
    bench.does("docker create --name web nginx")
    (bench.desk.root / "Dockerfile").write_text("FROM alpine\nRUN echo hola > /nota\n")
    capture(bench.engine, ["build", "-t", "mi", str(bench.desk.root)])
    capture(bench.engine, ["run", "-d", "--name", "otro", "mi", "sleep", "1000"])
    bench.does("docker stop -t 0 otro")
    other = again(sharing.text_of(bench))
    assert other.engine.view() == bench.engine.view() and other.desk.photo() == bench.desk.photo()
    for order in ("docker start otro", "docker exec otro cat /nota", "docker build -t mi .", "docker ps -a"):
        assert other.does(order) == bench.does(order)
    assert "aquí no están" in sharing.script_of(bench)


def test_opening_a_text_can_be_undone_and_keeps_the_files_of_others(bench, again):
    bench.does("docker create --name web nginx\necho uno > a.txt")
    text = sharing.text_of(bench)
    other = again(sharing.text_of(bench))
    other.does("docker rm web")
    (other.desk.root / "mio.txt").write_text("mío")
    sharing.open_text(other, text)
    assert other.states() == {"web": "created"} and other.desk.text("mio.txt") == "mío"


def test_a_challenge_travels_with_its_name(tmp_path):
    one = rooms.of(challenges.find("05-nombre-ocupado"))
    one.bench.type("docker start catalogo")
    text = one.share()
    assert len(text) < 200
    other = rooms.opened(text)
    assert other.given.id == "05-nombre-ocupado" and other.task["state"] == "correcto"
    assert other.bench.engine.view() == one.bench.engine.view()
    with pytest.raises(DockerlabError) as caught:
        sharing.open_text(Session(Engine(folder=str(tmp_path)), Desk(tmp_path)), text)
    assert 'reto("05-nombre-ocupado")' in caught.value.tip
    one.close()
    other.close()


def test_a_conversation_in_the_middle_travels_too(bench, again):
    bench.does("docker run -it --name charla alpine sh\necho hola > /x")
    other = again(sharing.text_of(bench))
    assert other.asking and other.states() == {"charla": "running"}
    assert other.does("cat /x").startswith("hola")
    other.leave()


def test_spaces_and_line_breaks_do_not_matter(bench, again):
    bench.does("docker create --name web nginx")
    text = sharing.text_of(bench)
    assert again("  " + "\n".join(text[i:i + 20] for i in range(0, len(text), 20)) + '"').states() == {"web": "created"}


@pytest.mark.parametrize("text, key", [
    ("", "share-foreign"), ("hola", "share-foreign"), ("dockerlab1:", "share-damaged"),
    ("dockerlab1:abc", "share-damaged"), ("dockerlab1:abc:12345678", "share-damaged"),
    ("dockerlab1:abc:" + sharing.checksum("abc"), "share-damaged"),
])
def test_a_text_that_is_not_one_says_why_in_spanish(text, key):
    with pytest.raises(DockerlabError) as caught:
        sharing.read(text)
    assert caught.value.key == key and caught.value.what and caught.value.tip


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_damaged_letter_is_noticed(data):
    text = "dockerlab1:eNqLVspXslIyVIoFABAnAr8:" + sharing.checksum("eNqLVspXslIyVIoFABAnAr8")
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("abcXYZ019-_:"))
    damaged = text[:at] + letter + text[at + 1:]
    if damaged != text:
        with pytest.raises(DockerlabError):
            sharing.read(damaged)


@given(st.lists(st.one_of(
    st.builds(lambda text, typed, ended: Step("order", text, typed=tuple(typed), ended=ended),
              st.text(min_size=1), st.lists(st.text()), st.booleans()),
    st.builds(lambda name, body: Step("save", name, body), st.text(), st.text()),
    st.builds(lambda name: Step("delete", name), st.text()))))
def test_steps_survive_the_journey(steps):
    assert from_data(to_data(steps)) == steps


def test_the_script_is_a_shell_script_that_writes_the_same_files(bench, tmp_path):
    bench.does(WORK)
    bench.save("web/dentro/config.txt", "línea uno\nFIN\n")
    bench.does("mkdir vacia\nrm Dockerfile\nclear\ndocker start -ai charla\nexit")
    script = sharing.script_of(bench)
    assert "docker run -d --name web -p 8080:80 nginx\n" in script
    assert "docker run -i --name charla alpine sh <<'FIN'\necho dentro > /x\nexit\nFIN\n" in script
    assert "código 1)\ndocker stop nadie" in script and "clear" not in script
    place, orders = tmp_path / "real", tmp_path / "ordenes"
    (place / "bin").mkdir(parents=True)
    fake = place / "bin" / "docker"
    fake.write_text(f'#!/bin/sh\necho "$@" >> {orders}\n')
    fake.chmod(0o755)
    done = subprocess.run(["sh", "-eu"], input=script, text=True, capture_output=True, cwd=place, check=False,
                          env={"PATH": f"{place}/bin:/usr/bin:/bin"})
    assert done.returncode == 0, done.stderr
    assert (place / "web/dentro/config.txt").read_text() == "línea uno\nFIN\n" and (place / "vacia").is_dir()
    assert not (place / "Dockerfile").exists()
    assert [line.split()[0] for line in orders.read_text().splitlines()] == [
        "run", "build", "run", "volume", "stop", "start"]


def test_the_script_writes_the_same_bytes_in_any_shell(bench, tmp_path):
    bench.does(r"""echo -e "FROM alpine\nRUN echo hola" > Dockerfile
echo 'C:\nuevo' > ruta.txt
echo -n "sin final" > nada.txt
echo "$HOME no" > casa.txt
echo -e "uno\ndos" | wc -l""")
    assert 'echo -e "uno\\ndos" | wc -l\n' in sharing.script_of(bench)
    bench.save("panel.txt", "línea ñ\nsin final")
    bench.save("vacio.txt", "")
    place = tmp_path / "otra"
    place.mkdir()
    subprocess.run(["sh", "-eu"], input=sharing.script_of(bench), text=True, cwd=place, check=True)
    for name in ("Dockerfile", "ruta.txt", "nada.txt", "panel.txt", "vacio.txt"):
        assert (place / name).read_bytes() == (bench.desk.root / name).read_bytes(), name


SESSION = r"""mkdir app
cat > app/Dockerfile <<EOF
FROM busybox
COPY . /app
CMD ["cat", "/app/dato.txt"]
EOF
echo -e 'a "b"\n$HOME' > app/dato.txt
cd app
docker build -q -t mi:1 .
cd ..
docker tag mi:1 mi:2
docker network create red
docker run -d --name web --network red -v datos:/d -e 'A=x y' busybox sleep 1000
docker exec web sh -c 'echo $A > /d/f'
docker run -it --name charla busybox sh
echo hola > /x
exit 3
docker run --name uno mi:1
docker stop -t 0 web
docker start web
docker pause web
docker run -d --name otro busybox sleep 500 && docker stop -t 0 otro
docker rmi mi:2
docker rm nadie"""
LOOK = {
    ("ps", "-a", "--format", "{{.Names}} {{.Image}} {{.State}} {{.Networks}}"): ("web", "charla", "uno", "otro"),
    ("volume", "ls", "-q"): ("datos",),
    ("images", "--format", "{{.Repository}}:{{.Tag}}"): ("mi:1", "mi:2"),
    ("network", "ls", "--format", "{{.Name}} {{.Driver}}"): ("red",),
    ("inspect", "-f", "{{.Name}} {{.State.ExitCode}}", "uno", "charla", "otro"): (),
    ("logs", "uno"): (),
    ("diff", "charla"): (),
}
"""Qué se mira después y, de lo que salga, lo que es de esta sesión (nada: todo)."""


def test_the_script_leaves_a_real_docker_as_the_workshop(bench, tmp_path):
    docker = need("docker")
    folder = docker.work / "guion"
    folder.mkdir()
    try:
        bench.does(SESSION)
        place = tmp_path / "bin"
        place.mkdir()
        (place / "docker").write_text(f'#!/bin/sh\nexec "{docker.client}" "$@"\n')
        (place / "docker").chmod(0o755)
        subprocess.run(["sh"], input=sharing.script_of(bench), text=True, cwd=folder, check=False, capture_output=True,
                       env={**os.environ, "PATH": f"{place}:{os.environ['PATH']}"}, timeout=120)
        for order, named in LOOK.items():   # en ese motor puede haber, a la vez, lo de otras pruebas
            theirs, ours = docker.run(*order).stdout.decode(), capture(bench.engine, order).out
            mine = [sorted(line for line in text.splitlines() if not named or line.split()[0] in named)
                    for text in (theirs, ours)]
            assert mine[0] == mine[1] and mine[1], order
    finally:
        docker.run("rm", "-fv", "web", "charla", "uno", "otro")
        docker.run("volume", "rm", "datos")
        docker.run("rmi", "-f", "mi:1")
        docker.run("network", "rm", "red")
        shutil.rmtree(folder)


def test_a_road_is_written_as_it_would_be_pasted(bench):
    road = ("%%archivo app/Dockerfile\nFROM alpine\n\nRUN echo hola > /x\n\n!docker build -t mi app\n\n"
            "%%docker\ndocker create --name web mi")
    bench.does(sharing.pasteable(road))
    assert bench.desk.text("app/Dockerfile") == "FROM alpine\n\nRUN echo hola > /x\n"
    assert bench.states() == {"web": "created"}
