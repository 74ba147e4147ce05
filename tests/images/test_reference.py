"""Los nombres de las imágenes, con la gramática y los errores de Docker."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockerlab.errors import DockerlabError
from dockerlab.images import Reference
from tests.extras import need

DIGEST = "sha256:" + "ab" * 32


@pytest.mark.parametrize("text, full, familiar", [
    ("nginx", "docker.io/library/nginx:latest", "nginx:latest"),
    ("nginx:1.27", "docker.io/library/nginx:1.27", "nginx:1.27"),
    ("ana/app", "docker.io/ana/app:latest", "ana/app:latest"),
    ("localhost:5000/app:1", "localhost:5000/app:1", "localhost:5000/app:1"),
    ("ghcr.io/x/y/z", "ghcr.io/x/y/z:latest", "ghcr.io/x/y/z:latest"),
    ("index.docker.io/nginx", "docker.io/library/nginx:latest", "nginx:latest"),
    (f"nginx@{DIGEST}", f"docker.io/library/nginx@{DIGEST}", f"nginx@{DIGEST}")])
def test_a_name_is_completed_and_told_as_docker_tells_it(text, full, familiar):
    reference = Reference.parse(text).tagged
    assert (str(reference), reference.familiar) == (full, familiar)


@pytest.mark.parametrize("text, problem", [
    ("Nginx", "invalid reference format: repository name (library/Nginx) must be lowercase"),
    ("a b", "invalid reference format"), ("", "invalid reference format"), ("a:", "invalid reference format"),
    ("nginx@sha256:" + "a" * 40, "invalid checksum digest length"),
    ("f" * 64, f"invalid repository name ({'f' * 64}), cannot specify 64-byte hexadecimal strings")])
def test_a_bad_name_is_refused_in_dockers_words(text, problem):
    with pytest.raises(DockerlabError) as refused:
        Reference.parse(text)
    assert str(refused.value) == problem
    assert refused.value.what and refused.value.tip


def test_every_vector_of_the_reference_suite_passes():
    cases = json.loads((need("vectors") / "data" / "reference.json").read_text(encoding="utf-8"))["cases"]
    wrong = []
    for case in cases:
        try:
            found = Reference.parse(case["ref"])
            got = {"domain": found.domain, "path": found.path, "tag": found.tag, "digest": found.digest,
                   "familiar": found.familiar, "string": str(found), "tagged": str(found.tagged)}
        except DockerlabError as error:
            got = {"err": str(error)}
        if any(value != (case.get(key) or "") for key, value in got.items()):
            wrong.append((case, got))
    assert len(cases) > 400 and not wrong


@given(st.text(max_size=80))
def test_any_text_is_a_reference_or_a_named_error(text):
    try:
        reference = Reference.parse(text)
    except DockerlabError:
        return
    assert Reference.parse(str(reference)) == reference == Reference.parse(reference.familiar)
