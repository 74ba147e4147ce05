"""El motor de cada notebook sobrevive a un reinicio del intérprete, si hay alguien delante."""

from __future__ import annotations

import shutil
import time

import pytest

import dockerlab
from dockerlab import Docker, course
from dockerlab.course import kept, session

HOME = (".motor", "05")


@pytest.fixture
def learner(tmp_path, monkeypatch):
    """Alguien delante; da la función que reinicia el intérprete y vuelve a ejecutar la primera celda."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(session, "attended", lambda: True)

    def restart(**options):
        monkeypatch.setattr(session, "_open", None)
        monkeypatch.setattr(dockerlab, "docker", Docker(), raising=False)
        monkeypatch.setattr(kept, "_opened", {})
        return course.leccion("05", **options)
    restart()
    return restart


def test_what_there_was_is_there_and_it_is_told(learner):
    dockerlab.docker("run -d --name ana alpine sleep 1000")
    dockerlab.docker("exec ana sh -c 'echo hola > /nota.txt'")
    note = learner()
    assert "Sigue donde lo dejaste: 1 imagen y 1 contenedor." in note.text
    assert 'leccion("05", de_nuevo=True)' in note.text
    assert dockerlab.docker("exec ana cat /nota.txt") == "hola\n"
    assert session._open.docker is dockerlab.docker


def test_what_was_measured_is_kept_with_the_engine_and_goes_with_it(learner, tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "Dockerfile").write_text("FROM alpine\nCOPY nota.txt .\n")
    (tmp_path / "app" / "nota.txt").write_text("hola")
    assert "Todavía no hay medidas" in repr(course.medidas()) and repr(course.medidas()) == repr(course.grafica())
    course.medir("una", "app", "nota.txt")
    before = repr(course.medidas())
    learner()
    assert repr(course.medidas()) == before and "una" in before
    course.medir("dos", "app", "nota.txt")
    assert "dos" in repr(course.medidas())
    (tmp_path / ".motor" / "05" / "medidas.json").write_text("[{")
    learner()
    assert "Todavía no hay medidas" in repr(course.medidas())
    course.medir("tres", "app", "nota.txt")
    learner(de_nuevo=True)
    assert "Todavía no hay medidas" in repr(course.medidas())


def test_the_first_day_says_nothing_about_before(learner):
    assert "Sigue" not in learner().text


def test_starting_afresh_empties_the_engine_and_puts_the_files_back(learner, tmp_path):
    dockerlab.docker("run --name ana alpine true")
    note = learner(de_nuevo=True)
    assert "Sigue" not in note.text
    assert not dockerlab.docker.containers.list(all=True)
    assert "Sigue" not in learner().text


def test_the_first_cell_twice_keeps_the_same_engine(learner):
    before = dockerlab.docker
    course.leccion("05")
    assert dockerlab.docker is before


def test_each_notebook_has_its_own_engine(learner):
    dockerlab.docker("pull alpine")
    course.leccion("01")
    assert not dockerlab.docker.images.list()
    course.leccion("05")
    assert len(dockerlab.docker.images.list()) == 1


def test_alone_it_is_always_empty_and_writes_nothing(learner, tmp_path, monkeypatch):
    dockerlab.docker("pull alpine")
    saved = {path: path.read_bytes() for path in tmp_path.joinpath(*HOME).rglob("*") if path.is_file()}
    monkeypatch.setattr(session, "attended", lambda: False)
    assert "Sigue" not in learner().text
    assert not dockerlab.docker.images.list()
    dockerlab.docker("pull busybox")
    assert saved == {path: path.read_bytes() for path in tmp_path.joinpath(*HOME).rglob("*") if path.is_file()}


def test_a_damaged_engine_is_put_aside_and_said(learner, tmp_path):
    dockerlab.docker("pull alpine")
    tmp_path.joinpath(*HOME, "motor.json").write_text("{", encoding="utf-8")
    note = learner()
    assert "El motor guardado estaba dañado" in note.text and "05-danado-1" in note.text
    assert tmp_path.joinpath(HOME[0], "05-danado-1", "motor.json").read_text(encoding="utf-8") == "{"
    assert dockerlab.docker("run --rm alpine echo sigo").endswith("sigo\n")


def test_without_room_to_save_it_the_order_is_done_and_it_is_said_once(learner, tmp_path, capsys):
    home = tmp_path.joinpath(*HOME)
    shutil.rmtree(home)
    home.write_text("un archivo donde iba la carpeta", encoding="utf-8")
    for _ in range(2):
        assert dockerlab.docker("run --rm alpine echo hola").endswith("hola\n")
    assert capsys.readouterr().out.count("No puedo guardar el motor") == 1
    assert "No puedo guardar el motor" in learner().text
    assert dockerlab.docker("run --rm alpine echo hola").endswith("hola\n")


def test_an_engine_of_ones_own_is_respected(learner, monkeypatch):
    mine = Docker()
    course.leccion("05", mine)
    assert session._open.docker is mine


def test_an_order_stays_quick(learner):
    dockerlab.docker("run -d --name ana nginx")
    start = time.perf_counter()
    for _ in range(10):
        dockerlab.docker("ps -a")
    assert (time.perf_counter() - start) / 10 < 0.5


def test_what_does_not_count_is_remembered_too(learner, monkeypatch):
    """Preparar dos veces un ejercicio y reiniciar: lo de antes de preparar sigue sin contar."""
    def opened(**options):
        monkeypatch.setattr(session, "_open", None)
        monkeypatch.setattr(dockerlab, "docker", Docker(), raising=False)
        monkeypatch.setattr(kept, "_opened", {})
        return course.leccion("11", **options)
    opened()
    course.preparar("procesador")
    dockerlab.docker("rm web11")
    dockerlab.docker("run -d --name web11 httpd")
    assert "El contenedor es nuevo" in course.comprobar("procesador").text
    course.preparar("procesador")
    assert course.comprobar("procesador").state == "pendiente"
    opened()
    assert course.comprobar("procesador").state == "pendiente"
    dockerlab.docker("start web11")
    assert "Arrancarlo otra vez" in course.comprobar("procesador").text
    opened(de_nuevo=True)
    assert "Primero ejecuta" in course.comprobar("procesador").text
