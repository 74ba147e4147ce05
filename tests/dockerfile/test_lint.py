"""Los avisos de `docker build --check`."""

import pytest

from dockerlab.build.check import check
from dockerlab.dockerfile.ignore import Ignore
from dockerlab.dockerfile.lint_rules import RULES
from dockerlab.errors import DockerfileError


def warnings(text, **options):
    findings, error = check(text, **options)
    assert error is None, error
    return [str(finding) for finding in findings]


def test_each_warning_names_its_rule_and_line():
    assert warnings("FROM busybox as uno\nENV CLAVE valor\nMAINTAINER ana\nWORKDIR relativo\nCMD echo\n") == [
        "FromAsCasing: 'as' and 'FROM' keywords' casing do not match (line 1)",
        'LegacyKeyValueFormat: "ENV key=value" should be used instead of legacy "ENV key value" format (line 2)',
        "MaintainerDeprecated: Maintainer instruction is deprecated in favor of using label (line 3)",
        'WorkdirRelativePath: Relative workdir "relativo" can have unexpected results if the base image changes '
        "(line 4)",
        "JSONArgsRecommended: JSON arguments recommended for CMD to prevent unintended behavior related to OS "
        "signals (line 5)",
    ]


def test_a_variable_that_nobody_defined_gets_a_suggestion():
    assert warnings("FROM scratch\nENV CARPETA=/a\nCOPY x $CARPETAS/b\n") == [
        "UndefinedVar: Usage of undefined variable '$CARPETAS' (did you mean $CARPETA?) (line 3)"]


def test_what_is_ignored_should_not_be_copied():
    assert warnings("FROM scratch\nCOPY secreto /\n", ignore=Ignore.of(("secreto",))) == [
        'CopyIgnoredFile: Attempting to Copy file "secreto" that is excluded by .dockerignore (line 2)']


@pytest.mark.parametrize("text", [
    "# check=skip=all\nFROM scratch as a\n",
    "# check=skip=FromAsCasing\nFROM scratch as a\n",
    "\n# check=skip=FromAsCasing\nFROM scratch as a\n",
])
def test_a_rule_can_be_silenced(text):
    assert warnings(text) == []


def test_warnings_can_be_errors():
    findings, error = check("# check=error=true\nFROM scratch as a\n")
    assert len(findings) == 1
    assert error.text == "lint violation found for rules: FromAsCasing"


def test_unknown_options_are_refused():
    _, error = check("# check=foo=1\nFROM scratch\n")
    assert error.text == 'failed to parse check options: invalid check option "foo"'


def test_warnings_before_an_error_are_kept():
    findings, error = check("FROM scratch as a\nRUM x\n")
    assert [finding.rule.name for finding in findings] == ["FromAsCasing"]
    assert isinstance(error, DockerfileError) and error.data["line"] == 2


def test_every_rule_is_explained_and_has_its_page():
    assert len(RULES) == 22
    for rule in RULES.values():
        assert rule.what.endswith(".") and rule.why.endswith(".") and rule.tip.endswith((".", "`."))
    assert RULES["JSONArgsRecommended"].url == (
        "https://docs.docker.com/go/dockerfile/rule/json-args-recommended/")
    assert RULES["FromAsCasing"].url.endswith("/from-as-casing/")
