"""Graba lo que dicen dash y bash de verdad: `python -m tests.shell.record` (necesita los dos instalados).

Cada guion se ejecuta en una carpeta vacía con casi nada en el PATH. Lo grabado
(`recorded.json`) son hechos medidos; `test_dialects.py` los compara con los nuestros.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .cases import scripts

RECORDED = Path(__file__).with_name("recorded.json")
SCRIPTS = scripts("dialects.txt")


def record(shell: str) -> list[dict[str, object]]:
    """Cada guion con lo que escribió `shell` y su código."""
    rows = []
    program = shutil.which(shell)
    for script in SCRIPTS:
        with tempfile.TemporaryDirectory() as folder:
            for name in ("cat", "env", "sleep", "grep", "cut"):
                os.symlink(shutil.which(name) or name, f"{folder}/{name}")
            os.symlink(program, f"{folder}/sh")
            done = subprocess.run([shell, "-c", script], executable=program, cwd=folder, stdin=subprocess.DEVNULL,
                                  env={"PATH": folder, "HOME": "/root"}, capture_output=True, timeout=20, check=False)
        rows.append({"script": script, "code": done.returncode, "out": done.stdout.decode(),
                     "err": done.stderr.decode()})
    return rows


if __name__ == "__main__":
    data = {shell: record(shell) for shell in ("dash", "bash")}
    RECORDED.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
