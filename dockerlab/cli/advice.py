"""La explicación de un error, afinada con lo que hay en el motor y con lo que se ha escrito.

La tabla de faltas dice lo que vale para cualquiera. Aquí se mira además si el
nombre es de otra cosa («ana» es un contenedor y hacía falta una imagen), si se
parece a uno que sí existe o qué palabra se ha llevado una opción. El texto de
Docker no cambia nunca: solo lo nuestro.
"""

from __future__ import annotations

import copy
import difflib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from dockerlab.errors import DockerlabError
from dockerlab.images import Reference

from . import complete
from .commands import Command

if TYPE_CHECKING:
    from dockerlab.engine import Engine

Told = dict[str, str]   # lo que cambia: «what», «why», «tip»
MAKERS = ("container run", "container create")
SHOWN = 3               # nombres que caben en una frase


def advised(error: DockerlabError, engine: Engine, command: Command, words: Sequence[str]) -> DockerlabError:
    """El mismo error, con la explicación que mejor le va; `words`, lo escrito detrás de `docker`."""
    told = ADVICE[error.key](error, engine, command, words) if error.key in ADVICE else {}
    better = copy.copy(error)
    for name, text in told.items():
        setattr(better, name, text)
    return better


def suggestion(engine: Engine, word: str, near: Sequence[str], listing: str) -> str:
    """Qué probar cuando `docker word` no existe: quizá `word` es una imagen; si no, la orden que más se le parece."""
    if is_image(engine, word) or word in engine.hub.catalogue.names():
        return f"«{word}» es una imagen. Para ejecutarla falta decirlo: `docker run {word}`."
    return f"¿Querías `{near[0]}`?" if near else listing


def is_image(engine: Engine, name: str) -> bool:
    """¿Hay en el motor una imagen con ese nombre?"""
    return name in complete.images(engine)


def born(engine: Engine, image: str) -> list[str]:
    """Los contenedores que se crearon de esa imagen."""
    wanted = image.removesuffix(":latest")
    return [one.name for one in engine.view().containers if one.image_name.removesuffix(":latest") == wanted]


def _no_container(error: DockerlabError, engine: Engine, command: Command, words: Sequence[str]) -> Told:
    name = str(error.data.get("name", ""))
    if is_image(engine, name):
        found = born(engine, name)
        names = ", ".join(found[:SHOWN]) + (f" y {len(found) - SHOWN} más" if len(found) > SHOWN else "")
        return {"what": f"«{name}» es una imagen, y aquí va el nombre de un contenedor.",
                "why": "De una imagen salen muchos contenedores, y cada uno tiene su nombre.",
                "tip": f"Los que han salido de ella: {names}." if found else
                       f"Todavía no ha salido ninguno de ella: `docker run {name}` crea uno."}
    if "*" in name:
        return {"what": f"No hay ningún contenedor que se llame «{name}»: Docker busca ese nombre letra a letra.",
                "why": "El asterisco no quiere decir «todos» en las órdenes de Docker.",
                "tip": "Escribe los nombres, separados por espacios. `docker ps -a` los enseña."}
    near = difflib.get_close_matches(name, list(complete.containers(engine)), n=1, cutoff=0.7)
    return {"tip": f"¿Querías decir «{near[0]}»? {error.tip}"} if near else {}


def _no_repository(error: DockerlabError, engine: Engine, command: Command, words: Sequence[str]) -> Told:
    name = str(error.data.get("repository", ""))
    if name in complete.containers(engine):
        return {"what": f"«{name}» es un contenedor, y aquí va el nombre de una imagen.",
                "why": "`docker run` no reutiliza contenedores: crea siempre uno nuevo, de la imagen que se le diga.",
                "tip": f"Para ejecutar algo dentro del que ya tienes, `docker exec {name} …`; si está detenido, "
                       f"arráncalo antes con `docker start {name}`."} if command.path in MAKERS else {}
    local = [Reference.parse(tag).familiar_name for tag in complete.images(engine)]
    near = difflib.get_close_matches(name, [*local, *engine.hub.catalogue.names()], n=1, cutoff=0.75)
    if near and near[0] != name:
        return {"tip": f"¿Querías decir «{near[0]}»? Docker busca el nombre letra a letra."}
    tags = [tag for tag in complete.images(engine) if Reference.parse(tag).familiar_name == name]
    return {"what": f"Aquí no hay ninguna imagen «{name}:latest», y en el registro no hay ningún repositorio «{name}».",
            "why": "Sin etiqueta detrás del nombre, Docker busca la etiqueta `latest`.",
            "tip": f"La que tienes se llama `{tags[0]}`: escribe el nombre entero."} if tags else {}


def _short(error: DockerlabError, engine: Engine, command: Command, words: Sequence[str]) -> Told:
    name = str(error.data.get("word", "")).lstrip("-")
    return {"why": f"Con un solo guion, `-{name}` son {len(name)} opciones de una letra.",
            "tip": f"La opción larga lleva dos guiones: `--{name}`."} if command.flag(name) else {}


def _few(error: DockerlabError, engine: Engine, command: Command, words: Sequence[str]) -> Told:
    if command.path not in MAKERS or error.data.get("found") or len(words) < 3:
        return {}
    flag = complete.expecting(command, words[-2]) if words[-2].startswith("-") else None
    if flag is None:
        return {}
    return {"what": f"Falta la imagen: «{words[-1]}» se lo ha quedado `{words[-2]}`, que espera un valor detrás.",
            "tip": f"Escribe el valor de `{words[-2]}` y, después, la imagen: "
                   f"`docker {command.path.removeprefix('container ')} {words[-2]} VALOR IMAGEN`."}


ADVICE: dict[str, Callable[[DockerlabError, Engine, Command, Sequence[str]], Told]] = {
    "no-such-container": _no_container, "pull-denied": _no_repository, "option-unknown-short": _short,
    "args-least": _few}
