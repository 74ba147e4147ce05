"""Mezclar dos descripciones: la segunda completa y corrige a la primera.

Se mezclan ya en su forma larga: los diccionarios, clave a clave; las listas se
suman, sin repetir lo que se refiere a lo mismo; lo demás, gana lo último.
Especificación de Compose, *Merge*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .source import Tagged

REPLACED = {("command",), ("entrypoint",), ("healthcheck", "test"), ("build", "dockerfile"), ("gpus",)}
"""Dentro de un servicio, las listas que se sustituyen enteras."""


def itself(item: Any) -> Any:
    """Lo que identifica a un valor suelto es él mismo."""
    return item if not isinstance(item, (dict, list)) else id(item)


def by_port(item: Mapping[str, Any]) -> Any:
    """Un puerto."""
    return tuple(item.get(key) for key in ("host_ip", "published", "target", "protocol"))


def by_target(item: Mapping[str, Any]) -> Any:
    """Un montaje, por dónde se monta."""
    return item.get("target") or item.get("source")


def by_path(item: Mapping[str, Any]) -> Any:
    """Un archivo."""
    return item.get("path")


def by_subnet(item: Mapping[str, Any]) -> Any:
    """Una subred."""
    return item.get("subnet")




IDENTITY: dict[tuple[str, ...], Callable[[Any], Any]] = {
    ("ports",): by_port, ("volumes",): by_target, ("devices",): by_target, ("env_file",): by_path,
    ("secrets",): by_target, ("configs",): by_target, ("build", "secrets"): by_target,
    ("ipam", "config"): by_subnet, ("post_start",): id, ("pre_stop",): id, ("pre_start",): id,
    ("develop", "watch"): by_path}
"""Qué identifica a los elementos de cada lista."""


def merge(base: Any, over: Any, path: tuple[str, ...] = ()) -> Any:
    """`over` encima de `base`. `path`: dentro del servicio o del recurso."""
    if isinstance(over, Tagged):
        return over
    if isinstance(base, Tagged):
        base = base.value if base.kind == "!override" else None
    if isinstance(base, Mapping) and isinstance(over, Mapping):
        if path == ("logging",) and base.get("driver") != over.get("driver", base.get("driver")):
            return over
        return base | {key: merge(base[key], value, (*path, key)) if key in base else value
                       for key, value in over.items()}
    if isinstance(base, list) and isinstance(over, list) and path not in REPLACED:
        return unique([*base, *over], path)
    return base if over is None else over


def unique(items: list[Any], path: tuple[str, ...]) -> list[Any]:
    """Sin repetidos: gana el último, en el lugar del primero."""
    identity = IDENTITY.get(path, itself)
    found: dict[Any, Any] = {}
    for item in items:
        found[identity(item)] = item
    return list(found.values())


SECTIONS = ("services", "networks", "volumes", "secrets", "configs", "models")


def merge_projects(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Dos archivos enteros, ya en su forma larga."""
    merged = dict(base)
    for key, value in over.items():
        if key in SECTIONS and isinstance(merged.get(key), Mapping) and isinstance(value, Mapping):
            merged[key] = {**merged[key], **{name: merge(merged[key][name], item) if name in merged[key] else item
                                             for name, item in value.items()}}
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


def settle(value: Any) -> Any:
    """Sin marcas: `!reset` desaparece y `!override` deja su valor."""
    if isinstance(value, Tagged):
        return settle(value.value) if value.kind == "!override" else None
    if isinstance(value, Mapping):
        return {key: settle(item) for key, item in value.items()
                if not (isinstance(item, Tagged) and item.kind == "!reset")}
    return [settle(item) for item in value] if isinstance(value, list) else value
