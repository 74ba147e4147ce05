"""Los despistes de Python de quien sigue el curso, en una frase: un nombre que no existe, una palabra mal llamada."""

from __future__ import annotations

import inspect
import re
from typing import Any


def slip(shell: Any, kind: type, error: Exception, trace: Any, tb_offset: int | None = None) -> None:
    """Un despiste de quien sigue el curso se cuenta en una frase; cualquier otro error, como siempre."""
    text = unnamed(shell, error) if isinstance(error, NameError) else miscalled(shell, error)
    if text:
        shell._showtraceback(kind, error, [f"✘ {text}"])
    else:
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def unnamed(shell: Any, error: NameError) -> str:
    """Qué decir de un nombre que Python no conoce, o nada."""
    if error.name == "respuesta":
        return "Todavía no hay `respuesta`. Ejecuta antes la celda en la que se escribe, justo encima."
    if re.search(r"^\s*respuesta\s*=", shell.user_ns["In"][-1], re.MULTILINE):
        return f"Python no conoce «{error.name}». Un texto se escribe entre comillas: '{error.name}'."
    return ""


def miscalled(shell: Any, error: Exception) -> str:
    """Qué decir de una palabra del curso a la que le falta o le sobra algo, o nada."""
    found = re.match(r"(\w+)\(\) (missing|takes|got)", str(error))
    word = shell.user_ns.get(found[1]) if found else None
    if not inspect.isfunction(word) or not word.__module__.startswith("dockerlab.course"):
        return ""
    wanted = ", ".join(inspect.signature(word).parameters)
    return f"A `{found[1]}` le falta o le sobra algo. Se escribe `{found[1]}({wanted})`."
