"""Construcciones al azar, sin el Docker de verdad: se repiten iguales y fallan siempre de forma explicada."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dockerlab.errors import DockerlabError

from .bench import construct, make_ports
from .test_against_docker import contexts, lines

words = st.lists(st.sampled_from([
    "FROM", "busybox", "scratch", "COPY", "RUN", "--from=a", "--mount=type=cache,target=/c", "AS", "a", ".", "/x", "$A",
    "${A:-b}", "<<E", "\n", "\n", "\n", "E", "ENV", "A=1", "[", '"a"]', "ONBUILD", "WORKDIR", "ADD", "USER", "\\",
    "# x", "--chmod=9", "echo"]), max_size=30).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(files=contexts, first=lines)
def test_the_same_build_again_is_all_cached_and_gives_the_same_image(files, first):
    ports, text = make_ports(), "\n".join(["FROM busybox", *first]) + "\n"
    before, again = construct(text, files, ports), construct(text, files, ports)
    other = construct(text, files)
    if before.error:
        assert again.error.text == before.error.text == other.error.text
    else:
        assert again.image.id == before.image.id == other.image.id
        assert all(step.cached for step in again.steps if step.key)


@settings(max_examples=300, deadline=None)
@given(text=words)
def test_any_text_builds_or_is_refused_with_an_explanation(text):
    built = construct(text, {"a": "x"})
    assert built.image is not None or isinstance(built.error, DockerlabError)
    assert type(built.events[-1]).__name__ == "BuildFinished"
    assert built.image is not None or built.error.text


def test_every_error_of_the_room_is_explained():
    from dockerlab.errors import table
    entries = {key: entry for key, entry in table().items() if key.startswith(("copy-", "run-", "context-", "add-"))}
    assert len(entries) > 12
    assert all(entry.get("what") and entry.get("try") for entry in entries.values())
