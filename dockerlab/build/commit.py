"""`docker commit`: la capa de escritura de un contenedor se congela y se pone encima de su imagen.

Guarda también con qué se ejecutaba (CMD, variables, carpeta), pero nunca lo que
hay en sus volúmenes: no está en la capa de escritura.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dockerlab.containers.container import Container
from dockerlab.dockerfile import parse
from dockerlab.errors import fault
from dockerlab.images import Image, ImageConfig
from dockerlab.images.config import PATH, run_fields

from .config import apply
from .state import begin

ALLOWED = ("CMD", "ENTRYPOINT", "ENV", "EXPOSE", "LABEL", "ONBUILD", "USER", "VOLUME", "WORKDIR", "STOPSIGNAL",
           "HEALTHCHECK")


def from_container(base: ImageConfig, api: Mapping[str, Any]) -> ImageConfig:
    """La configuración de la imagen con lo que el contenedor cambió. `api`: su `Config`.

    Docker real: ONBUILD no llega al contenedor, así que sigue siendo el de la imagen.
    """
    return base.replace(**{**run_fields(api), "on_build": base.on_build, "args_escaped": base.args_escaped})


def apply_changes(config: ImageConfig, changes: Iterable[str]) -> ImageConfig:
    """Las instrucciones de `--change`. Falta `change-not-allowed` si no es de las que cambian la configuración."""
    state = begin(config)
    for change in changes:
        for instruction in parse(change).instructions:
            if instruction.keyword not in ALLOWED:
                raise fault("change-not-allowed", instruction=instruction.keyword)
            state = apply(state, instruction).state
    if "PATH" in config.environment:
        return state.config
    default = f"PATH={PATH}"    # al construir se da por puesta; aquí no
    return state.config.replace(env=tuple(entry for entry in state.config.env if entry != default))


def commit_image(base: Image, container: Container, now: int, comment: str, author: str,
                 changes: tuple[str, ...]) -> Image:
    """La imagen nueva: la de antes, una capa más y la configuración del contenedor."""
    config = apply_changes(from_container(base.config, container.config), changes)
    config = config.replace(author=author, history=base.config.history, diff_ids=base.config.diff_ids)
    image = Image(config, base.layers)
    return image.with_layer(container.root.freeze(), " ".join(container.argv), comment=comment, created=now,
                            author=author)
