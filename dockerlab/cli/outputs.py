"""`docker build --output`: a dónde va lo construido, si no es a las imágenes de este equipo.

Docker real: los destinos de BuildKit. Aquí se simulan el de siempre (`docker`), la
carpeta (`local`) y el archivo (`tar`).
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from dockerlab.errors import fault
from dockerlab.filesystem import Directory
from dockerlab.images import Image
from dockerlab.images.archive import flatten

from .call import Call
from .copying import HostSide
from .flags import split_csv

KINDS = ("local", "tar", "docker", "image", "registry", "oci", "cacheonly")
SIMULATED = ("local", "tar", "docker", "cacheonly")


@dataclass(frozen=True, slots=True)
class Output:
    """Un destino: `local` (una carpeta), `tar` (un archivo, o `-`), `docker` (lo de siempre) o `cacheonly`."""

    kind: str
    path: str = ""


def read_outputs(call: Call) -> list[Output]:
    """Los destinos pedidos con `--output`, `--load` y `--push`. Faltas `output-*`, `build-push-no-tag`."""
    found = [read_output(text) for text in call["output"]]
    if call["push"]:
        if not call["tag"]:
            raise fault("build-push-no-tag")
        raise fault("output-unsimulated", kind="registry")
    return [*found, *([Output("docker")] if call["load"] else [])]


def read_output(text: str) -> Output:
    """`carpeta`, `-`, o `type=local,dest=carpeta`. Faltas `output-*`."""
    if "=" not in text:
        return Output("tar", "-") if text == "-" else Output("local", text)
    fields = {}
    for item in split_csv(text):
        name, equals, value = item.partition("=")
        if not equals:
            raise fault("output-field", item=item)
        fields[name.strip().lower()] = value.strip()
    kind, path = fields.get("type", ""), fields.get("dest", "")
    if not kind:
        raise fault("output-type")
    if kind not in KINDS:
        raise fault("output-unknown", kind=kind)
    if kind not in SIMULATED:
        raise fault("output-unsimulated", kind=kind)
    if kind == "local" and not path:
        raise fault("output-no-dest", kind=kind)
    return Output(kind, path or "-")


def deliver(call: Call, image: Image, outputs: list[Output]) -> bool:
    """Escribe lo construido donde se pidió; cierto si además se queda en las imágenes de este equipo."""
    layer = flatten(image.overlay())
    for output in outputs:
        if output.kind == "local":
            entries = {"": Directory(), **{path: layer.entries[path] for path in sorted(layer.entries) if path}}
            HostSide(call.terminal.cwd, str(call.engine.host.root)).write(output.path, entries)
        elif output.kind == "tar":
            buffer = io.BytesIO()
            layer.write_tar(buffer)
            if output.path == "-":
                call.terminal.emit(1, buffer.getvalue())
            else:
                with open(call.path(output.path), "wb") as file:
                    file.write(buffer.getvalue())
    return not outputs or any(output.kind == "docker" for output in outputs)
