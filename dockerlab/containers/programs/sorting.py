"""sort, uniq, cut, tr, paste, fold, comm: ordenar, recortar y cambiar líneas."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

from dockerlab.errors import FileError

from ..appetite import STEP, hold, swell
from ..requests import Read
from .kit import CHUNK, Input, put, raw
from .options import BadUsage, Options, Stop, applet
from .patterns import CLASSES
from .printing import unescape


@applet("sort", "nugMcszbrdfik:t:o:S:T:Vh", "[-nrughMcszbdfiokt] [-o FILE] [-k "
        "START[.OFS][OPTS][,END[.OFS][OPTS]] [-t CHAR] [FILE]...",
        "Sort lines of text", long="numeric-sort=n unique=u reverse=r key=k field-separator=t output=o "
        "human-numeric-sort=h version-sort=V ignore-case=f stable=s", bad=(2, 2))
def sort(sys: Any, opt: Options) -> Any:
    """Ordena; a igualdad de claves decide la línea entera, salvo con -s o -u."""
    source, lines = Input(sys, opt, opt.args, "{}", "cannot read: {}"), []
    held = 0
    while (line := (yield source.line())) is not None:
        lines.append(line)
        held += len(line) + 1
        if held > STEP:
            yield from swell(sys, source.fd)      # de un pozo sin fondo no se guarda de verdad
            yield from hold(sys, held)
        if source.status and opt.busybox:
            break
    if source.status:
        return 2
    keys = [Key(text, opt) for text in opt.all("k")] or [Key("1", opt)]
    split = raw(opt["t"]) if "t" in opt else None

    def order(one: str, other: str) -> int:
        for key in keys:
            if result := key.compare(one, other, split):
                return result
        if "s" in opt or "u" in opt:
            return 0
        return ((one > other) - (one < other)) * (-1 if "r" in opt else 1)
    result = sorted(lines, key=functools.cmp_to_key(order))
    if "c" in opt:
        bad = next((at for at, (was, now) in enumerate(zip(lines, result, strict=True)) if was != now), None)
        if bad is not None:
            sys.err(opt.word(f"Check line {bad + 2}\n", f"sort: -:{bad + 2}: disorder: {lines[bad + 1]}\n"))
        return 0 if bad is None else 1
    if "u" in opt:
        result = [line for at, line in enumerate(result) if not at or order(result[at - 1], line)]
    text = "".join(line + "\n" for line in result)
    if "o" in opt:
        sys.fs.write(opt["o"], text.encode("latin-1"))
    else:
        put(sys, text)
    return 0


UNITS = {letter: 1024 ** power for power, letter in enumerate("KMGTPE", 1)}


class Key:
    """Una clave de `-k`: de qué campo a cuál, y cómo se compara."""

    def __init__(self, text: str, opt: Options):
        found = re.fullmatch(r"(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?", text)
        if not found or found[1] == "0":
            raise Stop(f"bad field specification '{text}'" if not opt.busybox else "bad field specification")
        self.first, self.offset = int(found[1]), int(found[2] or 1)
        self.last, self.end = int(found[4] or 0), int(found[5] or 0)
        own = found[3] + (found[6] or "")
        self.flags = own or "".join(letter for letter in "nghMVrbdfi" if letter in opt)
        self.whole = text == "1" and "k" not in opt

    def pick(self, line: str, split: str | None) -> str:
        if self.whole:
            return line.lstrip() if "b" in self.flags else line
        fields = line.split(split) if split is not None else re.findall(r"[ \t]*[^ \t]+|[ \t]+$", line)
        glue = split or ""
        lead = glue.join(fields[:self.first - 1]) + (glue if self.first > 1 and fields[self.first - 1:] else "")
        text = line[len(lead):] if fields[self.first - 1:] else ""
        if self.last:
            tail = glue.join(fields[self.first - 1:self.last])
            text = text[:len(tail)]
            if self.end:
                text = text[:len(tail) - len(fields[min(self.last, len(fields)) - 1]) + self.end]
        text = text[self.offset - 1:]
        return text.lstrip() if "b" in self.flags else text

    def compare(self, one: str, other: str, split: str | None) -> int:
        left, right = self.value(self.pick(one, split)), self.value(self.pick(other, split))
        return ((left > right) - (left < right)) * (-1 if "r" in self.flags else 1)

    def value(self, text: str) -> Any:
        if "n" in self.flags or "g" in self.flags or "h" in self.flags:
            found = re.match(r"\s*([-+]?(?:\d+\.?\d*|\.\d+))([KMGTPE]?)", text)
            return float(found[1]) * (UNITS.get(found[2], 1) if "h" in self.flags else 1) if found else 0.0
        if "V" in self.flags:
            return [(0, int(piece), "") if piece.isdigit() else (1, 0, piece)
                    for piece in re.findall(r"\d+|\D+", text)]
        if "M" in self.flags:
            names = "jan feb mar apr may jun jul aug sep oct nov dec".split()
            name = text.strip()[:3].lower()
            return names.index(name) + 1 if name in names else 0
        if "d" in self.flags:
            text = re.sub(r"[^a-zA-Z0-9\s]", "", text)
        return text.upper() if "f" in self.flags else text


@applet("uniq", "cduzif:s:w:", "[-cduiz] [-f,s,w N] [FILE [OUTFILE]]", "Discard duplicate lines",
        long="count=c repeated=d unique=u ignore-case=i skip-fields=f", most=2)
def uniq(sys: Any, opt: Options) -> Any:
    source, groups = Input(sys, opt, opt.args[:1], "can't open '{}'", "{}"), []
    skip, chars, width = opt.number("f", 0), opt.number("s", 0), opt.number("w", 10**9)
    while (line := (yield source.line())) is not None:
        key = re.sub(rf"^(\s*\S+){{{skip}}}", "", line) if skip else line
        key = key[chars:][:width]
        key = key.lower() if "i" in opt else key
        if groups and groups[-1][0] == key:
            groups[-1][2] += 1
        else:
            groups.append([key, line, 1])
    wide = 7
    text = "".join((f"{count:{wide}d} " if "c" in opt else "") + line + "\n" for _, line, count in groups
                   if not ("d" in opt and count < 2) and not ("u" in opt and count > 1))
    if len(opt.args) > 1:
        sys.fs.write(opt.args[1], text.encode("latin-1"))
    else:
        put(sys, text)
    return source.status


def ranges(text: str) -> list[tuple[int, int]]:
    """`1,3-5,7-`: pares (primero, último), con el último enorme si no lo hay. `ValueError`."""
    pairs = []
    for piece in text.split(","):
        found = re.fullmatch(r"(\d*)(-?)(\d*)", piece)
        if not found or not (found[1] or found[3]) or (found[3] and not found[2]):
            raise ValueError(text)
        first = int(found[1] or 1)
        last = int(found[3]) if found[3] else 10**9 if found[2] else first
        if not first or last < first:
            raise ValueError(text)
        pairs.append((first, last))
    return pairs


@applet("cut", "b:c:f:d:snD", "[OPTIONS] [FILE]...", "Print selected fields from FILEs to stdout",
        long="fields=f delimiter=d characters=c bytes=b only-delimited=s output-delimiter=O complement=!")
def cut(sys: Any, opt: Options) -> Any:
    chosen = next((letter for letter in "bcf" if letter in opt), "")
    if not chosen:
        if opt.busybox:
            raise Stop("expected a list of bytes, characters, or fields")
        raise BadUsage("you must specify a list of bytes, characters, or fields")
    if opt.busybox and "d" in opt and chosen != "f":
        raise Stop("-d DELIM makes sense only with -f")
    try:
        pairs = ranges(opt[chosen])
    except ValueError:
        raise Stop("invalid range" if opt.busybox else f"invalid field value '{opt[chosen]}'") from None
    delimiter = raw(opt["d"]) if "d" in opt else "\t"
    source = Input(sys, opt, opt.args)
    while (line := (yield source.line())) is not None:
        units = list(line) if chosen != "f" else line.split(delimiter)
        if chosen == "f" and len(units) == 1:
            if "s" not in opt:
                put(sys, line + "\n")
            continue
        kept = [unit for at, unit in enumerate(units, 1) if any(low <= at <= high for low, high in pairs)]
        put(sys, (delimiter if chosen == "f" else "").join(kept) + "\n")
    return source.status


def expand_set(text: str) -> list[str]:
    """Los caracteres de un conjunto de `tr`: `a-z`, `[:upper:]`, escapes."""
    text = unescape(text, zero=False)[0]
    out, at = [], 0
    while at < len(text):
        named = re.match(r"\[:(\w+):\]", text[at:])
        if named and named[1] in CLASSES:
            kind = re.compile(f"[{CLASSES[named[1]]}]", re.ASCII)
            out += [chr(code) for code in range(256) if kind.match(chr(code))]
            at += len(named[0])
        elif text[at + 1:at + 2] == "-" and at + 2 < len(text):
            out += [chr(code) for code in range(ord(text[at]), ord(text[at + 2]) + 1)]
            at += 3
        else:
            out.append(text[at])
            at += 1
    return out


@applet("tr", "cCdst", "[-cds] STRING1 [STRING2]", "Translate, squeeze, or delete characters from stdin, "
        "writing to stdout",
        long="delete=d squeeze-repeats=s complement=c", least=1, most=2)
def tr(sys: Any, opt: Options) -> Any:
    first = expand_set(raw(opt.args[0]))
    if "c" in opt or "C" in opt:
        first = [chr(code) for code in range(256) if chr(code) not in first]
    second = expand_set(raw(opt.args[1])) if len(opt.args) > 1 else []
    if not second and "d" not in opt and "s" not in opt and not opt.busybox:
        raise BadUsage(f"missing operand after '{opt.args[0]}'")
    table: dict[int, int | None] = {}
    if "d" in opt:
        table = {ord(char): None for char in first}
    elif second:
        second += [second[-1]] * (len(first) - len(second))
        table = {ord(char): ord(other) for char, other in zip(first, second, strict=False)}
    squeezed = set((second if len(opt.args) > 1 else first) if "s" in opt else ())
    last = ""
    while chunk := (yield Read(0, CHUNK)):
        text = chunk.decode("latin-1").translate(table)
        if squeezed:
            kept = []
            for char in text:
                if not (char == last and char in squeezed):
                    kept.append(char)
                last = char
            text = "".join(kept)
        put(sys, text)
    return 0


@applet("paste", "d:s", "[-d LIST] [-s] [FILE]...", "Paste lines from each input file together using LIST as "
        "separators",
        long="delimiters=d serial=s")
def paste(sys: Any, opt: Options) -> Any:
    glue, columns = raw(opt["d"] or "\t"), []
    for path in opt.args or ["-"]:
        source, lines = Input(sys, opt, [path]), []
        while (line := (yield source.line())) is not None:
            lines.append(line)
        columns.append(lines)
    rows = columns if "s" in opt else [[column[at] if at < len(column) else "" for column in columns]
                                       for at in range(max(map(len, columns)))]
    for at, row in enumerate(rows):
        if opt.busybox and "s" not in opt:     # una columna que se acabó ya no deja su hueco
            row = [cell for cell, column in zip(row, columns, strict=True) if at < len(column)]
        put(sys, "".join((glue[(at - 1) % len(glue)] if at else "") + cell for at, cell in enumerate(row))
            + "\n")
    return 0


@applet("comm", "123", "[-123] FILE1 FILE2", "Compare FILE1 with FILE2", least=2, most=2)
def comm(sys: Any, opt: Options) -> int:
    try:
        one, other = (sys.fs.read(path).decode("latin-1").splitlines() for path in opt.args)
    except FileError as error:
        return opt.complain(sys, "{}", "{}", str(error.data.get("path", "")), error)
    shown = [str(column) not in opt for column in (1, 2, 3)]
    emit: Callable[[int, str], None] = lambda column, line: put(  # noqa: E731
        sys, "\t" * sum(shown[:column]) + line + "\n") if shown[column] else None
    while one or other:
        if one and other and one[0] == other[0]:
            emit(2, one.pop(0))
            other.pop(0)
        elif one and (not other or one[0] < other[0]):
            emit(0, one.pop(0))
        else:
            emit(1, other.pop(0))
    return 0


@applet("fold", "bsw:", "[-bs] [-w WIDTH] [FILE]...", "Wrap input lines in FILEs (or stdin), writing to "
        "stdout", long="width=w spaces=s")
def fold(sys: Any, opt: Options) -> Any:
    source, width = Input(sys, opt, opt.args), opt.number("w", 80)
    while (line := (yield source.line())) is not None:
        while len(line) > width:
            at = line.rfind(" ", 0, width) + 1 if "s" in opt else 0
            put(sys, line[:at or width] + "\n")
            line = line[at or width:]
        put(sys, line + "\n")
    return source.status
