"""Escribir YAML como lo escribe `docker compose config` (biblioteca go-yaml)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from .source import plain

OLD_BOOLEANS = re.compile(r"(?i)y|yes|n|no|on|off|true|false")
SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?|\d{4}-\d\d?-\d\d?.*")
UNSAFE_START = re.compile(r"[!&*#|>@`%'\"\[\]{},]|[-?:](\s|$)|---")


def text(value: str) -> str:
    """Un texto de una línea, con las comillas que le hagan falta y ninguna más."""
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f\t]", value) or value == "":
        return json.dumps(value, ensure_ascii=False)
    if not isinstance(plain(value), str) or OLD_BOOLEANS.fullmatch(value) or SEXAGESIMAL.fullmatch(value):
        return json.dumps(value, ensure_ascii=False)
    if UNSAFE_START.match(value) or ": " in value or " #" in value or value.endswith(":") or value != value.strip():
        return "'" + value.replace("'", "''") + "'"
    return value


def scalar(value: Any, indent: str) -> str:
    """Un valor suelto."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(int(value)) if float(value).is_integer() else repr(value)
    if "\n" in value and not value.isspace() and not re.search(r"[ \t]\n", value):
        mark = "|" if value.endswith("\n") and not value.endswith("\n\n") else "|-" if value[-1] != "\n" else "|+"
        if value[0] in " \n":
            mark = f"{mark[0]}2{mark[1:]}"
        lines = value[:-1].split("\n") if value.endswith("\n") else value.split("\n")
        return "\n".join([mark, *(f"{indent}{line}" if line else "" for line in lines)])
    return text(value) if "\n" not in value else json.dumps(value, ensure_ascii=False)


def lines(value: Any, indent: str = "") -> Iterator[str]:
    """Las líneas de un diccionario o una lista."""
    deeper = indent + "  "
    pairs = [(f"{text(key)}:", item) for key, item in value.items()] if isinstance(value, Mapping) else [
        ("-", item) for item in value]
    for head, item in pairs:
        if isinstance(item, (Mapping, list, tuple)) and item:
            rows = list(lines(item, deeper))
            if head == "-":
                yield f"{indent}- {rows[0].lstrip()}"
                yield from rows[1:]
            else:
                yield f"{indent}{head}"
                yield from rows
        else:
            empty = {dict: "{}", list: "[]", tuple: "[]"}.get(type(item))
            yield f"{indent}{head} {empty or scalar(item, deeper)}"


def dump(value: Any) -> str:
    """El documento entero."""
    return "".join(f"{line}\n" for line in lines(value))
