"""Lo que gastan los contenedores a lo largo del tiempo, en series que se pueden dibujar.

Las cifras son las de los grupos de control (`cpu.stat`, `memory.current`), las
mismas que lee `docker stats`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dockerlab.clock import SECOND

if TYPE_CHECKING:
    from dockerlab.engine import Engine


@dataclass(frozen=True, slots=True)
class Sample:
    """Un instante (segundos desde el principio): procesadores ocupados y frenados desde el anterior, y bytes."""

    time: float
    cpu: float
    throttled: float
    memory: int


def watch(engine: Engine, seconds: float, step: float = 1.0) -> dict[str, tuple[Sample, ...]]:
    """Deja pasar `seconds` segundos y toma una muestra de cada contenedor en marcha cada `step`.

    Por nombre; quien no está en marcha en un instante no tiene muestra de él.
    """
    series: dict[str, list[Sample]] = {}
    begin, spent = engine.clock.now, totals(engine)
    for number in range(1, round(seconds / step) + 1):
        engine.settle(step)
        before, spent = spent, totals(engine)
        for name, (cpu, throttled, memory) in spent.items():
            old_cpu, old_throttled, _ = before.get(name, (0, 0, 0))
            series.setdefault(name, []).append(Sample(
                (engine.clock.now - begin) / SECOND, max(0, cpu - old_cpu) / (step * SECOND),
                max(0, throttled - old_throttled) / (step * SECOND), memory))
    return {name: tuple(samples) for name, samples in series.items()}


def totals(engine: Engine) -> dict[str, tuple[int, int, int]]:
    """Lo gastado hasta ahora por cada contenedor en marcha: ns de procesador, ns frenado y bytes."""
    engine.kernel.redistribute()     # cuenta lo trabajado hasta este instante
    return {record.name: (record.space.cpu_ns, record.space.throttled_ns, engine.kernel.memory(record.space))
            for record in engine.containers.records.values() if record.space is not None}
