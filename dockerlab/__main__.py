"""`python -m dockerlab …` es `docker …`, con un motor que vive en una carpeta.

La carpeta es `DOCKERLAB_HOME`, o una por usuario. Cada orden abre el motor, deja
que su reloj alcance al de pared, hace lo suyo y lo guarda.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

from .cli.terminal import Terminal, plain_explanation
from .errors import DockerlabError
from .lock import Lock

LONGEST = 3600.0  # segundos de reloj de pared que se siguen, como mucho, entre dos órdenes


def home(environment: dict[str, str] | None = None) -> Path:
    """La carpeta del motor: `DOCKERLAB_HOME`, o la de datos de quien lo usa."""
    environment = dict(os.environ) if environment is None else environment
    if environment.get("DOCKERLAB_HOME"):
        return Path(environment["DOCKERLAB_HOME"])
    if sys.platform == "win32" and environment.get("LOCALAPPDATA"):
        return Path(environment["LOCALAPPDATA"]) / "dockerlab"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "dockerlab"
    return Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "dockerlab"


def real_terminal() -> Terminal:
    """El terminal de este proceso."""
    person = sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()

    def write(stream: int, data: bytes) -> None:
        target = sys.stderr if stream == 2 else sys.stdout
        target.flush()
        target.buffer.write(data)
        target.buffer.flush()

    def text(stream: int) -> object:
        return lambda piece: write(stream, piece.encode("utf-8", "surrogateescape"))

    explaining = None
    if sys.stderr.isatty():
        def explaining(error: DockerlabError) -> None:
            write(2, plain_explanation(error).encode())
    return Terminal(
        text(1), text(2), lambda: b"" if sys.stdin is None else sys.stdin.buffer.read(), os.getcwd(), os.environ,
        person, shutil.get_terminal_size().columns, write, input if person else None, explaining,
        (lambda note: write(2, f"  │ {note}\n".encode())) if sys.stderr.isatty() else None)


def elapsed(folder: Path) -> float:
    """Segundos desde que se guardó el motor por última vez, sin pasar de `LONGEST`."""
    from .state import NAME
    path = folder / NAME
    return min(max(time.time() - path.stat().st_mtime, 0.0), LONGEST) if path.exists() else 0.0


def main(argv: list[str] | None = None) -> int:
    """Ejecuta una orden; devuelve su código de salida."""
    from .cli.app import run
    from .state import load_engine, save_engine
    words = sys.argv[1:] if argv is None else argv
    if words[:1] == ["reto"]:                         # del curso, no de Docker: comprueba el archivo de un reto
        from .course.challenge_check import main as challenges
        return challenges(words[1:])
    folder, terminal = home(), real_terminal()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with Lock(folder / "cerrojo"):
            engine = load_engine(folder, catalogue=os.environ.get("DOCKERLAB_CATALOGUE") or None)
            engine.host.folder = os.getcwd()
            engine.settle(elapsed(folder))
            try:
                return run(engine, words, terminal)
            finally:
                save_engine(engine, folder)
    except DockerlabError as error:
        terminal.err(f"{error}\n{plain_explanation(error)}")
        return 125
    except (KeyboardInterrupt, BrokenPipeError):
        return 130


if __name__ == "__main__":
    sys.exit(main())
