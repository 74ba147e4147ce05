"""¿Cuánto tarda en ponerse en marcha un proyecto de cincuenta servicios? No debe pasar de 2 segundos.

    python bench/compose.py

Un tercio de los servicios espera a que otro arranque y otro tercio, a que esté sano.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from dockerlab.cli import capture
from dockerlab.engine import Engine

SERVICES, ROUNDS = 50, 5
CATALOGUE = Path(__file__).resolve().parents[1] / "tests" / "oracle" / "catalogue"


def project(services: int = SERVICES) -> str:
    """El archivo de Compose."""
    lines = ["services:"]
    for number in range(services):
        lines += [f"  s{number:02d}:", "    image: busybox", "    command: sleep 1000",
                  "    healthcheck: {test: [CMD, 'true'], interval: 1s}"]
        if number % 3:
            condition = "service_started" if number % 3 == 1 else "service_healthy"
            lines.append(f"    depends_on: {{s{number - 1:02d}: {{condition: {condition}}}}}")
    return "\n".join(lines) + "\n"


def seconds(services: int = SERVICES) -> float:
    """Lo que tarda `docker compose up -d`, en segundos de verdad."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "compose.yaml").write_text(project(services), encoding="utf-8")
        engine = Engine(catalogue=CATALOGUE, folder=folder)
        engine.pull("busybox")
        start = time.perf_counter()
        done = capture(engine, ["compose", "-p", "banco", "up", "-d"], cwd=folder)
        taken = time.perf_counter() - start
        assert done.code == 0, done.err
        assert sum(record.state.status == "running" for record in engine.containers.list()) == services
        return taken


if __name__ == "__main__":
    found = [seconds() for _ in range(ROUNDS)]
    print(f"{SERVICES} servicios: {statistics.median(found):.2f} s (de {min(found):.2f} a {max(found):.2f})")
