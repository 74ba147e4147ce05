"""redis-server: un almacén de claves en memoria, con su volcado en dump.rdb."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any

from dockerlab.clock import SECOND
from dockerlab.errors import FileError

from .. import signals
from ..requests import Signalled
from .kit import moment
from .many_clients import attend_all
from .options import Options, applet
from .resp import array, bulk, integer, parse

OK = b"+OK\r\n"
WRONG_TYPE = b"-WRONGTYPE Operation against a key holding the wrong kind of value\r\n"


def version(sys: Any) -> str:
    return sys.env.get("REDIS_VERSION", "7.4.2")


class Redis:
    """El servidor: claves, caducidades, clientes y volcado."""

    def __init__(self, sys: Any, options: dict[str, str]):
        self.sys, self.options = sys, options
        self.keys: dict[str, Any] = {}
        self.ends: dict[str, int] = {}
        self.clients: dict[int, bytes] = {}
        self.trusted: set[int] = set()
        self.dirty = 0

    @property
    def file(self) -> str:
        folder = self.options.get("dir") or self.sys.cwd
        return f"{folder.rstrip('/')}/{self.options.get('dbfilename', 'dump.rdb')}"

    @property
    def journal(self) -> str:
        return f"{self.file.rpartition('/')[0]}/appendonlydir/appendonly.aof.1.incr.aof"

    def log(self, mark: str, text: str) -> None:
        when = moment(self.sys.now())
        self.sys.out(f"{self.sys.pid}:M {when.day:02d} "
                     f"{when:%b %Y %H:%M:%S}.{self.sys.now() % SECOND // 1_000_000:03d} {mark} {text}\n")

    def load(self) -> None:
        path = self.journal if self.options.get("appendonly") == "yes" else self.file
        try:
            content = json.loads(self.sys.fs.read(path))
        except (FileError, ValueError):
            return
        self.keys, self.ends = content["keys"], content["ends"]
        self.log("*", "DB loaded from " + ("append only file" if path == self.journal else "disk")
                 + ": 0.000 seconds")

    def save(self, path: str = "") -> bool:
        """Escribe el volcado; falso si no se pudo."""
        try:
            self.sys.fs.write(path or self.file, json.dumps({"keys": self.keys, "ends": self.ends}).encode(),
                              mode=0o600)
        except FileError as error:
            self.log("#", f"Failed opening the temp RDB file temp-{self.sys.pid}.rdb (in server root dir) "
                     f"for saving: {error.text}")
            return False
        self.dirty = 0
        return True

    def run(self, fd: int) -> Any:
        """Atiende para siempre; las señales salen como `Signalled`."""
        yield from attend_all(self.sys, fd, self.clients, self.attend)

    def attend(self, fd: int) -> None:
        """Cumple las órdenes enteras que haya mandado un cliente."""
        while fd in self.clients:
            words, rest = parse(self.clients[fd])
            if words is None:
                return
            self.clients[fd] = rest
            if words:
                before = self.dirty
                self.sys.write(fd, self.obey(fd, words))
                if self.dirty != before and self.options.get("appendonly") == "yes":
                    self.save(self.journal)
                if words[0].upper() == "QUIT":
                    self.sys.close(fd)
                    del self.clients[fd]

    def obey(self, fd: int, words: list[str]) -> bytes:
        name, args = words[0].upper(), words[1:]
        password = self.options.get("requirepass")
        if name == "AUTH":
            if args[-1:] == [password]:
                self.trusted.add(fd)
                return OK
            return b"-WRONGPASS invalid username-password pair or user is disabled.\r\n"
        if password and fd not in self.trusted and name not in ("HELLO", "QUIT"):
            return b"-NOAUTH Authentication required.\r\n"
        for key in [key for key, end in self.ends.items() if end <= self.sys.now()]:
            self.keys.pop(key, None)
            del self.ends[key]
        if name not in COMMANDS:
            shown = " ".join(f"'{word}'" for word in args[:20])
            text = f"-ERR unknown command '{words[0]}', with args beginning with: {shown}{' ' if shown else ''}\r\n"
            return text.encode()
        least, action = COMMANDS[name]
        if len(args) < least:
            return f"-ERR wrong number of arguments for '{name.lower()}' command\r\n".encode()
        try:
            return action(self, args)
        except ValueError:
            return b"-ERR value is not an integer or out of range\r\n"
        except (TypeError, AttributeError):
            return WRONG_TYPE

    # -- órdenes --
    def put(self, key: str, value: Any) -> None:
        self.keys[key] = value
        self.dirty += 1

    def set(self, args: list[str]) -> bytes:
        flags = [word.upper() for word in args[2:]]
        if "NX" in flags and args[0] in self.keys or "XX" in flags and args[0] not in self.keys:
            return b"$-1\r\n"
        self.put(args[0], args[1])
        self.ends.pop(args[0], None)
        if "EX" in flags:
            self.ends[args[0]] = self.sys.now() + int(args[2:][flags.index("EX") + 1]) * SECOND
        return OK

    def add(self, key: str, amount: int) -> bytes:
        value = int(self.keys.get(key, "0")) + amount
        self.put(key, str(value))
        return integer(value)

    def delete(self, args: list[str]) -> bytes:
        gone = [key for key in args if self.keys.pop(key, None) is not None]
        self.dirty += len(gone)
        return integer(len(gone))

    def push(self, args: list[str], left: bool) -> bytes:
        items = self.keys.setdefault(args[0], [])
        for value in args[1:]:
            items.insert(0, value) if left else items.append(value)
        self.dirty += 1
        return integer(len(items))

    def pop(self, args: list[str], at: int) -> bytes:
        items = self.keys.get(args[0], [])
        if not items:
            return b"$-1\r\n"
        value = items.pop(at)
        if not items:
            del self.keys[args[0]]
        self.dirty += 1
        return bulk(value)

    def range(self, args: list[str]) -> bytes:
        items, start, end = self.keys.get(args[0], []), int(args[1]), int(args[2])
        size = len(items)
        start, end = (max(0, size + start) if start < 0 else start), (size + end if end < 0 else end)
        return array(items[start:end + 1])

    def hset(self, args: list[str]) -> bytes:
        table = self.keys.setdefault(args[0], {})
        fresh = sum(name not in table for name in args[1::2])
        table.update(zip(args[1::2], args[2::2], strict=True))
        self.dirty += 1
        return integer(fresh)

    def expire(self, args: list[str]) -> bytes:
        if args[0] not in self.keys:
            return integer(0)
        self.ends[args[0]] = self.sys.now() + int(args[1]) * SECOND
        return integer(1)

    def left(self, args: list[str]) -> bytes:
        if args[0] not in self.keys:
            return integer(-2)
        return integer(round((self.ends[args[0]] - self.sys.now()) / SECOND) if args[0] in self.ends else -1)

    def info(self, args: list[str]) -> bytes:
        return bulk(f"# Server\r\nredis_version:{version(self.sys)}\r\nredis_mode:standalone\r\nos:Linux\r\n"
                    f"process_id:{self.sys.pid}\r\n"
                    f"tcp_port:{self.options.get('port', 6379)}\r\n\r\n# Clients\r\n"
                    f"connected_clients:{len(self.clients)}\r\n\r\n"
                    f"# Keyspace\r\n" + (f"db0:keys={len(self.keys)},expires={len(self.ends)},avg_ttl=0\r\n"
                                         if self.keys else ""))

    def config(self, args: list[str]) -> bytes:
        if args[0].upper() == "GET":
            values = {"save": "3600 1 300 100 60 10000", "maxmemory": "0", "appendonly": "no",
                      "dir": self.file.rpartition("/")[0],
                      **self.options}
            return array([item for key, value in values.items() if fnmatchcase(key, args[1])
                          for item in (key, value)])
        if args[0].upper() == "SET" and len(args) > 2:
            self.options[args[1]] = args[2]
        return OK

    def flush(self, args: list[str]) -> bytes:
        self.keys.clear()
        self.ends.clear()
        self.dirty += 1
        return OK


def text(this: Redis, key: str) -> bytes:
    value = this.keys.get(key)
    if value is not None and not isinstance(value, str):
        return WRONG_TYPE
    return bulk(value)


def rename(this: Redis, args: list[str]) -> bytes:
    if args[0] not in this.keys:
        return b"-ERR no such key\r\n"
    this.put(args[1], this.keys.pop(args[0]))
    return OK


def kind(value: Any) -> str:
    return {type(None): "none", str: "string", list: "list"}.get(type(value), "hash")


def save(this: Redis, args: list[str]) -> bytes:
    return OK if this.save() else b"-ERR\r\n"


COMMANDS: dict[str, tuple[int, Any]] = {
    "PING": (0, lambda this, args: bulk(args[0]) if args else b"+PONG\r\n"),
    "ECHO": (1, lambda this, args: bulk(args[0])),
    "SET": (2, Redis.set), "GET": (1, lambda this, args: text(this, args[0])),
    "MGET": (1, lambda this, args: array([this.keys.get(key) for key in args])),
    "MSET": (2, lambda this, args: [this.put(key, value)
                                    for key, value in zip(args[::2], args[1::2], strict=True)] and OK),
    "SETNX": (2, lambda this, args: integer(0) if args[0] in this.keys else this.put(args[0], args[1])
              or integer(1)),
    "SETEX": (3, lambda this, args: this.set([args[0], args[2], "EX", args[1]])),
    "GETSET": (2, lambda this, args: (text(this, args[0]), this.put(args[0], args[1]))[0]),
    "APPEND": (2, lambda this, args: this.put(args[0], this.keys.get(args[0], "") + args[1])
               or integer(len(this.keys[args[0]]))),
    "STRLEN": (1, lambda this, args: integer(len(this.keys.get(args[0], "")))),
    "INCR": (1, lambda this, args: this.add(args[0], 1)),
    "DECR": (1, lambda this, args: this.add(args[0], -1)),
    "INCRBY": (2, lambda this, args: this.add(args[0], int(args[1]))),
    "DECRBY": (2, lambda this, args: this.add(args[0], -int(args[1]))),
    "DEL": (1, Redis.delete), "UNLINK": (1, Redis.delete),
    "EXISTS": (1, lambda this, args: integer(sum(key in this.keys for key in args))),
    "KEYS": (1, lambda this, args: array([key for key in this.keys if fnmatchcase(key, args[0])])),
    "SCAN": (1, lambda this, args: b"*2\r\n" + bulk("0") + array(list(this.keys))),
    "DBSIZE": (0, lambda this, args: integer(len(this.keys))),
    "TYPE": (1, lambda this, args: f"+{kind(this.keys.get(args[0]))}\r\n".encode()), "RENAME": (2, rename),
    "EXPIRE": (2, Redis.expire), "TTL": (1, Redis.left),
    "PERSIST": (1, lambda this, args: integer(this.ends.pop(args[0], 0) != 0)),
    "LPUSH": (2, lambda this, args: this.push(args, True)),
    "RPUSH": (2, lambda this, args: this.push(args, False)),
    "LPOP": (1, lambda this, args: this.pop(args, 0)), "RPOP": (1, lambda this, args: this.pop(args, -1)),
    "LRANGE": (3, Redis.range), "LLEN": (1, lambda this, args: integer(len(this.keys.get(args[0], [])))),
    "HSET": (3, Redis.hset), "HGET": (2, lambda this, args: bulk(this.keys.get(args[0], {}).get(args[1]))),
    "HGETALL": (1, lambda this, args: array([item for pair in this.keys.get(args[0], {}).items()
                                             for item in pair])),
    "HDEL": (2, lambda this, args: integer(sum(this.keys.get(args[0], {}).pop(name, None) is not None
                                               for name in args[1:]))),
    "FLUSHALL": (0, Redis.flush), "FLUSHDB": (0, Redis.flush), "INFO": (0, Redis.info),
    "CONFIG": (2, Redis.config), "SAVE": (0, save),
    "BGSAVE": (0, lambda this, args: b"+Background saving started\r\n" if this.save() else b"-ERR\r\n"),
    "SELECT": (1, lambda this, args: OK), "CLIENT": (1, lambda this, args: OK),
    "COMMAND": (0, lambda this, args: b"*0\r\n"),
    "HELLO": (0, lambda this, args: b"-NOPROTO unsupported protocol version\r\n"),
    "QUIT": (0, lambda this, args: OK),
    "TIME": (0, lambda this, args: array([str(this.sys.now() // SECOND), "0"]))}


def read_options(sys: Any, words: list[str]) -> dict[str, str]:
    """El archivo de configuración, si se nombra, y encima lo que diga la línea. `FileError` si no se puede leer."""
    options, words = {"port": "6379"}, list(words)
    if words and not words[0].startswith("-"):
        lines = sys.fs.read(words.pop(0)).decode("utf-8", "replace").splitlines()
        rows = [line.split(None, 1) for line in lines if line.strip()[:1] not in ("#", "")]
        options |= {row[0]: row[1].strip().strip('"') if len(row) > 1 else "" for row in rows}
    while words:
        name, values = words.pop(0).lstrip("-"), []
        while words and not words[0].startswith("--"):
            values.append(words.pop(0))
        options[name] = " ".join(values)
    return options


@applet("redis-server", None, also=("valkey-server",))
def redis_server(sys: Any, opt: Options) -> Any:
    """Escucha, carga lo guardado y atiende hasta que llega una señal; entonces guarda y acaba."""
    words = sys.argv[1:]
    if words[:1] in (["--version"], ["-v"]):
        sys.out(f"Redis server v={version(sys)} sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=dockerlab\n")
        return 0
    try:
        options = read_options(sys, words)
    except FileError as error:
        sys.err(f"{sys.pid}:C {moment(sys.now()):%d %b %Y %H:%M:%S}.000 # Fatal error, "
                f"can't open config file '{words[0]}': {error.text}\n")
        return 1
    server = Redis(sys, options)
    sys.memory(8 * 2**20)
    sys.catch("TERM", "INT")
    server.log("*", "oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo")
    server.log("*", f"Redis version={version(sys)}, bits=64, commit=00000000, modified=0, pid={sys.pid}, "
               "just started")
    server.log("*" if len(sys.argv) > 1 else "#", "Configuration loaded" if len(sys.argv) > 1 else
               "Warning: no config file specified, using the default config. In order to specify a config "
               "file use redis-server /path/to/redis.conf")
    server.log("*", "monotonic clock: POSIX clock_gettime")
    try:
        fd = sys.listen(int(options["port"]), options.get("bind", "0.0.0.0").split()[0])
    except FileError as error:
        server.log("#", f"Warning: Could not create server TCP listening socket *:{options['port']}: bind: "
                   f"{error.text}")
        server.log("#", "Failed listening on port 6379 (tcp), aborting.")
        return 1
    server.log("*", f"Running mode=standalone, port={options['port']}.")
    server.log("*", "Server initialized")
    server.load()
    server.log("*", "Ready to accept connections tcp")
    try:
        yield from server.run(fd)
    except Signalled as received:
        name = signals.name(received.signo)
        sys.out(f"{sys.pid}:signal-handler ({sys.now() // SECOND}) Received SIG{name} scheduling "
                "shutdown...\n")
        server.log("*", "User requested shutdown...")
        if options.get("save", "3600 1") not in ("", '""', "''") and server.dirty:
            server.log("*", "Saving the final RDB snapshot before exiting.")
            if server.save():
                server.log("*", "DB saved on disk")
        server.log("#", "Redis is now ready to exit, bye bye...")
        return 0
