"""Lo común a mysqld y postgres: su almacén, sus usuarios y su conversación con los clientes.

Docker real: cada uno tiene su protocolo; aquí cliente y servidor se hablan con
una línea de JSON por mensaje.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from typing import Any

from dockerlab.errors import FileError

from ..requests import Connect, Read
from .many_clients import attend_all
from .sql import Statement, statements
from .sql_store import SqlError, Store

Say = Callable[[SqlError, str], dict[str, Any]]


class Server:
    """Un servidor de SQL: `store` guarda, `say` cuenta los errores a su manera."""

    def __init__(self, sys: Any, store: Store, facts: dict[str, Any], say: Say, special: Callable[..., Any]):
        self.sys, self.store, self.facts, self.say, self.special = sys, store, facts, say, special
        self.users: dict[str, str] = {}
        self.clients: dict[int, bytes] = {}

    def run(self, fd: int) -> Generator[Any, Any, None]:
        """Atiende para siempre; las señales salen como `Signalled` y se puede volver a llamar."""
        yield from attend_all(self.sys, fd, self.clients, self.attend)

    def attend(self, fd: int) -> None:
        """Contesta a cada línea entera que haya mandado un cliente."""
        *lines, self.clients[fd] = self.clients[fd].split(b"\n")
        for line in lines:
            self.reply(fd, line)

    def reply(self, fd: int, line: bytes) -> None:
        """Contesta a una petición (JSON); si el cliente ya se fue, lo olvida."""
        try:
            request = json.loads(line)
        except ValueError:
            request = {}
        understood = isinstance(request, dict) and "user" in request
        answer = self.answer(request, self.sys.peer(fd)[0]) if understood else {"error": "protocol"}
        try:
            self.sys.write(fd, json.dumps(answer, ensure_ascii=False) + "\n")
        except FileError:
            self.clients.pop(fd, None)      # el cliente se fue
            self.sys.close(fd)

    def allowed(self, request: dict[str, Any]) -> bool:
        known = self.users.get(request["user"])
        return known is not None and known in ("", request.get("password") or "")

    def answer(self, request: dict[str, Any], peer: str) -> dict[str, Any]:
        """El resultado de las órdenes de un mensaje, una detrás de otra."""
        if not self.allowed(request):
            return self.say(SqlError("denied", user=request["user"], host="localhost"
                                     if peer.startswith("127.") else peer,
                                     password=bool(request.get("password"))), "")
        database = request.get("database") or ""
        if database and database not in self.store.databases():
            return self.say(SqlError("unknown-database", name=database), "")
        results = []
        facts = {**self.facts, "user": f"{request['user']}@localhost", "now": self.facts["clock"]()}
        for text in statements(request.get("sql") or ""):
            try:
                special = self.special(self, text, database)
                if isinstance(special, str):
                    database, special = special, {"command": "USE", "columns": [], "rows": [], "count": 0}
                elif special is None:
                    special = Statement(self.store, database, text,
                                        {**facts, "database": database or None}).run().data()
                results.append(special)
            except SqlError as error:
                return {"results": results, "database": database, **self.say(error, text)}
            except (TypeError, ValueError) as error:
                return {"results": results, "database": database,
                        **self.say(SqlError("syntax", near=str(error)), text)}
        return {"results": results, "database": database}


class Client:
    """Una conversación con un servidor. `problem`: la clave del error de red."""

    def __init__(self, sys: Any, host: str, port: int):
        self.sys, self.host, self.port, self.fd, self.problem = sys, host, port, -1, ""

    def ask(self, **message: Any) -> Generator[Any, Any, dict[str, Any] | None]:
        """Manda un mensaje y devuelve la respuesta; `None` si no se pudo (`problem` dice por qué)."""
        if self.fd < 0:
            try:
                self.fd = yield Connect(self.host, self.port)
            except FileError as error:
                self.problem = error.key
                return None
        try:
            self.sys.write(self.fd, json.dumps(message) + "\n")
        except FileError:
            self.problem = "EPIPE"
            return None
        data = b""
        while not data.endswith(b"\n"):
            chunk = yield Read(self.fd)
            if not chunk:
                self.problem = "EPIPE"
                return None
            data += chunk
        try:
            answer = json.loads(data)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            self.problem = "PROTOCOL"
            return None
        return answer

    def close(self) -> None:
        if self.fd >= 0:
            self.sys.close(self.fd)
