"""Lo que empieza por `$`: parámetros, sustituciones y aritmética; y las comillas invertidas."""

from __future__ import annotations

import re

from .dialects import Dialect
from .tree import Arithmetic, Node, Parameter, Part, Substitution, Text, Word

META = frozenset(" \t\n|&;<>()")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
SPECIAL = "@*#?-$!0123456789"
PLAIN = re.compile(r"[^\s|&;<>()'\"\\$`]+")
IN_QUOTES = re.compile(r"[^\"\\$`]+")
ANSI = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b", "\\": "\\",
        "'": "'", '"': '"'}
MAX_DEPTH = 60


class ShellSyntaxError(Exception):
    """Un guion mal escrito. `kind`: qué pasa; `found` y `expecting`: el símbolo que sobra y el que falta.

    `incomplete`: con más líneas podría estar bien (así se sabe cuándo seguir leyendo).
    """

    def __init__(self, kind: str, line: int, found: str = "", expecting: str = "", incomplete: bool = False):
        super().__init__(kind)
        self.kind, self.line, self.found, self.expecting, self.incomplete = kind, line, found, expecting, incomplete
        self.nested = False      # dentro de $( )


class Dollars:
    """Lee de `text` a partir de `at`. Las órdenes de dentro (`nested`, `inner`) las lee el analizador."""

    def __init__(self, text: str, dialect: Dialect, line: int = 1, depth: int = 0):
        self.text, self.at, self.start_line = text, 0, line
        self._counted, self._line = 0, line
        self.dialect, self.depth = dialect, depth
        self._commands: set[int] = set()     # dónde `$((` resultó ser `$( (orden) )`

    def nested(self) -> Node | None:
        """Las órdenes hasta el paréntesis que cierra."""
        raise NotImplementedError

    def inner(self, text: str, line: int) -> Node | None:
        """Las órdenes de otro texto."""
        raise NotImplementedError

    @property
    def line(self) -> int:
        """La línea por la que se va."""
        if self.at < self._counted:
            self._counted, self._line = 0, self.start_line
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def fail(self, kind: str, found: str = "", expecting: str = "", incomplete: bool = False) -> ShellSyntaxError:
        """El error, con la línea en la que se está."""
        return ShellSyntaxError(kind, self.line, found, expecting, incomplete)

    def unterminated(self) -> ShellSyntaxError:
        """Faltan unas comillas de cierre."""
        return self.fail("unterminated", incomplete=True)

    def dollar(self, quoted: bool) -> Part:
        """Lo que empieza por `$`."""
        text, at = self.text, self.at + 1
        if text.startswith("((", at) and self.at not in self._commands:
            found = self._arithmetic(quoted)
            if found:
                return found
        if text.startswith("(", at):
            self.at = at + 1
            return Substitution(self.nested(), quoted)
        if text.startswith("{", at):
            self.at = at + 1
            return self._braces(quoted)
        name = NAME.match(text, at)
        if name:
            self.at = name.end()
            return Parameter(name[0], quoted=quoted)
        if at < len(text) and text[at] in SPECIAL:
            self.at = at + 1
            return Parameter(text[at], quoted=quoted)
        self.at = at
        return Text("$", quoted)

    def _arithmetic(self, quoted: bool) -> Part | None:
        """`$(( ))`; `None` si en realidad es `$( (orden) )`."""
        start, self.at = self.at, self.at + 3
        parts, level, text = [], 0, self.text
        self._deeper()
        while self.at < len(text):
            char = text[self.at]
            if char == "(":
                level += 1
            elif char == ")":
                if level == 0:
                    if text.startswith("))", self.at):
                        self.at += 2
                        self.depth -= 1
                        return Arithmetic(Word(merge(parts)), quoted)
                    break
                level -= 1
            if char == "$":
                parts.append(self.dollar(True))
            elif char == "`":
                parts.append(self._backquote(True))
            elif char == "\\" and text.startswith("\n", self.at + 1):
                self.at += 2
            else:
                if char not in "\"'":
                    parts.append(Text(char, True))
                self.at += 1
        else:
            raise self.fail("missing-arithmetic", incomplete=True)
        self.at = start
        self.depth -= 1
        self._commands.add(start)
        return None

    def _braces(self, quoted: bool) -> Parameter:
        """`${...}`, después de la llave."""
        text = self.text
        self._deeper()
        if re.compile(r"#(?:[A-Za-z_]\w*|[@*?$!\d-]\d*)\}").match(text, self.at):
            end = text.index("}", self.at)
            name, self.at = text[self.at + 1:end], end + 1
            self.depth -= 1
            return Parameter(name, "length", quoted=quoted)
        found = re.compile(r"[A-Za-z_]\w*|\d+|[@*#?$!-]").match(text, self.at)
        if not found:
            raise self._bad()
        name, self.at = found[0], found.end()
        found = re.compile(r":[-=?+]|[-=?+]|##?|%%?|//?|:").match(text, self.at)
        if not found and self.dialect.letter_case:
            found = re.compile(r"\^\^?|,,?").match(text, self.at)
        if text.startswith("}", self.at) or not found:
            if not text.startswith("}", self.at):
                raise self._bad()
            self.at += 1
            self.depth -= 1
            return Parameter(name, quoted=quoted)
        op, self.at = found[0], found.end()
        if op in ("/", "//", ":") and not self.dialect.substrings:
            raise self._bad()
        pattern = op[0] in "#%/"
        argument = self._argument(quoted and not pattern, "/}" if op[0] == "/" else ":}" if op == ":" else "}")
        second = None
        if op[0] in "/:" and op in ("/", "//", ":") and text.startswith(("/", ":"), self.at):
            self.at += 1
            second = self._argument(quoted and op == ":", "}")
        if not text.startswith("}", self.at):
            raise self.fail("missing-brace", incomplete=True)
        self.at += 1
        self.depth -= 1
        colon = len(op) == 2 and op[0] == ":"
        return Parameter(name, op[1:] if colon else op, colon, argument, second, quoted)

    def _argument(self, quoted: bool, stop: str) -> Word:
        return Word(merge(self.quoted("}")), self.line) if quoted and stop == "}" else self.word(stop)

    def _bad(self) -> ShellSyntaxError:
        if "}" not in self.text[self.at:]:
            return self.fail("missing-brace", incomplete=True)
        end = self.text.index("}", self.at) + 1
        return self.fail("bad-substitution", self.text[self.text.rindex("${", 0, self.at):end])

    def _backquote(self, quoted: bool) -> Substitution:
        """`` `orden` ``: dentro, `\\` solo escapa a `$`, a `` ` `` y a sí misma."""
        line, out, text = self.line, [], self.text
        self.at += 1
        while True:
            if self.at >= len(text):
                raise self.fail("eof-backquote", incomplete=True)
            char = text[self.at]
            if char == "`":
                break
            if char == "\\" and text[self.at + 1:self.at + 2] in ("$", "`", "\\", '"' if quoted else "`"):
                self.at += 1
                char = text[self.at]
            out.append(char)
            self.at += 1
        self.at += 1
        return Substitution(self.inner("".join(out), line), quoted)

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail("too-deep")


def merge(parts: list[Part]) -> tuple[Part, ...]:
    """Une los textos vecinos de la misma clase."""
    out: list[Part] = []
    run: list[str] = []
    for part in parts:
        if isinstance(part, Text) and out and isinstance(out[-1], Text) and out[-1].quoted == part.quoted:
            run.append(part.text)
            continue
        if run:
            out[-1] = Text("".join(run), out[-1].quoted)
        out.append(part)
        run = [part.text] if isinstance(part, Text) else []
    if run:
        out[-1] = Text("".join(run), out[-1].quoted)
    return tuple(out)
