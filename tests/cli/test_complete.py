"""Lo que completa el tabulador."""

from __future__ import annotations

import pytest

from dockerlab.cli.complete import complete


@pytest.fixture
def ready(docker, engine):
    docker("run -d --name web busybox sleep 1000")
    docker("volume create datos")
    docker("network create mired")
    return engine


@pytest.mark.parametrize("words, prefix, expected", [
    ([], "ima", ["image", "images"]),
    (["volume"], "", ["create", "inspect", "ls", "prune", "rm"]),
    (["container"], "st", ["start", "stats", "stop"]),
    (["run"], "--net", ["--network", "--network-alias"]),
    (["stop"], "", ["web"]),
    (["rm", "-f"], "w", ["web"]),
    (["rmi"], "busy", ["busybox", "busybox:latest"]),
    (["run", "--rm"], "busybox:", ["busybox:latest"]),
    (["run", "--network"], "mi", ["mired"]),
    (["volume", "rm"], "", ["datos"]),
    (["network", "connect"], "b", ["bridge"]),
    (["run", "--restart"], "on", ["on-failure"]),
    (["inspect"], "dat", ["datos"]),
    (["nada"], "", []),
])
def test_completions_come_from_the_table_and_the_engine(ready, words, prefix, expected):
    assert complete(ready, words, prefix) == expected


def test_paths_are_completed_where_they_are_expected(ready, tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "archivo").write_text("")
    assert complete(ready, ["build", "-t", "x"], "a", str(tmp_path)) == ["app/", "archivo"]
