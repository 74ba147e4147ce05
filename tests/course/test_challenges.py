"""Todos los retos, en un solo bucle: soluciones que llegan y finales equivocados que se rechazan con su razón."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from dockerlab.course import challenge_check, challenges, practice
from dockerlab.course.challenge import Attempt, count, reached

CHALLENGES = challenges.everything()
FILES = sorted(path.name for path in files("dockerlab.course").joinpath("challenges").iterdir())
EACH = [pytest.param(one, id=one.id) for one in CHALLENGES]
ROADS = [pytest.param(one, road, id=f"{one.id}-{number}") for one in CHALLENGES
         for number, road in enumerate((one.solution, *one.roads))]
WRONG = [pytest.param(one, number, id=f"{one.id}-{number + 1}") for one in CHALLENGES
         for number in range(len(one.wrong))]


@pytest.mark.parametrize("name", FILES)
def test_only_challenges_with_a_number_and_a_name_live_in_the_folder(name):
    assert re.fullmatch(r"\d\d-[a-z0-9]+(-[a-z0-9]+)*\.toml", name)


@pytest.mark.parametrize("challenge", EACH)
def test_at_the_start_it_is_pending_and_says_every_missing_goal(challenge):
    attempt = Attempt(challenge)
    assert not [line for line in attempt.started if line[2]], attempt.started
    verdict, goals = attempt.verdict(), attempt.goals()
    assert verdict.state == "pendiente", verdict
    missing = [text for text, done in goals if not done]
    assert missing
    assert all((text in verdict.text) is (text in missing) for text, _ in goals)


@pytest.mark.parametrize(("challenge", "road"), ROADS)
def test_every_known_road_arrives(challenge, road):
    attempt = Attempt(challenge)
    walked = attempt.walk(road)
    verdict = attempt.verdict()
    assert verdict.state == "correcto", (verdict, walked.transcript)
    assert verdict.text == challenge.explanation
    assert all(done for _, done in attempt.goals())


@pytest.mark.parametrize("challenge", EACH)
def test_the_solution_takes_the_orders_it_says_and_docker_understands_them(challenge):
    attempt = Attempt(challenge)
    walked = attempt.walk(challenge.solution)
    assert len(walked.transcript) == count(challenge.solution) == challenge.par
    assert not [line for line in walked.transcript if line[2] == challenge_check.REFUSED]


@pytest.mark.parametrize(("challenge", "number"), WRONG)
def test_every_known_wrong_end_is_refused_with_its_own_text(challenge, number):
    finding = challenge_check.refused(challenge, number)
    assert finding.kind == "correcto", str(finding)


@pytest.mark.parametrize(("challenge", "number"), [one for one in WRONG if one.id < "09"])
def test_after_a_wrong_end_the_solution_still_arrives_or_the_text_says_to_undo(challenge, number):
    attempt = Attempt(challenge)
    before = {one.name for one in attempt.engine.view().containers}
    attempt.walk(challenge.wrong[number].road)
    if left := {one.name for one in attempt.engine.view().containers} - before:
        attempt.order(f"docker rm -f {' '.join(sorted(left))}")
    for path in attempt.folder.rglob("*"):
        if path.is_file():
            path.unlink()
    practice.prepare(attempt.folder, challenge.files)
    attempt.walk(challenge.solution)
    verdict = attempt.verdict()
    assert verdict or "eshaz" in verdict.text, verdict


@pytest.mark.parametrize("challenge", EACH)
def test_there_are_enough_wrong_ends_and_all_say_something_different(challenge):
    assert len(challenge.wrong) >= challenge_check.ENOUGH
    for told in ([end.say for end in challenge.wrong], [end.idea for end in challenge.wrong]):
        assert len(set(told)) == len(told)


@pytest.mark.parametrize("challenge", EACH)
def test_the_last_hint_gives_it_nearly_away_and_the_first_does_not(challenge):
    assert "`" in challenge.hints[-1]
    assert challenge.solution.removeprefix("!") not in challenge.hints[0]


def test_titles_stories_and_explanations_are_not_repeated():
    for field in ("title", "story", "explanation", "solution"):
        texts = [getattr(one, field) for one in CHALLENGES]
        assert len(set(texts)) == len(texts), field


def test_every_notebook_from_00_to_08_has_three_from_soft_to_hard():
    for number in range(9):
        levels = [one.level for one in CHALLENGES if one.sequence == f"{number:02}"]
        assert len(levels) >= 3 and levels == sorted(levels), number
        assert levels[0] < levels[-1], number


def test_the_patients_of_the_hospital_follow_each_other():
    road, one = [], challenges.find("16-nace-y-muere")
    while one and one.sequence == "16":
        road.append(one.title.partition(":")[0])
        one = challenges.following(one)
    assert road == [f"Paciente {number}" for number in range(1, 13)]


def test_reading_the_facts_changes_nothing():
    for challenge in CHALLENGES:
        attempt = Attempt(challenge)
        before, events = attempt.engine.view(), len(attempt.engine.events.events)
        tree = sorted(path.relative_to(attempt.folder) for path in attempt.folder.rglob("*"))
        attempt.verdict(), attempt.goals()
        assert attempt.engine.view() == before
        assert len(attempt.engine.events.events) == events
        assert sorted(path.relative_to(attempt.folder) for path in attempt.folder.rglob("*")) == tree


def test_an_attempt_can_start_again_from_the_beginning():
    attempt = Attempt(challenges.find("05-nombre-ocupado"))
    before = attempt.engine.view()
    attempt.order("docker rm catalogo")
    assert attempt.verdict().state == "incorrecto"
    attempt.restart()
    assert attempt.engine.view() == before
    assert attempt.verdict().state == "pendiente"


def test_the_goal_can_be_drawn():
    view = reached(challenges.find("05-nombre-ocupado"))
    assert [(one.name, one.state) for one in view.containers] == [("catalogo", "running")]


def test_after_one_comes_the_next_and_after_the_last_none():
    order = [CHALLENGES[0]]
    while following := challenges.following(order[-1]):
        order.append(following)
    assert tuple(order) == CHALLENGES
    assert [one.sequence for one in order] == sorted(one.sequence for one in order)


def test_what_was_left_behind_in_a_notebook_comes_before_the_next_notebook():
    mine = [one for one in CHALLENGES if one.sequence == "07"]
    solved = {mine[0].id}
    assert challenges.following(mine[-1], solved) == mine[1]
    assert challenges.following(mine[-1], {one.id for one in mine}).sequence == "08"
    assert challenges.following(CHALLENGES[-1], {one.id for one in CHALLENGES}) is None


def test_the_list_begins_with_the_notebook_at_hand():
    assert [one.sequence for one in challenges.shelf(first="07").challenges][:3] == ["07"] * 3
    assert sorted(challenges.shelf(first="07").challenges, key=lambda one: one.id) == sorted(
        CHALLENGES, key=lambda one: one.id)


def test_the_list_marks_what_is_solved():
    first, *_ = CHALLENGES
    shelf = challenges.shelf({first.id, "no-existe"})
    assert "resueltos 1" in repr(shelf) and repr(shelf).count("✔") == 1
    assert all(one.id in repr(shelf) and one.id in shelf._repr_html_() for one in CHALLENGES)


def test_a_name_with_a_slip_gets_a_suggestion():
    with pytest.raises(challenges.ChallengeError, match="05-nombre-ocupado"):
        challenges.find("05-nombre-ocupada")


# ── el archivo de quien enseña ───────────────────────────────────────────────

GOOD = '''
title = "Un saludo"
story = "Arranca algo."
claims = ["C8"]
par = 1
goals = [{ text = "`uno` está en marcha", when = "container('uno').state == 'running'" }]
hints = ["Con `docker run`.", "`docker run -d --name uno alpine sleep 9`"]
solution = "!docker run -d --name uno alpine sleep 1000"
explanation = "Ya está."

[[wrong]]
road = "!docker create --name uno alpine"
when = "container('uno').state == 'created'"
idea = "crear arranca"
say = "Está {container('uno').state}."
'''

FAULTS = {
    "unknown field": ("par = 1", "par = 1\nhistoria = 'x'", "historia", "no es un campo"),
    "slip in a field": ('story = "Arranca', 'estory = "Arranca', "estory", "¿Querías decir `story`?"),
    "missing field": ('explanation = "Ya está."', "", "explanation", "falta"),
    "empty text": ('"Ya está."', '""', "explanation", "está vacío"),
    "another shape": ("par = 1", 'par = "uno"', "par", "un número sin comillas"),
    "not the par": ("par = 1", "par = 2", "par", "Pon `par = 1`"),
    "unknown claim": ("C8", "C15", "claims", "C1 a C14"),
    "no hints": ('["Con `docker run`.", "`docker run -d --name uno alpine sleep 9`"]', "[]", "hints", "está vacío"),
    "one hint": ('"Con `docker run`.", ', "", "hints", "de dos a cinco"),
    "broken expression": ("== 'running'\"", "== 'running\"", "goals, 1, when", "no es una condición"),
    "forbidden expression": ("container('uno').state == 'running'", "open('x').read()", "goals, 1, when",
                             "no se permite"),
    "unknown fact": ("when = \"container('uno').state == 'running'", "when = \"contenedor('uno').state == 'running'",
                     "goals, 1, when", "`contenedor` no es un hecho"),
    "unknown attribute": (".state == 'running'", ".estado == 'running'", "goals, 1, when", "`.estado` no existe"),
    "wrong arguments": ("container('uno').state == 'running'", "container()", "goals, 1, when", "container(name)"),
    "loose brace": ("Está {container('uno').state}.", "Está {mal", "wrong, 1, say", "llave suelta"),
    "unknown name in what is said": ("{container('uno').state}", "{uno}", "wrong, 1, say", "`uno` no es un hecho"),
    "road that is not understood": ("!docker create", "docker create", "wrong, 1, road", "empiezan por `!docker`"),
    "quotes left open in an order": ("sleep 1000\"", "sh -c 'sleep\"", "solution", "falta cerrar unas comillas"),
    "quotes left open in an imagined order": ("container('uno').state == 'running'", r"""says(\"docker run 'a\")""",
                                              "goals, 1, when", "falta cerrar unas comillas"),
    "an imagined order that is not docker": ("container('uno').state == 'running'", "says('ls -l')",
                                             "goals, 1, when", "no es una orden de Docker"),
    "a road that writes outside": ("!docker create --name uno alpine", r"%%archivo ../fuera\nhola", "wrong, 1, road",
                                   "se sale de la carpeta"),
    "level out of range": ("par = 1", "par = 1\nlevel = 4", "level", "de 1 (suave) a 3"),
    "file outside": ("par = 1", "par = 1\nfiles = { '../x' = 'y' }", "files", "se sale de la carpeta"),
    "missing part of a goal": ("text = \"`uno` está en marcha\", ", "", "goals, 1, text", "falta"),
    "missing idea": ('idea = "crear arranca"', "", "wrong, 1, idea", "falta"),
    "not toml": ('title = "Un saludo"', 'title "Un saludo"', "línea 2", "el signo igual"),
    "unclosed quotes": ('"Arranca algo."', '"Arranca algo.', "línea 3", "tres comillas"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_says_what_where_and_what_to_try(name):
    old, new, field, told = FAULTS[name]
    assert old in GOOD
    with pytest.raises(challenges.ChallengeError) as error:
        challenges.read(GOOD.replace(old, new, 1), "mio.toml")
    faults = [fault for fault in error.value.faults if fault.field == field]
    assert faults, error.value
    assert told in f"{faults[0].what} {faults[0].tip}"
    assert faults[0].file == "mio.toml" and faults[0].tip


def test_all_the_faults_of_a_file_come_at_once():
    with pytest.raises(challenges.ChallengeError) as error:
        challenges.read(GOOD.replace("C8", "C99").replace("par = 1", "par = 3").replace("hints", "pistas"), "mio.toml")
    assert {fault.field for fault in error.value.faults} >= {"claims", "par", "pistas", "hints"}


def test_what_does_not_exist_yet_does_not_hold():
    challenge = challenges.read(GOOD, "mio.toml")
    assert Attempt(challenge).goals() == (("`uno` está en marcha", False),)


def test_a_story_flows_whatever_the_width_it_was_written_at():
    written = '"""\nUna `docker\n  run` larga.\n\nY otra.\n"""'
    text = GOOD.replace('"Arranca algo."', written)
    assert challenges.read(text, "mio").story == "Una `docker run` larga.\n\nY otra."


def test_what_is_said_of_something_missing_does_not_fail():
    text = GOOD.replace("container('uno').state == 'created'", "not containers")
    challenge = challenges.read(text, "mio.toml")
    assert Attempt(challenge).verdict().text == "Está nada."


def test_a_new_file_is_the_example_and_is_not_written_twice(tmp_path, capsys):
    path = tmp_path / "mi-reto.toml"
    assert challenge_check.main(["nuevo", str(path)]) == 0
    assert challenges.load(path).title == "El ascensor en revisión"
    path.write_text("mío", encoding="utf-8")
    assert challenge_check.main(["nuevo", str(path)]) == 1
    assert path.read_text(encoding="utf-8") == "mío" and "ya existe" in capsys.readouterr().out
    assert challenge_check.main(["nuevo", str(tmp_path / "no" / "mi-reto.toml")]) == 1


def command(path: Path) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "dockerlab", "reto", "comprobar", str(path)],
                          capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_command_says_that_a_file_is_good(tmp_path):
    path = tmp_path / "mio.toml"
    path.write_text(GOOD, encoding="utf-8")
    done = command(path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Todo bien" in done.stdout and "finales equivocados" in done.stdout


@pytest.mark.parametrize(("old", "new", "told"), [
    ("-d --name uno alpine sleep 1000", "-d --name dos alpine sleep 1000", "La solución no llega"),
    ("'created'", "'paused'", "no se reconoce: queda pendiente"),
    ("par = 1", "par = 1\nstart = '!docker run -d --name uno alpine sleep 100'", "ya se cumplen todas las metas"),
    ("par = 1", "par = 1\nstart = '!docker create --name uno alpine'", "ya se cumple un final equivocado"),
    ("par = 1", "par = 1\nstart = '!docker stop nadie'", "`docker stop nadie` acaba con 1"),
    ("par = 1", "par = 7", "Pon `par = 1`"),
])
def test_the_command_says_what_is_wrong_and_ends_with_1(tmp_path, old, new, told):
    path = tmp_path / "mio.toml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    done = command(path)
    assert done.returncode == 1
    assert told in done.stdout and "Por arreglar" in done.stdout and not done.stderr


def test_the_command_says_that_a_file_is_missing(tmp_path):
    done = command(tmp_path / "otro.toml")
    assert done.returncode == 1 and "no está en esa carpeta" in done.stdout


def test_the_command_explains_itself():
    assert challenge_check.main([]) == 0
    assert challenge_check.main(["otra"]) == 2
