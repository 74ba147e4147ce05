"""apt-get y apt: los paquetes de Debian, con sus listas, sus confirmaciones y sus pesos."""

from __future__ import annotations

from typing import Any

from dockerlab.errors import FileError

from ..requests import Cpu, Read, Sleep
from .catalogue import Unavailable, closure, lay_out
from .dpkg import automatic, forget, installed, record
from .kit import table_file
from .making import make_folder
from .options import Options, applet

MIRROR = "http://espejo.dockerlab.invalid"
LISTS = "/var/lib/apt/lists"
VALUES = ("-o", "-t", "--option", "--target-release", "-c")


class Apt:
    """Una orden de apt: lo que se pidió y lo que hay instalado."""

    def __init__(self, sys: Any, name: str):
        self.sys, self.name = sys, name
        self.table = table_file("apt")
        self.rows: dict[str, list[Any]] = self.table["paquetes"]
        words, self.flags, self.args = list(sys.argv[1:]), set(), []
        while words:
            word = words.pop(0)
            if word in VALUES:
                self.flags.add(words.pop(0) if words else "")
            elif word.startswith("--"):
                self.flags.add(word.partition("=")[0])
            elif word.startswith("-"):
                self.flags |= {f"-{letter}" for letter in word[1:]}
            else:
                self.args.append(word)
        self.verb = self.args.pop(0) if self.args else ""
        self.quiet = "--quiet" in self.flags or "-q" in self.flags
        self.yes = bool(self.flags & {"-y", "--yes", "--assume-yes"})

    @property
    def release(self) -> str:
        """El nombre de la edición de Debian (`bookworm`...), según /etc/os-release."""
        try:
            text = self.sys.fs.read("/etc/os-release").decode("utf-8", "replace")
        except FileError:
            return "bookworm"
        return next((line.partition("=")[2].strip('"') for line in text.splitlines()
                     if line.startswith("VERSION_CODENAME=")), "bookworm")

    def say(self, text: str) -> None:
        if sum(word.count("q") for word in self.sys.argv[1:] if word.startswith("-q")) < 2:
            self.sys.out(text)

    def error(self, text: str, code: int = 100) -> int:
        self.sys.err(f"E: {text}\n")
        return code

    def reading(self) -> None:
        done = " Done" if self.sys.isatty(1) else ""
        for text in ("Reading package lists...", "Building dependency tree...",
                     "Reading state information..."):
            self.say(f"{text}{done}\n")

    def root(self) -> bool:
        """¿Se puede? Si no, lo dice."""
        if self.sys.user.uid == 0:
            return True
        if self.verb == "update":
            self.sys.err("Reading package lists...\nE: Could not open lock file /var/lib/apt/lists/lock - "
                         "open (13: Permission denied)\n"
                         "E: Unable to lock directory /var/lib/apt/lists/\n")
        else:
            self.sys.err("E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission "
                         "denied)\n"
                         "E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you "
                         "root?\n")
        return False


@applet("apt-get", None, also=("apt",))
def apt_get(sys: Any, opt: Options) -> Any:
    tool = Apt(sys, opt.name)
    if opt.name == "apt" and not sys.isatty(1):
        sys.err("\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n")
    if tool.flags & {"-v", "--version"}:
        sys.out("apt 2.6.1 (amd64)\n")
        return 0
    if tool.verb not in VERBS:
        if not tool.verb:
            sys.out("apt 2.6.1 (amd64)\nUsage: apt-get [options] command\n       apt-get [options] "
                    "install|remove pkg1 [pkg2 ...]\n")
            return 0
        return tool.error(f"Invalid operation {tool.verb}")
    if tool.verb not in ("list", "search", "show") and not tool.root():
        return 100
    result = VERBS[tool.verb](tool)
    return (yield from result) if hasattr(result, "send") else result


def update(tool: Apt) -> Any:
    """Baja las listas: pesan, y por eso se borran en la misma capa."""
    sys, lists, release = tool.sys, tool.table["listas"], tool.release
    parts = (("bookworm InRelease", 151), ("bookworm-updates InRelease", 55.4),
             ("bookworm-security InRelease", 48.0),
             ("bookworm/main amd64 Packages", 8793), ("bookworm-updates/main amd64 Packages", 0.5),
             ("bookworm-security/main amd64 Packages", 246))
    yield Sleep(1.2)
    for number, (name, kilobytes) in enumerate(parts, 1):
        size = f"{kilobytes:g} kB" if kilobytes >= 1 else f"{kilobytes * 1000:.0f} B"
        tool.say(f"Get:{number} {MIRROR}/debian{'-security' if 'security' in name else ''} "
                 f"{name.replace('bookworm', release)} [{size}]\n")
        yield Sleep(0.1)
    make_folder(sys, f"{LISTS}/partial", 0o755, parents=True)
    for name, kilobytes in lists.items():
        sys.fs.write(f"{LISTS}/espejo.dockerlab.invalid_{name.replace('bookworm', release)}", b"lista\n",
                     declared_size=kilobytes * 1000)
    sys.fs.write(f"{LISTS}/lock", b"")
    tool.say("Fetched 9,294 kB in 2s (5,163 kB/s)\n")
    tool.say("Reading package lists..." + (" Done" if sys.isatty(1) else "") + "\n")
    return 0


def have_lists(tool: Apt) -> bool:
    fs = tool.sys.fs
    return fs.isdir(LISTS) and any("_Packages" in name for name in fs.listdir(LISTS))


def install(tool: Apt) -> Any:
    sys, there = tool.sys, installed(tool.sys)
    tool.reading()
    names = [name.partition("=")[0].partition(":")[0] for name in tool.args]
    known = tool.rows if have_lists(tool) else {}
    missing = [name for name in names if name not in known and name not in there]
    if missing:
        for name in missing:
            sys.err(f"E: Unable to locate package {name}\n")
        return 100
    extra = not tool.flags & {"--no-install-recommends"}

    def needs(name: str) -> list[str]:
        return tool.rows[name][3].split() + (tool.rows[name][4].split() if extra else [])
    for name in names:
        if name in there:
            tool.say(f"{name} is already the newest version ({there[name]}).\n")
    try:
        chosen = closure([name for name in names if name not in there], needs, known.__contains__, there)
    except Unavailable as error:
        return tool.error(f"Unable to locate package {error}")
    return (yield from transact(tool, chosen, names))


def transact(tool: Apt, chosen: list[str], names: list[str]) -> Any:
    """Anuncia, pregunta, baja, desempaqueta y configura."""
    sys, rows = tool.sys, tool.rows
    extra = sorted(name for name in chosen if name not in names)
    for heading, group in (("The following additional packages will be installed:", extra),
                           ("The following NEW packages will be installed:", sorted(chosen))):
        if group and chosen:
            tool.say(heading + "\n" + columns(group))
    tool.say(f"0 upgraded, {len(chosen)} newly installed, 0 to remove and 0 not upgraded.\n")
    if not chosen:
        return 0
    archives, space = (sum(rows[name][column] for name in chosen) for column in (1, 2))
    tool.say(f"Need to get {archives:,} kB of archives.\nAfter this operation, {amount(space)} of additional "
             "disk space will be used.\n")
    if not tool.yes and (extra or sys.argv[0].endswith("apt")):
        sys.out("Do you want to continue? [Y/n] ")
        answer = (yield Read(0, 4096, True)).decode("utf-8", "replace").strip().lower()
        if answer not in ("y", "yes", "s", "si", "sí") and not (answer == "" and sys.isatty(0)):
            sys.out("Abort.\n")
            return 1
    seconds = 0.5 + archives / 20_000
    for number, name in enumerate(chosen, 1):
        tool.say(f"Get:{number} {MIRROR}/debian {tool.release}/main amd64 {name} amd64 {rows[name][0]} "
                 f"[{rows[name][1]:,} kB]\n")
    yield Sleep(seconds)
    sys.err("debconf: delaying package configuration, since apt-utils is not installed\n")
    tool.say(f"Fetched {archives:,} kB in {round(seconds)}s ({round(archives / seconds):,} kB/s)\n")
    for name in chosen:
        file = f"{name}_{rows[name][0].replace(':', '%3a')}_amd64.deb"
        tool.say(f"Selecting previously unselected package {name}.\n")
        if name == chosen[0]:
            tool.say("(Reading database ... 6098 files and directories currently installed.)\n")
        tool.say(f"Preparing to unpack .../{file} ...\nUnpacking {name} ({rows[name][0]}) ...\n")
        yield Cpu(0.05 + rows[name][2] / 200_000)
    for name in chosen:
        tool.say(f"Setting up {name} ({rows[name][0]}) ...\n")
        lay_out(sys, name, rows[name][2], tool.table["programas"].get(name, ()))
        record(sys, name, rows[name][0], rows[name][2], name in extra)
        yield Cpu(0.02)
    tool.say("Processing triggers for libc-bin (2.36-9+deb12u9) ...\n")
    return 0


def columns(names: list[str]) -> str:
    """Los nombres, sangrados y en líneas de menos de 80 columnas."""
    lines, line = [], " "
    for name in names:
        if len(line) + len(name) + 1 > 79:
            lines.append(line)
            line = " "
        line += f" {name}"
    return "\n".join([*lines, line]) + "\n"


def amount(kilobytes: int) -> str:
    return f"{kilobytes:,} kB" if kilobytes < 10_000 else f"{kilobytes / 1000:.1f} MB" if kilobytes < 100_000 else \
        f"{round(kilobytes / 1000)} MB"


def remove(tool: Apt) -> Any:
    """remove, purge y autoremove."""
    sys, there = tool.sys, installed(tool.sys)
    tool.reading()
    gone = [name for name in tool.args if name in there]
    for name in tool.args:
        if name not in there:
            tool.say(f"Package '{name}' is not installed, so not removed\n")
    if tool.verb in ("autoremove",
                     "autopurge") or "--auto-remove" in tool.flags or "--autoremove" in tool.flags:
        kept = [name for name in there if name in tool.rows and name not in gone]
        roots = [name for name in kept if name not in automatic(tool.sys)]
        used = set(closure(roots, lambda name: [each for column in (3, 4) for each in tool.rows[name][column].split()
                                                if each in there], tool.rows.__contains__))
        gone += [name for name in kept if name not in used]
    if gone:
        space = sum(tool.rows[name][2] for name in gone if name in tool.rows)
        tool.say("The following packages will be REMOVED:\n"
                 + columns(sorted(f"{name}{'*' if tool.verb == 'purge' else ''}" for name in gone)))
        tool.say(f"0 upgraded, 0 newly installed, {len(gone)} to remove and 0 not upgraded.\n"
                 f"After this operation, {amount(space)} disk space will be freed.\n")
        if not tool.yes:
            sys.out("Do you want to continue? [Y/n] Abort.\n")
            return 1
        tool.say("(Reading database ... 6098 files and directories currently installed.)\n")
    else:
        tool.say("0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n")
    for name in gone:
        tool.say(f"Removing {name} ({there[name]}) ...\n")
        forget(sys, name)
        yield Cpu(0.05)
    return 0


def clean(tool: Apt) -> int:
    """En las imágenes de Debian los .deb ya se borran solos: aquí no queda nada que quitar."""
    return 0


def upgrade(tool: Apt) -> int:
    tool.reading()
    tool.say("Calculating upgrade...\n0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n")
    return 0


def listing(tool: Apt) -> int:
    tool.say("Listing...\n" + "".join(f"{name}/now {version} amd64 [installed,local]\n"
                                      for name, version in sorted(installed(tool.sys).items())))
    return 0


def show(tool: Apt) -> int:
    status = 0
    for name in tool.args:
        if name not in tool.rows or not have_lists(tool):
            status = tool.error("No packages found" if tool.name == "apt"
                                else f"Unable to locate package {name}")
            continue
        row = tool.rows[name]
        tool.say(f"Package: {name}\nVersion: {row[0]}\nInstalled-Size: {row[2]:,} kB\nDownload-Size: "
                 f"{row[1]:,} kB\n"
                 + (f"Depends: {', '.join(row[3].split())}\n" if row[3] else "") + "\n")
    return status


def search(tool: Apt) -> int:
    for name in sorted(tool.rows if have_lists(tool) else ()):
        if all(word in name for word in tool.args):
            tool.say(f"{name}/stable {tool.rows[name][0]} amd64\n\n")
    return 0


VERBS = {"update": update, "install": install, "remove": remove, "purge": remove, "autoremove": remove,
         "autopurge": remove,
         "clean": clean, "autoclean": clean, "upgrade": upgrade, "dist-upgrade": upgrade,
         "full-upgrade": upgrade,
         "list": listing, "show": show, "search": search}
