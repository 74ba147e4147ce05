"""Un JupyterLab de verdad, aislado y efímero, para probar cuadernos como los ve quien aprende."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.extras import ROOT

SETTINGS = {
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/translation-extension/plugin": {"locale": "es_ES"},
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
}
FOLDERS = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "IPYTHONDIR": "ipython",
    "MPLCONFIGDIR": "matplotlib",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
}
IDLE = """() => { const shell = window.jupyterapp && window.jupyterapp.shell.currentWidget;
  const kernel = shell && shell.sessionContext && shell.sessionContext.session && shell.sessionContext.session.kernel;
  return kernel && kernel.status === "idle"; }"""
RAN = """() => window.jupyterapp.shell.currentWidget.content.widgets.filter((cell) => cell.model.type === "code")
  .every((cell) => cell.model.executionState === "idle" && cell.model.executionCount)"""


@contextmanager
def lab(root: Path) -> Iterator[str]:
    """Arranca JupyterLab sobre la carpeta `root`; da la dirección de su raíz, con el testigo puesto en `{}`."""
    with tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True) as home:
        environment = {
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            "PYTHONPATH": str(ROOT),
        }
        environment.pop("DOCKERLAB_STATIC", None)
        for name, folder in FOLDERS.items():
            path = Path(home, folder)
            path.mkdir()
            environment[name] = str(path)
        for name, values in SETTINGS.items():
            path = Path(home, "settings", f"{name}.jupyterlab-settings")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values), encoding="utf-8")
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            port = door.getsockname()[1]
        token = secrets.token_hex(16)
        with Path(home, "log").open("w+", encoding="utf-8") as log:
            server = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "jupyterlab",
                    "--no-browser",
                    "--allow-root",
                    "--ServerApp.ip=127.0.0.1",
                    f"--ServerApp.port={port}",
                    "--ServerApp.port_retries=0",
                    f"--IdentityProvider.token={token}",
                    f"--ServerApp.root_dir={root}",
                    "--LabApp.news_url=None",
                    "--LabApp.expose_app_in_browser=True",
                    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
                    "--LabApp.extension_manager=readonly",
                ],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                _wait(server, f"http://127.0.0.1:{port}/api?token={token}", log)
                yield f"http://127.0.0.1:{port}/lab/tree/{{}}?reset&token={token}"
            finally:
                server.send_signal(signal.SIGINT)
                try:
                    server.wait(1)
                except subprocess.TimeoutExpired:  # con SIGINT pregunta; SIGTERM es limpio
                    server.terminate()
                server.wait(15)


def _wait(server: subprocess.Popen, address: str, log: Any, seconds: float = 60) -> None:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    log.seek(0)
    raise RuntimeError(f"JupyterLab no arranca:\n{log.read()}")


def open_notebook(page: Any, address: str) -> None:
    """Abre un cuaderno y espera a que su núcleo esté libre."""
    page.goto(address)
    page.wait_for_function(IDLE, timeout=60_000)


def run_all(page: Any) -> None:
    """Ejecuta todas las celdas y espera a que acaben."""
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(RAN, timeout=60_000)
