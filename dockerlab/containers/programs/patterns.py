"""Expresiones regulares POSIX (básicas y extendidas), escritas como las de Python.

Fuente: POSIX.1-2017, *Base Definitions*, capítulo 9. Los textos se tratan byte
a byte (latin-1), como en la configuración regional C de los contenedores.
"""

from __future__ import annotations

import functools
import re

CLASSES = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z",
    "space": r"\s", "blank": r" \t", "punct": r"!-/:-@\[-`{-~", "print": " -~", "graph": "!-~",
    "cntrl": r"\x00-\x1f\x7f", "xdigit": "0-9A-Fa-f",
}
SHORTHANDS = {"w": r"\w", "W": r"\W", "s": r"\s", "S": r"\S", "b": r"\b", "B": r"\B", "<": r"\b(?=\w)",
              ">": r"\b(?<=\w)", "n": r"\n", "t": r"\t", "r": r"\r", "`": r"\A", "'": r"\Z"}


class BadPattern(Exception):
    """Una expresión que no se puede leer; el texto es el de la biblioteca de C."""


@functools.lru_cache(256)
def compile_posix(text: str, extended: bool = False, ignore_case: bool = False) -> re.Pattern[str]:
    """Compila una expresión POSIX. `BadPattern` si está mal formada."""
    flags = re.ASCII | (re.IGNORECASE if ignore_case else 0)
    try:
        return re.compile(translate(text, extended), flags)
    except re.error as error:
        reason = {"missing ), unterminated subpattern": "Unmatched ( or \\(",
                  "unbalanced parenthesis": "Unmatched ) or \\)",
                  "nothing to repeat": "Invalid preceding regular expression"}
        raise BadPattern(reason.get(error.msg, "Invalid regular expression")) from None


def translate(text: str, extended: bool) -> str:
    """La misma expresión en la escritura de Python.

    POSIX elige la alternativa más larga y Python la primera: con `a|ab` difieren.
    """
    out, at, fresh = [], 0, True      # fresh: principio de la expresión o de un grupo
    while at < len(text):
        char = text[at]
        if char == "[":
            piece, at = bracket(text, at)
            out.append(piece)
            fresh = False
            continue
        escaped = char == "\\"
        if escaped:
            if at + 1 == len(text):
                raise BadPattern("Trailing backslash")
            at, char = at + 1, text[at + 1]
        at += 1
        special = char in "(){}+?|" and escaped != extended
        if special and char == "{" and not re.match(r"\d*(,\d*)?" + ("}" if extended else r"\\}"), text[at:]):
            special = False
        if special:
            if char == "{":
                close = text.index("}", at)
                out.append("{" + text[at:close].rstrip("\\") + "}")
                at = close + 1
            elif char in "+?" and fresh:
                out.append("\\" + char)
            else:
                out.append(char)
            fresh = char in "(|"
        elif escaped and char.isdigit() and char != "0":
            out.append(f"(?:\\{char})")
            fresh = False
        elif escaped and char in SHORTHANDS:
            out.append(SHORTHANDS[char])
            fresh = False
        elif not escaped and char == "*":
            out.append(r"\*" if fresh else "*")
            fresh = False
        elif not escaped and char == "^" and (extended or fresh):
            out.append("^")
        elif not escaped and char == "$" and (extended or at == len(text)
                                              or text[at:at + 2] in (r"\)", r"\|")):
            out.append(r"\Z")
            fresh = False
        elif not escaped and char == ".":
            out.append(r"[\s\S]")
            fresh = False
        else:
            out.append(re.escape(char))
            fresh = False
    return re.sub(r"(\*|\+|\?|\})\*+", r"\1", "".join(out)) if "**" in text else "".join(out)


def bracket(text: str, at: int) -> tuple[str, int]:
    """Una expresión entre corchetes que empieza en `at`: (en Python, dónde sigue)."""
    start, at = at, at + 1
    negate = text[at:at + 1] == "^"
    at += negate
    out = []
    while True:
        if at >= len(text):
            raise BadPattern("Unmatched [, [^, [:, [., or [=")
        char = text[at]
        if char == "]" and at > start + 1 + negate:
            break
        named = re.match(r"\[:(\w+):\]", text[at:])
        if named:
            if named[1] not in CLASSES:
                raise BadPattern("Invalid character class name")
            out.append(CLASSES[named[1]])
            at += len(named[0])
        else:
            out.append("-" if char == "-" and 0 < len(out) and text[at + 1:at + 2] not in ("]", "")
                       else "\\" + char if char in r"\[]^-&~|" else char)
            at += 1
    return f"[{'^' if negate else ''}{''.join(out)}]", at + 1
