"""De texto a palabras: lo que va entre `{{` y `}}`, partido (paquete text/template/parse)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dockerlab.errors import DockerlabError, fault

TOKEN = re.compile(r"""
    (?P<space>[ \t\r\n]+)
  | (?P<string>"(?:[^"\\\n]|\\.)*")
  | (?P<raw>`[^`]*`)
  | (?P<char>'(?:[^'\\\n]|\\.)+')
  | (?P<number>[+-]?(?:0[xX][0-9a-fA-F_]+|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?))
  | (?P<field>\.[^\W\d]\w*)
  | (?P<dot>\.)
  | (?P<variable>\$\w*)
  | (?P<declare>:=)
  | (?P<symbol>[=,|()])
  | (?P<word>[^\W\d]\w*)
""", re.VERBOSE)
KEYWORDS = ("if", "else", "end", "range", "with", "break", "continue", "define", "template", "block")
WORDLIKE = ("field", "variable", "word", "number")
TERMINATOR = re.compile(r"[\s.,|:()=]|}}|$")


@dataclass(frozen=True, slots=True)
class Token:
    """Una palabra de la plantilla; `text` es texto llano (`kind == "text"`) o parte de una acción."""

    kind: str
    text: str
    position: int


def tokens(source: str) -> Iterator[Token]:
    """Las palabras de la plantilla, con los recortes `{{-` y `-}}` ya hechos."""
    at, trim = 0, False
    while True:
        start = source.find("{{", at)
        text = source[at:] if start < 0 else source[at:start]
        if trim:
            text = text.lstrip(" \t\r\n")
        if start < 0:
            if text:
                yield Token("text", text, at)
            yield Token("eof", "EOF", len(source))
            return
        at = start + 2
        if source.startswith("-", at) and source[at + 1:at + 2].isspace():
            text, at = text.rstrip(" \t\r\n"), at + 1
        if text:
            yield Token("text", text, start)
        comment = re.compile(r"\s*/\*.*?\*/(?P<end>\s+-}}|}})", re.DOTALL).match(source, at)
        if comment:
            at, trim = comment.end(), comment["end"] != "}}"
            continue
        yield Token("left", "{{", start)
        while True:
            close = re.compile(r"\s+-}}|\s*}}").match(source, at)
            if close:
                trim, at = close[0].endswith("-}}"), close.end()
                yield Token("right", "}}", close.start())
                break
            found = TOKEN.match(source, at)
            if not found:
                raise _bad_character(source, at)
            at = found.end()
            if found.lastgroup in WORDLIKE and not TERMINATOR.match(source, at):
                raise syntax_fault(source, at, f"bad character {shown_char(source[at])}")
            yield Token(str(found.lastgroup), found[0], found.start())


def syntax_fault(source: str, at: int, reason: str) -> DockerlabError:
    """La falta `template-syntax`, con la línea donde está."""
    return fault("template-syntax", line=source.count("\n", 0, at) + 1, reason=reason)


def shown_char(char: str) -> str:
    """`U+007D '}'`."""
    return f"U+{ord(char):04X} '{char}'"


def _bad_character(source: str, at: int) -> DockerlabError:
    rest = source[at:at + 1]
    if not rest or rest == "\n":
        reason = "unclosed action"
    elif rest in "\"'`":
        reason = {'"': "unterminated quoted string", "`": "unterminated raw quoted string",
                  "'": "unterminated character constant"}[rest]
    else:
        reason = f"unrecognized character in action: {shown_char(rest)}"
    return syntax_fault(source, at, reason)


def quoted(text: str) -> str:
    """`text` entre comillas dobles."""
    return f'"{text}"'
