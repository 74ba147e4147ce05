"""Un contenedor de bolsillo para probar programas: un núcleo, unos archivos y nada más."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dockerlab.containers.fds import capture
from dockerlab.containers.kernel import Kernel
from dockerlab.containers.launch import Launch
from dockerlab.containers.process import PROGRAMS, find_program
from dockerlab.containers.space import Space
from dockerlab.filesystem import FileSystem, Overlay
from dockerlab.filesystem.access import ROOT, User
from dockerlab.filesystem.layer import Layer
from dockerlab.filesystem.nodes import Directory, File, Node

PATH = "/usr/local/bin:/usr/bin:/bin"
PASSWD = (b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"
          b"ana:x:1000:1000::/home/ana:/bin/sh\n")
GROUP = b"root:x:0:\nnogroup:x:65534:\nana:x:1000:\nwww-data:x:33:ana\n"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Lo que se vio al ejecutar: código de salida y las dos salidas."""

    code: int | None
    out: str
    err: str


@functools.cache
def base(dialect: str) -> Layer:
    """Los archivos de siempre: un ejecutable por programa simulado. Una sola capa para todas las pruebas."""
    find_program("sh")
    tree: dict[str, Node] = {"etc/passwd": File(PASSWD), "etc/group": File(GROUP), "datos": Directory(),
                             "root": Directory(0o700),
                             "tmp": Directory(0o1777), "home/ana": Directory(uid=1000, gid=1000),
                             "var/log": Directory()}
    for name in PROGRAMS:
        tree[f"bin/{name}"] = File(f"#!dockerlab {name} {dialect}\n".encode(), 0o755)
    folders = {path.rpartition("/")[0] for path in tree if "/" in path}
    return Layer({**{folder: Directory() for folder in sorted(folders)}, **tree})


@dataclass
class Machine:
    """Un contenedor con los programas de BusyBox (o de GNU, con `dialect=""`)."""

    files: Mapping[str, Node | bytes | str] = field(default_factory=dict)
    dialect: str = "busybox"
    env: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kernel = Kernel()
        self.fs = FileSystem(Overlay([base(self.dialect)]))
        self.space = Space("c0ffee", self.fs, hostname="maquina")
        self.kernel.attach(self.space)
        for path, node in self.files.items():
            self.put(path, node)

    def again(self) -> Machine:
        """Los mismos archivos en un contenedor recién creado: lo próximo que se inicie será el proceso 1."""
        other = Machine(dialect=self.dialect, env=self.env)
        other.fs = FileSystem(self.fs.root)
        other.space = Space("c0ffee", other.fs, hostname="maquina")
        other.kernel = Kernel()
        other.kernel.attach(other.space)
        return other

    def put(self, path: str, node: Node | bytes | str) -> None:
        if isinstance(node, str):
            node = node.encode()
        path = path if path.startswith("/") else f"/datos/{path}"
        self.fs.mkdir(path.rpartition("/")[0], parents=True)
        self.fs.put(path, File(node) if isinstance(node, bytes) else node)

    def start(self, argv: Sequence[str], stdin: bytes | None = b"", cwd: str = "/datos", user: User = ROOT,
              env: Mapping[str, str] | None = None, tty: bool = False):
        """Inicia un programa y devuelve (proceso, salida). El primero es el proceso 1."""
        out, err = capture()
        begin = self.kernel.exec if self.space.init else self.kernel.spawn_init
        variables = {"PATH": PATH, **self.env, **(env or {})}
        return begin(self.space, Launch(argv, variables, cwd, user, tty, stdin, out, err)), out

    def wait(self, seconds: float) -> None:
        """Deja pasar ese tiempo del reloj virtual."""
        self.kernel.run(deadline=self.kernel.clock.now + round(seconds * 10**9))

    def run(self, *argv: str, seconds: float | None = None, **options: object) -> Outcome:
        """Ejecuta hasta que acabe (o hasta que pasen `seconds` del reloj virtual), junto a un proceso 1 que duerme."""
        if not self.space.init:
            self.start(["sleep", "infinity"])
        process, out = self.start(argv, **options)
        deadline = None if seconds is None else self.kernel.clock.now + round(seconds * 10**9)
        self.kernel.run(until=lambda: not process.alive, deadline=deadline)
        return Outcome(process.exit_code, out.text(1), out.text(2))

    def read(self, path: str) -> str:
        return self.fs.read(path if path.startswith("/") else f"/datos/{path}").decode()
