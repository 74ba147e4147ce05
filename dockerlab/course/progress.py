"""El progreso de quien aprende: un archivo JSON que se puede leer, al lado de los notebooks.

Cada apunte es un cambio pequeño. Para escribirlo se lee el archivo, se aplica
el cambio y se escribe de golpe, con un cerrojo: dos notebooks abiertos a la vez
no se pisan, y si el equipo se apaga a mitad queda entero lo de antes. Sin
archivo (`Diary(None)`) todo vive en memoria: así se generan y se prueban los
notebooks, que ni leen ni tocan el de nadie.
"""

from __future__ import annotations

import copy
import datetime
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ..errors import DockerlabError
from ..lock import Lock

NAME = "progreso.json"
VERSION = 1
PATIENCE = 2.0  # segundos que se espera a otro notebook que esté escribiendo
RANK = {"pendiente": 0, "incorrecto": 1, "correcto": 2}
# Lo que puede llevar cada apunte: nombre y tipo.
FIELDS: dict[str, dict[str, type]] = {
    "ejercicios": {"veredicto": str, "intentos": int, "pistas": int, "solucion": bool, "errores": dict},
    "preguntas": {"acierto": bool, "intentos": int, "errores": dict},
    "predicciones": {"opcion": str, "acierto": bool},
    "retos": {"resuelto": bool, "ordenes": int, "par": int, "pistas": int},
}
Change = Callable[[dict[str, Any]], None]


class Damaged(ValueError):
    """El archivo no es un progreso que se pueda leer."""


def blank() -> dict[str, Any]:
    """Un progreso sin nada apuntado."""
    return {"version": VERSION, "nombre": "", "notebooks": {}}


# ── los cambios ──────────────────────────────────────────────────────────────


def entry(data: dict[str, Any], notebook: str, section: str, id: str) -> dict[str, Any]:
    """El apunte de una cosa; si no está, uno nuevo."""
    place = data["notebooks"].setdefault(notebook, {})
    place["ultima_vez"] = datetime.date.today().isoformat()
    return place.setdefault(section, {}).setdefault(id, {})


def checked(notebook: str, id: str, state: str, reasons: Iterable[str] = ()) -> Change:
    """Se ha comprobado un ejercicio. Lo que ya estaba correcto no empeora ni suma intentos."""
    def change(data: dict[str, Any]) -> None:
        found = entry(data, notebook, "ejercicios", id)
        before = found.setdefault("veredicto", "pendiente")
        if before == "correcto":
            return
        found["veredicto"] = max(before, state, key=RANK.__getitem__)
        found["intentos"] = found.get("intentos", 0) + (state != "pendiente")
        tally(found, reasons)
    return change


def hinted(notebook: str, id: str, hints: int = 0, solution: bool = False) -> Change:
    """Se han pedido `hints` pistas de un ejercicio, o se ha visto su solución."""
    def change(data: dict[str, Any]) -> None:
        found = entry(data, notebook, "ejercicios", id)
        found.setdefault("veredicto", "pendiente")
        found["pistas"] = max(hints, found.get("pistas", 0))
        if solution:
            found["solucion"] = True
    return change


def answered(notebook: str, number: int, right: bool, faults: Iterable[str] = ()) -> Change:
    """Se ha contestado una pregunta del cuestionario. Los intentos se cuentan hasta el primer acierto."""
    def change(data: dict[str, Any]) -> None:
        found = entry(data, notebook, "preguntas", str(number))
        if found.get("acierto"):
            return
        found["acierto"] = right
        found["intentos"] = found.get("intentos", 0) + 1
        tally(found, faults)
    return change


def guessed(notebook: str, id: str, letter: str, right: bool) -> Change:
    """Se ha apuntado una predicción; vale la última."""
    return lambda data: entry(data, notebook, "predicciones", id).update(opcion=letter, acierto=right)


def challenged(notebook: str, id: str, solved: bool, orders: int, par: int, hints: int = 0) -> Change:
    """Se ha intentado un reto con `orders` órdenes. De los resueltos se guarda el que menos necesitó."""
    def change(data: dict[str, Any]) -> None:
        found = entry(data, notebook, "retos", id)
        better = not found.get("resuelto") or solved and orders < found.get("ordenes", orders)
        found["pistas"] = max(hints, found.get("pistas", 0))
        if better:
            found.update(resuelto=solved, ordenes=orders, par=par)
    return change


def named(name: str) -> Change:
    """Cómo se llama quien aprende, para la vista de la clase."""
    return lambda data: data.update(nombre=name)


def tally(found: dict[str, Any], reasons: Iterable[str]) -> None:
    """Suma una vez cada razón por la que se falló."""
    for reason in reasons:
        errors = found.setdefault("errores", {})
        errors[reason] = errors.get(reason, 0) + 1


# ── leer y escribir ──────────────────────────────────────────────────────────


def read(path: Path) -> dict[str, Any]:
    """El progreso de un archivo; en blanco si no existe. `Damaged` si no se entiende, `OSError` si no se puede leer."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return blank()
    except ValueError as error:
        raise Damaged(str(error)) from error
    if problem := trouble(data):
        raise Damaged(problem)
    return data


def trouble(data: Any) -> str:
    """Por qué `data` no es un progreso; vacío si lo es."""
    if not isinstance(data, dict) or data.get("version") != VERSION or not isinstance(data.get("nombre"), str):
        return "no es un progreso de esta versión"
    notebooks = data.get("notebooks")
    if not isinstance(notebooks, dict) or not all(isinstance(place, dict) for place in notebooks.values()):
        return "faltan los notebooks"
    for place in notebooks.values():
        for section, fields in FIELDS.items():
            found = place.get(section, {})
            if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
                return f"«{section}» no es una tabla"
            for one in found.values():
                if not all(name in fields and isinstance(value, fields[name]) for name, value in one.items()) \
                        or one.get("veredicto", "pendiente") not in RANK \
                        or not all(isinstance(times, int) for times in one.get("errores", {}).values()):
                    return f"un apunte de «{section}» no se entiende"
    return ""


def write(path: Path, data: dict[str, Any]) -> None:
    """Escribe el progreso de golpe: o está entero lo nuevo o está entero lo de antes."""
    for left in path.parent.glob(f"{path.name}.*.parcial"):  # de alguien a quien pararon a mitad
        left.unlink(missing_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.parcial")
    try:
        with open(partial, "w", encoding="utf-8") as file:
            json.dump(data, file, ensure_ascii=False, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def put_aside(path: Path) -> Path:
    """Aparta un archivo dañado, con un nombre libre, y devuelve dónde queda."""
    number = 1
    while (aside := path.with_name(f"{path.stem}-danado-{number}{path.suffix}")).exists():
        number += 1
    os.replace(path, aside)
    return aside


class Diary:
    """El progreso abierto. `path`: su archivo, o None para tenerlo solo en memoria.

    Nunca falla: si algo va mal con el archivo lo cuenta `said`, una sola vez,
    y los apuntes esperan en memoria hasta que se pueda escribir.
    """

    def __init__(self, path: Path | None = None):
        self.path, self.data = path, blank()
        self.waiting: list[Change] = []
        self.troubled = False
        self._said: list[str] = []
        if path is not None:
            self._reach(lambda: self._load(blank()))

    def note(self, change: Change) -> None:
        """Apunta un cambio. Si no cambia nada (salvo la fecha), no se toca el disco."""
        if self.path is None:
            change(self.data)
            return
        tried = copy.deepcopy(self.data)
        change(tried)
        if _undated(tried) != _undated(self.data):
            self.data = tried
            self.waiting.append(change)
            self._reach(self._save)

    def said(self) -> str:
        """Lo que hay que contarle a quien aprende, si hay algo que no se le haya contado."""
        told, self._said = " ".join(self._said), []
        return told

    def notebook(self, number: str) -> dict[str, Any]:
        """Lo apuntado en un notebook («05»)."""
        return self.data["notebooks"].get(number, {})

    def solved(self) -> frozenset[str]:
        """Los retos resueltos, de todos los notebooks."""
        return frozenset(id for place in self.data["notebooks"].values()
                         for id, one in place.get("retos", {}).items() if one.get("resuelto"))

    def _load(self, otherwise: dict[str, Any]) -> bool:
        """Lee el archivo; si está dañado lo aparta y vale `otherwise`. Devuelve si se pudo leer."""
        try:
            self.data = read(self.path)
        except Damaged:
            aside = put_aside(self.path)
            self._said.append(f"El archivo {self.path.name} estaba dañado: lo he apartado, entero, como {aside.name}, "
                              "y empiezo otro.")
            self.data = otherwise
            return False
        return True

    def _save(self) -> None:
        with Lock(self.path.with_name(f".{self.path.name}.cerrojo"), 0 if self.troubled else PATIENCE):
            batch = list(self.waiting)  # los botones se atienden en otro hilo: mientras, puede llegar otro cambio
            if self._load(otherwise=self.data):  # la memoria ya lleva los cambios que esperan
                for change in batch:
                    change(self.data)
            write(self.path, self.data)
            del self.waiting[:len(batch)]
        self.troubled = False

    def _reach(self, step: Callable[[], None]) -> None:
        """Da un paso que toca el disco; si no se puede, lo cuenta y sigue en memoria."""
        memory = self.data
        try:
            if not os.access(self.path.parent, os.W_OK):
                raise PermissionError(13, "no se puede escribir en esa carpeta")
            step()
        except (OSError, DockerlabError) as error:
            self.data = memory
            if not self.troubled:
                why = getattr(error, "strerror", None) or "otro notebook lo tiene ocupado"
                self._said.append(f"No puedo guardar tu progreso en {self.path.name} ({why}): lo conservo en memoria "
                                  "y vuelvo a intentarlo cada vez; no cierres este notebook sin arreglarlo.")
            self.troubled = True


def _undated(data: dict[str, Any]) -> dict[str, Any]:
    places = {number: {key: value for key, value in place.items() if key != "ultima_vez"}
              for number, place in data["notebooks"].items()}
    return {**data, "notebooks": places}
