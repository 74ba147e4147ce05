"""Un motor guardado en una carpeta: se reabre donde estaba, pase lo que pase a mitad de una escritura."""

from __future__ import annotations

import builtins
import os
import shlex
import threading

import pytest

from dockerlab.cli import capture
from dockerlab.client import Docker
from dockerlab.state import load_engine, open_engine
from tests.engine.conftest import CATALOGUE

SESSION = (
    "network create red",
    "run -d --name contador busybox sh -c 'i=0; while :; do echo $i; i=$((i+1)); sleep 1; done'",
    "run -d --name sano --health-cmd 'test -e /ok' --health-interval 2s --health-retries 2 -v datos:/d --tmpfs /t "
    "busybox sh -c 'echo temporal > /t/x; sleep 1000'",
    "run -d --name terco --network red -p 8080:80 --restart always busybox sh -c 'sleep 2; exit 3'",
    "run -d --name tubo busybox sh -c 'while :; do echo linea; sleep 3; done | while read x; do echo \"leo $x\"; done'",
    "exec -d sano sh -c 'sleep 5; echo hola > /d/tarde'",
    "pause contador", "unpause contador",
    "create --name quieto --entrypoint cat busybox /etc/hostname",
    "run --name fin busybox sh -c 'echo fuera; echo dentro >&2; exit 4'",
    "commit fin foto:1", "tag foto:1 otra", "rm fin", "stop -t 0 contador", "start contador",
)
AFTERWARDS = (
    "logs contador", "logs tubo", "exec sano cat /t/x", "exec sano cat /d/tarde", "exec contador ps", "top tubo",
    "ps -a --format '{{.Names}} {{.Status}} {{.Ports}}'", "inspect sano terco red datos foto:1",
    "stop contador", "wait contador", "start -a quieto", "run --rm foto:1 ls /", "history otra", "system df -v",
    "events --since 1h --until 0s", "volume ls", "network inspect red", "stats --no-stream",
)


def do(engine, line):
    """Una línea y todo lo que contesta."""
    done = capture(engine, shlex.split(line))
    return line, done.code, done.out, done.err


@pytest.fixture
def place(tmp_path):
    return {"catalogue": CATALOGUE, "folder": str(tmp_path)}


@pytest.mark.parametrize("length", range(1, len(SESSION) + 1))
def test_a_reopened_engine_goes_on_as_if_it_had_never_been_closed(tmp_path, place, length):
    first = open_engine(tmp_path / "motor", **place)
    for line in SESSION[:length]:
        do(first, line)
    second = load_engine(tmp_path / "motor", **place)
    first.keep = None
    assert second.view() == first.view()
    for engine in (first, second):
        engine.settle(7.3)
    for line in (*SESSION[length:], *AFTERWARDS):
        assert do(second, line) == do(first, line)
        assert second.view() == first.view()


class PowerCut(BaseException):
    """Se fue la luz."""


def test_killed_at_any_write_it_reopens_at_the_last_completed_command(tmp_path, place, monkeypatch):
    """Cada vez que se va a abrir, volcar o cambiar de nombre un archivo, se corta ahí: nunca queda algo a medias."""
    folder = tmp_path / "motor"
    real = {"open": builtins.open, "replace": os.replace, "fsync": os.fsync}
    writes = cuts = 0

    def count(name):
        def step(*args, **options):
            nonlocal writes
            mode = args[1] if len(args) > 1 else options.get("mode", "r")
            if name == "open" and not set(str(mode)) & set("wax+"):
                return real[name](*args, **options)
            writes -= 1
            if writes == 0:
                if name == "open":      # el archivo ya está, vacío: el peor momento
                    real[name](*args, **options).close()
                raise PowerCut
            return real[name](*args, **options)
        return step

    engine = open_engine(folder, **place)
    monkeypatch.setattr(builtins, "open", count("open"))
    monkeypatch.setattr(os, "replace", count("replace"))
    monkeypatch.setattr(os, "fsync", count("fsync"))
    for line in SESSION:
        cut = 1
        while True:
            before = load_engine(folder, **place).view() if (folder / "motor.json").exists() else None
            writes = cut
            try:
                do(engine, line)
            except PowerCut:
                writes, cuts, cut = 0, cuts + 1, cut + 1
                engine = open_engine(folder, **place)
                assert before is None or engine.view() == before
            else:
                writes = 0
                assert load_engine(folder, **place).view() == engine.view()
                break
    assert cuts > 3 * len(SESSION)


def test_every_verb_of_the_python_face_is_kept(tmp_path, place):
    docker = Docker.open(tmp_path / "motor", **place)
    docker.containers.run("busybox", "sleep 1000", detach=True, name="web").rename("otra")
    docker.containers.get("otra").exec_run("touch /marca")
    docker.containers.get("otra").pause()
    again = Docker.open(tmp_path / "motor", **place)
    assert again.engine.view() == docker.engine.view()
    assert again.containers.get("otra").status == "paused"
    docker.containers.get("otra").remove(force=True)
    assert not Docker.open(tmp_path / "motor", **place).containers.list(all=True)


def test_a_folder_that_is_no_engine_says_so(tmp_path):
    (tmp_path / "motor.json").write_text('{"version": 1, "seed": ')
    with pytest.raises(Exception, match="motor.json|carpeta|folder") as refused:
        load_engine(tmp_path)
    assert refused.value.key == "state-unreadable"


def test_two_threads_do_not_step_on_each_other(tmp_path, place):
    """Cada hilo ve contestar a cada orden lo suyo: ninguna se mezcla con otra."""
    docker = Docker.open(tmp_path / "motor", **place)
    docker("pull busybox")
    failures = []

    def work(name):
        for number in range(6):
            if docker(f"run --rm --name {name}{number} busybox echo {name}{number}") != f"{name}{number}\n":
                failures.append((name, number))
    threads = [threading.Thread(target=work, args=(name,)) for name in ("uno", "dos", "tres")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert docker.containers.list(all=True) == []


def test_the_collections_say_what_they_hold(tmp_path):
    docker = Docker(catalogue=CATALOGUE, folder=str(tmp_path))
    docker.containers.create("busybox", "true", name="uno")
    image, = docker.images.list()
    assert repr(docker) == "<Docker: imágenes 1, contenedores 1>"
    assert repr(docker.images) == f"<Imágenes: busybox:latest {image.id[7:19]}>"
    assert repr(docker.containers) == "<Contenedores: uno created>"
    assert all("busybox" in shown._repr_html_() or "uno" in shown._repr_html_()
               for shown in (docker.images, docker.containers))
