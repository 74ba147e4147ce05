"""Cada orden se ejecuta aquí y en el BusyBox de verdad: la misma salida, los mismos errores, los mismos archivos."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from dockerlab.clock import SECOND
from dockerlab.filesystem.nodes import Directory, File, Symlink
from tests.extras import need

from .busybox_cases import CASES, FILES, FOLDERS, LINKS
from .machine import Machine

OLD = 1_600_000_000      # una fecha lejana: `ls -l` la escribe igual hoy que mañana


def prepare_real(folder: Path) -> None:
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_bytes(text.encode())
        (folder / name).chmod(0o755 if name.endswith(".sh") else 0o644)
    for name, target in LINKS.items():
        (folder / name).symlink_to(target)
    for path in [*sorted(folder.rglob("*"), reverse=True), folder]:
        os.utime(path, (OLD, OLD), follow_symlinks=False)


def prepare_ours() -> Machine:
    machine = Machine()
    for name in FOLDERS:
        machine.fs.mkdir(f"/datos/{name}", parents=True)
    for name, text in FILES.items():
        machine.put(name, File(text.encode(), 0o755 if name.endswith(".sh") else 0o644))
    for name, target in LINKS.items():
        machine.put(name, Symlink(target))
    for path, _ in list(machine.fs.walk("/datos")):
        machine.fs.utime(path, OLD * SECOND, follow=False)
    return machine


def real_tree(folder: Path) -> dict[str, tuple]:
    tree = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            tree[name] = ("enlace", os.readlink(path))
        elif path.is_dir():
            tree[name] = ("carpeta", path.stat().st_mode & 0o7777)
        else:
            tree[name] = (path.read_bytes(), path.stat().st_mode & 0o7777)
    return tree


def our_tree(machine: Machine) -> dict[str, tuple]:
    tree = {}
    for path, node in machine.fs.walk("/datos"):
        name = path.removeprefix("/datos").lstrip("/")
        if name:
            tree[name] = (("enlace", node.target) if isinstance(node, Symlink)
                          else ("carpeta", node.mode) if isinstance(node, Directory)
                          else (node.content, node.mode))
    return dict(sorted(tree.items()))


def comparable(text: str) -> str:
    """Del párrafo de uso solo cuenta que lo haya: su versión y sus opciones cambian de una edición a otra."""
    return re.sub(r"BusyBox v[\s\S]*", "USO", text)


def listing(argv: list[str], text: str) -> str:
    """El orden de `find` es el del disco; la carpeta de arriba (`..`), la de cada equipo."""
    if argv[0] == "find":
        mark = "\0" if "-print0" in argv else "\n"
        return mark.join(sorted(text.split(mark)))
    return re.sub(r"(?m)^d.* \.\.$", "ARRIBA", text)


def split(line: str) -> tuple[list[str], bytes]:
    """`orden <<< texto`: los argumentos y la entrada estándar."""
    command, mark, text = line.partition(" <<< ")
    return shlex.split(command), text.encode().decode("unicode_escape").encode("latin-1") if mark else b""


@pytest.fixture(autouse=True)
def same_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.parametrize("line", CASES)
def test_the_program_does_what_busybox_does(line, tmp_path):
    """Salida, errores, código y archivos, iguales a los del programa de verdad."""
    busybox = need("busybox")
    argv, stdin = split(line)
    folder, links = tmp_path / "datos", tmp_path / "bin"
    folder.mkdir()
    prepare_real(folder)
    if os.geteuid() and "chown" in argv:
        pytest.skip("cambiar de dueño de verdad pide ser root")
    links.mkdir()
    for name in ("echo", "cat", "ls", "rm", "sh", "printf", "wc"):
        (links / name).symlink_to(busybox)
    real = subprocess.run([str(busybox), *argv], cwd=folder, input=stdin, capture_output=True, check=False,
                          env={"PATH": str(links), "LC_ALL": "C", "TZ": "UTC", "HOME": "/root"}, timeout=20)
    machine = prepare_ours()
    ours = machine.run(*argv, stdin=stdin, env={"HOME": "/root"})
    name = os.fsencode(folder)
    assert listing(argv, ours.out) == listing(argv, real.stdout.replace(name, b"/datos").decode("utf-8",
                                                                                                "replace"))
    assert comparable(ours.err) == comparable(real.stderr.replace(name, b"/datos").decode("utf-8", "replace"))
    assert ours.code == real.returncode
    assert our_tree(machine) == real_tree(folder)
