"""`python -m dockerlab`: lo que una orden hace lo ve la siguiente, también si van a la vez."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dockerlab.__main__ import home
from dockerlab.errors import DockerlabError
from dockerlab.lock import Lock

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOGUE = ROOT / "tests" / "oracle" / "catalogue"


def start(*words, cwd, **options):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DOCKERLAB_CATALOGUE": str(CATALOGUE)}
    return subprocess.Popen([sys.executable, "-m", "dockerlab", *words], cwd=cwd, env=environment, text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def docker(*words, cwd, stdin=""):
    process = start(*words, cwd=cwd)
    out, err = process.communicate(stdin, timeout=60)
    return process.returncode, out, err


def test_one_command_sees_what_the_last_did_running_containers_included(tmp_path):
    assert docker("pull", "-q", "busybox", cwd=tmp_path)[0] == 0
    code, identity, _ = docker("run", "-d", "--name", "web", "busybox", "sleep", "1000", cwd=tmp_path)
    assert code == 0
    assert docker("ps", "-q", "--no-trunc", cwd=tmp_path)[1] == identity
    assert docker("exec", "web", "cat", "/proc/1/comm", cwd=tmp_path)[1] == "sleep\n"
    assert docker("run", "--rm", "-i", "busybox", "cat", cwd=tmp_path, stdin="hola")[1] == "hola"
    assert docker("stop", "-t", "0", "web", cwd=tmp_path)[1] == "web\n"
    assert docker("inspect", "-f", "{{.State.ExitCode}}", "web", cwd=tmp_path)[1] == "137\n"
    assert docker("nada", cwd=tmp_path)[2].startswith("docker: unknown command: docker nada\n")


def test_commands_at_the_same_time_do_not_lose_anything(tmp_path):
    docker("volume", "ls", cwd=tmp_path)
    running = [start("volume", "create", f"vol{number}", cwd=tmp_path) for number in range(6)]
    for process in running:
        process.communicate(timeout=60)
    names = docker("volume", "ls", "-q", cwd=tmp_path)[1].split()
    assert names == [f"vol{number}" for number in range(6)]


def test_output_in_a_pipe_is_byte_exact_and_without_explanations(tmp_path):
    assert docker("stop", "nadie", cwd=tmp_path) == (1, "", "Error response from daemon: No such container: nadie\n")


def test_the_lock_is_exclusive_and_an_abandoned_one_is_broken(tmp_path):
    path = tmp_path / "cerrojo"
    with Lock(path), pytest.raises(DockerlabError, match="otra orden"), Lock(path, patience=0.05):
        pass
    assert not path.exists()
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True,
                          check=True).stdout.strip()
    path.write_text(gone)
    os.utime(path, (time.time() - 3600,) * 2)
    with Lock(path, patience=0.5):
        assert path.read_text() == str(os.getpid())


def test_the_folder_is_the_one_asked_or_one_per_user(tmp_path):
    assert home({"DOCKERLAB_HOME": str(tmp_path)}) == tmp_path
    assert home({}).name == "dockerlab"
