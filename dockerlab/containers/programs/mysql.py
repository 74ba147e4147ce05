"""Los clientes de MySQL: mysql y mysqladmin."""

from __future__ import annotations

from typing import Any

from ..requests import Read
from .databases import Client
from .kit import slurp
from .mysqld import SOCKET, version
from .options import Options, applet
from .sql import statements


def client_options(sys: Any) -> dict[str, Any]:
    """Usuario, contraseña, anfitrión... de mysql y mysqladmin; `rest`: lo demás."""
    out: dict[str, Any] = {"user": "root", "password": sys.env.get("MYSQL_PWD", ""), "host": "localhost",
                           "port": 3306, "rest": [],
                           "flags": set(), "shown": False}
    names = {"u": "user", "h": "host", "P": "port", "D": "database", "e": "execute"}
    words = list(sys.argv[1:])
    while words:
        word = words.pop(0)
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            if name == "password":
                out |= {"password": value, "shown": bool(equals)} if equals else {"ask": True}
            elif name in ("user", "host", "port", "database", "execute"):
                out[name] = value if equals else words.pop(0)
            else:
                out["flags"].add(name)
        elif word.startswith("-p"):
            out |= {"password": word[2:], "shown": True} if word[2:] else {"ask": True}
        elif word.startswith("-") and word[1:2] in names:
            out[names[word[1]]] = word[2:] or (words.pop(0) if words else "")
        elif word.startswith("-"):
            out["flags"] |= set(word[1:])
        else:
            out["rest"].append(word)
    return out


def unreachable(client: Client) -> str:
    if client.host == "localhost":
        return f"ERROR 2002 (HY000): Can't connect to local MySQL server through socket '{SOCKET}' (2)"
    if client.problem == "ENONAME":
        return f"ERROR 2005 (HY000): Unknown MySQL server host '{client.host}' (-2)"
    number = {"ECONNREFUSED": 111, "EHOSTUNREACH": 113, "ETIMEDOUT": 110,
              "ENETUNREACH": 101}.get(client.problem, 111)
    return f"ERROR 2003 (HY000): Can't connect to MySQL server on '{client.host}:{client.port}' ({number})"


@applet("mysql", None, also=("mariadb",))
def mysql(sys: Any, opt: Options) -> Any:
    """El cliente: `-e 'orden'`, un guion por la entrada, o una conversación."""
    given = client_options(sys)
    if "version" in given["flags"] or "V" in given["flags"]:
        sys.out(f"mysql  Ver {version(sys)} for Linux on x86_64 (MySQL Community Server - GPL)\n")
        return 0
    if given["shown"]:
        sys.err("mysql: [Warning] Using a password on the command line interface can be insecure.\n")
    if given.get("ask"):
        sys.out("Enter password: ")
        given["password"] = (yield Read(0, 4096, True)).decode("utf-8", "replace").strip()
        sys.out("\n" if sys.isatty(0) else "")
    client = Client(sys, given["host"], int(given["port"]))
    identity = {"user": given["user"], "password": given["password"], "database": given.get("database")
                or (given["rest"] or [""])[0]}
    answer = yield from client.ask(**identity, sql="")
    if answer is None or "error" in answer:
        sys.err((unreachable(client) if answer is None else answer["error"]) + "\n")
        return 1
    if "execute" in given or not sys.isatty(0):
        text = given["execute"] if "execute" in given else (yield slurp(sys)).decode("utf-8", "replace")
        code = yield from perform(sys, client, identity, text, framed=sys.isatty(1) or "t" in given["flags"]
                                  or "table" in given["flags"],
                                  heads=not given["flags"] & {"N", "skip-column-names"})
        client.close()
        return code
    return (yield from converse(sys, client, identity))


def perform(sys: Any, client: Client, identity: dict[str, Any], text: str, framed: bool, heads: bool = True,
            chat: bool = False) -> Any:
    answer = yield from client.ask(**identity, sql=text)
    if answer is None:
        sys.err("ERROR 2013 (HY000): Lost connection to MySQL server during query\n")
        return 1
    identity["database"] = answer.get("database") or identity["database"]
    for result in answer.get("results", ()):
        if result["columns"]:
            sys.out(show(result, framed, heads))
        if chat:
            count = result["count"]
            sys.out("Database changed\n" if result["command"] == "USE" else
                    f"{count} row{'s' * (count != 1)} in set (0.00 sec)\n\n" if result["columns"] and count
                    else
                    "Empty set (0.00 sec)\n\n" if result["columns"] else
                    f"Query OK, {count} row{'s' * (count != 1)} affected (0.01 sec)\n\n")
    if "error" in answer:
        sys.err(answer["error"] + "\n")
        return 1
    return 0


def show(result: dict[str, Any], framed: bool, heads: bool) -> str:
    """Una tabla con marco (en un terminal) o con tabuladores."""
    rows = [["NULL" if value is None else str(value) for value in row] for row in result["rows"]]
    if not framed:
        return "".join("\t".join(row) + "\n" for row in ([result["columns"]] if heads and rows else [])
                       + rows)
    if not rows:
        return ""
    widths = [max(len(title), *(len(row[at]) for row in rows)) for at, title in enumerate(result["columns"])]
    numeric = [all(isinstance(row[at], int | float) or row[at] is None for row in result["rows"])
               for at in range(len(widths))]
    bar = "+" + "+".join("-" * (width + 2) for width in widths) + "+\n"
    lines = ["| " + " | ".join(title.ljust(width)
                               for title, width in zip(result["columns"], widths, strict=True)) + " |\n"]
    body = ["| " + " | ".join(cell.rjust(width) if right else cell.ljust(width)
                              for cell, width, right in zip(row, widths, numeric, strict=True)) + " |\n"
                              for row in rows]
    return bar + (lines[0] + bar if heads else "") + "".join(body) + bar


def converse(sys: Any, client: Client, identity: dict[str, Any]) -> Any:
    sys.out("Welcome to the MySQL monitor.  Commands end with ; or \\g.\nYour MySQL connection id is 8\n"
            f"Server version: {version(sys)} MySQL Community Server - GPL\n\nType 'help;' or '\\h' for help. "
            "Type '\\c' to clear the "
            "current input statement.\n\n")
    text = ""
    while True:
        sys.out("mysql> " if not text else "    -> ")
        line = (yield Read(0)).decode("utf-8", "replace")
        if not line or line.strip().rstrip(";").lower() in ("exit", "quit", "\\q"):
            sys.out("Bye\n")
            return 0
        text += line
        if ";" in line and statements(text):
            yield from perform(sys, client, identity, text, framed=True, chat=True)
            text = ""


@applet("mysqladmin", None, also=("mariadb-admin",))
def mysqladmin(sys: Any, opt: Options) -> Any:
    """`mysqladmin ping` (el de las comprobaciones de salud), `status` y `version`."""
    given = client_options(sys)
    verb = (given["rest"] or [""])[0]
    client = Client(sys, given["host"], int(given["port"]))
    answer = yield from client.ask(user=given["user"], password=given["password"], sql="")
    client.close()
    if answer is None:
        reason = unreachable(client).partition(": ")[2]
        sys.err(f"mysqladmin: connect to server at '{given['host']}' failed\nerror: '{reason}'\n"
                f"Check that mysqld is running and that the socket: '{SOCKET}' exists!\n"
                if given["host"] == "localhost" else
                f"mysqladmin: connect to server at '{given['host']}' failed\nerror: '{reason}'\n"
                f"Check that mysqld is running on {given['host']} and that the port is {given['port']}.\n")
        return 1
    if given["shown"]:
        sys.err("mysqladmin: [Warning] Using a password on the command line interface can be insecure.\n")
    if verb == "ping":
        if "error" in answer:
            sys.err(f"mysqladmin: connect to server at '{given['host']}' failed\nerror: "
                    f"'{answer['error'].partition(': ')[2]}'\n")
        sys.out("mysqld is alive\n" if "error" not in answer else "")
        return 0
    if "error" in answer:
        sys.err(f"mysqladmin: connect to server at '{given['host']}' failed\nerror: "
                f"'{answer['error'].partition(': ')[2]}'\n")
        return 1
    sys.out("Uptime: 60  Threads: 2  Questions: 4  Slow queries: 0  Opens: 119  Flush tables: 3  Open "
            "tables: 38\n")
    return 0
