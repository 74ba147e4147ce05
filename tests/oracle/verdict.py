"""Comparar lo grabado con lo que sale ahora, y apuntar lo que sale."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from .scenario import Scenario, Step

LEVELS = ("code", "out", "err")
"""Código de salida, salida y errores. Cada nivel incluye los de delante."""
MARK = re.compile("\x01([A-Z]+):([0-9a-f]+)\x02")       # un id recién normalizado
LABEL = re.compile(r"<(ID|LID|SHA|SHS)(\d+)>")           # un id grabado
KEPT = ("name", "topic", "title", "images", "needs", "note", "files")


class Played(NamedTuple):
    """Un paso dado: su código (None si no es una orden), lo que imprimió, ya normal, y los segundos que tardó."""

    step: Step
    code: int | None
    out: str | None
    err: str | None
    seconds: float = 0.0


Result = dict[str, str | None]   # por nivel, en qué se aparta (None: en nada)


class Bindings:
    """Qué id de ahora es cada etiqueta grabada, uno a uno en todo el guion."""

    def __init__(self) -> None:
        self.value_of: dict[str, str] = {}
        self.label_of: dict[str, str] = {}

    def same(self, label: str, value: str) -> bool:
        """¿Se refieren a lo mismo? La primera vez, quedan unidos."""
        return self.value_of.setdefault(label, value) == value and self.label_of.setdefault(value, label) == label


def compare(expected: str, actual: str, mode: str, bindings: Bindings) -> str | None:
    """En qué se apartan, en pocas palabras; None si en nada. `mode`: el `out_mode` del paso."""
    recorded, now = LABEL.sub(r"<\1>", expected), MARK.sub(r"<\1>", actual)
    lines, found = recorded.rstrip("\n").split("\n"), now.rstrip("\n").split("\n")
    if mode == "ignore":
        return None
    if mode == "contains":
        return None if all(line in now for line in recorded.strip("\n").split("\n")) else "falta texto"
    if mode == "regex":
        return None if re.search(expected.strip("\n"), MARK.sub(r"\2", actual), re.S) else "no casa"
    if mode == "unordered":
        return None if sorted(lines) == sorted(found) else "otras líneas"
    if mode == "nonempty":
        return None if actual.strip() else "vacío"
    if lines != found:
        return "otro texto"
    for label, value in zip(LABEL.finditer(expected), MARK.finditer(actual), strict=False):
        if not bindings.same(label[2], value[2]):
            return f"otro id que antes en {label[0]}"
    return None


def judge(played: Iterable[Played]) -> list[Result]:
    """De cada paso, en qué se aparta de lo grabado; nada de los que no imprimen ni son órdenes."""
    bindings, results = Bindings(), []
    for step, code, out, err, _ in played:
        result: Result = {}
        if "cmd" in step and step.get("code_mode") != "ignore":
            wanted = step.get("code", 0)
            result["code"] = None if code == wanted else f"código {code}, y no {wanted}"
        for key, text in (("out", out), ("err", err)):
            if text is not None:
                result[key] = compare(step.get(key, ""), text, step.get(f"{key}_mode", "exact"), bindings)
        results.append(result)
    return results


def differences(played: Played, result: Result) -> Iterator[str]:
    """Las líneas que enseñan en qué se aparta un paso."""
    for key, text in (("out", played.out), ("err", played.err)):
        if result.get(key):
            recorded = LABEL.sub(r"<\1>", played.step.get(key, "")).rstrip("\n").split("\n")
            now = MARK.sub(r"<\1>", text or "").rstrip("\n").split("\n")
            yield f"      {key}: {result[key]}"
            for line in list(difflib.unified_diff(recorded, now, lineterm="", n=1))[2:]:
                yield f"        {line}"
    if result.get("code"):
        yield f"      {result['code']}"
        if not result.get("err") and played.err:
            yield f"        err: {played.err.strip()[:300]}"


def record(scenario: Scenario, played: list[Played]) -> Scenario:
    """El guion con lo que salió, y los ids numerados por orden de aparición."""
    numbers: dict[str, int] = {}

    def label(found: re.Match[str]) -> str:
        return f"<{found[1]}{numbers.setdefault(found[2], len(numbers) + 1)}>"
    steps = [_recorded(step, code, *(text and MARK.sub(label, text) for text in (out, err)))
             for step, code, out, err, _ in played]
    return {**{key: scenario[key] for key in KEPT if key in scenario}, "steps": steps}


def _recorded(step: Step, code: int | None, out: str | None, err: str | None) -> dict[str, Any]:
    new = {key: value for key, value in step.items() if key not in LEVELS}
    if "cmd" not in step:
        if out is not None and step.get("out_mode") not in ("ignore", "nonempty"):
            new["out"] = out
        return new
    if step.get("code_mode") != "ignore":
        new["code"] = code
    for key, text in (("out", out or ""), ("err", err or "")):
        mode = step.get(f"{key}_mode")
        if mode in ("contains", "regex"):
            text = step.get(key, "")     # lo escribió una persona
        elif mode in ("ignore", "nonempty"):
            text = ""
        elif text.strip("\n"):
            text = text.rstrip("\n") + "\n"
        else:
            text = ""
        if text:
            new[key] = text
    if re.match(r"docker (images|image (ls|list))\b", step["cmd"]) and new.get("out", "").count("\n") > 1:
        new.setdefault("out_mode", "unordered")      # las imágenes de un mismo segundo salen en cualquier orden
    return new
