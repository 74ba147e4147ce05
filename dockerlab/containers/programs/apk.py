"""apk: los paquetes de Alpine."""

from __future__ import annotations

from typing import Any

from dockerlab.errors import FileError

from ..requests import Cpu, Sleep
from .catalogue import Unavailable, closure, lay_out
from .kit import moment, table_file
from .making import make_folder, remove_tree
from .options import Options, applet

MIRROR = "https://espejo.dockerlab.invalid/alpine/v3.20"
CACHE = "/var/cache/apk"
BASE_COUNT, BASE_SIZE = 14, 7_800      # lo que trae la imagen: paquetes y kB
DATABASE = "/lib/apk/db/installed"
VALUES = ("-t", "--virtual", "-X", "--repository", "-p", "--root")


class Apk:
    """Una orden de apk."""

    def __init__(self, sys: Any):
        self.sys = sys
        self.table = table_file("apk")
        self.rows: dict[str, list[Any]] = self.table["paquetes"]
        self.flags: dict[str, str] = {}
        self.args: list[str] = []
        words = list(sys.argv[1:])
        while words:
            word = words.pop(0)
            name, equals, value = word.partition("=")
            if word in VALUES:
                self.flags["--virtual" if word in ("-t", "--virtual")
                           else word] = words.pop(0) if words else ""
            elif word.startswith("--"):
                self.flags[name] = value
            elif word.startswith("-"):
                self.flags |= {f"-{letter}": "" for letter in word[1:]}
            else:
                self.args.append(word)
        self.verb = self.args.pop(0) if self.args else ""
        self.quiet = bool(self.flags.keys() & {"-q", "--quiet"})

    def say(self, text: str) -> None:
        if not self.quiet:
            self.sys.out(text)

    def installed(self) -> dict[str, list[str]]:
        """Nombre → [versión, kB, grupo virtual]."""
        try:
            lines = self.sys.fs.read(DATABASE).decode("utf-8", "replace").splitlines()
        except FileError:
            return {}
        rows = [line.removeprefix("dockerlab:").split() for line in lines if line.startswith("dockerlab:")]
        return {row[0]: row[1:] for row in rows}

    def save(self, rows: dict[str, list[str]]) -> None:
        try:
            old = self.sys.fs.read(DATABASE).decode("utf-8", "replace").splitlines()
        except FileError:
            old = []
            make_folder(self.sys, "/lib/apk/db", 0o755, parents=True)
        lines = [line for line in old if not line.startswith("dockerlab:")]
        lines += [f"dockerlab:{name} {' '.join(row)}" for name, row in rows.items()]
        self.sys.fs.write(DATABASE, ("\n".join(lines) + "\n").encode())

    def total(self) -> str:
        there = self.installed()
        size = BASE_SIZE + sum(int(row[1]) for row in there.values())
        return f"OK: {round(size / 1024)} MiB in {BASE_COUNT + len(there)} packages\n"

    def fetch(self) -> Any:
        """Baja los índices; sin --no-cache se quedan en /var/cache/apk."""
        for name in ("main", "community"):
            self.say(f"fetch {MIRROR}/{name}/x86_64/APKINDEX.tar.gz\n")
            yield Sleep(0.4)
            if "--no-cache" not in self.flags:
                make_folder(self.sys, CACHE, 0o755, parents=True)
                self.sys.fs.write(f"{CACHE}/APKINDEX.{name}.tar.gz", b"indice\n",
                                  declared_size=self.table["indice"][name] * 1000)

    def cached(self) -> bool:
        return self.sys.fs.isdir(CACHE) and any(name.startswith("APKINDEX")
                                                for name in self.sys.fs.listdir(CACHE))


@applet("apk", None)
def apk(sys: Any, opt: Options) -> Any:
    tool = Apk(sys)
    if tool.verb in ("add", "del", "update", "upgrade") and sys.user.uid:
        sys.err("ERROR: Unable to lock database: Permission denied\nERROR: Failed to open apk database: "
                "Permission denied\n")
        return 99
    if "--print-arch" in tool.flags:
        sys.out("x86_64\n")
        return 0
    if tool.verb not in VERBS:
        if tool.flags.keys() & {"--version", "-V"}:
            sys.out("apk-tools 2.14.4, compiled for x86_64.\n")
            return 0
        sys.err(f"ERROR: '{tool.verb}' is not an apk command. See 'apk --help'.\n" if tool.verb else
                "apk-tools 2.14.4, compiled for x86_64.\n\nusage: apk [<OPTIONS>...] COMMAND "
                "[<ARGUMENTS>...]\n")
        return 1
    result = VERBS[tool.verb](tool)
    return (yield from result) if hasattr(result, "send") else result


def add(tool: Apk) -> Any:
    sys, there = tool.sys, tool.installed()
    if "--no-cache" in tool.flags or not tool.cached() or tool.flags.keys() & {"-U", "--update", "--update-cache"}:
        yield from tool.fetch()
    names = [name.partition("=")[0].partition("~")[0].partition("@")[0].rstrip("<>") for name in tool.args]
    bad = [name for name in names if name not in tool.rows]
    if bad:
        owner = tool.flags.get("--virtual", "")
        sys.err("ERROR: unable to select packages:\n" + "".join(
            f"  {name} (no such package):\n    required by: {owner or 'world'}[{name}]\n"
            for name in sorted(bad)))
        return len(bad)
    try:
        chosen = closure(names, lambda name: tool.rows[name][2].split(), tool.rows.__contains__, there)
    except Unavailable as error:
        sys.err(f"ERROR: {error}\n")
        return 1
    group = tool.flags.get("--virtual", "")
    count = len(chosen) + bool(group)
    for number, name in enumerate(chosen, 1):
        version, size, _ = tool.rows[name]
        tool.say(f"({number}/{count}) Installing {name} ({version})\n")
        yield Sleep(0.05 + size / 60_000)
        yield Cpu(0.01)
        lay_out(sys, name, size, tool.table["programas"].get(name, ()))
        there[name] = [version, str(size), group or ("world" if name in names else "-")]
    for name in names:      # pedido ahora por su nombre: deja de depender de otros
        if there[name][2] == "-":
            there[name][2] = group or "world"
    if group:
        tool.say(f"({count}/{count}) Installing {group} ({moment(tool.sys.now()):%Y%m%d.%H%M%S})\n")
    tool.save(there)
    if chosen:
        tool.say("Executing busybox-1.36.1-r29.trigger\n")
    if "ca-certificates" in chosen:
        tool.say("Executing ca-certificates-20241121-r1.trigger\n")
    tool.say(tool.total())
    return 0


def delete(tool: Apk) -> Any:
    """Quita lo pedido (o un grupo --virtual entero) y lo que solo ello necesitaba."""
    there = tool.installed()
    wanted = {name for name, row in there.items() if name in tool.args or row[2] in tool.args}
    roots = [name for name, row in there.items() if name not in wanted and row[2] != "-"]
    kept = set(closure(roots, lambda name: tool.rows[name][2].split(), tool.rows.__contains__))
    missing = [name for name in tool.args if name not in there
               and not any(row[2] == name for row in there.values())]
    if missing:
        tool.sys.err("".join(f"ERROR: No such package: {name}\n" for name in missing))
        return len(missing)
    gone = [name for name in there if name not in kept]
    for number, name in enumerate(gone, 1):
        tool.say(f"({number}/{len(gone)}) Purging {name} ({there.pop(name)[0]})\n")
        remove_tree(tool.sys, Options("apk", True), f"/usr/share/{name}")
        for path in tool.table["programas"].get(name, ()):
            if tool.sys.fs.exists(f"/{path}", follow=False):
                tool.sys.fs.remove(f"/{path}")
        yield Cpu(0.02)
    tool.save(there)
    tool.say("Executing busybox-1.36.1-r29.trigger\n" + tool.total())
    return 0


def update(tool: Apk) -> Any:
    yield from tool.fetch()
    for name in ("main", "community"):
        tool.say(f"v3.20.6-26-g3c4b4f6 [{MIRROR}/{name}]\n")
    tool.say("OK: 24161 distinct packages available\n")
    return 0


def upgrade(tool: Apk) -> Any:
    if not tool.cached() or tool.flags.keys() & {"-U", "--no-cache"}:
        yield from tool.fetch()
    tool.say(tool.total())
    return 0


def info(tool: Apk) -> int:
    there = tool.installed()
    if tool.args:
        found = [name for name in tool.args if name in there]
        tool.sys.out("".join(f"{name}-{there[name][0]} installed size:\n{int(there[name][1]) // 1024} MiB\n\n"
                             for name in found))
        return 0 if found else 1
    tool.sys.out("".join(f"{name}\n" for name in ("alpine-baselayout", "alpine-keys", "apk-tools", "busybox",
                                                  "musl", *sorted(there))))
    return 0


def search(tool: Apk) -> int:
    tool.sys.out("".join(f"{name}-{row[0]}\n" for name, row in sorted(tool.rows.items())
                         if all(word in name for word in tool.args)))
    return 0


def cache(tool: Apk) -> int:
    for name in tool.sys.fs.listdir(CACHE) if tool.sys.fs.isdir(CACHE) else ():
        tool.sys.fs.remove(f"{CACHE}/{name}")
    return 0


VERBS = {"add": add, "del": delete, "update": update, "upgrade": upgrade, "info": info, "search": search,
         "cache": cache,
         "list": info}
