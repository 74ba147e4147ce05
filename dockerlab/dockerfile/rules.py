"""Qué admite cada instrucción: cuántos argumentos, qué opciones y con qué valores.

`RULES` es la tabla: para cada instrucción, las comprobaciones en el orden en que
BuildKit las hace, porque de ese orden depende qué error se ve primero.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from dockerlab.errors import DockerlabError, fault

from . import durations, heredocs, mounts
from .golang import SPACE, did_you_mean, quote
from .instruction import Instruction

Check = Callable[[Instruction], None]

VALUE, REPEATED, YES_NO = "value", "repeated", "yes-no"
COPY_FLAGS = {"chown": VALUE, "chmod": VALUE, "link": YES_NO, "exclude": REPEATED}
FLAGS: Mapping[str, Mapping[str, str]] = {
    "ADD": {**COPY_FLAGS, "keep-git-dir": YES_NO, "checksum": VALUE, "unpack": YES_NO},
    "COPY": {**COPY_FLAGS, "from": VALUE, "parents": YES_NO},
    "FROM": {"platform": VALUE},
    "HEALTHCHECK": dict.fromkeys(("interval", "timeout", "start-period", "start-interval", "retries"), VALUE),
    "RUN": {"mount": REPEATED, "device": REPEATED, "network": VALUE, "security": VALUE},
}
STAGE_NAME = re.compile(r"[a-z][a-z0-9\-_.]*")


def refuse(instruction: Instruction, key: str, **data: object) -> DockerlabError:
    """El error `key`, con la línea de la instrucción."""
    return fault(key, **{"instruction": instruction.keyword, "line": instruction.start,
                         "lines": (instruction.start, instruction.end), **data})


def check(instruction: Instruction) -> None:
    """`DockerfileError` si la instrucción no existe o está mal escrita."""
    checks = RULES.get(instruction.keyword)
    if checks is None:
        raise refuse(instruction, "unknown-instruction", word=instruction.word,
                     hint=did_you_mean(instruction.word, RULES, case_sensitive=False))
    for one in checks:
        one(instruction)


def at_least_one(instruction: Instruction) -> None:
    """Falta `at-least-one` si no lleva nada detrás."""
    if not instruction.args:
        raise refuse(instruction, "at-least-one")


def exactly_one(instruction: Instruction) -> None:
    """Falta `exactly-one` si no lleva justo un argumento."""
    if len(instruction.args) != 1:
        raise refuse(instruction, "exactly-one")


def has_destination(instruction: Instruction) -> None:
    """Falta `no-destination` si no dice qué se copia y adónde."""
    if len(instruction.args) < 2:
        raise refuse(instruction, "no-destination")


def flags(instruction: Instruction) -> None:
    """Opciones conocidas, con valor si lo piden y sin repetir las que no se repiten."""
    known, used = FLAGS.get(instruction.keyword, {}), set()
    for flag in instruction.flags:
        bare, equals, value = flag.partition("=")
        name = bare[2:]
        kind = known.get(name)
        if kind is None:
            raise refuse(instruction, "flag-unknown", flag=bare, hint=did_you_mean(name, known))
        if name in used and kind != REPEATED:
            raise refuse(instruction, "flag-duplicate", flag=bare)
        used.add(name)
        if not (equals if kind != YES_NO else value or not equals):
            raise refuse(instruction, "flag-no-value", flag=bare)
        if kind == YES_NO and value.lower() not in ("", "true", "false"):
            raise refuse(instruction, "flag-not-boolean", flag=bare, value=value)


def named_pairs(instruction: Instruction) -> None:
    """ENV y LABEL: los nombres no pueden estar vacíos. Faltas `at-least-one`, `blank-name`."""
    at_least_one(instruction)
    if not all(instruction.args[::3]):
        raise refuse(instruction, "blank-name")


def destination_is_a_path(instruction: Instruction) -> None:
    """El destino de una copia no puede ser un documento en línea. Falta `bad-heredoc`."""
    if heredocs.mentioned(instruction.args[-1]):
        raise refuse(instruction, "bad-heredoc")


def stage_name(instruction: Instruction) -> None:
    """FROM: una imagen y, si acaso, `AS nombre`. Faltas `stage-name`, `from-arguments`."""
    count = len(instruction.args)
    if count == 3 and instruction.args[1].lower() == "as":
        if not STAGE_NAME.fullmatch(instruction.args[2].lower()):
            raise refuse(instruction, "stage-name", name=quote(instruction.args[2]))
    elif count != 1:
        raise refuse(instruction, "from-arguments", count=count)


def trigger(instruction: Instruction) -> None:
    """Lo que ONBUILD guarda: su forma se comprobará al dispararse, no ahora."""
    at_least_one(instruction)
    flags(instruction)
    keyword = instruction.args[0].upper()
    if keyword == "ONBUILD":
        raise refuse(instruction, "onbuild-chained")
    if keyword in ("MAINTAINER", "FROM"):
        raise refuse(instruction, "onbuild-trigger", trigger=keyword)


def argument_names(instruction: Instruction) -> None:
    """ARG: los nombres no pueden estar vacíos. Faltas `at-least-one`, `blank-name`."""
    at_least_one(instruction)
    if any(word.startswith("=") for word in instruction.args):
        raise refuse(instruction, "blank-name")


def shell_list(instruction: Instruction) -> None:
    """SHELL: una lista JSON. Faltas `at-least-one`, `shell-not-json`."""
    at_least_one(instruction)
    if not instruction.json:
        raise refuse(instruction, "shell-not-json")


def volume_paths(instruction: Instruction) -> None:
    """VOLUME: las rutas no pueden estar vacías. Faltas `at-least-one`, `volume-empty`."""
    at_least_one(instruction)
    flags(instruction)
    if not all(path.strip(SPACE) for path in instruction.args):
        raise refuse(instruction, "volume-empty")


def run_options(instruction: Instruction) -> None:
    """RUN: sus montajes, `--network` y `--security`. Faltas: las de `mounts.check`, `network-mode`, `security-mode`."""
    mounts.check(instruction)
    network = instruction.flag("network", "default")
    if network not in ("default", "none", "host"):
        raise refuse(instruction, "network-mode", value=quote(network))
    security = instruction.flag("security", "sandbox")
    if security not in ("sandbox", "insecure"):
        raise refuse(instruction, "security-mode", value=quote(security))


def health(instruction: Instruction) -> None:
    """HEALTHCHECK: NONE a solas, o CMD con una orden. Faltas `healthcheck-…` y las de `interval` y `retries`."""
    at_least_one(instruction)
    kind, *command = instruction.args
    if kind.upper() == "NONE":
        if command:
            raise refuse(instruction, "healthcheck-none")
        return
    flags(instruction)
    if kind.upper() != "CMD":
        raise refuse(instruction, "healthcheck-type", type=quote(kind.upper()))
    if not command:
        raise refuse(instruction, "healthcheck-empty")
    for name in ("interval", "timeout", "start-period", "start-interval"):
        interval(instruction, name)
    retries(instruction)


def interval(instruction: Instruction, name: str) -> None:
    """Un plazo de HEALTHCHECK: cero o, como poco, un milisegundo. Faltas `duration-invalid`, `interval-short`."""
    value = instruction.flag(name)
    if not value:
        return
    try:
        nanoseconds = durations.parse(value)
    except ValueError as error:
        raise refuse(instruction, "duration-invalid", value=value, reason=str(error)) from None
    if nanoseconds and nanoseconds < 1_000_000:
        raise refuse(instruction, "interval-short", name=quote(name))


def retries(instruction: Instruction) -> None:
    """Los intentos de HEALTHCHECK: un entero de 32 bits, no negativo. Faltas `retries-invalid`, `retries-negative`."""
    value = instruction.flag("retries")
    if not value:
        return
    if not re.fullmatch(r"[+-]?[0-9]+", value):
        raise refuse(instruction, "retries-invalid", value=quote(value), reason="invalid syntax")
    number = int(value) if len(value) < 20 else 2**63
    if not -2**31 <= number < 2**31:
        raise refuse(instruction, "retries-invalid", value=quote(value), reason="value out of range")
    if number < 0:
        raise refuse(instruction, "retries-negative", value=number)


RULES: Mapping[str, tuple[Check, ...]] = {
    "ADD": (has_destination, flags, destination_is_a_path),
    "ARG": (argument_names,),
    "CMD": (flags,),
    "COPY": (has_destination, flags, destination_is_a_path),
    "ENTRYPOINT": (flags,),
    "ENV": (flags, named_pairs),
    "EXPOSE": (at_least_one, flags),
    "FROM": (stage_name, flags),
    "HEALTHCHECK": (health,),
    "LABEL": (flags, named_pairs),
    "MAINTAINER": (exactly_one, flags),
    "ONBUILD": (trigger,),
    "RUN": (flags, run_options),
    "SHELL": (flags, shell_list),
    "STOPSIGNAL": (exactly_one,),
    "USER": (exactly_one, flags),
    "VOLUME": (volume_paths,),
    "WORKDIR": (exactly_one, flags),
}
