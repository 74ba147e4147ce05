"""La carpeta del taller: se lee, se escribe, se fotografía y no se sale de ella."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ..errors import fault

READABLE = 200_000     # bytes de un archivo que se puede abrir para leerlo
LARGEST = 8_000_000    # bytes de un archivo que se recuerda, o que una orden lee de su entrada
MOST = 400             # archivos que se recuerdan
HIDDEN = {".ipynb_checkpoints", "__pycache__", ".git"}

Photo = dict[str, bytes | None]   # ruta → contenido; None: carpeta vacía


class Desk:
    """Una carpeta del equipo, con su carpeta presente (`here`, relativa a ella)."""

    def __init__(self, root: str | Path):
        self.root = Path(root).resolve()
        self.root.mkdir(parents=True, exist_ok=True)
        self.here = ""
        self._read: dict[str, tuple[tuple[int, int], bytes]] = {}   # lo ya leído, por su hora y su tamaño

    @property
    def cwd(self) -> Path:
        """La carpeta presente; si la han borrado, la raíz."""
        path = self.root / self.here
        if not path.is_dir():
            self.here, path = "", self.root
        return path

    def locate(self, name: str) -> Path:
        """La ruta de `name`, contada desde la carpeta presente. Falta `desk-outside` si está fuera."""
        path = Path(os.path.normpath(self.cwd / name))
        real = Path(os.path.realpath(path))
        if not (path.is_relative_to(self.root) and real.is_relative_to(self.root)):
            raise fault("desk-outside", path=name)
        return path

    def name(self, path: Path) -> str:
        """Cómo se llama esa ruta desde la raíz del taller («» es la raíz)."""
        inner = path.relative_to(self.root).as_posix()
        return "" if inner == "." else inner

    def enter(self, name: str) -> None:
        """Cambia de carpeta presente. Falta `desk-no-folder`."""
        path = self.locate(name or str(self.root))
        if not path.is_dir():
            raise fault("desk-no-folder", path=name)
        self.here = self.name(path)

    # ── archivos ─────────────────────────────────────────────────────────────

    def files(self) -> list[str]:
        """Los archivos, por su ruta desde la raíz, en orden; las carpetas vacías acaban en «/»."""
        found: list[str] = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(name for name in folders if name not in HIDDEN)
            inner = os.path.relpath(folder, self.root).replace(os.sep, "/")
            prefix = "" if inner == "." else f"{inner}/"
            found += [prefix + name for name in names]
            if prefix and not names and not folders:
                found.append(prefix)
        return sorted(found)[:MOST]

    def read(self, name: str, limit: int = LARGEST) -> bytes:
        """El contenido de un archivo. Faltas `desk-no-file`, `desk-is-folder`, `desk-too-big`."""
        path = self.locate(name)
        if path.is_dir():
            raise fault("desk-is-folder", path=name)
        try:
            if path.stat().st_size > limit:
                raise fault("desk-too-big", path=name, size=path.stat().st_size // 1000)
            return path.read_bytes()
        except OSError:
            raise fault("desk-no-file", path=name) from None

    def text(self, name: str) -> str:
        """El texto de un archivo, para editarlo. Además, falta `desk-not-text`."""
        try:
            return self.read(name, READABLE).decode()
        except UnicodeDecodeError:
            raise fault("desk-not-text", path=name) from None

    def write(self, name: str, content: bytes, append: bool = False) -> None:
        """Escribe un archivo y crea las carpetas que le falten. Faltas `desk-is-folder`, `desk-no-file`."""
        path = self.locate(name)
        if path.is_dir() or not name.strip() or name.endswith("/"):
            raise fault("desk-is-folder", path=name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "ab" if append else "wb") as file:
                file.write(content)
        except OSError:
            raise fault("desk-no-file", path=name) from None

    def remove(self, name: str) -> None:
        """Borra un archivo o una carpeta con todo lo suyo. Falta `desk-no-file`."""
        path = self.locate(name)
        if path == self.root or not os.path.lexists(path):
            raise fault("desk-no-file", path=name)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()

    # ── la fotografía ────────────────────────────────────────────────────────

    def photo(self) -> Photo:
        """Todo lo que hay ahora; lo que no ha cambiado no se vuelve a leer. Los archivos enormes no entran."""
        taken: Photo = {}
        for name in self.files():
            path = self.root / name
            if name.endswith("/"):
                taken[name] = None
                continue
            try:
                state = path.stat()
                stamp = (state.st_mtime_ns, state.st_size)
                known = self._read.get(name)
                if known is None or known[0] != stamp:
                    if state.st_size > LARGEST:
                        continue
                    known = self._read[name] = (stamp, path.read_bytes())
                taken[name] = known[1]
            except OSError:
                continue
        return taken

    def revert(self, before: Photo, after: Photo) -> None:
        """Deshace lo que va de `before` a `after`; los archivos que no cambiaron entre las dos no se tocan."""
        for name in sorted(after.keys() - before.keys(), reverse=True):
            self._discard(name)
        for name, content in before.items():
            path = self.root / name
            if name in after and after[name] == content:
                continue
            if content is None:
                path.mkdir(parents=True, exist_ok=True)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def _discard(self, name: str) -> None:
        """Quita un archivo o una carpeta vacía, y las carpetas que se queden vacías por ello."""
        path = self.root / name
        try:
            path.rmdir() if name.endswith("/") else path.unlink()
            for above in path.parents:
                if above == self.root or any(above.iterdir()):
                    break
                above.rmdir()
        except OSError:      # ya no está, o alguien ha puesto algo dentro
            pass
