"""Ejecutar un guion: sus archivos, sus órdenes y lo que pasa entre ellas."""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from .normal import Normaliser
from .scenario import Scenario, Step, dump
from .verdict import Played

KEPT_VARIABLES = {"PATH", "HOME", "TERM", "DOCKER_HOST", "DOCKER_CONFIG"}   # las otras cambian lo que dice
QUIET = {"BUILDKIT_PROGRESS": "plain", "LANG": "C.UTF-8", "TZ": "UTC", "DOCKER_CLI_HINTS": "false",
         "BUILDX_NO_DEFAULT_ATTESTATIONS": "1", "COMPOSE_ANSI": "never", "COMPOSE_PROGRESS": "plain"}
TIMEOUT = 120        # segundos por orden
TAR_TIME = 1735689600


class Executor(Protocol):
    """Quien contesta a las órdenes de un guion. `data_root`: dónde guarda lo suyo."""

    data_root: str | None

    def fresh(self, scenario: Scenario, workdir: str, home: str) -> None:
        """Lo deja todo como si no hubiera pasado nada, con las imágenes del guion ya descargadas."""

    def run(self, argv: list[str], workdir: str, stdin: str | None, env: Mapping[str, str] | None,
            timeout: float) -> tuple[int, bytes, bytes]:
        """`docker argv…` en esa carpeta: código, salida y errores."""

    def sleep(self, seconds: float) -> None:
        """Deja pasar ese tiempo."""


class Client:
    """El cliente de Docker de verdad. `command`: cómo se llama; `reset`: la orden que vacía el motor."""

    def __init__(self, command: str, reset: str = ""):
        self.command, self.reset = shlex.split(command), shlex.split(reset)
        self.data_root: str | None = None
        self.sleep = time.sleep
        self.env = {name: value for name, value in os.environ.items()
                    if name in KEPT_VARIABLES or name.startswith("ORACLE_")} | QUIET

    def fresh(self, scenario: Scenario, workdir: str, home: str) -> None:
        """Vacía el motor y descarga las imágenes. `CalledProcessError` si no se puede."""
        if self.reset:
            subprocess.run(self.reset, check=True, env=self.env)
        for image in scenario.get("images", ["busybox"]):
            subprocess.run([*self.command, "pull", "-q", image], check=True, env=self.env, capture_output=True)
        if self.data_root is None:
            told = subprocess.run([*self.command, "info", "-f", "{{.DockerRootDir}}"], check=False, text=True,
                                  env=self.env, capture_output=True)
            self.data_root = told.stdout.strip() or None

    def run(self, argv: list[str], workdir: str, stdin: str | None, env: Mapping[str, str] | None,
            timeout: float) -> tuple[int, bytes, bytes]:
        """Una orden; 124 si no acaba a tiempo."""
        try:
            done = subprocess.run([*self.command, *argv], cwd=workdir, env={**self.env, **(env or {})}, timeout=timeout,
                                  input=(stdin or "").encode(), capture_output=True, check=False)
        except subprocess.TimeoutExpired as late:
            return 124, late.stdout or b"", (late.stderr or b"") + b"\n[no ha acabado a tiempo]"
        return done.returncode, done.stdout, done.stderr


def play(scenario: Scenario, executor: Executor, work: str | Path | None = None, keep: bool = False) -> list[Played]:
    """Da todos los pasos de un guion, en una carpeta nueva bajo `work` que al acabar se borra (salvo con `keep`)."""
    if work:
        os.makedirs(work, exist_ok=True)
    top = Path(tempfile.mkdtemp(prefix="r", dir=work))
    top.chmod(0o755)
    root, home = top / scenario["name"], top / ".home"
    root.mkdir()
    home.mkdir()
    try:
        put_files(root, scenario.get("files"))
        executor.fresh(scenario, str(root), str(home))
        normal = Normaliser(str(root), executor.data_root, dump(scenario["steps"]))
        captured = {"PWD": str(root)}
        return [_command(step, executor, root, normal, captured) if "cmd" in step
                else Played(step, None, beside(step, root, executor.sleep), None) for step in scenario["steps"]]
    finally:
        if not keep:
            shutil.rmtree(top, ignore_errors=True)


def _command(step: Step, executor: Executor, root: Path, normal: Normaliser, captured: dict[str, str]) -> Played:
    line = re.sub(r"%\{(\w+)\}", lambda found: shlex.quote(captured.get(found[1], found[0])), step["cmd"])
    docker, *argv = shlex.split(line)
    if docker != "docker":
        raise ValueError(f"no es una orden de docker: {line}")
    begun = time.monotonic()
    code, out, err = executor.run(argv, str(root), step.get("stdin"), step.get("env"), step.get("timeout", TIMEOUT))
    if "capture" in step:
        captured[step["capture"]] = shown(out).strip()
    return Played(step, code, normal(shown(out), argv, "out"), normal(shown(err), argv, "err"),
                  time.monotonic() - begun)


def shown(data: bytes) -> str:
    """Unos bytes cualesquiera, como texto que cabe en YAML."""
    return data.decode("utf-8", errors="backslashreplace").replace("\x00", "\\0")


def put_files(root: Path, files: Mapping[str, str] | None) -> None:
    """Escribe esos archivos, con permisos 644; un nombre que acaba en «/» es una carpeta."""
    for name, text in (files or {}).items():
        path = root / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.write_text(text, encoding="utf-8", newline="")
            path.chmod(0o644)


# ── lo que no es una orden de docker ─────────────────────────────────────────

def beside(step: Step, root: Path, sleep: Callable[[float], None]) -> str | None:
    """Cambia los archivos del guion, espera o enseña algo; lo enseñado, o None. El orden es el de `CHANGES`."""
    for key, change in CHANGES.items():
        asked = step.get(key) or {}
        for name, value in asked.items() if isinstance(asked, dict) else ((name, None) for name in asked):
            change(root, name, value)
    if "sleep" in step:
        sleep(float(step["sleep"]))
    if "show" in step:
        return _show(root / step["show"])
    return _tar_names(root / step["tar"]) if "tar" in step else None


def _append(root: Path, name: str, text: str) -> None:
    with (root / name).open("a", encoding="utf-8", newline="") as file:
        file.write(text)


def _remove(root: Path, name: str, _: None) -> None:
    path = root / name
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _make_tar(root: Path, name: str, members: Mapping[str, str]) -> None:
    with tarfile.open(root / name, "w:gz" if name.endswith("gz") else "w") as tar:
        for path, text in members.items():
            member = tarfile.TarInfo(path)
            member.mtime, member.mode, member.size = TAR_TIME, 0o644, len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))


CHANGES: dict[str, Callable[[Path, str, Any], object]] = {
    "write": lambda root, name, text: put_files(root, {name: text}),
    "append": _append,
    "mkdir": lambda root, name, _: (root / name).mkdir(parents=True, exist_ok=True),
    "chmod": lambda root, name, mode: (root / name).chmod(int(str(mode), 8)),
    "symlink": lambda root, name, target: (root / name).symlink_to(target),
    "rename": lambda root, old, new: (root / old).rename(root / new),
    "touch": lambda root, name, stamp: os.utime(root / name, (stamp, stamp)),
    "remove": _remove,
    "maketar": _make_tar,
}
"""Por clave del paso, qué se hace con cada archivo que nombra."""


def _show(path: Path) -> str:
    if path.is_dir():
        return "".join(sorted(f"{one.name}{'/' if one.is_dir() else ''}\n" for one in path.iterdir()))
    return shown(path.read_bytes()) if path.exists() else "(no such file)\n"


def _tar_names(path: Path) -> str:
    try:
        with tarfile.open(path) as tar:
            return "".join(sorted(f"{member.name}{'/' if member.isdir() else ''}\n" for member in tar))
    except (OSError, tarfile.TarError):
        return "(not an archive)\n"
