"""El motor de cada notebook, guardado al lado de los notebooks: reiniciar el intérprete no pierde nada.

Solo si hay una persona delante. Un notebook que se ejecuta solo (al generarlo,
al probarlo) usa un motor en memoria y empieza siempre vacío.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from ..errors import DockerlabError
from .host import default_docker

ENGINES = ".motor"
_opened: dict[Path, Any] = {}


def kept_docker(folder: Path, number: str, anew: bool = False) -> tuple[Any, str]:
    """El Docker guardado del notebook `number` («05»), que pasa a ser el de `!docker`, y qué contar de él.

    `anew`: vacío, como el primer día. Si el notebook tiene su propia variable `docker`, se respeta.
    """
    import dockerlab
    chosen = default_docker()
    if chosen is not dockerlab.docker:
        return chosen, ""
    home = engine_folder(folder, number)
    if anew:
        _opened.pop(home, None)
        shutil.rmtree(home, ignore_errors=True)
    docker, told = (_opened[home], "") if home in _opened else _open(home)
    _opened[home] = dockerlab.docker = docker
    return docker, told or _found(docker, number)


def engine_folder(folder: Path, number: str) -> Path:
    """La carpeta donde se guarda el motor del notebook `number`, y lo que va con él."""
    return folder / ENGINES / number


def _open(home: Path) -> tuple[Any, str]:
    from dockerlab import Docker
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not os.access(home, os.W_OK):
            raise PermissionError(13, "no se puede escribir en esa carpeta")
        docker, told = Docker.open(home), ""
    except OSError as error:
        return Docker(), (f"No puedo guardar el motor en {ENGINES} ({error.strerror}): vivirá solo mientras "
                          "este notebook siga abierto.")
    except DockerlabError:
        aside = _put_aside(home)
        docker, told = Docker.open(home), (f"El motor guardado estaba dañado: lo he apartado en {ENGINES}/"
                                           f"{aside.name}, entero, y empiezo otro.")
    docker.engine.keep = _carefully(docker.engine, docker.engine.keep)
    return docker, told


def _put_aside(home: Path) -> Path:
    number = 1
    while (aside := home.with_name(f"{home.name}-danado-{number}")).exists():
        number += 1
    home.rename(aside)
    return aside


def _carefully(engine: Any, keep: Any) -> Any:
    """Guardar sin que un disco lleno estropee la orden: se dice una vez, y el motor sigue en memoria."""
    def careful() -> None:
        try:
            keep()
        except OSError as error:
            engine.keep = None
            print(f"  │ No puedo guardar el motor ({error.strerror}): desde ahora vive solo en memoria.")
    return careful


def _found(docker: Any, number: str) -> str:
    view = docker.engine.view()
    images, containers = len(view.images), len(view.containers)
    if not images and not containers:
        return ""
    return (f"Sigue donde lo dejaste: {images} {'imagen' if images == 1 else 'imágenes'} y {containers} "
            f"{'contenedor' if containers == 1 else 'contenedores'}. "
            f'Para empezar de cero: `leccion("{number}", de_nuevo=True)`.')
