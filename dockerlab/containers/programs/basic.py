"""Los programas más breves: echo, printf, test, expr, seq, yes, true, false, sleep, basename..."""

from __future__ import annotations

import re
from typing import Any

from ..requests import Cpu, Pause, Sleep
from .conditions import evaluate
from .expressions import arithmetic
from .kit import basename, dirname, put, raw
from .options import BadUsage, Options, Stop, applet
from .printing import printf_text, unescape


@applet("echo", None)
def echo(sys: Any, opt: Options) -> int:
    """Escribe sus argumentos. Solo `-n`, `-e` y `-E`, juntas o no, son opciones."""
    words, newline, escapes = sys.argv[1:], True, False
    while words and re.fullmatch(r"-[neE]+", words[0]):
        for letter in words.pop(0)[1:]:
            newline, escapes = newline and letter != "n", letter == "e" if letter in "eE" else escapes
    text, quiet = raw(" ".join(words)), False
    if escapes:
        text, quiet = unescape(text, zero=True)
    put(sys, text + ("\n" if newline and not quiet else ""))
    return 0


@applet("printf", None, synopsis="FORMAT [ARG]...", summary="Format and print ARGs according to FORMAT (as "
        "in C printf)")
def printf(sys: Any, opt: Options) -> int:
    words = sys.argv[2:] if sys.argv[1:2] == ["--"] else sys.argv[1:]
    if not words:
        raise BadUsage
    text, errors = printf_text(raw(words[0]), [raw(word) for word in words[1:]])
    put(sys, text)
    for error in errors:
        sys.err(f"printf: {error}\n")
    return 1 if errors else 0


@applet("test", None, also=("[", "[["))
def test(sys: Any, opt: Options) -> int:
    """Evalúa una condición: 0 si se cumple, 1 si no, 2 si está mal escrita."""
    words = sys.argv[1:]
    if opt.name != "test":
        if words[-1:] != [opt.name.replace("[", "]")]:
            sys.err(f"{opt.name}: missing {opt.name.replace('[', ']')}\n")
            return 2
        words = words[:-1]
    try:
        return 0 if evaluate(sys, words) else 1
    except ValueError as error:
        sys.err(f"{opt.name}: {error}\n")
        return 2


@applet("expr", None, synopsis="EXPRESSION", summary="Print the value of EXPRESSION")
def expr(sys: Any, opt: Options) -> int:
    """Calcula: 0 si el resultado no es vacío ni cero, 1 si lo es, 2 si está mal escrito."""
    words = sys.argv[1:]
    if not words:
        sys.err(f"{opt.name}: missing operand\nTry 'expr --help' for more information.\n"
                if not opt.busybox else "expr: too few arguments\n")
        return 2
    try:
        value = arithmetic([raw(word) for word in words])
    except ValueError as error:
        text = str(error).replace("integer", "numeric") if opt.busybox else str(error)
        sys.err(f"expr: {text}\n")
        return 2
    put(sys, value + "\n")
    return 1 if value in ("", "0") else 0


@applet("true", None, also=(":",))
def true(sys: Any, opt: Options) -> int:
    return 0


@applet("false", None)
def false(sys: Any, opt: Options) -> int:
    return 1


@applet("seq", "ws:f:", "[-w] [-s SEP] [FIRST [INC]] LAST", "Print numbers from FIRST to LAST, in steps of "
        "INC",
        long="equal-width=w separator=s", least=1, most=3, operand=r"-\.?\d.*")
def seq(sys: Any, opt: Options) -> int:
    try:
        values = [float(word) for word in opt.args]
    except ValueError:
        bad = next(word for word in opt.args if not re.fullmatch(r"-?\d*\.?\d+", word))
        raise Stop(opt.word(f"invalid number '{bad}'", f"invalid floating point argument: '{bad}'")) from None
    first, step, last = {1: (1.0, 1.0), 2: (values[0], 1.0),
                         3: tuple(values[:2])}[len(values)][:2] + (values[-1],)
    places = max(len(word.partition(".")[2]) for word in opt.args)
    if not step:
        raise Stop("invalid Zero increment value: '0'") if not opt.busybox else Stop("increment is zero")
    count = max(0, int((last - first) / step + 1e-9) + 1)
    rows = [f"{first + at * step:.{places}f}" for at in range(count)]
    if opt["w"]:
        width = max(map(len, rows), default=0)
        rows = [row.zfill(width) for row in rows]
    if rows:
        put(sys, (raw(opt["s"]) if "s" in opt else "\n").join(rows) + "\n")
    return 0


@applet("yes", stop=True)
def yes(sys: Any, opt: Options) -> Any:
    """Repite su texto hasta que alguien cierre la tubería o lo mate."""
    block = (raw(" ".join(opt.args)) or "y") + "\n"
    while True:
        put(sys, block * 64)
        yield Cpu(0.0001)


UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@applet("sleep", "", "[N]...", "Pause for a time equal to the total of the args given", least=1)
def sleep(sys: Any, opt: Options) -> Any:
    total = 0.0
    for word in opt.args:
        found = re.fullmatch(r"(\d+\.?\d*|\.\d+|inf(?:inity)?)([smhd]?)", word)
        if not found:
            if opt.busybox:
                raise Stop(f"invalid number '{word}'")
            raise BadUsage(f"invalid time interval '{word}'")
        total += float(found[1]) * UNITS[found[2] or "s"]
    yield Pause() if total == float("inf") else Sleep(total)


@applet("usleep", "", "N", "Pause for N microseconds", least=1, most=1)
def usleep(sys: Any, opt: Options) -> Any:
    yield Sleep(int(opt.args[0]) / 1e6)


@applet("basename", "as:", "FILE [SUFFIX] | -a FILE... | -s SUFFIX FILE...",
        "Strip directory path and SUFFIX from FILE", least=1)
def basename_(sys: Any, opt: Options) -> int:
    several = opt["a"] or opt["s"]
    suffix = opt["s"] or ("" if several else (opt.args[1:2] or [""])[0])
    for path in opt.args if several else opt.args[:1]:
        name = basename(path)
        sys.out((name.removesuffix(suffix) if name != suffix else name) + "\n")
    return 0


@applet("dirname", "", "FILENAME", "Strip non-directory suffix from FILENAME", least=1)
def dirname_(sys: Any, opt: Options) -> int:
    sys.out("".join(dirname(path) + "\n" for path in opt.args))
    return 0


@applet("sync", "", "", "Write all buffered blocks (in FILEs) to disk", also=("clear", "reset"))
def sync(sys: Any, opt: Options) -> int:
    if opt.name != "sync":
        sys.out("\x1b[H\x1b[J")
    return 0
