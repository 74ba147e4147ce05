"""De texto a instrucciones: líneas, comentarios, continuaciones, opciones y documentos en línea.

`parse` hace lo que el analizador de BuildKit y nada más: una instrucción
desconocida o sin argumentos se lee igual, y es `stages.read` quien la rechaza.
Fuente: Dockerfile reference, *Format*, *Parser directives*, *Here-Documents*.
"""

from __future__ import annotations

from dataclasses import replace

from dockerlab.errors import DockerfileError, fault

from . import directives, heredocs
from .golang import SPACE
from .instruction import Directive, Dockerfile, Heredoc, Instruction, ParserWarning
from .operands import GAP, SHAPES

MAX_LINE = 65_535  # bytes de una línea; Docker no lee líneas más largas
HEREDOC_KEYWORDS = ("RUN", "COPY", "ADD")


def parse(text: str | bytes) -> Dockerfile:
    """Lee un Dockerfile (UTF-8, con finales de línea `\\n` o `\\r\\n`, con o sin marca BOM).

    `DockerfileError` si está vacío, si una lista JSON no es de textos, si un documento
    en línea no acaba o si falta el valor de una variable; `data["line"]` dice dónde.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return _Parser(text.removeprefix("\ufeff")).parse()


class _Parser:
    """El texto partido en líneas y por cuál vamos."""

    def __init__(self, text: str):
        self.lines = text.split("\n")
        if self.lines[-1] == "":
            self.lines.pop()
        self.position = 0
        self.too_long = next((i for i, line in enumerate(self.lines) if len(line) * 4 > MAX_LINE
                              and len(line.encode("utf-8", "replace")) > MAX_LINE), None)
        if self.too_long is not None:
            del self.lines[self.too_long:]
        self.escape = "\\"
        self.directives: list[Directive] = []
        self.warnings: list[ParserWarning] = []

    def parse(self) -> Dockerfile:
        self._read_directives()
        instructions: list[Instruction] = []
        comments: list[str] = []
        lines = self.lines
        for_directives = len(self.directives)
        while self.position < len(lines):
            raw = lines[self.position]
            line = raw.rstrip("\r").lstrip(SPACE)
            self.position += 1
            if not line:
                continue
            if line[0] == "#":
                if self.position > for_directives:
                    comment = raw[1:].strip(SPACE)
                    comments = [*comments, comment] if comment else []
                continue
            start = self.position
            try:
                instructions.append(self._instruction(self._logical_line(line), start, tuple(comments)))
            except DockerfileError as error:
                error.data.update(line=start, lines=(start, self.position))
                raise
            except RecursionError:
                raise fault("onbuild-too-deep", line=start, lines=(start, self.position)) from None
            comments = []
        here = (self.position, self.position)
        if not instructions:
            raise fault("no-instructions", line=self.position, lines=here)
        if self.too_long is not None:
            raise fault("line-too-long", limit=MAX_LINE, line=self.position, lines=here)
        return Dockerfile(tuple(instructions), self.escape, tuple(self.directives), tuple(self.warnings))

    def _read_directives(self) -> None:
        for directive in directives.leading(line.rstrip("\r").lstrip(SPACE) for line in self.lines):
            self.directives.append(directive)
            if directive.name == "escape":
                if directive.value not in ("\\", "`"):
                    raise directives.misplaced("bad-escape", directive, value=directive.value)
                self.escape = directive.value

    def _logical_line(self, line: str) -> str:
        """La línea y las que la continúan, unidas y sin los escapes del final."""
        line, continues = self._continuation(line)
        if not continues:
            return line
        pieces, empty = [line], False
        while continues and self.position < len(self.lines):
            line = self.lines[self.position].rstrip("\r")
            self.position += 1
            content = line.lstrip(SPACE)
            if not content:
                empty = True
            elif content[0] != "#":
                line, continues = self._continuation(line)
                pieces.append(line)
        whole = "".join(pieces)
        if empty:
            self.warnings.append(ParserWarning(f"Empty continuation line found in: {whole}", self.position))
        return whole

    def _continuation(self, line: str) -> tuple[str, bool]:
        """La línea sin el escape con que acaba, si acaba en uno solo, y si lo tenía."""
        tail = line.rstrip(" \t")
        if tail[-1:] != self.escape or tail[-2:-1] == self.escape:
            return line, False
        return tail[:-1], True

    def _instruction(self, line: str, start: int, comments: tuple[str, ...]) -> Instruction:
        instruction = self._read(line, start, comments)
        if "<<" not in line:
            return instruction
        holder = instruction.inner or instruction
        if holder.keyword not in HEREDOC_KEYWORDS or holder.json:
            return instruction
        documents = tuple(map(self._content, heredocs.announced(line)))
        return replace(instruction, heredocs=documents, end=self.position)

    def _read(self, line: str, start: int, comments: tuple[str, ...]) -> Instruction:
        """Parte una línea ya unida; lo que ONBUILD guarda es otra instrucción."""
        word, flags, rest = split_command(line, self.escape)
        keyword = word.upper()
        inner, args, is_json = None, ("",), False
        if keyword in SHAPES:
            args, is_json = SHAPES[keyword](rest, self.escape)
        elif keyword == "ONBUILD":
            inner = self._read(rest, start, ()) if rest else None
            args = (inner.word, *inner.args) if inner else ()
        return Instruction(keyword, word, rest, args, flags, is_json, (), start, self.position,
                           line, comments, inner)

    def _content(self, document: Heredoc) -> Heredoc:
        """Junta las líneas del documento hasta la que solo tiene su nombre."""
        first = self.position
        for index in range(first, len(self.lines)):
            candidate = self.lines[index].rstrip("\r")
            if (candidate.lstrip("\t") if document.chomp else candidate) == document.name:
                self.position = index + 1
                content = "".join(line + "\n" for line in self.lines[first:index])
                return Heredoc(document.name, content, document.expand, document.chomp, document.fd)
        self.position = len(self.lines)
        raise fault("heredoc-unterminated", name=document.name)


def split_command(line: str, escape: str) -> tuple[str, tuple[str, ...], str]:
    """Separa la palabra, las opciones `--…` y el resto."""
    word, *rest = GAP.split(line.strip(SPACE), maxsplit=1)
    if not rest:
        return word, (), ""
    if not rest[0].startswith("-") and rest[0][:1] not in SPACE:
        return word, (), rest[0]
    flags, operands = split_flags(rest[0], escape)
    return word, flags, operands.strip(SPACE)


def split_flags(rest: str, escape: str) -> tuple[tuple[str, ...], str]:
    """Las opciones con que empieza `rest` (sin comillas ni escapes) y lo que las sigue."""
    # Docker real: las opciones se leen byte a byte, y una letra con tilde sale como dos letras raras.
    rest = rest.encode("utf-8", "replace").decode("latin-1")
    flags: list[str] = []
    position = 0
    while position < len(rest):
        if rest[position] in SPACE:
            position += 1
            continue
        if not rest.startswith("--", position):
            break
        flag, position = _flag(rest, position, escape)
        if flag == "--":
            break
        flags.append(flag)
    return tuple(flags), rest[position:].encode("latin-1").decode("utf-8", "replace")


def _flag(rest: str, position: int, escape: str) -> tuple[str, int]:
    """Lee una opción desde `position`: su texto y dónde acaba."""
    flag: list[str] = []
    quote = ""
    while position < len(rest):
        char = rest[position]
        if char == quote:
            quote = ""
        elif not quote and char in "'\"":
            quote = char
        elif not quote and char in SPACE:
            break
        elif char == escape:
            position += 1
            flag.append(rest[position:position + 1])
        else:
            flag.append(char)
        position += 1
    return "".join(flag), position
