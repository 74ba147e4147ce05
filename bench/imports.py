"""¿Cuánto tarda `import dockerlab`? No debe tardar más que `import docker` (el SDK de Docker).

    python bench/imports.py

Alterna los dos en intérpretes nuevos, resta lo que tarda el intérprete vacío y compara medianas.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 7


def seconds(statement: str) -> float:
    """Segundos que tarda un intérprete nuevo en ejecutar `statement`."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return time.perf_counter() - start


def measure(rounds: int = ROUNDS) -> dict[str, float]:
    """La mediana, en segundos, de cada `import`, sin contar el arranque del intérprete."""
    statements = {"empty": "pass", "dockerlab": "import dockerlab", "docker": "import docker"}
    times: dict[str, list[float]] = {name: [] for name in statements}
    for _ in range(rounds):
        for name, statement in statements.items():
            times[name].append(seconds(statement))
    base = statistics.median(times.pop("empty"))
    return {name: statistics.median(values) - base for name, values in times.items()}


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"import {name:<10} {value * 1000:7.1f} ms")
