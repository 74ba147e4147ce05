"""La ayuda y los mensajes de uso."""

from __future__ import annotations

import re

import pytest

from dockerlab.cli.commands import children, is_group, lookup, table
from dockerlab.cli.handlers import PLACES
from dockerlab.cli.help import WIDTH, render_help, wrap
from tests.extras import need

EVERYWHERE = sorted(dict.fromkeys(place for command in table().values() for place in (command.path, *command.at)))


def test_every_group_lists_commands_that_exist():
    for command in set(table().values()):
        for name in children(command) if is_group(command) else ():
            assert lookup(f"{command.path} {name}".strip()) is not None


def test_every_handled_command_is_in_the_table():
    assert all(path in table() for path in PLACES)


def test_help_never_passes_the_width_except_for_words_that_do_not_fit():
    for place in EVERYWHERE:
        command = lookup(place)
        for line in render_help(command, place).splitlines():
            if re.match(r"\s+-", line):
                assert len(line) <= WIDTH, (place, line)


def test_wrap_keeps_explicit_line_breaks():
    assert wrap("uno\ndos", 4, 80) == "uno\n    dos"


def test_builder_is_another_name_of_buildx():
    assert lookup("builder prune") is lookup("buildx prune")


def test_create_has_the_options_of_run_but_not_those_of_the_foreground():
    run, create = ({flag.name for flag in lookup(name).flags} for name in ("run", "create"))
    assert run - create == {"detach", "detach-keys", "sig-proxy"}


@pytest.mark.parametrize("line, code, first", [
    ("imagenes", 1, "docker: unknown command: docker imagenes"),
    ("container nada", 1, "docker: unknown command: docker container nada"),
    ("--opcion", 125, "unknown flag: --opcion"),
    ("ps -x", 125, "unknown shorthand flag: 'x' in -x"),
    ("ps sobra", 1, "docker: 'docker ps' accepts no arguments"),
    ("rm", 1, "docker: 'docker rm' requires at least 1 argument"),
    ("tag a", 1, "docker: 'docker tag' requires 2 arguments"),
    ("build a b", 1, "ERROR: docker: 'docker buildx build' requires 1 argument"),
    ("run --memory=x busybox", 125, "invalid argument \"x\" for \"-m, --memory\" flag: invalid size: 'x'"),
    ("run -itz busybox", 125, "unknown shorthand flag: 'z' in -z"),
    ("ps -n", 125, "flag needs an argument: 'n' in -n"),
    ("help nada", 1, "unknown help topic: nada"),
    ("swarm init", 1, "docker: 'docker swarm init' is not available in dockerlab"),
])
def test_bad_lines_answer_with_dockers_words_and_code(docker, line, code, first):
    result = docker(line)
    assert (result.code, result.err.splitlines()[0], result.out) == (code, first, "")


def test_a_group_without_command_prints_its_help_as_an_error_with_code_0(docker):
    result = docker("network")
    assert (result.code, result.out) == (0, "")
    assert result.err.startswith("Usage:  docker network COMMAND\n\nManage networks\n")


def test_help_works_as_word_and_as_option(docker):
    assert docker("help run").out == docker("run --help").out


def test_help_of_every_command_equals_the_real_one():
    oracle = need("docker")
    home = re.compile(rb"/\S*?/client(?=[/\"])")
    wrong = []
    for place in EVERYWHERE:
        if not place:
            continue  # la raíz dice dónde está la carpeta de quien la ejecuta, y el corte de línea depende de ella
        real = home.sub(b"~/.docker", oracle.run(*place.split(), "--help").stdout).decode()
        if render_help(lookup(place), place) != real:
            wrong.append(place)
    assert wrong == []
