"""mysqld: el servidor de MySQL, con sus archivos, su arranque y sus usuarios."""

from __future__ import annotations

import json
import re
from typing import Any

from dockerlab.clock import SECOND
from dockerlab.errors import FileError

from ..requests import Cpu, Signalled, Sleep
from .databases import Server
from .kit import moment
from .making import make_folder
from .options import Options, applet
from .sql_store import SqlError, Store

DATA = "/var/lib/mysql"
SOCKET = "/var/run/mysqld/mysqld.sock"
SYSTEM = ("information_schema", "mysql", "performance_schema", "sys")
FILES = {"ibdata1": 12_582_912, "ibtmp1": 12_582_912, "undo_001": 16_777_216, "undo_002": 16_777_216,
         "mysql.ibd": 31_457_280,
         "#ib_16384_0.dblwr": 196_608, "#ib_16384_1.dblwr": 8_585_216, "binlog.000001": 180,
         "binlog.index": 16,
         "ca.pem": 1112, "server-cert.pem": 1112, "auto.cnf": 56}
REDO = 3_276_800       # cada uno de los 32 archivos de #innodb_redo
INIT_SECONDS, START_SECONDS = 6.0, 1.2


def version(sys: Any) -> str:
    return (sys.env.get("MYSQL_VERSION") or "8.0.41").partition("-")[0]


def log(sys: Any, thread: int, level: str, code: str, text: str, part: str = "Server") -> None:
    stamp = f"{moment(sys.now()):%Y-%m-%dT%H:%M:%S}.{sys.now() % SECOND // 1000:06d}Z"
    sys.err(f"{stamp} {thread} [{level}] [MY-{code}] [{part}] {text}\n")


def users_file(sys: Any) -> dict[str, str]:
    try:
        return json.loads(sys.fs.read(f"{DATA}/mysql/user.ibd"))
    except (FileError, ValueError):
        return {"root": ""}


def initialise(sys: Any, store: Store) -> Any:
    """Crea los archivos del servidor, con sus pesos, y lo que pidan las variables MYSQL_*."""
    log(sys, 1, "System", "013576", "InnoDB initialization has started.", "InnoDB")
    for folder in ("mysql", "performance_schema", "sys", "#innodb_redo", "#innodb_temp"):
        make_folder(sys, f"{DATA}/{folder}", 0o750, parents=True)
    for name, size in FILES.items():
        sys.fs.write(f"{DATA}/{name}", b"mysql\n", mode=0o640, declared_size=size)
    for number in range(6, 38):
        sys.fs.write(f"{DATA}/#innodb_redo/#ib_redo{number}", b"", mode=0o640, declared_size=REDO)
    yield Sleep(INIT_SECONDS)
    users = {"root": sys.env.get("MYSQL_ROOT_PASSWORD", "")}
    if sys.env.get("MYSQL_RANDOM_ROOT_PASSWORD") and not users["root"]:
        users["root"] = sys.random(16).hex()
        sys.out(f"GENERATED ROOT PASSWORD: {users['root']}\n")
    if sys.env.get("MYSQL_USER"):
        users[sys.env["MYSQL_USER"]] = sys.env.get("MYSQL_PASSWORD", "")
    sys.fs.write(f"{DATA}/mysql/user.ibd", json.dumps(users).encode(), mode=0o640)
    wanted = sys.env.get("MYSQL_DATABASE")
    if wanted and not sys.fs.exists(f"{DATA}/{wanted}/db.opt"):
        make_folder(sys, f"{DATA}/{wanted}", 0o750, parents=True)
        sys.fs.write(f"{DATA}/{wanted}/db.opt", b"utf8\n", mode=0o640)
    log(sys, 1, "System", "013577", "InnoDB initialization has ended.", "InnoDB")


def seeds(sys: Any, server: Server) -> Any:
    """Los .sql de /docker-entrypoint-initdb.d, la primera vez."""
    folder = "/docker-entrypoint-initdb.d"
    for name in sys.fs.listdir(folder) if sys.fs.isdir(folder) else ():
        if name.endswith(".sql"):
            stamp = f"{moment(sys.now()):%Y-%m-%d %H:%M:%S}+00:00"
            sys.out(f"{stamp} [Note] [Entrypoint]: /usr/local/bin/docker-entrypoint.sh: running "
                    f"{folder}/{name}\n")
            answer = server.answer({"user": "root", "password": server.users["root"],
                                    "database": sys.env.get("MYSQL_DATABASE"),
                                    "sql": sys.fs.read(f"{folder}/{name}").decode("utf-8", "replace")},
                                    "127.0.0.1")
            yield Cpu(0.05)
            if "error" in answer:
                sys.err(f"{answer['error']}\n")
                return 1
    return 0


NEW_USER = re.compile(r"USER\s+(?:IF NOT EXISTS\s+)?'([^']+)'(?:@'[^']*')?\s+IDENTIFIED\s+(?:WITH\s+\w+\s+)?"
                      r"BY\s+'([^']*)'", re.IGNORECASE)
ERRORS = {
    "unknown-database": (1049, "42000", "Unknown database '{name}'"), "database-exists": (
        1007, "HY000", "Can't create database '{name}'; database exists"),
    "unknown-table": (1146, "42S02", "Table '{database}.{name}' doesn't exist"),
    "table-exists": (1050, "42S01", "Table '{name}' already exists"),
    "unknown-column": (1054, "42S22", "Unknown column '{name}' in 'field list'"),
    "no-database": (1046, "3D000", "No database selected"),
    "column-count": (1136, "21S01", "Column count doesn't match value count at row 1"),
    "not-null": (1364, "HY000", "Field '{name}' doesn't have a default value"),
    "duplicate": (1062, "23000", "Duplicate entry '{value}' for key '{table}.PRIMARY'"),
    "unknown-function": (1305, "42000", "FUNCTION {name} does not exist"),
    "syntax": (1064, "42000", "You have an error in your SQL syntax; check the manual that corresponds to "
               "your MySQL server version for "
                              "the right syntax to use near '{near}' at line 1")}


def say(error: SqlError, text: str) -> dict[str, Any]:
    if error.kind == "denied":
        used = "YES" if error.data["password"] else "NO"
        return {"error": "ERROR 1045 (28000): Access denied for user "
                f"'{error.data['user']}'@'{error.data['host']}' (using password: {used})"}
    number, state, form = ERRORS[error.kind]
    at = " at line 1" if text else ""
    return {"error": f"ERROR {number} ({state}){at}: {form.format(**error.data)}"}


def special(server: Server, text: str, database: str) -> Any:
    """USE, SHOW, DESCRIBE y lo que aquí no hace nada (GRANT, FLUSH, SET...)."""
    words = re.sub(r"\s+", " ", text.strip()).replace("`", "").split(" ")
    first = words[0].upper()
    second = words[1].upper() if len(words) > 1 else ""
    if first == "USE" and len(words) > 1:
        if words[1] not in server.store.databases():
            raise SqlError("unknown-database", name=words[1])
        return words[1]
    if first == "SHOW" and second in ("DATABASES", "SCHEMAS"):
        return table("Database", [[name] for name in server.store.databases()])
    if first == "SHOW" and second == "TABLES":
        if not database:
            raise SqlError("no-database")
        return table(f"Tables_in_{database}", [[name] for name in sorted(server.store.tables(database))])
    if first == "SHOW" and second in ("VARIABLES", "STATUS", "PROCESSLIST"):
        return table("Variable_name", [])
    if first in ("DESCRIBE", "DESC") and len(words) > 1:
        content = server.store.load(database, words[1])
        rows = [[one["name"], one["type"], "YES" if one["null"] else "NO", one["key"], one["default"],
                 "auto_increment" if one["auto"] else ""] for one in content["columns"]]
        return {"command": "SELECT", "columns": ["Field", "Type", "Null", "Key", "Default", "Extra"],
                "rows": rows, "count": len(rows)}
    if first == "CREATE" and second == "USER" or first == "ALTER" and second == "USER":
        found = NEW_USER.search(text)
        if found:
            server.users[found[1]] = found[2]
            server.sys.fs.write(f"{DATA}/mysql/user.ibd", json.dumps(server.users).encode())
        return nothing()
    return nothing() if first in ("GRANT", "FLUSH", "SET", "COMMIT", "BEGIN", "START", "LOCK", "UNLOCK",
                                  "ALTER", "REVOKE", "ROLLBACK") else None


def table(title: str, rows: list[list[Any]]) -> dict[str, Any]:
    return {"command": "SELECT", "columns": [title], "rows": rows, "count": len(rows)}


def nothing() -> dict[str, Any]:
    return {"command": "OK", "columns": [], "rows": [], "count": 0}


@applet("mysqld", None, also=("mariadbd",))
def mysqld(sys: Any, opt: Options) -> Any:
    """El servidor. Como root no se inicia; la primera vez prepara /var/lib/mysql."""
    if "--version" in sys.argv or "-V" in sys.argv:
        sys.out(f"/usr/sbin/mysqld  Ver {version(sys)} for Linux on x86_64 (MySQL Community Server - GPL)\n")
        return 0
    options = dict(word.lstrip("-").split("=", 1) for word in sys.argv[1:] if "=" in word)
    port = int(options.get("port", 3306))
    log(sys, 0, "System", "010116", f"/usr/sbin/mysqld (mysqld {version(sys)}) starting as process {sys.pid}")
    if sys.user.uid == 0 and options.get("user") in (None, "root") and "--user=root" not in sys.argv:
        log(sys, 0, "ERROR", "010123", 'Fatal error: Please read "Security" section of the manual to find '
            'out how to run mysqld as root!')
        log(sys, 0, "ERROR", "010119", "Aborting")
        return 1
    sys.memory(360 * 2**20)
    sys.catch("TERM", "INT", "QUIT")
    store = Store(sys, DATA, ".ibd", 114_688, SYSTEM)
    facts = {"version": version(sys), "clock": lambda: f"{moment(sys.now()):%Y-%m-%d %H:%M:%S}",
             "hostname": sys.uname()["nodename"]}
    server = Server(sys, store, facts, say, special)
    try:
        fresh = not sys.fs.exists(f"{DATA}/ibdata1")
        if fresh:
            yield from initialise(sys, store)
        server.users = users_file(sys)
        if fresh and (yield from seeds(sys, server)):
            return 1
        yield Sleep(START_SECONDS)
        fd = sys.listen(port, options.get("bind-address", "0.0.0.0"))
        make_folder(sys, "/var/run/mysqld", 0o777, parents=True)
        sys.fs.write(SOCKET, b"")
    except FileError as error:
        log(sys, 0, "ERROR", "010092", f"Can't start server: {error.text}: {error.data.get('path') or port}")
        log(sys, 0, "ERROR", "010119", "Aborting")
        return 1
    except Signalled:
        return 0
    log(sys, 0, "System", "010931", f"/usr/sbin/mysqld: ready for connections. Version: '{version(sys)}'  "
        f"socket: '{SOCKET}'  "
                                    f"port: {port}  MySQL Community Server - GPL.")
    try:
        yield from server.run(fd)
    except Signalled:
        log(sys, 0, "System", "013172", "Received SHUTDOWN from user <via user signal>. Shutting down "
            f"mysqld (Version: {version(sys)}).")
        sys.ignore("TERM", "INT", "QUIT")
        yield Sleep(1)
        sys.fs.remove(SOCKET)
        log(sys, 0, "System", "010910", f"/usr/sbin/mysqld: Shutdown complete (mysqld {version(sys)})  MySQL "
            "Community Server - GPL.")
        return 0
