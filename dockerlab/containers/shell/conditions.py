"""`[[ ... ]]` de bash: como `test`, pero sin partir palabras, con `&&`, `||`, paréntesis, patrones y `=~`."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any

from . import patterns
from .builtins.borrowed import borrow
from .tree import Condition, Text, Word

Steps = Generator[Any, Any, Any]
NUMERIC = {"-eq": int.__eq__, "-ne": int.__ne__, "-lt": int.__lt__, "-le": int.__le__, "-gt": int.__gt__,
           "-ge": int.__ge__}
BINARY = frozenset((*NUMERIC, "==", "=", "!=", "=~", "<", ">", "-nt", "-ot", "-ef"))
UNARY = re.compile(r"-[abcdefghknoprstuvwxzGLNOS]")


def evaluate(shell: Any, node: Condition) -> Steps:
    """0 si se cumple, 1 si no, 2 si está mal escrita."""
    found = yield from _either(shell, list(node.words))
    value, rest = found
    if rest:
        shell.message("syntax error in conditional expression")
        return 2
    return int(not value)


def _either(shell: Any, words: list[Word], live: bool = True) -> Steps:
    value, words = yield from _both(shell, words, live)
    while words and words[0].literal == "||":
        other, words = yield from _both(shell, words[1:], live and not value)
        value = value or other
    return value, words


def _both(shell: Any, words: list[Word], live: bool) -> Steps:
    value, words = yield from _one(shell, words, live)
    while words and words[0].literal == "&&":
        other, words = yield from _one(shell, words[1:], live and value)
        value = value and other
    return value, words


def _one(shell: Any, words: list[Word], live: bool) -> Steps:
    """Una condición suelta; `live`: si no, solo se salta sin expandir nada."""
    if not words:
        return False, words
    first = words[0].literal
    if first == "!":
        value, words = yield from _one(shell, words[1:], live)
        return not value, words
    if first == "(":
        value, words = yield from _either(shell, words[1:], live)
        return value, words[1:] if words and words[0].literal == ")" else [Word((Text(")"),))]
    operator = words[1].literal if len(words) > 2 else None
    if operator in BINARY:
        value = (yield from _compare(shell, operator, words[0], words[2])) if live else False
        return value, words[3:]
    if first and UNARY.fullmatch(first) and len(words) > 1 and words[1].literal not in ("&&", "||", ")"):
        value = (yield from _unary(shell, first, words[1])) if live else False
        return value, words[2:]
    return (bool((yield from shell.expand.text(words[0]))) if live else False), words[1:]


def _unary(shell: Any, operator: str, word: Word) -> Steps:
    text = yield from shell.expand.text(word)
    if operator in ("-z", "-n"):
        return bool(text) == (operator == "-n")
    if operator == "-v":
        return shell.value(text) is not None
    return (yield from _test(shell, operator, text))


def _test(shell: Any, *words: str) -> Steps:
    """Lo que dice el programa `test`."""
    result = borrow(shell, ["test", *words])
    if isinstance(result, Generator):
        result = yield result
    return result == 0


def _compare(shell: Any, operator: str, left: Word, right: Word) -> Steps:
    text = yield from shell.expand.text(left)
    if operator in ("==", "=", "!="):
        pattern = yield from shell.expand.pattern(right)
        return patterns.matches(pattern, text) == (operator != "!=")
    if operator == "=~":
        return (yield from _regex(shell, text, right))
    other = yield from shell.expand.text(right)
    if operator in NUMERIC:
        return NUMERIC[operator](shell.expand.arithmetic(text), shell.expand.arithmetic(other))
    if operator in "<>":
        return text < other if operator == "<" else text > other
    return (yield from _test(shell, text, operator, other))


def _regex(shell: Any, text: str, word: Word) -> Steps:
    """`=~`: expresión regular extendida; lo entrecomillado es literal."""
    pieces = []
    for part in word.parts:
        piece = yield from shell.expand.text(Word((part,), word.line))
        pieces.append(re.escape(piece) if part.quoted and isinstance(part, Text) else piece)
    body = "".join(pieces)
    for name, inside in patterns.CLASSES.items():
        body = body.replace(f"[:{name}:]", inside)
    try:
        found = re.search(body, text)
    except re.error:
        shell.message(f"invalid regular expression `{body}'")
        return False
    shell.assign("BASH_REMATCH", found[0] if found else "")
    return found is not None
