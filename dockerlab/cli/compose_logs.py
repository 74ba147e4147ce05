"""Los registros de varios contenedores a la vez, cada línea con su nombre delante."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .call import Call
from .handlers.looking import log_lines, nanosecond_stamp
from .session import calm, main_process

COLORS = (36, 33, 32, 35, 34, "36;1", "33;1", "32;1", "35;1", "34;1")


class Chorus:
    """Quien escribe: `label(contenedor)` delante de cada línea, alineado y, en una pantalla, en color."""

    def __init__(self, call: Call, project: str, records: Iterable[Any]):
        self.call, self.records = call, list(records)
        self.prefixed = not call.flags.get("no-log-prefix")
        self.stamped = bool(call.flags.get("timestamps"))
        self.colored = call.terminal.tty and not call.flags.get("no-color")
        self.names = {record.id: record.name.removeprefix(f"{project}-") for record in self.records}
        self.width = max(map(len, self.names.values()), default=0)
        self.partial: dict[tuple[str, int], bytes] = {}

    def write(self, record: Any, time: int, stream: int, line: bytes) -> None:
        """Una línea. Todas salen por la salida, también las que el programa escribió en sus errores."""
        prefix = f"{self.names[record.id]:<{self.width}}  | " if self.prefixed else ""
        if self.colored and prefix:
            color = COLORS[list(self.names).index(record.id) % len(COLORS)]
            prefix = f"\x1b[{color}m{prefix}\x1b[0m"
        stamp = nanosecond_stamp(time) if self.stamped else b""
        self.call.terminal.emit(1, prefix.encode() + stamp + line)

    def past(self, record: Any, since: int | None, until: int | None, tail: int | None) -> None:
        """Lo que ya escribió."""
        lines = [line for line in log_lines(record)
                 if (since is None or line[0] >= since) and (until is None or line[0] <= until)]
        for time, stream, line in lines if tail is None else lines[len(lines) - min(tail, len(lines)):]:
            self.write(record, time, stream, line if line.endswith(b"\n") else line + b"\n")

    def listen(self, record: Any, heard: int = 0) -> None:
        """Lo que escriba desde ahora, y lo escrito desde el trozo `heard`."""
        def hear(time: int, stream: int, data: bytes) -> None:
            *whole, rest = (self.partial.pop((record.id, stream), b"") + data).split(b"\n")
            for line in whole:
                self.write(record, self.call.engine.clock.now, stream, line + b"\n")
            if rest:
                self.partial[record.id, stream] = rest
        for chunk in record.log[heard:]:
            hear(*chunk)
        if record.space is not None:
            record.space.log.listener = lambda _, stream, data: hear(0, stream, data)

    def ended(self, record: Any) -> None:
        """Un contenedor acabó: lo que quedaba a medias, y su código."""
        for stream in (1, 2):
            rest = self.partial.pop((record.id, stream), b"")
            if rest:
                self.write(record, self.call.engine.clock.now, stream, rest + b"\n")
        self.call.line(f"{self.names[record.id]} exited with code {record.state.exit_code}")

    def follow(self, records: list[Any], first: bool = False) -> list[Any]:
        """Sigue hasta que acaban todos (o el primero, con `first`); devuelve los que siguen y no van a acabar."""
        engine = self.call.engine
        pending = list(records)
        while pending:
            def moved() -> bool:
                return any(not record.state.alive for record in pending) or all(
                    calm(engine, main_process(engine, record)) for record in pending)
            deadline = engine.clock.now + FOREVER
            engine.run(moved, deadline)
            done = [record for record in pending if not record.state.alive]
            if not done:
                return pending
            for record in done:
                self.ended(record)
            pending = [record for record in pending if record not in done]
            if first:
                return pending
        return []


FOREVER = 600 * 10**9     # cuánto reloj virtual se da a quien no para
