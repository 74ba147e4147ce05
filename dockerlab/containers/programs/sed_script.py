"""El lenguaje de sed, leído: de un texto a una lista de órdenes.

Fuente: POSIX.1-2017, *Shell & Utilities*, `sed`, con los añadidos de GNU que
también entiende BusyBox (`0,/x/`, `1~2`, `+N`, `I`, `T`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .patterns import BadPattern, compile_posix
from .printing import NAMED


class BadScript(Exception):
    """Un guion de sed que no se entiende."""


@dataclass(slots=True)
class Address:
    """Dónde actúa una orden: una línea, la última ($), un patrón, cada tantas, o tantas más."""

    kind: str               # número, $, patrón (/), paso (~) o suma (+)
    number: int = 0
    step: int = 0
    pattern: re.Pattern[str] | None = None


@dataclass(slots=True)
class Command:
    """Una orden con sus direcciones; `jump`: a qué orden saltan b, t, T y las llaves que no se cumplen."""

    name: str
    first: Address | None = None
    last: Address | None = None
    negate: bool = False
    text: str = ""                                # texto de a, i, c; etiqueta; archivo
    pattern: re.Pattern[str] | None = None        # None en s: el último usado
    replacement: list[str | int] = field(default_factory=list)
    flags: frozenset[str] = frozenset()
    occurrence: int = 1
    table: dict[int, str] = field(default_factory=dict)
    jump: int = 0
    until: int | str = 0                          # dentro de un rango: hasta qué línea, o hasta el patrón


class Reader:
    """Va leyendo el guion; `at` es por dónde."""

    def __init__(self, text: str, extended: bool, busybox: bool):
        self.text, self.extended, self.busybox, self.at = text, extended, busybox, 0

    def script(self) -> list[Command]:
        """Todas las órdenes en una lista llana: los bloques son saltos."""
        commands: list[Command] = []
        blocks: list[Command] = []
        while True:
            self.skip(" \t\n;")
            if self.at >= len(self.text):
                break
            if self.text[self.at] == "#":
                self.line()
            elif self.text[self.at] == "}":
                self.at += 1
                if not blocks:
                    raise BadScript("unexpected '}'")
                blocks.pop().jump = len(commands)
            else:
                commands.append(self.command())
                if commands[-1].name == "{":
                    blocks.append(commands[-1])
        if blocks:
            raise BadScript("unmatched '{'")
        labels = {command.text: at for at, command in enumerate(commands) if command.name == ":"}
        for command in commands:
            if command.name in ("b", "t", "T"):
                if command.text and command.text not in labels:
                    raise BadScript(f"can't find label for jump to '{command.text}'")
                command.jump = labels.get(command.text, len(commands))
        return commands

    def skip(self, chars: str) -> None:
        while self.at < len(self.text) and self.text[self.at] in chars:
            self.at += 1

    def line(self) -> str:
        end = self.text.find("\n", self.at)
        end = len(self.text) if end < 0 else end
        piece, self.at = self.text[self.at:end], end
        return piece

    def next(self) -> str:
        char = self.text[self.at:self.at + 1]
        self.at += 1
        return char

    def number(self) -> int | None:
        found = re.compile(r"\d+").match(self.text, self.at)
        if not found:
            return None
        self.at = found.end()
        return int(found[0])

    def address(self) -> Address | None:
        number = self.number()
        if number is not None:
            if self.text[self.at:self.at + 1] == "~" and not self.busybox:
                self.at += 1
                return Address("~", number, self.number() or 0)
            return Address("n", number)
        char = self.text[self.at:self.at + 1]
        if char == "$":
            self.at += 1
            return Address("$")
        if char == "+":
            self.at += 1
            return Address("+", self.number() or 0)
        if char in ("/", "\\") and char:
            self.at += 1
            mark = "/" if char == "/" else self.next()
            source = self.until(mark, keep=True)
            ignore = self.text[self.at:self.at + 1] == "I"
            self.at += ignore
            return Address("/", pattern=self.compile(source, ignore))
        return None

    def compile(self, source: str, ignore: bool) -> re.Pattern[str] | None:
        if not source:
            return None
        try:
            return compile_posix(source, self.extended, ignore)
        except BadPattern as error:
            raise BadScript(f"bad regex '{source}': {error}") from None

    def until(self, mark: str, keep: bool) -> str:
        """Hasta el delimitador; los que están dentro de corchetes (`keep`) o con barra no cuentan."""
        out, bracket = [], False
        while True:
            char = self.next()
            if not char or (char == "\n" and keep and mark != "\n"):
                raise BadScript(f"unmatched '{mark}'" if self.busybox else "unterminated `s' command")
            if char == "\\":
                following = self.next()
                out.append(following if following == mark and mark not in "(){}|+?*.[]^$" else
                           "\n" if following == "n" and keep else "\\" + following)
            elif keep and char == "[" and not bracket:
                bracket = True
                out.append(char)
                for extra in ("^", "]"):
                    if self.text[self.at:self.at + 1] == extra:
                        out.append(self.next())
            elif char == mark and not bracket:
                return "".join(out)
            else:
                bracket = bracket and char != "]"
                out.append(char)

    def command(self) -> Command:
        first = self.address()
        last = None
        self.skip(" \t")
        if first and self.text[self.at:self.at + 1] == ",":
            self.at += 1
            self.skip(" \t")
            last = self.address()
            if last is None:
                raise BadScript("no address after comma")
        self.skip(" \t")
        negate = False
        while self.text[self.at:self.at + 1] == "!":
            self.at, negate = self.at + 1, True
            self.skip(" \t")
        name = self.next()
        command = Command(name, first, last, negate)
        if name in ("a", "i", "c"):
            command.text = self.block()
        elif name in (":", "b", "t", "T"):
            self.skip(" \t")
            found = re.compile(r"[^;\n}]*" if name != ":" else r"[^;\n]*").match(self.text, self.at)
            command.text, self.at = found[0].strip() if found else "", found.end() if found else self.at
        elif name in ("r", "w"):
            self.skip(" \t")
            command.text = self.line()
        elif name == "s":
            self.substitution(command)
        elif name == "y":
            mark = self.next()
            source, target = (piece.replace("\\n", "\n").replace("\\\\", "\\")
                              for piece in (self.until(mark, keep=False), self.until(mark, keep=False)))
            if len(source) != len(target):
                raise BadScript("strings for `y' command are different lengths")
            command.table = {ord(one): other for one, other in zip(source, target, strict=True)}
        elif name in ("q", "Q"):
            self.skip(" \t")
            command.occurrence = self.number() or 0
        elif not name:
            raise BadScript("missing command")
        elif name not in "dDgGhHlnNpPx={":
            raise BadScript(f"unsupported command {name}")
        if name not in "aicrw:{":
            self.skip(" \t")
            if self.text[self.at:self.at + 1] not in ("", ";", "\n", "}", "#"):
                raise BadScript("unknown option to `s'" if name == "s" else "extra characters after command")
        return command

    def block(self) -> str:
        r"""El texto de a, i y c: en la misma línea o tras `\` y salto; sigue mientras acabe en `\`."""
        self.skip(" \t")
        if self.text[self.at:self.at + 1] == "\\":
            self.at += 1
            self.skip(" \t")
            if self.text[self.at:self.at + 1] == "\n":
                self.at += 1
        lines = []
        while True:
            piece = self.line()
            going = len(piece) - len(piece.rstrip("\\"))
            lines.append(re.sub(r"\\(.)", lambda hit: NAMED.get(hit[1], hit[1]) if hit[1] in "tn" else hit[1],
                                piece[:-1] if going % 2 else piece))
            if going % 2 and self.at < len(self.text):
                self.at += 1
                continue
            return "\n".join(lines) + "\n"

    def substitution(self, command: Command) -> None:
        mark = self.next()
        source = self.until(mark, keep=True)
        replacement = self.until(mark, keep=False)
        found = re.compile(r"[gpIie0-9mM]*").match(self.text, self.at)
        flags, self.at = (found[0], found.end()) if found else ("", self.at)
        if self.text[self.at:self.at + 1] == "w":
            self.at += 1
            self.skip(" \t")
            command.text = self.line()
        digits = re.sub(r"\D", "", flags)
        command.occurrence = int(digits) if digits else 1
        command.flags = frozenset(flags)
        command.pattern = self.compile(source, "I" in flags or "i" in flags)
        command.replacement = parts(replacement)


def parts(text: str) -> list[str | int]:
    r"""El reemplazo de `s` en trozos: textos, números de grupo (0 es `&`) y cambios de caja (`\U`...)."""
    out: list[str | int] = []
    for found in re.finditer(r"\\([\s\S])|(&)|([^\\&]+)", text):
        escaped, whole, plain = found.groups()
        if whole:
            out.append(0)
        elif plain:
            out.append(plain)
        elif escaped.isdigit():
            out.append(int(escaped))
        elif escaped in "ULEul":
            out.append("\\" + escaped)
        else:
            out.append(NAMED.get(escaped, escaped) if escaped in "nt" else escaped)
    return out
