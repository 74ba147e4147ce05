"""Iniciar un proceso desde fuera del contenedor: lo que piden al núcleo `docker run`, `docker exec` y RUN."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dockerlab.errors import FileError
from dockerlab.filesystem import FileSystem
from dockerlab.filesystem.access import ROOT, User

from . import execution
from .fds import Input, Null, OpenFile
from .tty import Terminal, Tty

DOCKER_INIT = "/sbin/docker-init"


@dataclass(frozen=True, slots=True)
class Launch:
    """Qué se inicia y con qué.

    `argv`: el programa y sus argumentos; `env`: sus variables, y solo esas; `tty`: con
    un terminal (uno nuevo, o el que se da); `stdin`: lo que leerá, ya escrito o desde
    un archivo abierto (None: nada); `stdout` y `stderr`: adónde escribe, si no es
    donde siempre.
    """

    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str = "/"
    user: User = ROOT
    tty: bool | Terminal = False
    stdin: bytes | OpenFile | None = None
    stdout: OpenFile | None = None
    stderr: OpenFile | None = None

    def executable(self, fs: FileSystem, stage: str) -> execution.Executable:
        """El programa. Faltas: las de `execution.start`.

        Si el formato no se conoce, uno que solo se queja y acaba con 255.
        """
        search = self.env.get("PATH", execution.DEFAULT_PATH)
        try:
            return execution.start(fs, self.argv, search, self.cwd, self.user, stage)
        except FileError as error:
            name = self.argv[0]
            path = name if "/" in name else execution.which(fs, name, search, self.cwd, self.user)
            return execution.Executable("exec-failed", "", tuple(self.argv), f"exec {path}: {error.text.lower()}\n")

    def under_init(self) -> execution.Executable:
        """El mismo, con `docker-init` delante (`docker run --init`)."""
        return execution.Executable("docker-init", "", (DOCKER_INIT, "--", *self.argv))

    def terminal(self, screen: OpenFile) -> Terminal | None:
        """El terminal que se pidió, que escribe en `screen`; None si no se pidió."""
        if not self.tty or isinstance(self.tty, Terminal):
            return self.tty or None
        typed = self.stdin if isinstance(self.stdin, bytes) else b""
        return Terminal(screen, bytearray(typed), self.stdin is not None)

    def files(self, stdout: OpenFile, stderr: OpenFile, terminal: Terminal | None) -> dict[int, OpenFile]:
        """Los descriptores 0, 1 y 2: los tres son el terminal, si lo hay."""
        if terminal:
            return dict.fromkeys(range(3), Tty(terminal))
        stdin = Input(self.stdin) if isinstance(self.stdin, bytes) else self.stdin or Null()
        return {0: stdin, 1: stdout, 2: stderr}
