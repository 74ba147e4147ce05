"""cal, factor, expand, cksum, strings, dos2unix, link, mountpoint, pstree, who y uuidgen."""

from __future__ import annotations

import calendar
import re
from typing import Any

from dockerlab.errors import FileError

from .inspecting import mounts
from .kit import Input, contents, moment, put
from .options import Options, Stop, applet
from .processes import short


@applet("cal", "jmy", "[-jmy] [[MONTH] YEAR]", "Display a calendar", most=2)
def cal(sys: Any, opt: Options) -> int:
    now = moment(sys.now())
    numbers = [int(word) for word in opt.args if word.isdigit()]
    year, month = (numbers[-1] if numbers else now.year), (numbers[0] if len(numbers) == 2 else now.month)
    maker = calendar.TextCalendar(calendar.MONDAY if "m" in opt else calendar.SUNDAY)
    if len(numbers) == 1 or "y" in opt:
        sys.out(maker.formatyear(year, 2, 1, 2))
        return 0
    rows = maker.formatmonth(year, month).rstrip("\n").split("\n")
    sys.out("\n".join([rows[0].center(20).rstrip(), *rows[1:]]) + "\n")
    return 0


@applet("factor", "", "[NUMBER]...", "Print prime factors")
def factor(sys: Any, opt: Options) -> int:
    for word in opt.args:
        if not word.isdigit() or len(word) > 12:
            raise Stop(opt.word(f"invalid number '{word}'", f"'{word}' is not a valid positive integer"))
        number, divisor, found = int(word), 2, []
        while divisor * divisor <= number:
            while number % divisor == 0:
                found.append(divisor)
                number //= divisor
            divisor += 1
        found += [number] if number > 1 else []
        sys.out(f"{word}:{''.join(f' {each}' for each in found)}\n")
    return 0


@applet("expand", "it:", "[-i] [-t N] [FILE]...", "Convert tabs to spaces, writing to stdout", long="tabs=t",
        also=("unexpand",))
def expand(sys: Any, opt: Options) -> Any:
    source, wide = Input(sys, opt, opt.args), opt.number("t", 8)
    while (line := (yield source.line())) is not None:
        if opt.name == "expand":
            line = line.expandtabs(wide)
        else:
            lead = re.match(r" *", line)[0]
            line = "\t" * (len(lead) // wide) + " " * (len(lead) % wide) + line[len(lead):]
        put(sys, line + "\n")
    return source.status


def crc(data: bytes) -> int:
    """La suma de POSIX `cksum`: CRC-32 con la longitud detrás."""
    total, size = 0, len(data)
    tail = b""
    while size:
        tail += bytes([size & 255])
        size >>= 8
    for byte in data + tail:
        total ^= byte << 24
        for _ in range(8):
            total = (total << 1 ^ 0x04C11DB7 if total & 0x80000000 else total << 1) & 0xFFFFFFFF
    return total ^ 0xFFFFFFFF


@applet("cksum", "", "FILE...", "Calculate CRC32 checksum of FILEs")
def cksum(sys: Any, opt: Options) -> Any:
    status = 0
    for path in opt.args or ["-"]:
        try:
            data = yield contents(sys, path)
        except FileError as error:
            status = opt.complain(sys, "{}", "{}", path, error)
            continue
        sys.out(f"{crc(data)} {len(data)}{'' if path == '-' else ' ' + path}\n")
    return status


@applet("strings", "n:fo", "[-fo] [-n LEN] [FILE]...", "Display printable strings in a binary file",
        long="bytes=n")
def strings(sys: Any, opt: Options) -> Any:
    for path in opt.args or ["-"]:
        data = yield contents(sys, path)
        for found in re.findall(rb"[\x20-\x7e\t]{%d,}" % opt.number("n", 4), data):
            sys.out(found.decode() + "\n")
    return 0


@applet("dos2unix", "ud", "[-ud] [FILE]", "Convert FILE in-place from DOS to Unix format", also=("unix2dos",))
def dos2unix(sys: Any, opt: Options) -> Any:
    """Los finales de línea de Windows, a los de Unix o al revés: en el archivo mismo."""
    for path in opt.args or ["-"]:
        try:
            data = (yield contents(sys, path)).replace(b"\r\n", b"\n")
            data = data.replace(b"\n", b"\r\n") if opt.name == "unix2dos" else data
            if path == "-":
                sys.write(1, data)
            else:
                sys.fs.write(path, data)
        except FileError as error:
            return opt.complain(sys, "can't open '{}'", "{}", path, error)
    return 0


@applet("link", "", "FILE LINK", "Create hard LINK to FILE", least=2, most=2)
def link(sys: Any, opt: Options) -> int:
    try:
        sys.fs.link(*opt.args)
    except FileError as error:
        return opt.complain(sys, f"can't create link '{{}}' to '{opt.args[0]}'",
                            f"cannot create link '{{}}' to '{opt.args[0]}'", opt.args[1], error)
    return 0


@applet("unlink", "", "FILE", "Delete FILE by calling unlink()", least=1, most=1)
def unlink(sys: Any, opt: Options) -> int:
    try:
        sys.fs.remove(opt.args[0])
    except FileError as error:
        return opt.complain(sys, "can't remove file '{}'", "cannot unlink '{}'", opt.args[0], error)
    return 0


@applet("mountpoint", "qdxn", "[-q] { [-dn] DIR | -x DEVICE }", "Check if DIR is a mountpoint",
        long="quiet=q", least=1, most=1)
def mountpoint(sys: Any, opt: Options) -> int:
    try:
        place = sys.fs.stat(opt.args[0]).path
    except FileError as error:
        return opt.complain(sys, "{}", "{}", opt.args[0], error)
    found = any(row[1] == place for row in mounts(sys))
    if "q" not in opt:
        sys.out(f"{opt.args[0]} is {'' if found else 'not '}a mountpoint\n")
    return 0 if found else 1


@applet("pstree", "p", "[-p] [PID|USER]", "Display process tree, optionally start from USER or PID")
def pstree(sys: Any, opt: Options) -> int:
    rows = sys.processes()

    def draw(row: dict[str, Any], lead: str) -> None:
        name = short(row) + (f"({row['pid']})" if "p" in opt else "")
        sys.out(name)
        children = [one for one in rows if one["ppid"] == row["pid"]]
        lead += " " * len(name)
        for at, child in enumerate(children):
            last = at == len(children) - 1
            sys.out(("---" if last else "-+-") if not at else lead + (" `-" if last else " |-"))
            draw(child, lead + ("   " if last else " | "))
        if not children:
            sys.out("\n")
    for row in rows:
        if row["pid"] == 1:
            draw(row, "")
    return 0


@applet("who", None, "[-aH]", "Show who is logged on", also=("w", "users", "last"))
def who(sys: Any, opt: Options) -> int:
    """En un contenedor nadie ha iniciado sesión."""
    if opt.busybox and opt.name in ("who", "w"):
        sys.out("USER\t\tTTY\t\tIDLE\tTIME\t\t HOST\n")
    return 0


@applet("uuidgen", "rt", "", "Generate a random UUID")
def uuidgen(sys: Any, opt: Options) -> int:
    digits = sys.random(16).hex()
    sys.out(f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}\n")
    return 0


@applet("reboot", None, "[-d DELAY] [-nf]", "Reboot the system", also=("halt", "poweroff"))
def reboot(sys: Any, opt: Options) -> int:
    raise Stop(opt.word("Operation not permitted", "must be superuser."))
