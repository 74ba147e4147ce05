"""Palabras: comillas, escapes y variables."""

import time

import pytest

from dockerlab.dockerfile import words
from dockerlab.errors import DockerfileError

ENV = {"x": "uno", "vacía": "", "ruta": "/usr/local/bin/app.tar.gz", "frase": "a  b"}


@pytest.mark.parametrize(("word", "expected"), [
    ("$x-${x}", "uno-uno"),
    ("${nada:-por defecto}", "por defecto"),
    ("${vacía:-d}${vacía-d}", "d"),
    ("${x:+sí}${nada+no}", "sí"),
    ("${x:?falta}", "uno"),
    ("${ruta#*/}", "usr/local/bin/app.tar.gz"),
    ("${ruta##*/}", "app.tar.gz"),
    ("${ruta%.*}", "/usr/local/bin/app.tar"),
    ("${ruta%%.*}", "/usr/local/bin/app"),
    ("${ruta/local/opt}", "/usr/opt/bin/app.tar.gz"),
    ("${ruta//\\//:}", ":usr:local:bin:app.tar.gz"),
    ("${x/[ou]/-}", "uno"),
    ("'$x' \"$x\" \\$x", "$x uno $x"),
    ("${nada:-${x:-y}}", "uno"),
    ("$", "$"),
    ("$1a", "a"),
])
def test_a_word_expands_as_in_docker(word, expected):
    assert words.expand(word, ENV) == expected


@pytest.mark.parametrize(("word", "message"), [
    ("${x", 'failed to process "${x": unsupported modifier (�) in substitution'),
    ("${}", 'failed to process "${}": syntax error: bad substitution'),
    ("${x:-a", "failed to process \"${x:-a\": syntax error: missing '}'"),
    ("${x/a", "failed to process \"${x/a\": syntax error: missing '/' in ${}"),
    ("${x^^}", 'failed to process "${x^^}": unsupported modifier (^) in substitution'),
    ("${nada:?dilo}", 'failed to process "${nada:?dilo}": nada: dilo'),
    ("${vacía:?}", 'failed to process "${vacía:?}": vacía: is not allowed to be empty'),
    ("'a", "failed to process \"'a\": unexpected end of statement while looking for matching single-quote"),
    ("${x#\\a}", "failed to process \"${x#\\\\a}\": invalid pattern (\\a) in substitution: invalid escape '\\a'"),
])
def test_what_does_not_expand_says_why(word, message):
    with pytest.raises(DockerfileError) as error:
        words.expand(word, ENV)
    assert error.value.text == message
    assert error.value.what and error.value.why and error.value.tip


def test_the_escape_can_be_another():
    assert words.expand("C:\\x\\`$x", ENV, "`") == "C:\\x\\$x"


def test_the_value_of_a_variable_also_splits():
    assert words.split("$frase \"$frase\" 'c d'", ENV) == ("a", "b", "a  b", "c d")


def test_it_tells_which_variables_there_were_and_which_were_missing():
    found = words.process("$x ${nada:-$otra}", ENV)
    assert (found.matched, found.unmatched) == ({"x"}, {"nada", "otra"})


@pytest.mark.parametrize("word", ["${x//*a*b*c*d/}", "${x%%*a*a*a*b}", "${x//a*b*c/-}", "${x##*?a?*b}"])
def test_no_pattern_takes_long(word):
    start = time.perf_counter()
    words.expand(word, {"x": "abc" * 20_000})
    assert time.perf_counter() - start < 1


def test_nesting_without_end_is_an_error_and_not_a_crash():
    with pytest.raises(DockerfileError):
        words.expand("${a:-" * 5_000 + "}" * 5_000, {})


def test_a_value_that_doubles_itself_stops():
    value = "a" * 2**23
    with pytest.raises(DockerfileError, match="too long"):
        words.expand("$a$a$a", {"a": value})
