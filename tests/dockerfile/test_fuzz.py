"""Nada de lo que se escriba hace fallar al analizador de otra forma que con sus propios errores."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dockerlab.build.check import check, configure
from dockerlab.build.plan import plan
from dockerlab.build.state import scratch
from dockerlab.dockerfile import parse, words
from dockerlab.dockerfile.ignore import Ignore
from dockerlab.errors import DockerlabError

PIECES = st.sampled_from(
    "FROM RUN COPY ADD ENV ARG LABEL CMD EXPOSE VOLUME USER WORKDIR STOPSIGNAL SHELL HEALTHCHECK ONBUILD AS NONE "
    "scratch a b x=1 $x ${x ${x:- ${x/a/b} ${x#* } ' \" \\ ` <<EOF <<-'E' EOF [ ] [\"a\"] --from=a --mount=type=cache "
    "--mount= --link --interval=1s --platform=$A -- 80/tcp # * ** ! [a-z] [^ \\d ñ 9 /".split(" ")
    + ["\n", "\n", "\n", "\\\n", "\r\n", " ", "\t", "\x00", "\x1c", "\x85", "\xa0", "\ufeff", "\ud800"])
TEXTS = st.one_of(st.lists(PIECES, max_size=30).map(" ".join), st.lists(PIECES, max_size=30).map("".join),
                  st.text(max_size=60))


def only_its_own_errors(work, *args):
    try:
        work(*args)
    except DockerlabError as error:
        assert error.text


@settings(max_examples=400, deadline=2_000)
@given(TEXTS)
def test_any_text_is_read_or_refused(text):
    only_its_own_errors(parse, text)
    only_its_own_errors(check, "FROM scratch\n" + text)
    only_its_own_errors(lambda: configure(plan("FROM scratch\n" + text, lambda reference, platform: scratch())))


@settings(max_examples=400, deadline=2_000)
@given(TEXTS, st.text(max_size=20))
def test_any_word_expands_or_is_refused(text, value):
    only_its_own_errors(words.expand, text, {"x": value})
    only_its_own_errors(words.split, text, {"x": value}, "`")


@settings(max_examples=400, deadline=2_000)
@given(TEXTS, st.text(max_size=30))
def test_any_ignore_file_is_read_or_refused(text, path):
    only_its_own_errors(lambda: Ignore.read(text).matches(path))
