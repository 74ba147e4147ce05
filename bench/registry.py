"""Una imagen de 100 MB, a un registro de verdad en este equipo y de vuelta: aquí y con `skopeo copy`.

    python -m bench.registry [veces]

Necesita docker-registry y skopeo. Cada vez usa otro repositorio con otros bytes, para que nada esté ya allí.
Se escriben las medianas, en segundos, y la razón entre ellas (el tope es 1,5).
"""

from __future__ import annotations

import io
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from dockerlab.cli import capture
from dockerlab.engine import Engine
from dockerlab.filesystem import File, Layer
from dockerlab.images import Image
from dockerlab.images.archive import save
from tests.registry.test_real_registry import free_port, registry

SIZE = 100_000_000
LIMIT = 1.5


def image(seed: int) -> Image:
    """Una imagen de `SIZE` bytes que no se comprimen, en cuatro capas de muchos archivos."""
    numbers, made = random.Random(seed), Image.empty()
    for number in range(4):
        files = {f"datos/{number}/{n:04d}": File(numbers.randbytes(SIZE // 400)) for n in range(100)}
        made = made.with_layer(Layer(files), f"COPY {number} /datos/")
    return made.with_config('CMD ["x"]', cmd=("x",))


def timed(work: Callable[[], object]) -> float:
    """Segundos que tarda."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def skopeo(*words: str) -> None:
    """`skopeo copy …`."""
    subprocess.run(["skopeo", "copy", "-q", "--src-tls-verify=false", "--dest-tls-verify=false", *words], check=True)


def ours(domain: str, line: str, engine: Engine) -> None:
    """Una orden de las de aquí."""
    done = capture(engine, [*line.split()[:-1], f"{domain}/{line.split()[-1]}"], None, environment={})
    assert done.code == 0, done.err


def once(folder: Path, domain: str, seed: int) -> dict[str, float]:
    """Las cuatro medidas, con una imagen nueva cada quien."""
    mine, theirs, engine = image(2 * seed), image(2 * seed + 1), Engine(registries=[domain])
    engine.images.add(mine)
    engine.images.tag(f"{domain}/mia:{seed}", mine.id)
    archive = folder / f"{seed}.tar"
    buffer = io.BytesIO()
    save([(theirs, ["suya:1"])], buffer)
    archive.write_bytes(buffer.getvalue())
    target, layout = f"docker://{domain}/suya:{seed}", f"oci:{folder}/{seed}"
    subprocess.run(["skopeo", "copy", "-q", f"docker-archive:{archive}", layout], check=True)
    found = {"subir, aquí": timed(lambda: ours(domain, f"push -q mia:{seed}", engine)),
             "subir, skopeo": timed(lambda: skopeo(layout, target))}
    os.sync()
    fresh = Engine(registries=[domain])
    found |= {"descargar, aquí": timed(lambda: ours(domain, f"pull -q mia:{seed}", fresh)),
              "descargar, skopeo": timed(lambda: skopeo(target, f"oci:{folder}/{seed}-vuelta"))}
    assert fresh.image(f"{domain}/mia:{seed}").id == mine.id
    return found


def main() -> None:
    """Mide y escribe la tabla."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as name, registry(Path(name), free_port()) as domain:
        runs = [once(Path(name), domain, seed) for seed in range(times)]
    found = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    for verb in ("subir", "descargar"):
        here, there = found[f"{verb}, aquí"], found[f"{verb}, skopeo"]
        print(f"{verb:10s} 100 MB  aquí {here:.2f} s   skopeo {there:.2f} s   razón {here / there:.2f} (tope {LIMIT})")


if __name__ == "__main__":
    main()
