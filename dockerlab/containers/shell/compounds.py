"""Las órdenes compuestas: `if`, `while`, `for`, `case`, `{ }` y `( )`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .dollars import NAME
from .tree import Case, For, Group, If, Loop, Node, Subshell, Word

if TYPE_CHECKING:
    from .parser import Parser


def read_if(parser: Parser, line: int) -> Node:
    """`if condición; then cuerpo; elif ...; else ...; fi`."""
    clauses, otherwise = [], None
    while True:
        condition = parser.list("then")
        parser.expect("then")
        clauses.append((condition, parser.list("fi")))
        if parser.accept("elif"):
            continue
        if parser.accept("else"):
            otherwise = parser.list("fi")
        parser.expect("fi")
        return If(tuple(clauses), otherwise, (), line)


def read_while(parser: Parser, line: int, until: bool = False) -> Node:
    """`while condición; do cuerpo; done`."""
    condition = parser.list("do")
    return Loop(condition, body(parser), until, (), line)


def read_until(parser: Parser, line: int) -> Node:
    """`until condición; do cuerpo; done`."""
    return read_while(parser, line, True)


def body(parser: Parser) -> Node:
    """`do cuerpo; done`."""
    parser.expect("do")
    inside = parser.list("done")
    parser.expect("done")
    return inside


def read_for(parser: Parser, line: int) -> Node:
    """`for nombre in palabras; do cuerpo; done`."""
    token = parser.peek()
    name = token.value.literal if token.kind == "word" else None
    if not name or not NAME.fullmatch(name):
        raise parser.fail("loop-variable")
    parser.take()
    words: list[Word] | None = None
    newline = parser.peek().kind == "newline"
    parser.skip_newlines()
    if parser.accept("in"):
        words = []
        while parser.peek().kind == "word":
            words.append(parser.take().value)
        if not parser.accept(";") and parser.peek().kind != "newline":
            raise parser.unexpected("do")
    elif not newline:
        parser.accept(";")
    parser.skip_newlines()
    return For(name, None if words is None else tuple(words), body(parser), (), line)


def read_case(parser: Parser, line: int) -> Node:
    """`case palabra in patrón | patrón) cuerpo ;; esac`."""
    if parser.peek().kind != "word":
        raise parser.unexpected("word")
    subject, clauses = parser.take().value, []
    parser.skip_newlines()
    parser.expect("in")
    parser.skip_newlines()
    while not parser.accept("esac"):
        parser.accept("(")
        patterns = []
        while True:
            if parser.peek().kind != "word":
                raise parser.unexpected(")" if parser.peek().kind == "eof" else "")
            patterns.append(parser.take().value)
            if not parser.accept("|"):
                break
        parser.expect(")")
        inside, end = parser.list(optional=True), ";;"
        for operator in (";;", ";&", ";;&"):
            if parser.accept(operator):
                end = operator
                break
        else:
            parser.skip_newlines()
            if not parser.ahead("esac"):
                raise parser.unexpected(";;")
        parser.skip_newlines()
        clauses.append((tuple(patterns), inside, end))
    return Case(subject, tuple(clauses), (), line)


def read_group(parser: Parser, line: int) -> Node:
    """`{ órdenes; }`."""
    inside = parser.list("}")
    parser.expect("}")
    return Group(inside, (), line)


def read_subshell(parser: Parser, line: int) -> Node:
    """`( órdenes )`."""
    inside = parser.list(")")
    parser.expect(")")
    return Subshell(inside, (), line)


COMPOUND = {"if": read_if, "while": read_while, "until": read_until, "for": read_for, "case": read_case,
            "{": read_group, "(": read_subshell}
