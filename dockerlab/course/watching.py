"""Vigilar los contenedores un rato: cuánta memoria y cuánto procesador usa cada uno, en cifras y en dibujo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..containers.series import Sample, watch
from ..units import bytes_size
from .pictures import Picture

Series = dict[str, list[Sample]]
Changes = Mapping[float, str]     # en qué segundo se da cada orden


def memory(engine: Any, seconds: float, changes: Changes, give: Callable[[str], Any]) -> Picture:
    """La memoria de cada contenedor en marcha durante `seconds` segundos, con su límite si lo tiene."""
    from ..scenes import plots
    series = observed(engine, seconds, changes, give)
    records = [record for record in engine.containers.list() if record.name in series]
    limits = {record.name: record.host_config["Memory"] for record in records if record.host_config.get("Memory")}
    killed = {record.name for record in records if record.state.oom_killed}
    title = f"la memoria de cada contenedor, en {seconds:g} segundos"
    told = _orders(changes)
    for name, samples in series.items():
        told.append(f"- {name}: de {bytes_size(samples[0].memory)} a {bytes_size(samples[-1].memory)}, "
                    + (f"con un límite de {bytes_size(limits[name])}" if name in limits else "sin límite")
                    + (f"; a los {samples[-1].time:.0f} s pide más y el núcleo lo mata" if name in killed else ""))
    near = {name: limit for name, limit in limits.items() if 4 * max(one.memory for one in series[name]) >= limit}
    figure = plots.usage({name: [(one.time, one.memory) for one in samples] for name, samples in series.items()},
                         near, killed, changes)     # un límite lejano aplastaría el dibujo
    return Picture(figure, title, "\n".join(told))


def processor(engine: Any, seconds: float, changes: Changes, give: Callable[[str], Any]) -> Picture:
    """Los procesadores que ocupa cada contenedor durante `seconds` segundos; quien no hace nada no se dibuja."""
    from ..scenes import plots
    seen = observed(engine, seconds, changes, give)
    series = {name: samples for name, samples in seen.items() if max(one.cpu for one in samples) >= 0.01} or seen
    title = f"los procesadores que ocupa cada contenedor, en {seconds:g} segundos"
    told = [*_orders(changes), *(f"- {name}: {_levels(samples)}" for name, samples in series.items())]
    figure = plots.cpu({name: [(one.time, one.cpu) for one in samples] for name, samples in series.items()},
                       engine.host.cpus, changes)
    return Picture(figure, title, "\n".join(told))


def observed(engine: Any, seconds: float, changes: Changes, give: Callable[[str], Any]) -> Series:
    """Una muestra por segundo de cada contenedor; en los segundos de `changes` se da su orden con `give`."""
    found: Series = {}
    moments = sorted(moment for moment in changes if 0 < moment < seconds)
    for start, end in zip((0, *moments), (*moments, seconds), strict=True):
        if start:
            give(changes[start])
        for name, samples in watch(engine, end - start).items():
            found.setdefault(name, []).extend(replace(one, time=one.time + start) for one in samples)
    return found


def _orders(changes: Changes) -> list[str]:
    return [f"- segundo {moment:g}: {line}" for moment, line in sorted(changes.items())]


def _levels(samples: Sequence[Sample]) -> str:
    """Los niveles seguidos, cada uno una vez: «1.33, después 0.50»."""
    levels: list[float] = []
    for one in samples:
        if not levels or abs(one.cpu - levels[-1]) > 0.02:
            levels.append(one.cpu)
    return ", después ".join(f"{level:.2f}" for level in levels)
