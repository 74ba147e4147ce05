"""Lo que `docker build` escribe: el texto llano de BuildKit, hecho con los sucesos de la construcción.

`Plain` da el texto de `--progress=plain` según llegan los sucesos; `failure`, lo
que se escribe al final si falla (el paso, el trozo de Dockerfile y el error);
`warnings` y `check`, los avisos.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from dockerlab.clock import SECOND
from dockerlab.dockerfile.lint import Finding
from dockerlab.errors import DockerlabError
from dockerlab.events import BuildTask, StepFinished, StepOutput, StepStarted

HEADER = '#0 building with "default" instance using docker driver\n'
RULE = "--------------------"
BOX = "------"
TAIL = 10  # líneas de lo que escribió el paso que se repiten al fallar


class Plain:
    """El texto llano, suceso a suceso: `feed` da lo que cada uno añade.

    Un paso que solo cambia la configuración no sale: para BuildKit no es un paso.
    """

    def __init__(self) -> None:
        self.number, self.started, self.partial = 0, 0, ""

    def feed(self, event: Any) -> str:
        """Lo que se escribe al ocurrir `event` (quizá nada)."""
        return "".join(f"{line}\n" for line in self.lines(event))

    def lines(self, event: Any) -> Iterator[str]:
        """Las líneas que añade un suceso."""
        if isinstance(event, BuildTask):
            yield from self.open(event.name)
            yield from (f"#{self.number} {note}" for note in event.notes)
            yield f"#{self.number} {_end(event.error, event.cached, event.seconds)}"
        elif isinstance(event, StepStarted) and is_vertex(event.name):
            self.started = event.time
            yield from self.open(event.name)
        elif isinstance(event, StepOutput):
            *whole, self.partial = (self.partial + event.text).split("\n")
            yield from (self.said(event.time, line) for line in whole)
        elif isinstance(event, StepFinished) and is_vertex(event.name):
            if self.partial:
                yield self.said(event.time, self.partial)
                self.partial = ""
            yield f"#{self.number} {_end(event.error, event.cached, (event.time - self.started) / SECOND)}"

    def open(self, name: str) -> Iterator[str]:
        """Empieza otra tarea o paso."""
        if not self.number:
            yield HEADER.rstrip("\n")
        self.number += 1
        yield ""
        yield f"#{self.number} {name}"

    def said(self, time: int, line: str) -> str:
        """Una línea de lo que escribe un RUN, con los segundos que lleva."""
        return f"#{self.number} {(time - self.started) / SECOND:.3f} {line}"


def is_vertex(name: str) -> bool:
    """¿Es un paso para BuildKit? Los que solo cambian la configuración no llevan corchetes."""
    return name.startswith("[")


def _end(error: str, cached: bool, seconds: float) -> str:
    if error:
        return f"ERROR: {error}"
    return "CACHED" if cached else f"DONE {seconds:.1f}s"


# ── cuando falla ─────────────────────────────────────────────────────────────

PREFIX = "failed to solve: "
CHECKSUM = ("copy-not-found", "copy-link-loop", "copy-bad-pattern")
# Errores que BuildKit cuenta sin decir la línea.
NOWHERE = ("add-remote", "lint-violation", "stage-index", "copy-from-variable")


EARLY = ("secret-field", "output-field", "output-type", "output-unknown", "output-no-dest", "output-unsimulated")
"""Lo que se descubre al leer la línea, antes de llamar al constructor."""
SOLVED = ("call-unknown", "dockerfile-no-source")
"""Lo que contesta el constructor aunque no haya llegado a leer ningún Dockerfile."""


def failure(error: DockerlabError, findings: Sequence[Finding] = (), quiet: bool = False) -> str:
    """Lo que se escribe al fallar una construcción. `quiet` (`-q`): solo el trozo de Dockerfile y el error."""
    data = error.data
    text = "" if quiet else box(data.get("vertex", ""), data.get("output", ())) + warnings(findings)
    prefix = PREFIX if "dockerfile" in data or error.key in SOLVED else ""
    failed = "" if error.key in EARLY else "failed to build: "
    return f"{text}{where(error)}ERROR: {failed}{prefix}{cause(error)}\n"


def where(error: DockerlabError) -> str:
    """El trozo de Dockerfile donde está el error, si se sabe."""
    data = error.data
    if error.key in NOWHERE or "lines" not in data or not data.get("dockerfile"):
        return ""
    places = (data["lines"], *data.get("more", ()))
    return "".join(excerpt(data["file"], data["dockerfile"], lines) for lines in places)


def cause(error: DockerlabError) -> str:
    """El texto final: BuildKit cuenta algunos errores con lo que estaba haciendo delante."""
    if error.key in CHECKSUM:
        return f"failed to compute cache key: {error.text}"
    return f"failed to load cache key: {error.text}" if error.key == "add-remote" else error.text


def box(vertex: str, output: Sequence[tuple[float, str]]) -> str:
    """El paso que falló y lo último que escribió."""
    if not is_vertex(vertex):
        return ""
    lines: list[str] = []
    partial, last = "", 0.0
    for seconds, text in output:
        *whole, partial = (partial + text).split("\n")
        lines += (f"{seconds:.3f} {line}" for line in whole)
        last = seconds
    if partial:
        lines.append(f"{last:.3f} {partial}")
    return "".join(f"{line}\n" for line in (BOX, f" > {vertex}:", *lines[-TAIL:], BOX))


def excerpt(name: str, text: str, lines: tuple[int, int]) -> str:
    """El trozo de Dockerfile: de `lines[0]` a `lines[1]` señaladas, y algunas alrededor."""
    source = text.split("\n")
    first, last = lines
    if not 1 <= first <= len(source):
        return ""
    last = min(last, len(source))
    start, end, around = first, last, 4 if first == last else 2
    while around > 0:
        if start > 1:
            start, around = start - 1, around - 1
        if end < len(source):
            end, around = end + 1, around - 1
        around -= 1
    rows = [f" {number:3d} | {'>>>' if first <= number <= last else '   '} {source[number - 1]}"
            for number in range(start, end + 1)]
    return "".join(f"{line}\n" for line in (f"{name}:{first}", RULE, *rows, RULE))


# ── los avisos ───────────────────────────────────────────────────────────────

def warnings(findings: Sequence[Finding]) -> str:
    """El resumen que va al final de una construcción con avisos."""
    if not findings:
        return ""
    lines = list(dict.fromkeys(f" - {finding}" for finding in findings))      # lo mismo, dicho una vez
    count = f"{len(lines)} warning{'s' if len(lines) > 1 else ''} found"
    return "".join(f"{line}\n" for line in ("", f" {count} (use docker --debug to expand):", *lines))


def check(findings: Iterable[Finding], name: str, text: str, error: DockerlabError | None = None) -> tuple[str, str]:
    """Lo que escribe `docker build --check` en sus dos salidas: los avisos y, si no se pudo seguir, el error."""
    found = sorted(findings, key=lambda finding: finding.start)
    pieces = [f"Check complete, {len(found)} warning{' has' if len(found) == 1 else 's have'} been found!\n" if found
              else "Check complete, no warnings found.\n"]
    for finding in found:
        url = f" - {finding.rule.url}" if finding.rule.url else ""
        pieces.append(f"\nWARNING: {finding.rule.name}{url}\n{finding.text}\n"
                      + excerpt(name, text, (finding.start, finding.end)))
    if error is None:
        return "".join(pieces), ""
    return "".join(pieces) + "\n", f"ERROR: {cause(error)}\n{where(error)}\n"
