"""El analizador: todo texto se entiende o se rechaza con su error, y un árbol se puede volver a escribir."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockerlab.containers.codec import Decoder, Encoder
from dockerlab.containers.shell import patterns
from dockerlab.containers.shell.arithmetic import ArithmeticFailure, Evaluator
from dockerlab.containers.shell.dialects import dialect as family
from dockerlab.containers.shell.dollars import ShellSyntaxError
from dockerlab.containers.shell.parser import Parser
from dockerlab.containers.shell.trace import source

from .scripts import write

ASH, DASH, BASH = family("ash"), family("dash"), family("bash")

PIECES = ["if", "then", "fi", "for", "in", "do", "done", "case", "esac", "while", "{", "}", "(", ")", ";", ";;", "&",
          "&&", "|", "||", "!", "\n", " ", "'", '"', "`", "$", "${", "$(", "$((", "))", "<", ">", "<<", "<<-", "<<E",
          "E\n", "\\", "a", "x=1", "1", "#", "%", "*", "[", "]", "[[", "]]", "function", "time", "~", "é", "\0"]


def read_all(text: str, dialect=ASH) -> list:
    parser, found = Parser(text, dialect), []
    while (node := parser.next_command()) is not None:
        found.append(node)
    return found


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.sampled_from([ASH, DASH, BASH]))
def test_any_text_is_read_or_refused_with_its_line(text, dialect):
    try:
        read_all(text, dialect)
    except ShellSyntaxError as error:
        assert 1 <= error.line <= text.count("\n") + 1


@pytest.mark.parametrize("opener", ["(", "{ ", "if ", "$(", "${x:-", "$((", "while ", '"$('])
def test_deep_nesting_is_refused_and_never_overflows(opener):
    with pytest.raises(ShellSyntaxError):
        read_all("echo " * (opener[0] in '$`"') + opener * 2000)


def test_parentheses_that_look_like_arithmetic_are_read_only_once():
    with pytest.raises(ShellSyntaxError):
        read_all("echo " + "$((a) " * 50)


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_tree_survives_json(dice: Random):
    nodes = read_all(write(dice))
    assert Decoder().decode(json.loads(json.dumps(Encoder().encode(nodes)))) == nodes


@pytest.mark.parametrize("text", [
    "echo a | cat && false || true", "if a; then b; elif c; then d; else e; fi", "for i in 1 2; do echo $i; done",
    "while a; do b; done", "case $x in a | b) c ;; esac", "f() { echo 1; }", "(a; b)", "{ a; } 2>err >>out",
    "x=1 y=2 cmd", "! a | b", "echo ${x:-y} ${#z} $(a b) $((1+2))"])
def test_a_command_can_be_written_again(text):
    assert "; ".join(source(node) for node in read_all(text)) == text


@pytest.mark.parametrize("pattern, yes, no", [
    ("*.txt", "a.txt", "a.py"), ("[a-c]?", "b1", "d1"), ("[!a]", "b", "a"), (r"\*", "*", "a"), ("[]]", "]", "a"),
    ("a[", "a[", "a"), ("[[:upper:]]*", "Ab", "ab"), ("*", "", "\0nunca"), ("[a\\-c]", "-", "b")])
def test_patterns_match_what_posix_says(pattern, yes, no):
    assert patterns.matches(pattern, yes)
    assert pattern == "*" or not patterns.matches(pattern, no)


@given(st.text(alphabet="ab*?[]\\x", max_size=12))
def test_a_quoted_text_only_matches_itself(text):
    assert patterns.matches(patterns.quote(text), text) and patterns.unquote(patterns.quote(text)) == text


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789+-*/%()<>=!&|^~?:, abx", max_size=30))
def test_any_arithmetic_gives_a_64_bit_number_or_its_failure(text):
    try:
        value = Evaluator(lambda name: "3", lambda name, new: None).evaluate(text)
    except ArithmeticFailure:
        return
    assert -2**63 <= value < 2**63


def test_deep_arithmetic_is_refused():
    for text in ("(" * 5000, "-" * 5000 + "1", "1?" * 5000, "!" * 5000):
        with pytest.raises(ArithmeticFailure):
            Evaluator(lambda name: None, lambda name, new: None).evaluate(text)
