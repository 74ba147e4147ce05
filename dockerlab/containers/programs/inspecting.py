"""stat, du, df, mount, file, readlink, realpath, which: preguntas sobre los archivos."""

from __future__ import annotations

import re
from typing import Any

from dockerlab.errors import FileError
from dockerlab.filesystem.nodes import Device, Directory, File, Symlink

from .attributes import FORMAT, KINDS, blocks, full_date, letter, owner, permissions, size
from .kit import human, human_gnu, join
from .options import Options, Stop, applet


@applet("stat", "ltfLc:", "[-ltf] FILE...", "Display file (default) or filesystem status",
        long="format=c dereference=L terse=t printf=c", least=1)
def stat(sys: Any, opt: Options) -> int:
    status = 0
    for path in opt.args:
        try:
            found = sys.fs.stat(path, follow="L" in opt)
        except FileError as error:
            status = opt.complain(sys, "can't stat '{}'", "cannot statx '{}'", path, error)
            continue
        if "c" in opt:
            values = fields(sys, path, found)
            sys.out(re.sub(r"%[-#0 ]*\d*(\w|%)", lambda hit: values.get(hit[1], hit[0]), opt["c"]) + "\n")
        else:
            sys.out(report(sys, path, found, opt.busybox))
    return status


def fields(sys: Any, path: str, found: Any) -> dict[str, str]:
    """Lo que vale cada letra de `stat -c`."""
    node = found.node
    user, group = owner(sys, node)
    kind = "regular empty file" if isinstance(node, File) and not node.size else KINDS[letter(node)]
    target = f"'{path}' -> '{node.target}'" if isinstance(node, Symlink) else f"'{path}'"
    date = full_date(node.mtime)
    seconds = str(node.mtime // 10**9)
    return {"a": f"{node.mode:o}", "A": permissions(node), "n": path, "N": target if "->" in target else path,
            "s": str(size(node)), "b": str(blocks(node) // 512), "B": "512", "o": "4096", "F": kind,
            "u": str(node.uid), "g": str(node.gid), "U": user, "G": group, "i": str(found.ino),
            "h": str(found.nlink), "f": f"{FORMAT[letter(node)] | node.mode:x}",
            "x": date, "y": date, "z": date, "X": seconds, "Y": seconds, "Z": seconds, "W": "0", "w": "-",
            "d": "48", "D": "30", "t": "0", "T": "0", "m": "/", "%": "%"}


def report(sys: Any, path: str, found: Any, busybox: bool) -> str:
    """El párrafo de `stat` sin opciones."""
    node, value = found.node, fields(sys, path, found)
    arrow = f" -> {node.target}" if isinstance(node, Symlink) else ""
    special = f" Device type: {node.major:x},{node.minor:x}" if isinstance(node, Device) and busybox else ""
    user, group = owner(sys, node)
    stamp = value["y"]
    lines = [f"  File: {path}{arrow}" if not busybox or not arrow
             else f"  File: '{path}'{arrow.replace(node.target, chr(39) + node.target + chr(39))}",
             f"  Size: {value['s']:<10}\tBlocks: {value['b']:<10} IO Block: 4096   {value['F']}",
             f"Device: 30h/48d\tInode: {value['i']:<10}  Links: {value['h']}{special}" if busybox
             else f"Device: 0,48\tInode: {value['i']:<10}  Links: {value['h']}",
             f"Access: ({node.mode:04o}/{permissions(node)})  Uid: ({node.uid:5d}/{user:>8})   Gid: "
             f"({node.gid:5d}/{group:>8})",
             f"Access: {stamp}", f"Modify: {stamp}", f"Change: {stamp}", *([] if busybox else [" Birth: -"])]
    return "\n".join(lines) + "\n"


@applet("du", "aHLdmschkxbd:", "[-aHLdclsxhmk] [FILE]...", "Summarize disk space used for FILEs and "
        "directories",
        long="human-readable=h summarize=s total=c all=a max-depth=d bytes=b apparent-size=b")
def du(sys: Any, opt: Options) -> int:
    """El disco que ocupan las carpetas, en KiB; los enlaces duros se cuentan una vez."""
    status, everything, seen = 0, 0, set()
    deepest = 0 if "s" in opt else opt.number("d", 10**6)

    def scale(used: int) -> str:
        if "h" in opt:
            return human(used) if opt.busybox else human_gnu(used)
        return str(used if "b" in opt else -(-used // (2**20 if "m" in opt else 1024)))

    def weigh(path: str, depth: int) -> int:
        found = sys.fs.stat(path, follow="L" in opt)
        if found.ino in seen and isinstance(found.node, File):
            return 0
        seen.add(found.ino)
        used = size(found.node) if "b" in opt else blocks(found.node)
        folder = isinstance(found.node, Directory)
        if folder:
            used += sum(weigh(join(path, name), depth + 1) for name in sys.fs.listdir(path))
        if depth <= deepest and (folder or "a" in opt or not depth):
            sys.out(f"{scale(used)}\t{path}\n")
        return used

    for path in opt.args or ["."]:
        try:
            everything += weigh(path, 0)
        except FileError as error:
            status = opt.complain(sys, "{}", "cannot access '{}'", path, error)
    if "c" in opt:
        sys.out(f"{scale(everything)}\ttotal\n")
    return status


@applet("df", "hkmPTiat:B:", "[-PkmhTai] [-B SIZE] [-t TYPE] [FILESYSTEM]...",
        "Print filesystem usage statistics",
        long="human-readable=h")
def df(sys: Any, opt: Options) -> int:
    """El disco del anfitrión, visto desde cada montaje: todos los contenedores ven el mismo."""
    scale = ("h" in opt and (human if opt.busybox
                             else human_gnu)) or (lambda size: str(size // (2**20 if "m" in opt else 1024)))
    unit = "Size" if "h" in opt else "1M-blocks" if "m" in opt else "1K-blocks"
    wanted = opt.args
    rows = []
    for device, kind, target, total, used in filesystems(sys):
        if wanted and not any(mounted_on(sys, path) == target for path in wanted):
            continue
        rows.append((device, scale(total), scale(used), scale(total - used), f"{-(-100 * used // total)}%",
                     target))
    head = ("Filesystem", unit, "Used", "Available" if not ("h" in opt and not opt.busybox) else "Avail",
            "Use%", "Mounted on")
    sys.out(f"{head[0]:<20} {head[1]:>9} {head[2]:>9} {head[3]:>9} {head[4]:>4} {head[5]}\n" if opt.busybox
            else f"{head[0]:<15} {head[1]:>9} {head[2]:>9} {head[3]:>9} {head[4]:>4} {head[5]}\n")
    for row in rows:
        wide = 20 if opt.busybox else 15
        sys.out(f"{row[0]:<{wide}} {row[1]:>9} {row[2]:>9} {row[3]:>9} {row[4]:>4} {row[5]}\n")
    return 0


DISK = (62_671_097_856, 12_884_901_888)   # el disco del anfitrión: total y usado
MEMORY, DEVICES = 4_000_000 * 1024, 2**26        # lo que cabe en un tmpfs sin límite (media memoria) y en /dev


def mounts(sys: Any) -> list[list[str]]:
    """Las líneas de /proc/mounts, en campos."""
    try:
        return [line.split() for line in sys.fs.read("/proc/mounts").decode().splitlines()]
    except FileError:
        return [["overlay", "/", "overlay", "rw,relatime"]]


def filesystems(sys: Any) -> list[tuple[str, str, str, int, int]]:
    """(dispositivo, tipo, dónde, bytes en total, bytes usados) de lo que `df` enseña."""
    rows = []
    for device, target, kind, options, *_ in mounts(sys):
        if kind in ("proc", "sysfs", "devpts", "mqueue", "cgroup", "cgroup2"):
            continue
        room = re.search(r"size=(\d+)k", options)
        memory = int(room[1]) * 1024 if room else DEVICES if target == "/dev" else MEMORY
        total, used = (memory, 0) if kind == "tmpfs" else DISK
        rows.append((device, kind, target, total, used))
    return rows


def mounted_on(sys: Any, path: str) -> str:
    """En qué montaje está una ruta."""
    real = sys.fs.resolve(path)
    real = real if real.startswith("/") else "/" + real
    return max((row[1] for row in mounts(sys) if real == row[1] or real.startswith(row[1].rstrip("/") + "/")),
               key=len, default="/")


@applet("mount", "at:o:rwvfi", "[OPTIONS] [-o OPT] DEVICE NODE", "Mount a filesystem")
def mount(sys: Any, opt: Options) -> int:
    """Sin argumentos, la lista; montar algo (aquí, un tmpfs) pide un privilegio que el contenedor no suele tener."""
    if opt.args:
        try:
            sys.mount(opt.args[-1])
        except FileError as error:
            raise Stop(opt.word("permission denied (are you root?)", f"{opt.args[-1]}: permission denied.")
                       if error.key == "EPERM" else f"mounting {' on '.join(opt.args)} failed: {error.text}",
                       1 if opt.busybox else 32) from None
        return 0
    for device, target, kind, options, *_ in mounts(sys):
        sys.out(f"{device} on {target} type {kind} ({options})\n")
    return 0


@applet("umount", "alfrn", "[-rlf] FILESYSTEM|DIRECTORY", "Unmount filesystems", least=1)
def umount(sys: Any, opt: Options) -> int:
    try:
        sys.umount(opt.args[0])
    except FileError as error:
        raise Stop(opt.word(f"can't unmount {opt.args[0]}: {error.text}",
                            f"{opt.args[0]}: must be superuser to unmount."),
                   1 if opt.busybox else 32) from None
    return 0


@applet("readlink", "fnemvz", "[-fnv] FILE", "Display the value of a symlink", long="canonicalize=f", least=1)
def readlink(sys: Any, opt: Options) -> int:
    status = 0
    for path in opt.args:
        try:
            if any(flag in opt for flag in "fem"):
                text = canonical(sys, path, "e" in opt or opt.busybox)
            else:
                node = sys.fs.stat(path, follow=False).node
                if not isinstance(node, Symlink):
                    status = 1
                    continue
                text = node.target
        except FileError:
            status = 1
            continue
        sys.out(text + ("" if "n" in opt else "\n"))
    return status


@applet("realpath", "esmqLPz", "FILE...", "Print absolute pathnames of FILE", least=1)
def realpath(sys: Any, opt: Options) -> int:
    status = 0
    for path in opt.args:
        try:
            sys.out(canonical(sys, path, "e" in opt) + "\n")
        except FileError as error:
            status = opt.complain(sys, "{}", "{}", path, error)
    return status


def canonical(sys: Any, path: str, must_exist: bool) -> str:
    """La ruta absoluta sin enlaces; su último nombre puede no existir, salvo `must_exist`."""
    full = path if path.startswith("/") else join(sys.cwd, path)
    if must_exist or sys.fs.exists(full):
        return sys.fs.stat(full).path
    head, _, tail = full.rstrip("/").rpartition("/")
    return join(sys.fs.stat(head or "/").path, tail)


@applet("which", "a", "[-a] COMMAND...", "Locate COMMAND")
def which(sys: Any, opt: Options) -> int:
    status = 0
    for name in opt.args:
        folders = [""] if "/" in name else sys.env.get("PATH", "").split(":")
        found = [path for folder in folders if runs(sys, path := join(folder, name) if folder else name)]
        sys.out("".join(path + "\n" for path in (found if "a" in opt else found[:1])))
        status = status if found else 1
    return status


def runs(sys: Any, path: str) -> bool:
    """Si `path` es un archivo que se puede ejecutar."""
    try:
        found = sys.fs.stat(path)
    except FileError:
        return False
    return isinstance(found.node, File) and bool(found.node.mode & 0o111)


@applet("file", "bi", "FILE...", "Determine file type", least=1)
def file(sys: Any, opt: Options) -> int:
    for path in opt.args:
        try:
            node = sys.fs.stat(path, follow=False).node
        except FileError as error:
            text = f"cannot open `{path}' ({error.text})"
        else:
            text = nature(node)
        sys.out(text + "\n" if "b" in opt else f"{path}: {text}\n")
    return 0


def nature(node: Any) -> str:
    match node:
        case Directory():
            return "directory"
        case Symlink():
            return f"symbolic link to {node.target}"
        case File(content=b""):
            return "empty"
        case File() if node.content.startswith(b"#!dockerlab"):
            return "ELF 64-bit LSB executable, x86-64, dynamically linked"
        case File() if node.content.startswith(b"#!"):
            return f"{node.content.split(chr(10).encode())[0][2:].decode().strip()} script, ASCII text executable"
        case File():
            return "ASCII text" if node.content.isascii() else "UTF-8 Unicode text"
        case _:
            return KINDS[letter(node)]
