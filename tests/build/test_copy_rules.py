"""Las reglas de COPY, ADD y WORKDIR, caso a caso, contra lo que contestó el motor real."""

from __future__ import annotations

import json
import re

import pytest

from dockerlab.build.context import Context
from dockerlab.filesystem import Directory, Symlink

from .bench import Outcome, make_ports
from .copy_cases import CASES
from .record_copy_rules import ANSWERS, content, plant

RECORDED = json.loads(ANSWERS.read_text(encoding="utf-8"))
# El lenguaje de la versión 28.5 no trae --parents (sí el de `# syntax=docker/dockerfile:1-labs`):
# aquí se acepta siempre, y sus reglas se comprueban en test_copy_parents.
NOT_IN_28 = [name for name, answer in RECORDED.items() if "unknown flag" in answer.get("error", "")]
# Docker real: tras un comodín de carpeta, el destino de un enlace no llega a viajar al constructor.
QUIRKS = ["wildcard then links"]


def seen(image):
    """Ruta → «tipo permisos dueño:grupo contenido», como en las grabaciones."""
    rows = {}
    for path, node in image.filesystem().walk("/"):
        if path != "/":
            owner = f"{node.uid}:{node.gid}"
            if isinstance(node, Directory):
                rows[path] = f"d {node.mode:o} {owner}"
            elif isinstance(node, Symlink):
                rows[path] = f"l {owner} {node.target}"
            else:
                rows[path] = f"f {node.mode:o} {owner} {content(node.content)}"
    return rows


@pytest.mark.parametrize("name", [name for name in CASES if name not in NOT_IN_28 + QUIRKS])
def test_copy_does_what_docker_does(name, tmp_path):
    files, text = CASES[name]
    plant(tmp_path, files)
    (tmp_path / ".dockerignore").write_text("Dockerfile\n.dockerignore\n")
    (tmp_path / "Dockerfile").write_text(f"FROM scratch\n{text}\n")
    built = Outcome(make_ports(), Context.from_folder(tmp_path))
    expected = RECORDED[name]
    if "error" in expected:
        assert built.error is not None
        text = re.sub(r"ref \S+::\S+?: ", "ref <REF>: ", built.error.text)
        text = re.sub(r"/var/lib/docker/overlay2/\w+/merged", "<MERGED>", text)
        assert text == expected["error"].removeprefix("failed to compute cache key: ")
    else:
        assert built.error is None, built.error
        assert seen(built.image) == expected
