"""Las expansiones: de una palabra del guion a los textos que recibe la orden.

En este orden (POSIX, *Word Expansions*): virgulilla, parámetros, sustitución de
órdenes y aritmética; división en campos; nombres de archivo; y fuera comillas.
Cada trozo recuerda si iba entre comillas, porque de eso depende lo demás.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import TYPE_CHECKING, Any

from dockerlab.errors import FileError

from . import braces, patterns
from .arithmetic import ArithmeticFailure, Evaluator
from .tree import Arithmetic, Parameter, Part, Substitution, Text, Word

if TYPE_CHECKING:
    from .interpreter import Interpreter

QUOTED, LITERAL, SPLIT, BREAK = "q", "l", "s", "b"
CASES = frozenset(("^", "^^", ",", ",,"))
Piece = tuple[str, str]      # (texto, clase): entre comillas, literal, que se parte, o frontera entre campos
Steps = Generator[Any, Any, Any]


class Expander:
    """Las expansiones de un intérprete."""

    def __init__(self, shell: Interpreter):
        self.shell = shell

    # -- lo que pide el intérprete --
    def fields(self, words: Iterable[Word]) -> Steps:
        """Los campos de varias palabras: lo que será `argv`."""
        out: list[str] = []
        for word in words:
            for variant in braces.expand(word) if self.shell.state.dialect.braces else (word,):
                simple = self._plain(variant)
                if simple is not None:
                    out.append(simple)
                    continue
                pieces = yield from self.pieces(variant, LITERAL)
                for pattern in self.split(pieces):
                    out.extend(self.glob(pattern))
        return out

    def text(self, word: Word, assignment: bool = False) -> Steps:
        """El texto de una palabra, sin partir ni buscar archivos (asignaciones, redirecciones, `case`)."""
        pieces = yield from self.pieces(word, LITERAL, assignment)
        return "".join(" " if kind == BREAK else text for text, kind in pieces)

    def pattern(self, word: Word) -> Steps:
        """La palabra como patrón: lo entrecomillado solo casa consigo mismo."""
        pieces = yield from self.pieces(word, LITERAL)
        return "".join(" " if kind == BREAK else patterns.quote(text) if kind == QUOTED else text
                       for text, kind in pieces)

    # -- trozos --
    def _plain(self, word: Word) -> str | None:
        """La palabra, si es un solo texto sin nada que expandir."""
        if len(word.parts) != 1 or not isinstance(word.parts[0], Text):
            return None
        part = word.parts[0]
        if part.quoted or not (part.text.startswith("~") or any(char in part.text for char in "*?[\\")):
            return part.text
        return None

    def pieces(self, word: Word, plain: str, assignment: bool = False) -> Steps:
        """Los trozos de una palabra. `plain`: la clase de los textos sin comillas."""
        out: list[Piece] = []
        for index, part in enumerate(word.parts):
            if isinstance(part, Text):
                out.extend(self._text(part, index == 0, index == len(word.parts) - 1, plain, assignment))
            else:
                out.extend((yield from self._part(part)))
        return out

    def _text(self, part: Text, first: bool, last: bool, plain: str, assignment: bool) -> list[Piece]:
        if part.quoted:
            return [(part.text, QUOTED)]
        if "~" not in part.text or not (first or assignment):
            return [(part.text, plain)]
        pieces: list[Piece] = []
        for index, chunk in enumerate(part.text.split(":") if assignment else [part.text]):
            if index:
                pieces.append((":", plain))
            name, slash, rest = chunk.partition("/")
            whole = slash or last or (assignment and index < part.text.count(":"))
            home = self._home(name[1:]) if name.startswith("~") and (first or index) and whole else None
            pieces.extend([(chunk, plain)] if home is None else [(home, QUOTED), (slash + rest, plain)])
        return pieces

    def _home(self, user: str) -> str | None:
        if not user:
            return self.shell.state.get("HOME")
        try:
            rows = self.shell.sys.fs.read("/etc/passwd").decode("utf-8", "replace").splitlines()
        except FileError:
            return None
        return next((row.split(":")[5] for row in rows if row.startswith(user + ":") and row.count(":") >= 6), None)

    def _part(self, part: Part) -> Steps:
        kind = QUOTED if part.quoted else SPLIT
        if isinstance(part, Substitution):
            return [((yield from self.shell.substitute(part.body)), kind)]
        if isinstance(part, Arithmetic):
            expression = yield from self.text(part.expression)
            return [(str(self.arithmetic(expression)), kind)]
        return (yield from self._parameter(part, kind))

    def arithmetic(self, expression: str) -> int:
        """El valor de una expresión; si no se entiende, error del shell."""
        shell, dialect = self.shell, self.shell.state.dialect

        def read(name: str) -> str | None:
            value = shell.value(name)
            if value is None and "nounset" in shell.state.options and dialect.strict_arithmetic:
                shell.fatal("unset", name=name)
            return value
        try:
            return Evaluator(read, shell.assign, dialect.lazy_arithmetic, dialect.c_operators).evaluate(expression)
        except ArithmeticFailure as failure:
            return shell.fatal(failure.kind, expression=expression.strip(), token=failure.token,
                               text=failure.token)

    # -- parámetros --
    def _parameter(self, part: Parameter, kind: str) -> Steps:
        if part.name in "@*" and part.op != "length":
            return (yield from self._all(part, kind))
        value = self.shell.value(part.name)
        missing = value is None or (part.colon and not value)
        if part.op in ("-", "=", "?", "+") and part.op:
            return (yield from self._default(part, kind, value, missing))
        if value is None and "nounset" in self.shell.state.options:
            self.shell.fatal("unset", name=part.name)
        if part.op == "length":
            words = self.shell.state.positional
            if part.name in "@*" and self.shell.state.dialect.counts_words:
                return [(str(len(words)), kind)]
            text = " ".join(words) if part.name in "@*" else value or ""
            return [(str(len(text.encode("utf-8", "surrogateescape"))), kind)]
        if part.op:
            value = yield from self._edit(part, value or "")
        return [(value or "", kind)] if value or part.quoted else []

    def _default(self, part: Parameter, kind: str, value: str | None, missing: bool) -> Steps:
        if part.op == "+":
            return (yield from self._argument(part, kind)) if not missing else [("", kind)] if part.quoted else []
        if not missing:
            return [(value or "", kind)] if value or part.quoted else []
        if part.op == "-":
            return (yield from self._argument(part, kind))
        text = yield from self.text(part.argument, part.op == "=")
        if part.op == "=":
            self.shell.assign(part.name, text)
            return [(text, kind)]
        text = text or ("parameter null or not set" if part.colon else "parameter not set") \
            if self.shell.state.dialect.name == "bash" else text
        return self.shell.fatal("message" if text else "null" if part.colon else "unset", name=part.name, text=text)

    def _argument(self, part: Parameter, kind: str) -> Steps:
        pieces = yield from self.pieces(part.argument, kind)
        return pieces or ([("", kind)] if part.quoted else [])

    def _edit(self, part: Parameter, value: str) -> Steps:
        """`#`, `%`, `/` y `:`: recortar, sustituir y trocear."""
        if part.op == ":":
            start = self.arithmetic((yield from self.text(part.argument)))
            length = self.arithmetic((yield from self.text(part.second))) if part.second else None
            return cut(value, start, length)
        pattern = yield from self.pattern(part.argument)
        if part.op in CASES:
            change = str.upper if part.op[0] == "^" else str.lower
            return change(value) if len(part.op) == 2 else change(value[:1]) + value[1:]
        if part.op in ("/", "//"):
            new = (yield from self.text(part.second)) if part.second else ""
            return patterns.replace(value, part.op, pattern, new, self.shell.state.dialect.anchors)
        return patterns.trim(value, part.op, pattern)

    def _all(self, part: Parameter, kind: str) -> Steps:
        """`$@` y `$*`: entre comillas, `"$@"` da un campo por argumento y `"$*"` uno solo."""
        values = list(self.shell.state.positional)
        missing = not values or (part.colon and not any(values))
        if part.op in ("-", "=", "?", "+"):
            if missing or part.op == "+":
                return (yield from self._default(part, kind, None, missing))
        elif part.op == ":":
            start = self.arithmetic((yield from self.text(part.argument)))
            length = self.arithmetic((yield from self.text(part.second))) if part.second else None
            values = cut([self.shell.state.zero, *values], start, length) if start else \
                cut([self.shell.state.zero, *values], 0, length)
        elif part.op:
            edited = []
            for value in values:
                edited.append((yield from self._edit(part, value)))
            values = edited
        if part.quoted and part.name == "*":
            ifs = self.shell.state.get("IFS")
            return [((" " if ifs is None else ifs[:1]).join(values), QUOTED)]
        pieces: list[Piece] = []
        for index, value in enumerate(values):
            pieces += [("", BREAK), (value, kind)] if index else [(value, kind)]
        return pieces

    # -- campos --
    def split(self, pieces: list[Piece]) -> list[str]:
        """Los campos, como patrones. Solo se parte lo que vino de una expansión sin comillas."""
        ifs = self.shell.state.get("IFS")
        ifs = " \t\n" if ifs is None else ifs
        fields: list[str] = []
        current: list[str] = []
        started = after_blank = False
        for text, kind in pieces:
            if kind == QUOTED:
                current.append(patterns.quote(text))
                started, after_blank = True, False
            elif kind == BREAK:
                if started:
                    fields.append("".join(current))
                current, started, after_blank = [], False, False
            elif kind == LITERAL or not ifs:
                current.append(text)
                started = started or bool(text)
                after_blank = after_blank and not text
            else:
                text = text.replace("\\", "\\\\")   # la barra que viene de un valor no escapa nada
                started, after_blank = split_text(text, ifs, fields, current, started, after_blank)
        if started:
            fields.append("".join(current))
        return fields

    def glob(self, pattern: str) -> list[str]:
        """Los archivos que casan; si no hay ninguno (o con `set -f`), el propio texto."""
        if "noglob" not in self.shell.state.options and patterns.has_magic(pattern):
            found = list(patterns.paths(pattern, self._names, self._exists, self.shell.state.dialect.dots))
            if found:
                return found
        return [patterns.unquote(pattern)]

    def _names(self, folder: str) -> list[str]:
        try:
            return self.shell.sys.fs.listdir(folder)
        except FileError:
            return []

    def _exists(self, path: str) -> bool:
        fs = self.shell.sys.fs
        return fs.isdir(path) if path.endswith("/") else fs.exists(path, follow=False)


def split_text(text: str, ifs: str, fields: list[str], current: list[str], started: bool,
               after_blank: bool) -> tuple[bool, bool]:
    """Parte `text` por los caracteres de `ifs`: los blancos se juntan; los demás separan uno a uno."""
    start = 0
    for at, char in enumerate(text):
        if char not in ifs:
            started, after_blank = True, False
            continue
        if at > start:
            current.append(text[start:at])
        start = at + 1
        if char in " \t\n":
            if started:
                fields.append("".join(current))
                current.clear()
                started, after_blank = False, True
        elif started or not after_blank:
            fields.append("".join(current))
            current.clear()
            started = after_blank = False
        else:
            after_blank = False
    if start < len(text):
        current.append(text[start:])
    return started, after_blank


def cut(value: Any, start: int, length: int | None) -> Any:
    """`${x:start:length}`: los negativos cuentan desde el final."""
    size = len(value)
    if start < 0:
        start = size + start
        if start < 0:
            return value[:0]
    end = size if length is None else start + length if length >= 0 else size + length
    return value[start:max(start, end)]
