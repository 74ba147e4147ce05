"""Graba lo que contesta un Docker de verdad a las órdenes de «En Docker de verdad».

    eval "$(tests/oracle/oracle-up)"; python -m tests.course.record [03 04…]

Escribe `dockerlab/course/recorded/*.json`. Los contenedores que crea los elimina.
"""

from __future__ import annotations

import json
import shlex
import sys
import tempfile
from pathlib import Path

from dockerlab.course import lessons
from dockerlab.course.lessons import Recording
from dockerlab.course.practice import prepare
from tests.extras import ROOT, Oracle, need


def played(docker: Oracle, recording: Recording) -> list[str]:
    """Lo que contesta a cada orden, con las dos salidas juntas como en un terminal."""
    before = set(docker.run("ps", "-aq").stdout.split())
    with tempfile.TemporaryDirectory(dir=docker.work) as folder:
        prepare(Path(folder), recording.files)
        outputs = []
        for command, _ in recording.steps:
            done = docker.run(*shlex.split(command)[1:], cwd=folder)
            outputs.append((done.stdout + done.stderr).decode())
    for identity in set(docker.run("ps", "-aq").stdout.split()) - before:
        docker.run("rm", "-f", identity.decode())
    return outputs


def main(wanted: tuple[str, ...]) -> None:
    """Graba todas las lecciones; con números, solo esas."""
    docker = need("docker")
    version = docker.run("version", "--format", "Docker {{.Server.Version}}").stdout.decode().strip().partition("+")[0]
    for name in (name for name in lessons.names() if not wanted or name.startswith(wanted)):
        recordings = lessons.load(name).recordings
        data = {"engine": version} | {recording.id: played(docker, recording) for recording in recordings}
        path = ROOT / "dockerlab" / "course" / "recorded" / f"{name}.json"
        path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(tuple(sys.argv[1:]))
