"""El texto llano de BuildKit, el final cuando algo falla y los avisos."""

from __future__ import annotations

import re

import pytest

from dockerlab.build.context import Context
from dockerlab.build.options import Options
from dockerlab.build.steps import check_steps
from dockerlab.cli import progress
from dockerlab.dockerfile.lint import Linter
from dockerlab.errors import DockerlabError
from dockerlab.events import BuildTask, StepFinished, StepOutput, StepStarted
from tests.build.bench import construct, make_ports


def steady(text):
    """El texto con las décimas de segundo y nada más: las milésimas son del núcleo."""
    return re.sub(r"\b(\d+\.\d)\d\d ", r"\1 ", text)


def plain(built):
    """Todo lo que se escribe de una construcción."""
    writer = progress.Plain()
    return steady("".join(map(writer.feed, built.events)))


def test_a_whole_build_reads_like_buildkit():
    text = "FROM busybox\nWORKDIR /w\nCOPY a .\nRUN cat a; sleep 0.5; printf fin\nENV A=1\n"
    built = construct(text, {"a": "hola\n"}, tags=("x", "y:2"))
    assert plain(built) == f"""\
#0 building with "default" instance using docker driver

#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: 111B done
#1 DONE 0.0s

#2 [internal] load metadata for docker.io/library/busybox:latest
#2 DONE 0.0s

#3 [internal] load .dockerignore
#3 transferring context: 2B done
#3 DONE 0.0s

#4 [internal] load build context
#4 transferring context: 33B done
#4 DONE 0.0s

#5 [1/4] FROM docker.io/library/busybox:latest
#5 CACHED

#6 [2/4] WORKDIR /w
#6 DONE 0.0s

#7 [3/4] COPY a .
#7 DONE 0.0s

#8 [4/4] RUN cat a; sleep 0.5; printf fin
#8 0.1 hola
#8 0.6 fin
#8 DONE 0.6s

#9 exporting to image
#9 exporting layers done
#9 writing image {built.image.id} done
#9 naming to docker.io/library/x done
#9 naming to docker.io/library/y:2 done
#9 DONE 0.0s
"""


def test_pieces_of_a_line_are_joined():
    writer = progress.Plain()
    name, text, second = "[1/1] RUN x", "RUN x", 10**9
    events = [StepStarted(0, 1, 1, name, text, (1, 1)), StepOutput(second, 1, 1, "me"),
              StepOutput(2 * second, 1, 2, "dio\nfin"), StepFinished(3 * second, 1, name, text, (1, 1), False)]
    assert "".join(map(writer.feed, events)).splitlines()[2:] == [
        "#1 [1/1] RUN x", "#1 2.000 medio", "#1 3.000 fin", "#1 DONE 3.0s"]


def test_tasks_tell_their_notes_and_their_error():
    writer = progress.Plain()
    assert writer.feed(BuildTask(0, "uno", ("a done",), 1.26)).splitlines()[1:] == [
        "", "#1 uno", "#1 a done", "#1 DONE 1.3s"]
    assert writer.feed(BuildTask(0, "dos", error="mal")).splitlines() == ["", "#2 dos", "#2 ERROR: mal"]
    assert writer.feed(BuildTask(0, "tres", cached=True)).splitlines() == ["", "#3 tres", "#3 CACHED"]


FAILING = "FROM busybox\nRUN echo uno && \\\n  echo dos \\\n  # comentario\n  && false\nRUN echo z\n"


def test_a_failure_shows_the_step_its_output_and_the_place():
    assert steady(progress.failure(construct(FAILING).error)) == """\
------
 > [2/3] RUN echo uno &&   echo dos   && false:
0.1 uno
0.1 dos
------
Dockerfile:2
--------------------
   1 |     FROM busybox
   2 | >>> RUN echo uno && \\
   3 | >>>   echo dos \\
   4 | >>>   # comentario
   5 | >>>   && false
   6 |     RUN echo z
--------------------
ERROR: failed to build: failed to solve: process "/bin/sh -c echo uno &&   echo dos   && false" did not complete \
successfully: exit code: 1
"""


def test_quiet_leaves_out_the_step():
    text = progress.failure(construct(FAILING).error, quiet=True)
    assert text.startswith("Dockerfile:2\n") and "------\n >" not in text


def test_only_the_last_ten_lines_are_repeated():
    built = construct("FROM busybox\nRUN for i in $(seq 14); do echo linea $i; done; exit 3\n")
    text = progress.failure(built.error)
    assert [line for line in steady(text).splitlines() if line.startswith("0.")] == [
        f"0.1 linea {number}" for number in range(5, 15)]


@pytest.mark.parametrize(("dockerfile", "last"), [
    ("FROM busybox\nCOPY nada /x\n", "failed to solve: failed to compute cache key: failed to calculate checksum of"),
    ("FROM busybox\nADD http://a.b/c /x\n", 'failed to solve: failed to load cache key: Get "http://a.b/c": dial tcp'),
    ("FROM nada\n", "failed to solve: nada: failed to resolve source metadata for docker.io/library/nada:latest: "),
    ("RUM\n", "failed to solve: dockerfile parse error on line 1: unknown instruction: RUM (did you mean RUN?)"),
    ("", "failed to solve: the Dockerfile cannot be empty"),
    ("FROM busybox\nCOPY --from=9 a b\n", "failed to solve: invalid stage index 9"),
])
def test_the_last_line_says_what_was_being_done(dockerfile, last):
    assert progress.failure(construct(dockerfile).error).splitlines()[-1].startswith(f"ERROR: failed to build: {last}")


@pytest.mark.parametrize(("lines", "shown"), [
    ((1, 1), [1, 2, 3]), ((2, 2), [1, 2, 3, 4]), ((5, 5), [3, 4, 5, 6, 7]), ((9, 9), [7, 8, 9]),
    ((4, 6), [3, 4, 5, 6, 7]), ((1, 3), [1, 2, 3, 4]), ((8, 20), [7, 8, 9]), ((30, 30), []),
])
def test_an_excerpt_shows_as_many_lines_around_as_buildkit(lines, shown):
    text = progress.excerpt("D", "\n".join("abcdefghi"), lines)
    assert [int(row[:4]) for row in text.splitlines() if row.startswith("   ")] == shown


def test_errors_before_reading_the_dockerfile_are_not_solve_errors(tmp_path):
    with pytest.raises(DockerlabError) as caught:
        Context.from_folder(tmp_path / "noexiste")
    assert progress.failure(caught.value).startswith("ERROR: failed to build: unable to prepare context: path ")


def checked(dockerfile):
    """Lo que escribe `docker build --check`."""
    lint, error = Linter.of(dockerfile), None
    try:
        list(check_steps(make_ports(), Context.of({"Dockerfile": dockerfile}), Options(), lint))
    except DockerlabError as problem:
        error = problem
    return progress.check(lint.findings, "Dockerfile", dockerfile, error)


def test_check_without_warnings():
    assert checked("FROM busybox\nRUN true\n") == ("Check complete, no warnings found.\n", "")


def test_check_shows_each_warning_in_its_place():
    assert checked("FROM busybox\nMAINTAINER a\nRUN x\n") == ("""\
Check complete, 1 warning has been found!

WARNING: MaintainerDeprecated - https://docs.docker.com/go/dockerfile/rule/maintainer-deprecated/
Maintainer instruction is deprecated in favor of using label
Dockerfile:2
--------------------
   1 |     FROM busybox
   2 | >>> MAINTAINER a
   3 |     RUN x
   4 |     \n--------------------
""", "")


def test_check_tells_the_error_that_stopped_it():
    out, err = checked("FROM busybox\nMAINTAINER a\nRUM x\n")
    assert out.startswith("Check complete, 1 warning has been found!\n") and out.endswith("--------------------\n\n")
    assert err.splitlines()[0] == (
        "ERROR: dockerfile parse error on line 3: unknown instruction: RUM (did you mean RUN?)")


def test_the_summary_of_warnings_counts_them():
    lint = Linter()
    lint.report("MaintainerDeprecated", 3)
    assert progress.warnings(lint.findings) == (
        "\n 1 warning found (use docker --debug to expand):\n"
        " - MaintainerDeprecated: Maintainer instruction is deprecated in favor of using label (line 3)\n")
    lint.report("MaintainerDeprecated", 4)
    assert "\n 2 warnings found (" in progress.warnings(lint.findings)
    assert progress.warnings([]) == ""
