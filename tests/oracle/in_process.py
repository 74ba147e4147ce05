"""dockerlab como quien contesta a los guiones, en este mismo proceso.

Cada guion empieza con un motor vacío. El reloj virtual adelanta un poco con cada
orden y lo que digan los pasos `sleep`, como habría pasado de verdad.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dockerlab.cli import Terminal, run
from dockerlab.engine import Engine

from .playing import QUIET
from .scenario import Scenario

CATALOGUE = Path(__file__).resolve().parent / "catalogue"
BETWEEN = 0.35    # segundos que pasan entre dos órdenes tecleadas


class InProcess:
    """La línea de órdenes de dockerlab sobre un motor en memoria."""

    data_root: str | None = "/var/lib/docker"

    def fresh(self, scenario: Scenario, workdir: str, home: str) -> None:
        """Un motor vacío, con las imágenes que el guion da por descargadas."""
        self.engine = Engine(catalogue=CATALOGUE, folder=workdir, writable_host=True)
        self.engine.hub.accepts = lambda user, secret: secret == "secreto"   # la del registro con el que se grabó
        if "registry" in scenario.get("needs", ()):
            self.engine.hub.turn_on("localhost:5000")
        for image in scenario.get("images", ["busybox"]):
            self.engine.pull(image)

    def run(self, argv: list[str], workdir: str, stdin: str | None, env: Mapping[str, str] | None,
            timeout: float) -> tuple[int, bytes, bytes]:
        """Una orden: (código, salida, errores). El tiempo es virtual: no hay plazo que se acabe."""
        out: list[str] = []
        err: list[str] = []
        progress = {"BUILDKIT_PROGRESS": QUIET["BUILDKIT_PROGRESS"], "HOME": workdir}
        terminal = Terminal(out=out.append, err=err.append, stdin=(stdin or "").encode(), cwd=workdir,
                            environment={**progress, **(env or {})}, tty=False)
        code = run(self.engine, list(argv), terminal)
        self.engine.settle(BETWEEN)
        return code, _bytes(out), _bytes(err)

    def sleep(self, seconds: float) -> None:
        """Deja pasar ese tiempo del reloj virtual."""
        self.engine.settle(seconds)


def _bytes(parts: list[str]) -> bytes:
    return "".join(parts).encode("utf-8", "surrogateescape")
