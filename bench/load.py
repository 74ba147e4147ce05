"""Cuánto tarda en cargarse un archivo grande y listarse su árbol, frente a lo mínimo que se puede hacer con él.

    python bench/load.py

Lo mínimo, en la misma ejecución: el sha256 de los mismos bytes y recorrerlos con
`tarfile`. Debe ir, como poco, a la mitad de esa velocidad.
"""

from __future__ import annotations

import hashlib
import io
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dockerlab.filesystem import Directory, File, Layer, merged
from dockerlab.images import Image
from dockerlab.images.archive import save
from dockerlab.images.load import load

FILES, SIZE = 20_000, 5_000          # 100 MB
ROUNDS = 3
MARK = 0.5


def archive(files: int = FILES, size: int = SIZE) -> bytes:
    """Lo que guardaría `docker save` de una imagen con dos capas y esos archivos."""
    layers = []
    for half in range(2):
        entries: dict[str, File | Directory] = {}
        for number in range(half, files, 2):
            folder = f"d{number % 200:03d}"
            entries[folder] = Directory()
            entries[f"{folder}/archivo-{number}"] = File(b"%08d" % number * (size // 8) + b"x" * (size % 8))
        layers.append(Layer(entries))
    image = Image.empty()
    for number, layer in enumerate(layers):
        image = image.with_layer(layer, f"COPY {number} /")
    out = io.BytesIO()
    save(((image, ["grande:1"]),), out)
    return out.getvalue()


def ours(data: bytes) -> int:
    """Cargarlo, con todas sus comprobaciones, y listar el árbol: cuántas rutas tiene."""
    merged._cache.clear()     # la unión de unas mismas capas no se calcula dos veces: aquí sí
    loaded, = load(data)
    tree, count, pending = loaded.image.overlay(), 0, [""]
    while pending:
        folder = pending.pop()
        for name in tree.children(folder):
            path = f"{folder}/{name}" if folder else name
            count += 1
            if isinstance(tree.lookup(path), Directory):
                pending.append(path)
    return count


def bare(data: bytes) -> int:
    """El sha256 de todo y, con `tarfile`, las entradas de cada capa."""
    hashlib.sha256(data).hexdigest()
    count = 0
    with tarfile.open(fileobj=io.BytesIO(data)) as outer:
        for member in outer:
            inner = outer.extractfile(member)
            if inner is None or inner.read(262)[257:] != b"ustar":
                continue
            inner.seek(0)
            with tarfile.open(fileobj=inner) as layer:
                count += sum(1 for _ in layer)
    return count


def seconds(action: Callable[[bytes], object], data: bytes) -> float:
    """Lo más rápido de varias veces, en segundos de procesador."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        action(data)
        times.append(time.process_time() - start)
    return min(times)


def speed(files: int = FILES, size: int = SIZE) -> tuple[float, float, float]:
    """(megas, segundos aquí, segundos de lo mínimo)."""
    data = archive(files, size)
    assert ours(data) == files + 200
    return len(data) / 1e6, seconds(ours, data), seconds(bare, data)


def main() -> int:
    """Escribe la medida; 1 si no llega a la marca."""
    megas, mine, least = speed()
    print(f"archivo de {megas:.0f} MB y {FILES} archivos")
    print(f"cargar y listar        {mine:6.2f} s")
    print(f"sha256 y tarfile       {least:6.2f} s")
    print(f"velocidad              {least / mine:6.2f} × (marca: al menos {MARK})")
    return 0 if least / mine >= MARK else 1


if __name__ == "__main__":
    sys.exit(main())
