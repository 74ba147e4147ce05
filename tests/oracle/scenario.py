"""Los guiones: leerlos, comprobarlos y escribirlos. El formato, en FORMAT.md."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

Scenario = dict[str, Any]
Step = dict[str, Any]

SCENARIO_KEYS = {"name", "topic", "title", "set", "images", "needs", "files", "steps", "engine", "note", "hub"}
STEP_KEYS = {"cmd", "out", "err", "code", "stdin", "env", "capture", "sleep", "write", "append", "touch", "remove",
             "mkdir", "chmod", "symlink", "rename", "show", "tar", "out_mode", "err_mode", "code_mode", "timeout",
             "note", "maketar"}
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(paths: Iterable[str | Path]) -> list[Scenario]:
    """Los guiones de esos archivos YAML y carpetas, en orden. `ValueError` si uno está mal o dos se llaman igual."""
    found: dict[str, Scenario] = {}
    for path in map(Path, paths):
        for file in sorted(one for one in path.rglob("*.y*ml")) if path.is_dir() else [path]:
            for document in yaml.load_all(file.read_text(encoding="utf-8"), Loader=LOADER):
                for scenario in document if isinstance(document, list) else [document] if document else []:
                    check(scenario, file)
                    if scenario["name"] in found:
                        raise ValueError(f"dos guiones se llaman {scenario['name']}")
                    found[scenario["name"]] = scenario
    return list(found.values())


def check(scenario: Scenario, file: Path) -> None:
    """`ValueError` si falta una clave o sobra otra. Un paso que es solo un texto se queda en `{"cmd": texto}`."""
    where = f"{file}: {scenario.get('name')}"
    if unknown := set(scenario) - SCENARIO_KEYS:
        raise ValueError(f"{where}: no se conoce {', '.join(sorted(unknown))}")
    if missing := {"name", "steps"} - set(scenario):
        raise ValueError(f"{where}: falta {', '.join(sorted(missing))}")
    scenario["steps"] = [{"cmd": step} if isinstance(step, str) else step for step in scenario["steps"]]
    for number, step in enumerate(scenario["steps"], 1):
        if unknown := set(step) - STEP_KEYS:
            raise ValueError(f"{where}: paso {number}: no se conoce {', '.join(sorted(unknown))}")


def chosen(scenarios: Iterable[Scenario], topics: list[str] | None = None, names: list[str] | None = None,
           without: Iterable[str] = ()) -> list[Scenario]:
    """Los de esos temas y con esos nombres (patrones) que no necesitan nada de `without`."""
    def wanted(value: str, patterns: list[str] | None) -> bool:
        return not patterns or any(fnmatch.fnmatch(value, pattern) for pattern in patterns)
    return [one for one in scenarios if wanted(one["topic"], topics) and wanted(one["name"], names)
            and not set(without) & set(one.get("needs", ()))]


class Dumper(yaml.SafeDumper):
    """El que escribe los textos de varias líneas como se leen."""


def _text(dumper: Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


Dumper.add_representer(str, _text)


def dump(value: Any) -> str:
    """En YAML, con las claves en su orden."""
    return yaml.dump(value, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100_000,
                     default_flow_style=False)
