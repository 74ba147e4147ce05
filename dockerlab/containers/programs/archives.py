"""tar, gzip y compañía: empaquetar y comprimir, conservando los tamaños declarados."""

from __future__ import annotations

import io
import tarfile
import zlib
from typing import Any

from dockerlab.clock import SECOND
from dockerlab.errors import FileError
from dockerlab.filesystem.nodes import Device, Directory, File, Node, Symlink

from .attributes import permissions
from .kit import account_name, basename, contents, join, moment
from .making import make_folder
from .options import Applet, BadUsage, Options, Stop, applet

DECLARED = "DOCKERLAB.size"      # el mismo registro PAX que llevan las capas
LIMIT = 2**26                    # lo más que se descomprime: bytes
TAR_LONG = "create=c extract=x get=x list=t verbose=v file=f directory=C gzip=z strip-components=S exclude=X " \
           "no-same-owner=o same-permissions=p preserve-permissions=p numeric-owner=! overwrite=! keep-old-files=k " \
           "no-recursion=N touch=m to-stdout=O bzip2=j xz=J auto-compress=a wildcards=! warning=W one-top-level=!"
TAR = Applet("tar", print, "cxtvf:C:zS:X:opk!NmOjJaW:h", "", "",
             dict(pair.split("=") for pair in TAR_LONG.split()), 0, None,
             False, (1, 2), "")
"""Solo para leer las opciones, después de arreglar la primera palabra."""


@applet("tar", None, "c|x|t [-ZzJjahmvokO] [-f TARFILE] [-C DIR] [FILE]...",
        "Create, extract, or list files from a tar file")
def tar(sys: Any, opt: Options) -> Any:
    """La primera palabra puede llevar las letras sin guion: `tar czf a.tgz carpeta`."""
    words = list(sys.argv[1:])
    if words and not words[0].startswith("-"):
        letters, rest = words[0], words[1:]
        words = []
        for letter in letters:
            words.append(f"-{letter}")
            if letter in "fC" and rest:
                words.append(rest.pop(0))
        words += rest
    TAR.read(words, opt)
    verbs = [letter for letter in "cxt" if letter in opt]
    if len(verbs) != 1:
        if opt.busybox:
            raise BadUsage
        sys.err("tar: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\n"
                "Try 'tar --help' or 'tar --usage' for more information.\n")
        return 2
    try:
        return (yield from (create if verbs == ["c"] else read)(sys, opt))
    except Broken as broken:
        sys.err(f"tar: {broken}\n" + opt.word("", "tar: Error is not recoverable: exiting now\n"))
        return 1 if opt.busybox else 2


class Broken(Exception):
    """Un archivo tar que no se puede leer o escribir."""


def create(sys: Any, opt: Options) -> Any:
    if not opt.args:
        raise Broken("empty archive" if opt.busybox else "Cowardly refusing to create an empty archive")
    buffer = io.BytesIO()
    archive = tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT)
    folder, status = opt["C"] or ".", 0
    listing = sys.err if opt["f"] in ("-", None) else sys.out
    for path in opt.args:
        place = path if path.startswith("/") else join(folder, path)
        try:
            rows = list(sys.fs.walk(place))
        except FileError as error:
            status = opt.complain(sys, "{}", "{}: Cannot stat", path, error)
            continue
        base = rows[0][0]
        if path.startswith("/"):
            sys.err(opt.word("tar: removing leading '/' from member names\n",
                             "tar: Removing leading `/' from member names\n"))
        for full, node in rows:
            name = (path.rstrip("/") + full[len(base):]).lstrip("/") or "."
            if any(skip.strip("/") in (name, basename(name)) for skip in opt.all("X")) or name == opt["f"]:
                continue
            archive.addfile(member(sys, name, node), io.BytesIO(node.content) if isinstance(node, File)
                            else None)
            if "v" in opt:
                listing(name + ("/" if isinstance(node, Directory) else "") + "\n")
    archive.close()
    data = buffer.getvalue()
    if "z" in opt or "a" in opt and (opt["f"] or "").endswith((".gz", ".tgz")):
        data = pack(data)
    if opt["f"] in ("-", None):
        sys.write(1, data)
    else:
        sys.fs.write(opt["f"], data)
    if status:
        sys.err(opt.word("tar: error exit delayed from previous errors\n",
                         "tar: Exiting with failure status due to previous errors\n"))
        return 1 if opt.busybox else 2
    return 0
    yield


def member(sys: Any, name: str, node: Node) -> tarfile.TarInfo:
    """La ficha de un nodo dentro del tar."""
    info = tarfile.TarInfo(name + ("/" if isinstance(node, Directory) else ""))
    info.mode, info.uid, info.gid, info.mtime = node.mode, node.uid, node.gid, node.mtime // SECOND
    info.uname, info.gname = account_name(sys, node.uid), account_name(sys, node.gid, "/etc/group")
    match node:
        case File():
            info.size = len(node.content)
            if node.declared_size is not None:
                info.pax_headers = {DECLARED: str(node.declared_size)}
        case Directory():
            info.type = tarfile.DIRTYPE
        case Symlink():
            info.type, info.linkname = tarfile.SYMTYPE, node.target
        case Device():
            info.type = {"c": tarfile.CHRTYPE, "b": tarfile.BLKTYPE, "p": tarfile.FIFOTYPE}[node.kind]
            info.devmajor, info.devminor = node.major, node.minor
    return info


def read(sys: Any, opt: Options) -> Any:
    """Lista o extrae."""
    try:
        data = yield from contents(sys, opt["f"] or "-")
    except FileError as error:
        raise Broken(opt.word(f"can't open '{opt['f']}': {error.text}",
                              f"{opt['f']}: Cannot open: {error.text}")) from None
    if data[:2] == b"\x1f\x8b":
        data = unpack(data)
    try:
        archive = tarfile.open(fileobj=io.BytesIO(data), mode="r:")
        members = archive.getmembers()
    except tarfile.TarError:
        raise Broken(opt.word("short read", "This does not look like a tar archive")) from None
    status, found = 0, set()
    for info in members:
        name = info.name.lstrip("/")
        chosen = [path for path in opt.args if name == path.rstrip("/")
                  or name.startswith(path.rstrip("/") + "/")]
        if opt.args and not chosen:
            continue
        found |= set(chosen)
        shown = info.name + ("/" if info.isdir() else "")
        if "t" in opt:
            sys.out((details(info) if "v" in opt else "") + shown + "\n")
            continue
        if "v" in opt:
            (sys.err if "O" in opt else sys.out)(shown + "\n")
        pieces = name.split("/")[int(opt["S"] or 0):]
        if ".." in pieces:
            sys.err(f"tar: name with '..' skipped: '{name}'\n" if opt.busybox
                    else f"tar: {name}: Member name contains '..'\n")
            status = 0 if opt.busybox else 2
        elif pieces and any(pieces):
            status = extract(sys, opt, archive, info, join(opt["C"] or ".", "/".join(pieces))) or status
    for path in opt.args:
        if path not in found:
            sys.err(f"tar: {path}: {opt.word('not found in archive', 'Not found in archive')}\n")
            status = 1 if opt.busybox else 2
    return status


def details(info: tarfile.TarInfo) -> str:
    """La línea de `tar tv`, sin el nombre."""
    if info.isdir():
        kind: Node = Directory(info.mode)
    else:
        kind = Symlink(info.linkname, info.mode) if info.issym() else File(b"", info.mode)
    size = int(info.pax_headers.get(DECLARED, info.size))
    owner = f"{info.uname or info.uid}/{info.gname or info.gid}"
    return f"{permissions(kind)} {owner} {size:>9} {moment(int(info.mtime) * SECOND):%Y-%m-%d %H:%M:%S} "


def extract(sys: Any, opt: Options, archive: tarfile.TarFile, info: tarfile.TarInfo, target: str) -> int:
    root = sys.user.uid == 0
    try:
        parent = target.rpartition("/")[0]
        if parent and not sys.fs.isdir(parent):
            make_folder(sys, parent, 0o755, parents=True)
        if info.isdir():
            if not sys.fs.isdir(target):
                sys.fs.mkdir(target.rstrip("/"), info.mode)
        else:
            if sys.fs.exists(target, follow=False) and not sys.fs.isdir(target):
                sys.fs.remove(target)
            if info.issym():
                sys.fs.symlink(info.linkname, target)
                return 0
            if info.islnk():
                sys.fs.link(join(opt["C"] or ".", info.linkname), target)
                return 0
            handle = archive.extractfile(info)
            body = handle.read() if handle else b""
            if "O" in opt:
                sys.write(1, body)
                return 0
            declared = info.pax_headers.get(DECLARED)
            sys.fs.write(target, body, mode=info.mode, declared_size=int(declared) if declared else None)
        sys.fs.chmod(target, info.mode if root or "p" in opt else info.mode & ~sys.umask)
        if root and "o" not in opt:
            sys.fs.chown(target, info.uid, info.gid)
        if "m" not in opt:
            sys.fs.utime(target, int(info.mtime) * SECOND)
    except FileError as error:
        return opt.complain(sys, "can't open '{}'", "{}: Cannot open", target.removeprefix("./"), error)
    return 0


def pack(data: bytes) -> bytes:
    """gzip sin nombre ni hora: los mismos bytes dan siempre los mismos bytes."""
    maker = zlib.compressobj(6, zlib.DEFLATED, 31)
    packed = maker.compress(data) + maker.flush()
    return packed[:9] + b"\x03" + packed[10:]


def unpack(data: bytes) -> bytes:
    """Descomprime un gzip. `Broken` si está mal o es desmedido."""
    reader = zlib.decompressobj(31)
    try:
        out = reader.decompress(data, LIMIT)
    except zlib.error:
        raise Broken("invalid magic") from None
    if reader.unconsumed_tail:
        raise Broken("archive too large")
    return out


@applet("gzip", "cdfkvt123456789n", "[-cfkdt] [FILE]...", "Compress FILEs (or stdin)",
        long="decompress=d stdout=c keep=k force=f",
        also=("gunzip", "zcat"))
def gzip(sys: Any, opt: Options) -> Any:
    reverse = opt.name != "gzip" or "d" in opt
    to_stdout = opt.name == "zcat" or "c" in opt or not opt.args
    status = 0
    for path in opt.args or ["-"]:
        try:
            if path != "-" and sys.fs.isdir(path):
                raise Stop(f"{path}: Is a directory" if opt.busybox else f"{path} is a directory -- ignored")
            data = yield contents(sys, path)
            node = sys.fs.stat(path).node if path != "-" else File()
            result = unpack(data) if reverse else pack(data)
        except FileError as error:
            status = opt.complain(sys, "{}", "{}", path, error)
            continue
        except Broken:
            sys.err(opt.word(f"{opt.name}: no gzip/bzip2/xz magic\n" if data[:2] != b"\x1f\x8b"
                             else f"{opt.name}: corrupted data\n",
                             f"\n{opt.name}: {'stdin' if path == '-' else path}: not in gzip format\n"))
            status = 1
            continue
        if to_stdout:
            sys.write(1, result)
            continue
        if reverse and not path.endswith((".gz", ".tgz")):
            sys.err(f"{opt.name}: {path}: unknown suffix{'' if opt.busybox else ' -- ignored'}\n")
            status = 1
            continue
        target = path.removesuffix(".gz").replace(".tgz", ".tar") if reverse else path + ".gz"
        if sys.fs.exists(target) and "f" not in opt:
            sys.err(opt.word(f"{opt.name}: can't open '{target}': File exists\n",
                             f"{opt.name}: {target} already exists; not overwritten\n"))
            status = 1
            continue
        size = node.declared_size
        sys.fs.write(target, result, mode=node.mode, declared_size=None if size is None else size * 3
                     if reverse else size // 3)
        sys.fs.utime(target, node.mtime)
        if "k" not in opt:
            sys.fs.remove(path)
    return status
