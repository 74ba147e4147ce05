"""El progreso: se apunta, se recuerda, y no se pierde ni cuando todo va mal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import time

import pytest

from dockerlab import Docker, course
from dockerlab.course import host, lessons, progress, session
from dockerlab.course.progress import Diary, answered, challenged, checked, guessed, hinted, read

ROOT = progress.__file__.rpartition("/dockerlab/")[0]
FAILS = dict(a=1, b=3, c=137, d=137, e=127)
RIGHT = dict(a=0, b=3, c=137, d=137, e=127)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "progreso.json"


@pytest.fixture
def learner(tmp_path, monkeypatch):
    """Alguien delante de la lección 05, en una carpeta vacía; da la función que «reinicia el intérprete»."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(session, "attended", lambda: True)

    def again(number="05"):
        monkeypatch.setattr(session, "_open", None)
        return course.leccion(number, Docker())
    again()
    return again


# ── qué se apunta ────────────────────────────────────────────────────────────


def test_what_a_learner_does_is_written_so_that_a_person_can_read_it(learner, tmp_path):
    assert course.comprobar("codigos", FAILS).state == "incorrecto"
    course.pista("codigos")
    course.solucion("codigos")
    course.comprobar("codigos", RIGHT)
    course.responder(1, "a")
    course.responder(1, "b")
    course.predecir("se-queda", "a")
    text = (tmp_path / "progreso.json").read_text(encoding="utf-8")
    assert "\n" in text.strip()
    place = json.loads(text)["notebooks"]["05"]
    assert place["ejercicios"]["codigos"] == {
        "veredicto": "correcto", "intentos": 2, "errores": {"a": 1}, "pistas": 1, "solucion": True}
    assert place["preguntas"]["1"] == {"acierto": True, "intentos": 2, "errores": {"a": 1}}
    assert place["predicciones"]["se-queda"] == {"opcion": "a", "acierto": False}


def test_what_was_right_stays_right_and_its_attempts_stop_counting(file):
    diary = Diary(file)
    for state in ("pendiente", "incorrecto", "correcto", "incorrecto", "pendiente"):
        diary.note(checked("05", "choque", state, ("caso 2",) if state == "incorrecto" else ()))
    for right in (False, True, False):
        diary.note(answered("05", 3, right, () if right else ("b",)))
    place = read(file)["notebooks"]["05"]
    assert place["ejercicios"]["choque"] == {"veredicto": "correcto", "intentos": 2, "errores": {"caso 2": 1}}
    assert place["preguntas"]["3"] == {"acierto": True, "intentos": 2, "errores": {"b": 1}}


def test_the_best_road_of_a_challenge_is_kept(file):
    diary = Diary(file)
    for solved, orders in ((False, 9), (True, 7), (True, 3), (True, 5), (False, 1)):
        diary.note(challenged("05", "05-nombre-ocupado", solved, orders, 3))
    assert read(file)["notebooks"]["05"]["retos"]["05-nombre-ocupado"] == {
        "pistas": 0, "resuelto": True, "ordenes": 3, "par": 3}


def test_a_challenge_solved_in_its_workshop_is_noted_with_its_orders_and_hints(learner, file):
    from dockerlab.course import challenges
    challenge = next(one for one in challenges.everything() if "%%" not in one.solution)
    room = course.reto(challenge.id)
    room.hints = 1
    assert not file.exists()
    orders = [line.removeprefix("!") for line in challenge.solution.splitlines() if line.startswith("!")]
    for line in orders:
        room.answer({"type": "line", "text": line})
    done = read(file)["notebooks"][challenge.sequence]["retos"][challenge.id]
    assert done == {"resuelto": True, "ordenes": len(orders), "par": challenge.par, "pistas": 1}
    assert challenge.id in course.reto().solved


def test_it_is_remembered_after_a_restart(learner):
    course.pista("codigos")
    course.predecir("se-queda", "b")
    course.comprobar("codigos", RIGHT)
    learner()
    assert course.pista("codigos").heading.startswith("Pista 2 de")
    assert "Lo predijiste" in repr(course.explicar("se-queda"))
    assert "Ejercicios" in repr(course.progreso()) and "1 de 6" in repr(course.progreso())
    learner("01")
    assert "05 · El ciclo de vida" in repr(course.progreso()) and "01 · " in repr(course.progreso())


def test_a_wrong_end_is_remembered_by_its_case_and_can_be_told(learner):
    course.session._open.docker("run -d --name creado alpine sleep 1000")
    verdict = course.comprobar("cinco-estados")
    assert verdict.reasons == ("caso 1",)
    from dockerlab.course.checks import reason_text
    exercise = lessons.load("05").exercise("cinco-estados")
    assert reason_text(exercise, "caso 1").startswith("«creado» llegó a arrancar: su estado es ….")
    assert reason_text(lessons.load("05").exercise("codigos"), "a")


def test_nothing_is_read_or_written_when_nobody_is_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    theirs = tmp_path / "progreso.json"
    Diary(theirs).note(checked("05", "codigos", "correcto"))
    before = theirs.read_bytes()
    assert not host.attended()
    course.leccion("05", Docker())
    assert "0 de 6" in repr(course.progreso())
    course.comprobar("codigos", RIGHT)
    assert "1 de 6" in repr(course.progreso())
    assert theirs.read_bytes() == before


def test_the_solved_edition_is_not_the_progress_of_anybody(tmp_path, monkeypatch):
    folder = tmp_path / "soluciones"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(session, "attended", lambda: True)
    course.leccion("05", Docker())
    course.comprobar("codigos", RIGHT)
    assert not list(tmp_path.rglob("progreso*"))


def test_checking_stays_quick(learner):
    course.comprobar("codigos", FAILS)
    slowest = 0.0
    for _ in range(20):
        start = time.perf_counter()
        course.comprobar("codigos", FAILS)
        slowest = max(slowest, time.perf_counter() - start)
    assert slowest < 1


def test_checking_again_what_is_done_does_not_touch_the_disk(learner, tmp_path):
    course.comprobar("codigos", RIGHT)
    before = (tmp_path / "progreso.json").stat()
    course.comprobar("codigos", RIGHT)
    course.comprobar("codigos", FAILS)
    after = (tmp_path / "progreso.json").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


# ── cuando algo va mal ───────────────────────────────────────────────────────


@pytest.mark.parametrize("damage", [
    "", "{", "[]", "hola", "null", '{"version": 99}', '{"version": 1, "nombre": "", "notebooks": []}',
    '{"version": 1, "nombre": "", "notebooks": {"05": {"ejercicios": {"a": {"intentos": "dos"}}}}}',
    '{"version": 1, "nombre": "", "notebooks": {"05": {"ejercicios": {"a": {"veredicto": "regular"}}}}}',
    '{"version": 1, "nombre": "", "notebooks": {"05": {"retos": [1]}}}', b"\xff\xfe\x00"])
def test_a_damaged_file_is_put_aside_whole_and_said_once(learner, file, damage):
    raw = damage if isinstance(damage, bytes) else damage.encode()
    file.write_bytes(raw)
    note = learner()
    assert "estaba dañado" in note.text and "progreso-danado-1.json" in note.text
    assert file.with_name("progreso-danado-1.json").read_bytes() == raw
    assert "dañado" not in course.comprobar("codigos", RIGHT).text
    assert read(file)["notebooks"]["05"]["ejercicios"]["codigos"]["veredicto"] == "correcto"
    file.write_bytes(raw)
    assert "progreso-danado-2.json" in learner().text


def test_if_it_is_damaged_half_way_what_was_in_memory_is_written_again(file):
    diary = Diary(file)
    diary.note(checked("05", "choque", "correcto"))
    file.write_text("{", encoding="utf-8")
    diary.note(checked("05", "codigos", "incorrecto", ("a",)))
    assert set(read(file)["notebooks"]["05"]["ejercicios"]) == {"choque", "codigos"}
    assert read(file)["notebooks"]["05"]["ejercicios"]["codigos"]["intentos"] == 1
    assert "dañado" in diary.said() and not diary.said()


def test_if_it_cannot_be_written_it_is_said_once_and_written_when_it_can(learner, file, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")
    with monkeypatch.context() as broken:
        broken.setattr(progress, "write", refuse)
        first = course.comprobar("codigos", FAILS).text
        assert "No puedo guardar tu progreso en progreso.json (No space left on device)" in first
        assert "No puedo guardar" not in course.pista("codigos").text
        assert "1 de 6" not in repr(course.progreso())
    course.comprobar("codigos", RIGHT)
    assert read(file)["notebooks"]["05"]["ejercicios"]["codigos"] == {
        "veredicto": "correcto", "intentos": 2, "errores": {"a": 1}, "pistas": 1}


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    diary = Diary(tmp_path / "progreso.json")
    diary.note(guessed("05", "se-queda", "b", True))
    assert diary.said().count("No puedo guardar tu progreso") == 1
    assert diary.notebook("05")["predicciones"]["se-queda"]["opcion"] == "b"
    assert not list(tmp_path.iterdir())


def test_while_another_holds_it_nothing_hangs(file):
    file.with_name(".progreso.json.cerrojo").write_text(str(os.getpid()))
    diary = Diary(file)
    start = time.monotonic()
    diary.note(hinted("05", "choque", 1))
    diary.note(hinted("05", "choque", 2))
    assert time.monotonic() - start < 2 * progress.PATIENCE
    assert "otro notebook lo tiene ocupado" in diary.said()
    file.with_name(".progreso.json.cerrojo").unlink()
    diary.note(hinted("05", "choque", 3))
    assert read(file)["notebooks"]["05"]["ejercicios"]["choque"]["pistas"] == 3


def python(code, *arguments):
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
                            env={**os.environ, "PYTHONPATH": ROOT}, stdout=subprocess.PIPE, text=True)


def test_killed_in_the_middle_of_a_write_what_was_there_is_whole(file):
    Diary(file).note(checked("05", "choque", "correcto"))
    before = file.read_bytes()
    victim = python("""
        import os, sys
        from pathlib import Path
        from dockerlab.course import progress
        def never(fd):
            print("a mitad", flush=True)
            import time; time.sleep(60)
        os.fsync = never
        progress.Diary(Path(sys.argv[1])).note(progress.checked("05", "codigos", "correcto"))
    """, file)
    assert victim.stdout.readline() == "a mitad\n"
    victim.kill()
    victim.wait()
    assert file.read_bytes() == before
    assert list(file.parent.glob("*.parcial")) and file.with_name(".progreso.json.cerrojo").exists()
    diary = Diary(file)
    diary.note(checked("05", "tozudo", "correcto"))
    assert not diary.said()
    assert set(read(file)["notebooks"]["05"]["ejercicios"]) == {"choque", "tozudo"}
    assert not list(file.parent.glob("*.parcial")) and not file.with_name(".progreso.json.cerrojo").exists()


def test_two_notebooks_at_once_lose_nothing(file):
    code = """
        import sys
        from pathlib import Path
        from dockerlab.course import progress
        diary = progress.Diary(Path(sys.argv[1]))
        for number in range(60):
            diary.note(progress.checked(sys.argv[2], f"e{number}", "correcto"))
            diary.note(progress.answered("00", 1, False, (f"{sys.argv[2]}-{number}",)))
        assert not diary.said(), diary.said()
    """
    writers = [python(code, file, number) for number in ("01", "02")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    data = read(file)
    assert len(data["notebooks"]["01"]["ejercicios"]) == len(data["notebooks"]["02"]["ejercicios"]) == 60
    shared = data["notebooks"]["00"]["preguntas"]["1"]
    assert shared["intentos"] == 120 and len(shared["errores"]) == 120


# ── cómo se enseña ───────────────────────────────────────────────────────────


def test_the_report_says_everything_in_words_and_counts(learner):
    course.comprobar("codigos", RIGHT)
    shown = course.progreso("  Ana   <b> ")
    assert repr(shown).splitlines()[0] == "Progreso de Ana <b>"
    assert "■□□□□□ 1 de 6" in repr(shown)
    page = shown._repr_html_()
    assert "Ana &lt;b&gt;" in page and "1 de 6" in page
    assert page.count("scope='row'") == 1 and page.count("scope='col'") == 5
    learner()
    assert repr(course.progreso()).startswith("Progreso de Ana")
