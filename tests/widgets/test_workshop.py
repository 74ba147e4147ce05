"""La cara de Python del taller: qué viaja al navegador y qué contesta."""

from __future__ import annotations

import base64
import io
import os

import pytest
from PIL import Image

from dockerlab import Docker, course
from dockerlab.cli import capture
from dockerlab.course import challenges, rooms, tools
from dockerlab.course.quiz import Asked
from dockerlab.course.show import Note
from dockerlab.engine import Engine
from dockerlab.scenes.compare import differences
from dockerlab.widgets.live import Lifecycle
from dockerlab.widgets.player import STATIC
from dockerlab.widgets.quiz import Quiz
from dockerlab.widgets.workshop import Workshop
from dockerlab.workshop import sharing


@pytest.fixture
def shop(tmp_path):
    """Un taller vacío; `sent` es lo que ha viajado."""
    made = listening(Workshop(Engine(folder=str(tmp_path)), tmp_path / "practica"))
    yield made
    made.close()


@pytest.fixture
def task():
    """El taller de un reto."""
    made = listening(rooms.of(challenges.find("05-nombre-ocupado")))
    yield made
    made.close()


def listening(made):
    made.sent = []
    made.send = lambda message, buffers=None: made.sent.append(message)
    return made


def tell(made, kind, **message):
    made.sent.clear()
    made._receive(made, {"type": kind, **message}, [])
    assert not made.error
    return {message["type"]: message for message in made.sent}


def test_a_line_is_answered_with_what_it_printed_and_the_new_pictures(shop):
    sent = tell(shop, "line", text="docker run -d --name web nginx")
    assert [kind for kind, _ in sent["screen"]["entries"]] == ["order", "err", "out"]
    assert sent["append"]["from"] == 1 and len(shop.frames) > 2
    assert shop.frames[-1].mark == "docker run -d --name web nginx"
    assert shop.status["undo"] == "docker run -d --name web nginx" and shop.status["steps"] == len(shop.frames)
    assert [label for _, label in shop.subjects] == ["Contenedor web", "Imagen nginx:latest"]


def test_every_frame_of_a_session_is_described_with_the_names_and_states_it_draws(shop):
    tell(shop, "line", text="docker network create red\ndocker run -d --name web --network red -v datos:/d nginx\n"
                            "docker pause web\ndocker unpause web\ndocker stop web\ndocker rm web")
    tell(shop, "undo")
    states = set()
    for frame in shop.frames:
        said = " ".join(frame.description)
        for drawing in (frame.wide, frame.narrow):
            for words in badges(drawing):
                states.add(words.split()[0])
                assert f": {words}" in said
    assert states == {"created", "running", "paused", "exited"}


def badges(drawing):
    from dockerlab.scenes.primitives import walk
    return [element.text for element, _, _ in walk(drawing.elements)
            if element.key.endswith("/state/words")]


def test_a_page_opened_later_gets_the_whole_terminal(shop):
    tell(shop, "line", text="docker ps\nls")
    before, kept = shop._screen
    assert before == 0 and [kind for kind, _ in kept] == ["order", "out", "order"]
    sent = tell(shop, "lost", **{"from": 1})
    assert sent["screen"]["from"] == 1 and sent["screen"]["entries"] == kept[1:]
    tell(shop, "clear")
    assert shop._screen == [3, [["clear", ""]]]


def test_the_oldest_lines_are_forgotten(shop):
    tell(shop, "line", text="\n".join("echo hola" for _ in range(300)))
    before, kept = shop._screen
    assert before == 200 and len(kept) == 400


def test_completion_files_trees_and_sharing_are_answered(shop):
    tell(shop, "line", text="docker create --name web nginx\necho hola > nota.txt")
    assert tell(shop, "complete", line="docker start w", n=7)["completed"] == {
        "type": "completed", "n": 7, "prefix": "w", "options": ["web"]}
    assert tell(shop, "open", name="nota.txt")["opened"]["text"] == "hola\n"
    assert tell(shop, "save", name="app/Dockerfile", text="FROM alpine\n")["saved"]["name"] == "app/Dockerfile"
    assert shop.files == ["app/Dockerfile", "nota.txt"]
    assert "deleted" in tell(shop, "delete", name="nota.txt") and shop.files == ["app/Dockerfile"]
    subject = shop.subjects[0][0]
    rows = tell(shop, "tree", of=subject, path="")["tree"]["rows"]
    assert {"name": "etc", "path": "etc", "kind": "d"}.items() <= next(r for r in rows if r["name"] == "etc").items()
    assert "root" in tell(shop, "peek", of=subject, path="etc/passwd")["peek"]["text"]
    assert "docker create --name web nginx" in tell(shop, "export")["exported"]["script"]


def test_what_is_refused_is_told_in_spanish_and_changes_nothing(shop):
    assert "fuera de la carpeta" in tell(shop, "save", name="../mal", text="x")["refused"]["text"]
    assert "ningún archivo" in tell(shop, "open", name="nada")["refused"]["text"]
    assert "no es un taller" in tell(shop, "import", text="hola")["imported"]["text"]
    assert shop.bench.past == []


def test_a_text_is_opened_in_another_workshop(shop, tmp_path):
    tell(shop, "line", text="docker create --name web nginx\necho hola > nota.txt")
    other = listening(Workshop(Engine(folder=str(tmp_path)), tmp_path / "otra"))
    assert tell(other, "import", text=shop.share())["imported"]["text"] == ""
    assert other.bench.engine.view() == shop.bench.engine.view() and other.files == ["nota.txt"]
    tell(other, "undo")
    tell(other, "undo")
    assert other.frames[-1].description == other.frames[0].description
    other.close()


def test_an_editor_word_opens_the_file_in_its_panel(shop):
    opened = tell(shop, "line", text="nano app/Dockerfile")["opened"]
    assert (opened["name"], opened["text"], opened["show"]) == ("app/Dockerfile", "", True)


def test_what_other_cells_do_reaches_the_screen(shop):
    shop.sent.clear()
    capture(shop.bench.engine, ["run", "-d", "--name", "otro", "nginx"])
    assert "append" in {message["type"] for message in shop.sent}
    assert shop.frames[-1].mark == "otra celda" and shop.status["undo"] == "lo hecho desde otras celdas"


def test_an_inner_failure_is_shown_and_the_workshop_goes_on(shop, monkeypatch):
    monkeypatch.setattr("dockerlab.workshop.console.run", lambda *_: 1 / 0)
    shop._receive(shop, {"type": "line", "text": "docker ps"}, [])
    assert shop.error.startswith("Algo ha fallado al atender «line»: ZeroDivisionError") and not shop.status["asking"]
    monkeypatch.undo()
    tell(shop, "line", text="docker ps")


def test_a_challenge_follows_each_order(task):
    assert task.task["state"] == "pendiente" and [done for _, done in task.task["goals"]] == [False, False]
    assert task.task["missing"] == ["`catalogo` está en exited; en la meta, running."]
    solved = []
    task.solved = lambda: solved.append(1)
    tell(task, "line", text="docker ps -a")
    tell(task, "line", text="docker rm catalogo")
    assert task.task["state"] == "incorrecto" and "catalogo" in task.task["verdict"]
    tell(task, "undo")
    assert task.task["state"] == "pendiente" and task.task["verdict"] == ""
    tell(task, "line", text="docker start catalogo")
    assert task.task["state"] == "correcto" and solved == [1] and task.task["missing"] == []
    assert task.task["explanation"].startswith('El siguiente: `reto("')
    assert task.task["count"] == "1 orden; la solución usa 1" and "capa de escritura" in task.task["verdict"]
    tell(task, "reset")
    assert task.task["state"] == "pendiente" and task.status["count"] == 0


def test_hints_the_solution_and_the_verdict_come_when_asked(task):
    assert task.task["hints"] == [] and task.task["left"] == 3 and not task.task["verdict"]
    tell(task, "hint")
    tell(task, "hint")
    assert len(task.task["hints"]) == 2 and task.task["left"] == 1
    tell(task, "check")
    assert "Todavía falta (2 de 2)" in task.task["verdict"]
    tell(task, "solution")
    assert task.task["solution"] == "docker start catalogo"


def test_the_challenge_solved_step_by_step_passes_with_any_road(task):
    for road in task.given.roads:
        tell(task, "reset")
        for line in road.splitlines():
            tell(task, "line", text=line)
        assert task.task["state"] == "correcto"


def test_a_saved_notebook_keeps_the_story_the_goals_and_both_maps(task, monkeypatch):
    monkeypatch.setenv(STATIC, "1")
    data, _ = task._repr_mimebundle_()
    assert set(data) == {"text/plain", "image/png"}
    text = data["text/plain"]
    assert text.startswith("El mostrador de la biblioteca\n") and text.count("Objetivo (pendiente)") == 2
    assert "Ahora: 1 imagen" in text and "Meta: 1 imagen" in text and "/tmp" not in text
    again = rooms.of(challenges.find("05-nombre-ocupado"))
    assert again._repr_mimebundle_()[0] == data
    assert Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).width == 1760
    again.close()


def test_the_notebook_functions_open_workshops(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    docker = Docker()
    monkeypatch.setattr(tools, "default_docker", lambda: docker)
    shop = course.taller()
    shop.bench.type("docker create --name web nginx\necho hola > nota.txt")
    assert docker("ps -aq") and (tmp_path / "practica" / "nota.txt").exists()
    other = course.taller(shop.share())
    assert other.bench.engine is not docker.engine and other.title == "Taller compartido"
    one = course.reto("05-nombre-ocupado")
    assert one.given.id == "05-nombre-ocupado" and "Retos" in repr(course.reto())
    for refused in (course.reto("no-existe"), course.taller("dockerlab1:roto")):
        assert isinstance(refused, Note) and refused.kind == "incorrecto"
    for made in (shop, other, one):
        made.close()


def test_the_folder_of_a_challenge_lives_as_long_as_its_workshop():
    made = rooms.of(challenges.find("05-nombre-ocupado"))
    folder = made.bench.desk.root
    assert os.path.isdir(folder)
    made.close()


def test_differences_are_told_by_name():
    here, there = Engine(), Engine()
    for line in ("create --name web nginx", "network create vieja"):
        capture(here, line.split())
    for line in ("run -d --name web -p 80:80 nginx", "create --name api alpine", "volume create datos",
                 "network create red"):
        capture(there, line.split())
    assert differences(here.view(), there.view()) == [
        "Falta la imagen `alpine:latest`.", "`web` está en created; en la meta, running.",
        "Falta el contenedor `api`, en created.", "Falta el volumen `datos`.", "Falta la red `red`.",
        "En la meta no está la red `vieja`."]
    assert differences(there.view(), there.view()) == []
    capture(here, ["start", "web"])
    capture(there, ["rm", "-f", "web"])
    capture(there, ["run", "-d", "--name", "web", "-v", "datos:/d", "nginx"])
    assert "`web` no monta nada; en la meta, el volumen datos en /d." in differences(here.view(), there.view())


def test_the_goal_never_says_that_nothing_is_missing_while_something_is():
    made = rooms.of(challenges.find("01-marcador-a-cero"))
    assert made.task["missing"] == [] and made.task["same"].startswith("Los mapas ya se ven igual. Lo que falta")
    made.bench.type(sharing.pasteable(made.given.solution))
    made.refresh()
    assert made.task["same"] == "Nada: ya se ven igual."
    made.close()


def test_another_road_to_the_goal_is_not_told_to_change_anything():
    made = rooms.of(challenges.find("05-nombre-ocupado"))
    made.bench.type("docker start catalogo\ndocker network create de-mas")
    made.refresh()
    assert made.task["state"] == "correcto" and made.task["missing"] == []
    assert made.task["same"] == "Nada: has llegado por otro camino, y vale igual."
    made.close()


def test_an_image_with_the_same_tag_is_compared_by_what_the_map_shows(tmp_path):
    here, there = Engine(folder=str(tmp_path)), Engine(folder=str(tmp_path))
    (tmp_path / "Dockerfile").write_text("FROM alpine\nRUN echo hola > /nota\n")
    capture(here, ["build", "-t", "mi", str(tmp_path)])
    (tmp_path / "Dockerfile").write_text("FROM alpine\nRUN echo hola > /nota\nRUN echo más > /otra\n")
    capture(there, ["build", "-t", "mi", str(tmp_path)])
    assert differences(here.view(), there.view()) == ["`mi:latest` tiene 2 capas; en la meta, 3."]
    for engine in (here, there):
        capture(engine, ["volume", "create", "datos"])
    capture(there, ["run", "--rm", "-v", "datos:/d", "alpine", "sh", "-c", "echo hola > /d/nota"])
    assert "El volumen `datos` está vacío; en la meta, no." in differences(here.view(), there.view())


def test_what_has_no_name_is_compared_by_its_kind(tmp_path):
    here, there = Engine(folder=str(tmp_path / "una")), Engine(folder=str(tmp_path / "otra"))
    capture(there, ["volume", "create"])    # así el anónimo se llama de otra manera en cada motor
    orders = ("run -d --name web -v /datos -v ./fotos:/fotos --tmpfs /run nginx",)
    for engine, folder in ((here, "una"), (there, "otra")):
        (tmp_path / folder / "fotos").mkdir(parents=True)
        for line in orders:
            capture(engine, line.split(), cwd=str(tmp_path / folder))
    assert differences(here.view(), there.view()) == []
    capture(here, ["rm", "-f", "web"])
    capture(here, ["run", "-d", "--name", "web", "nginx"])
    assert differences(here.view(), there.view()) == [
        "`web` no monta nada; en la meta, la carpeta fotos en /fotos, un montaje temporal en /run y un volumen "
        "anónimo en /datos."]


def test_compose_names_its_containers_alike_in_a_shared_workshop(shop):
    tell(shop, "line", text="cat > compose.yaml <<EOF\nservices:\n  web:\n    image: nginx\nEOF\ndocker compose up -d")
    assert "Contenedor practica-web-1" in [label for _, label in shop.subjects]
    other = rooms.opened(shop.share())
    assert other.bench.engine.view() == shop.bench.engine.view()
    other.close()


def test_an_undo_is_seen_by_whoever_was_looking_at_the_engine(shop):
    live = Lifecycle(shop.bench.engine, lambda line: "", "web", "nginx")
    other = Workshop(shop.bench.engine, shop.bench.desk.root)
    tell(shop, "line", text="docker run -d --name web -p 8080:80 nginx")
    tell(shop, "line", text="docker stop web")
    assert "Estado: exited." in live.frames[-1].description
    tell(shop, "undo")
    assert "Estado: running." in live.frames[-1].description
    assert "Contenedor web: running" in " ".join(other.frames[-1].description)
    assert not next(button for button in live.actions if button["id"] == "pause")["refused"]
    tell(shop, "reset")
    assert "Estado: todavía no existe." in live.frames[-1].description
    other.close()
    live.close()


def test_ports_are_written_as_docker_ps_writes_them(shop):
    tell(shop, "line", text="docker run -d --name web -p 8080:80 nginx")
    assert "0.0.0.0:8080->80/tcp; [::]:8080->80/tcp" in " ".join(shop.frames[-1].description)


@pytest.mark.parametrize("reveal, label", [(True, "Comprobar"), (False, "Apuntar")])
def test_the_button_says_what_it_does(reveal, label):
    asked = Asked("Predice", (), lambda number, answer: Note("nota", "", ""), "así", reveal=reveal)
    assert Quiz(asked).labels["check"] == label
