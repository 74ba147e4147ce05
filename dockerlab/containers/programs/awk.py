"""awk, en pequeño: patrones, campos, variables, cuentas, print y printf.

Entiende lo que se usa en un Dockerfile o en una tubería: `awk '{print $2}'`,
`-F:`, `-v x=1`, `/patrón/`, comparaciones, BEGIN y END, asignaciones, `if`,
`for`, tablas y las funciones de texto más corrientes. Lo que no entiende lo dice
como error de sintaxis y acaba con 1.
"""

from __future__ import annotations

from typing import Any

from dockerlab.errors import FileError

from .awk_language import AwkError, Parser
from .awk_machine import Machine
from .kit import Input, raw
from .options import BadUsage, Options, applet
from .printing import unescape


@applet("awk", "F:v:f:", "[-F SEP] [-v VAR=VAL] [-f FILE]... [AWK_PROGRAM] [FILE]...", "", stop=True,
        bad=(1, 2),
        also=("gawk", "mawk"))
def awk(sys: Any, opt: Options) -> Any:
    try:
        texts = [sys.fs.read(path).decode("latin-1") for path in opt.all("f")]
    except FileError as error:
        opt.complain(sys, "{}", "can't open file {}", opt["f"], error)
        return 2
    if not texts:
        if not opt.args:
            raise BadUsage
        texts = [raw(opt.args.pop(0))]
    machine = Machine(sys)
    try:
        rules = Parser("\n".join(texts)).program()
    except AwkError as error:
        sys.err(f"awk: cmd. line:{error.line}: {error}\n")
        return 1 if opt.busybox else 2
    machine.variables["FS"] = unescape(raw(opt["F"]), zero=False)[0] if "F" in opt else " "
    for pair in opt.all("v"):
        name, _, value = pair.partition("=")
        machine.variables[name] = machine.guess(unescape(raw(value), zero=False)[0])
    try:
        source = Input(sys, opt, opt.args, "{}", "cannot open \"{}\"")
        yield machine.execute(rules, source)
    except AwkError as error:
        sys.err(f"awk: {error}\n")
        return 2
    return machine.code or source.status * (1 if opt.busybox else 2)
