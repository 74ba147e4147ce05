"""sed: las órdenes del guion, aplicadas a cada línea."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any

from dockerlab.errors import FileError

from .kit import Input, put, raw
from .options import BadUsage, Options, applet
from .sed_script import Address, BadScript, Command, Reader


class Quit(Exception):
    """Una orden q: se acaba aquí."""


class Editor:
    """El estado de sed: la línea que se edita, la guardada y lo que se escribirá al final de la vuelta."""

    def __init__(self, sys: Any, opt: Options, script: list[Command], paths: list[str]):
        self.sys, self.opt, self.script = sys, opt, script
        self.source = Input(sys, opt, paths, "{}", "can't read {}")
        self.space = self.hold = ""
        self.number, self.code = 0, 0
        self.substituted = False
        self.later: list[str] = []
        self.ahead: tuple[str, bool] | None = None
        self.ended = True
        self.quiet = "n" in opt
        self.pattern: re.Pattern[str] | None = None
        self.output: list[str] | None = [] if "i" in opt else None

    def write(self, text: str) -> None:
        if self.output is None:
            put(self.sys, text)
        else:
            self.output.append(text)

    def print(self, text: str) -> None:
        self.write(text + ("\n" if self.ended or self.ahead else ""))

    def advance(self) -> Generator[Any, Any, bool]:
        """Toma la línea siguiente y mira si hay otra detrás (para `$`)."""
        if self.number == 0:
            yield self.peek()
        if self.ahead is None:
            return False
        self.line, self.ended = self.ahead
        self.number += 1
        yield self.peek()
        return True

    def peek(self) -> Generator[Any, Any, None]:
        line = yield from self.source.line()
        self.ahead = None if line is None else (line, self.source.ended)

    def flush(self) -> None:
        for text in self.later:
            self.write(text)
        self.later = []

    def edit(self) -> Generator[Any, Any, None]:
        """Todas las líneas, una vuelta cada una."""
        try:
            while (yield self.advance()):
                self.space = self.line
                outcome = "again"
                while outcome == "again":
                    self.substituted = False
                    outcome = yield self.run()
                if outcome != "delete" and not self.quiet:
                    self.print(self.space)
                self.flush()
        except Quit:
            self.flush()

    def run(self) -> Generator[Any, Any, str]:
        """Las órdenes, en orden: «» al acabar, «delete» si se borró, «again» para empezar sin leer."""
        at = 0
        while at < len(self.script):
            command = self.script[at]
            at += 1
            if self.selects(command) == command.negate:
                at = command.jump if command.name == "{" else at
            elif command.name in ("b", "t", "T"):
                if command.name == "b" or self.substituted == (command.name == "t"):
                    at = command.jump
                if command.name != "b":
                    self.substituted = False
            elif outcome := (yield from self.one(command)):
                return outcome
        return ""

    def selects(self, command: Command) -> bool:
        """Si la línea presente está entre las de la orden."""
        if command.first is None:
            return True
        if command.last is None:
            return self.at(command.first)
        if command.until:
            if command.until == "/":
                if self.at(command.last):
                    command.until = 0
                return True
            if self.number >= int(command.until):
                inside = self.number == command.until
                command.until = 0
                return inside or self.at(command.first)
            return True
        zero = command.first.kind == "n" and command.first.number == 0
        if not zero and not self.at(command.first):
            return False
        if zero and self.number > 1:
            return False
        last = command.last
        if last.kind == "/":
            command.until = 0 if zero and self.at(last) else "/"
        elif last.kind == "$":
            command.until = 0 if self.ahead is None else 10**12
        else:
            goal = self.number + last.number if last.kind == "+" else last.number
            command.until = goal if goal > self.number else 0
        return True

    def at(self, address: Address) -> bool:
        match address.kind:
            case "n":
                return self.number == address.number
            case "$":
                return self.ahead is None
            case "~":
                return self.number >= address.number and (
                    (self.number - address.number) % address.step == 0 if address.step
                    else self.number == address.number)
            case _:
                self.pattern = address.pattern or self.pattern
                return bool(self.pattern and self.pattern.search(self.space))

    def one(self, command: Command) -> Generator[Any, Any, str]:
        match command.name:
            case "s":
                self.substitute(command)
            case "p":
                self.print(self.space)
            case "P":
                self.write(self.space.partition("\n")[0] + "\n")
            case "d":
                return "delete"
            case "D":
                head, newline, self.space = self.space.partition("\n")
                return "again" if newline else "delete"
            case "=":
                self.write(f"{self.number}\n")
            case "a":
                self.later.append(command.text)
            case "i":
                self.write(command.text)
            case "c":
                if not command.until or command.negate:
                    self.write(command.text)
                return "delete"
            case "r":
                try:
                    self.later.append(self.sys.fs.read(command.text).decode("latin-1"))
                except FileError:
                    return ""   # POSIX: un archivo que no se puede leer se trata como vacío
            case "w":
                self.sys.fs.write(command.text, (self.space + "\n").encode("latin-1"), append=True)
            case "h":
                self.hold = self.space
            case "H":
                self.hold += "\n" + self.space
            case "g":
                self.space = self.hold
            case "G":
                self.space += "\n" + self.hold
            case "x":
                self.space, self.hold = self.hold, self.space
            case "y":
                self.space = self.space.translate(command.table)
            case "l":
                self.write(self.space.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n") + "$\n")
            case "n" | "N":
                return (yield from self.more(command.name))
            case "q" | "Q":
                if command.name == "q" and not self.quiet:
                    self.print(self.space)
                self.code = command.occurrence
                raise Quit
        return ""

    def more(self, name: str) -> Generator[Any, Any, str]:
        """`n` cambia la línea por la siguiente; `N` la añade."""
        if self.ahead is None:
            if not self.quiet:
                self.print(self.space)
            raise Quit
        if name == "n" and not self.quiet:
            self.print(self.space)
        self.flush()
        yield self.advance()
        self.space = self.line if name == "n" else self.space + "\n" + self.line
        return ""

    def substitute(self, command: Command) -> None:
        self.pattern = command.pattern or self.pattern
        if self.pattern is None:
            return
        out, at, count, done = [], 0, 0, False
        for found in self.pattern.finditer(self.space):
            count += 1
            if count < command.occurrence or done and "g" not in command.flags:
                continue
            out += [self.space[at:found.start()], fill(command.replacement, found)]
            at, done = found.end(), True
            if "g" not in command.flags:
                break
        if not done:
            return
        self.space = "".join(out) + self.space[at:]
        self.substituted = True
        if "p" in command.flags:
            self.print(self.space)
        if command.text:
            self.sys.fs.write(command.text, (self.space + "\n").encode("latin-1"), append=True)


CASES = {"\\U": str.upper, "\\L": str.lower, "\\E": str}


def fill(replacement: list[str | int], found: re.Match[str]) -> str:
    """El texto que sustituye a lo encontrado."""
    out, case, once = "", str, None
    for part in replacement:
        if isinstance(part, str) and part in CASES:
            case = CASES[part]
            continue
        if part in ("\\u", "\\l"):
            once = str.upper if part == "\\u" else str.lower
            continue
        text = case((found[part] or "") if isinstance(part, int) else part)
        if once and text:
            text, once = once(text[0]) + text[1:], None
        out += text
    return out


@applet("sed", "nrEsuzi::e:f:", "[-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]...", "",
        long="quiet=n silent=n expression=e file=f in-place=i regexp-extended=E")
def sed(sys: Any, opt: Options) -> Any:
    texts = []
    for letter, value in opt.given:
        if letter == "e":
            texts.append(raw(str(value)))
        elif letter == "f":
            try:
                texts.append(sys.fs.read(value).decode("latin-1").rstrip("\n"))
            except FileError as error:
                return opt.complain(sys, "{}", "couldn't open file {}", str(value), error)
    if not texts:
        if not opt.args:
            raise BadUsage
        texts = [raw(opt.args.pop(0))]
    source, status = "\n".join(texts), 0
    quiet = source.startswith("#n\n")

    def script() -> list[Command]:
        return Reader(source, "r" in opt or "E" in opt, opt.busybox).script()
    try:
        script()
    except BadScript as error:
        sys.err(f"sed: {error}\n" if opt.busybox else f"sed: -e expression #1, char {len(source)}: {error}\n")
        return 1
    if "i" not in opt:
        editor = Editor(sys, opt, script(), opt.args)
        editor.quiet = editor.quiet or quiet
        yield editor.edit()
        return editor.code or (editor.source.status if opt.busybox else editor.source.status * 2)
    for path in opt.args:
        if not sys.fs.exists(path):
            status = opt.complain(sys, "{}: No such file or directory",
                                  "can't read {}: No such file or directory", path)
            continue
        editor = Editor(sys, opt, script(), [path])
        yield editor.edit()
        node = sys.fs.stat(path).node
        if opt["i"]:
            sys.fs.write(path + str(opt["i"]), node.content, mode=node.mode)
        sys.fs.write(path, "".join(editor.output or []).encode("latin-1"))
    return status if opt.busybox else status * 2
