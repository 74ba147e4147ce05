"""Un cerrojo entre procesos que sirve en cualquier sistema: un archivo que solo uno puede crear."""

from __future__ import annotations

import os
import time
from pathlib import Path

from .errors import fault

PATIENCE = 60.0     # segundos que se espera a que otro acabe
STALE = 30.0        # segundos sin dar señales a partir de los que el dueño se da por muerto
PAUSE = 0.02


class Lock:
    """`with Lock(ruta):` solo un proceso a la vez. Falta `engine-busy` si otro no lo suelta."""

    def __init__(self, path: Path, patience: float = PATIENCE):
        self.path, self.patience = path, patience

    def __enter__(self) -> Lock:
        limit = time.monotonic() + self.patience
        while not self._take():
            if self._abandoned():
                self.path.unlink(missing_ok=True)
            elif time.monotonic() > limit:
                raise fault("engine-busy", path=str(self.path))
            else:
                time.sleep(PAUSE)
        return self

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)

    def _take(self) -> bool:
        try:
            handle = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        except FileExistsError:
            return False
        except PermissionError:  # Windows, mientras otro lo está borrando
            return False
        os.write(handle, str(os.getpid()).encode())
        os.close(handle)
        return True

    def _abandoned(self) -> bool:
        """¿Lo dejó un proceso que ya no existe?"""
        try:
            owner = self.path.read_text()
            age = time.time() - self.path.stat().st_mtime
        except OSError:
            return False
        if owner.isdecimal() and os.name == "posix":
            try:
                os.kill(int(owner), 0)
            except ProcessLookupError:
                return True
            except PermissionError:
                return False
            return False
        return age > STALE
