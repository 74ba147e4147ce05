"""De filas a texto: `table …`, `json` o una plantilla cualquiera.

Cada clase de tabla (contenedores, imágenes, redes...) es un `Kind`: qué columnas
hay, cómo se titulan y cómo se calculan. `render` hace lo que hace `--format`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dockerlab.errors import DockerlabError, fault

from .template import Row, Template
from .template.functions import HEADERS

MIN_WIDTH, PADDING = 10, 3


def tabulate(lines: Iterable[Sequence[str]], min_width: int = MIN_WIDTH, padding: int = PADDING) -> str:
    """Celdas en columnas alineadas (paquete text/tabwriter): la última de cada línea no se rellena.

    Una columna es un grupo de líneas seguidas que la tienen; su ancho es el de
    la celda más larga y `padding` blancos, y nunca menos de `min_width`.
    """
    rows = [list(line) for line in lines]
    widths: list[list[int]] = [[0] * max(0, len(row) - 1) for row in rows]
    for column in range(max((len(row) for row in rows), default=0)):
        start = 0
        while start < len(rows):
            end = start
            while end < len(rows) and len(rows[end]) - 1 > column:
                end += 1
            width = max([min_width, *(len(row[column]) + padding for row in rows[start:end])])
            for at in range(start, end):
                widths[at][column] = width
            start = max(end, start + 1)
    return "".join("".join(cell.ljust(width) for cell, width in zip(row, widths[at], strict=False)) + row[-1] + "\n"
                   for at, row in enumerate(rows))


@dataclass(frozen=True, slots=True)
class Column:
    """Una columna: su título y cómo se calcula con (elemento, contexto)."""

    title: str
    value: Callable[[Any, Context], Any]


@dataclass(frozen=True, slots=True)
class Context:
    """Lo que hay que saber para escribir una fila: la hora (segundos), si se recorta, y opciones de la orden."""

    now: float
    trunc: bool = True
    options: Mapping[str, Any] | None = None

    def option(self, name: str, default: Any = None) -> Any:
        """Una opción propia de la orden (`human`, `digests`...)."""
        return (self.options or {}).get(name, default)


@dataclass(frozen=True, slots=True)
class Kind:
    """Una clase de tabla. `type_name`: el tipo de Go que citan los errores; `table`: columnas de fábrica."""

    type_name: str
    columns: Mapping[str, Column]
    table: str
    quiet: str = "{{.ID}}"
    json: tuple[str, ...] = ()

    def row(self, item: Any, context: Context) -> Row:
        """La fila de `item`: cada columna se calcula cuando se pide."""
        def bind(column: Column) -> Callable[[Any], Any]:
            return lambda each: column.value(each, context)
        return Row(item, {name: bind(column) for name, column in self.columns.items()}, self.type_name,
                   self.json or tuple(self.columns))

    def titles(self) -> dict[str, Any]:
        """La fila de títulos. `.Label "x"` se titula `x`."""
        return {name: (lambda label: label) if name == "Label" else column.title
                for name, column in self.columns.items()}

    def layout(self, form: str, quiet: bool = False) -> str:
        """La plantilla que corresponde a `--format form` (vacío: la tabla de fábrica)."""
        if form in ("", "table"):
            return self.quiet if quiet else "table " + self.table
        return form


def final_format(form: str) -> tuple[str, bool]:
    """La plantilla desnuda y si es una tabla."""
    is_table = form.startswith("table")
    text = "{{json .}}" if form == "json" else form.removeprefix("table").strip(" ") if is_table else form.strip(" ")
    return text.replace("\\t", "\t").replace("\\n", "\n"), is_table


def render(kind: Kind, items: Iterable[Any], form: str, context: Context) -> str:
    """Las filas de `items` según `form`. Faltas `template-parse` y `template-exec`, como las cuenta la orden."""
    text, is_table = final_format(form)
    try:
        template = Template(text)
        lines = [template.render(kind.row(item, context)) for item in items or ()]
        if not is_table:
            return "".join(line + "\n" for line in lines)
        title = template.render(kind.titles(), HEADERS)
    except DockerlabError as error:
        raise reword(error) from None
    return tabulate(line.split("\t") for piece in (title, *lines) for line in piece.split("\n"))


def reword(error: DockerlabError, prefix: str = "template parsing error", code: int = 1) -> DockerlabError:
    """El mismo error de plantilla, contado como lo cuenta cada orden."""
    reworded = fault(error.key, **{**error.data, "code": code})
    reworded.text = f"{prefix}: {error.text}"
    return reworded
