"""Los errores de dockerlab: el texto de Docker, y al lado una explicación en español.

Cada error posible es una entrada de una tabla en `dockerlab/faults/*.toml`:

    [no-such-container]
    text = "No such container: {name}"
    code = 1
    what = "No hay ningún contenedor llamado «{name}»."
    try  = "Mira todos, también los parados, con `docker ps -a`."

`raise fault("no-such-container", name="web")` construye el error; quien lo
atrapa tiene el texto exacto de Docker (`str(error)`), el código de salida, la
explicación y los datos con los que se construyó.
"""

from __future__ import annotations

import functools
from typing import Any


class DockerlabError(Exception):
    """La raíz de todos los errores del proyecto.

    Atributos: `key` (entrada de la tabla), `text` (el texto de Docker), `code`
    (código de salida de la línea de órdenes), `what`, `why` y `tip` (qué pasó,
    por qué y qué probar, en español; vacíos si la tabla no los tiene) y `data`
    (los datos: línea, archivo, nombre esperado...).
    """

    def __init__(self, text: str, *, key: str = "", code: int = 1, what: str = "",
                 why: str = "", tip: str = "", data: dict[str, Any] | None = None):
        super().__init__(text)
        self.key, self.text, self.code = key, text, code
        self.what, self.why, self.tip = what, why, tip
        self.data = data or {}

    def __str__(self) -> str:
        return self.text


class DockerfileError(DockerlabError):
    """Un Dockerfile que no se puede leer; `data["line"]` dice dónde (desde 1)."""


class BuildError(DockerlabError):
    """Una construcción que falla; `data` lleva la instrucción y sus líneas."""


class NotFound(DockerlabError):
    """Lo que se pide no existe."""


class Conflict(DockerlabError):
    """Lo que se pide choca con el estado presente."""


class FileError(DockerlabError):
    """Una operación de archivos que falla; `key` es el nombre POSIX (`ENOENT`, `EACCES`...)."""


class ArchiveError(DockerlabError):
    """Un archivo tar que no se acepta: mal formado, truncado u hostil."""


class UsageError(DockerlabError):
    """Una orden mal escrita: opción desconocida, argumentos de más o de menos."""


KINDS = {cls.__name__: cls for cls in (DockerlabError, DockerfileError, BuildError, NotFound,
                                       Conflict, FileError, ArchiveError, UsageError)}


@functools.cache
def table() -> dict[str, dict[str, Any]]:
    """Todas las entradas de `dockerlab/faults/*.toml`, leídas una sola vez."""
    import tomllib
    from importlib.resources import files
    entries: dict[str, dict[str, Any]] = {}
    for path in sorted(files("dockerlab").joinpath("faults").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            for key, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
                if key in entries:
                    raise KeyError(f"la falta «{key}» está dos veces ({path.name})")
                entries[key] = entry
    return entries


def fault(key: str, **data: Any) -> DockerlabError:
    """El error `key` de la tabla, con `data` puesta en sus textos.

    La entrada puede llevar `kind` (una clase de este módulo), `text`, `code`
    (1 si falta), `what`, `why` y `try`. El texto de Docker lleva la ruta entera de
    `file`; la explicación, su carpeta y su nombre.
    """
    entry = table()[key]
    told = data | ({"file": "/".join(str(data["file"]).split("/")[-2:])} if "file" in data else {})
    texts = {name: entry.get(name, "").format(**(data if name == "text" else told))
             for name in ("text", "what", "why", "try")}
    return KINDS[entry.get("kind", "DockerlabError")](
        texts["text"], key=key, code=data.get("code", entry.get("code", 1)),
        what=texts["what"], why=texts["why"], tip=texts["try"], data=data)
