"""Un contenedor mínimo donde ejecutar guiones, y el mismo guion en el BusyBox de verdad."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dockerlab.containers.kernel import Kernel
from dockerlab.containers.launch import Launch
from dockerlab.containers.process import find_program
from dockerlab.containers.space import Space
from dockerlab.filesystem import FileSystem, Overlay
from dockerlab.filesystem.nodes import Directory, File

PROGRAMS = ("sh", "cat", "env", "sleep", "ls", "mkdir", "yes", "grep", "cut")
PASSWD = b"root:x:0:0:root:/root:/bin/sh\n"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Lo que dejó un guion. `when`: la hora virtual al acabar."""

    out: str
    code: int | None
    err: str = ""
    when: int = 0


def space(files: dict[str, bytes] | None = None) -> Space:
    """Un espacio recién hecho; `files`: archivos de más, por ruta relativa."""
    find_program("sh")
    tree = {folder: Directory() for folder in ("bin", "etc", "root", "usr")} | {"tmp": Directory(0o1777)}
    tree |= {f"bin/{name}": File(b"#!dockerlab busybox\n", 0o755) for name in PROGRAMS}
    tree |= {f"bin/{name}": File(f"#!dockerlab {name}\n".encode(), 0o755) for name in ("dash", "bash")}
    tree |= {"etc/passwd": File(PASSWD)} | {path: File(data, 0o755) for path, data in (files or {}).items()}
    return Space("guion", FileSystem(Overlay((), tree)))


def run(script: str, shell: str = "sh", *args: str, files: dict[str, bytes] | None = None, stdin: bytes | None = None,
        argv: tuple[str, ...] | None = None) -> Outcome:
    """Ejecuta el guion hasta el final."""
    return cut(script, shell, *args, files=files, stdin=stdin, argv=argv)


def cut(script: str, shell: str = "sh", *args: str, files: dict[str, bytes] | None = None, stdin: bytes | None = None,
        argv: tuple[str, ...] | None = None, steps: Callable[[], int] | None = None) -> Outcome:
    """Lo mismo; con `steps`, cada tantos sucesos se guarda todo, se tira y se levanta de nuevo."""
    kernel, where = Kernel(), space(files)
    process = kernel.spawn_init(where, Launch(argv or (shell, "-c", script, *args), {"PATH": "/bin", "HOME": "/root"},
                                              cwd="/tmp", stdin=stdin), init=True)
    codes: list[int] = []

    def ended(one) -> None:
        if one.pid == process.pid:
            codes.append(one.exit_code)
    kernel.on_exit(ended)
    why = kernel.run(max_steps=steps() if steps else 200_000)
    while steps and why == "steps" and not codes:
        data = json.loads(json.dumps(kernel.to_data()))
        reborn = Space("guion", FileSystem(where.fs.root), log=where.log)
        where, kernel = reborn, Kernel.from_data(data, {"guion": reborn})
        kernel.on_exit(ended)
        why = kernel.run(max_steps=steps())
    text = {stream: b"".join(data for _, number, data in where.log.records if number == stream).decode(errors="replace")
            for stream in (1, 2)}
    return Outcome(text[1], codes[0] if codes else None, text[2], kernel.clock.now)


class RealBusyBox:
    """El BusyBox de verdad, con los mismos programas y nada más en su PATH."""

    def __init__(self, busybox: Path, folder: Path):
        self.bin = folder / "bin"
        self.bin.mkdir()
        for name in PROGRAMS:
            (self.bin / name).symlink_to(busybox)
        self.folder, self.count = folder, 0

    def run(self, script: str) -> Outcome:
        """Ejecuta el guion en una carpeta nueva."""
        self.count += 1
        where = self.folder / str(self.count)
        where.mkdir()
        env = {"PATH": str(self.bin), "HOME": "/root"}
        done = subprocess.run(["sh", "-c", script], executable=self.bin / "sh", cwd=where, stdin=subprocess.DEVNULL,
                              env=env, capture_output=True, timeout=20, check=False)
        code = done.returncode if done.returncode >= 0 else 128 - done.returncode
        return Outcome(done.stdout.decode(errors="replace"), code, done.stderr.decode(errors="replace"))
