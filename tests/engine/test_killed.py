"""Matar de verdad (SIGKILL) al proceso que usa un motor guardado, en cualquier instante.

Un proceso hijo ejecuta órdenes y dice cuál acaba de terminar. Se le mata tras un
rato cualquiera: al abrir la carpeta tiene que estar todo hasta la última orden
terminada; o hasta la siguiente, si murió después de guardarla y antes de decirlo.
"""

from __future__ import annotations

import os
import random
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dockerlab.cli import capture
from dockerlab.state import load_engine, open_engine

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "tests" / "oracle" / "catalogue"
ORDERS = [
    "pull -q busybox", "run -d --name uno busybox sh -c 'while true; do echo tic; sleep 1; done'",
    "exec uno sh -c 'seq 20000 > /grande'", "volume create datos",
    "run --name dos -v datos:/d busybox cp /bin/sh /d/sh",
    "commit uno copia", "pause uno", "unpause uno", "network create red", "network connect red uno",
    "cp uno:/grande -", "tag copia copia:2", "stop -t 1 uno", "start uno", "rename uno tres", "rmi copia:2",
    "rm -f dos", "volume rm datos", "kill tres", "rm tres", "system prune -f"]
CHILD = """
import shlex, sys
from pathlib import Path
from dockerlab.cli import capture
from dockerlab.state import open_engine
folder, catalogue, *orders = sys.argv[1:]
engine = open_engine(Path(folder), catalogue=catalogue)
print("listo", flush=True)
for number, line in enumerate(orders):
    with engine.order():
        capture(engine, shlex.split(line))
    print(number, flush=True)
"""


def do(engine, line: str) -> None:
    """Una orden, guardada al acabar."""
    with engine.order():
        capture(engine, shlex.split(line))


def states(folder: Path) -> list[object]:
    """Lo que se ve del motor después de cada orden; la primera foto, antes de ninguna."""
    engine = open_engine(folder, catalogue=CATALOGUE)
    engine.keep()
    found = [engine.view()]
    for line in ORDERS:
        do(engine, line)
        found.append(engine.view())
    return found


def begin(folder: Path) -> subprocess.Popen[bytes]:
    """El proceso que trabaja en `folder`, ya con el motor abierto."""
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(folder), str(CATALOGUE), *ORDERS],
                             stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert child.stdout is not None and child.stdout.readline() == b"listo\n"
    return child


def killed(folder: Path, orders: int, after: float) -> int:
    """Lo mata `after` segundos después de la orden número `orders`; cuántas dijo haber terminado."""
    child = begin(folder)
    heard = [child.stdout.readline() for _ in range(orders)]
    time.sleep(after)
    child.send_signal(signal.SIGKILL)
    said, _ = child.communicate(timeout=60)
    return len(heard) + len(said.splitlines())


@pytest.mark.skipif(os.name != "posix", reason="Windows no tiene SIGKILL: allí basta la prueba de los cortes")
@pytest.mark.parametrize("instants", [12, pytest.param(240, marks=pytest.mark.long)])
def test_killed_at_any_instant_it_reopens_at_the_last_completed_command(tmp_path, instants):
    expected = states(tmp_path / "entero")
    whole = time.perf_counter()
    assert begin(tmp_path / "medida").wait(60) == 0
    whole = time.perf_counter() - whole
    chance, places = random.Random(instants), set()
    for number in range(instants):
        folder = tmp_path / f"motor-{number}"
        done = killed(folder, number % (len(ORDERS) - 1), chance.uniform(0, 2 * whole / len(ORDERS)))
        if not (folder / "motor.json").exists():
            assert done == 0
            continue
        view = load_engine(folder, catalogue=CATALOGUE).view()
        assert view in expected[done:done + 2], f"tras {done} órdenes"
        places.add(done)
    assert len(places) > 3, "siempre murió en el mismo sitio: la prueba no prueba nada"
