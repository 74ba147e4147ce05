"""El contexto: qué archivos viajan de tu carpeta al constructor y cuáles se quedan por `.dockerignore`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import dropwhile
from posixpath import normpath

from ..dockerfile.ignore import Ignore, parse
from . import layout
from .board import Board, Item, Mark, Zone
from .scene import Film
from .words import plural, quoted, size

TRAVELS = "Viaja el contexto"
ASTRAY = {"..": "«..» no sale del contexto, y dentro no está", "/": "esa barra es la raíz del contexto, y ahí no está"}
MANY = 3   # archivos a partir de los cuales una carpeta se enseña entera


@dataclass(frozen=True, slots=True)
class Decision:
    """Un archivo (o una carpeta con sus `count` archivos): cuánto pesa, si viaja y por qué regla no."""

    path: str
    size: int
    kept: bool
    rule: str = ""
    count: int = 1


def film(files: Mapping[str, int], rules: str = "", copies: Iterable[str] = (), title: str = "", packed: bool = False
         ) -> Film:
    """La película. `files`: ruta → bytes; `rules`: el texto de `.dockerignore`; `copies`: orígenes de los COPY.

    `packed`: se empieza cuando el contexto ya ha viajado, sin repasar las reglas.
    """
    boards = _boards(decide(files, rules), parse(rules), tuple(copies))
    return layout.film(dropwhile(lambda board: packed and board.mark != TRAVELS, boards),
                       title or "El contexto de construcción")


def decide(files: Mapping[str, int], rules: str = "") -> tuple[Decision, ...]:
    """Qué pasa con cada archivo; las carpetas con muchos y una sola suerte van en una fila."""
    texts = parse(rules)
    stages = [Ignore.of(texts[:count]) for count in range(len(texts) + 1)]
    rows = []
    for path in sorted(files):
        seen = [stage.matches(path) for stage in stages]
        turns = [index for index in range(1, len(seen)) if seen[index] != seen[index - 1]]
        rows.append(Decision(path, files[path], not seen[-1], texts[turns[-1] - 1] if turns else ""))
    return tuple(_gather(rows))


def _gather(rows: list[Decision]) -> Iterator[Decision]:
    folders: dict[str, list[Decision]] = {}
    for row in rows:
        folders.setdefault(row.path.split("/")[0] if "/" in row.path else row.path, []).append(row)
    for name, inside in folders.items():
        if len(inside) > MANY and len({(row.kept, row.rule) for row in inside}) == 1:
            yield Decision(f"{name}/", sum(row.size for row in inside), inside[0].kept, inside[0].rule, len(inside))
        else:
            yield from inside


def _boards(rows: tuple[Decision, ...], rules: tuple[str, ...], copies: tuple[str, ...]) -> Iterator[Board]:
    kept, out = [row for row in rows if row.kept], [row for row in rows if not row.kept]
    total, weight = sum(row.size for row in rows), sum(row.size for row in kept)
    files = sum(row.count for row in rows)
    yield _board(rows, rules, f"En la carpeta hay {plural(files, 'archivo')}: {size(total)}.", mark="La carpeta")
    for rule in rules:
        mine = [row for row in rows if row.rule == rule]
        back = rule.startswith("!")
        what = f"{plural(sum(row.count for row in mine), 'archivo')} ({size(sum(row.size for row in mine))})"
        verb = "devuelve al contexto" if back else "deja fuera"
        yield _board(rows, rules, f"La regla {quoted(rule)} {verb} {what}.", rule=rule, upto=rules.index(rule) + 1,
                     mark=rule)
    saved = f" {size(total - weight)} no viajan." if out else " No hay nada que lo impida: viaja todo."
    yield _board(rows, rules, f"Al constructor llegan {size(weight)}.{saved}", upto=len(rules), sent=True,
                 mark=TRAVELS)
    for source in copies:
        found = [row for row in kept if _matches(source, row.path)]
        if not found:
            why = next((why for start, why in ASTRAY.items() if source.startswith(start)), "no ha viajado")
            yield _board(rows, rules, f"COPY {source} falla: {why}. El constructor no ve otra cosa.",
                         upto=len(rules), sent=True, order=f"COPY {source} /app/", wrong=True, mark=f"COPY {source}")
        else:
            yield _board(rows, rules, f"COPY {source} copia {plural(sum(r.count for r in found), 'archivo')} de los "
                         "que han viajado.", upto=len(rules), sent=True, order=f"COPY {source} /app/",
                         copied=tuple(row.path for row in found), mark=f"COPY {source}")


def _matches(source: str, path: str) -> bool:
    """¿Nombra `source` a `path`? Los `..` se paran en la raíz del contexto, como en Docker."""
    source = _inside(source)
    return source in ("", ".") or path == source or path.startswith(f"{source}/")


def _inside(source: str) -> str:
    """La ruta de `source` contada desde la raíz del contexto."""
    return normpath(f"/{source}").strip("/")


def _board(rows: tuple[Decision, ...], rules: tuple[str, ...], caption: str, *, rule: str = "", upto: int = 0,
           sent: bool = False, order: str = "", wrong: bool = False, copied: tuple[str, ...] = (), mark: str = ""
           ) -> Board:
    applied, folder = rules[:upto], []
    for row in rows:
        out = not row.kept and row.rule in applied
        badge: Mark | None = ("se queda", "error", "removed") if out else ("viaja", "hit", "hit") if sent else None
        folder.append(Item(f"here:{row.path}", row.path, _weight(row), "file.gone" if out else "file", badge,
                           lit=bool(rule) and row.rule == rule))
    lines = tuple(Item(f"rule:{text}", text, style="config.new" if text == rule else "config", lit=text == rule)
                  for text in dict.fromkeys(rules))
    arrived = tuple(Item(f"there:{row.path}", row.path, _weight(row), "layer", ("copiado", "accent", "")
                         if row.path in copied else None, lit=row.path in copied, source=f"here:{row.path}")
                    for row in rows if row.kept) if sent else ()
    gone = sum(row.size for row in rows if not row.kept and row.rule in applied)
    total = sum(row.size for row in rows)
    answer = "" if not order else f'"/{_inside(order.split()[1])}": not found' if wrong else "hecho"
    return Board(caption, ((
        Zone("folder", "Tu carpeta", tuple(folder), size(total), weight=1.85, empty="vacía"),
        Zone("rules", ".dockerignore", lines, plural(len(rules), "regla"), weight=0.85, empty="no hay"),
        Zone("builder", "El constructor", arrived, size(total - gone) if sent else "", weight=1.1,
             empty="todavía no ha llegado nada")),),
        order=order or "docker build .", answer=answer, wrong=wrong, mark=mark, prompt="" if order else "$ ")


def _weight(row: Decision) -> str:
    """Lo que pesa y, si es una carpeta, cuántos archivos lleva."""
    return size(row.size) if row.count == 1 else f"{plural(row.count, 'archivo')}, {size(row.size)}"
