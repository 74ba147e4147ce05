"""¿Está este equipo listo para dar el curso? Unas comprobaciones, y lo que hay que hacer si alguna falla.

    from dockerlab.course.preflight import comprobar_equipo
    comprobar_equipo()

Cuando todo va bien, el texto es el mismo en todos los equipos.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .host import shell
from .show import SIGNS, card, indented, marked

PYTHON = (3, 11)
PACKAGES = {"jupyterlab": (4, 4), "ipywidgets": (8, 1), "anywidget": (0, 9), "matplotlib": (3, 9), "ipykernel": (6, 29)}
SPACE = 500 * 1000**2        # bytes libres que conviene tener
SECONDS = 10.0               # lo que debe tardar el examen entero, como mucho


@dataclass(frozen=True, slots=True)
class Check:
    """Algo comprobado: qué, si está bien, lo que se encontró y qué hacer si está mal."""

    what: str
    good: bool
    found: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Fitness:
    """El resultado: «apto» si todo está bien."""

    checks: tuple[Check, ...]

    @property
    def fit(self) -> bool:
        """¿Vale este equipo?"""
        return all(check.good for check in self.checks)

    @property
    def heading(self) -> str:
        """El resultado en una línea."""
        bad = sum(not check.good for check in self.checks)
        return "Equipo apto" if self.fit else f"Equipo no apto todavía: {bad} de {len(self.checks)} por arreglar"

    def lines(self) -> list[str]:
        """Una línea por comprobación y, en las malas, lo encontrado y qué probar."""
        lines = []
        for check in self.checks:
            lines.append(f"{SIGNS['correcto' if check.good else 'incorrecto']} {check.what}")
            if not check.good:
                lines += [f"   Encontrado: {check.found}", f"   Qué probar: {check.tip}"]
        return lines

    def __repr__(self) -> str:
        state = "correcto" if self.fit else "incorrecto"
        return f"{SIGNS[state]} {self.heading}\n{indented(chr(10).join(self.lines()))}"

    def _repr_html_(self) -> str:
        return card("correcto" if self.fit else "incorrecto", self.heading, marked("\n".join(self.lines())))


def version(text: str) -> tuple[int, int]:
    """(mayor, menor) de «4.6.6»."""
    numbers = [int("".join(filter(str.isdigit, part)) or 0) for part in text.split(".")[:2]]
    return numbers[0], (numbers + [0])[1]


def python() -> Check:
    """La versión de Python."""
    found = sys.version.split()[0]
    return Check(f"Python {'.'.join(map(str, PYTHON))} o posterior", sys.version_info >= PYTHON, f"Python {found}",
                 "instala uno más nuevo y rehaz el entorno: `make clean` y `make lab PYTHON=python3.12`.")


def packages() -> Check:
    """Los paquetes del curso."""
    import importlib.metadata  # sin hilos no se puede: solo cuando hace falta
    bad = []
    for name, wanted in PACKAGES.items():
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            bad.append(f"falta {name}")
            continue
        if version(found) < wanted:
            bad.append(f"{name} {found}")
    return Check("JupyterLab y los paquetes del curso, al día", not bad, ", ".join(bad),
                 "cierra JupyterLab y ábrelo con `make lab`, que instala lo que falta.")


def own_environment() -> Check:
    """¿Se abrió JupyterLab con el entorno del curso?"""
    isolated = sys.prefix != sys.base_prefix or Path(sys.prefix, "conda-meta").is_dir()
    return Check("un entorno propio, separado del sistema", isolated, sys.prefix,
                 "abre el curso con `make lab` o desde su entorno de conda.")


def writable(folder: Path) -> Check:
    """¿Se puede escribir en la carpeta del curso?"""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".prueba-"):
            pass
    except OSError as error:
        return Check("la carpeta del curso admite archivos", False, error.strerror or str(error),
                     "copia el curso a una carpeta tuya: tu carpeta personal, o un lápiz de memoria.")
    return Check("la carpeta del curso admite archivos", True)


def room(folder: Path) -> Check:
    """¿Queda sitio?"""
    free = shutil.disk_usage(folder).free
    return Check("queda sitio en el disco", free >= SPACE, f"{free // 1000**2} MB libres", "libera medio gigabyte.")


def engine(folder: Path) -> Check:
    """¿Construye y ejecuta la aplicación del curso, y contesta?"""
    from .. import Docker
    app = next((place / "app" for place in (folder, folder.parent) if (place / "app" / "Dockerfile").is_file()), None)
    what = "el motor construye la aplicación del curso y contesta"
    tip = "vuelve a copiar el curso: falta algún archivo."
    if app is None:
        return Check(what, False, f"no está la carpeta app junto a {folder}", tip)
    docker = Docker(folder=str(app))
    built = docker(f"build -q -t prueba {app}")
    docker("run -d --name prueba -p 3000:3000 prueba")
    docker("exec prueba sleep 1")
    answer = docker("run --rm --network host busybox wget -qO- http://localhost:3000")
    return Check(what, "desde un contenedor" in answer, (answer or built).strip()[-200:], tip)


def orders() -> Check:
    """¿Van las órdenes `!docker` al simulador?"""
    ip = shell()
    good = ip is None or getattr(ip, "dockerlab_notebook", None) is not None
    return Check("`!docker` habla con el simulador", good, "la extensión no está cargada",
                 "ejecuta `%load_ext dockerlab` y repite.")


def picture() -> Check:
    """¿Se hacen las imágenes de las animaciones?"""
    from ..engine import Engine
    from ..scenes import map as engine_map
    from ..scenes.png import filmstrip
    made = filmstrip(engine_map.film([Engine().view()], "Prueba"))
    return Check("las animaciones se convierten en imágenes", made.startswith(b"\x89PNG"), f"{len(made)} bytes",
                 "reinstala matplotlib: `make clean` y `make lab`.")


def comprobar_equipo(carpeta: str = ".", clock: Callable[[], float] = time.monotonic) -> Fitness:
    """Pasa todas las comprobaciones en unos segundos; la última dice si han sido demasiados."""
    folder, start = Path(carpeta).resolve(), clock()
    checks = [python(), packages(), own_environment(), writable(folder), room(folder), orders()]
    for check in (lambda: engine(folder), picture):
        try:
            checks.append(check())
        except Exception as error:  # aquí cualquier fallo es un resultado, no un error del notebook
            checks.append(Check("el motor y las imágenes", False, f"{type(error).__name__}: {error}",
                                "copia esto y enséñaselo a quien organiza el curso."))
    spent = clock() - start
    checks.append(Check(f"todo lo anterior en menos de {SECONDS:.0f} segundos", spent <= SECONDS, f"{spent:.1f} s",
                        "cierra otros programas; si sigue lento, usa las diapositivas en vez de animar en vivo."))
    return Fitness(tuple(checks))
