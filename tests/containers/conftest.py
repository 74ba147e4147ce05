"""Un núcleo con programas escritos en la propia prueba."""

from __future__ import annotations

import pytest

from dockerlab.containers.fds import capture
from dockerlab.containers.kernel import Kernel
from dockerlab.containers.launch import Launch
from dockerlab.containers.process import PROGRAMS, Program
from dockerlab.containers.requests import Pause, Signalled, Sleep
from dockerlab.containers.space import Space
from dockerlab.filesystem import FileSystem, Overlay
from dockerlab.filesystem.nodes import Directory, File


class Lab:
    """Un núcleo con un espacio y programas escritos en la propia prueba."""

    def __init__(self, monkeypatch):
        self.monkeypatch, self.kernel, self.fs = monkeypatch, Kernel(), FileSystem(Overlay())
        self.fs.put("/bin", Directory())
        self.fs.put("/tmp", Directory(0o1777))
        self.space = Space("lab", self.fs)

    def program(self, main):
        """Pone `main` como ejecutable /bin/<nombre>."""
        name = main.__name__
        self.monkeypatch.setitem(PROGRAMS, name, Program(name, "prueba", main))
        self.fs.put(f"/bin/{name}", File(f"#!dockerlab {name}\n".encode(), 0o755))
        return main

    def start(self, *argv, init=False, **options):
        return self.kernel.spawn_init(self.space, Launch(argv, {"PATH": "/bin"}, **options), init=init)

    def exec(self, *argv, space=None):
        out, err = capture()
        return self.kernel.exec(space or self.space, Launch(argv, {"PATH": "/bin"}, stdout=out, stderr=err)), out

    def log(self, stream=None):
        return b"".join(data for _, number, data in self.space.log.records if stream in (None, number)).decode()


@pytest.fixture
def lab(monkeypatch):
    lab = Lab(monkeypatch)

    @lab.program
    def forever(sys):
        yield Sleep(1e6)

    @lab.program
    def nap(sys):
        yield Sleep(float(sys.argv[1]))
        sys.out(f"{sys.argv[1]}\n")
        return 3

    @lab.program
    def tidy(sys):
        sys.catch("TERM")
        try:
            yield Pause()
        except Signalled as signal:
            sys.out(f"señal {signal.signo}\n")
            return 0
    return lab
