"""Por qué falló la caché, dicho en una frase."""

from __future__ import annotations

from dockerlab.events import FIRST_TIME

from .cache import CacheKey, Pairs

SHOWN = 3  # nombres que caben en la frase


def explain(key: CacheKey, nearest: CacheKey | None, before: str = "") -> str:
    """La frase. `nearest`: la clave guardada más parecida; `before`: el paso anterior, como se escribió."""
    if nearest is None:
        return FIRST_TIME
    changed = key.difference(nearest)
    reasons = [reason for part in changed if (reason := REASONS[part](key, nearest, before))]
    return f"{_sentence(reasons)}." if reasons else "Su resultado ya no está en la caché."


def _sentence(reasons: list[str]) -> str:
    text = "; ".join(reasons)
    return text[0].upper() + text[1:]


def _parent(key: CacheKey, old: CacheKey, before: str) -> str:
    return f"cambió el paso anterior («{before}») y este parte de él" if before else "cambió la imagen base"


def _instruction(key: CacheKey, old: CacheKey, before: str) -> str:
    return f"la instrucción no es la misma: antes era «{old.instruction}»"


def _settings(key: CacheKey, old: CacheKey, before: str) -> str:
    return f"se hace con otros ajustes: {_pairs(key.settings, old.settings)}"


def _environment(key: CacheKey, old: CacheKey, before: str) -> str:
    return f"las variables que ve no son las mismas: {_pairs(key.environment, old.environment)}"


def _files(key: CacheKey, old: CacheKey, before: str) -> str:
    return f"cambió lo que copia{_names(key.files, old.files)}"


REASONS = {"parent": _parent, "instruction": _instruction, "settings": _settings,
           "environment": _environment, "files": _files}


def _pairs(new: Pairs, old: Pairs) -> str:
    now, then = dict(new), dict(old)
    rows = []
    for name in dict.fromkeys((*then, *now)):
        if name not in then:
            rows.append(f"{name}={now[name]} es nueva")
        elif name not in now:
            rows.append(f"{name} ya no está")
        elif now[name] != then[name]:
            rows.append(f"{name} pasó de «{then[name]}» a «{now[name]}»")
    return _few(rows)


def _names(new: Pairs, old: Pairs) -> str:
    now, then = dict(new), dict(old)
    if "*" in now or "*" in then:
        return ""
    rows = []
    for name in dict.fromkeys((*then, *now)):
        shown = name or "el archivo"
        if name not in then:
            rows.append(f"{shown} es nuevo")
        elif name not in now:
            rows.append(f"{shown} ya no está")
        elif now[name] != then[name]:
            mode, past = now[name].partition(" ")[0], then[name].partition(" ")[0]
            same = now[name].partition(" ")[2] == then[name].partition(" ")[2]
            rows.append(f"{shown} tiene otros permisos ({past} → {mode})" if same else f"{shown} tiene otro contenido")
    return f": {_few(rows)}" if rows else ""


def _few(rows: list[str]) -> str:
    extra = len(rows) - SHOWN
    return ", ".join(rows[:SHOWN]) + (f" y {extra} más" if extra > 0 else "")
