"""Cuánto tarda en leerse un Dockerfile real, frente a `dockerfile-parse` en la misma ejecución.

Los dos leen lo mismo de cada archivo: instrucciones con sus líneas, metadatos y
variables de entorno con su valor. Uso: `python bench/dockerfile.py CORPUS.jsonl`
(una línea JSON por archivo, con su `text`). Necesita `pip install dockerfile-parse`.
"""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 5


def ours(text: str) -> tuple[int, dict[str, str], dict[str, str]]:
    """Instrucciones, metadatos y entorno de la última etapa, con dockerlab."""
    from dockerlab.dockerfile import parse, words
    dockerfile = parse(text)
    labels: dict[str, str] = {}
    environment: dict[str, str] = {}
    known: dict[str, str] = {}
    for instruction in dockerfile.instructions:
        if instruction.keyword == "FROM":
            labels, environment, known = {}, {}, {}
        elif instruction.keyword in ("ENV", "LABEL"):
            pairs = {words.expand(name, known, dockerfile.escape): words.expand(value, known, dockerfile.escape)
                     for name, value in instruction.pairs}
            (environment if instruction.keyword == "ENV" else labels).update(pairs)
            known = {**known, **environment}
        elif instruction.keyword == "ARG":
            known |= {name: value for name, equals, value in
                      (word.partition("=") for word in instruction.args) if equals}
    return len(dockerfile.instructions), labels, environment


def theirs(text: str) -> tuple[int, dict[str, str], dict[str, str]]:
    """Lo mismo, con `dockerfile-parse`."""
    from dockerfile_parse import DockerfileParser
    parser = DockerfileParser(fileobj=io.BytesIO(text.encode()))
    return len(parser.structure), parser.labels, parser.envs


def seconds(read: Callable[[str], object], texts: list[str]) -> float:
    """El mejor tiempo de varias vueltas, en segundos por archivo; lo que alguno no sabe leer, se salta."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for text in texts:
            read(text)
        best = min(best, time.perf_counter() - start)
    return best / len(texts)


def readable(text: str) -> bool:
    """Si los dos lo leen sin error."""
    try:
        ours(text), theirs(text)
    except Exception:  # cualquiera de los dos puede rechazarlo, cada uno a su manera
        return False
    return True


def main() -> int:
    texts = [json.loads(line)["text"] for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    common = [text for text in texts if readable(text)]
    mine, other = seconds(ours, common), seconds(theirs, common)
    print(f"{len(common)} de {len(texts)} archivos que leen los dos")
    print(f"dockerlab         {mine * 1e6:8.1f} µs por archivo")
    print(f"dockerfile-parse  {other * 1e6:8.1f} µs por archivo")
    print(f"proporción        {mine / other:8.2f}")
    return 0 if mine <= other else 1


if __name__ == "__main__":
    sys.exit(main())
