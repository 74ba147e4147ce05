"""El módulo `sqlite3` del Python simulado: una base de datos en un solo archivo.

Docker real: el archivo es binario; aquí, detrás de la misma cabecera, es JSON. Sobrevive
o se pierde igual: con la capa o con el volumen donde esté.
"""

from __future__ import annotations

import copy
import json
import posixpath
import re
from typing import Any

from dockerlab.errors import FileError

from .kit import moment
from .py_databases import quoted
from .py_modules import native
from .py_values import Class, Instance, Module, Native, Raise, make_error
from .sql import Result, Statement, statements
from .sql_store import SqlError

HEADER, PAGE = b"SQLite format 3\0", 4096
ERRORS = {
    "unknown-table": "no such table: {name}", "table-exists": "table {name} already exists",
    "unknown-column": "no such column: {name}", "unknown-function": "no such function: {name}",
    "column-count": "table has a different number of columns than values were supplied",
    "not-null": "NOT NULL constraint failed: {table}.{name}", "duplicate": "UNIQUE constraint failed: {table}.{name}",
    "syntax": 'near "{near}": syntax error'}
INTEGRITY = ("not-null", "duplicate")
HELD = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


class SqliteStatement(Statement):
    """Las órdenes, como las entiende SQLite."""

    def columns(self) -> list[dict[str, Any]]:
        found = super().columns()
        for column in found:
            column["auto"] |= column["key"] == "PRI" and column["type"] == "integer"
        return found

    def run_pragma(self) -> Result:
        self.at = len(self.tokens)
        return Result("PRAGMA")


class FileStore:
    """Las tablas de un archivo. Lo cambiado espera en `pending` hasta que se confirma."""

    def __init__(self, sys: Any, path: str):
        self.sys, self.path = sys, path
        self.pending: dict[str, Any] | None = None
        self.memory: dict[str, Any] = {}

    def content(self) -> dict[str, Any]:
        if self.pending is not None:
            return self.pending
        if self.path == ":memory:":
            return self.memory
        raw = self.sys.fs.read(self.path)
        return json.loads(raw.removeprefix(HEADER)) if raw else {}

    def databases(self) -> list[str]:
        return ["main"]

    def tables(self, database: str) -> list[str]:
        return sorted(self.content())

    def load(self, database: str, table: str) -> dict[str, Any]:
        content = self.content()
        if table not in content:
            raise SqlError("unknown-table", name=table)
        return copy.deepcopy(content[table])

    def save(self, database: str, table: str, rows: dict[str, Any]) -> None:
        self.pending = {**self.content(), table: rows}

    def remove(self, database: str, table: str) -> None:
        self.load(database, table)
        self.pending = {name: rows for name, rows in self.content().items() if name != table}

    def commit(self) -> None:
        """Escribe lo pendiente. `FileError` si no se puede: de solo lectura, sin permiso..."""
        if self.pending is None:
            return
        if self.path == ":memory:":
            self.memory = self.pending
        else:
            data = HEADER + json.dumps(self.pending, ensure_ascii=False).encode()
            pages = 1 + len(self.pending) + len(data) // PAGE
            self.sys.fs.write(self.path, data, declared_size=pages * PAGE)
        self.pending = None

    def forget(self) -> None:
        self.pending = None


def sqlite_module(sys: Any, runtime: Any) -> Module:
    """`import sqlite3`."""
    here = {"__module__": "sqlite3"}
    error = Class("Error", [runtime.errors["Exception"]], {**here})
    database_error = Class("DatabaseError", [error], {**here})
    operational = Class("OperationalError", [database_error], {**here})
    integrity = Class("IntegrityError", [database_error], {**here})

    def wrong(text: str, kind: Class = operational) -> Raise:
        return Raise(make_error(kind, text))

    def written(store: FileStore) -> None:
        try:
            store.commit()
        except FileError:
            store.forget()
            raise wrong("attempt to write a readonly database") from None

    def connect(path: Any, **named: Any) -> Instance:
        whole = str(path) if path == ":memory:" else posixpath.join(sys.cwd, str(path))
        store = FileStore(sys, whole)
        if whole != ":memory:":
            try:
                if not sys.fs.exists(whole):
                    sys.fs.write(whole, b"", mode=0o644)
                raw = sys.fs.read(whole)
            except FileError:
                raise wrong("unable to open database file") from None
            if raw and not raw.startswith(HEADER):
                raise wrong("file is not a database", database_error)
        made = Instance(Class("Connection", [], {}), {"row_factory": None})

        def leave(kind: Any = None, *rest: Any) -> None:
            written(store) if kind is None else store.forget()
        made.names |= {
            "cursor": native("cursor", lambda: cursor(store)),
            "execute": native("execute", lambda sql, values=(): run(cursor(store), store, sql, values)),
            "executemany": native("executemany", lambda sql, many: [
                run(cursor(store), store, sql, values) for values in many][-1]),
            "executescript": native("executescript", lambda sql: script(store, sql)),
            "commit": native("commit", lambda: written(store)), "rollback": native("rollback", store.forget),
            "close": native("close", store.forget), "__enter__": native("__enter__", lambda: made),
            "__exit__": native("__exit__", leave)}
        return made

    def script(store: FileStore, sql: str) -> None:
        for one in statements(sql):
            run(cursor(store), store, one, ())
        written(store)

    def run(made: Instance, store: FileStore, sql: str, values: Any) -> Instance:
        given = iter(values)
        text = re.sub(r"'(?:''|[^'])*'|\?", lambda found: quoted(next(given)) if found[0] == "?" else found[0], sql)
        open_before = store.pending is not None
        try:
            result = SqliteStatement(store, "main", text.rstrip("; \n"), {
                "database": "main", "version": "3.40.1", "now": f"{moment(sys.now()):%Y-%m-%d %H:%M:%S}"}).run()
        except SqlError as problem:
            data = {**problem.data, "near": (str(problem.data.get("near", "")).split() or ["end of input"])[0]}
            raise wrong(ERRORS.get(problem.kind, problem.kind).format(**data),
                        integrity if problem.kind in INTEGRITY else operational) from None
        if not HELD.match(text) and not open_before:
            written(store)
        made.inner[:] = [tuple(row) for row in result.rows]
        made.names |= {"rowcount": result.count if result.command in ("INSERT", "UPDATE", "DELETE") else -1,
                       "description": [(column,) for column in result.columns] or None}
        return made

    def cursor(store: FileStore) -> Instance:
        made = Instance(Class("Cursor", [], {}), {"rowcount": -1, "description": None}, [])

        def take(count: int | None = None) -> list[Any]:
            taken = made.inner[:count]
            del made.inner[:len(taken)]
            return taken
        made.names |= {"execute": native("execute", lambda sql, values=(): run(made, store, sql, values)),
                       "fetchall": native("fetchall", take), "fetchmany": native("fetchmany", take),
                       "fetchone": native("fetchone", lambda: (take(1) or [None])[0]),
                       "close": native("close", lambda: None)}
        made.kind.names["__iter__"] = Native("__iter__", lambda machine, this: take())
        return made
    return Module("sqlite3", {"connect": native("connect", connect), "Error": error, "DatabaseError": database_error,
                              "OperationalError": operational, "IntegrityError": integrity,
                              "sqlite_version": "3.40.1"})
