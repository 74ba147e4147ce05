"""Leer opciones como pflag."""

from __future__ import annotations

import pytest

from dockerlab.cli.commands import Command, lookup, read_flags
from dockerlab.cli.flags import FlagParser, parse_duration, parse_int
from dockerlab.cli.run_options import CHECKS
from dockerlab.errors import DockerlabError

FLAGS = read_flags("""
-d, --detach           En segundo plano
-e, --env list         Variables
    --name string      Nombre
-p, --publish list     Puertos
-n, --last int         Cuántos (default -1)
    --sig-proxy        Señales (default true)
-o, --opt map          Opciones (default map[])
    --subnet strings   Subredes
-t, --time int         Plazo
""")


def parse(*words, interspersed=True):
    return FlagParser(Command("prueba", interspersed=interspersed, flags=FLAGS)).parse(words)


def test_letters_can_be_joined_and_the_last_may_carry_its_value():
    parsed = parse("-dp8080:80", "-n5")
    assert (parsed["detach"], parsed["publish"], parsed["last"]) == (True, ["8080:80"], 5)


def test_long_options_take_their_value_after_equals_or_in_the_next_word():
    assert parse("--name=x")["name"] == parse("--name", "x")["name"] == "x"


def test_a_value_may_look_like_an_option():
    assert parse("--name", "-guion")["name"] == "-guion"


def test_lists_add_up_and_scalars_keep_the_last():
    parsed = parse("-e", "A=1", "--env=B=2", "--name", "uno", "--name", "dos")
    assert (parsed["env"], parsed["name"]) == (["A=1", "B=2"], "dos")


def test_maps_and_comma_separated_lists():
    parsed = parse("-o", "a=1", "--opt", "b", "--subnet", "10.0.0.0/8,11.0.0.0/8")
    assert (parsed["opt"], parsed["subnet"]) == ({"a": "1", "b": ""}, ["10.0.0.0/8", "11.0.0.0/8"])


def test_defaults_come_from_the_help_text():
    parsed = parse()
    assert (parsed["last"], parsed["sig-proxy"], parsed["detach"], parsed["env"]) == (-1, True, False, [])
    assert parse("--sig-proxy=false")["sig-proxy"] is False


def test_options_stop_at_the_first_argument_when_the_command_says_so():
    assert parse("x", "-d").arguments == ["x"]
    assert parse("x", "-d", interspersed=False).arguments == ["x", "-d"]


def test_everything_after_two_dashes_is_an_argument():
    assert parse("--", "-d", "--name").arguments == ["-d", "--name"]


def test_help_is_noticed_wherever_it_is():
    assert parse("--help").help and parse("-d", "x", "--help").help


@pytest.mark.parametrize("words, text", [
    (["--nada"], "unknown flag: --nada"),
    (["-dz"], "unknown shorthand flag: 'z' in -z"),
    (["--name"], "flag needs an argument: --name"),
    (["-n", "x"], 'invalid argument "x" for "-n, --last" flag: strconv.ParseInt: parsing "x": invalid syntax'),
    (["--detach=tal vez"], 'invalid argument "tal vez" for "-d, --detach" flag: strconv.ParseBool: parsing '
                           '"tal vez": invalid syntax'),
    (["--=x"], "bad flag syntax: --=x"),
])
def test_errors_use_the_real_words(words, text):
    with pytest.raises(DockerlabError) as error:
        parse(*words)
    assert (error.value.text, error.value.code) == (text, 125)


def test_the_explanation_of_a_bad_value_is_the_one_of_its_cause():
    with pytest.raises(DockerlabError) as error:
        FlagParser(lookup("run"), CHECKS).parse(["--cpus", "x", "busybox"])
    assert "procesadores" in error.value.what


@pytest.mark.parametrize("text, nanoseconds", [
    ("1s", 10**9), ("1m30s", 90 * 10**9), ("1.5h", 5400 * 10**9), ("300ms", 3 * 10**8), ("-2s", -2 * 10**9), ("0", 0)])
def test_durations_are_read_like_go(text, nanoseconds):
    assert parse_duration(text) == nanoseconds


@pytest.mark.parametrize("text, reason", [
    ("3", 'time: missing unit in duration "3"'), ("1x", 'time: unknown unit "x" in duration "1x"'),
    ("", 'time: invalid duration ""'), ("s", 'time: invalid duration "s"')])
def test_bad_durations_say_why(text, reason):
    with pytest.raises(DockerlabError, match="time:") as error:
        parse_duration(text)
    assert error.value.text == reason


def test_unsigned_integers_have_no_sign():
    with pytest.raises(DockerlabError, match="ParseUint"):
        parse_int("-1", signed=False)
