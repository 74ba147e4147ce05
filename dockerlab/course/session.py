"""Lo que se usa en los notebooks: abrir una lección, predecir, comprobar, pedir pistas.

Las funciones son palabras en español porque son parte del texto. Por dentro
hay una sola cosa con estado: la lección abierta.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from . import lessons, practice, progress, recordings, review, roads
from .answers import Unreadable
from .checks import judge
from .host import SOLVED, attended, course_folder, default_docker, failed_build, file_magic, given, in_kernel
from .kept import engine_folder, kept_docker
from .lessons import Exercise, Lesson, Question
from .measures import Measures
from .progress import Diary
from .quiz import Asked, Note, examples, outcome, told
from .report import Report, code_note
from .show import Listing, Verdict
from .slips import NotOpen

UNMEASURED = Note("pendiente", "Todavía no hay medidas", "Ejecuta antes las celdas que empiezan por medir(…).")


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


def _session() -> Session:
    if _open is None:
        raise NotOpen('Todavía no hay una lección abierta: ejecuta la primera celda, la de `leccion("…")`.')
    return _open


def _diary() -> Diary:
    """El progreso: el de la lección abierta o, si no hay ninguna, el del archivo."""
    return _open.diary if _open else Diary(progress_file(course_folder()))


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
    return _session().check(ejercicio, respuesta)


def pista(ejercicio: str) -> Note:
    """Una pista; si la pides otra vez, la siguiente."""
    return _session().hint(ejercicio)


def solucion(ejercicio: str) -> Note:
    """Una solución y por qué funciona. Mejor después de intentarlo."""
    session = _session()
    exercise: Exercise = session.lesson.exercise(ejercicio)
    note = Note("nota", f"Una solución · {exercise.title}", f"{exercise.solution}\n\n{exercise.explanation}")
    return session.noted(note, progress.hinted, ejercicio, 0, True)


def preparar(ejercicio: str, en_silencio: bool = False) -> Note:
    """Deja el motor como el ejercicio lo necesita y cuenta las órdenes dadas; `en_silencio`, no las cuenta.

    Se puede repetir: elimina los contenedores y los volúmenes que vuelve a crear, y lo que pasó antes ya no cuenta al
    comprobar. Desde dónde se cuenta se guarda con el motor: vale también después de reiniciar el intérprete.
    """
    session = _session()
    exercise, engine = session.lesson.exercise(ejercicio), session.docker.engine
    again = roads.retake(engine, exercise.start, exercise.solution)
    engine.events.marks[ejercicio] = len(engine.events.events)
    walked = roads.walk(engine, exercise.start, session.folder)
    told = "" if en_silencio else "\n".join(f"$ {line}" for line in (*again, *(row[0] for row in walked.transcript)))
    return Note("nota", f"Preparado · {exercise.title}", told)


def predecir(prediccion: str, opcion: str | None = None) -> Asked | Note:
    """Pregunta qué va a pasar; con `opcion` («a», «b»…) apunta lo que crees."""
    session = _session()
    if opcion is not None:
        return session.guess(prediccion, opcion)
    question = session.lesson.prediction(prediccion)
    asked = Asked("Predice antes de seguir", (question,), lambda _, letter: session.guess(prediccion, letter),
                  f'Apunta lo que crees: `predecir("{prediccion}", "a")`', reveal=False)
    return _with_widget(asked)


def explicar(prediccion: str) -> Note:
    """Qué pasó y por qué, al lado de lo que habías predicho."""
    session = _session()
    return outcome(session.lesson.prediction(prediccion), session.guesses.get(prediccion))


def repaso(numero: int | None = None, respuesta: Any = "") -> Asked | Note:
    """Unas preguntas de notebooks anteriores; con `numero` y `respuesta`, contesta una."""
    questions = review.chosen(_session().lesson)
    if numero is not None:
        return _reply(questions, numero, respuesta)
    return _with_widget(Asked("Antes de empezar, repasa", questions, repaso, examples("repaso", questions)))


def cuestionario() -> Asked:
    """Las preguntas de la lección, con una razón detrás de cada opción."""
    session = _session()
    questions, past = session.lesson.questions, session.diary.notebook(session.number).get("preguntas", {})
    known = frozenset(number for number in range(1, len(questions) + 1) if past.get(str(number), {}).get("acierto"))
    return _with_widget(Asked("Cuestionario", questions, responder, examples("responder", questions), known=known))


def responder(numero: int, respuesta: Any) -> Note:
    """Contesta la pregunta `numero` (desde 1) del cuestionario: una letra, varias (`"ac"`) o un número."""
    return _session().reply(numero, respuesta)


def progreso(nombre: str | None = None) -> Report:
    """Lo que llevas hecho en todo el curso. Con `nombre`, además apunta cómo te llamas."""
    session = _session()
    if nombre is not None:
        session.diary.note(progress.named(" ".join(str(nombre).split())))
    return Report(session.diary.data, session.number, session.diary.said())


def codigo() -> Note:
    """El código de este notebook, para leérselo a quien enseña: dice qué está hecho."""
    session = _session()
    return code_note(session.diary.data, session.number)


def _reply(questions: tuple[Question, ...], numero: int, respuesta: Any, heard: Any = None) -> Note:
    if not isinstance(numero, int) or not 1 <= numero <= len(questions):
        return Note("pendiente", f"No hay pregunta {numero}", f"Las preguntas van de 1 a {len(questions)}.")
    return told(questions[numero - 1], respuesta, heard)


def animar(animacion: str, **datos: Any) -> Any:
    """Una animación de la lección; sus órdenes se ejecutan en un motor aparte, no en el tuyo.

    Con datos, lo que hay ahora mismo en el tuyo: `animar("capas", image="my-image")`.
    """
    from ..widgets.player import Player
    from .animations import film, told
    session = _session()
    if datos or animacion == "leyenda":
        return Player(told(session.docker.engine, animacion, session.folder, datos))
    asked = session.lesson.animation(animacion)
    shown = film(asked, session.lesson.files, session.folder)
    for chapter, prediction in asked.ask:
        shown = shown.asking(chapter, session.lesson.prediction(prediction).before())
    return Player(shown)


def en_vivo(nombre: str, imagen: str) -> Any:
    """La vida de un contenedor de tu motor, con un botón por cada orden que la mueve."""
    from ..widgets.live import Lifecycle
    session = _session()
    engine = session.docker.engine
    return Lifecycle(engine, lambda line: roads.order(engine, line, session.folder)[1], nombre, imagen)


def medir(receta: str, carpeta: str, cambia: str = "server.js") -> Any:
    """Construye la carpeta como `carpeta:receta`, cambia el archivo `cambia` y la rehace: cuánto pesa y cuesta."""
    from .measures import measure
    session = _session()
    try:
        return session.measures.add(measure(session.docker.engine, session.folder, carpeta, receta, cambia))
    except ValueError as error:
        return Note("incorrecto", f"La receta de {carpeta} no se puede medir", str(error))


def medidas() -> Any:
    """La tabla de lo medido con `medir` en esta lección."""
    return _measured() or UNMEASURED


def grafica() -> Any:
    """Lo medido con `medir`, en barras."""
    measures = _measured()
    return measures.picture().shown() if measures else UNMEASURED


def _measured() -> Measures | None:
    measures = _session().measures
    return measures if measures.rows else None


def taller(compartido: str = "") -> Any:
    """Un terminal al lado del mapa vivo de tu motor, con editor de archivos, deshacer y barra del tiempo.

    Con el texto de un taller que te hayan pasado, `taller("dockerlab1:…")`, abre
    ese mismo taller en un motor aparte: el tuyo no se toca.
    """
    from ..errors import DockerlabError
    from . import rooms
    if not compartido:
        return rooms.free(default_docker().engine, course_folder())
    try:
        return rooms.opened(compartido)
    except DockerlabError as error:
        return _refused("Ese taller no se puede abrir", error)


def reto(nombre: str = "") -> Any:
    """Abre un reto en su taller, con su propio motor: `reto("05-nombre-ocupado")`. A secas, enseña la lista.

    También vale el archivo de un reto tuyo: `reto("mi-reto.toml")`.
    """
    from ..errors import DockerlabError
    from . import challenges, rooms
    diary = _diary()
    if not nombre:
        return challenges.shelf(diary.solved(), _open.number if _open else "")
    try:
        found = challenges.find(nombre, course_folder())
        return rooms.of(found, lambda orders, hints: diary.note(
            progress.challenged(found.sequence, found.id, True, orders, found.par, hints)), diary.solved())
    except DockerlabError as error:
        return _refused("Ese reto no se puede abrir", error)


def _refused(heading: str, error: Any) -> Note:
    parts = [error.what or error.text, error.why, error.tip]
    if getattr(error, "faults", None):
        parts = [str(fault) for fault in error.faults]
    return Note("incorrecto", heading, "\n\n".join(filter(None, parts)))


def vigilar(que: str, segundos: float = 20, ordenes: dict[float, str] | None = None) -> Any:
    """La «memoria» o el «procesador» de los contenedores en marcha, mientras pasan `segundos` en el reloj virtual.

    `ordenes`: qué orden se da en qué segundo, como `{5: "docker pause ana"}`.
    """
    from . import watching
    session = _session()
    engine = session.docker.engine
    watchers = {"memoria": watching.memory, "procesador": watching.processor}
    if que not in watchers:
        return Note("pendiente", f"No sé vigilar «{que}»", "Se vigila la «memoria» o el «procesador».")
    give = functools.partial(roads.order, engine, folder=session.folder)
    return watchers[que](engine, segundos, ordenes or {}, give).shown()


def tabla() -> Any:
    """Las seis diferencias entre una imagen y un contenedor, y cuáles llevas probadas."""
    from .closing import Closing
    found = _diary().notebook("17").get("ejercicios", {})
    return Closing({id for id, one in found.items() if one.get("veredicto") == "correcto"})


def exportar(archivo: str) -> Listing:
    """Escribe en `archivo` un guion de shell con las órdenes de Docker que has dado en este notebook, y lo enseña."""
    from .transcript import script
    practice.write(_session().folder, archivo, script(given()))
    return mostrar(archivo)


def mostrar(archivo: str) -> Listing:
    """El texto de un archivo de la carpeta del curso."""
    return Listing(archivo, practice.existing(_session().folder, archivo).read_text(encoding="utf-8"))


def de_verdad(grabacion: str) -> recordings.Beside:
    """Las mismas órdenes en un Docker de verdad (grabado) y aquí (ahora), una al lado de la otra."""
    return recordings.beside(_session().lesson.recording(grabacion))


def reiniciar() -> Note:
    """Vuelve a dejar los archivos de práctica como al principio de la lección."""
    session = _session()
    practice.prepare(session.folder, session.lesson.files, again=True)
    return Note("nota", "Archivos de práctica, como al principio",
                "\n".join(name for name, _ in session.lesson.files) or "Esta lección no tiene archivos de práctica.")


def _with_widget(asked: Asked) -> Asked:
    if in_kernel():
        from ..widgets.quiz import Quiz
        asked.widget = Quiz(asked)
    return asked
