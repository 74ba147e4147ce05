"""`inspect`: el JSON entero, o lo que pida una plantilla."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from dockerlab.errors import DockerlabError
from dockerlab.inspection import raw_image

from .call import Call
from .formatter import reword
from .template import Template, to_json
from .template.values import typed

Look = Callable[[str], dict[str, Any]]


OTHER_NAMES = re.compile(r"\.HostConfig\.(NanoCpus|CpuShares|CpuPeriod|CpuQuota|CpuRealtime\w+|Dns\w*)\b")
"""Los campos que en Go se llaman de otra manera que en el JSON: con ellos, Docker mira el JSON crudo."""


def raw(value: dict[str, Any]) -> dict[str, Any]:
    """El objeto como lo escribe el demonio, que no siempre es como lo lee el cliente."""
    return raw_image(value) if "RootFS" in value else value


def pretty(items: list[dict[str, Any]]) -> str:
    """Una lista de objetos en JSON, con sangría de cuatro."""
    return json.dumps([raw(item) for item in items], indent=4, ensure_ascii=False) + "\n" if items else "[]\n"


def fill(template: Template, value: dict[str, Any], type_name: str = "") -> str:
    """La plantilla con un objeto: primero como estructura; si algo falta, como el JSON crudo, igual que Docker."""
    try:
        return template.render(typed(value))
    except DockerlabError as error:
        if type_name and error.data["reason"].startswith("map has no entry"):
            name = error.data["reason"].split('"')[1]
            reason = f"can't evaluate field {name} in type {type_name}"
            error = reword(error)
            error.text = error.text.replace(error.data["reason"], reason)
            raise error from None
    try:
        return template.render(raw(value), strict=True)
    except DockerlabError as error:
        raise reword(error) from None


def read_template(form: str, name: str = "") -> Template:
    """La plantilla de `--format`. Falta `template-parse`, con código 64."""
    try:
        return Template(form, name)
    except DockerlabError as error:
        raise reword(error, code=64) from None


def inspect_all(call: Call, look: Look, type_name: str = "") -> int:
    """Todos los nombres: los objetos que se encuentran y después los errores; con alguno, 1.

    `type_name`: el tipo de Go que citan los errores de plantilla cuando no hay JSON crudo.
    """
    form = call["format"]
    template = read_template(form) if form not in ("", "json") else None
    found, errors = [], []
    for name in call.args:
        try:
            found.append(look(name))
        except DockerlabError as error:
            errors.append(error)
    if template is not None:
        other = not type_name and OTHER_NAMES.search(form)
        for item in found:
            call.line(template.render(item, strict=True) if other else fill(template, item, type_name))
    elif form == "json":
        call.line(to_json([typed(item) for item in found]))
    else:
        call.terminal.out(pretty(found))
    for error in errors:
        call.fail(error)
    return 1 if errors else 0
