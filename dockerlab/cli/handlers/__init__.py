"""Quién atiende cada orden: un módulo por familia, que se importa al usarlo."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from dockerlab.errors import fault

from ..commands import Command

FAMILIES = {
    "running": "container: run create start attach exec",
    "lifecycle": "container: stop restart kill pause unpause wait rename update rm",
    "looking": "container: ls logs top stats port diff inspect",
    "moving": "container: cp commit export; image: import",
    "images": "image: ls history inspect tag rm prune",
    "sharing": "image: pull push save load; manifest: inspect; : login logout search",
    "building": "buildx: build prune du version",
    "volumes": "volume: create ls inspect rm prune",
    "networks": "network: create ls inspect rm prune connect disconnect",
    "compose": "compose: up create start stop restart kill pause unpause rm down scale build pull",
    "compose_looking": "compose: config ps logs ls images top port events volumes stats version",
    "compose_running": "compose: run exec cp attach wait export",
    "system": "system: df events info prune; container: prune; : inspect version; context: ls show",
}
"""Por módulo, las órdenes de cada grupo que atiende (`*`: todas)."""


def places() -> dict[str, str]:
    """El módulo de cada orden, por su lugar en la tabla."""
    found = {}
    for module, text in FAMILIES.items():
        for part in text.split("; "):
            group, _, names = part.partition(":")
            for name in names.split():
                found[f"{group} {name}".strip()] = module
    return found


PLACES = places()
Handler = Callable[[Any], int | None]


def handler_for(command: Command, name: str) -> Handler:
    """La función que atiende la orden. Falta `not-simulated` si el simulador no la tiene."""
    module = PLACES.get(command.path) or PLACES.get(f"{command.path.partition(' ')[0]} *")
    if module is None:
        raise fault("not-simulated", command=name)
    handlers: dict[str, Handler] = importlib.import_module(f".{module}", __name__).HANDLERS
    found = handlers.get(command.path)
    if found is None:
        raise fault("not-simulated", command=name)
    return found
