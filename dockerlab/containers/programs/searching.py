"""grep: las líneas que casan con un patrón."""

from __future__ import annotations

import re
from typing import Any

from dockerlab.errors import FileError
from dockerlab.filesystem.nodes import Directory, Symlink

from .kit import Input, join, put, raw
from .options import BadUsage, Options, applet
from .patterns import BadPattern, compile_posix

SYNOPSIS = "[-HhnlLoqvsrRiwFEz] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]..."
LONG = "ignore-case=i invert-match=v line-number=n count=c quiet=q silent=q recursive=r extended-regexp=E " \
       "fixed-strings=F only-matching=o word-regexp=w line-regexp=x files-with-matches=l regexp=e file=f " \
       "no-filename=h with-filename=H no-messages=s max-count=m after-context=A before-context=B context=C " \
       "color=! colour=! include=I exclude=X exclude-dir=Y perl-regexp=P files-without-match=L basic-regexp=G"


class Pattern:
    """Lo que se busca: varias expresiones, con sus opciones."""

    def __init__(self, opt: Options, texts: list[str]):
        pieces = []
        extended = "E" in opt or "P" in opt or opt.name == "egrep"
        fixed = "F" in opt or opt.name == "fgrep"
        for text in texts:
            piece = re.escape(text) if fixed else compile_posix(text, extended).pattern
            if "w" in opt:
                piece = rf"(?<!\w)(?:{piece})(?!\w)"
            if "x" in opt:
                piece = rf"\A(?:{piece})\Z"
            pieces.append(re.compile(piece, re.ASCII | (re.IGNORECASE if "i" in opt else 0)))
        self.pieces = pieces

    def matches(self, line: str) -> bool:
        return any(piece.search(line) for piece in self.pieces)

    def parts(self, line: str) -> list[str]:
        """Los trozos que casan, sin los vacíos (-o)."""
        found = {(hit.start(), -len(hit[0]), hit[0]) for piece in self.pieces for hit in piece.finditer(line)
                 if hit[0]}
        out, at = [], 0
        for start, _, text in sorted(found):
            if start >= at:
                out.append(text)
                at = start + len(text)
        return out


@applet("grep", "HhnlLoqvsrRiwxFEzPGcm:A:B:C:e:f:I:X:Y:!::", SYNOPSIS,
        "Search for PATTERN in FILEs (or stdin)",
        long=LONG, bad=(2, 2), also=("egrep", "fgrep"))
def grep(sys: Any, opt: Options) -> Any:
    """0 si algo casa, 1 si nada, 2 si hubo un error."""
    texts = opt.all("e")
    try:
        for path in opt.all("f"):
            texts += sys.fs.read(path).decode("utf-8", "surrogateescape").splitlines()
    except FileError as error:
        opt.complain(sys, "{}", "{}", opt["f"], error)
        return 2
    if not opt.all("e") and not opt.all("f"):
        if not opt.args:
            raise BadUsage
        texts = [opt.args.pop(0)]
    try:
        pattern = Pattern(opt, [raw(line) for text in texts for line in text.split("\n")])
    except BadPattern as error:
        sys.err(f"{opt.name}: bad regex '{texts[0]}'\n" if opt.busybox else f"{opt.name}: {error}\n")
        return 2
    deep = "r" in opt or "R" in opt
    paths, status = list(opt.args) or (["."] if deep else ["-"]), 1
    if deep:
        paths = [inner for path in paths for inner in tree(sys, opt, path)]
    named = ("H" in opt or len(opt.args) > 1 or deep) and "h" not in opt
    worst = 0
    for path in paths:
        shown = path.removeprefix("./") if deep and not opt.args and not opt.busybox else path
        try:
            if path != "-" and sys.fs.isdir(path):
                raise FileError("Is a directory", key="EISDIR")
            found = yield search(sys, opt, pattern, path, shown, named)
        except FileError as error:
            worst = 2
            if "s" not in opt:
                if error.key == "EISDIR" and not opt.busybox:
                    sys.err(f"grep: {path}: Is a directory\n")
                    worst = 0
                elif not (error.key == "EISDIR"):
                    opt.complain(sys, "{}", "{}", path, error)
                else:
                    worst = 0
            continue
        if found:
            status = 0
            if "q" in opt:
                return 0
    return worst or status


def tree(sys: Any, opt: Options, path: str) -> list[str]:
    """Los archivos que cuelgan de `path`, en orden."""
    from fnmatch import fnmatchcase
    try:
        node = sys.fs.stat(path, follow=path in opt.args or path == ".").node
    except FileError:
        return [path]
    name = path.rpartition("/")[2]
    if isinstance(node, Directory):
        if any(fnmatchcase(name, skip) for skip in opt.all("Y")):
            return []
        return [inner for below in sys.fs.listdir(path) for inner in tree(sys, opt, join(path, below))]
    if isinstance(node, Symlink) and "R" not in opt:
        return []
    wanted, unwanted = opt.all("I"), opt.all("X")
    if wanted and not any(fnmatchcase(name, good) for good in wanted):
        return []
    if any(fnmatchcase(name, bad) for bad in unwanted):
        return []
    return [path]


def search(sys: Any, opt: Options, pattern: Pattern, path: str, shown: str, named: bool) -> Any:
    """Busca en un archivo y escribe lo que toque; si algo casó."""
    fd_path = Input(sys, opt, [path])
    fd_path.fd = 0 if path == "-" else sys.open(path, "r")
    fd_path.waiting, fd_path.path = [], path
    shown = "(standard input)" if path == "-" else shown
    lead = shown + ":" if named else ""
    context = opt.number("C", 0)
    after, before = opt.number("A", context), opt.number("B", context)
    limit = opt.number("m", 10**9)
    quiet = any(flag in opt for flag in "qlLc")
    hits = left = number = last = 0
    kept: list[tuple[int, str]] = []
    while hits < limit and (line := (yield fd_path.line_here())) is not None:
        number += 1
        hit = pattern.matches(line) != ("v" in opt)
        hits += hit
        if quiet:
            if hit and ("q" in opt or "l" in opt):
                break
            continue
        if hit:
            if (after or before) and last and number - len(kept) > last + 1:
                put(sys, "--\n")
            for at, text in kept:
                show(sys, opt, shown if named else "", at, text, "-")
            kept, left, last = [], after, number
            for piece in pattern.parts(line) if "o" in opt and "v" not in opt else [line] if "o" not in opt else []:
                put(sys, lead + (f"{number}:" if "n" in opt else "") + piece + "\n")
        elif left:
            show(sys, opt, shown if named else "", number, line, "-")
            left, last = left - 1, number
        elif before:
            kept = [*kept, (number, line)][-before:]
    fd_path.close()
    if "q" in opt:
        return bool(hits)
    if "l" in opt and hits or "L" in opt and not hits:
        sys.out(shown + "\n")
    elif "c" in opt and "l" not in opt and "L" not in opt:
        sys.out(f"{lead}{hits}\n")
    return bool(hits) != ("L" in opt)


def show(sys: Any, opt: Options, name: str, number: int, line: str, mark: str) -> None:
    """Una línea de contexto."""
    put(sys, (name + mark if name else "") + (f"{number}{mark}" if "n" in opt else "") + line + "\n")
