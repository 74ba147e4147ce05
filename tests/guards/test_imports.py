"""El motor es ligero y va a todas partes: sin widgets, sin POSIX, sin hilos."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
import textwrap

import dockerlab
from bench.imports import measure

HEAVY = ["IPython", "anywidget", "ipykernel", "ipywidgets", "jupyterlab", "matplotlib", "numpy", "traitlets"]
POSIX_ONLY = ["crypt", "fcntl", "grp", "nis", "ossaudiodev", "posixshmem", "pty", "pwd", "resource", "spwd", "syslog",
              "termios", "tty"]
PROCESSES = ["_posixsubprocess", "multiprocessing", "select", "socket", "subprocess"]
NO_THREADS = """
        def refuse(*arguments, **options):
            raise RuntimeError("aquí no se pueden lanzar hilos")
        import _thread
        _thread.start_new_thread = refuse  # en Pyodide, `threading` se importa pero no arranca ninguno
"""
OUTER_ROOMS = ("dockerlab.magics", "dockerlab.widgets", "dockerlab.__main__")


def core_modules() -> list[str]:
    """Todos los módulos que deben funcionar sin Jupyter."""
    found = (module.name for module in pkgutil.walk_packages(dockerlab.__path__, "dockerlab."))
    return [name for name in found if not name.startswith(OUTER_ROOMS)]


def run(code: str) -> str:
    """Lo que escribe `code` en un intérprete nuevo."""
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_import_dockerlab_pulls_in_nothing_heavy():
    loaded = json.loads(run("import dockerlab, json, sys; print(json.dumps(sorted(sys.modules)))"))
    assert not set(HEAVY) & set(loaded)


def test_no_module_of_the_core_needs_widgets_posix_threads_or_processes():
    run(f"""
        import importlib, sys
        for name in {HEAVY + POSIX_ONLY + PROCESSES + ["threading"]!r}:
            sys.modules[name] = None
        for name in {core_modules()!r}:
            importlib.import_module(name)
    """)


def test_the_core_builds_and_runs_where_there_is_no_posix(tmp_path):
    (tmp_path / "Dockerfile").write_bytes(b"FROM alpine\r\nCOPY a.txt /a.txt\r\nRUN cat /a.txt\r\n")
    (tmp_path / "a.txt").write_bytes(b"hola\n")
    out = run(f"""
        import sys
        {NO_THREADS}
        for name in {HEAVY + POSIX_ONLY + PROCESSES!r}:
            sys.modules[name] = None
        from dockerlab import Docker
        docker = Docker()
        docker.images.build(path={str(tmp_path)!r}, tag="prueba")
        print(docker.containers.run("prueba", "cat /a.txt").decode())
    """)
    assert out.strip() == "hola"


def test_import_dockerlab_is_no_slower_than_import_docker():
    times = measure(rounds=5)
    assert times["dockerlab"] <= times["docker"], times
