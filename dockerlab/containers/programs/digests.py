"""md5sum, sha256sum..., base64, cmp, diff, dd, shuf y split: bytes que se resumen, se comparan y se cortan."""

from __future__ import annotations

import base64 as coding
import difflib
import hashlib
import re
from typing import Any

from dockerlab.errors import FileError

from ..appetite import STEP
from ..requests import Read
from .attributes import full_date
from .kit import CHUNK, Input, contents, put
from .making import size_number
from .options import Options, Stop, applet

SUMS = ("md5sum", "sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum")


@applet("sha256sum", "cswb", "[-c[sw]] [FILE]...", "Print or check SHA256 checksums",
        long="check=c status=s quiet=q",
        also=[name for name in SUMS if name != "sha256sum"])
def sums(sys: Any, opt: Options) -> Any:
    kind, status = opt.name.removesuffix("sum"), 0
    for path in opt.args or ["-"]:
        try:
            data = yield contents(sys, path)
        except FileError as error:
            status = opt.complain(sys, "can't open '{}'", "{}", path, error)
            continue
        if "c" in opt:
            status = check(sys, opt, kind, data.decode("utf-8", "replace")) or status
        else:
            sys.out(f"{hashlib.new(kind, data, usedforsecurity=False).hexdigest()}  {path}\n")
    return status


def check(sys: Any, opt: Options, kind: str, text: str) -> int:
    """`sha256sum -c lista`: compara cada archivo con su huella."""
    rows = [found for line in text.splitlines() if (found := re.fullmatch(r"([0-9a-f]+) [ *](.+)", line))]
    if not rows:
        sys.err(opt.word(f"{opt.name}: no checksum lines found\n", f"{opt.name}: -: no properly formatted "
                         "checksum lines found\n"))
        return 1
    bad = 0
    for digest, name in (row.groups() for row in rows):
        try:
            fine = hashlib.new(kind, sys.fs.read(name), usedforsecurity=False).hexdigest() == digest
        except FileError as error:
            opt.complain(sys, "can't open '{}'", "{}", name, error)
            fine = False
        bad += not fine
        if "s" not in opt:
            sys.out(f"{name}: {'OK' if fine else 'FAILED'}\n")
    if bad and "s" not in opt:
        plural = "s" if bad > 1 else ""
        sys.err(opt.word(f"{opt.name}: WARNING: {bad} of {len(rows)} computed checksums did NOT match\n",
                         f"{opt.name}: WARNING: {bad} computed checksum{plural} did NOT match\n"))
    return 1 if bad else 0


@applet("base64", "dw:i", "[-d] [-w COL] [FILE]", "Base64 encode or decode FILE to standard output",
        long="decode=d wrap=w", most=1)
def base64(sys: Any, opt: Options) -> Any:
    try:
        data = yield contents(sys, opt.args[0] if opt.args else "-")
    except FileError as error:
        return opt.complain(sys, "{}", "{}", opt.args[0], error)
    if "d" in opt:
        try:
            sys.write(1, coding.b64decode(re.sub(rb"\s", b"", data), validate=True))
        except ValueError:
            raise Stop(opt.word("truncated input", "invalid input")) from None
        return 0
    text, wide = coding.b64encode(data).decode(), opt.number("w", 76)
    rows = [text[at:at + wide] for at in range(0, len(text), wide)] if wide else [text]
    sys.out("\n".join(rows) + ("\n" if text and wide else ""))
    return 0


@applet("cmp", "lsn:", "[-ls] [-n NUM] FILE1 [FILE2]", "Compare FILE1 with FILE2 (or stdin)",
        long="silent=s quiet=s", least=1, most=4, bad=(1, 2))
def cmp(sys: Any, opt: Options) -> Any:
    names = [*opt.args, "-"][:2]
    try:
        one, other = (yield contents(sys, names[0])), (yield contents(sys, names[1]))
    except FileError as error:
        opt.complain(sys, "{}", "{}", str(error.data.get("path", names[0])).rpartition("/")[2], error)
        return 2
    if one == other:
        return 0
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if "s" not in opt:
        if at is None:
            short = names[0] if len(one) < len(other) else names[1]
            sys.err(f"cmp: EOF on {short}" + ("" if opt.busybox
                                              else f" after byte {min(len(one), len(other))}") + "\n")
        else:
            sys.out(f"{names[0]} {names[1]} differ: {opt.word('char', 'byte')} {at + 1}, line "
                    f"{one[:at].count(10) + 1}\n")
    return 1


@applet("diff", "abBdiNqrTstwU:u", "[-abBdiNqrTstw] [-L LABEL] [-S FILE] [-U LINES] FILE1 FILE2",
        "Compare files line by line and output "
        "the differences between them", long="brief=q recursive=r unified=U", least=2, most=2, bad=(1, 2))
def diff(sys: Any, opt: Options) -> Any:
    one, other = opt.args
    try:
        if sys.fs.isdir(one) and sys.fs.isdir(other):
            return (yield from diff_folders(sys, opt, one, other))
        return (yield from diff_files(sys, opt, one, other))
    except FileError as error:
        name = str(error.data.get("path", one))
        name = next((path for path in (one, other) if name.endswith(path)), name)
        opt.complain(sys, "can't stat '{}'", "{}", name, error)
        return 2


def diff_folders(sys: Any, opt: Options, one: str, other: str) -> Any:
    status, here, there = 0, sys.fs.listdir(one), sys.fs.listdir(other)
    for name in sorted({*here, *there}):
        if name not in there or name not in here:
            sys.out(f"Only in {one if name in here else other}: {name}\n")
            status = 1
            continue
        pair = f"{one}/{name}", f"{other}/{name}"
        if sys.fs.isdir(pair[0]) and sys.fs.isdir(pair[1]):
            if "r" in opt:
                status = (yield from diff_folders(sys, opt, *pair)) or status
            else:
                sys.out(f"Common subdirectories: {pair[0]} and {pair[1]}\n")
        else:
            status = (yield from diff_files(sys, opt, *pair)) or status
    return status


def diff_files(sys: Any, opt: Options, one: str, other: str) -> Any:
    first, second = (yield contents(sys, one)), (yield contents(sys, other))
    if first == second:
        return 0
    if "q" in opt:
        sys.out(f"Files {one} and {other} differ\n")
        return 1
    left, right = (data.decode("latin-1").splitlines(keepends=True) for data in (first, second))
    if opt.busybox or "u" in opt or "U" in opt:
        times = ["", ""] if opt.busybox else [f"\t{full_date(sys.fs.stat(path).mtime)}" if path != "-" else ""
                                              for path in (one, other)]
        rows = list(difflib.unified_diff(left, right, "A", "B", n=opt.number("U", 3)))
        rows[:2] = [f"--- {one}{times[0]}\n", f"+++ {other}{times[1]}\n"]
    else:
        rows = normal(left, right)
    put(sys, "".join(row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n" for row in rows))
    return 1


def normal(left: list[str], right: list[str]) -> list[str]:
    """El formato clásico: `3c3`, `< vieja`, `---`, `> nueva`."""
    out = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        span = [f"{low + 1}" if high == low + 1 else f"{low + 1},{high}" if high > low else f"{low}"
                for low, high in ((a, b), (c, d))]
        out.append(f"{span[0]}{tag[0].replace('r', 'c').replace('i', 'a')}{span[1]}\n")
        out += [f"< {row}" for row in left[a:b]]
        out += ["---\n"] * (tag == "replace")
        out += [f"> {row}" for row in right[c:d]]
    return out


@applet("dd", None, "[if=FILE] [of=FILE] [bs=N] [count=N] [skip=N] [seek=N]",
        "Copy a file with converting and formatting")
def dd(sys: Any, opt: Options) -> Any:
    """Copia por bloques. De /dev/zero, lo escrito pesa lo que dice aunque aquí ocupe poco."""
    words = dict(word.split("=", 1) for word in sys.argv[1:] if "=" in word)
    if opt.busybox and words.get("bs", "").endswith("m"):
        raise Stop(f"invalid number '{words['bs']}'")
    size = size_number(words.get("bs", "512"))
    if size > STEP:
        sys.memory(size)      # un bloque entero se guarda en memoria
    count, skip = (size_number(words[name]) if name in words else None for name in ("count", "skip"))
    try:
        source = sys.open(words["if"], "r") if "if" in words else 0
        target = words.get("of")
        if words.get("if") == "/dev/zero" and count is not None and target:
            full, part, total = fitting(sys, target, size, count), 0, size * count
            if full < count:
                sys.err(f"dd: error writing '{target}': No space left on device\n"
                        f"{full + 1}+0 records in\n{full}+0 records out\n")
                return 1
        else:
            full = part = total = 0
            out = sys.open(target, "w") if target else 1
            for _ in range(skip or 0):
                yield Read(source, size)
            while count is None or full + part < count:
                block = yield from exactly(source, size)
                if not block:
                    break
                full, part, total = full + (len(block) == size), part + (len(block) < size), total + len(block)
                sys.write(out, block)
    except FileError as error:
        name = words.get("of") if "of" in words and error.key != "ENOENT" else words.get("if", words.get("of", ""))
        return opt.complain(sys, "can't open '{}'", "failed to open '{}'", str(name), error)
    records = f"{full}+{part} records in\n{full}+{part} records out\n"
    if words.get("status") != "none":
        done = f"{total} bytes copied, 0.001 s, {total / 1048576 / 0.001:.1f} MB/s\n"
        sys.err(records + ("" if words.get("status") == "noxfer" else done if not opt.busybox else ""))
    return 0


def fitting(sys: Any, target: str, size: int, count: int) -> int:
    """Escribe en `target` los bloques de `size` bytes que quepan, hasta `count`; contesta cuántos."""
    fits, least, most = count, 0, count
    while True:
        try:
            sys.fs.write(target, b"", mode=0o666 & ~sys.umask, declared_size=size * fits)
        except FileError as error:
            if error.key != "ENOSPC" or not fits:
                raise
            most = fits - 1
        else:
            if fits in (count, most):
                return fits
            least = fits
        fits = (least + most + 1) // 2


def exactly(fd: int, size: int) -> Any:
    """Un bloque entero, si lo hay."""
    data = b""
    while len(data) < size:
        chunk = yield Read(fd, min(size - len(data), CHUNK))
        if not chunk:
            break
        data += chunk
    return data


@applet("shuf", "en:i:o:zr", "[-n NUM] [-e ARG... | -i L-H | FILE]", "Randomly permute lines",
        long="head-count=n input-range=i echo=e")
def shuf(sys: Any, opt: Options) -> Any:
    if "i" in opt:
        low, _, high = opt["i"].partition("-")
        lines = [str(number) for number in range(int(low), min(int(high), int(low) + 10**6) + 1)]
    elif "e" in opt:
        lines = list(opt.args)
    else:
        source, lines = Input(sys, opt, opt.args[:1]), []
        while (line := (yield source.line())) is not None:
            lines.append(line)
    for at in range(len(lines) - 1, 0, -1):
        other = int.from_bytes(sys.random(4), "big") % (at + 1)
        lines[at], lines[other] = lines[other], lines[at]
    put(sys, "".join(line + "\n" for line in lines[:opt.number("n", len(lines))]))
    return 0


@applet("split", "a:b:l:d", "[OPTIONS] [INPUT [PREFIX]]", "Split a file into pieces", long="lines=l bytes=b")
def split(sys: Any, opt: Options) -> Any:
    data = yield contents(sys, opt.args[0] if opt.args else "-")
    if "b" in opt:
        size = size_number(opt["b"])
        pieces = [data[at:at + size] for at in range(0, len(data), size)]
    else:
        lines, size = data.splitlines(keepends=True), opt.number("l", 1000)
        pieces = [b"".join(lines[at:at + size]) for at in range(0, len(lines), size)]
    for number, piece in enumerate(pieces):
        ending = f"{number:02d}" if "d" in opt else chr(97 + number // 26) + chr(97 + number % 26)
        sys.fs.write((opt.args[1] if len(opt.args) > 1 else "x") + ending, piece)
    return 0
