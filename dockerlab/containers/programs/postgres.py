"""postgres: el servidor de PostgreSQL, con su inicio, sus archivos y sus usuarios."""

from __future__ import annotations

import json
import re
from typing import Any

from dockerlab.clock import SECOND
from dockerlab.errors import FileError

from .. import signals
from ..requests import Cpu, Signalled, Sleep
from .databases import Server
from .kit import moment
from .making import make_folder
from .mysqld import nothing
from .options import Options, applet
from .sql_store import SqlError, Store

SYSTEM = ("postgres", "template0", "template1")
FILES = {"base/1": 7_700_000, "base/4": 7_500_000, "base/5": 7_700_000, "global/pg_control": 8192,
         "pg_wal/000000010000000000000001":
         16_777_216, "pg_xact/0": 8192, "postgresql.conf": 29_800, "pg_hba.conf": 5_700,
         "postgresql.auto.conf": 88}
MISSING = """Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
       connections without a password. This is *not* recommended.

       See PostgreSQL documentation about "trust":
       https://www.postgresql.org/docs/current/auth-trust.html
"""


def version(sys: Any) -> str:
    return (sys.env.get("PG_VERSION") or "17.4").partition("-")[0]


def data(sys: Any) -> str:
    return sys.env.get("PGDATA", "/var/lib/postgresql/data")


def log(sys: Any, text: str, level: str = "LOG") -> None:
    stamp = f"{moment(sys.now()):%Y-%m-%d %H:%M:%S}.{sys.now() % SECOND // 1_000_000:03d} UTC"
    sys.err(f"{stamp} [{sys.pid}] {level}:  {text}\n")


def initialise(sys: Any, folder: str) -> Any:
    """initdb y lo que pide el guion de entrada: contraseña, usuario y base de datos."""
    owner = sys.env.get("POSTGRES_USER", "postgres")
    trust = sys.env.get("POSTGRES_HOST_AUTH_METHOD") == "trust"
    if not sys.env.get("POSTGRES_PASSWORD") and not trust:
        sys.err(MISSING)
        return 1
    sys.out('The files belonging to this database system will be owned by user "postgres".\nThis user must '
            'also own the server process.\n\n'
            'The database cluster will be initialized with locale "en_US.utf8".\nThe default database '
            'encoding has accordingly been set '
            'to "UTF8".\nThe default text search configuration will be set to "english".\n\nData page '
            'checksums are disabled.\n\n'
            f"fixing permissions on existing directory {folder} ... ok\ncreating subdirectories ... ok\n")
    for text in ("selecting dynamic shared memory implementation ... posix",
                 "selecting default \"max_connections\" ... 100",
                 "selecting default \"shared_buffers\" ... 128MB", "selecting default time zone ... Etc/UTC",
                 "creating configuration files ... ok", "running bootstrap script ... ok",
                 "performing post-bootstrap initialization ... ok", "syncing data to disk ... ok"):
        yield Sleep(0.25)
        sys.out(text + "\n")
    make_folder(sys, folder, 0o700, parents=True)
    for name, size in FILES.items():
        make_folder(sys, f"{folder}/{name}".rpartition("/")[0], 0o700, parents=True)
        sys.fs.write(f"{folder}/{name}", b"postgres\n", mode=0o600, declared_size=size)
    sys.fs.write(f"{folder}/PG_VERSION", f"{version(sys).split('.')[0]}\n".encode(), mode=0o600)
    sys.fs.write(f"{folder}/usuarios.json", json.dumps({owner: "" if trust
                                                        else sys.env["POSTGRES_PASSWORD"]}).encode(), mode=0o600)
    database = sys.env.get("POSTGRES_DB", owner)
    for name in dict.fromkeys(("postgres", database)):
        make_folder(sys, f"{folder}/{name}", 0o700, parents=True)
        sys.fs.write(f"{folder}/{name}/db.opt", b"utf8\n", mode=0o600)
    sys.out("\n\nSuccess. You can now start the database server using:\n\n"
            f"    pg_ctl -D {folder} -l logfile start\n\n")
    return 0


ERRORS = {
    "unknown-database": 'database "{name}" does not exist', "database-exists": 'database "{name}" already '
    'exists',
    "unknown-table": 'relation "{name}" does not exist', "table-exists": 'relation "{name}" already exists',
    "unknown-column": 'column "{name}" does not exist', "no-database": "no schema has been selected to "
    "create in",
    "column-count": "INSERT has more expressions than target columns",
    "not-null": 'null value in column "{name}" of relation "{table}" violates not-null constraint',
    "duplicate": 'duplicate key value violates unique constraint "{table}_pkey"',
    "unknown-function": "function {name}() does not exist", "syntax": 'syntax error at or near "{near}"'}


NEW_ROLE = re.compile(r"\s*(?:CREATE|ALTER)\s+(?:USER|ROLE)\s+\"?(\w+)\"?\s*(?:WITH)?[\s\S]*?"
                      r"(?:PASSWORD\s+'([^']*)')?\s*$", re.IGNORECASE)


def say(error: SqlError, text: str) -> dict[str, Any]:
    if error.kind == "denied":
        return {"fatal": True, "error": 'FATAL:  password authentication failed for user '
                f'"{error.data["user"]}"'}
    values = dict(error.data)
    if "near" in values:
        values["near"] = (values["near"].split() or ["end of input"])[0]
    lead = "FATAL" if error.kind == "unknown-database" and not text else "ERROR"
    return {"fatal": lead == "FATAL", "error": f"{lead}:  {ERRORS[error.kind].format(**values)}"}


def special(server: Server, text: str, database: str) -> Any:
    """Usuarios y lo que aquí no hace nada (GRANT, SET, BEGIN...)."""
    found = NEW_ROLE.match(text)
    if found:
        server.users[found[1]] = found[2] or ""
        server.sys.fs.write(f"{server.store.root}/usuarios.json", json.dumps(server.users).encode())
        return {**nothing(), "command": "CREATE ROLE"}
    word = text.split()[0].upper() if text.split() else ""
    if word in ("GRANT", "SET", "BEGIN", "COMMIT", "ROLLBACK", "ALTER", "REVOKE", "COMMENT", "ANALYZE",
                "VACUUM"):
        return {**nothing(), "command": word}
    return None


@applet("postgres", None)
def postgres(sys: Any, opt: Options) -> Any:
    """El servidor. Como root no se inicia; la primera vez prepara PGDATA."""
    if sys.argv[1:2] in (["--version"], ["-V"]):
        sys.out(f"postgres (PostgreSQL) {version(sys)}\n")
        return 0
    if sys.user.uid == 0:
        sys.err('"root" execution of the PostgreSQL server is not permitted.\nThe server must be started '
                'under an unprivileged user ID to '
                "prevent\npossible system security compromise.  See the documentation for\nmore information "
                "on how to properly start "
                "the server.\n")
        return 1
    folder, port = data(sys), 5432
    words = list(sys.argv[1:])
    while words:
        word = words.pop(0)
        if word == "-p" and words:
            port = int(words.pop(0))
        elif word == "-D" and words:
            folder = words.pop(0)
    sys.memory(25 * 2**20)
    try:
        fresh = not sys.fs.exists(f"{folder}/PG_VERSION")
        if fresh and (yield from initialise(sys, folder)):
            return 1
        server = Server(sys, Store(sys, folder, ".heap", 8192, SYSTEM), {
            "titles": "postgres", "version": f"PostgreSQL {version(sys)} on x86_64-pc-linux-gnu",
            "clock": lambda: f"{moment(sys.now()):%Y-%m-%d %H:%M:%S}+00"},
            say, special)
        server.users = json.loads(sys.fs.read(f"{folder}/usuarios.json"))
        if fresh:
            seeds(sys, server)
            yield Cpu(0.2)
            sys.out("\nPostgreSQL init process complete; ready for start up.\n\n")
        fd = sys.listen(port)
    except FileError as error:
        log(sys, f'could not access "{error.data.get("path") or port}": {error.text}', "FATAL")
        return 1
    return (yield from serve(sys, server, fd, folder, port))


def seeds(sys: Any, server: Server) -> None:
    """Los .sql de /docker-entrypoint-initdb.d."""
    folder, owner = "/docker-entrypoint-initdb.d", sys.env.get("POSTGRES_USER", "postgres")
    for name in sys.fs.listdir(folder) if sys.fs.isdir(folder) else ():
        if name.endswith(".sql"):
            sys.out(f"/usr/local/bin/docker-entrypoint.sh: running {folder}/{name}\n")
            answer = server.answer({"user": owner, "password": server.users[owner],
                                    "database": sys.env.get("POSTGRES_DB", owner),
                                    "sql": sys.fs.read(f"{folder}/{name}").decode("utf-8", "replace")},
                                    "127.0.0.1")
            sys.out("".join(f"{result['command']}\n" for result in answer.get("results", ())))
            if "error" in answer:
                sys.err(f"psql:{folder}/{name}:1: {answer['error']}\n")


def serve(sys: Any, server: Server, fd: int, folder: str, port: int) -> Any:
    log(sys, f"starting PostgreSQL {version(sys)} on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) "
        "12.2.0, 64-bit")
    log(sys, f'listening on IPv4 address "0.0.0.0", port {port}')
    log(sys, f'listening on IPv6 address "::", port {port}')
    log(sys, f'listening on Unix socket "/var/run/postgresql/.s.PGSQL.{port}"')
    sys.catch("TERM", "INT", "QUIT")
    try:
        yield Sleep(0.3)
        log(sys, "database system is ready to accept connections")
        yield from server.run(fd)
    except Signalled as received:
        kind = {"TERM": "smart", "INT": "fast", "QUIT": "immediate"}[signals.name(received.signo)]
        log(sys, f"received {kind} shutdown request")
        sys.ignore("TERM", "INT", "QUIT")
        log(sys, "shutting down")
        yield Sleep(0.2)
        log(sys, "database system is shut down")
        return 0
