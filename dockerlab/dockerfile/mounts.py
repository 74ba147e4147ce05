"""`RUN --mount=…`: de qué tipo, de dónde y a dónde.

Se lee dos veces, como en BuildKit: al validar el Dockerfile, sin variables, solo
importa `from` (porque dibuja el grafo); al ejecutar, todo lo demás ya expandido.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from dockerlab.errors import DockerlabError, fault

from .golang import did_you_mean, quote
from .instruction import Instruction

TYPES = ("bind", "cache", "tmpfs", "secret", "ssh")
SHARING = ("shared", "private", "locked")
ALIASES = {"src": "source", "dst": "target", "destination": "target", "ro": "readonly", "rw": "readwrite"}
KEYS = ("type", "from", "source", "target", "readonly", "id", "sharing", "required", "size", "mode", "uid",
        "gid", "src", "dst", "destination", "ro", "rw", "readwrite", "env")
TRUTH = {**dict.fromkeys(("1", "t", "T", "true", "TRUE", "True"), True),
         **dict.fromkeys(("0", "f", "F", "false", "FALSE", "False"), False)}
OWNED = ("secret", "ssh", "cache")


@dataclass(frozen=True, slots=True)
class Mount:
    """Un montaje de RUN.

    `type`: bind, cache, tmpfs, secret o ssh; `source` (`from`, etapa o imagen; vacío,
    el contexto), `target`: rutas; `id`: el de la caché o el secreto; `size`: bytes;
    `env`: la variable en que se pone el secreto.
    """

    type: str = "bind"
    source_stage: str = ""
    source: str = ""
    target: str = ""
    read_only: bool | None = None
    id: str = ""
    sharing: str = ""
    required: bool = False
    size: int = 0
    mode: int | None = None
    uid: int | None = None
    gid: int | None = None
    env: str | None = None


def check(instruction: Instruction) -> None:
    """Lo que se puede comprobar sin variables: la forma de la lista y el `from`."""
    for device in instruction.flag_values("device"):
        _check_device(instruction, device)
    for text in instruction.flag_values("mount"):
        source_stage(instruction, text)


def sources(instruction: Instruction) -> tuple[str, ...]:
    """El `from` de cada montaje, en orden; vacío si viene del contexto o de ninguna parte."""
    return tuple(source_stage(instruction, text) for text in instruction.flag_values("mount"))


def source_stage(instruction: Instruction, text: str) -> str:
    """El `from` de un montaje. `DockerfileError` si lleva una variable."""
    found = ""
    for field in _fields(instruction, text, f"dockerfile parse error on line {instruction.start}: "):
        key, equals, value = field.partition("=")
        if key.lower() == "from" and equals:
            if "$" in value[:-1]:
                raise _refuse(instruction, "mount-from-variable")
            found = value
    return found


def parse(instruction: Instruction, expand: Callable[[str], str]) -> tuple[Mount, ...]:
    """Los montajes de un RUN, con sus valores expandidos por `expand`.

    `DockerfileError` si una clave no existe o un valor no vale.
    """
    return tuple(_mount(instruction, text, expand) for text in instruction.flag_values("mount"))


def _refuse(instruction: Instruction, key: str, **data: object) -> DockerlabError:
    return fault(key, **{"line": instruction.start, "lines": (instruction.start, instruction.end),
                         "prefix": "", **data})


def _fields(instruction: Instruction, text: str, prefix: str = "") -> list[str]:
    """Los campos separados por comas; uno con comas o comillas va entre comillas dobles."""
    if '"' not in text:
        return text.split(",") if text else []
    try:
        (row,) = csv.reader([text], strict=True)
    except (csv.Error, ValueError) as error:
        raise _refuse(instruction, "mount-csv", prefix=prefix, reason=str(error)) from None
    return row


def _mount(instruction: Instruction, text: str, expand: Callable[[str], str]) -> Mount:
    mount = Mount()
    for field in _fields(instruction, text):
        key, equals, value = field.partition("=")
        key = key.lower()
        if not equals:
            if ALIASES.get(key, key) not in ("readonly", "readwrite", "required"):
                raise _refuse(instruction, "mount-field", field=field)
            value = "true"
        else:
            value = expand(value)
        setter = FIELDS.get(ALIASES.get(key, key))
        if setter is None:
            raise _refuse(instruction, "mount-key", name=key, field=field, hint=did_you_mean(key, KEYS))
        mount = setter(instruction, mount, key, value)
    return _coherent(instruction, mount)


def _coherent(instruction: Instruction, mount: Mount) -> Mount:
    """Lo que depende de varios campos a la vez."""
    if mount.type not in OWNED:
        for key in ("mode", "uid", "gid"):
            if getattr(mount, key) is not None:
                raise _refuse(instruction, "mount-not-allowed", name=key, type=quote(mount.type))
    if mount.read_only is None:
        mount = replace(mount, read_only=mount.type not in ("cache", "tmpfs"))
    if mount.type == "secret":
        for wrong, reason, explanation in (
            (mount.source_stage, "secret mount should not have a from", "no viene de otra etapa."),
            (mount.sharing, "secret mount should not define sharing", "no se comparte."),
            (not (mount.source or mount.target or mount.id),
             "invalid secret mount. one of source, target required", "falta decir cuál."),
            (mount.source and mount.id, "both source and id can't be set", "sobra `source` o sobra `id`."),
        ):
            if wrong:
                raise _refuse(instruction, "mount-secret", reason=reason, explanation=explanation)
    if mount.sharing and mount.type != "cache":
        raise _refuse(instruction, "mount-cache-sharing", type=mount.type)
    return mount


def _text(name: str) -> Callable[[Instruction, Mount, str, str], Mount]:
    return lambda instruction, mount, key, value: replace(mount, **{name: value})


def _type(instruction: Instruction, mount: Mount, key: str, value: str) -> Mount:
    if value.lower() not in TYPES:
        raise _refuse(instruction, "mount-type", value=quote(value), hint=did_you_mean(value, TYPES))
    return replace(mount, type=value.lower())


def _sharing(instruction: Instruction, mount: Mount, key: str, value: str) -> Mount:
    if value.lower() not in SHARING:
        raise _refuse(instruction, "mount-sharing", value=quote(value), hint=did_you_mean(value, SHARING))
    return replace(mount, sharing=value.lower())


def _truth(instruction: Instruction, key: str, value: str) -> bool:
    if value not in TRUTH:
        raise _refuse(instruction, "mount-value", name=key, value=value)
    return TRUTH[value]


def _read_only(instruction: Instruction, mount: Mount, key: str, value: str) -> Mount:
    return replace(mount, read_only=_truth(instruction, key, value) == (key in ("ro", "readonly")))


def _only_for(*types: str) -> Callable[[Instruction, Mount, str], None]:
    def verify(instruction: Instruction, mount: Mount, key: str) -> None:
        if mount.type not in types:
            raise _refuse(instruction, "mount-key-type", name=key, type=mount.type)
    return verify


def _required(instruction: Instruction, mount: Mount, key: str, value: str) -> Mount:
    _only_for("secret", "ssh")(instruction, mount, key)
    return replace(mount, required=_truth(instruction, key, value))


def _size(instruction: Instruction, mount: Mount, key: str, value: str) -> Mount:
    _only_for("tmpfs")(instruction, mount, key)
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?(?:([kmgtp])(?:i?b)?|b)?", value.lower())
    if found is None or len(found[1]) > 20:
        raise _refuse(instruction, "mount-value", name=key, value=value)
    return replace(mount, size=int(float(found[1]) * 1024 ** ("kmgtp".find(found[2]) + 1 if found[2] else 0)))


def _number(base: int) -> Callable[[Instruction, Mount, str, str], Mount]:
    def read(instruction: Instruction, mount: Mount, key: str, value: str) -> Mount:
        digits = "01234567" if base == 8 else "0123456789"
        if not value or value.strip(digits) or len(value) > 12 or (number := int(value, base)) >= 2**32:
            raise _refuse(instruction, "mount-number", name=key, value=value)
        return replace(mount, **{key: number})
    return read


FIELDS: dict[str, Callable[[Instruction, Mount, str, str], Mount]] = {
    "type": _type, "from": _text("source_stage"), "source": _text("source"), "target": _text("target"),
    "readonly": _read_only, "readwrite": _read_only, "required": _required, "size": _size, "id": _text("id"),
    "sharing": _sharing, "mode": _number(8), "uid": _number(10), "gid": _number(10), "env": _text("env"),
}


def _check_device(instruction: Instruction, text: str) -> None:
    """`--device=nombre[,required]`: aparatos del anfitrión (CDI)."""
    named = False
    for field in _fields(instruction, text, f"dockerfile parse error on line {instruction.start}: "):
        key, equals, value = field.partition("=")
        key, reason = key.lower(), ""
        if key == "required":
            if equals and value not in TRUTH:
                reason = f"invalid value for required: {value}"
        elif key == "name" and equals:
            if named:
                reason = "device name already set"
            named = True
        elif named:
            hint = did_you_mean(key, ("name", "required"))
            reason = (f"unexpected key '{key}' in '{field}'{hint}" if equals
                      else f"invalid field '{field}' must be a key=value pair")
        else:
            named = True
        if reason:
            raise _refuse(instruction, "device-invalid", reason=reason, field=field)
