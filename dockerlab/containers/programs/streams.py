"""cat, tac, head, tail, tee, wc, nl, rev, od y hexdump: mirar lo que hay, o una parte."""

from __future__ import annotations

import re
from collections import deque
from typing import Any

from dockerlab.errors import FileError

from ..requests import Read, Sleep
from .kit import CHUNK, Input, contents, put
from .making import SUFFIXES
from .options import Options, Stop, applet


@applet("cat", "nbvteAsuTE", "[-nbvteA] [FILE]...", "Print FILEs to stdout",
        long="number=n number-nonblank=b show-all=A show-ends=E show-tabs=T show-nonprinting=v "
        "squeeze-blank=s")
def cat(sys: Any, opt: Options) -> Any:
    if opt.given:
        return (yield from cat_lines(sys, opt))
    status = 0
    for path in opt.args or ["-"]:
        try:
            fd = 0 if path == "-" else sys.open(path, "r")
            while chunk := (yield Read(fd, CHUNK)):
                sys.write(1, chunk)
            if fd:
                sys.close(fd)
        except FileError as error:
            status = complain_open(sys, opt, path, error)
    return status


def complain_open(sys: Any, opt: Options, path: str, error: FileError) -> int:
    """BusyBox distingue entre no poder abrir y no poder leer una carpeta."""
    if error.key == "EISDIR" and opt.busybox:
        sys.err(f"{opt.name}: read error: Is a directory\n")
        return 1
    return opt.complain(sys, "can't open '{}'", "{}", path, error)


def cat_lines(sys: Any, opt: Options) -> Any:
    """cat con números (-n, -b), finales visibles (-e, -A) o sin líneas vacías repetidas (-s)."""
    source = Input(sys, opt, opt.args, "can't open '{}'", "{}")
    number, blank = 0, False
    while (line := (yield source.line())) is not None:
        if "s" in opt and blank and not line:
            continue
        blank = not line
        lead = ""
        if ("b" in opt and line) or ("n" in opt and "b" not in opt):
            number += 1
            lead = f"{number:6d}\t"
        if any(flag in opt for flag in "veAt"):
            line = "".join(visible(char, "t" in opt or "A" in opt or "T" in opt) for char in line)
        ending = "$" if any(flag in opt for flag in "eAE") else ""
        put(sys, lead + line + ((ending + "\n") if source.ended or opt.busybox else ""))
    return source.status


def visible(char: str, tabs: bool) -> str:
    code = ord(char)
    if char == "\t":
        return "^I" if tabs else char
    lead, code = ("M-", code - 128) if code > 127 else ("", code)
    return lead + ("^" + chr(code ^ 64) if code < 32 or code == 127 else chr(code))


@applet("tac", "", "[FILE]...", "Concatenate FILEs and print them in reverse")
def tac(sys: Any, opt: Options) -> Any:
    source, lines = Input(sys, opt, opt.args), []
    while (line := (yield source.line())) is not None:
        lines.append(line + ("\n" if source.ended else ""))
    put(sys, "".join(reversed(lines)))
    return source.status


@applet("rev", "", "[FILE]...", "Reverse lines of FILE")
def rev(sys: Any, opt: Options) -> Any:
    source = Input(sys, opt, opt.args)
    while (line := (yield source.line())) is not None:
        put(sys, line[::-1] + ("\n" if source.ended else ""))
    return source.status


def amount(opt: Options, text: str) -> tuple[str, int]:
    """El signo (vacío, + o -) y el número de -n o -c, con sus k y m."""
    found = re.fullmatch(r"([-+]?)(\d+)([a-zA-Z]*)", text)
    if not found or found[3] not in SUFFIXES:
        lines = "lines" if "n" in opt else "bytes"
        raise Stop(opt.word(f"invalid number '{text}'", f"invalid number of {lines}: '{text}'"))
    return found[1], int(found[2]) * SUFFIXES[found[3]]


HEAD = ("{}", "cannot open '{}' for reading")
TAIL = ("can't open '{}'", HEAD[1])


def banner(sys: Any, path: str, first: bool) -> None:
    sys.out(("" if first else "\n") + f"==> {'standard input' if path == '-' else path} <==\n")


@applet("head", "n:c:qv#", "[OPTIONS] [FILE]...", "Print first 10 lines of FILEs (or stdin).",
        long="lines=n bytes=c quiet=q silent=q verbose=v")
def head(sys: Any, opt: Options) -> Any:
    sign, count = amount(opt, str(opt["n"] or opt["c"] or 10))
    by_bytes, status, first = "c" in opt, 0, True
    for path in opt.args or ["-"]:
        source = Input(sys, opt, [path], *HEAD)
        if not source.next_file():
            status, first = 1, not opt.busybox and first
            continue
        if ("v" in opt or len(opt.args) > 1) and "q" not in opt:
            banner(sys, path, first)
        first = False
        if sign == "-":
            yield head_except(sys, source, count, by_bytes)
        elif by_bytes:
            left = count
            while left and (chunk := (yield Read(source.fd, min(left, CHUNK)))):
                sys.write(1, chunk)
                left -= len(chunk)
        else:
            for _ in range(count):
                if (line := (yield source.line_here())) is None:
                    break
                put(sys, line + ("\n" if source.ended else ""))
        source.close()
    return status


def head_except(sys: Any, source: Input, count: int, by_bytes: bool) -> Any:
    """Todo menos lo último."""
    data = b""
    while chunk := (yield Read(source.fd, CHUNK)):
        data += chunk
    pieces = [data[at:at + 1] for at in range(len(data))] if by_bytes else data.splitlines(keepends=True)
    sys.write(1, b"".join(pieces[:-count] if count else pieces))


@applet("tail", "n:c:fFqvs:r#", "[OPTIONS] [FILE]...", "Print last 10 lines of FILEs (or stdin) to.",
        long="lines=n bytes=c follow=f quiet=q verbose=v retry=!")
def tail(sys: Any, opt: Options) -> Any:
    """Las últimas líneas; con -f sigue mirando si el archivo crece, una vez por segundo."""
    sign, count = amount(opt, str(opt["n"] or opt["c"] or 10))
    status, first, watched = 0, True, {}
    for path in opt.args or ["-"]:
        try:
            data = yield contents(sys, path, kept=True)
        except FileError as error:
            status = opt.complain(sys, *TAIL, path, error)
            if "F" in opt:
                watched[path] = 0
            continue
        if ("v" in opt or len(opt.args) > 1) and "q" not in opt:
            banner(sys, path, first)
        first = False
        sys.write(1, ending(data, sign, count, "c" in opt))
        if path != "-":
            watched[path] = len(data)
    if status and not watched and opt.busybox:
        sys.err("tail: no files\n")
    if ("f" in opt or "F" in opt) and watched:
        yield follow(sys, watched)
    return status


def ending(data: bytes, sign: str, count: int, by_bytes: bool) -> bytes:
    if by_bytes:
        return data[count - 1 if count else 0:] if sign == "+" else data[-count:] if count else b""
    lines = data.splitlines(keepends=True) if b"\r" not in data else re.findall(rb"[^\n]*\n|[^\n]+", data)
    return b"".join(lines[max(count - 1, 0):] if sign == "+" else lines[-count:] if count else [])


def follow(sys: Any, watched: dict[str, int]) -> Any:
    """Escribe lo que se añada a los archivos, para siempre."""
    while True:
        yield Sleep(1)
        for path, seen in watched.items():
            try:
                if sys.fs.stat(path).size == seen:
                    continue
                data = sys.fs.read(path)
            except FileError:
                continue
            sys.write(1, data[seen:] if len(data) > seen else data)
            watched[path] = len(data)


@applet("tee", "ai", "[-ai] [FILE]...", "Copy stdin to each FILE, and also to stdout", long="append=a")
def tee(sys: Any, opt: Options) -> Any:
    outputs, status = [1], 0
    for path in opt.args:
        try:
            outputs.append(sys.open(path, "a" if "a" in opt else "w"))
        except FileError as error:
            status = opt.complain(sys, "{}", "{}", path, error)
    while chunk := (yield Read(0, CHUNK)):
        for fd in outputs:
            sys.write(fd, chunk)
    return status


@applet("wc", "clwLm", "[-clwL] [FILE]...", "Count lines, words, and bytes for FILEs (or stdin)",
        long="bytes=c lines=l words=w chars=m max-line-length=L")
def wc(sys: Any, opt: Options) -> Any:
    wanted = [letter for letter in "lwmcL" if letter in opt] or list("lwc")
    status, rows = 0, []
    for path in opt.args or [""]:
        try:
            if path and path != "-" and sys.fs.isdir(path):
                raise FileError("Is a directory", key="EISDIR")
            data = yield contents(sys, path or "-")
        except FileError as error:
            if error.key == "EISDIR" and opt.busybox:
                status = opt.complain(sys, "{}", "{}", path, error)
                rows.append(([0] * len(wanted), path))
                continue
            status = opt.complain(sys, "{}", "{}", path, error)
            continue
        counts = {"l": data.count(b"\n"), "w": len(data.split()), "c": len(data), "m": len(data),
                  "L": max((len(line.expandtabs(8)) for line in data.split(b"\n")), default=0)}
        rows.append(([counts[letter] for letter in wanted], path))
    if len(opt.args) > 1:
        totals = [max(column) if letter == "L" else sum(column)
                  for letter, column in zip(wanted, zip(*(row for row, _ in rows), strict=True), strict=True)]
        rows.append((totals or [0] * len(wanted), "total"))
    wide = 9 if opt.busybox else max([7 if not opt.args else 1,
                                      *(len(str(n)) for row, _ in rows for n in row)])
    for row, path in rows:
        alone = len(wanted) == 1 and (len(opt.args) < 2 or not opt.busybox)
        numbers = [str(row[0])] if alone else [f"{number:>{wide}}" for number in row]
        sys.out(" ".join(numbers) + (f" {path}" if path else "") + "\n")
    return status


@applet("nl", "b:s:w:v:n:i:", "[OPTIONS] [FILE]...", "Write FILEs to standard output with line numbers added",
        long="body-numbering=b")
def nl(sys: Any, opt: Options) -> Any:
    source, number = Input(sys, opt, opt.args), opt.number("v", 1)
    wide, gap = opt.number("w", 6), opt["s"] if "s" in opt else "\t"
    while (line := (yield source.line())) is not None:
        if line or opt["b"] == "a":
            put(sys, f"{number:{wide}d}{gap}{line}\n")
            number += opt.number("i", 1)
        else:
            put(sys, " " * (wide + len(gap)) + "\n")
    return source.status


@applet("hexdump", "bcCdoxvn:s:e:", "[-bcdoxCv] [-n LEN] [-s OFS] [FILE]...",
        "Display FILEs (or stdin) in a user specified format", also=("hd", "od", "xxd"))
def hexdump(sys: Any, opt: Options) -> Any:
    """Los bytes, escritos: -C en hexadecimal con su texto; od, en octal."""
    data = b""
    try:
        for path in opt.args or ["-"]:
            data += yield contents(sys, path)
    except FileError as error:
        return opt.complain(sys, "{}", "{}", path, error)
    start = opt.number("s", 0)
    data = data[start:start + opt.number("n", len(data))]
    style = "C" if opt.name == "hd" or "C" in opt else opt.name
    rows, before = deque(), None
    for at in range(0, len(data), 16):
        piece = data[at:at + 16]
        if piece == before and len(piece) == 16 and "v" not in opt and style != "xxd":
            if rows[-1] != "*":
                rows.append("*")
            continue
        before = piece
        rows.append(dump_row(style, "c" in opt, start + at, piece))
    if data and style != "xxd":
        rows.append(f"{start + len(data):07o}" if style == "od" else
                    f"{start + len(data):0{8 if style == 'C' else 7}x}")
    sys.out("".join(row + "\n" for row in rows))
    return 0


CHARS = {0: r"\0", 7: r"\a", 8: r"\b", 9: r"\t", 10: r"\n", 11: r"\v", 12: r"\f", 13: r"\r"}


def dump_row(style: str, chars: bool, offset: int, piece: bytes) -> str:
    text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in piece)
    words = [piece[at:at + 2] for at in range(0, len(piece), 2)]
    if style == "C":
        halves = "  ".join(" ".join(f"{byte:02x}" for byte in half) for half in (piece[:8], piece[8:]))
        return f"{offset:08x}  {halves:<48}  |{text}|"
    if style == "xxd":
        return f"{offset:08x}: {' '.join(word.hex() for word in words):<39}  {text}"
    if chars:
        cells = [CHARS.get(byte, chr(byte) if 32 <= byte < 127 else f"{byte:03o}") for byte in piece]
        return f"{offset:07{'o' if style == 'od' else 'x'}}" + "".join(f"{cell:>4}" for cell in cells)
    numbers = [int.from_bytes(word, "little") for word in words]
    if style == "od":
        return f"{offset:07o}" + "".join(f" {number:06o}" for number in numbers)
    return f"{offset:07x}" + "".join(f" {number:04x}" for number in numbers)
