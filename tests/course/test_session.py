"""Lo que se teclea en un notebook: predecir, comprobar, pedir pistas, contestar."""

from __future__ import annotations

import shutil

import pytest

from dockerlab import Docker, course
from dockerlab.course import session, slips
from dockerlab.course.practice import write
from dockerlab.course.quiz import Asked
from dockerlab.course.roads import literal, road_cells, walk
from tests.extras import ROOT


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """La lección 01 abierta en una carpeta vacía, con un motor nuevo."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(session, "_open", None)
    course.leccion("01", Docker())
    return session._open


def test_without_a_lesson_the_message_says_what_to_do(monkeypatch):
    monkeypatch.setattr(session, "_open", None)
    with pytest.raises(RuntimeError, match="primera celda"):
        course.comprobar("clasifica")


def test_preparing_again_starts_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(session, "_open", None)
    docker = Docker()
    course.leccion("13", docker)
    said = course.preparar("sin-reiniciar").text
    assert "docker rm" not in said
    docker("docker restart tienda")
    assert "La has reiniciado" in course.comprobar("sin-reiniciar").text
    assert course.preparar("sin-reiniciar").text == f"$ docker rm -f tienda\n{said}"
    assert course.comprobar("sin-reiniciar").state == "pendiente"


def test_preparing_again_forgets_who_took_the_new_name(tmp_path, monkeypatch):
    """El contenedor al que se le cambió el nombre en otro intento no cuenta en este; los ajenos se quedan."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(session, "_open", None)
    docker = Docker(folder=str(tmp_path))
    course.leccion("05", docker)
    docker("docker run -d --name marcha nginx")
    course.preparar("choque")
    assert course.comprobar("choque").state == "pendiente"
    docker("docker rename web web-vieja")
    docker("docker run -d --name web nginx")
    assert course.comprobar("choque").state == "correcto"
    assert "$ docker rm -f web-vieja" in course.preparar("choque").text.splitlines()
    docker("docker rm web")
    docker("docker run -d --name web nginx")
    assert "su nota se fue con él" in course.comprobar("choque").text
    assert "marcha" in {one.name for one in docker.engine.view().containers}


def test_preparing_again_empties_the_volumes_it_fills(tmp_path, monkeypatch):
    """También si un contenedor de paso, sin --rm, todavía monta el volumen."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "notebooks" / "libro", tmp_path / "libro")
    monkeypatch.setattr(session, "_open", None)
    docker = Docker(folder=str(tmp_path))
    course.leccion("09", docker)
    course.preparar("sin-root")
    docker("docker volume create ajeno")
    docker("docker run --name paso -v registro:/datos alpine chmod -R 777 /datos")
    assert "chown" in course.comprobar("sin-root").text
    said = course.preparar("sin-root").text.splitlines()
    assert {"$ docker rm -f paso", "$ docker rm -f discreto", "$ docker volume rm registro"} <= set(said)
    assert course.comprobar("sin-root").text.startswith("Beto todavía no ha firmado")
    assert [one.name for one in docker.engine.view().volumes] == ["ajeno", "registro"]


def test_an_unknown_exercise_names_the_ones_there_are(lesson):
    with pytest.raises(KeyError, match="Hay estos: dos-contenedores"):
        course.comprobar("xyz")
    with pytest.raises(KeyError, match="¿Querías decir «dos-contenedores»?"):
        course.pista("dos-contenedor")
    (lesson.folder / "nota.txt").write_text("hola")
    with pytest.raises(KeyError, match="¿Querías decir «nota.txt»?"):
        course.mostrar("notas.txt")


def test_a_slip_is_a_sentence_in_the_notebook_and_not_a_list_of_calls(lesson):
    from IPython.core.interactiveshell import InteractiveShell
    shell = InteractiveShell()
    shell.user_ns["comprobar"] = course.comprobar
    seen = []
    shell._showtraceback = lambda kind, value, lines: seen.extend(lines)
    assert not shell.run_cell("comprobar('clasfica')").success
    assert seen == ["✘ No hay un ejercicio de esta lección que se llame «clasfica». ¿Querías decir «clasifica»?"]


def test_an_untouched_exercise_is_pending(lesson):
    verdict = course.comprobar("dos-contenedores")
    assert not verdict
    assert repr(verdict).startswith("… Pendiente · Dos contenedores de una imagen\n  ")
    assert "Pendiente" in verdict._repr_html_()


def test_an_answer_of_another_shape_is_refused_with_the_shape(lesson):
    assert "dict(ana='?'" in course.comprobar("quien-la-ve", "sí").text
    assert course.comprobar("quien-la-ve", {"ana": "sí"}).text == "Falta responder: beto, nuevo, imagen."


def test_hints_come_one_at_a_time_and_then_point_to_the_solution(lesson):
    given = [course.pista("clasifica") for _ in range(4)]
    assert [note.heading.split(" ·")[0] for note in given] == [
        "Pista 1 de 3", "Pista 2 de 3", "Pista 3 de 3", "Pista 3 de 3"]
    assert "solucion(" in given[3].text and "solucion(" not in given[2].text
    assert course.solucion("clasifica").text.startswith("respuesta = dict(a='contenedor'")


def test_a_prediction_is_noted_and_compared_later(lesson):
    assert "Apuntado: a)" in repr(course.predecir("descargar", " A) "))
    assert "Predijiste a)" in repr(course.explicar("descargar"))
    course.predecir("descargar", "b")
    assert "Lo predijiste" in repr(course.explicar("descargar"))
    assert "Lo que pasa" in repr(course.explicar("escribir"))


def test_a_prediction_that_is_not_a_letter_gets_a_sentence_and_is_not_noted(lesson):
    assert "No hay opción «z»" in repr(course.predecir("descargar", "z"))
    assert "No entiendo" in repr(course.predecir("descargar", 3))
    assert "Lo que pasa" in repr(course.explicar("descargar"))


def test_the_quiz_as_text_hides_the_answers_and_says_how_to_give_them(lesson):
    quiz = course.cuestionario()
    assert isinstance(quiz, Asked)
    text = repr(quiz)
    assert "1. ¿Qué contiene una imagen?" in text and "responder(1," in text
    reasons = [reason for question in quiz.questions for _, _, reason in question.reveal()]
    assert reasons and all(reason not in text for reason in reasons)


def test_the_quiz_is_answered_from_code_and_sends_back_to_what_to_read_again(lesson):
    for number, question in enumerate(lesson.lesson.questions, 1):
        assert course.responder(number, question.answer).kind == "correcto"
        for answer, reason in question.known():
            note = course.responder(number, answer)
            assert note.kind == "incorrecto" and reason in note.text
            assert f"Para volver a leerlo: {question.where}" in repr(note)
            assert f"href='#{question.where.strip('«»').replace(' ', '-')}'" in note._repr_html_()
    assert "van de 1 a" in course.responder(99, "a").text and "van de 1 a" in course.responder("a", "a").text
    assert "letras" in course.responder(1, "z").text


def test_practice_files_are_kept_until_asked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    course.leccion("02", Docker())
    mine = tmp_path / "practica" / "cartel" / "Dockerfile"
    mine.write_text("FROM debian\n")
    course.leccion("02", Docker())
    assert mine.read_text() == "FROM debian\n"
    course.reiniciar()
    assert mine.read_text().startswith("FROM alpine")


def test_files_are_written_only_inside_the_course(tmp_path):
    with pytest.raises(ValueError, match="fuera"):
        write(tmp_path / "curso", "../fuera.txt", "x")


def test_roads_are_read_as_cells():
    road = "%%archivo a.txt\nuno\n\ndos\n\n!docker ps\n\n%%docker\ndocker ps\n\nrespuesta = dict(a='b')"
    assert [cell.split()[0] for cell in road_cells(road)] == ["%%archivo", "!docker", "%%docker", "respuesta"]
    assert literal("dict(a='b', c=1)") == {"a": "b", "c": 1}


def test_a_review_asks_what_earlier_lessons_asked_and_says_where_to_read_it_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(session, "_open", None)
    course.leccion("03", Docker())
    asked = course.repaso()
    assert "100 MB" in repr(asked) and 'repaso(1, 7)' in repr(asked)
    assert "Correcto" in repr(course.repaso(1, 110))
    assert "notebook 01 · Imagen y contenedor" in repr(course.repaso(1, 1010))
    assert "No hay pregunta 9" in repr(course.repaso(9, "a"))


def test_orders_shown_with_their_prompt_are_not_read_as_a_formula():
    from dockerlab.course.show import inline
    assert inline("$ docker ps\n$ rm `$X`") == "<span>$</span> docker ps\n<span>$</span> rm <code>$X</code>"


@pytest.mark.parametrize("ask", [lambda: course.mostrar("../fuera.txt"), lambda: course.mostrar("no-esta.txt"),
                                 lambda: course.medir("una", "no-esta")])
def test_a_file_outside_or_missing_is_a_sentence(lesson, ask):
    with pytest.raises(slips.Slip) as told:
        ask()
    assert any(words in str(told.value) for words in ("fuera de la carpeta", "No hay un archivo", "No está la carpeta"))


def test_without_the_example_folder_it_says_where_it_comes_from(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(session, "_open", None)
    course.leccion("02", Docker())
    with pytest.raises(slips.Missing, match=r"No está la carpeta «app», y en ella «Dockerfile»\. Viene con el curso"):
        course.mostrar("app/Dockerfile")
    with pytest.raises(slips.Missing, match="docker build -t my-image app/.*app/. not found.*Viene con el curso"):
        course.animar("construccion")


def test_a_file_cell_says_if_an_order_has_slipped_into_the_file(tmp_path, monkeypatch, capsys):
    from IPython.core.interactiveshell import InteractiveShell

    from dockerlab.course import host
    ipython = InteractiveShell()
    monkeypatch.setattr(host, "shell", lambda: ipython)
    host.file_magic(tmp_path)
    ipython.run_cell("%%archivo a/Dockerfile\nFROM alpine\nRUN true\n")
    assert capsys.readouterr().out == "a/Dockerfile: 2 líneas\n"
    ipython.run_cell("%%archivo a/Dockerfile\nFROM alpine\n\n!docker build a\n")
    assert "«!docker build a» se ha escrito dentro del archivo" in capsys.readouterr().out
    assert (tmp_path / "a" / "Dockerfile").read_text(encoding="utf-8") == "FROM alpine\n\n!docker build a\n"


def test_after_a_failed_build_a_verdict_says_that_it_speaks_of_the_image_before(tmp_path, monkeypatch):
    from types import SimpleNamespace

    from dockerlab.course import host
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(session, "_open", None)
    notebook = SimpleNamespace(latest=([], 0))
    monkeypatch.setattr(host, "shell", lambda: SimpleNamespace(dockerlab_notebook=notebook, user_ns={},
                                                               register_magic_function=lambda *_, **__: None))
    docker = Docker(folder=str(tmp_path))
    course.leccion("02", docker)
    walk(docker.engine, "!docker build -q -t cartel practica/cartel", tmp_path)
    assert session.STALE not in course.comprobar("cartel").text
    notebook.latest = (["docker", "build", "-t", "cartel", "practica/cartel"], 1)
    verdict = course.comprobar("cartel")
    assert verdict.state == "incorrecto" and verdict.text.endswith(session.STALE)
    notebook.latest = (["docker", "ps"], 1)
    assert session.STALE not in course.comprobar("cartel").text
