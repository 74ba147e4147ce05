"""El cierre: el guion de la sesión, la tabla de las seis filas y el espejo de los dos motores."""

from __future__ import annotations

import subprocess

import pytest

from dockerlab.course import lessons, session, tabla
from dockerlab.course.closing import ROWS, Closing
from dockerlab.course.facts import World
from dockerlab.course.session import Session
from dockerlab.course.transcript import script
from dockerlab.engine import Engine
from dockerlab.scenes import mirror

CELLS = ("%load_ext dockerlab\nleccion('17')", "!docker build -t my-image app\n!docker ps -a",
         "%%docker\n# se mira\ndocker run -d --name my-container my-image\n\ndocker stop my-container",
         "%%archivo practica/nota/a.txt\nFIN\nhola", "antes = !docker images -q my-image", "%env SALUDO=Buenas tardes",
         "respuesta = dict(a='docker ps')", "# !docker rm my-container")


def test_the_session_becomes_a_script_with_real_orders():
    assert script(CELLS).splitlines()[4:] == [
        "docker build -t my-image app", "docker ps -a", "docker run -d --name my-container my-image",
        "docker stop my-container", "mkdir -p practica/nota", "cat > practica/nota/a.txt <<'FIN_'", "FIN", "hola",
        "FIN_", "antes=$(docker images -q my-image)", "export 'SALUDO=Buenas tardes'"]


def test_a_real_shell_understands_the_script(tmp_path):
    (tmp_path / "docker").write_text("#!/bin/sh\necho \"docker $*\" >> dadas\n")
    (tmp_path / "docker").chmod(0o755)
    (tmp_path / "mio.sh").write_text(script(CELLS))
    subprocess.run(["sh", "mio.sh"], cwd=tmp_path, check=True, env={"PATH": f"{tmp_path}:/usr/bin:/bin"})
    assert (tmp_path / "dadas").read_text().splitlines()[:2] == ["docker build -t my-image app", "docker ps -a"]
    assert (tmp_path / "practica" / "nota" / "a.txt").read_text() == "FIN\nhola\n"


@pytest.mark.parametrize(("text", "running"), [
    ("# nada\ndocker run -d --name web \\\n  nginx\n", "web"), ("docker pull nginx\n", ""),
    ("docker start noexiste\ndocker run -d --name web nginx\n", None), (None, None),
    ("set -e\nN=web\nmkdir -p x && docker pull nginx || exit 1\ndocker run -d --name \"$N\" nginx  # ya\n", "web"),
    ("docker start noexiste || docker run -d --name web nginx\n", "web"),
    ("docker start noexiste && docker run -d --name web nginx\n", None),
    ("cd noexiste\ndocker run -d --name web nginx\n", None), ("docker ps | wc -l\n", ""),
    ("docker ps > lista\n", None)])
def test_a_script_is_replayed_in_an_empty_engine(tmp_path, text, running):
    if text is not None:
        (tmp_path / "guion.sh").write_text(text)
    engine = Engine(folder=str(tmp_path))
    assert World(engine).replayed("guion.sh", "docker ps --format {{.Names}}") == running
    assert not engine.view().containers


def test_each_row_of_the_table_is_an_exercise_and_says_whether_it_is_proved(tmp_path, monkeypatch):
    lesson = lessons.load("17")
    assert [id for id, *_ in ROWS] == [one.id for one in lesson.exercises if "C14" in one.claims]
    opened = Session(lesson, None, tmp_path)
    monkeypatch.setattr(session, "_open", opened)
    assert "✔" not in repr(tabla())
    opened.diary.note(session.progress.checked("17", "fila-estado", "correcto"))
    assert "Estado (✔ probado)" in repr(tabla()) and "Propósito (… pendiente)" in repr(tabla())
    assert Closing({"fila-estado"})._repr_html_().count("✔ probado") == 1


def test_the_mirror_says_what_is_the_same_and_why_something_is_not():
    film = mirror.film((mirror.Answers("docker ps -q", "Docker 28", "aaa\n", "bbb\n"),
                        mirror.Answers("docker pull -q x", "Docker 28", "x\n", "x\n"),
                        mirror.Answers("docker images", "Docker 28", "1 MB", "9 MB", "El tamaño."),
                        mirror.Answers("docker network prune -f", "Docker 28", "", ""),
                        mirror.Answers("docker version", "Docker 28", "\n".join("abcdefgh"), "\n".join("abcdefgh"))))
    ids, lines, silence = mirror.SAME
    assert [frame.caption for frame in film.frames[:4]] == [
        f"docker ps -q: {ids}", f"docker pull -q: {lines}", "El tamaño.", f"docker network prune: {silence}"]
    assert "… y 3 renglones" in " ".join(film.frames[4].description)
    table = "A     BB\nccc   d\n"
    told = mirror.film([mirror.Answers("docker ps", "Docker 28", table, table)]).frames[0].description
    assert "A\xa0\xa0\xa0\xa0BB." in told and "ccc\xa0\xa0d." in told
    assert "no dice nada" in " ".join(film.frames[3].description)
