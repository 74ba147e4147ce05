"""Las llamadas al núcleo que no esperan: lo que hay al otro lado de `Sys`.

Cada método recibe el proceso que llama y hace el trabajo al momento. Todas
cuestan un poco de procesador (`kernel.charge`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dockerlab.errors import fault
from dockerlab.filesystem.nodes import Device, Directory
from dockerlab.filesystem.overlay import Overlay
from dockerlab.filesystem.view import Mount

from . import capabilities, execution, procfs, signals
from .fds import BrokenPipe, FileHandle, Input, Null, OpenFile, Pipe, PipeReader, PipeWriter
from .process import Birth, Process

if TYPE_CHECKING:
    from .kernel import Kernel

CALL_COST = 2_000        # ns
FORK_COST = 250_000
PRIVATE = 10             # los descriptores desde este número no los heredan los hijos
WRITING = frozenset("write mkdir remove rmdir rename symlink link chmod chown utime put".split())
SECOND_IS_PATH = frozenset(("rename", "link"))
DESCRIPTOR = re.compile(r"/proc/\d+/fd/(?:pipe|socket):\[(\d+)\]")
DEVICES = {(1, 3): "null", (1, 5): "zero", (1, 7): "full", (1, 8): "random", (1, 9): "random"}


class Killed(BaseException):
    """El proceso que llama muere en mitad de una llamada (SIGPIPE, `kill` a sí mismo, sin memoria)."""

    def __init__(self, signo: int):
        super().__init__(signo)
        self.signo = signo


class Calls:
    """Las llamadas del núcleo `kernel`: cada método atiende la de `calls.Sys` que se llama igual, y allí se explica."""

    def __init__(self, kernel: Kernel):
        self.kernel = kernel

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if not name.startswith("fs_"):
            raise AttributeError(name)
        return lambda process, *args, **kwargs: self._files(process, name[3:], *args, **kwargs)

    def _files(self, process: Process, name: str, *args: Any, **kwargs: Any) -> Any:
        """Una operación de archivos con la carpeta, el usuario y la hora del proceso."""
        self.kernel.charge(process, CALL_COST)
        words = list(args)
        at = 1 if name == "symlink" else 0
        if len(words) > at:
            words[at] = execution.join(process.cwd, words[at])
        if name in SECOND_IS_PATH:
            words[1] = execution.join(process.cwd, words[1])
        if name in WRITING:
            kwargs.setdefault("now", self.kernel.clock.now)
        kwargs.setdefault("user", process.user)
        if name == "write" and words[0].startswith("/dev/"):
            return self.open_path(process, words[0], "a").write(self.kernel, words[1])
        answer = getattr(process.space.fs, name)(*words, **kwargs)
        return list(answer) if name == "walk" else answer

    def now(self, process: Process) -> int:
        return self.kernel.clock.now + process.debt

    # -- descriptores --
    def descriptor(self, process: Process, fd: int) -> OpenFile:
        """El archivo abierto en `fd`. `FileError` EBADF."""
        if fd not in process.fds:
            raise fault("EBADF", path=str(fd))
        return process.fds[fd]

    def write(self, process: Process, fd: int, data: bytes) -> None:
        self.kernel.charge(process, CALL_COST + len(data) // 4)
        target = self.descriptor(process, fd)
        try:
            target.write(self.kernel, data)
        except BrokenPipe:
            self.kernel.signal(process.pid, signals.PIPE, process)
            raise fault("EPIPE", path=str(fd)) from None
        if target.full() is not None:
            self.kernel.stalled = target

    def install(self, process: Process, file: OpenFile, least: int = 0, target: int | None = None) -> int:
        """Apunta a `file` el descriptor `target`, o el más bajo libre desde `least`."""
        fd = target if target is not None else next(n for n in range(least, 1 << 20) if n not in process.fds)
        file.opened()
        self.close(process, fd)
        process.fds[fd] = file
        return fd

    def open(self, process: Process, path: str, flags: str, mode: int) -> int:
        self.kernel.charge(process, CALL_COST)
        return self.install(process, self.open_path(process, path, flags, mode))

    def open_path(self, process: Process, path: str, flags: str, mode: int = 0o666) -> OpenFile:
        """El archivo abierto de `path`."""
        fs, user, now = process.space.fs, process.user, self.kernel.clock.now
        path = fs.resolve(execution.join(process.cwd, path), user=user)
        found = DESCRIPTOR.fullmatch(path)
        if found:
            pid, fd = divmod(int(found[1]), 1000)
            return self.descriptor(self.kernel.processes[pid], fd)
        node = fs.node(path, user=user)
        if isinstance(node, Device):
            return self._device(process, path, node, flags)
        exists, writable = node is not None, flags != "r"
        if not writable or (flags == "r+" and exists):
            fs.stat(path, user=user)
            if not fs.access(path, 4 if not writable else 6, user=user):
                raise fault("EACCES", path=path)
            if writable and fs.isdir(path):
                raise fault("EISDIR", path=path)
        elif flags == "x" and exists:
            raise fault("EEXIST", path=path)
        else:
            fs.write(path, b"", append=flags == "a" and exists, mode=mode & ~process.umask, user=user, now=now)
        return FileHandle(process.space, path, flags in ("r", "r+"), writable, flags == "a")

    def _device(self, process: Process, path: str, node: Device, flags: str) -> OpenFile:
        if node.kind == "p":
            pipe = self.kernel.fifo(process.space, path)
            return PipeReader(pipe) if flags == "r" else PipeWriter(pipe)
        if (node.major, node.minor) == (5, 0) or node.major == 136:
            return self.kernel.terminal_of(process, path)
        kind = DEVICES.get((node.major, node.minor))
        if kind is None:
            raise fault("ENXIO", path=path)
        return Null(kind)

    def input(self, process: Process, data: bytes) -> int:
        return self.install(process, Input(data))

    def close(self, process: Process, fd: int) -> None:
        file = process.fds.pop(fd, None)
        if file:
            file.closed(self.kernel)

    def dup(self, process: Process, fd: int, target: int | None, least: int) -> int:
        file = self.descriptor(process, fd)
        return fd if target == fd else self.install(process, file, least, target)

    def pipe(self, process: Process) -> tuple[int, int]:
        pipe = Pipe()
        return self.install(process, PipeReader(pipe)), self.install(process, PipeWriter(pipe))

    def isatty(self, process: Process, fd: int) -> bool:
        return fd in process.fds and process.fds[fd].is_terminal

    def endless(self, process: Process, fd: int) -> bool:
        file = process.fds.get(fd)
        return isinstance(file, Null) and file.kind != "null"

    def limit(self, process: Process, name: str) -> list[int]:
        return list(procfs.limit_of(process.space, name))

    def fds(self, process: Process) -> list[int]:
        return sorted(process.fds)

    # -- procesos --
    def parent(self, process: Process) -> int:
        return self.kernel.inner(process.parent, process.space)

    def spawn(self, process: Process, argv: tuple[str, ...], env: tuple[tuple[str, str], ...], cwd: str | None,
              fds: dict[int, int] | None, path: str, group: int | None, ignore: tuple[int, ...]) -> int:
        where = execution.join(process.cwd, cwd) if cwd else process.cwd
        found = self.find(process, argv, env, path)
        birth = Birth(found.program, found.argv, env, where, process.user, found.dialect, umask=process.umask)
        return self._child(process, birth, fds, group, ignore)

    def find(self, process: Process, argv: tuple[str, ...], env: tuple[tuple[str, str], ...],
             path: str) -> execution.Executable:
        """El programa que hay que ejecutar. `FileError` ENOENT, EACCES, ENOEXEC..."""
        fs, user = process.space.fs, process.user
        path = path or (argv[0] if "/" in argv[0] else
                        execution.which(fs, argv[0], dict(env).get("PATH", ""), process.cwd, user) or "")
        if not path:
            raise fault("ENOENT", path=argv[0])
        return execution.load(fs, path, argv, process.cwd, user)

    def fork(self, process: Process, program: str, payload: Any, fds: dict[int, int] | None,
             group: int | None, ignore: tuple[int, ...]) -> int:
        birth = Birth(program, process.argv, process.birth.env, process.cwd, process.user, process.birth.dialect,
                      payload, process.umask)
        return self._child(process, birth, fds, group, ignore)

    def _child(self, process: Process, birth: Birth, fds: dict[int, int] | None, group: int | None,
               ignore: tuple[int, ...]) -> int:
        self.kernel.charge(process, FORK_COST)
        if fds is None:
            files = {number: file for number, file in process.fds.items() if number < PRIVATE}
        else:
            files = {number: self.descriptor(process, mine) for number, mine in fds.items()}
        child = self.kernel.create(process.space, birth, files, parent=process, group=group)
        child.ignored |= set(ignore)
        return self.kernel.inner(child.pid, process.space)

    def which(self, process: Process, name: str, search: str) -> str | None:
        self.kernel.charge(process, CALL_COST)
        return execution.which(process.space.fs, name, search, process.cwd, process.user)

    def kill(self, process: Process, pid: int, signo: int) -> None:
        targets = self.kernel.targets(process, pid)
        if not targets:
            raise fault("ESRCH", path=str(pid))
        allowed = [one for one in targets if process.user.uid in (0, one.user.uid)]
        if not allowed:
            raise fault("EPERM", path=str(pid))
        for one in sorted(allowed, key=lambda other: other is process):
            self.kernel.signal(one.pid, signo, process)

    def disposition(self, process: Process, how: str, numbers: tuple[int, ...]) -> None:
        chosen = set(numbers) - signals.UNBLOCKABLE
        process.caught = process.caught | chosen if how == "catch" else process.caught - chosen
        process.ignored = process.ignored | chosen if how == "ignore" else process.ignored - chosen

    def ignored(self, process: Process) -> list[int]:
        return sorted(process.ignored)

    def take_pending(self, process: Process) -> int:
        for signo in process.pending:
            if signo in process.caught:
                process.pending.remove(signo)
                return signo
        return 0

    def foreground(self, process: Process, group: int) -> None:
        for file in process.fds.values():
            if file.is_terminal:
                file.terminal.foreground = self.kernel.outer(group, process.space)

    def processes(self, process: Process) -> list[dict[str, Any]]:
        return [self.kernel.describe(one, process.space) for one in self.kernel.visible(process.space)]

    def become(self, process: Process, user: Any) -> None:
        if process.user.uid and user != process.user:
            raise fault("EPERM", path=str(user.uid))
        process.user = user

    def rename(self, process: Process, title: str) -> None:
        process.argv = (title,)

    def chdir(self, process: Process, path: str) -> str:
        fs = process.space.fs
        path = fs.resolve(execution.join(process.cwd, path), user=process.user)
        stat = fs.stat(path, user=process.user)
        if stat.kind != "d":
            raise fault("ENOTDIR", path=path)
        if not fs.access(path, 1, user=process.user):
            raise fault("EACCES", path=path)
        process.cwd = path
        return path

    def set_umask(self, process: Process, mask: int) -> None:
        process.umask = mask

    def memory(self, process: Process, size: int) -> None:
        self.kernel.account(process, size)

    def uname(self, process: Process) -> dict[str, str]:
        return {"nodename": process.space.hostname, "domainname": process.space.rules.domain, **procfs.UNAME}

    def sethostname(self, process: Process, name: str) -> None:
        self.privileged(process, "sethostname")
        process.space.hostname = name

    def mount(self, process: Process, path: str, limit: int) -> None:
        self.privileged(process, path)
        fs = process.space.fs
        tmpfs = Mount(Overlay((), {"": Directory(0o1777)}), limit=limit, kind="tmpfs")
        fs.mount(fs.resolve(execution.join(process.cwd, path)), tmpfs)

    def umount(self, process: Process, path: str) -> None:
        self.privileged(process, path)
        fs = process.space.fs
        path = fs.resolve(execution.join(process.cwd, path))
        if path not in fs.mounts:
            raise fault("EINVAL", path=path)
        fs.unmount(path)

    def privileged(self, process: Process, what: str) -> None:
        """`FileError` EPERM si el proceso no tiene CAP_SYS_ADMIN."""
        if not process.user.may(capabilities.number("SYS_ADMIN")):
            raise fault("EPERM", path=what)

    def random(self, process: Process, count: int) -> bytes:
        seed = f"{self.kernel.seed}:{process.pid}:{process.journal.calls}".encode()
        return b"".join(hashlib.sha512(seed + b":%d" % block).digest() for block in range(-(-count // 64)))[:count]

    def times(self, process: Process) -> tuple[int, int]:
        return process.cpu_ns, process.children_ns

    # -- red --
    def listen(self, process: Process, port: int, address: str) -> int:
        space = process.space
        if 0 < port < 1024 and space.netns == "host" and not process.user.may(capabilities.number("NET_BIND_SERVICE")):
            raise fault("EACCES", path=str(port))   # dentro, Docker deja a cualquiera usar los puertos bajos
        return self.install(process, self.kernel.sockets.listen(space.netns or space.id, address, port, process.pid))

    def lookup(self, process: Process, host: str) -> list[str]:
        return self.kernel.network(process.space).lookup(process.space, host)

    def peer(self, process: Process, fd: int) -> tuple[str, int]:
        remote = getattr(self.descriptor(process, fd), "remote", None)
        if remote is None:
            raise fault("ENOTCONN", path=str(fd))
        return remote

    def sockets(self, process: Process) -> list[dict[str, Any]]:
        space = process.space
        return [{"address": one.address, "port": one.port, "pid": self.kernel.inner(one.owner, space)}
                for one in self.kernel.sockets.of(space.netns or space.id)]

    def addresses(self, process: Process) -> list[dict[str, str]]:
        return self.kernel.network(process.space).addresses(process.space)
