"""El juez de los guiones distingue lo igual de lo distinto."""

from __future__ import annotations

import pytest

from .build_progress import settled
from .normal import Normaliser
from .scenario import check, dump
from .verdict import Bindings, Played, compare, judge, record

A, B = "\x01ID:aaaaaaaaaaaa\x02", "\x01ID:bbbbbbbbbbbb\x02"


@pytest.mark.parametrize("mode, expected, actual, why", [
    ("exact", "hola\n", "hola", None), ("exact", "hola", "adiós", "otro texto"),
    ("exact", "<ID1> <ID2> <ID1>", f"{A} {B} {A}", None),
    ("exact", "<ID1> <ID1>", f"{A} {B}", "otro id que antes en <ID1>"),
    ("exact", "<ID1> <ID2>", f"{A} {A}", "otro id que antes en <ID2>"),
    ("unordered", "a\nb\n", "b\na\n", None), ("unordered", "a\nb\n", "b\nb\n", "otras líneas"),
    ("contains", "b\n", "a\nb c\n", None), ("contains", "z\n", "a\n", "falta texto"),
    ("regex", r"^\d+$", "42", None), ("regex", r"^\d+$", "no", "no casa"),
    ("nonempty", "", "algo", None), ("nonempty", "", " \n", "vacío"), ("ignore", "a", "b", None)])
def test_each_way_to_compare_accepts_the_same_and_refuses_the_rest(mode, expected, actual, why):
    assert compare(expected, actual, mode, Bindings()) == why


def test_what_is_recorded_is_judged_equal_and_any_change_is_seen():
    played = [Played({"cmd": "docker ps -q"}, 0, f"{A}\n", ""), Played({"show": "a"}, None, "uno\n", None)]
    again = record({"name": "n", "steps": []}, played)["steps"]
    same = [one._replace(step=step) for one, step in zip(played, again, strict=True)]
    assert not any(any(result.values()) for result in judge(same))
    other = [same[0]._replace(code=1, out="", err="x"), same[1]._replace(out="dos\n")]
    changed = [sorted(level for level, why in result.items() if why) for result in judge(other)]
    assert changed == [["code", "err", "out"], ["out"]]


@pytest.mark.parametrize("argv, text, normal", [
    (["images"], "REPOSITORY   IMAGE ID       CREATED         SIZE\n"
                 "app          aaaaaaaaaaaa   3 minutes ago   4.3MB\n",
     f"REPOSITORY | IMAGE ID | CREATED | SIZE\napp | {A} | <AGO> | <SIZE>\n"),
    (["logs", "x"], "REPOSITORY   IMAGE ID\n", "REPOSITORY   IMAGE ID\n"),
    (["pull", "x"], "aaaaaaaaaaaa: Downloading\naaaaaaaaaaaa: Pull complete\n", f"{A}: Pull complete\n"),
    (["container", "diff", "x"], "C /b\nA /a\n", "A /a\nC /b\n"),
    (["exec", "x", "pwd"], "/tmp/guion/a\n", "<PWD>/a\n")])
def test_what_changes_from_one_time_to_another_goes_away(argv, text, normal):
    assert Normaliser("/tmp/guion")(text, argv, "out") == normal


def test_the_steps_of_a_build_come_in_their_order_with_what_they_wrote():
    told = ("#1 [internal] load build definition\n#1 DONE 0.0s\n\n#6 [3/3] RUN echo b\n#6 0.11 b\n#6 DONE 0.2s\n\n"
            "#5 [2/3] RUN echo a\n#5 CACHED\n\n#7 exporting to image\n#7 naming to docker.io/library/c done\n"
            "#7 DONE 0.0s\n")
    assert settled(told) == "=> CACHED [2/3] RUN echo a\n=> [3/3] RUN echo b\n   b\nnaming to docker.io/library/c"


@pytest.mark.parametrize("scenario, why", [
    ({"name": "a"}, "falta steps"), ({"name": "a", "steps": [], "raro": 1}, "no se conoce raro"),
    ({"name": "a", "steps": ["docker ps", {"orden": "x"}]}, "paso 2: no se conoce orden")])
def test_a_badly_written_scenario_is_refused(scenario, why):
    with pytest.raises(ValueError, match=why):
        check(scenario, "a.yaml")


def test_long_texts_are_written_to_be_read():
    assert dump({"out": "a\nb\n", "code": 0}) == "out: |\n  a\n  b\ncode: 0\n"
