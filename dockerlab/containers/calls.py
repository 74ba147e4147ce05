"""`Sys`: todo lo que un programa puede pedir al núcleo sin esperar.

Cada llamada queda en el diario del proceso (véase `journal`), de modo que un
programa vivo se puede guardar y volver a ejecutar. Por eso un programa no usa
nada más: ni la hora, ni el azar, ni los archivos del equipo de verdad.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from . import signals
from .process import Process

if TYPE_CHECKING:
    from .kernel import Kernel

FILE_CALLS = frozenset((
    "read", "write", "stat", "exists", "isdir", "isfile", "listdir", "mkdir", "remove", "rmdir", "rename",
    "symlink", "link", "readlink", "chmod", "chown", "utime", "walk", "resolve", "access", "put", "node"))
"""Las operaciones de archivos: las mismas que `FileSystem`, con rutas relativas a la carpeta actual."""


class Files:
    """`sys.fs`: las operaciones de archivos con la carpeta, el usuario y la hora del proceso.

    `sys.fs.read("datos.txt")`, `sys.fs.mkdir("/a/b", parents=True)`... Lanzan `FileError`.
    """

    def __init__(self, sys: Sys):
        self._sys = sys

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in FILE_CALLS:
            raise AttributeError(name)
        return lambda *args, **kwargs: self._sys.call(f"fs_{name}", *args, **kwargs)


class Sys:
    """Lo que ve un programa de su proceso y del núcleo.

    Atributos: `argv`, `env` (una copia: cambiarla no cambia la del proceso),
    `cwd`, `user`, `umask`, `program`, `dialect`, `payload` y `fs` (los archivos).
    """

    def __init__(self, kernel: Kernel, process: Process):
        birth = process.birth
        self._kernel, self._process, self._journal = kernel, process, process.journal
        self.argv: list[str] = list(birth.argv)
        self.env: dict[str, str] = dict(birth.env)
        self.cwd, self.user, self.umask = birth.cwd, birth.user, birth.umask
        self.program, self.dialect, self.payload = birth.program, birth.dialect, birth.payload
        self.fs = Files(self)

    def call(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """La llamada `name` del núcleo (`syscalls.Calls`), anotada en el diario."""
        return self._journal.perform(getattr(self._kernel.calls, name), self._process, *args, **kwargs)

    @property
    def pid(self) -> int:
        """El número de este proceso dentro de su contenedor."""
        return self._process.inner

    @property
    def ppid(self) -> int:
        """El número de su padre dentro del contenedor (0 si no está dentro)."""
        return self.call("parent")

    @property
    def name(self) -> str:
        """El nombre con el que lo llamaron, sin carpeta: para los mensajes de error."""
        return self.argv[0].rpartition("/")[2] if self.argv else self.program

    def now(self) -> int:
        """La hora del reloj virtual, en nanosegundos desde 1970."""
        return self.call("now")

    # -- escribir y descriptores --
    def write(self, fd: int, data: bytes | str) -> None:
        """Escribe en `fd`. Si nadie lee la tubería, el proceso muere por SIGPIPE. `FileError` EBADF, ENOSPC, EROFS."""
        if isinstance(data, str):
            data = data.encode("utf-8", "surrogateescape")
        if data:
            self.call("write", fd, data)

    def out(self, text: str | bytes) -> None:
        """Escribe en la salida estándar."""
        self.write(1, text)

    def err(self, text: str | bytes) -> None:
        """Escribe en la salida de errores."""
        self.write(2, text)

    def open(self, path: str, flags: str = "r", mode: int = 0o666) -> int:
        """Abre `path` y contesta el fd más bajo libre.

        `flags`: `r`, `w` (vacía o crea), `a` (al final), `x` (no debe existir) o `r+`. `FileError` ENOENT, EACCES...
        """
        return self.call("open", path, flags, mode)

    def input(self, data: bytes) -> int:
        """Un fd del que se lee `data` (un here-document)."""
        return self.call("input", data)

    def close(self, fd: int) -> None:
        """Cierra `fd`; si no está abierto no pasa nada."""
        self.call("close", fd)

    def dup(self, fd: int, target: int | None = None, least: int = 0) -> int:
        """Otro descriptor para lo mismo: `target`, o el más bajo libre desde `least`. `FileError` EBADF."""
        return self.call("dup", fd, target, least)

    def pipe(self) -> tuple[int, int]:
        """Una tubería: (fd de leer, fd de escribir)."""
        return self.call("pipe")

    def isatty(self, fd: int) -> bool:
        """¿Es un terminal?"""
        return self.call("isatty", fd)

    def endless(self, fd: int) -> bool:
        """¿Se puede leer de `fd` para siempre (`/dev/zero`, `/dev/urandom`)?"""
        return self.call("endless", fd)

    def limit(self, name: str) -> tuple[int, int]:
        """El límite `name` (`nofile`, `nproc`...): (blando, duro); -1 es sin límite."""
        return tuple(self.call("limit", name))

    def fds(self) -> list[int]:
        """Los descriptores abiertos."""
        return self.call("fds")

    # -- procesos --
    def spawn(self, argv: Sequence[str], env: Mapping[str, str] | None = None, cwd: str | None = None,
              fds: Mapping[int, int] | None = None, path: str = "", group: int | None = None,
              ignore: Sequence[int] = ()) -> int:
        """Inicia otro programa y contesta su pid.

        `fds`: del número que verá el hijo al mío (por defecto, los míos menores que 10);
        `path`: el archivo del programa (por defecto se busca `argv[0]` en PATH);
        `group`: grupo de procesos (0: uno nuevo, el suyo). `FileError` ENOENT, EACCES, ENOEXEC, EAGAIN.
        """
        return self.call("spawn", tuple(argv), tuple((self.env if env is None else env).items()), cwd,
                         dict(fds) if fds is not None else None, path, group, tuple(ignore))

    def fork(self, program: str, payload: Any, fds: Mapping[int, int] | None = None,
             group: int | None = None, ignore: Sequence[int] = ()) -> int:
        """Un hijo con las mismas señas que ejecuta el programa interno `program` con `payload` (guardable)."""
        return self.call("fork", program, payload, dict(fds) if fds is not None else None, group, tuple(ignore))

    def which(self, name: str, env: Mapping[str, str] | None = None) -> str | None:
        """La ruta del ejecutable `name` según PATH, o `None`."""
        return self.call("which", name, (self.env if env is None else env).get("PATH", ""))

    def kill(self, pid: int, signal: str | int) -> None:
        """Manda una señal: `pid` > 0, ese; 0, mi grupo; -1, todos; < -1, ese grupo. `FileError` ESRCH, EPERM."""
        self.call("kill", pid, signals.number(signal))

    def catch(self, *names: str | int) -> None:
        """Atiende esas señales: interrumpen la espera con `Signalled`."""
        self.call("disposition", "catch", tuple(map(signals.number, names)))

    def ignore(self, *names: str | int) -> None:
        """Ignora esas señales (los hijos lo heredan)."""
        self.call("disposition", "ignore", tuple(map(signals.number, names)))

    def default(self, *names: str | int) -> None:
        """Vuelve al trato de siempre de esas señales."""
        self.call("disposition", "default", tuple(map(signals.number, names)))

    def ignored(self) -> list[int]:
        """Las señales que este proceso ignora."""
        return self.call("ignored")

    def pending(self) -> int:
        """La primera señal atendida que espera su turno (y la quita), o 0."""
        return self.call("take_pending")

    def foreground(self, group: int) -> None:
        """El grupo que recibe el Ctrl+C del terminal."""
        self.call("foreground", group)

    def processes(self) -> list[dict[str, Any]]:
        """Los procesos que se ven: `pid`, `ppid`, `user` (uid), `state`, `argv`, `started` (ns), `tty`, `memory`..."""
        return self.call("processes")

    def become(self, user: Any) -> None:
        """Cambia de usuario (`su`, `gosu`, `nginx`). `FileError` EPERM si no se es root."""
        self.call("become", user)
        self.user = user

    def rename(self, title: str) -> None:
        """Cambia el título con el que sale en `ps` (`nginx: master process`)."""
        self.call("rename", title)

    # -- carpeta, memoria, equipo --
    def chdir(self, path: str) -> None:
        """Cambia la carpeta actual. `FileError` ENOENT, ENOTDIR, EACCES."""
        self.cwd = self.call("chdir", path)

    def set_umask(self, mask: int) -> None:
        """Los permisos que se quitan a lo que se crea."""
        self.call("set_umask", mask)
        self.umask = mask

    def memory(self, size: int) -> None:
        """Declara la memoria que ocupa (bytes). Si el contenedor pasa su límite, el núcleo mata al mayor."""
        self.call("memory", size)

    def uname(self) -> dict[str, str]:
        """`sysname`, `nodename`, `release`, `version`, `machine`: el núcleo es el mismo dentro y fuera."""
        return self.call("uname")

    def sethostname(self, name: str) -> None:
        """Cambia el nombre de máquina del contenedor. `FileError` EPERM sin CAP_SYS_ADMIN."""
        self.call("sethostname", name)

    def mount(self, path: str, limit: int = 0) -> None:
        """Monta un tmpfs en `path` (`limit`: bytes que caben). `FileError` EPERM sin CAP_SYS_ADMIN."""
        self.call("mount", path, limit)

    def umount(self, path: str) -> None:
        """Lo desmonta. `FileError` EPERM sin CAP_SYS_ADMIN, EINVAL si ahí no hay nada montado."""
        self.call("umount", path)

    def random(self, count: int) -> bytes:
        """`count` bytes al azar, los mismos en toda la clase."""
        return self.call("random", count)

    def times(self) -> tuple[int, int]:
        """Procesador gastado por este proceso y por sus hijos recogidos, en ns."""
        return self.call("times")

    # -- red --
    def listen(self, port: int, address: str = "0.0.0.0", backlog: int = 128) -> int:
        """Escucha en `port`; contesta el fd para `Accept`. `FileError` EADDRINUSE, EACCES (puerto < 1024 sin root).

        `address` puede ser un nombre, como `localhost`: se escucha en su primera dirección.
        """
        named = address.strip(".:0123456789abcdef*") and self.lookup(address)
        return self.call("listen", port, named[0] if named else address)

    def lookup(self, host: str) -> list[str]:
        """Las direcciones de `host`; vacía si no se conoce."""
        return self.call("lookup", host)

    def peer(self, fd: int) -> tuple[str, int]:
        """La dirección y el puerto del otro extremo de una conexión."""
        return self.call("peer", fd)

    def sockets(self) -> list[dict[str, Any]]:
        """Lo que se escucha aquí: `address`, `port`, `pid`."""
        return self.call("sockets")

    def addresses(self) -> list[dict[str, str]]:
        """Las tarjetas de red: `name`, `address` (con máscara), `mac`."""
        return self.call("addresses")
