"""Los archivos abiertos: a qué apunta cada descriptor (fd) de un proceso.

Varios descriptores, de uno o de varios procesos, pueden compartir el mismo
archivo abierto (después de `2>&1`, o entre un padre y su hijo): por eso llevan
la cuenta de sus dueños en `refs`, y una tubería acaba cuando no le quedan.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dockerlab.errors import fault
from dockerlab.filesystem.nodes import File

from .codec import saved

if TYPE_CHECKING:
    from .space import Space

Waiters = list[tuple[int, int]]   # (proceso, su turno de espera): si el turno cambió, ya no espera esto
CAPACITY = 65536
"""Bytes que caben en una tubería antes de que quien escribe tenga que esperar."""


def line_length(data: bytes | bytearray, start: int, count: int) -> int:
    """Los bytes que hay desde `start` hasta el primer salto de línea, incluido, y no más de `count`."""
    end = data.find(b"\n", start)
    return count if end < 0 else min(count, end + 1 - start)


class BrokenPipe(Exception):
    """Se escribe donde ya nadie lee: el núcleo manda SIGPIPE."""


class OpenFile:
    """Lo común a todos. `kernel` llega en cada operación: los archivos abiertos son solo datos."""

    __slots__ = ()
    refs: int = 0
    is_terminal = False

    def read(self, kernel: Any, count: int) -> bytes | None:
        """Hasta `count` bytes; vacío al final; `None` si hay que esperar. `FileError` EBADF si es de escritura."""
        raise fault("EBADF", path="")

    def read_line(self, kernel: Any, count: int) -> bytes | None:
        """Como `read`, sin pasar del primer salto de línea."""
        return self.read(kernel, 1)

    def write(self, kernel: Any, data: bytes) -> None:
        """Escribe `data`. `BrokenPipe` si nadie lee; `FileError` EBADF si es de lectura."""
        raise fault("EBADF", path="")

    def waiters(self) -> Waiters:
        """Los procesos que esperan poder leer (para apuntarse)."""
        return []

    def full(self) -> Waiters | None:
        """La lista de espera de quienes escriben, o `None` si cabe más."""
        return None

    def opened(self) -> None:
        """Un descriptor más apunta aquí."""
        self.refs += 1

    def closed(self, kernel: Any) -> None:
        """Un descriptor menos; con el último se suelta lo que haya detrás."""
        self.refs -= 1
        if self.refs == 0:
            self.released(kernel)

    def released(self, kernel: Any) -> None:
        """Lo que pasa al cerrar el último descriptor."""


@saved
@dataclass(slots=True, eq=False)
class Null(OpenFile):
    """`/dev/null` (y `/dev/zero`, `/dev/full`, `/dev/urandom` según `kind`)."""

    kind: str = "null"
    count: int = 0
    refs: int = 0

    def read(self, kernel: Any, count: int) -> bytes:
        if self.kind == "null":
            return b""
        if self.kind == "random":
            import hashlib
            blocks = []
            for _ in range(-(-count // 64)):
                self.count += 1
                blocks.append(hashlib.sha512(f"{kernel.seed}:{kernel.clock.now}:{self.count}".encode()).digest())
            return b"".join(blocks)[:count]
        return bytes(count)

    def write(self, kernel: Any, data: bytes) -> None:
        if self.kind == "full":
            raise fault("ENOSPC", path="/dev/full")


@saved
@dataclass(slots=True, eq=False)
class Input(OpenFile):
    """Una entrada fija: lo que la persona dio por la entrada estándar, o un here-document."""

    data: bytes = b""
    offset: int = 0
    refs: int = 0

    def read(self, kernel: Any, count: int) -> bytes:
        chunk = self.data[self.offset:self.offset + count]
        self.offset += len(chunk)
        return chunk

    def read_line(self, kernel: Any, count: int) -> bytes:
        return self.read(kernel, line_length(self.data, self.offset, count))


@saved
@dataclass(slots=True, eq=False)
class Capture(OpenFile):
    """Guarda lo que se escribe: lo leen `docker exec` y la construcción.

    `chunks`: pares (flujo, bytes); los extremos de los dos flujos comparten lista
    (`capture()`). `listener`, si lo hay, recibe cada trozo al momento.
    """

    stream: int = 1
    chunks: list[tuple[int, bytes]] = field(default_factory=list)
    refs: int = 0
    listener: Any = field(default=None, metadata={"saved": False})

    def write(self, kernel: Any, data: bytes) -> None:
        self.chunks.append((self.stream, data))
        if self.listener:
            self.listener(self.stream, data)

    def text(self, stream: int | None = None) -> str:
        """Lo escrito hasta ahora, de un flujo o de todos en su orden."""
        return b"".join(data for number, data in self.chunks if stream in (None, number)).decode("utf-8", "replace")


def capture(listener: Any = None) -> tuple[Capture, Capture]:
    """Dos extremos, salida y errores, sobre la misma lista de trozos."""
    out = Capture(1, listener=listener)
    return out, Capture(2, out.chunks, listener=listener)


@saved
@dataclass(slots=True, eq=False)
class LogSink(OpenFile):
    """La salida del proceso principal: va a `space.log`, que lee `docker logs`."""

    space: Space
    stream: int = 1
    refs: int = 0

    def write(self, kernel: Any, data: bytes) -> None:
        self.space.log.write(kernel.clock.now, self.stream, data)


@saved
@dataclass(slots=True, eq=False)
class FileHandle(OpenFile):
    """Un archivo del contenedor abierto en `path` (ya resuelta), en la posición `offset`."""

    space: Space
    path: str
    readable: bool = True
    writable: bool = False
    append: bool = False
    offset: int = 0
    refs: int = 0

    def read(self, kernel: Any, count: int) -> bytes:
        if not self.readable:
            raise fault("EBADF", path=self.path)
        data = self.space.fs.read(self.path)
        chunk = data[self.offset:self.offset + count]
        self.offset += len(chunk)
        return chunk

    def read_line(self, kernel: Any, count: int) -> bytes | None:
        return self.read(kernel, line_length(self.space.fs.read(self.path), self.offset, count))

    def write(self, kernel: Any, data: bytes) -> None:
        if not self.writable:
            raise fault("EBADF", path=self.path)
        fs, now = self.space.fs, kernel.clock.now
        node = fs.stat(self.path).node
        size = len(node.content) if isinstance(node, File) else 0
        if self.append or self.offset == size:
            fs.write(self.path, data, append=True, now=now)
            self.offset = size + len(data)
        else:
            old = fs.read(self.path).ljust(self.offset, b"\0")
            fs.write(self.path, old[:self.offset] + data + old[self.offset + len(data):], now=now)
            self.offset += len(data)


@saved
@dataclass(slots=True, eq=False)
class Pipe:
    """Una tubería: lo escrito y no leído, cuántos la tienen abierta por cada lado y quién espera."""

    buffer: bytearray = field(default_factory=bytearray)
    readers: int = 0
    writers: int = 0
    reading: Waiters = field(default_factory=list)
    writing: Waiters = field(default_factory=list)
    named: bool = False          # con nombre: lo escrito espera a que alguien la abra para leer
    waits_writer: bool = False   # y quien lee no ve el final hasta que alguien la abrió para escribir

    def read(self, kernel: Any, count: int) -> bytes | None:
        if not self.buffer:
            return None if self.writers or self.waits_writer else b""
        chunk = bytes(self.buffer[:count])
        del self.buffer[:count]
        if len(self.buffer) < CAPACITY:
            kernel.wake_all(self.writing)
        return chunk

    def write(self, kernel: Any, data: bytes) -> None:
        if not self.readers and not self.named:
            raise BrokenPipe
        self.buffer += data
        kernel.wake_all(self.reading)

    def left(self, kernel: Any) -> None:
        """Alguien cerró un extremo: despierta a los que esperaban al otro."""
        if not self.writers:
            kernel.wake_all(self.reading)
        if not self.readers:
            kernel.wake_all(self.writing)


@saved
@dataclass(slots=True, eq=False)
class PipeReader(OpenFile):
    """El extremo de leer de una tubería."""

    pipe: Pipe
    refs: int = 0

    def __post_init__(self) -> None:
        self.pipe.readers += 1
        self.pipe.waits_writer = self.pipe.named and not self.pipe.writers and not self.pipe.buffer

    def read(self, kernel: Any, count: int) -> bytes | None:
        return self.pipe.read(kernel, count)

    def read_line(self, kernel: Any, count: int) -> bytes | None:
        return self.pipe.read(kernel, line_length(self.pipe.buffer, 0, count))

    def waiters(self) -> Waiters:
        return self.pipe.reading

    def released(self, kernel: Any) -> None:
        self.pipe.readers -= 1
        self.pipe.left(kernel)


@saved
@dataclass(slots=True, eq=False)
class PipeWriter(OpenFile):
    """El extremo de escribir de una tubería."""

    pipe: Pipe
    refs: int = 0

    def __post_init__(self) -> None:
        self.pipe.writers += 1
        self.pipe.waits_writer = False

    def write(self, kernel: Any, data: bytes) -> None:
        self.pipe.write(kernel, data)

    def full(self) -> Waiters | None:
        return self.pipe.writing if len(self.pipe.buffer) >= CAPACITY and self.pipe.readers else None

    def released(self, kernel: Any) -> None:
        self.pipe.writers -= 1
        self.pipe.left(kernel)
