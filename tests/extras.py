"""Lo que algunas pruebas necesitan y no todo el mundo tiene.

`need("chromium")` devuelve la ruta del navegador, o se salta la prueba diciendo
cómo conseguirlo. Con `CI=true` nada se salta: lo que falta es un fallo.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Oracle:
    """El Docker de verdad, arrancado con `tests/oracle/oracle-up`.

    `work`: la carpeta que el cliente y el demonio ven con la misma ruta; ahí
    van los contextos de construcción y lo que se monte.
    """

    client: Path
    work: Path

    def run(self, *args: str, cwd: str | Path | None = None, stdin: bytes = b"",
            timeout: float = 120) -> subprocess.CompletedProcess[bytes]:
        """`docker args…`, con su código de salida y sus dos salidas (bytes)."""
        return subprocess.run([self.client, *args], cwd=cwd or self.work, input=stdin,
                              capture_output=True, timeout=timeout, check=False)


def _command(*names: str) -> Path | None:
    found = (shutil.which(name) for name in names)
    return next((Path(path) for path in found if path), None)


def _folder(path: Path) -> Path | None:
    return path if path.is_dir() else None


def _oracle() -> Oracle | None:
    client, work = os.environ.get("ORACLE_DOCKER"), os.environ.get("ORACLE_WORK")
    return Oracle(Path(client), Path(work)) if client and work else None


def _hunspell() -> Path | None:
    program = _command("hunspell")
    if not program:
        return None
    listing = subprocess.run([program, "-D"], input="", capture_output=True, text=True, check=False)
    return program if "es_ES" in listing.stdout + listing.stderr else None


def _axe() -> Path | None:
    path = ROOT / "build-artifacts" / "node_modules" / "axe-core" / "axe.min.js"
    return path if path.is_file() else None


def _reveal() -> Path | None:
    from dockerlab.course import slides
    try:
        slides.library(slides.SCRIPTS[0])
    except LookupError:
        return None
    return ROOT


EXTRAS = {
    "axe": (_axe, "ejecuta: npm install --prefix build-artifacts axe-core@4"),
    "busybox": (lambda: _command("busybox"), "instala busybox-static"),
    "buildah": (lambda: _command("buildah"), "instala buildah"),
    "chromium": (lambda: _command("chromium", "chromium-browser", "google-chrome"), "instala chromium"),
    "docker": (_oracle, "arranca el motor de verdad: eval \"$(tests/oracle/oracle-up)\""),
    "hunspell": (_hunspell, "instala hunspell y hunspell-es"),
    "node": (lambda: _command("node", "nodejs"), "instala nodejs"),
    "openssl": (lambda: _command("openssl"), "instala openssl"),
    "oracle": (lambda: _folder(ROOT / "tests" / "oracle" / "scenarios"), "faltan las grabaciones"),
    "reveal": (_reveal, "ejecuta: make slides"),
    "registry": (lambda: _command("docker-registry", "registry"), "instala docker-registry"),
    "skopeo": (lambda: _command("skopeo"), "instala skopeo"),
    "umoci": (lambda: _command("umoci"), "instala umoci"),
    "vectors": (lambda: _folder(Path(os.environ.get("DOCKERLAB_VECTORS", ROOT.parent / "shared" / "vectors"))),
                "pon los vectores en ../shared/vectors o di dónde están con DOCKERLAB_VECTORS"),
}


@functools.cache
def find(name: str) -> Path | Oracle | None:
    """Lo pedido, o None si en este equipo no está."""
    return EXTRAS[name][0]()


def need(name: str):
    """Lo pedido; si falta, la prueba se salta (o falla, con `CI=true`)."""
    found = find(name)
    if found is None:
        reason = f"falta «{name}»: {EXTRAS[name][1]}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found
