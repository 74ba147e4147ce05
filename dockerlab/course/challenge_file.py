"""El archivo de un reto: de TOML a `Challenge`, o la lista de todo lo que está mal, en español."""

from __future__ import annotations

import ast
import dataclasses
import difflib
import inspect
import re
import shlex
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from .. import filesystem, views
from ..errors import DockerlabError
from ..images import ImageConfig
from . import roads
from .challenge import Challenge, Goal, WrongEnd, count
from .expressions import BUILTINS, ForbiddenExpression, compiled, pieces
from .facts import World

CLAIMS = tuple(f"C{number}" for number in range(1, 15))
LEVELS = (1, 2, 3)
HINTS = range(2, 6)
SHAPES = {"title": str, "story": str, "claims": list, "par": int, "goals": list, "hints": list, "solution": str,
          "explanation": str, "wrong": list, "start": str, "roads": list, "files": dict, "level": int, "place": int}
OPTIONAL = {"start", "roads", "files", "level", "place"}
GOAL = ("text", "when")
WRONG = ("road", "when", "idea", "say")
KINDS = {str: "un texto entre comillas", int: "un número sin comillas", list: "una lista entre corchetes",
         dict: "una tabla: `[files]` y debajo `\"ruta\" = \"texto\"`"}
# Lo que dice el lector de TOML, y lo que conviene mirar.
TOML_TIPS = {
    "Expected '=' after a key": "Cada línea es `campo = valor`. ¿Falta el signo igual, o sobra un salto de línea "
                                "dentro de unas comillas simples? Un texto de varias líneas va entre tres comillas.",
    "Unterminated string": "Falta cerrar unas comillas. Un texto de varias líneas va entre tres comillas.",
    "Illegal character": "Un texto de una línea acaba en la misma línea. Si tiene varias, ponlo entre tres comillas.",
    "Unclosed array": "Falta una coma entre dos elementos de la lista, o el corchete que la cierra.",
    "Unclosed inline table": "Falta cerrar la llave `}`. En una tabla entre llaves todo va en la misma línea.",
    "Invalid value": "Los textos van entre comillas; las listas, entre corchetes.",
    "Cannot overwrite a value": "Ese campo está dos veces. Deja uno solo.",
    "Unescaped '\\' in a string": "La barra `\\` se escribe doble (`\\\\`), o el texto entre comillas simples.",
}
FIELDS = frozenset(
    field.name for module in (views, filesystem) for kind in vars(module).values()
    if isinstance(kind, type) and dataclasses.is_dataclass(kind) for field in dataclasses.fields(kind)
) | {field.name for field in dataclasses.fields(ImageConfig)} | {"size", "created_by", "empty_layer"}


@dataclass(frozen=True, slots=True)
class Fault:
    """Algo mal en un archivo de reto: dónde (`field`, vacío si es el archivo entero), qué, y qué probar."""

    file: str
    field: str
    what: str
    tip: str

    def __str__(self) -> str:
        return f"{self.file}{', ' + self.field if self.field else ''}: {self.what} {self.tip}".rstrip()


class ChallengeError(DockerlabError):
    """Un archivo de reto que no vale; `faults` dice todo lo que hay que cambiar."""

    def __init__(self, faults: tuple[Fault, ...]):
        super().__init__("\n".join(str(fault) for fault in faults), what="El archivo del reto no vale.")
        self.faults = faults


def read(text: str, name: str) -> Challenge:
    """El reto escrito en `text`; `name` es el de su archivo, con o sin `.toml`. Si no vale, `ChallengeError`."""
    file = f"{name.removesuffix('.toml')}.toml"
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ChallengeError((_unreadable(file, text, str(error)),)) from None
    faults = tuple(Fault(file, *fault) for fault in _faults(data))
    if faults:
        raise ChallengeError(faults)
    return Challenge(
        id=name.removesuffix(".toml"), title=data["title"], story=_flowing(data["story"]), claims=tuple(data["claims"]),
        par=data["par"], aims=tuple(Goal(**goal) for goal in data["goals"]), hints=tuple(data["hints"]),
        solution=data["solution"].strip(), explanation=data["explanation"].strip(),
        wrong=tuple(WrongEnd(**end) for end in data["wrong"]), start=data.get("start", ""),
        roads=tuple(data.get("roads", ())), files=tuple(data.get("files", {}).items()), level=data.get("level", 2),
        place=data.get("place", 0))


def _flowing(text: str) -> str:
    """El texto sin los saltos de línea con los que se escribió; una línea en blanco separa párrafos."""
    return re.sub(r"[ \t]*(?<!\n)\n(?!\n)[ \t]*", " ", text.strip())


def _unreadable(file: str, text: str, message: str) -> Fault:
    place = re.search(r"line (\d+)", message)
    lines = text.splitlines()
    line = int(place[1]) if place else len(lines)
    shown = lines[line - 1].strip() if 0 < line <= len(lines) else ""
    tip = next((tip for start, tip in TOML_TIPS.items() if message.startswith(start)),
               "Repasa comillas, corchetes y signos igual de esa línea y de la anterior.")
    return Fault(file, f"línea {line}", f"no se entiende{f': `{shown}`' if shown else ''}.", tip)


Found = Iterator[tuple[str, str, str]]


def _faults(data: dict[str, Any]) -> Found:
    """(campo, qué pasa, qué probar) de cada falta."""
    yield from _keys(data, "", tuple(SHAPES), OPTIONAL)
    good = {}
    for field, shape in SHAPES.items():
        if field not in data:
            continue
        if not isinstance(data[field], shape) or isinstance(data[field], bool):
            yield field, "tiene otra forma.", f"Se espera {KINDS[shape]}."
        elif shape in (str, list) and field not in OPTIONAL and not data[field]:
            yield field, "está vacío.", "Escribe algo: todo reto lo necesita."
        else:
            good[field] = data[field]
    for field, check in CHECKS.items():
        if field in good:
            yield from check(good[field])
    if {"par", "solution"} <= set(good) and not list(_road("solution", good["solution"])):
        if (needed := count(good["solution"])) != good["par"]:
            yield "par", f"dice {good['par']}. Órdenes `docker` que da la solución: {needed}.", f"Pon `par = {needed}`."


def _keys(data: dict[str, Any], where: str, known: tuple[str, ...], optional: frozenset[str] | set[str] = frozenset(),
          ) -> Found:
    for name in data:
        if name not in known:
            yield f"{where}{name}", "no es un campo de un reto.", _like(name, known) or f"Están: {', '.join(known)}."
    for name in known:
        if name not in data and name not in optional:
            yield f"{where}{name}", "falta.", "Mira el ejemplo de la guía «Escribir un reto»."


def _like(name: str, known: Any) -> str:
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.7)
    return f"¿Querías decir `{close[0]}`?" if close else ""


def _texts(field: str, items: list[Any]) -> Found:
    for number, item in enumerate(items, 1):
        if not isinstance(item, str) or not item.strip():
            yield f"{field}, {number}", "está vacío o no es un texto.", "Escribe un texto entre comillas."


def _claims(claims: list[Any]) -> Found:
    for claim in claims:
        if claim not in CLAIMS:
            yield "claims", f"«{claim}» no es una idea del curso.", f"Van de {CLAIMS[0]} a {CLAIMS[-1]}."


def _hints(hints: list[Any]) -> Found:
    yield from _texts("hints", hints)
    if len(hints) not in HINTS:
        yield "hints", f"hay {len(hints)}.", "Pon de dos a cinco: la primera orienta, la última casi lo resuelve."
    elif len(set(map(str, hints))) < len(hints):
        yield "hints", "hay dos iguales.", "Cada pista dice algo más que la anterior."


def _goals(goals: list[Any]) -> Found:
    for number, goal in enumerate(goals, 1):
        where = f"goals, {number}"
        yield from _rows(where, goal, GOAL)
        if isinstance(goal, dict) and isinstance(goal.get("when"), str):
            yield from expression_faults(f"{where}, when", goal["when"])


def _wrong(ends: list[Any]) -> Found:
    said: dict[str, int] = {}
    for number, end in enumerate(ends, 1):
        where = f"wrong, {number}"
        yield from _rows(where, end, WRONG)
        if not isinstance(end, dict):
            continue
        if isinstance(end.get("when"), str):
            yield from expression_faults(f"{where}, when", end["when"])
        if isinstance(end.get("say"), str):
            yield from _said(f"{where}, say", end["say"])
            if (first := said.setdefault(end["say"], number)) != number:
                yield f"{where}, say", f"dice lo mismo que el error {first}.", "Cada error merece su propia razón."
        if isinstance(end.get("road"), str):
            yield from _road(f"{where}, road", end["road"])


def _rows(where: str, row: Any, known: tuple[str, ...]) -> Found:
    if not isinstance(row, dict):
        yield where, "tiene otra forma.", "Se espera `{ " + ", ".join(f'{name} = "…"' for name in known) + " }`."
        return
    yield from _keys(row, f"{where}, ", known)
    for name in known:
        if name in row and (not isinstance(row[name], str) or not row[name].strip()):
            yield f"{where}, {name}", "está vacío o no es un texto.", "Escribe un texto entre comillas."


def _road(field: str, road: Any) -> Found:
    if not isinstance(road, str):
        yield field, "no es un texto.", "Un camino se escribe entre comillas, una orden `!docker …` en cada línea."
        return
    try:
        steps = list(roads.steps(road))
    except ValueError as error:
        line = str(error).partition(": ")[2]
        yield field, f"no se entiende la línea `{line}`.", "Las órdenes empiezan por `!docker`; los archivos, por " \
            "`%%archivo ruta`, con una línea en blanco antes."
        return
    for kind, text, _ in steps:
        yield from _order(field, text) if kind == "orden" else _path(field, text)


def _order(field: str, line: str) -> Found:
    try:
        words = shlex.split(line)
    except ValueError:
        yield field, f"en `{line}` falta cerrar unas comillas.", "Cada comilla que se abre se cierra en la misma línea."
        return
    if words[:1] != ["docker"]:
        yield field, f"`{line}` no es una orden de Docker.", "Aquí las órdenes empiezan por `docker`."


def _path(field: str, path: str) -> Found:
    if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
        yield field, f"`{path}` se sale de la carpeta del reto.", "Usa una ruta relativa, sin `..`."


def _files(files: dict[str, Any]) -> Found:
    for path, text in files.items():
        if not isinstance(text, str):
            yield "files", f"`{path}` no lleva un texto.", "Escribe el nombre entre comillas: `\"web/Dockerfile\" = …`."
        else:
            yield from _path("files", path)


def _said(field: str, text: str) -> Found:
    try:
        inside = [expression for _, expression in pieces(text) if expression]
    except ValueError:
        yield field, "tiene una llave suelta.", "Una llave de verdad se escribe doble: `{{` o `}}`."
        return
    for expression in inside:
        yield from expression_faults(field, expression)


def expression_faults(field: str, text: str) -> Found:
    """Las faltas de una condición: gramática, nombres, atributos y argumentos."""
    try:
        compiled(text)
    except ForbiddenExpression as error:
        reason = str(error).partition(" en «")[0]
        yield field, f"{reason}.", "Las condiciones solo miran: comparan, cuentan y llaman a los hechos de la guía."
        return
    except (SyntaxError, ValueError):
        yield field, f"`{text}` no es una condición.", "¿Paréntesis o comillas sin cerrar? Dentro van comillas simples."
        return
    tree = ast.parse(text.strip(), mode="eval")
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in {*own, *SIGNATURES, *VALUES, *BUILTINS}:
            yield field, f"`{node.id}` no es un hecho.", _like(node.id, {*SIGNATURES, *VALUES}) or WHERE
        elif isinstance(node, ast.Attribute) and node.attr not in FIELDS:
            yield field, f"`.{node.attr}` no existe.", _like(node.attr, FIELDS) or WHERE
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SIGNATURES:
            yield from _arguments(field, node)


def _arguments(field: str, call: ast.Call) -> Found:
    name = call.func.id  # type: ignore[attr-defined]
    if name in IMAGINED:
        for line in (one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)):
            if not line.startswith("%%archivo "):
                yield from _order(field, line)
    try:
        SIGNATURES[name].bind(*call.args, **{word.arg or "": word.value for word in call.keywords})
    except TypeError:
        wanted = ", ".join(SIGNATURES[name].parameters)
        yield field, f"a `{name}` no se le dan bien los datos.", f"Se escribe `{name}({wanted})`."


WHERE = "La guía «Escribir un reto» trae la tabla de los hechos."
ANSWERED = {"blank", "differ"}     # solo sirven en los ejercicios que se responden escribiendo
SIGNATURES = {name: inspect.signature(fact) for name, fact in World(None).offered().items() if name not in ANSWERED}
IMAGINED = {"says", "repeated"}     # reciben órdenes
VALUES = ("images", "containers", "volumes", "networks")
CHECKS: dict[str, Callable[[Any], Found]] = {
    "claims": _claims, "goals": _goals, "hints": _hints, "wrong": _wrong, "files": _files,
    "start": lambda road: _road("start", road), "solution": lambda road: _road("solution", road),
    "roads": lambda items: (fault for number, road in enumerate(items, 1) for fault in _road(f"roads, {number}", road)),
    "level": lambda level: () if level in LEVELS else [("level", f"vale {level}.", "Va de 1 (suave) a 3 (difícil).")],
    "title": lambda title: [("title", "es muy largo.", "Un título cabe en 60 letras.")] if len(title) > 60 else (),
}
