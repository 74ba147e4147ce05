"""Las grabaciones del Docker de verdad, contra dockerlab, sin abrir un proceso por orden.

    python -m tests.oracle.in_process [--topic cache] [--name 'cache-*'] [-v]

Cada guion empieza con un motor vacío. El reloj virtual adelanta un poco con cada
orden y lo que digan los pasos `sleep`, como habría pasado de verdad.
"""

from __future__ import annotations

import argparse
import collections
import fnmatch
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from dockerlab.cli import Terminal, run
from dockerlab.engine import Engine

from . import replay

HERE = Path(__file__).resolve().parent
SCENARIOS = HERE / "scenarios"
CATALOGUE = HERE / "catalogue"
BETWEEN = 0.35    # segundos que pasan entre dos órdenes tecleadas


class InProcess:
    """Quien ejecuta los pasos: la línea de órdenes de dockerlab sobre un motor en memoria."""

    real = False
    data_root = "/var/lib/docker"

    def fresh(self, scenario: dict[str, Any], workdir: str, home: str) -> None:
        """Un motor vacío, con las imágenes que el guion da por descargadas."""
        self.engine = Engine(catalogue=CATALOGUE, folder=workdir, writable_host=True)
        replay.time = SimpleNamespace(time=lambda: 0.0, sleep=self.engine.settle)
        self.engine.hub.accepts = lambda user, secret: secret == "secreto"   # la del registro con el que se grabó
        if "registry" in scenario.get("needs", ()):
            self.engine.hub.turn_on("localhost:5000")
        for image in scenario.get("images", ["busybox"]):
            self.engine.pull(image)

    def run(self, argv: list[str], workdir: str, stdin: str | None, env: dict[str, str] | None,
            timeout: float) -> tuple[int, bytes, bytes, float]:
        """Una orden: (código, salida, errores, segundos)."""
        out: list[str] = []
        err: list[str] = []
        terminal = Terminal(out=out.append, err=err.append, stdin=(stdin or "").encode(), cwd=workdir,
                            environment={"BUILDKIT_PROGRESS": "plain", "HOME": workdir, **(env or {})}, tty=False)
        os.chdir(workdir)
        code = run(self.engine, list(argv), terminal)
        self.engine.settle(BETWEEN)
        encode = lambda parts: "".join(parts).encode("utf-8", "surrogateescape")  # noqa: E731
        return code, encode(out), encode(err), 0.0


def options(work: Path | None = None) -> SimpleNamespace:
    """Las que `replay.play` espera."""
    return SimpleNamespace(work=str(work) if work else None, keep=False, timeout=60)


def scenarios(topics: list[str] | None = None, names: list[str] | None = None) -> list[dict[str, Any]]:
    """Los guiones grabados de esos temas y con esos nombres (patrones)."""
    found = replay.load_paths([str(SCENARIOS)])
    return [one for one in found
            if (not topics or any(fnmatch.fnmatch(one["topic"], topic) for topic in topics))
            and (not names or any(fnmatch.fnmatch(one["name"], name) for name in names))]


def judged(scenario: dict[str, Any], work: Path | None = None) -> tuple[list[Any], list[dict[str, Any]]]:
    """Lo que pasó en cada paso y en qué se distingue de lo grabado."""
    cwd = os.getcwd()
    try:
        done = replay.play(scenario, InProcess(), options(work))
    finally:
        os.chdir(cwd)
    return done, replay.judge(scenario, done)


def main() -> int:
    """Ejecuta los guiones pedidos y cuenta los pasos que coinciden, por tema."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--topic", action="append")
    parser.add_argument("--name", action="append")
    parser.add_argument("-v", "--verbose", action="store_true")
    asked = parser.parse_args()
    tally: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for scenario in scenarios(asked.topic, asked.name):
        count = tally[scenario["topic"]]
        try:
            done, results = judged(scenario)
        except Exception as error:  # noqa: BLE001  (un guion que no se puede ejecutar se cuenta y se dice)
            steps = sum("cmd" in step for step in scenario["steps"])
            for level in ("total", "broken"):
                count[level] += steps
            print(f"{scenario['name']}: se rompe: {type(error).__name__}: {error}")
            if asked.verbose:
                import traceback
                traceback.print_exc()
            continue
        bad = False
        for (step, code, out, err, _), result in zip(done, results, strict=True):
            if not result:
                continue
            count["total"] += 1
            for level in replay.LEVELS:
                count[level] += not result.get(level)
            if any(result.values()):
                bad = True
                if asked.verbose:
                    print(f"{scenario['name']}: {step.get('cmd') or step}")
                    replay.show_diff(step, code, out, err, result, sys.stdout)
        print(f"{scenario['name']:40s} {'NO' if bad else 'bien'}", flush=True)
    print(f"\n{'tema':16s} pasos  código  salida  errores")
    total: collections.Counter[str] = collections.Counter()
    for topic, count in sorted(tally.items()):
        total.update(count)
        print(f"{topic:16s} {count['total']:5d}  {count['code']:6d}  {count['out']:6d}  {count['err']:7d}")
    print(f"{'total':16s} {total['total']:5d}  {total['code']:6d}  {total['out']:6d}  {total['err']:7d}")
    return 0 if all(total[level] == total["total"] for level in replay.LEVELS) else 1


if __name__ == "__main__":
    sys.exit(main())
