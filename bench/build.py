"""Cuánto tarda un COPY de muchos archivos pequeños, y cuánta memoria pide.

    python bench/build.py

Con el Docker de verdad a mano (véase `tests/oracle`), también lo que tarda él.
Debe crecer en línea recta (de 100 a 10 000 archivos, a lo sumo 1,5 veces más por
archivo) y pedir menos de tres veces lo que ocupa el contexto, si sus archivos no
son tan pequeños que pesa más su nombre (de 100 bytes, lo que manda es el nombre).
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from dockerlab.build.context import Context
from dockerlab.build.options import Options, Ports
from dockerlab.build.steps import build
from dockerlab.errors import fault

DOCKERFILE = "FROM scratch\nCOPY . /todo/\n"
PER_FOLDER = 100
ROUNDS = 5


def plant(folder: Path, count: int, size: int = 100) -> int:
    """Escribe `count` archivos de `size` bytes, todos distintos; devuelve los bytes del contexto."""
    (folder / "Dockerfile").write_text(DOCKERFILE)
    for number in range(count):
        place = folder / f"d{number // PER_FOLDER:04d}"
        if number % PER_FOLDER == 0:
            place.mkdir()
        (place / f"archivo-{number}.txt").write_bytes(b"%08d" % number * (size // 8) + b"x" * (size % 8))
    return count * size + len(DOCKERFILE)


def no_images(reference, platform, pull):
    """Aquí todo parte de nada."""
    raise fault("base-reason", reason=f"{reference}: not found")


def construct(folder: Path) -> str:
    """Una construcción desde cero; devuelve el id."""
    return build(Ports(no_images), Context.from_folder(folder), Options()).id


def seconds(folder: Path, rounds: int = ROUNDS, clock: Callable[[], float] = time.perf_counter) -> float:
    """Lo más rápido de varias construcciones desde cero."""
    times = []
    for _ in range(rounds):
        start = clock()
        construct(folder)
        times.append(clock() - start)
    return min(times)


def peak(folder: Path) -> int:
    """Los bytes que llega a pedir una construcción."""
    tracemalloc.start()
    construct(folder)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def real_seconds(folder: Path) -> float | None:
    """Lo que tarda el Docker de verdad, o None si no está."""
    client = os.environ.get("ORACLE_DOCKER")
    if not client:
        return None
    start = time.perf_counter()
    subprocess.run([client, "build", "-q", "--no-cache", str(folder)], check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Escribe la tabla."""
    print(" archivos  bytes cada uno  segundos  µs por archivo  memoria/contexto  Docker real")
    for count, size in ((100, 100), (1_000, 100), (10_000, 100), (10_000, 1_000), (1_000, 10_000)):
        with tempfile.TemporaryDirectory(dir=os.environ.get("ORACLE_WORK")) as place:
            total = plant(Path(place), count, size)
            took, real = seconds(Path(place)), real_seconds(Path(place))
            print(f"{count:>9} {size:>15} {took:>9.3f} {took / count * 1e6:>15.1f} {peak(Path(place)) / total:>17.2f} "
                  f"{f'{real:.2f} s' if real else '—':>12}")


if __name__ == "__main__":
    main()
