"""Trocear lo que se escribe tras `!docker`."""

from __future__ import annotations

import pytest

from dockerlab.shell_line import Unsupported, logical_lines, mentions_docker, pieces, substitute

ENV = {"PWD": "/casa", "VACIA": ""}


@pytest.mark.parametrize("line, words", [
    ("docker run -e 'A=dos palabras' x", ["docker", "run", "-e", "A=dos palabras", "x"]),
    ('docker run sh -c "echo \\"hola\\" $PWD"', ["docker", "run", "sh", "-c", 'echo "hola" /casa']),
    ("docker run -v $PWD:/app -v ${PWD}/x:/x y", ["docker", "run", "-v", "/casa:/app", "-v", "/casa/x:/x", "y"]),
    ("docker ps --format '{{.Names}} $PWD'", ["docker", "ps", "--format", "{{.Names}} $PWD"]),
    ("docker run sh -c 'a && b | c > d'", ["docker", "run", "sh", "-c", "a && b | c > d"]),
    ("docker run -e A='x'\"y\"z b", ["docker", "run", "-e", "A=xyz", "b"]),
    ("docker run -e '' b", ["docker", "run", "-e", "", "b"]),
    (r"docker run a\ b", ["docker", "run", "a b"]),
])
def test_words_are_those_of_a_shell(line, words):
    assert list(pieces(line, ENV)[0].words) == words


def test_chained_commands_keep_their_operator():
    found = pieces("docker ps && docker images; docker info || docker version", {})
    assert [(piece.operator, piece.words[1]) for piece in found] == [
        ("", "ps"), ("&&", "images"), (";", "info"), ("||", "version")]


@pytest.mark.parametrize("line", ["docker ps | perl", "docker ps |", "docker save x > f", "docker ps &",
                                  "docker load < f"])
def test_what_only_a_shell_does_is_refused(line):
    with pytest.raises(Unsupported):
        pieces(line, {})


def test_filters_are_words_too():
    first, second = pieces("docker ps 2>&1 | grep 'a b' | wc -l; docker info", {})
    assert (first.filters, first.both) == ((("grep", "a b"), ("wc", "-l")), True)
    assert (second.operator, second.words, second.filters) == (";", ("docker", "info"), ())


def test_an_unclosed_quote_is_noticed():
    with pytest.raises(ValueError):
        pieces("docker run 'x", {})


def test_substitutions_put_the_output_in_one_line():
    assert substitute("docker rm $(docker ps -aq) `docker ps -q`", lambda inner: {
        "docker ps -aq": "a\nb\n", "docker ps -q": "c\n"}[inner]) == "docker rm a b c"


@pytest.mark.parametrize("line, found", [
    ("sudo docker ps", True), ("cd x && docker build .", True), ("/usr/bin/docker ps", True), ("(docker ps)", True),
    ("time docker ps", True), ("docker-compose up", True), ("echo $(docker ps)", True), ("xargs -n1 docker rm", True),
    ("ls docker", False), ("cat docker.txt", False), ("echo docker", False), ("grep docker f", False),
    ("pip install docker", False), ("mydocker ps", False)])
def test_docker_as_a_command_is_recognised_anywhere(line, found):
    assert mentions_docker(line) is found


def test_a_cell_is_cut_into_commands():
    cell = """
    # comentario
docker run \\
    --name web \\
    busybox

ps -a
docker run busybox sh -c '
echo uno
'
"""
    assert list(logical_lines(cell)) == [
        "docker run --name web busybox", "ps -a", "docker run busybox sh -c '\necho uno\n'"]
