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
