"""Lo que se usa en los notebooks: abrir una lección, predecir, comprobar, pedir pistas.

Las funciones son palabras en español porque son parte del texto. Por dentro
hay una sola cosa con estado: la lección abierta.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from . import lessons, practice, progress, review, roads
from .answers import Unreadable
from .checks import judge
from .host import SOLVED, attended, course_folder, default_docker, failed_build, file_magic, in_kernel
from .kept import engine_folder, kept_docker
from .lessons import Exercise, Lesson, Question
from .measures import Measures
from .progress import Diary
from .quiz import Asked, Note, examples, outcome, told
from .report import Report, code_note
from .show import Verdict
from .slips import NotOpen

STALE = "Tu última construcción falló, y esto habla de la imagen de antes: arregla primero aquel error."


class Session:
    """Una lección abierta sobre un motor, con el progreso de quien aprende: lo que ya apuntó se recuerda."""

    def __init__(self, lesson: Lesson, docker: Any, folder: Path, diary: Diary | None = None):
        self.lesson, self.docker, self.folder, self.diary = lesson, docker, folder, diary or Diary()
        self.number = lesson.name.partition("_")[0]
        known = self.diary.notebook(self.number)
        self.measures = Measures()
        self.hints: dict[str, int] = {id: one.get("pistas", 0) for id, one in known.get("ejercicios", {}).items()}
        self.guesses: dict[str, str] = {id: one["opcion"] for id, one in known.get("predicciones", {}).items()}

    def noted(self, said: Any, record: Callable[..., progress.Change], *what: Any) -> Any:
        """Apunta algo en el progreso y devuelve lo que se iba a decir (y, si el archivo falla, que ha fallado)."""
        self.diary.note(record(self.number, *what))
        told = self.diary.said()
        return replace(said, text=f"{said.text}\n\n{told}".strip()) if told else said

    def check(self, id: str, answer: Any = None) -> Verdict:
        """El veredicto del ejercicio con el motor como está."""
        engine = self.docker.engine
        verdict = judge(self.lesson.exercise(id), engine, answer, engine.events.marks.get(id, 0))
        if verdict.state == "incorrecto" and failed_build():
            verdict = replace(verdict, text=f"{verdict.text}\n\n{STALE}")
        return self.noted(verdict, progress.checked, id, verdict.state, verdict.reasons)

    def reply(self, number: int, answer: Any) -> Note:
        """Lo que se contesta a la pregunta `number` del cuestionario."""
        heard: list[Any] = []
        note = _reply(self.lesson.questions, number, answer, heard.append)
        return self.noted(note, progress.answered, number, heard[0].right, heard[0].faults) if heard else note

    def hint(self, id: str) -> Note:
        """La pista siguiente; la última se repite y recuerda que hay solución."""
        exercise = self.lesson.exercise(id)
        total, given = len(exercise.hints), self.hints.get(id, 0)
        index = min(given, total - 1)
        self.hints[id] = given + 1
        more = "" if given < total else f'\n\nNo quedan más pistas. La solución: `solucion("{id}")`.'
        note = Note("pista", f"Pista {index + 1} de {total} · {exercise.title}", exercise.hints[index] + more)
        return self.noted(note, progress.hinted, id, index + 1)

    def guess(self, id: str, answer: Any) -> Note:
        """Apunta la predicción; si esa opción no existe, dice cuáles hay."""
        question = self.lesson.prediction(id)
        try:
            letter = self.guesses[id] = question.read(answer)
        except Unreadable as error:
            return Note("pendiente", error.heading, str(error))
        note = Note("apuntado", f"Apuntado: {letter})", f"{question.option(letter).text}\n\nAhora, a ver qué pasa.")
        return self.noted(note, progress.guessed, id, letter, letter == question.answer)


_open: Session | None = None


def current() -> Session:
    """La lección abierta. Error `NotOpen` si todavía no hay ninguna."""
    if _open is None:
        raise NotOpen('Todavía no hay una lección abierta: ejecuta la primera celda, la de `leccion("…")`.')
    return _open


def current_diary() -> Diary:
    """El progreso: el de la lección abierta o, si no hay ninguna, el del archivo."""
    return _open.diary if _open else Diary(progress_file(course_folder()))


def at_hand() -> str:
    """El notebook de la lección abierta («05»), o nada."""
    return _open.number if _open else ""


def progress_file(folder: Path) -> Path | None:
    """Dónde se apunta el progreso; None al generar y al probar los notebooks, y en los resueltos."""
    return folder / progress.NAME if attended() and folder.name != SOLVED else None


def leccion(nombre: str, docker: Any = None, de_nuevo: bool = False) -> Note:
    """Abre una lección («01») sobre el motor del notebook y prepara su carpeta de práctica.

    El motor y el progreso siguen donde los dejaste. Con `de_nuevo=True`, el
    motor empieza vacío y los archivos de práctica, como el primer día; el
    progreso no se borra.
    """
    global _open
    lesson, folder = lessons.load(nombre), course_folder()
    practice.prepare(folder, lesson.files, again=de_nuevo)
    file_magic(folder)
    file = progress_file(folder)
    diary, found = Diary(file), ""
    if docker is None:
        docker, found = kept_docker(folder, lesson.name[:2], de_nuevo) if file else (default_docker(), "")
    _open = Session(lesson, docker, folder, diary)
    if file:
        _open.measures = Measures.kept(engine_folder(folder, lesson.name[:2]) / "medidas.json")
    text = ("El motor está listo. Te esperan "
            f"{len(lesson.exercises)} ejercicios y {len(lesson.questions)} preguntas.")
    return Note("nota", f"{lesson.name.partition('_')[0]} · {lesson.title}",
                "\n\n".join(filter(None, (text, found, diary.said()))))


def comprobar(ejercicio: str, respuesta: Any = None) -> Verdict:
    """Mira si el ejercicio está resuelto: pendiente, correcto o incorrecto, y por qué."""
    return current().check(ejercicio, respuesta)


def pista(ejercicio: str) -> Note:
    """Una pista; si la pides otra vez, la siguiente."""
    return current().hint(ejercicio)


def solucion(ejercicio: str) -> Note:
    """Una solución y por qué funciona. Mejor después de intentarlo."""
    session = current()
    exercise: Exercise = session.lesson.exercise(ejercicio)
    note = Note("nota", f"Una solución · {exercise.title}", f"{exercise.solution}\n\n{exercise.explanation}")
    return session.noted(note, progress.hinted, ejercicio, 0, True)


def preparar(ejercicio: str, en_silencio: bool = False) -> Note:
    """Deja el motor como el ejercicio lo necesita y cuenta las órdenes dadas; `en_silencio`, no las cuenta.

    Se puede repetir: elimina los contenedores y los volúmenes que vuelve a crear, y lo que pasó antes ya no cuenta al
    comprobar. Desde dónde se cuenta se guarda con el motor: vale también después de reiniciar el intérprete.
    """
    session = current()
    exercise, engine = session.lesson.exercise(ejercicio), session.docker.engine
    again = roads.retake(engine, exercise.start, exercise.solution)
    engine.events.marks[ejercicio] = len(engine.events.events)
    walked = roads.walk(engine, exercise.start, session.folder)
    told = "" if en_silencio else "\n".join(f"$ {line}" for line in (*again, *(row[0] for row in walked.transcript)))
    return Note("nota", f"Preparado · {exercise.title}", told)


def predecir(prediccion: str, opcion: str | None = None) -> Asked | Note:
    """Pregunta qué va a pasar; con `opcion` («a», «b»…) apunta lo que crees."""
    session = current()
    if opcion is not None:
        return session.guess(prediccion, opcion)
    question = session.lesson.prediction(prediccion)
    asked = Asked("Predice antes de seguir", (question,), lambda _, letter: session.guess(prediccion, letter),
                  f'Apunta lo que crees: `predecir("{prediccion}", "a")`', reveal=False)
    return with_widget(asked)


def explicar(prediccion: str) -> Note:
    """Qué pasó y por qué, al lado de lo que habías predicho."""
    session = current()
    return outcome(session.lesson.prediction(prediccion), session.guesses.get(prediccion))


def repaso(numero: int | None = None, respuesta: Any = "") -> Asked | Note:
    """Unas preguntas de notebooks anteriores; con `numero` y `respuesta`, contesta una."""
    questions = review.chosen(current().lesson)
    if numero is not None:
        return _reply(questions, numero, respuesta)
    return with_widget(Asked("Antes de empezar, repasa", questions, repaso, examples("repaso", questions)))


def cuestionario() -> Asked:
    """Las preguntas de la lección, con una razón detrás de cada opción."""
    session = current()
    questions, past = session.lesson.questions, session.diary.notebook(session.number).get("preguntas", {})
    known = frozenset(number for number in range(1, len(questions) + 1) if past.get(str(number), {}).get("acierto"))
    return with_widget(Asked("Cuestionario", questions, responder, examples("responder", questions), known=known))


def responder(numero: int, respuesta: Any) -> Note:
    """Contesta la pregunta `numero` (desde 1) del cuestionario: una letra, varias (`"ac"`) o un número."""
    return current().reply(numero, respuesta)


def progreso(nombre: str | None = None) -> Report:
    """Lo que llevas hecho en todo el curso. Con `nombre`, además apunta cómo te llamas."""
    session = current()
    if nombre is not None:
        session.diary.note(progress.named(" ".join(str(nombre).split())))
    return Report(session.diary.data, session.number, session.diary.said())


def codigo() -> Note:
    """El código de este notebook, para leérselo a quien enseña: dice qué está hecho."""
    session = current()
    return code_note(session.diary.data, session.number)


def _reply(questions: tuple[Question, ...], numero: int, respuesta: Any, heard: Any = None) -> Note:
    if not isinstance(numero, int) or not 1 <= numero <= len(questions):
        return Note("pendiente", f"No hay pregunta {numero}", f"Las preguntas van de 1 a {len(questions)}.")
    return told(questions[numero - 1], respuesta, heard)


def with_widget(asked: Asked) -> Asked:
    """Las preguntas, con botones si hay un notebook vivo delante."""
    if in_kernel():
        from ..widgets.quiz import Quiz
        asked.widget = Quiz(asked)
    return asked
