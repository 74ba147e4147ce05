"""Medir una receta: lo que pesa, lo que cuesta rehacerla, lo que viaja, con qué poderes se ejecuta y qué sabe Docker.

Lo que solo se ve con la imagen en marcha (los poderes, la salud) se mira en un
motor gemelo: el de quien aprende no se entera.
"""

from __future__ import annotations

import html
import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..clock import SECOND
from ..errors import DockerlabError
from ..events import StepFinished, StepStarted
from ..scenes.words import plural, size
from .pictures import Picture
from .practice import existing
from .roads import order

HEADS = ("Receta", "Pesa", "Pasos que se rehacen", "Segundos", "Archivos que viajan", "Poderes de root",
         "Se sabe si responde", "Bases sin fijar")
WAIT = 120      # segundos que se espera, como mucho, a que un contenedor diga que está sano


@dataclass(frozen=True, slots=True, repr=False)
class Measure:
    """Una receta medida.

    `size`: bytes; `steps` y `seconds`: lo que se rehace tras cambiar un archivo, y lo que tarda; `files`: los
    que viajan; `powers`: capacidades del proceso principal; `healthy`: segundos hasta que Docker sabe que
    responde, o None si no lo sabe nunca; `loose`: bases nombradas con una etiqueta, que se puede mover.
    """

    name: str
    size: int
    steps: int
    seconds: float
    files: int
    powers: int = 0
    healthy: float | None = None
    loose: int = 0

    def __repr__(self) -> str:
        return (f"{self.name}: pesa {size(self.size)}; cambiar el programa rehace {plural(self.steps, 'paso')} "
                f"({duration(self.seconds)} s); viajan {plural(self.files, 'archivo')};\n"
                f"{' ' * len(self.name)}  {plural(self.powers, 'poder', 'poderes')} de root; {self.known}; "
                f"{plural(self.loose, 'base', 'bases')} sin fijar")

    @property
    def known(self) -> str:
        """Si Docker sabe que el programa responde, y cuándo lo supo."""
        if self.healthy is None:
            return "Docker no sabe si responde"
        return f"a los {self.healthy:.0f} s se sabe que responde"

    @property
    def row(self) -> tuple[str, ...]:
        """Sus cifras, como en la tabla."""
        return (self.name, size(self.size), str(self.steps), duration(self.seconds), str(self.files),
                str(self.powers), "nunca" if self.healthy is None else f"a los {self.healthy:.0f} s", str(self.loose))


@dataclass(slots=True, repr=False)
class Measures:
    """Las recetas medidas hasta ahora, en orden; medir otra vez una receta cambia su fila.

    Con `file`, se guardan al lado del motor: reiniciar el intérprete no las pierde.
    """

    rows: dict[str, Measure] = field(default_factory=dict)
    file: Path | None = None

    @classmethod
    def kept(cls, file: Path) -> Measures:
        """Las que se guardaron en ese archivo; si no está o no se entiende, ninguna."""
        try:
            rows = [Measure(**row) for row in json.loads(file.read_text(encoding="utf-8"))]
        except (OSError, ValueError, TypeError):
            rows = []
        return cls({row.name: row for row in rows}, file)

    def add(self, measure: Measure) -> Measure:
        """Apunta una medida."""
        self.rows[measure.name] = measure
        if self.file and self.file.parent.is_dir():
            partial = self.file.with_suffix(".tmp")
            with suppress(OSError):     # sin sitio en el disco, la medida vive mientras viva el intérprete
                partial.write_text(json.dumps([asdict(row) for row in self.rows.values()], indent=1), encoding="utf-8")
                os.replace(partial, self.file)
        return measure

    def picture(self) -> Picture:
        """Las seis cifras, en barras: en cada una resalta la receta que más gana sobre la anterior."""
        from ..scenes import plots
        rows = list(self.rows.values())
        figure = plots.columns([row.name for row in rows], {
            "Pesa (MB)": [row.size / 1e6 for row in rows], "Segundos en rehacerla": [row.seconds for row in rows],
            "Archivos que viajan": [row.files for row in rows], "Poderes de root": [row.powers for row in rows],
            "Saber si responde (s)": [row.healthy for row in rows],
            "Bases sin fijar": [row.loose for row in rows]})
        return Picture(figure, "lo que pesa cada receta, lo que cuesta rehacerla, lo que viaja, sus poderes, "
                       "cuándo se sabe si responde y sus bases sin fijar",
                       f"Seis gráficas de barras, con una barra por receta; resalta la que más gana.\n{self!r}")

    def __repr__(self) -> str:
        rows = [HEADS, *(row.row for row in self.rows.values())]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
                         for row in rows)

    def _repr_html_(self) -> str:
        head = "".join(f"<th scope='col' style='text-align:left'>{name}</th>" for name in HEADS)
        body = "".join("<tr>" + "".join(f"<td style='text-align:left'>{html.escape(cell)}</td>" for cell in row.row)
                       + "</tr>" for row in self.rows.values())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def measure(engine: Any, folder: Path, context: str, name: str, changed: str,
            tell: Callable[[str], None] = lambda line: None) -> Measure:
    """Construye `context` como `<carpeta>:<name>`, cambia `changed`, la construye otra vez y lo deja como estaba.

    `tell` oye cada orden que se da. `ValueError` si la receta no se construye o no arranca;
    `Unknown` si el archivo no está.
    """
    tag, file = f"{Path(context).name}:{name}", existing(folder, f"{context}/{changed}")
    again = f"docker build -q -t {tag} {context}"
    heard: list[Any] = []

    def build() -> None:
        tell(again)
        _, said, code = order(engine, again, folder)
        if code:
            raise ValueError(said.strip())

    before = file.read_bytes()
    build()
    weight = engine.image(tag).size
    leave = engine.events.subscribe(heard.append)
    start = engine.clock.now
    try:
        file.write_bytes(before + f"// {start}\n".encode())     # un cambio que nunca se ha construido
        build()
    finally:
        leave()
        file.write_bytes(before)
    began = {one.index: one.time for one in heard if isinstance(one, StepStarted)}
    redone = [one for one in heard if isinstance(one, StepFinished) and not one.cached and one.layer]
    seconds = sum(one.time - began[one.index] for one in redone) / 1e9
    return Measure(name, weight, len(redone), seconds, traveling(folder / context), *running(engine, tag),
                   loose(folder / context))


def duration(seconds: float) -> str:
    """Los segundos con una cifra decimal; lo que no llega a una décima, dicho así."""
    return f"{seconds:.1f}" if seconds >= 0.1 else "< 0.1"


def traveling(folder: Path) -> int:
    """Cuántos archivos de la carpeta viajan al constructor, según su `.dockerignore`."""
    from ..build.context import Context
    from ..filesystem import Directory
    return sum(not isinstance(node, Directory) for node in Context.from_folder(folder).nodes.values())


def running(engine: Any, tag: str) -> tuple[int, float | None]:
    """Con la imagen en marcha: capacidades de su proceso principal, y segundos hasta que su salud es `healthy`.

    `ValueError` si no llega a ponerse en marcha.
    """
    from ..twin import twin
    other = twin(engine)
    container = other.create(tag)
    start = other.clock.now
    try:
        other.containers.start(container)
    except DockerlabError as error:
        raise ValueError("\n".join(filter(None, (error.text, error.what, error.tip)))) from error
    process = other.kernel.processes.get(container.state.pid)
    powers = process.user.capabilities.bit_count() if process else 0

    def status() -> str:
        health = other.containers.health(container)
        return health.status if health and container.state.alive else ""

    other.run(lambda: status() != "starting", start + WAIT * SECOND)
    return powers, (other.clock.now - start) / SECOND if status() == "healthy" else None


def loose(folder: Path) -> int:
    """Cuántas bases nombra la receta sin su digest: nombres que mañana pueden ser otra imagen."""
    from ..build.arguments import global_arguments
    from ..dockerfile import parse, read, words
    recipe = parse((folder / "Dockerfile").read_bytes())
    meta_args, stages = read(recipe)
    known = global_arguments(meta_args, {}, {}, recipe.escape)
    bases = {words.expand(stage.base, known, recipe.escape) for stage in stages}
    own = {"scratch", *(stage.name for stage in stages)}
    return sum(base.lower() not in own and "@" not in base for base in bases)
