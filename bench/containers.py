"""Cuánto cuestan muchos contenedores, y cuánto menos que en el Docker de verdad, en una misma ejecución.

    python bench/containers.py

Para la última hace falta un motor de verdad (`tests/oracle/README.md`); sin él, se dice y se sigue.
"""

from __future__ import annotations

import os
import shlex
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dockerlab.cli import capture  # noqa: E402
from dockerlab.engine import Engine  # noqa: E402

MANY = 1000
SAMPLE = 50
LISTED, NTH, FASTER = 0.1, 1.5, 50.0
CYCLE = ("create --name {} busybox sleep 1000", "start {}", "exec {} true", "pause {}", "unpause {}", "ps -q",
         "stop -t 0 {}", "start {}", "kill {}", "rm {}")


def timed(action: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Los segundos que tarda `action`: de procesador, para que no cuente lo que el equipo haga entretanto."""
    begin = clock()
    action()
    return clock() - begin


def fresh() -> Engine:
    """Un motor con BusyBox descargado y ya caliente."""
    engine = Engine(catalogue=ROOT / "tests" / "oracle" / "catalogue")
    engine.pull("busybox")
    assert capture(engine, ["run", "--rm", "busybox", "true"]).code == 0
    return engine


def crowd() -> tuple[float, float]:
    """Con mil en marcha: (segundos de `docker ps`, cuántas veces cuesta arrancar el último lo que el primero)."""
    engine = fresh()
    costs = [timed(lambda: capture(engine, ["run", "-d", "busybox", "sleep", "100000"])) for _ in range(MANY)]
    listing = capture(engine, ["ps"])
    assert len(listing.out.splitlines()) == MANY + 1
    listed = min(timed(lambda: capture(engine, ["ps"])) for _ in range(3))
    return listed, statistics.median(costs[-SAMPLE:]) / statistics.median(costs[:SAMPLE])


def lifecycle(docker: Callable[[str], object], turns: int) -> float:
    """Los segundos de `turns` vueltas a la vida de un contenedor, diez órdenes cada una."""
    return timed(lambda: [docker(line.format(f"dockerlab-vida-{turn}")) for turn in range(turns) for line in CYCLE],
                 time.perf_counter)


def against_docker(turns: int = 20) -> float | None:
    """Cuántas veces más deprisa van aquí doscientas órdenes; `None` si no hay motor de verdad."""
    client = os.environ.get("ORACLE_DOCKER")
    if not client:
        return None
    engine = fresh()

    def here(line: str) -> None:
        assert capture(engine, shlex.split(line)).code == 0, line

    def there(line: str) -> None:
        subprocess.run([client, *shlex.split(line)], check=True, stdout=subprocess.DEVNULL, timeout=60)
    subprocess.run([client, "pull", "-q", "busybox"], check=True, stdout=subprocess.DEVNULL)
    return lifecycle(there, turns) / lifecycle(here, turns)


def main() -> int:
    """Escribe las medidas; 1 si alguna no llega a su marca."""
    listed, nth = crowd()
    print(f"docker ps con {MANY} en marcha {listed * 1000:6.1f} ms (marca: menos de {LISTED * 1000:.0f})")
    print(f"arrancar el último, respecto al primero {nth:.2f} × (marca: hasta {NTH})")
    faster = against_docker()
    if faster is None:
        print("200 órdenes frente a Docker: falta el motor de verdad (ORACLE_DOCKER)")
    else:
        print(f"200 órdenes, frente a Docker {faster:.0f} × (marca: al menos {FASTER:.0f} veces más deprisa)")
    return 0 if listed < LISTED and nth <= NTH and (faster is None or faster >= FASTER) else 1


if __name__ == "__main__":
    sys.exit(main())
