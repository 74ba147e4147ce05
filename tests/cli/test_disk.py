"""`docker system df`: lo que la caché comparte con las imágenes cuenta una sola vez (Docker 28, medido)."""

from __future__ import annotations

import re


def cache_row(docker) -> list[str]:
    return re.split(r"\s{2,}", docker("system df").out.splitlines()[-1])


def test_layers_of_an_image_do_not_count_again_as_cache(docker, tmp_path):
    recipe = tmp_path / "Dockerfile"
    recipe.write_text("FROM busybox\nRUN head -c 2000000 /dev/zero > /dos\n")
    docker("build -q -t una .")
    assert cache_row(docker)[3] == cache_row(docker)[4] and "MB" not in cache_row(docker)[3]
    recipe.write_text("FROM busybox\nRUN head -c 7000000 /dev/zero > /siete\n")
    docker("build -q -t otra .")
    docker("rmi otra")
    assert cache_row(docker)[3:] == ["7MB", "7MB"]
    assert "Total:\t7MB" in docker("builder prune -f").out
    assert cache_row(docker)[3:] == ["0B", "0B"]
    assert "Total:\t2MB" in docker("builder prune -af").out and cache_row(docker)[1] == "0"


def test_what_is_kept_says_how_long_ago_it_was_made_and_used(docker, tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM busybox\nRUN true\n")
    docker("build -q .")
    docker("run --rm busybox sleep 300")
    docker("build -q .")
    table = docker("system df -v").out.partition("CACHE ID")[2]
    row = next(re.split(r"\s{2,}", line) for line in table.splitlines() if " regular " in line)
    assert row[3:5] == ["5 minutes ago", "Less than a second ago"]
