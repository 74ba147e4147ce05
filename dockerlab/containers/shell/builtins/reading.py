"""`read`: una línea de la entrada, repartida entre variables."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from ...requests import Read
from ..dollars import NAME
from . import builtin


@builtin("read")
def read(shell: Any, argv: list[str]) -> Generator[Any, Any, int]:
    """`read [-r] [-p aviso] [-n n] [-u fd] [nombre...]`: 1 si la entrada se acabó."""
    words, raw, fd, prompt, limit, delimiter = argv[1:], False, 0, "", 0, "\n"
    while words and words[0].startswith("-") and len(words[0]) > 1:
        word = words.pop(0)
        if word == "--":
            break
        for position, letter in enumerate(word[1:], 2):
            if letter == "r":
                raw = True
            elif letter in "punstd":
                value = word[position:] or (words.pop(0) if words and letter != "s" else "")
                if letter == "p":
                    prompt = value
                elif letter == "u":
                    fd = int(value)
                elif letter == "n":
                    limit = int(value)
                elif letter == "d":
                    delimiter = value[:1] or "\0"
                if letter != "s":
                    break
            else:
                shell.complain("option", option=f"-{letter}")
                return 2
    if not words and "read" in shell.state.dialect.texts:
        shell.complain("read")
        return 2
    if prompt and shell.sys.isatty(fd):
        shell.sys.err(prompt)
    text, escaped, ended = yield from line(shell, fd, raw, limit, delimiter)
    if text is None:
        return 1
    names = words or ["REPLY"]
    for name in names:
        if not NAME.fullmatch(name):
            shell.complain("bad-name", name=name, word=name)
            return 2
    for name, value in zip(names, share(text, escaped, len(names), ifs(shell), bool(words)), strict=True):
        shell.assign(name, value)
    return int(ended)


def ifs(shell: Any) -> str:
    """Los separadores."""
    value = shell.state.get("IFS")
    return " \t\n" if value is None else value


def line(shell: Any, fd: int, raw: bool, limit: int, delimiter: str) -> Generator[Any, Any, Any]:
    """(texto, qué caracteres iban escapados, ¿se acabó la entrada?); texto `None` si una señal lo interrumpió."""
    text: list[str] = []
    escaped: list[bool] = []
    pending, skip = b"", False
    while True:
        size = 1 if limit or delimiter != "\n" else 65536
        data = yield from shell.block(Read(fd, size, line=True), interruptible=True)
        if data is None:
            return None, None, True
        if not data:
            return "".join(text), escaped, True
        pending += data
        chunk, pending = decode(pending)
        for char in chunk:
            if skip:
                skip = False
                if char != "\n":
                    text.append(char)
                    escaped.append(True)
            elif char == "\\" and not raw:
                skip = True
            elif char == delimiter:
                return "".join(text), escaped, False
            elif char != "\0":
                text.append(char)
                escaped.append(False)
        if limit and len(text) >= limit:
            return "".join(text), escaped, False


def decode(data: bytes) -> tuple[str, bytes]:
    """El texto de los bytes, dejando para después un carácter a medias."""
    for left in range(min(3, len(data)) + 1):
        try:
            return data[:len(data) - left].decode("utf-8"), data[len(data) - left:]
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "surrogateescape"), b""


def share(text: str, escaped: list[bool], count: int, separators: str, trim: bool) -> list[str]:
    """Reparte una línea entre `count` variables; la última se queda con el resto."""
    if not trim:
        return [text]
    blanks = [char for char in separators if char in " \t\n"]

    def separates(at: int) -> bool:
        return not escaped[at] and text[at] in separators

    def blank(at: int) -> bool:
        return not escaped[at] and text[at] in blanks
    at, size, out = 0, len(text), []
    while at < size and blank(at):
        at += 1
    while len(out) < count - 1:
        start = at
        while at < size and not separates(at):
            at += 1
        out.append(text[start:at])
        while at < size and blank(at):
            at += 1
        if at < size and separates(at) and (at == start or not blank(at)):
            at += 1
            while at < size and blank(at):
                at += 1
    end = size
    while end > at and blank(end - 1):
        end -= 1
    if end > at and separates(end - 1) and not any(separates(n) and not blank(n) for n in range(at, end - 1)) \
            and not any(blank(n) for n in range(at, end - 1)):
        end -= 1      # un único separador al final no cuenta
    out.append(text[at:end])
    return out
