"""La memoria de un contenedor frente al límite de su grupo de control, hasta el OOM si llega."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..units import bytes_size as size
from . import describe, layout
from .board import Board, Item, Mark, Zone
from .scene import Film
from .words import span


@dataclass(frozen=True, slots=True)
class Sample:
    """Una medida: instante (ns), bytes usados por cada proceso (texto, bytes) y cómo está el contenedor."""

    time: int
    processes: tuple[tuple[str, int], ...]
    state: str = "running"
    oom: bool = False
    exit_code: int | None = None

    @property
    def used(self) -> int:
        """Los bytes de todos los procesos."""
        return sum(amount for _, amount in self.processes)


def film(samples: Iterable[Sample], limit: int, name: str = "", title: str = "") -> Film:
    """La película; `limit`: bytes del límite, o 0 si no lo hay (entonces las barras van respecto al máximo)."""
    samples = tuple(samples)
    return layout.film(_boards(samples, limit, name), title or f"La memoria de {name or 'un contenedor'}")


def _boards(samples: tuple[Sample, ...], limit: int, name: str) -> Iterator[Board]:
    top = limit or max((sample.used for sample in samples), default=1) * 2 or 1
    origin = samples[0].time if samples else 0
    for index, sample in enumerate(samples):
        series = tuple(1.0 if one.oom else one.used / top for one in samples[:index + 1])
        share = 1.0 if sample.oom else sample.used / top
        badge: Mark | None = ("OOM", "error", "error") if sample.oom else None
        used = limit if sample.oom else sample.used
        total = Item("total", f"{size(used)} de {size(limit)}" if limit else f"{size(used)}, sin límite", style="file",
                     share=share, mark=badge, prose=True, lit=sample.oom)
        processes = tuple(Item(f"process:{position}", command, size(amount), "node")
                          for position, (command, amount) in enumerate(sample.processes))
        code = describe.exit_code(sample.exit_code) if sample.exit_code is not None else "—"
        yield Board(_caption(sample, limit, share, sample.time - origin), ((
            Zone("memory", "Memoria del grupo de control", (total,),
                 f"límite: {size(limit)}" if limit else "sin límite", bars=series, weight=1.5),
            Zone("processes", f"Procesos de {name}" if name else "Procesos", processes, tall=True, empty="ninguno")),),
            facts=(("time", "Han pasado", span(sample.time - origin)), ("state", "Estado", sample.state),
                   ("code", "Código de salida", code), ("oom", "OOMKilled", "true" if sample.oom else "false")),
            mark="OOM" if sample.oom else "Inicio" if index == 0 else "")


def _caption(sample: Sample, limit: int, share: float, elapsed: int) -> str:
    if sample.oom:
        return (f"Pide más de {size(limit)} y no hay de dónde: el núcleo mata al proceso con SIGKILL. No es Docker: es "
                "el límite del grupo de control.")
    if sample.state != "running":
        return f"El contenedor está {describe.state_name(sample.state)}: ya no usa memoria."
    when = f"Tras {span(elapsed)}" if elapsed else "Al empezar"
    if not limit:
        return f"{when} usa {size(sample.used)}. Sin límite, podría usar toda la del anfitrión."
    warn = " Queda poco." if share > 0.8 else ""
    return f"{when} usa {size(sample.used)}, el {share * 100:.0f} % de lo que puede.{warn}"
