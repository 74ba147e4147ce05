"""mkdir, mkfifo, rmdir, rm, touch, mktemp, truncate, ln: crear y quitar archivos y carpetas."""

from __future__ import annotations

import datetime
import re
from typing import Any

from dockerlab.clock import SECOND
from dockerlab.errors import FileError, fault
from dockerlab.filesystem.nodes import Device, Directory, Symlink

from .kit import basename, dirname, join
from .modes import parse_mode
from .options import BadUsage, Options, Stop, applet


@applet("mkdir", "pm:v", "[-m MODE] [-p] DIRECTORY...", "Create DIRECTORY", long="parents=p mode=m verbose=v",
        least=1)
def mkdir(sys: Any, opt: Options) -> int:
    status = 0
    for path in opt.args:
        try:
            mode = parse_mode(opt["m"], 0o777, True) if "m" in opt else 0o777 & ~sys.umask
        except ValueError:
            raise Stop(f"invalid mode '{opt['m']}'") from None
        try:
            make_folder(sys, path, mode, "p" in opt)
            if "v" in opt:
                sys.out(opt.word(f"created directory: '{path}'", f"mkdir: created directory '{path}'") + "\n")
        except FileError as error:
            shown = error.data["path"] + opt.word("/", "") if error.key == "ENOTDIR" and "p" in opt else path
            status = opt.complain(sys, "can't create directory '{}'", "cannot create directory '{}'", shown,
                                  error)
    return status


def make_folder(sys: Any, path: str, mode: int, parents: bool) -> None:
    """Crea una carpeta; con `parents`, también las que falten en el camino y sin quejarse si ya está."""
    if not parents:
        sys.fs.mkdir(path.rstrip("/") or "/", mode)
        return
    pieces = [piece for piece in path.split("/") if piece]
    at = "/" if path.startswith("/") else ""
    for number, piece in enumerate(pieces, 1):
        at = join(at, piece) if at else piece
        if not sys.fs.isdir(at):
            if sys.fs.exists(at) and number < len(pieces):
                raise fault("ENOTDIR", path=at)
            sys.fs.mkdir(at, mode if number == len(pieces) else 0o777 & ~sys.umask)


@applet("mkfifo", "m:", "[-m MODE] NAME...", "Create named pipe", long="mode=m", least=1)
def mkfifo(sys: Any, opt: Options) -> int:
    """Crea tuberías con nombre: lo que un proceso escribe en ella lo lee otro."""
    status = 0
    for path in opt.args:
        try:
            mode = parse_mode(opt["m"], 0o666, False) if "m" in opt else 0o666 & ~sys.umask
        except ValueError:
            raise Stop(f"invalid mode '{opt['m']}'") from None
        try:
            if sys.fs.exists(path, follow=False):
                raise fault("EEXIST", path=path)
            sys.fs.put(path, Device("p", mode=mode, uid=sys.user.uid, gid=sys.user.gid, mtime=sys.now()))
        except FileError as error:
            status = opt.complain(sys, "{}", "cannot create fifo '{}'", path, error)
    return status


@applet("rmdir", "pv", "[-p] DIRECTORY...", "Remove DIRECTORY if it is empty",
        long="parents=p ignore-fail-on-non-empty=i verbose=v", least=1)
def rmdir(sys: Any, opt: Options) -> int:
    status = 0
    for path in opt.args:
        try:
            while path not in (".", "/", ""):
                sys.fs.rmdir(path)
                path = dirname(path) if "p" in opt else ""
        except FileError as error:
            if not ("i" in opt and error.key == "ENOTEMPTY"):
                status = opt.complain(sys, "'{}'", "failed to remove '{}'", path, error)
    return status


@applet("rm", "irfRvdI", "[-irf] FILE...", "Remove (unlink) FILEs",
        long="recursive=r force=f interactive=i verbose=v dir=d no-preserve-root=!")
def rm(sys: Any, opt: Options) -> int:
    """Borra archivos, y carpetas enteras con -r. Con -f, lo que no está no importa."""
    force, deep, status = opt.last("fi") == "f", "r" in opt or "R" in opt, 0
    if not opt.args and not force:
        raise BadUsage("" if opt.busybox else "missing operand")
    for path in opt.args:
        if basename(path) in (".", "..") or path.rstrip("/") == "":
            status = refuse_dots(sys, opt, path)
            continue
        try:
            node = sys.fs.stat(path, follow=False).node
            if not isinstance(node, Directory):
                sys.fs.remove(path)
            elif deep:
                status = remove_tree(sys, opt, path) or status
            elif "d" in opt:
                sys.fs.rmdir(path)
            elif opt.busybox:
                status = opt.complain(sys, "'{}' is a directory", "", path)
            else:
                sys.err(f"rm: cannot remove '{path}': Is a directory\n")
                status = 1
                continue
            if "v" in opt:
                sys.out(f"removed '{path}'\n")
        except FileError as error:
            if not (force and error.key in ("ENOENT", "ENOTDIR")):
                status = opt.complain(sys, "can't stat '{}'" if error.key == "ENOTDIR"
                                      else "can't remove '{}'", "cannot remove '{}'", path, error)
    return status


def refuse_dots(sys: Any, opt: Options, path: str) -> int:
    if path.strip("/") == "" and not opt.busybox:
        sys.err("rm: it is dangerous to operate recursively on '/'\n"
                "rm: use --no-preserve-root to override this failsafe\n")
        return 1
    return opt.complain(sys, "can't remove '.' or '..'",
                        "refusing to remove '.' or '..' directory: skipping '{}'", path)


def remove_tree(sys: Any, opt: Options, path: str) -> int:
    """Borra una carpeta y lo que cuelga de ella; lo que no se puede se dice y se sigue."""
    status = 0
    for name in sys.fs.listdir(path):
        below = join(path, name)
        try:
            if isinstance(sys.fs.stat(below, follow=False).node, Directory):
                status = remove_tree(sys, opt, below) or status
            else:
                sys.fs.remove(below)
        except FileError as error:
            status = opt.complain(sys, "can't remove '{}'", "cannot remove '{}'", below, error)
    if not status:
        sys.fs.rmdir(path)
    return status


DATES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d",
         "%Y%m%d%H%M",
         "%Y%m%d%H%M.%S", "%H:%M:%S", "%H:%M")


def parse_date(text: str, now: int) -> int:
    """El instante (ns) de una fecha escrita como las que `date -d` y `touch -d` entienden. `ValueError`."""
    if re.fullmatch(r"@\d+", text):
        return int(text[1:]) * SECOND
    if text in ("now", "today", ""):
        return now
    for form in DATES:
        try:
            date = datetime.datetime.strptime(text, form)
        except ValueError:
            continue
        if "%Y" not in form:
            today = datetime.datetime.fromtimestamp(now // SECOND, datetime.UTC)
            date = date.replace(year=today.year, month=today.month, day=today.day)
        return int(date.replace(tzinfo=datetime.UTC).timestamp()) * SECOND
    raise ValueError(text)


@applet("touch", "cd:t:r:hma", "[-cham] [-d DATE] [-t DATE] [-r FILE] FILE...",
        "Update mtime of FILEs", long="no-create=c date=d reference=r", least=1)
def touch(sys: Any, opt: Options) -> int:
    instant, status = sys.now(), 0
    try:
        if "d" in opt or "t" in opt:
            instant = parse_date(opt["d"] or opt["t"], instant)
        elif "r" in opt:
            instant = sys.fs.stat(opt["r"]).node.mtime
    except ValueError:
        raise Stop(opt.word(f"invalid date '{opt['d'] or opt['t']}'", "invalid date format "
                            f"'{opt['d'] or opt['t']}'")) from None
    for path in opt.args:
        try:
            if not sys.fs.exists(path):
                if "c" in opt:
                    continue
                sys.close(sys.open(path, "a"))
            sys.fs.utime(path, instant)
        except FileError as error:
            status = opt.complain(sys, "{}", "cannot touch '{}'", path, error)
    return status


@applet("mktemp", "dqtup:", "[-dt] [-p DIR] [TEMPLATE]", "Create a temporary file with name based on "
        "TEMPLATE and print its name",
        long="directory=d dry-run=u tmpdir=p", most=1)
def mktemp(sys: Any, opt: Options) -> int:
    """Las letras «al azar» son las mismas en toda la clase."""
    template = opt.args[0] if opt.args else "tmp.XXXXXX" if opt.busybox else "tmp.XXXXXXXXXX"
    if not opt.args or "t" in opt or "p" in opt:
        template = join(opt["p"] or sys.env.get("TMPDIR", "/tmp"), template)
    marks = len(template) - len(template.rstrip("X"))
    if marks < (6 if opt.busybox else 3):
        raise Stop(opt.word("(null): Invalid argument", f"too few X's in template '{template}'"))
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    path = template[:-marks] + "".join(alphabet[byte % 62] for byte in sys.random(marks))
    try:
        if "u" not in opt:
            if "d" in opt:
                sys.fs.mkdir(path, 0o700)
            else:
                sys.close(sys.open(path, "x", 0o600))
    except FileError as error:
        kind = "directory" if "d" in opt else "file"
        return opt.complain(sys, "(null)", f"failed to create {kind} via template '{{}}'", template, error)
    sys.out(path + "\n")
    return 0


@applet("truncate", "cs:", "[-c] -s SIZE FILE...", "Truncate FILEs to SIZE", long="size=s no-create=c",
        least=1)
def truncate(sys: Any, opt: Options) -> int:
    status = 0
    for path in opt.args:
        try:
            size = size_number(opt["s"] or "0")
            data = sys.fs.read(path) if sys.fs.exists(path) else b""
            sys.fs.write(path, data[:size].ljust(size, b"\0"))
        except FileError as error:
            status = opt.complain(sys, "{}: open", "cannot open '{}' for writing", path, error)
    return status


SUFFIXES = {"": 1, "c": 1, "w": 2, "b": 512, "k": 1024, "K": 1024, "kB": 1000, "KB": 1000, "m": 2**20,
            "M": 2**20,
            "MB": 10**6, "G": 2**30, "g": 2**30, "GB": 10**9}


def size_number(text: str) -> int:
    """`10`, `4k`, `2M`: bytes. `Stop` si no es un número."""
    found = re.fullmatch(r"(\d+)([a-zA-Z]*)", text)
    if not found or found[2] not in SUFFIXES:
        raise Stop(f"invalid number '{text}'")
    return int(found[1]) * SUFFIXES[found[2]]


@applet("ln", "sfnbtvTrS:", "[-sfnbtv] [-S SUF] TARGET... LINK|DIR", "Create a link LINK or DIR/TARGET to "
        "the specified TARGET(s)",
        long="symbolic=s force=f no-dereference=n verbose=v no-target-directory=T", least=1)
def ln(sys: Any, opt: Options) -> int:
    targets, goal = (opt.args[:-1], opt.args[-1]) if len(opt.args) > 1 else (opt.args, ".")
    status = 0
    folder = sys.fs.isdir(goal) and not ("T" in opt or "n" in opt and
                                         isinstance(sys.fs.stat(goal, follow=False).node, Symlink))
    for target in targets:
        name = join(goal, basename(target)) if folder else goal
        try:
            if "f" in opt and sys.fs.exists(name, follow=False) and sys.fs.stat(name, follow=False).kind != "d":
                sys.fs.remove(name)
            (sys.fs.symlink if "s" in opt else sys.fs.link)(target, name)
            if "v" in opt:
                sys.out(f"'{name}' -> '{target}'\n")
        except FileError as error:
            kind = "symbolic" if "s" in opt else "hard"
            shown = name if opt.args[1:] else name.removeprefix("./")
            if "s" not in opt and not sys.fs.exists(target):
                status = opt.complain(sys, "{}", "failed to access '{}'", target, error)
            else:
                status = opt.complain(sys, "{}", f"failed to create {kind} link '{{}}'", shown, error)
    return status
