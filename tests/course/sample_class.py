"""Una clase de muestra para el notebook de quien enseña: doce personas inventadas, comprobaciones de verdad.

    python -m tests.course.sample_class

Cada cual falla como falla la gente: por los errores conocidos de cada
ejercicio, que se recorren en un motor y se comprueban; lo que se apunta es lo
que la comprobación contestó. La semilla es fija.
"""

from __future__ import annotations

import functools
import random
import shutil
import tempfile
from pathlib import Path

from dockerlab.course import challenges, lessons
from dockerlab.course.checks import judge
from dockerlab.course.lessons import Exercise, Lesson
from dockerlab.course.practice import prepare
from dockerlab.course.progress import Change, answered, blank, challenged, checked, guessed, hinted, named, write
from dockerlab.course.roads import walk
from dockerlab.course.show import Verdict
from dockerlab.engine import Engine
from tests.extras import ROOT

FOLDER = ROOT / "notebooks" / "instructor" / "muestra"
SEED = 14
DAYS = ("2026-03-02", "2026-03-02", "2026-03-02", "2026-03-03", "2026-03-03", "2026-03-03")
# nombre: (acierto a la primera, de 0 a 1; notebooks que ha hecho; qué parte del último)
CLASS = {
    "Aitana": (0.85, 6, 1.0), "Andrés": (0.65, 6, 0.8), "Bruno": (0.4, 4, 0.5), "Carmen": (0.7, 6, 1.0),
    "Diego": (0.5, 5, 0.4), "Elena": (0.95, 6, 1.0), "Hugo": (0.35, 3, 1.0), "Inés": (0.6, 6, 0.8),
    "Lucía": (0.55, 6, 0.6), "Marcos": (0.75, 6, 1.0), "Noa": (0.45, 5, 0.2), "Yusuf": (0.6, 6, 0.5),
}


@functools.cache
def verdict(name: str, id: str, number: int) -> Verdict:
    """Lo que contesta la comprobación tras el error conocido `number`, o tras la solución (-1)."""
    lesson = lessons.load(name)
    exercise = lesson.exercise(id)
    wrong = exercise.wrong[number] if number >= 0 else None
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        engine = Engine(folder=folder)
        prepare(here, lesson.files)
        for example in (ROOT / "notebooks").glob("*/Dockerfile"):
            shutil.copytree(example.parent, here / example.parent.name, dirs_exist_ok=True)
        walk(engine, exercise.start, here)
        walked = walk(engine, wrong.road if wrong else exercise.solution, here)
        return judge(exercise, engine, wrong.answer if wrong and wrong.answer is not None else walked.answer)


def exercise_story(chance: random.Random, skill: float, lesson: Lesson, exercise: Exercise) -> list[Change]:
    """Los intentos de una persona en un ejercicio: fallos, pistas y, casi siempre, el acierto."""
    number, story, hints, tries = lesson.name[:2], [], 0, 0
    while chance.random() > skill and tries < 5:
        # Los errores no se reparten por igual: los primeros de la lista son los más corrientes.
        which = min(int(chance.expovariate(0.9)), len(exercise.wrong) - 1)
        told = verdict(lesson.name, exercise.id, which)
        story.append(checked(number, exercise.id, told.state, told.reasons))
        tries += 1
        if chance.random() < 0.6 and hints < len(exercise.hints):
            hints += 1
            story.append(hinted(number, exercise.id, hints))
    if tries >= 3 and chance.random() < 0.5:
        return story
    if tries >= 4:
        story.append(hinted(number, exercise.id, hints, True))
    told = verdict(lesson.name, exercise.id, -1)
    return [*story, checked(number, exercise.id, told.state, told.reasons)]


def question_story(chance: random.Random, skill: float, lesson: Lesson, number: int) -> list[Change]:
    """Las respuestas de una persona a una pregunta del cuestionario."""
    question, story = lesson.questions[number - 1], []
    for answer, _ in chance.sample(question.known(), k=len(question.known())):
        if chance.random() < skill:
            break
        reply = question.judge(question.read(answer))
        story.append(answered(lesson.name[:2], number, reply.right, reply.faults))
    return [*story, answered(lesson.name[:2], number, True)]


@functools.cache
def solved_in(id: str) -> int:
    """Cuántas órdenes necesita la solución de un reto, después de ver que lo resuelve."""
    attempt = challenges.Attempt(challenges.find(id))
    walked = walk(attempt.engine, attempt.challenge.solution, attempt.folder)
    assert attempt.verdict().state == "correcto", id
    return len(walked.transcript)


def challenge_story(name: str, skill: float, number: str) -> list[Change]:
    """Los retos que resuelve quien va bien, a veces dando algún rodeo."""
    story = []
    for one in (one for one in challenges.everything() if one.sequence == number):
        chance = random.Random(f"{SEED} {name} {one.id}")
        if chance.random() < (skill - 0.4) / one.level:
            story.append(challenged(number, one.id, True, solved_in(one.id) + chance.randrange(3), one.par))
    return story


def progress_of(name: str) -> dict:
    """El progreso entero de una de las doce."""
    skill, many, share = CLASS[name]
    data = blank()
    named(name)(data)
    for order, full in enumerate(lessons.names()[:many]):
        lesson, number = lessons.load(full), full[:2]
        chance = random.Random(f"{SEED} {name} {number}")
        part = share if order == many - 1 else 1.0
        changes: list[Change] = []
        for prediction in lesson.predictions[:round(len(lesson.predictions) * part)]:
            right = chance.random() < skill * 0.7
            letter = prediction.answer if right else chance.choice(prediction.known())[0]
            changes.append(guessed(number, prediction.id, letter, right))
        for exercise in lesson.exercises[:round(len(lesson.exercises) * part)]:
            changes += exercise_story(chance, skill, lesson, exercise)
        for place in range(1, round(len(lesson.questions) * (part if part == 1 else 0)) + 1):
            changes += question_story(chance, skill, lesson, place)
        if part == 1:
            changes += challenge_story(name, skill, number)
        for change in changes:
            change(data)
        if changes:
            data["notebooks"][number]["ultima_vez"] = DAYS[order]
    return data


def main(folder: Path = FOLDER) -> None:
    """Escribe los doce archivos."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in CLASS:
        write(folder / f"{name.lower()}.json", progress_of(name))


if __name__ == "__main__":
    main()
