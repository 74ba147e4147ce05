"""Lo que se mira y se toca en un notebook, además de los ejercicios: animaciones, talleres, medidas y archivos."""

from __future__ import annotations

import functools
from typing import Any

from . import practice, progress, recordings, roads
from .host import course_folder, default_docker, given
from .measures import Measures
from .quiz import Note
from .session import at_hand, current, current_diary
from .show import Listing

UNMEASURED = Note("pendiente", "Todavía no hay medidas", "Ejecuta antes las celdas que empiezan por medir(…).")


def animar(animacion: str, **datos: Any) -> Any:
    """Una animación de la lección; sus órdenes se ejecutan en un motor aparte, no en el tuyo.

    Con datos, lo que hay ahora mismo en el tuyo: `animar("capas", image="my-image")`.
    """
    from ..widgets.player import Player
    from .animations import film, told
    session = current()
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
    session = current()
    engine = session.docker.engine
    return Lifecycle(engine, lambda line: roads.order(engine, line, session.folder)[1], nombre, imagen)


def medir(receta: str, carpeta: str, cambia: str = "server.js") -> Any:
    """Construye la carpeta como `carpeta:receta`, cambia el archivo `cambia` y la rehace: cuánto pesa y cuesta."""
    from .measures import measure
    session = current()
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
    measures = current().measures
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
    diary = current_diary()
    if not nombre:
        return challenges.shelf(diary.solved(), at_hand())
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
    session = current()
    engine = session.docker.engine
    watchers = {"memoria": watching.memory, "procesador": watching.processor}
    if que not in watchers:
        return Note("pendiente", f"No sé vigilar «{que}»", "Se vigila la «memoria» o el «procesador».")
    give = functools.partial(roads.order, engine, folder=session.folder)
    return watchers[que](engine, segundos, ordenes or {}, give).shown()


def tabla() -> Any:
    """Las seis diferencias entre una imagen y un contenedor, y cuáles llevas probadas."""
    from .closing import Closing
    found = current_diary().notebook("17").get("ejercicios", {})
    return Closing({id for id, one in found.items() if one.get("veredicto") == "correcto"})


def exportar(archivo: str) -> Listing:
    """Escribe en `archivo` un guion de shell con las órdenes de Docker que has dado en este notebook, y lo enseña."""
    from .transcript import script
    practice.write(current().folder, archivo, script(given()))
    return mostrar(archivo)


def mostrar(archivo: str) -> Listing:
    """El texto de un archivo de la carpeta del curso."""
    return Listing(archivo, practice.existing(current().folder, archivo).read_text(encoding="utf-8"))


def de_verdad(grabacion: str) -> recordings.Beside:
    """Las mismas órdenes en un Docker de verdad (grabado) y aquí (ahora), una al lado de la otra."""
    return recordings.beside(current().lesson.recording(grabacion))


def reiniciar() -> Note:
    """Vuelve a dejar los archivos de práctica como al principio de la lección."""
    session = current()
    practice.prepare(session.folder, session.lesson.files, again=True)
    return Note("nota", "Archivos de práctica, como al principio",
                "\n".join(name for name, _ in session.lesson.files) or "Esta lección no tiene archivos de práctica.")
