"""`.dockerignore`: qué viaja y qué se queda."""

import time

import pytest

from dockerlab.dockerfile.ignore import Ignore, parse
from dockerlab.errors import DockerfileError


def test_the_file_is_cleaned_line_by_line():
    assert parse(b"\xef\xbb\xbf# nota\r\n\r\n /build/ \r\n!./a//b/../c\r\n") == ("build", "!a/c")


@pytest.mark.parametrize(("rules", "path", "out"), [
    (("node_modules",), "node_modules/a/b.js", True),
    (("node_modules",), "web/node_modules", False),
    (("**/node_modules",), "web/node_modules/x", True),
    (("*.log",), "a.log", True),
    (("*.log",), "d/a.log", False),
    (("**/*.log",), "d/a.log", True),
    (("docs/**",), "docs/a", True),
    (("docs/**",), "docs", False),
    (("temp?",), "tempa", True),
    (("temp?",), "temp", False),
    (("*", "!keep"), "keep", False),
    (("*", "!keep", "keep/secret"), "keep/secret", True),
    (("!keep", "*"), "keep", True),
    (("a[b-d]e",), "ace", True),
    (("a[^b-d]e",), "ace", False),
    (("a\\*",), "a*", True),
    (("..",), "a", False),
    (("**",), ".", False),
])
def test_rules_decide_as_in_docker(rules, path, out):
    assert Ignore.of(rules).matches(path) is out


@pytest.mark.parametrize("rule", ["[", "a[]", "[a-]", "b\\", "[^"])
def test_a_broken_rule_is_refused(rule):
    with pytest.raises(DockerfileError, match="syntax error in pattern"):
        Ignore.of((rule,)).matches("a")


def test_an_exclamation_alone_is_refused():
    with pytest.raises(DockerfileError, match="illegal exclusion pattern"):
        Ignore.read("!\n")


def test_folders_needed_by_what_is_kept_travel_too():
    paths = {"a", "a/b", "a/b/sí", "a/b/no", "c"}
    assert Ignore.of(("*", "!a/b/sí")).keep(paths) == {"a", "a/b", "a/b/sí"}


@pytest.mark.parametrize("rule", ["**/a/" * 12 + "b", "*a" * 30 + "b", "a**a**a**b"])
def test_no_rule_takes_long(rule):
    start = time.perf_counter()
    assert not Ignore.of((rule,)).matches("a/" * 60 + "a" * 200)
    assert time.perf_counter() - start < 1
