"""«En Docker de verdad»: lo grabado con un Docker real, al lado de lo que contesta este."""

from __future__ import annotations

import html
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .lessons import Recording
from .practice import prepare
from .roads import order
from .show import indented, inline, marked


@dataclass(frozen=True, slots=True, repr=False)
class Beside:
    """Cada orden con sus dos respuestas: (orden, la grabada, la de aquí)."""

    recording: Recording
    rows: tuple[tuple[str, str, str], ...]

    def __repr__(self) -> str:
        lines = []
        for command, real, here in self.rows:
            lines.append(f"$ {command}")
            if same(real, here):
                lines += ["  los dos:", indented(real, "    ") or "    (nada)"]
            else:
                lines += [f"  {self.recording.engine}:", indented(real, "    "),
                          "  dockerlab:", indented(here, "    ")]
                lines += [indented(self.recording.why(command))] if self.recording.why(command) else []
        return "\n".join([*lines, *([self.recording.note.strip()] if self.recording.note else [])])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th colspan='2' scope='colgroup' style='text-align:left'><code>$ {html.escape(command)}</code></th>"
            f"</tr><tr>{_cell(real)}{_cell(here)}</tr>{_reason(self.recording.why(command))}"
            for command, real, here in self.rows)
        return (f"<table style='width:100%;table-layout:fixed'><thead><tr><th scope='col' style='text-align:left'>"
                f"{html.escape(self.recording.engine)} (grabado)</th><th scope='col' style='text-align:left'>"
                f"dockerlab (ahora)</th></tr></thead><tbody>{rows}</tbody></table>{marked(self.recording.note)}")


def _cell(text: str) -> str:
    return (f"<td style='text-align:left;vertical-align:top'><pre style='white-space:pre-wrap;margin:0'>"
            f"{html.escape(text.rstrip())}</pre></td>")


def _reason(why: str) -> str:
    return f"<tr><td colspan='2' style='text-align:left'><b>Cambia:</b> {inline(why)}</td></tr>" if why else ""


def same(real: str, here: str) -> bool:
    """¿Dicen lo mismo, sin contar espacios, identificadores ni cuánto hace?"""
    return _plain(real) == _plain(here)


def _plain(text: str) -> list[str]:
    without = re.sub(r"\bref \S+::\w+", "ref <id>", text)    # la de una construcción cambia cada vez
    without = re.sub(r"\b(sha256:)?[0-9a-f]{12,64}\b", "<id>", without)
    without = re.sub(r"Bind for (0\.0\.0\.0|::):(?=\d)", "Bind for <todas>:", without)  # la que Docker prueba antes
    without = re.sub(r"\b(Less than a second|About an? \w+|\d+ (second|minute|hour)s?)( ago)?", "<rato>", without)
    return [" ".join(line.split()) for line in without.strip().splitlines()]


def beside(recording: Recording) -> Beside:
    """Ejecuta las órdenes de la grabación en un motor nuevo y las pone al lado."""
    from ..engine import Engine
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(folder=folder)
        prepare(Path(folder), recording.files)
        rows = tuple((command, real, order(engine, command, Path(folder))[1]) for command, real in recording.steps)
    return Beside(recording, rows)
