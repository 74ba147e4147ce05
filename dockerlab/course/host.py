"""Lo que el curso le pide al notebook que lo muestra: el motor, y una celda que escribe archivos."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

SOLVED = "soluciones"
ORDERS = ("!docker ", "%%")      # así empieza una orden de notebook, y ninguna línea de un archivo del curso


def shell() -> Any:
    """La sesión de IPython en marcha, o None fuera de ella."""
    import sys
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None


def given() -> list[str]:
    """Las celdas que se han ejecutado en esta sesión, como se escribieron."""
    notebook = getattr(shell(), "dockerlab_notebook", None)
    return list(notebook.cells) if notebook else []


def failed_build() -> bool:
    """¿Fue la última orden del notebook una construcción, y falló?"""
    words, code = getattr(getattr(shell(), "dockerlab_notebook", None), "latest", ((), 0))
    return bool(code) and "build" in words[1:3]


def in_kernel() -> bool:
    """¿Hay un notebook al otro lado que pueda mostrar botones? (no, si se está guardando en estático)."""
    return hasattr(shell(), "kernel") and not os.environ.get("DOCKERLAB_STATIC")


def attended() -> bool:
    """¿Hay una persona delante? Un notebook que se ejecuta solo (al generarlo, al probarlo) no admite preguntas."""
    return in_kernel() and bool(getattr(shell().kernel, "_allow_stdin", True))


def default_docker() -> Any:
    """El Docker del notebook, el mismo al que habla `!docker`: la variable `docker` o, si no, el del paquete."""
    import dockerlab
    ip = shell()
    chosen = ip.user_ns.get("docker") if ip else None
    return chosen if isinstance(chosen, dockerlab.Docker) else dockerlab.docker


def course_folder() -> Path:
    """La carpeta de los notebooks. Si se abre uno resuelto, trae a su lado una copia de los ejemplos."""
    folder = Path.cwd()
    for example in sorted(folder.parent.glob("*/Dockerfile")) if folder.name == SOLVED else ():
        shutil.copytree(example.parent, folder / example.parent.name, dirs_exist_ok=True)
    return folder


def file_magic(folder: Path) -> None:
    """Da a las celdas `%%archivo ruta`, que escribe un archivo bajo `folder`."""
    if not (ip := shell()):
        return

    def archivo(line: str, cell: str) -> None:
        """Escribe la celda en un archivo de la carpeta del curso."""
        from .practice import write
        write(folder, line.strip(), cell)
        lines = cell.rstrip("\n").splitlines()
        print(f"{line.strip()}: {len(lines)} línea{'' if len(lines) == 1 else 's'}")
        stray = next((text for text in lines if text.lstrip().startswith(ORDERS)), "")
        if stray:
            print(f"Ojo: «{stray.strip()}» se ha escrito dentro del archivo. Aquí todo es su texto; las órdenes van en "
                  "otra celda.")

    ip.register_magic_function(archivo, "cell", "archivo")
