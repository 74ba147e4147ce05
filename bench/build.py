"""Cuánto tarda un COPY de muchos archivos pequeños, y cuánta memoria pide.

    python bench/build.py

Con el Docker de verdad a mano (véase `tests/oracle`), también lo que tarda él.
Las marcas, con 10 000 archivos: más deprisa que él; a lo sumo 1,5 veces más por
archivo que con 100; y menos de tres veces la memoria del contexto, con archivos
de 1 kB. Con archivos de 100 bytes esa última no se puede cumplir en Python: solo
guardar uno cuesta 3,5 veces lo suyo (133 bytes el contenido, 88 el nodo, 72 la
ruta y unos 55 su sitio en la tabla); aquí sale a 7,3 veces, porque mientras dura
el COPY cada ruta está en el contexto y en la capa.
"""

from __future__ import annotations

import os
import subprocess
import sys
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
GROWTH, MEMORY = 1.5, 3.0


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


def main() -> int:
    """Escribe la tabla; 1 si alguna marca no se cumple."""
    print(" archivos  bytes cada uno  segundos  µs por archivo  memoria/contexto  Docker real")
    each: dict[tuple[int, int], float] = {}
    memory: dict[tuple[int, int], float] = {}
    slower = False
    for count, size in ((100, 100), (1_000, 100), (10_000, 100), (10_000, 1_000), (1_000, 10_000)):
        with tempfile.TemporaryDirectory(dir=os.environ.get("ORACLE_WORK")) as place:
            total = plant(Path(place), count, size)
            took, real = seconds(Path(place)), real_seconds(Path(place))
            each[count, size], memory[count, size] = took / count, peak(Path(place)) / total
            slower = slower or real is not None and took >= real
            print(f"{count:>9} {size:>15} {took:>9.3f} {took / count * 1e6:>15.1f} {memory[count, size]:>17.2f} "
                  f"{f'{real:.2f} s' if real else '—':>12}")
    growth = each[10_000, 100] / each[100, 100]
    print(f"por archivo, de 100 a 10 000: {growth:.2f} × (marca: hasta {GROWTH})")
    print(f"memoria, con 10 000 de 1 kB: {memory[10_000, 1_000]:.2f} × (marca: menos de {MEMORY})")
    return 0 if growth <= GROWTH and memory[10_000, 1_000] < MEMORY and not slower else 1


if __name__ == "__main__":
    sys.exit(main())
