"""Los clientes de PostgreSQL: psql y pg_isready."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from ..requests import Read
from .databases import Client
from .kit import slurp
from .options import Options, applet
from .postgres import version
from .sql import statements


def given_options(sys: Any) -> dict[str, Any]:
    """Usuario, anfitrión, base de datos... de las opciones y las variables PG*."""
    env = sys.env
    out: dict[str, Any] = {"user": env.get("PGUSER") or env.get("POSTGRES_USER") or "postgres",
                           "host": env.get("PGHOST", ""),
                           "port": env.get("PGPORT", "5432"), "database": env.get("PGDATABASE", ""),
                           "commands": [], "flags": set(),
                           "password": env.get("PGPASSWORD", "")}
    names = {"U": "user", "h": "host", "p": "port", "d": "database", "username": "user", "host": "host",
             "port": "port", "dbname": "database"}
    words, rest = list(sys.argv[1:]), []
    while words:
        word = words.pop(0)
        if "://" in word:
            place = urlsplit(word)
            out |= {"user": place.username or out["user"], "password": place.password or "",
                    "host": place.hostname or "", "port": place.port or 5432, "database": place.path.lstrip("/")}
        elif not word.startswith("-"):
            rest.append(word)
        elif word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            if name in (*names, "command", "file", "set"):
                one_option(sys, out, names, name, value if equals else words.pop(0))
            else:
                out["flags"].add(name)
        else:
            cluster = word[1:]
            while cluster:
                letter, cluster = cluster[0], cluster[1:]
                if letter in (*names, "c", "f", "v"):
                    one_option(sys, out, names, letter, cluster or words.pop(0))
                    break
                out["flags"].add(letter)
    out["database"] = (rest[0] if rest else "") or out["database"] or out["user"]
    return out


def one_option(sys: Any, out: dict[str, Any], names: dict[str, str], name: str, value: str) -> None:
    """Anota una opción con su valor."""
    if name in names:
        out[names[name]] = value
    elif name in ("c", "command"):
        out["commands"].append(value)
    elif name in ("f", "file"):
        out["commands"].append(sys.fs.read(value).decode("utf-8", "replace"))


def unreachable(sys: Any, client: Client, local: bool) -> str:
    if local:
        return ('psql: error: connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: No '
                'such file or directory\n'
                "\tIs the server running locally and accepting connections on that socket?\n")
    if client.problem == "ENONAME":
        return f'psql: error: could not translate host name "{client.host}" to address: Name or service not known\n'
    address = (sys.lookup(client.host) or [client.host])[0]
    known = {"EHOSTUNREACH": "No route to host", "ETIMEDOUT": "Connection timed out"}
    reason = known.get(client.problem, "Connection refused")
    return (f'psql: error: connection to server at "{client.host}" ({address}), port {client.port} failed: '
            f'{reason}\n'
            "\tIs the server running on that host and accepting TCP/IP connections?\n")


@applet("psql", None)
def psql(sys: Any, opt: Options) -> Any:
    given = given_options(sys)
    if given["flags"] & {"V", "version"}:
        sys.out(f"psql (PostgreSQL) {version(sys)}\n")
        return 0
    local = not given["host"]
    client = Client(sys, given["host"] or "localhost", int(given["port"]))
    identity = {"user": given["user"], "password": given["password"], "database": given["database"]}
    if local:      # por el socket local no se pide la contraseña
        identity["password"] = own_password(sys, given["user"]) or given["password"]
    answer = yield from client.ask(**identity, sql="")
    if answer is None:
        sys.err(unreachable(sys, client, local))
        return 2
    if "error" in answer:
        place = 'on socket "/var/run/postgresql/.s.PGSQL.5432"' if local else \
            f'at "{client.host}" ({(sys.lookup(client.host) or [client.host])[0]}), port {client.port}'
        sys.err(f"psql: error: connection to server {place} failed: {answer['error']}\n")
        return 2
    bare, unaligned = bool(given["flags"] & {"t", "tuples-only"}), bool(given["flags"] & {"A", "no-align"})
    commands = given["commands"] or ([] if sys.isatty(0) else [(yield slurp(sys)).decode("utf-8", "replace")])
    code = 0
    for text in commands:
        code = yield from perform(sys, client, identity, text, bare, unaligned,
                                  bool(given["flags"] & {"q", "quiet"}))
    if not commands:
        yield from converse(sys, client, identity)
    client.close()
    return code


def own_password(sys: Any, user: str) -> str:
    """La contraseña que guarda el servidor de este mismo contenedor, si se puede leer."""
    import json
    path = f"{sys.env.get('PGDATA', '/var/lib/postgresql/data')}/usuarios.json"
    return json.loads(sys.fs.read(path)).get(user, "") if sys.fs.exists(path) and sys.fs.access(path, 4) else ""


def perform(sys: Any, client: Client, identity: dict[str, Any], text: str, bare: bool, unaligned: bool,
            quiet: bool) -> Any:
    if text.strip().startswith("\\"):
        return (yield from backslash(sys, client, identity, text.strip()))
    answer = yield from client.ask(**identity, sql=text)
    if answer is None:
        sys.err("server closed the connection unexpectedly\n")
        return 2
    for result in answer.get("results", ()):
        if result["columns"]:
            sys.out(show(result, bare, unaligned))
        elif not quiet:
            count = {"INSERT": f" 0 {result['count']}", "UPDATE": f" {result['count']}",
                     "DELETE": f" {result['count']}"}
            sys.out(result["command"] + count.get(result["command"], "") + "\n")
    if "error" in answer:
        sys.err(answer["error"] + "\n")
        return 1
    return 0


def backslash(sys: Any, client: Client, identity: dict[str, Any], text: str) -> Any:
    r"""\l, \dt, \conninfo y \q."""
    word = text.split()[0]
    if word in ("\\l", "\\list", "\\dt", "\\d"):
        query = {"l": "list"}.get(word[1], "tables")
        folder = sys.env.get("PGDATA", "/var/lib/postgresql/data")
        names = ([name for name in sys.fs.listdir(folder) if sys.fs.exists(f"{folder}/{name}/db.opt")]
                 + ["template0", "template1"]
                 if query == "list" else [name.removesuffix(".heap")
                                          for name in sys.fs.listdir(f"{folder}/{identity['database']}")
                                          if name.endswith(".heap")]) if sys.fs.isdir(folder) else []
        if query == "tables" and not names:
            sys.err("Did not find any relations.\n")
            return 0
        title = "List of databases" if query == "list" else "List of relations"
        heads = ["Name", "Owner", "Encoding"] if query == "list" else ["Schema", "Name", "Type", "Owner"]
        rows = [[name, "postgres", "UTF8"] if query == "list" else ["public", name, "table", "postgres"]
                for name in sorted(names)]
        body = show({"columns": heads, "rows": rows}, False, False)
        wide = len(body.split("\n")[0])
        sys.out(f"{title:^{wide}}".rstrip() + "\n" + body)
    elif word == "\\conninfo":
        sys.out(f'You are connected to database "{identity["database"]}" as user "{identity["user"]}".\n')
    elif word == "\\q":
        return 0
    else:
        sys.err(f"invalid command {word}\nTry \\? for help.\n")
    return 0
    yield


def show(result: dict[str, Any], bare: bool, unaligned: bool) -> str:
    """Una tabla como las de psql."""
    rows = [["" if value is None else ("t" if value else "f") if isinstance(value, bool) else str(value)
             for value in row]
            for row in result["rows"]]
    if unaligned:
        lines = ["|".join(row) for row in rows]
        return "".join(line + "\n" for line in (lines if bare
                                                else ["|".join(result["columns"]), *lines, count(rows)]))
    widths = [max(len(title), *(len(row[at]) for row in rows)) if rows else len(title)
              for at, title in enumerate(result["columns"])]
    numeric = [bool(rows) and all(isinstance(row[at], int | float) and not isinstance(row[at], bool)
                                  for row in result["rows"])
               for at in range(len(widths))]
    head = "|".join(f" {title:^{width}} " for title, width in zip(result["columns"], widths, strict=True))
    body = [" " + " | ".join(cell.rjust(width) if right else cell.ljust(width)
                             for cell, width, right in zip(row, widths, numeric, strict=True)).rstrip()
                             for row in rows]
    bar = "+".join("-" * (width + 2) for width in widths)
    lines = body if bare else [head, bar, *body, count(rows), ""]
    return "\n".join(lines) + "\n" + ("\n" if bare else "")


def count(rows: list[Any]) -> str:
    return f"({len(rows)} row{'s' * (len(rows) != 1)})"


def converse(sys: Any, client: Client, identity: dict[str, Any]) -> Any:
    sys.out(f"psql ({version(sys)})\nType \"help\" for help.\n\n")
    text = ""
    while True:
        sys.out(f"{identity['database']}{'-' if text else '='}# ")
        line = (yield Read(0)).decode("utf-8", "replace")
        if not line or line.strip() in ("\\q", "exit", "quit"):
            return
        text += line
        if line.strip().startswith("\\") or ";" in line and statements(text):
            yield from perform(sys, client, identity, text, False, False, False)
            text = ""


@applet("pg_isready", None)
def pg_isready(sys: Any, opt: Options) -> Any:
    """¿Contesta el servidor? 0 sí, 2 no. No mira usuarios ni contraseñas."""
    given = given_options(sys)
    client = Client(sys, given["host"] or "localhost", int(given["port"]))
    answer = yield from client.ask(user=given["user"], sql="")
    client.close()
    place = f"{given['host'] or '/var/run/postgresql'}:{given['port']}"
    if not given["flags"] & {"q", "quiet"}:
        sys.out(f"{place} - {'accepting connections' if answer is not None else 'no response'}\n")
    return 0 if answer is not None else 2
