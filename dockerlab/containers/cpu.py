"""El procesador: quién trabaja y a qué ritmo.

Cada trabajo (`yield Cpu(segundos)`) avanza a un ritmo entre 0 y 1. Los
procesadores se reparten entre los espacios según su peso (`--cpu-shares`), sin
pasar su tope (`--cpus`) y, dentro de un espacio, a partes iguales.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dockerlab.clock import SECOND
from dockerlab.host import CPUS

from .codec import saved
from .process import Process
from .space import Space

CORES = CPUS


@saved
@dataclass(slots=True, eq=False)
class Processor:
    """`work`: por proceso, los nanosegundos de trabajo que quedan; `rates`: su ritmo desde `since`.

    `loops`: los que no descansan nunca (`while :; do :; done`); también cuentan en el reparto.
    """

    work: dict[int, float] = field(default_factory=dict)
    rates: dict[int, float] = field(default_factory=dict)
    since: int = 0
    generation: int = 0          # los avisos de repartos anteriores no valen
    cores: int = CORES
    loops: set[int] = field(default_factory=set)

    def settle(self, processes: dict[int, Process], now: int) -> None:
        """Cuenta lo trabajado desde el último reparto."""
        elapsed, self.since = now - self.since, now
        for pid, rate in self.rates.items():
            process = processes[pid]
            done = elapsed * rate
            self.work[pid] -= done
            process.cpu_ns += round(done)
            process.space.cpu_ns += round(done)
            if process.space.limits.cpus and rate < 1:
                process.space.throttled_ns += round(elapsed - done)

    def share(self, processes: dict[int, Process]) -> int | None:
        """Reparte de nuevo; contesta dentro de cuántos ns acaba el primero (`None` si nadie trabaja)."""
        self.generation += 1
        groups = self.groups(processes)
        self.rates = {}
        for space, rate in fill(groups, self.cores).items():
            for pid in groups[space]:
                if pid in self.work:
                    self.rates[pid] = rate / len(groups[space])
        left = [self.work[pid] / rate for pid, rate in self.rates.items() if rate > 0]
        return max(0, -int(-min(left) // 1)) if left else None

    def groups(self, processes: dict[int, Process]) -> dict[Space, list[int]]:
        """Quién quiere procesador ahora, por espacios."""
        found: dict[Space, list[int]] = {}
        for pid in sorted({*self.work, *self.loops}):
            process = processes.get(pid)
            if process is not None and not process.space.frozen and process.state not in "TZ":
                found.setdefault(process.space, []).append(pid)
        return found

    def pace(self, process: Process, processes: dict[int, Process]) -> float:
        """Cuántas veces más de lo que cuesta tarda un paso suyo: lo que le toque esperar a los demás y a su tope."""
        if process.pid not in self.loops:
            return slowdown(process.space)
        groups = self.groups(processes)
        sharers = groups.get(process.space)
        return len(sharers) / fill(groups, self.cores)[process.space] if sharers else 1.0

    def drop(self, pid: int) -> bool:
        """El trabajo de ese proceso se abandona; cierto si lo tenía."""
        self.rates.pop(pid, None)
        return self.work.pop(pid, None) is not None

    def finished(self) -> list[int]:
        """Los procesos cuyo trabajo ya está hecho."""
        return [pid for pid, left in self.work.items() if left < 1]


def fill(groups: dict[Space, list[int]], cores: int) -> dict[Space, float]:
    """Reparte `cores` por pesos entre los espacios; a quien le sobra por su tope, lo suyo pasa al resto."""
    caps = {space: min(float(len(pids)), space.limits.cpus or float(cores)) for space, pids in groups.items()}
    given: dict[Space, float] = {}
    free = float(cores)
    while caps:
        weight = sum(space.limits.shares for space in caps)
        full = [space for space, cap in caps.items() if free * space.limits.shares / weight >= cap]
        if not full:
            return given | {space: free * space.limits.shares / weight for space in caps}
        for space in full:
            given[space] = caps.pop(space)
            free -= given[space]
    return given


def slowdown(space: Space) -> float:
    """Por cuánto se multiplica el coste de un paso pequeño bajo el tope de `space`."""
    cpus = space.limits.cpus
    return 1 / cpus if 0 < cpus < 1 else 1.0


def nanoseconds(seconds: float) -> int:
    """Segundos en nanosegundos enteros."""
    return round(seconds * SECOND)
