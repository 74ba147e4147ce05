"""Cien mil Dockerfiles y cien mil .dockerignore al azar: solo errores propios, y ninguno se queda colgado."""

from __future__ import annotations

import random

import pytest

from dockerlab.dockerfile import parse, read
from dockerlab.dockerfile.ignore import Ignore
from dockerlab.errors import DockerlabError

ROUNDS = 100_000
WORDS = (
    "FROM",
    "from",
    "alpine",
    "AS",
    "build",
    "RUN",
    "echo",
    "<<EOF",
    "EOF",
    "COPY",
    "--from=build",
    ".",
    "/x",
    "ENV",
    "A=1",
    "$A",
    "${A:-x}",
    "ARG",
    "CMD",
    '["a","b"]',
    "[",
    "\\",
    "#",
    "# escape=`",
    "`",
    "HEALTHCHECK",
    "--interval=1s",
    "ONBUILD",
    "LABEL",
    'a="b',
    "EXPOSE",
    "80/tcp",
    "USER",
    "VOLUME",
    "--mount=type=cache",
    "\n",
    "\n",
    "\r\n",
    "\t",
    "ñ",
    "\0",
)
PATTERNS = ("*", "**", "?", "!", "/", "a", "b.txt", "[a-c]", "[", "]", "^", "\\", ".", "..", "#", "\n", " ")


@pytest.mark.long
def test_a_hundred_thousand_dockerfiles_raise_nothing_but_named_errors():
    """Leer y comprobar un Dockerfile, sea lo que sea, acaba bien o con una falta de la tabla."""
    chance, refused = random.Random(2025), 0
    for _ in range(ROUNDS):
        text = " ".join(chance.choices(WORDS, k=chance.randint(0, 40)))
        try:
            read(parse(text))
        except DockerlabError as error:
            refused += 1
            assert error.key
    assert 0 < refused < ROUNDS


@pytest.mark.long
def test_a_hundred_thousand_ignore_files_raise_nothing_but_named_errors():
    """Un .dockerignore cualquiera se lee y se aplica, o dice qué patrón no vale."""
    chance, matched = random.Random(2025), 0
    for _ in range(ROUNDS):
        text = "".join(chance.choices(PATTERNS, k=chance.randint(0, 24)))
        try:
            matched += Ignore.read(text).matches("a/b.txt")
        except DockerlabError as error:
            assert error.key
    assert 0 < matched < ROUNDS
