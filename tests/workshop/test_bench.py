"""Teclear, deshacer y volver a empezar."""

from __future__ import annotations

import os
import threading

import pytest

from dockerlab.cli import capture
from dockerlab.engine import Engine
from dockerlab.scenes import describe
from dockerlab.state import load_engine, open_engine
from dockerlab.workshop.bench import unfinished
from dockerlab.workshop.desk import Desk
from dockerlab.workshop.memory import look

from .conftest import Session


def test_a_command_prints_what_docker_prints_and_draws_each_thing_it_changed(bench):
    assert "Status: Downloaded newer image" in bench.does("docker run -d --name web nginx")
    states = [[(item.name, item.state) for item in shot.view.containers] for shot in bench.shots]
    assert states[0] == [] and [("web", "created")] in states and states[-1] == [("web", "running")]
    assert bench.shots[-1].mark == "docker run -d --name web nginx" and not bench.shots[0].mark


def test_looking_draws_nothing_and_costs_nothing(bench):
    bench.does("docker run -d --name web nginx")
    before = len(bench.shots)
    assert "web" in bench.does("!docker ps")
    assert len(bench.shots) == before and bench.count == 1


def test_errors_are_explained_and_anything_else_is_refused_with_127(bench):
    assert "No such container: nada" in bench.does("docker stop nada")
    assert "docker ps -a" in bench.said
    bench.does("git status")
    assert "los archivos se escriben con `nano`" in bench.said and bench.console.code == 127
    bench.does("docker ps | perl -e x")
    assert "valen `grep`" in bench.said and bench.console.code == 127
    assert bench.does("echo $?") == "127\n"
    bench.does("echo 'sin cerrar")
    assert "comillas sin cerrar" in bench.said


def test_the_output_goes_through_filters_and_into_files(bench):
    bench.does("docker create --name web nginx")
    assert bench.does("docker ps -a --format '{{.Names}}' | grep web | wc -l") == "1\n"
    assert "web" in bench.does("docker logs web 2>&1 | cat; docker ps -a | grep web > lista; cat lista")
    assert bench.does("docker ps -aq | xargs docker rm && docker ps -aq | wc -l").endswith("0\n")


@pytest.mark.parametrize("line, said", [
    ("history", "tecla ↑"), ("Docker ps", "¿Querías decir `docker`?"), ("dcoker ps", "¿Querías decir `docker`?"),
    ("docker-ps", "Con un espacio: `docker ps`"), ("export A=1", "docker run -e"), ("A=1 docker ps", "docker run -e"),
    ("$NADA", "no tiene valor"), ("less app/Dockerfile", "cat ARCHIVO"), ("python3 -V", "están las imágenes"),
    ("for i in 1 2; do docker run -d nginx; done", "bucles"), ("htop", "docker run alpine htop")])
def test_what_is_not_here_is_told_with_what_to_type_instead(bench, line, said):
    assert bench.does(line) == "" and said in bench.said and bench.console.code == 127
    assert len([kind for kind, _ in bench.seen_entries if kind == "say"]) == 1
    assert bench.states() == {}


def test_files_are_moved_and_created_empty(bench):
    bench.does("mkdir app\ntouch uno.txt\necho hola > dos.txt\nmv dos.txt app")
    bench.does("mv uno.txt tres.txt\nmv tres.txt tres.txt")
    assert bench.desk.files() == ["app/dos.txt", "tres.txt"] and bench.desk.text("app/dos.txt") == "hola\n"


def test_pasted_lines_run_one_by_one_with_their_continuations(bench):
    bench.does("# un comentario\ndocker run -d \\\n  --name web \\\n  nginx\n\n"
               "docker stop web && docker rm web || echo no")
    assert [step.text for step in bench.steps] == ["docker run -d --name web nginx",
                                                   "docker stop web && docker rm web || echo no"]
    assert bench.states() == {}


def test_files_are_written_read_listed_and_never_outside(bench):
    bench.does("mkdir app\necho FROM alpine > app/Dockerfile\necho RUN true >> app/Dockerfile")
    assert bench.does("cat app/Dockerfile") == "FROM alpine\nRUN true\n"
    assert bench.does("ls") == "app/\n" and bench.does("cd app\nls\npwd") == "Dockerfile\n/app\n"
    assert "fuera de la carpeta" in bench.does("cat ../../../etc/passwd")
    assert "fuera de la carpeta" in bench.does("echo mal > /etc/taller-prueba")
    assert not os.path.exists("/etc/taller-prueba")
    assert "docker.io/library/mi" in bench.does("docker build -t mi .")


def test_a_link_does_not_lead_outside(bench, tmp_path_factory):
    secret = tmp_path_factory.mktemp("fuera") / "secreto.txt"
    secret.write_text("secreto")
    (bench.desk.root / "enlace").symlink_to(secret)
    assert "fuera de la carpeta" in bench.does("cat enlace")


def test_a_here_document_writes_a_file(bench):
    bench.does("cat > Dockerfile <<'EOF'\nFROM alpine\nRUN echo \"hola\"\nEOF\nls")
    assert (bench.desk.root / "Dockerfile").read_text() == 'FROM alpine\nRUN echo "hola"\n'


def test_a_conversation_goes_line_by_line_and_the_engine_stays_free(bench):
    assert bench.does("docker run -it --name charla alpine sh").endswith("/ # ")
    assert bench.asking and bench.states() == {"charla": "running"}
    done = []
    other = threading.Thread(target=lambda: done.append(capture(bench.engine, ["ps", "-q"]).code))
    other.start()
    other.join(5)
    assert done == [0]
    assert bench.does("echo hola > /saludo; cat /saludo").startswith("hola")
    bench.does("exit")
    assert not bench.asking and bench.states() == {"charla": "exited"}
    assert bench.steps[0].typed == ("echo hola > /saludo; cat /saludo", "exit")


def test_without_threads_everything_else_works(bench, monkeypatch):
    monkeypatch.setattr("dockerlab.workshop.errand.threading", None)
    bench.does("docker run -d --name web nginx")
    assert "not a TTY" in bench.does("docker run -it alpine sh") and not bench.asking
    bench.does("cat > nota")
    assert "panel «Archivos»" in bench.said
    assert bench.undo() == "docker run -d --name web nginx"


def test_a_password_is_neither_shown_nor_remembered(bench):
    bench.does("docker login")
    bench.does("ana")
    assert bench.errand.secret
    assert "Login Succeeded" in bench.does("muysecreta")
    assert bench.steps[0].typed == ("ana", "********") and "muysecreta" not in str(bench.seen_entries)
    assert bench.undo() == "docker login" and not bench.engine.hub.users


def test_a_big_file_can_be_saved_loaded_and_undone(bench):
    bench.does("docker pull nginx\ndocker save -o nginx.tar nginx\ndocker rmi nginx")
    assert "Loaded image: nginx:latest" in bench.does("docker load < nginx.tar")
    bench.undo()
    bench.undo()
    assert bench.undo() == "docker save -o nginx.tar nginx" and bench.desk.files() == []


def test_ctrl_d_and_ctrl_c_end_a_conversation(bench):
    bench.does("docker run -it --name una alpine sh")
    bench.end()
    bench.does("docker run -it --name otra alpine cat")
    bench.interrupt()
    assert not bench.asking and bench.states()["una"] == "exited"


ORDERS = ("docker run -d --name web -v datos:/usr/share/nginx/html nginx", "docker exec web sh -c 'echo hola > /nota'",
          "docker network create red", "docker network connect red web", "echo FROM alpine > Dockerfile",
          "docker build -t mi .", "docker tag mi mi:2", "docker pause web", "docker unpause web", "docker stop web",
          "docker commit web foto", "docker rm web", "docker rmi mi:2", "docker volume rm datos", "rm Dockerfile")


@pytest.mark.parametrize("length", range(1, len(ORDERS) + 1))
def test_undo_leaves_everything_as_if_the_order_had_never_been_given(tmp_path, length):
    benches = []
    for name, orders in (("uno", ORDERS[:length]), ("otro", ORDERS[:length - 1])):
        (tmp_path / name).mkdir()
        made = Session(Engine(folder=str(tmp_path / name)), Desk(tmp_path / name))
        for order in orders:
            made.does(order)
        benches.append(made)
    one, other = benches
    assert one.undo() == ORDERS[length - 1]
    assert one.engine.view() == other.engine.view() and one.desk.photo() == other.desk.photo()
    for order in (*ORDERS[length - 1:], "docker ps -a --no-trunc", "docker images --no-trunc", "docker volume ls"):
        assert one.does(order) == other.does(order)
    assert look(one.engine.view()) == look(other.engine.view())


def test_undo_skips_what_only_looked(bench):
    bench.does("docker create --name web nginx")
    bench.does("docker ps -a")
    bench.does("ls")
    assert bench.undo() == "docker create --name web nginx" and bench.states() == {}
    assert bench.undo() == "" and bench.undoable == ""


def test_going_back_to_the_beginning_can_be_undone(bench):
    bench.does("docker create --name web nginx\necho hola > nota")
    bench.reset()
    assert bench.states() == {} and bench.desk.files() == [] and bench.steps == []
    assert bench.undo() == "volver a empezar"
    assert bench.states() == {"web": "created"} and bench.desk.files() == ["nota"]
    assert bench.undo() == "echo hola > nota" and bench.desk.files() == []


def test_undo_in_the_middle_of_a_conversation_ends_it(bench):
    bench.does("docker run -it --name charla alpine sh")
    assert bench.undo() == "docker run -it --name charla alpine sh"
    assert not bench.asking and bench.states() == {}


def test_what_other_cells_do_is_drawn_and_undone_apart(bench):
    bench.does("docker create --name web nginx")
    capture(bench.engine, ["create", "--name", "otro", "nginx"])
    assert bench.shots[-1].mark == "otra celda" and bench.undoable == "lo hecho desde otras celdas"
    bench.does("docker rm web")
    assert bench.undo() == "docker rm web" and set(bench.states()) == {"web", "otro"}
    assert bench.undo() == "lo hecho desde otras celdas" and set(bench.states()) == {"web"}


def test_undo_never_touches_the_files_of_others(bench):
    bench.does("echo uno > mio")
    (bench.desk.root / "ajeno").write_text("de otra celda")
    bench.does("echo dos > mio")
    bench.undo()
    assert bench.desk.text("mio") == "uno\n" and bench.desk.text("ajeno") == "de otra celda"
    bench.reset()
    assert bench.desk.files() == ["ajeno"]


def test_one_order_shows_a_few_pictures_even_if_it_does_a_lot(bench):
    bench.does("docker create --name uno nginx")
    bench.shots.clear()
    bench.does(" && ".join(f"docker create --name n{number} nginx" for number in range(30)))
    assert 2 <= len(bench.shots) <= 5 and len(bench.shots[-1].view.containers) == 31


def test_an_order_is_unfinished_with_open_quotes_or_a_final_bar():
    assert unfinished("docker run \\") and unfinished("echo 'uno")
    assert not unfinished("docker ps") and not unfinished("# no es 'así")


def test_completion_knows_docker_its_names_and_the_files(bench):
    bench.does("docker create --name web nginx\nmkdir app\necho x > app/Dockerfile")
    complete = bench.console.completions
    assert complete("doc") == ("doc", ["docker"])
    assert "start" in complete("docker star")[1] and complete("docker start w") == ("w", ["web"])
    assert complete("cat app/D") == ("app/D", ["app/Dockerfile"])
    assert complete("docker ps && docker rm w")[1] == ["web"] and complete("echo x > a")[1] == ["app/"]


@pytest.mark.parametrize("order", [
    "docker run -d --name db -v datos:/var/lib/mysql -e MYSQL_ROOT_PASSWORD=x mysql", "docker network connect red web",
    "docker exec web sh -c 'echo hola > /nota'", "docker tag nginx mio", "docker pause web", "docker rename web otra"])
def test_every_picture_has_something_to_say(bench, order):
    bench.does("docker run -d --name web nginx\ndocker network create red")
    before = bench.drawn
    bench.shots.clear()
    bench.does(order)
    assert bench.shots
    for shot in bench.shots:
        assert describe.changes(before, shot.view) != "No cambia nada."
        before = shot.view


def test_undo_is_kept_too_by_an_engine_that_lives_in_a_folder(tmp_path):
    engine = open_engine(tmp_path / "motor", folder=str(tmp_path))
    made = Session(engine, Desk(tmp_path / "practica"))
    made.does("docker create --name web nginx\ndocker rm web")
    made.undo()
    assert load_engine(tmp_path / "motor", folder=str(tmp_path)).view() == engine.view()
    made.does("docker start web")
    assert made.states() == {"web": "running"}
    made.close()
