"""ls: lo que hay en las carpetas, en columnas, una por línea o con todos sus atributos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dockerlab.errors import FileError
from dockerlab.filesystem.nodes import Device, Directory, File, Node, Symlink

from .attributes import blocks, full_date, letter, owner, permissions, short_date, size
from .kit import human, human_gnu, join
from .options import Options, applet

SYNOPSIS = "[-1AaCxdLHRFplinshrSXvctu] [-w WIDTH] [FILE]..."
LONG = "all=a almost-all=A directory=d recursive=R human-readable=h inode=i reverse=r size=s classify=F " \
       "numeric-uid-gid=n width=w color=! full-time=@ group-directories-first=^ dereference=L"


@dataclass(frozen=True, slots=True)
class Entry:
    """Un nombre que se va a escribir, con su nodo."""

    name: str
    path: str
    node: Node
    inode: int = 0
    links: int = 1


@applet("ls", "1AaCxdLHRFplinshrSXvctugoU!::@^w:", SYNOPSIS, "List directory contents", long=LONG, bad=(1, 2),
        also=("dir",))
def ls(sys: Any, opt: Options) -> int:
    """Primero los archivos nombrados, luego cada carpeta; 1 (2 en GNU) si algo no está."""
    status, files, folders = 0, [], []
    for path in opt.args or ["."]:
        try:
            follow = "l" not in opt and "d" not in opt or "L" in opt or "H" in opt
            entry = look(sys, path, path, follow, broken=not opt.busybox)
        except FileError as error:
            opt.complain(sys, "{}", "cannot access '{}'", path, error)
            status = 1 if opt.busybox else 2
            continue
        (folders if isinstance(entry.node, Directory) and "d" not in opt else files).append(entry)
    if files:
        show(sys, opt, arrange(opt, files), total=False)
    header = len(opt.args) > 1 or "R" in opt
    pending, first = arrange(opt, folders), not files
    while pending:
        folder = pending.pop(0)
        if header:
            sys.out(("" if first else "\n") + f"{folder.path}:\n")
        first = False
        try:
            entries = arrange(opt, inside(sys, opt, folder.path))
        except FileError as error:
            opt.complain(sys, "can't open '{}'", "cannot open directory '{}'", folder.path, error)
            status = 1 if opt.busybox else 2
            continue
        show(sys, opt, entries, total=True)
        if "R" in opt:
            pending[:0] = [entry for entry in entries
                           if isinstance(entry.node, Directory) and entry.name not in (".", "..")]
    return status


def look(sys: Any, name: str, path: str, follow: bool, broken: bool = True) -> Entry:
    """El nodo de `path`; `broken`: un enlace roto se enseña como enlace."""
    try:
        found = sys.fs.stat(path, follow=follow)
    except FileError:
        if not (follow and broken):
            raise
        found = sys.fs.stat(path, follow=False)
    return Entry(name, path, found.node, found.ino, found.nlink)


def inside(sys: Any, opt: Options, path: str) -> list[Entry]:
    """Lo que hay en una carpeta, según -a y -A."""
    names = sys.fs.listdir(path)
    if "a" in opt:
        names = [".", "..", *names]
    elif "A" not in opt:
        names = [name for name in names if not name.startswith(".")]
    return [look(sys, name, join(path, name), "L" in opt) for name in names]


def arrange(opt: Options, entries: list[Entry]) -> list[Entry]:
    """Por nombre, y después por lo que pidan -t, -S o -X; -r al revés."""
    if "U" in opt:
        return entries
    entries = sorted(entries, key=lambda entry: entry.name)
    if "t" in opt:
        entries.sort(key=lambda entry: -entry.node.mtime)
    elif "S" in opt:
        entries.sort(key=lambda entry: -size(entry.node))
    elif "X" in opt:
        entries.sort(key=lambda entry: entry.name.rpartition(".")[2] if "." in entry.name else "")
    if "r" in opt:
        entries.reverse()
    if "^" in opt:
        entries.sort(key=lambda entry: not isinstance(entry.node, Directory))
    return entries


def show(sys: Any, opt: Options, entries: list[Entry], total: bool) -> None:
    detailed = any(flag in opt for flag in "lngo@")
    if total and (detailed or "s" in opt):
        used = sum(blocks(entry.node) for entry in entries)
        unit = (human(used) if opt.busybox else human_gnu(used)) if "h" in opt else used // 1024
        sys.out(f"total {unit}\n")
    if detailed:
        rows = [details(sys, opt, entry) for entry in entries]
        sys.out("".join(aligned(rows, opt)))
        return
    names = [prefix(opt, entry) + entry.name + mark(opt, entry.node) for entry in entries]
    columns = opt.last("1Cx") in tuple("Cx") or (sys.isatty(1) and not opt.last("1Cx"))
    if columns and names:
        width = opt.number("w", 80)
        sys.out(grid(names, width, across=opt.last("1Cx") == "x", even=opt.busybox))
    elif names:
        sys.out("\n".join(names) + "\n")


def prefix(opt: Options, entry: Entry) -> str:
    number = f"{entry.inode:7d} " if "i" in opt else ""
    return number + (f"{blocks(entry.node) // 1024:6d} " if "s" in opt else "")


def mark(opt: Options, node: Node) -> str:
    """La marca del tipo que añaden -F y -p."""
    if isinstance(node, Directory) and ("F" in opt or "p" in opt):
        return "/"
    if "F" not in opt:
        return ""
    return "@" if isinstance(node, Symlink) else "|" if letter(node) == "p" else \
        "*" if isinstance(node, File) and node.mode & 0o111 else ""


def details(sys: Any, opt: Options, entry: Entry) -> list[str]:
    """Las columnas de `ls -l`: permisos, enlaces, dueño, grupo, tamaño, fecha y nombre."""
    node = entry.node
    user, group = owner(sys, node, "n" in opt)
    if isinstance(node, Device) and node.kind != "p":
        weight = f"{node.major:4d}, {node.minor:3d}" if opt.busybox else f"{node.major}, {node.minor}"
    elif "h" in opt:
        weight = human(size(node)) if opt.busybox else human_gnu(size(node))
    else:
        weight = str(size(node))
    if "@" in opt:
        date = full_date(node.mtime) if not opt.busybox else full_date(node.mtime).replace(
            f".{node.mtime % 10**9:09d}", "")
    else:
        date = short_date(node.mtime, sys.now())
    arrow = f" -> {node.target}" if isinstance(node, Symlink) else ""
    return [prefix(opt, entry) + permissions(node), str(entry.links), user, group, weight, date,
            entry.name + arrow + mark(opt, node)]


def aligned(rows: list[list[str]], opt: Options) -> list[str]:
    """Las filas, con los anchos fijos de BusyBox o ajustadas a lo más largo, como GNU."""
    if opt.busybox:
        wide = 7 if "h" in opt else 9
        return [f"{mode} {links:>4} {user[:8]:<8} {group[:8]:<8} {weight:>{wide}} {date} {name}\n"
                for mode, links, user, group, weight, date, name in rows]
    widths = [max(len(row[at]) for row in rows) if rows else 0 for at in range(5)]
    return [f"{mode} {links:>{widths[1]}} {user:<{widths[2]}} {group:<{widths[3]}} {weight:>{widths[4]}} "
            f"{date} {name}\n"
            for mode, links, user, group, weight, date, name in rows]


def grid(names: list[str], width: int, across: bool, even: bool) -> str:
    """Los nombres en columnas que caben en `width`; `even`: todas igual de anchas."""
    if even:
        each = max(map(len, names)) + 2
        columns = max(1, width // each)
        plan = [each] * columns
    else:
        columns, plan = next((count, plan) for count in range(len(names), 0, -1)
                             if sum(plan := gnu_widths(names, count, across)) - 2 < width or count == 1)
    rows = -(-len(names) // columns)
    lines = []
    for row in range(rows):
        picks = names[row * columns:(row + 1) * columns] if across else names[row::rows]
        lines.append("".join(name.ljust(plan[at]) for at, name in enumerate(picks[:-1])) + picks[-1])
    return "\n".join(lines) + "\n"


def gnu_widths(names: list[str], columns: int, across: bool) -> list[int]:
    rows = -(-len(names) // columns)
    groups = [names[at::columns] for at in range(columns)] if across else \
        [names[at:at + rows] for at in range(0, len(names), rows)]
    return [max(map(len, group)) + 2 for group in groups]
