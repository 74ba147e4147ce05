"""Los clientes de bases de datos del Python simulado: `psycopg2`, `pymysql` y `mysql.connector`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from .databases import Client
from .py_modules import native
from .py_values import Class, Instance, Module, Native, Raise, make_error

REASONS = {"ECONNREFUSED": "Connection refused", "EHOSTUNREACH": "No route to host", "ETIMEDOUT": "timed out"}


def quoted(value: Any) -> str:
    """Un parámetro, escrito en SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, bool | int | float):
        return str(value).upper()
    return "'" + str(value).replace("'", "''") + "'"


def driver(name: str, user: str, port: int) -> Callable[[Any, Any], Module]:
    """Un módulo de la familia DB-API 2.0 (PEP 249): `connect`, cursores y sus errores."""
    def build(sys: Any, runtime: Any) -> Module:
        problem = Class("OperationalError", [runtime.errors["Exception"]], {})

        def unreachable(client: Client) -> Raise:
            reason = REASONS.get(client.problem, "Name or service not known")
            if name == "psycopg2":
                text = (f'could not translate host name "{client.host}" to address: {reason}\n'
                        if client.problem == "ENONAME"
                        else f'connection to server at "{client.host}", port {client.port} failed: {reason}\n'
                             "\tIs the server running on that host and accepting TCP/IP connections?\n")
                return Raise(make_error(problem, text))
            return Raise(make_error(problem, 2003, f"Can't connect to MySQL server on '{client.host}' ({reason})"))

        def connect(machine: Any, dsn: str = "", **named: Any) -> Any:
            place = urlsplit(dsn) if "://" in dsn else None
            if place:
                named = {"host": place.hostname, "port": place.port or port, "user": place.username,
                         "password": place.password, "database": place.path.lstrip("/")}
            elif dsn:
                named |= dict(pair.split("=", 1) for pair in dsn.split())
            client = Client(sys, named.get("host") or "localhost", int(named.get("port") or port))
            who = named.get("user") or user
            identity = {"user": who, "password": named.get("password") or named.get("passwd") or "",
                        "database": named.get("dbname") or named.get("database") or named.get("db") or
                        (who if name == "psycopg2" else "")}
            yield from ask(client, identity, "")
            made = Instance(Class("connection", [], {}))
            made.names |= {"cursor": Native("cursor", lambda machine, *args, **named: cursor(client, identity)),
                           "commit": native("commit", lambda: None), "rollback": native("rollback", lambda: None),
                           "close": native("close", client.close), "autocommit": False,
                           "__enter__": native("__enter__", lambda: made),
                           "__exit__": native("__exit__", lambda *args: None)}
            return made

        def ask(client: Client, identity: dict[str, Any], sql: str) -> Any:
            answer = yield from client.ask(**identity, sql=sql)
            if answer is None:
                raise unreachable(client)
            if "error" in answer:
                raise Raise(make_error(problem, answer["error"].partition(": ")[2].strip() + "\n"))
            identity["database"] = answer.get("database") or identity["database"]
            return answer["results"]

        def cursor(client: Client, identity: dict[str, Any]) -> Instance:
            made, rows = Instance(Class("cursor", [], {})), []

            def execute(machine: Any, sql: str, values: Any = ()) -> Any:
                text = sql % tuple(map(quoted, values)) if values else sql
                results = yield from ask(client, identity, text)
                last = results[-1] if results else {"rows": [], "columns": [], "count": 0}
                rows[:] = [tuple(row) for row in last["rows"]]
                made.names |= {"rowcount": last["count"], "description": [(column,) for column in last["columns"]]
                               or None}

            def take(count: int | None) -> Any:
                taken = rows[:count]
                del rows[:len(taken)]
                return taken
            made.names |= {"execute": Native("execute", execute), "fetchall": native("fetchall", lambda: take(None)),
                           "fetchone": native("fetchone", lambda: (take(1) or [None])[0]),
                           "fetchmany": native("fetchmany", take), "close": native("close", lambda: None),
                           "__enter__": native("__enter__", lambda: made),
                           "__exit__": native("__exit__", lambda *args: None)}
            made.kind.names["__iter__"] = Native("__iter__", lambda machine, this: take(None))
            return made
        return Module(name, {"connect": Native("connect", connect), "OperationalError": problem, "Error": problem,
                             "DatabaseError": problem, "ProgrammingError": problem})
    return build


def connector(sys: Any, runtime: Any) -> Module:
    """`import mysql.connector`: el paquete y, dentro, el módulo."""
    return Module("mysql", {"connector": driver("mysql.connector", "root", 3306)(sys, runtime)})


DATABASES: dict[str, Callable[[Any, Any], Module]] = {
    "psycopg2": driver("psycopg2", "postgres", 5432), "pymysql": driver("pymysql", "root", 3306), "mysql": connector}
INSTALLED_AS = {"psycopg2": ("psycopg2", "psycopg2_binary"), "mysql": ("mysql_connector_python",)}
"""Carpeta de `site-packages` que deja cada paquete, si no se llama como el módulo."""
