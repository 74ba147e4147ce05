"""`/proc` y `/dev`: el núcleo contado en forma de archivos.

`/proc` no guarda nada: cada archivo se escribe en el momento de leerlo, con los
procesos que se ven desde su espacio. `/dev` es una carpeta temporal con los
dispositivos que Docker pone en todo contenedor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from dockerlab.clock import EPOCH, SECOND
from dockerlab.errors import fault
from dockerlab.filesystem.access import ROOT
from dockerlab.filesystem.nodes import Device, Directory, File, Node, Symlink
from dockerlab.filesystem.overlay import Overlay
from dockerlab.filesystem.view import Mount
from dockerlab.host import MEMORY

from . import execution, namespaces
from .fds import FileHandle, Null
from .process import Process
from .space import Space
from .sysfs import SysTree

if TYPE_CHECKING:
    from .kernel import Kernel

HOST_MEMORY_KB = MEMORY // 1024
RELEASE = "6.8.0-dockerlab"
VERSION = "#1 SMP Mon Mar  3 12:00:00 UTC 2025"
DEV_SIZE = 64 * 1024 * 1024
BOOT = EPOCH - 3600 * SECOND
EVERYBODY = "         0          0 4294967295\n"   # sin espacio de usuarios propio: cada número es él mismo
STATES = {"R": "running", "S": "sleeping", "T": "stopped", "Z": "zombie"}
DEVICES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}
HOST_DEVICES = {**DEVICES, "console": (5, 1), "fuse": (10, 229), "kmsg": (1, 11), "kvm": (10, 232), "loop0": (7, 0),
                "mem": (1, 1), "sda": (8, 0), "sda1": (8, 1), "net/tun": (10, 200), "tty0": (4, 0)}
"""Los del anfitrión: los que `--device` puede prestar y `--privileged` enseña todos."""
DISKS = (7, 8)    # los números mayores de los dispositivos de bloques
LINKS = {"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1",
         "stderr": "/proc/self/fd/2", "core": "/proc/kcore", "ptmx": "pts/ptmx"}


def devices(more: Mapping[str, tuple[int, int]], now: int) -> Overlay:
    """`/dev` recién montada, con los dispositivos prestados (`more`)."""
    entries: dict[str, Node] = {name: Device("c", *numbers, mode=0o666, mtime=now)
                                for name, numbers in DEVICES.items()}
    entries |= {name: Symlink(target, mtime=now) for name, target in LINKS.items()}
    for name, numbers in more.items():
        mode = 0o666 if numbers in DEVICES.values() else 0o660
        entries[name] = Device("b" if numbers[0] in DISKS else "c", *numbers, mode=mode, mtime=now)
    entries |= {"": Directory(mtime=now), "pts": Directory(mtime=now),
                "pts/0": Device("c", 136, 0, mode=0o620, gid=5, mtime=now),
                "shm": Directory(0o1777, mtime=now), "mqueue": Directory(0o1777, mtime=now)}
    return Overlay((), entries)


def mount(kernel: Kernel, space: Space) -> None:
    """Monta `/proc`, `/sys` y `/dev` en el espacio (`/dev`, si no lo está ya)."""
    now = kernel.clock.now
    space.fs.mount("/proc", Mount(Proc(kernel, space), read_only=True, kind="proc"))
    space.fs.mount("/sys", Mount(SysTree(kernel, space), read_only=True, kind="sysfs"))
    if "/dev" not in space.fs.mounts:
        space.fs.mount("/dev", Mount(devices(space.rules.devices, now), limit=DEV_SIZE, kind="tmpfs"))
    if "/dev/shm" not in space.fs.mounts:
        shared = Overlay((), {"": Directory(0o1777, mtime=now)})
        space.fs.mount("/dev/shm", Mount(shared, limit=space.rules.shm, kind="tmpfs", device="shm"))


class Proc:
    """El árbol de `/proc` visto desde un espacio; de solo lectura."""

    def __init__(self, kernel: Kernel, space: Space):
        self.kernel, self.space = kernel, space

    def lookup(self, path: str) -> Node | None:
        """El nodo de una ruta relativa a `/proc`."""
        now = self.kernel.clock.now
        if not path:
            return Directory(0o555, mtime=now)
        head, _, rest = path.partition("/")
        if head == "self":
            current = self.kernel.current
            return Symlink(str(self.kernel.inner(current.pid, self.space) if current else 1)) if not rest else None
        if head == "mounts" and not rest:
            return Symlink("self/mounts")
        if head.isdecimal():
            process = self.kernel.processes.get(self.kernel.outer(int(head), self.space))
            return self._of(process, rest, now) if process else None
        if any(name.startswith(path + "/") for name in GLOBAL):
            return Directory(0o555, mtime=now)
        return File(GLOBAL[path](self).encode(), 0o444, mtime=now) if path in GLOBAL else None

    def _of(self, process: Process, rest: str, now: int) -> Node | None:
        owner = {"uid": process.user.uid, "gid": process.user.gid, "mtime": now}
        if rest in ("", "fd"):
            return Directory(0o555 if not rest else 0o500, **owner)
        if rest.startswith("fd/"):
            number = rest[3:]
            file = process.fds.get(int(number)) if number.isdecimal() else None
            return Symlink(target_of(process, int(number), file), 0o700, **owner) if file else None
        if rest == "ns":
            return Directory(0o511, **owner)
        if rest.startswith("ns/"):
            name = rest[3:]
            return Symlink(namespaces.link(self.kernel, process, name), **owner) if name in namespaces.NAMES else None
        if rest in ("cwd", "exe", "root"):
            return Symlink({"cwd": process.cwd, "root": "/", "exe": program_of(process)}[rest], **owner)
        make = PER_PROCESS.get(rest)
        return File(make(self, process).encode("utf-8", "surrogateescape"), 0o444, **owner) if make else None

    def children(self, path: str) -> list[str]:
        """Los nombres de una carpeta."""
        head, _, rest = path.partition("/")
        if not path:
            pids = [str(self.kernel.inner(one.pid, self.space)) for one in self.kernel.visible(self.space)]
            return sorted({*pids, "self", "mounts", *(name.split("/")[0] for name in GLOBAL)})
        if head.isdecimal():
            process = self.kernel.processes.get(self.kernel.outer(int(head), self.space))
            if process is None:
                return []
            folders = {"fd": [str(fd) for fd in sorted(process.fds)], "ns": list(namespaces.NAMES),
                       "": sorted([*PER_PROCESS, "cwd", "exe", "fd", "ns", "root"])}
            return folders.get(rest, [])
        return sorted({name[len(path) + 1:].split("/")[0] for name in GLOBAL if name.startswith(path + "/")})

    def put(self, path: str, node: Node) -> None:
        """No se puede."""
        raise fault("EROFS", path=f"/proc/{path}")

    def remove(self, path: str) -> None:
        """No se puede."""
        raise fault("EROFS", path=f"/proc/{path}")

    def link(self, old: str, new: str) -> None:
        """No se puede."""
        raise fault("EROFS", path=f"/proc/{new}")

    move = link

    # -- lo que cuenta --
    def meminfo(self) -> str:
        used = sum(self.kernel.memory(space) for space in self.kernel.spaces.values()) // 1024
        free = HOST_MEMORY_KB - 1_500_000 - used
        return "".join(f"{name + ':':<16}{value:>8} kB\n" for name, value in (
            ("MemTotal", HOST_MEMORY_KB), ("MemFree", free), ("MemAvailable", free + 900_000), ("Buffers", 100_000),
            ("Cached", 800_000), ("SwapCached", 0), ("SwapTotal", 0), ("SwapFree", 0)))

    def uptime(self) -> str:
        seconds = (self.kernel.clock.now - BOOT) / SECOND
        return f"{seconds:.2f} {seconds * 1.8:.2f}\n"

    def cpuinfo(self) -> str:
        return "\n".join(f"processor\t: {number}\nvendor_id\t: dockerlab\nmodel name\t: Procesador simulado\n"
                         f"cpu MHz\t\t: 2400.000\ncpu cores\t: {self.kernel.processor.cores}\n"
                         for number in range(self.kernel.processor.cores))

    def loadavg(self) -> str:
        ready = sum(one.state == "R" for one in self.kernel.processes.values())
        return f"0.00 0.00 0.00 {ready}/{len(self.kernel.processes)} {self.space.next_pid}\n"

    def mounts(self, process: Process) -> str:
        """`/proc/mounts`: lo montado, con la raíz primero."""
        rows = [f"overlay / overlay {'ro' if self.space.read_only else 'rw'},relatime 0 0"]
        for path, one in self.space.fs.mounts.items():
            access = "ro" if one.read_only and path != "/proc" else "rw"
            strict = ",nosuid,nodev,noexec" if one.kind == "tmpfs" else ""
            room = f",size={one.limit // 1024}k" if one.limit else ""
            rows.append(f"{one.device or one.kind} {path} {one.kind} {access}{strict},relatime{room} 0 0")
        return "\n".join(rows) + "\n"

    def status(self, process: Process) -> str:
        """`/proc/<pid>/status`."""
        memory = (process.memory or 400_000) // 1024
        caught = sum(1 << (signo - 1) for signo in process.caught)
        ignored = sum(1 << (signo - 1) for signo in process.ignored)
        inner = self.kernel.inner(process.pid, self.space)
        rows = (("Name", name_of(process)), ("Umask", f"{process.umask:04o}"),
                ("State", f"{process.state} ({STATES[process.state]})"),
                ("Tgid", inner), ("Pid", inner),
                ("PPid", self.kernel.inner(process.parent, self.space)),
                ("Uid", "\t".join([str(process.user.uid)] * 4)), ("Gid", "\t".join([str(process.user.gid)] * 4)),
                ("Groups", " ".join(map(str, process.user.groups))), ("NSpid", f"{process.pid}\t{process.inner}"),
                ("VmSize", f"{memory * 2:>8} kB"), ("VmRSS", f"{memory:>8} kB"), ("Threads", 1),
                ("CapInh", f"{0:016x}"), ("CapPrm", f"{process.user.capabilities:016x}"),
                ("CapEff", f"{process.user.capabilities:016x}"), ("CapBnd", f"{process.user.bounding:016x}"),
                ("CapAmb", f"{0:016x}"), ("NoNewPrivs", int(self.space.rules.no_new_privileges)),
                ("Seccomp", 2 * self.space.rules.seccomp), ("Seccomp_filters", int(self.space.rules.seccomp)),
                ("Cpus_allowed_list", self.space.rules.cpus or f"0-{self.kernel.processor.cores - 1}"),
                ("SigBlk", f"{0:016x}"), ("SigIgn", f"{ignored:016x}"), ("SigCgt", f"{caught:016x}"))
        return "".join(f"{key}:\t{value}\n" for key, value in rows)

    def stat(self, process: Process) -> str:
        inner, parent = self.kernel.inner(process.pid, self.space), self.kernel.inner(process.parent, self.space)
        group, ticks = self.kernel.inner(process.group, self.space), process.cpu_ns // 10_000_000
        start, memory = (process.started - BOOT) // 10_000_000, process.memory or 400_000
        return (f"{inner} ({name_of(process)}) {process.state} {parent} {group} {group} 0 -1 4194304 0 0 0 0 {ticks} 0 "
                f"{process.children_ns // 10_000_000} 0 20 0 1 0 {start} {memory * 2} {memory // 4096}\n")


LIMITS = (("Max cpu time", "cpu", "seconds"), ("Max file size", "fsize", "bytes"), ("Max data size", "data", "bytes"),
          ("Max stack size", "stack", "bytes"), ("Max core file size", "core", "bytes"),
          ("Max resident set", "rss", "bytes"), ("Max processes", "nproc", "processes"),
          ("Max open files", "nofile", "files"), ("Max locked memory", "memlock", "bytes"),
          ("Max file locks", "locks", "locks"), ("Max pending signals", "sigpending", "signals"),
          ("Max msgqueue size", "msgqueue", "bytes"), ("Max nice priority", "nice", ""),
          ("Max realtime priority", "rtprio", ""), ("Max realtime timeout", "rttime", "us"))
USUAL = {"stack": (8_388_608, -1), "nofile": (1_048_576, 1_048_576), "memlock": (8_388_608, 8_388_608),
         "sigpending": (31_315, 31_315), "msgqueue": (819_200, 819_200), "nice": (0, 0), "rtprio": (0, 0)}
"""Los límites de un proceso (`getrlimit(2)`) que no son «sin límite», blando y duro."""


def limit_of(space: Space, name: str) -> tuple[int, int]:
    """El límite `name` de los procesos de un espacio: (blando, duro); -1 es sin límite."""
    return space.rules.ulimits.get(name) or USUAL.get(name, (-1, -1))


def limits(space: Space) -> str:
    """`/proc/<pid>/limits`."""
    rows = [f"{'Limit':<26}{'Soft Limit':<21}{'Hard Limit':<21}{'Units':<10}"]
    for title, name, unit in LIMITS:
        soft, hard = ("unlimited" if value < 0 else str(value) for value in limit_of(space, name))
        rows.append(f"{title:<26}{soft:<21}{hard:<21}{unit:<10}")
    return "\n".join(rows) + "\n"


def name_of(process: Process) -> str:
    """El nombre corto del programa (`comm`)."""
    return process.argv[0].rpartition("/")[2][:15] if process.argv else ""


def program_of(process: Process) -> str:
    """La ruta de su programa: a dónde apunta `/proc/<pid>/exe`."""
    name, env = process.birth.argv[0], dict(process.birth.env)
    if "/" in name:
        return execution.join(process.birth.cwd, name)
    search = env.get("PATH", execution.DEFAULT_PATH)
    return execution.which(process.space.fs, name, search, process.birth.cwd, ROOT) or f"/{name}"


def target_of(process: Process, fd: int, file: Any) -> str:
    """A dónde apunta `/proc/<pid>/fd/<fd>`: una ruta, o `pipe:[...]` con el proceso y el descriptor dentro."""
    if isinstance(file, FileHandle):
        return file.path
    if isinstance(file, Null):
        return "/dev/" + {"random": "urandom"}.get(file.kind, file.kind)
    if file.is_terminal:
        return f"/dev/pts/{file.terminal.number}"
    kind = "socket" if hasattr(file, "remote") or hasattr(file, "backlog") else "pipe"
    return f"{kind}:[{process.pid * 1000 + fd}]"


SYSCTLS = {"net.ipv4.ip_forward": "1", "net.core.somaxconn": "4096", "net.ipv4.ip_unprivileged_port_start": "0",
           "net.ipv4.ping_group_range": "0\t2147483647", "kernel.shmmax": "18446744073692774399",
           "kernel.msgmax": "8192", "kernel.threads-max": "63000", "vm.swappiness": "60", "vm.overcommit_memory": "0",
           "vm.max_map_count": "65530", "fs.file-max": "9223372036854775807"}
"""Los ajustes del núcleo que se ven en `/proc/sys`, con su valor de siempre."""
GLOBAL: dict[str, Callable[[Proc], str]] = {
    "meminfo": Proc.meminfo, "uptime": Proc.uptime, "cpuinfo": Proc.cpuinfo, "loadavg": Proc.loadavg,
    "version": lambda proc: f"Linux version {RELEASE} (dockerlab) {VERSION}\n",
    "filesystems": lambda proc: "nodev\tproc\nnodev\ttmpfs\nnodev\toverlay\n\text4\n",
    "sys/kernel/hostname": lambda proc: f"{proc.space.hostname}\n",
    "sys/kernel/osrelease": lambda proc: f"{RELEASE}\n",
    "sys/kernel/ostype": lambda proc: "Linux\n",
    "sys/kernel/pid_max": lambda proc: "4194304\n",
    **{f"sys/{name.replace('.', '/')}": (lambda proc, name=name, usual=usual:
                                         f"{proc.space.rules.sysctls.get(name, usual)}\n")
       for name, usual in SYSCTLS.items()},
}
PER_PROCESS: dict[str, Callable[[Proc, Process], str]] = {
    "cmdline": lambda proc, one: "" if not one.alive else "".join(f"{word}\0" for word in one.argv),
    "comm": lambda proc, one: f"{name_of(one)}\n",
    "environ": lambda proc, one: "".join(f"{key}={value}\0" for key, value in one.birth.env),
    "cgroup": lambda proc, one: "0::/\n",
    "uid_map": lambda proc, one: EVERYBODY, "gid_map": lambda proc, one: EVERYBODY,
    "mounts": Proc.mounts, "status": Proc.status, "stat": Proc.stat,
    "oom_score_adj": lambda proc, one: f"{one.space.rules.oom_score}\n", "limits": lambda proc, one: limits(one.space),
    "oom_score": lambda proc, one: f"{(one.memory or 400_000) // 8_192_000}\n",
}
UNAME = {"sysname": "Linux", "release": RELEASE, "version": VERSION, "machine": "x86_64"}
