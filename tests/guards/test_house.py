"""Las reglas de la casa que una máquina puede comprobar."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.extras import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HARD_LIMIT = 400
# Partidos en dos para que este archivo no se acuse a sí mismo.
WORKPLACE = ["/work" + r"/(main|shared|\.)", "/opt" + "/pypi", "/root/" + r"\.pyenv",
             "/tmp/" + "(oracle|venv|CONTRACT)",
             "pypi" + r"\.org", "python" + r"hosted\.org", "npmjs" + r"\.(org|com)", "deb" + r"\.debian\.org",
             "security" + r"\.debian\.org"]


def tracked() -> list[Path]:
    """Los archivos que git guarda y que existen."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


@pytest.mark.parametrize("suffix", [".py", ".js", ".css"])
def test_no_source_file_is_too_long(suffix):
    lengths = {path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines())
               for path in (ROOT / "dockerlab").rglob(f"*{suffix}")}
    assert lengths
    assert not {str(path): length for path, length in lengths.items() if length > HARD_LIMIT}


@pytest.mark.parametrize("command", [["-m", "ruff", "check", "--quiet", "."],
                                     ["-c", "from importlinter.cli import lint_imports_command as c; c()"]],
                         ids=["ruff", "import-linter"])
def test_linters_are_content(command):
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_names_the_place_where_it_was_made():
    pattern = re.compile("|".join(WORKPLACE))
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in pattern.finditer(text)]
    assert not found


def test_notebooks_carry_no_widget_state():
    notebooks = [path for path in tracked() if path.suffix == ".ipynb"]
    assert notebooks
    for path in notebooks:
        data = json.loads(path.read_text(encoding="utf-8"))
        assert "widgets" not in data["metadata"], path
        outputs = [out for cell in data["cells"] for out in cell.get("outputs", [])]
        assert not [out for out in outputs if "application/vnd.jupyter.widget-view+json" in out.get("data", {})], path


def test_the_conda_environment_is_the_project():
    env = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert env["name"] == PROJECT["project"]["name"]
    conda = [item for item in env["dependencies"] if isinstance(item, str)]
    pip = [item["pip"] for item in env["dependencies"] if isinstance(item, dict)]
    assert pip == [["-e ."]], "todo lo demás viene de pyproject.toml"
    python = next(item.partition("=")[2] for item in conda if item.startswith("python="))
    assert set(conda) == {f"python={python}", "pip"}
    assert Requirement(f"python{PROJECT['project']['requires-python']}").specifier.contains(f"{python}.0")
    assert f"Programming Language :: Python :: {python}" in PROJECT["project"]["classifiers"]


def locked() -> dict[str, list[str]]:
    """Las versiones de cada paquete en requirements.lock (varias, si dependen del Python)."""
    versions: dict[str, list[str]] = {}
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([A-Za-z0-9_.-]+)==([^ ;\\]+)", line):
            versions.setdefault(canonicalize_name(match[1]), []).append(match[2])
    return versions


def test_the_lock_satisfies_the_project_and_names_no_registry():
    project, versions = PROJECT["project"], locked()
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"],
              *PROJECT["build-system"]["requires"]]
    for text in wanted:
        requirement = Requirement(text)
        found = versions.get(canonicalize_name(requirement.name), [])
        assert found and all(requirement.specifier.contains(version) for version in found), text
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock and "--index" not in lock and "--find-links" not in lock
    blocks = re.split(r"\n(?=\S)", lock.strip())
    assert all("--hash=sha256:" in block for block in blocks)


def test_every_dependency_has_both_bounds():
    project = PROJECT["project"]
    for text in [*project["dependencies"], *project["optional-dependencies"]["test"]]:
        operators = {spec.operator for spec in Requirement(text).specifier}
        assert {">=", "<"} <= operators, text


def test_installing_the_project_leaves_jupyterlab_in_spanish():
    """Con make, con conda o a mano: lo instala el propio proyecto, no quien lo instala."""
    installed = Path(sys.prefix, "share", "jupyter", "lab", "settings", "overrides.json")
    assert json.loads(installed.read_text(encoding="utf-8")) == json.loads(
        (ROOT / "notebooks" / ".jupyterlab" / "overrides.json").read_text(encoding="utf-8"))
