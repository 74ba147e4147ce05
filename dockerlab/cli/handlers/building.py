"""`build`, `buildx du`, `buildx prune`, `buildx version`: construir imágenes y cuidar la caché."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

from dockerlab.build.builder import check_tag, open_context
from dockerlab.build.check import OVERRIDE
from dockerlab.build.context import Context
from dockerlab.build.options import Options
from dockerlab.build.steps import build_steps, check_steps
from dockerlab.clock import SECOND
from dockerlab.dockerfile import durations
from dockerlab.dockerfile.lint import Linter
from dockerlab.dockerfile.platforms import Platform
from dockerlab.errors import DockerlabError, fault
from dockerlab.units import human_size

from .. import filters, progress
from ..call import Call
from ..columns import ago
from ..flags import split_csv
from ..formatter import tabulate
from ..options.hosts import with_value
from ..outputs import deliver, read_outputs

RETIRED = {
    "squash": "experimental flag squash is removed with BuildKit. You should squash inside build using a multi-stage "
              "Dockerfile for efficiency.",
    "isolation": "isolation flag is deprecated with BuildKit.",
    "security-opt": 'security-opt flag is deprecated. "RUN --security=insecure" should be used with BuildKit.'}
"""Las opciones del constructor antiguo que BuildKit admite sin hacerles caso, y lo que dice de cada una."""
NETWORKS = ("", "default", "none", "host")
MODES = ("auto", "none", "plain", "quiet", "rawjson", "tty")


def secret(call: Call, text: str) -> tuple[str, bytes]:
    """Un `--secret`: `id=clave,src=archivo` o `id=clave,env=VARIABLE`. Faltas `secret-*`."""
    fields: dict[str, str] = {}
    for item in split_csv(text):
        name, equals, value = item.partition("=")
        if not equals:
            raise fault("secret-field", item=item)
        fields[{"source": "src"}.get(name.lower(), name.lower())] = value
    identity = fields.get("id", "")
    if not identity:
        raise fault("secret-id")
    variable = fields.get("env", "" if "src" in fields else identity)
    if variable in call.terminal.environment and "src" not in fields:
        return identity, call.terminal.environment[variable].encode()
    path = fields.get("src", identity)
    if not os.path.isfile(call.path(path)):
        raise fault("secret-file", path=path)
    return identity, call.read_file(path)


def options_of(call: Call) -> Options:
    """Las opciones de la construcción, leídas de la línea."""
    for name in call["tag"]:
        check_tag(name)
    given = dict(with_value(text, call.terminal.environment).partition("=")[::2] for text in call["build-arg"]
                 if "=" in text or text in call.terminal.environment)
    platforms = [name for text in call["platform"] for name in text.split(",")]
    return Options(tuple(call["tag"]), call["target"], given, call.flags.pairs("label"), call["no-cache"],
                   tuple(call["no-cache-filter"]), call["pull"], dict(secret(call, text) for text in call["secret"]),
                   Platform.parse(platforms[0]) if platforms else Platform())


def context_of(call: Call) -> Context:
    """El contexto, y la entrada estándar si alguien la pide con `-`."""
    path, dockerfile = call.args[0], call["file"] or None
    stdin = call.terminal.read() if "-" in (path, dockerfile) else None
    return open_context(path, dockerfile, stdin, os.path.abspath(call.terminal.cwd))


def drain(steps: Iterator[Any], call: Call, quiet: bool) -> Any:
    """Deja correr la construcción contando lo que pasa; devuelve lo que devuelva."""
    plain = progress.Plain()
    while True:
        try:
            event = next(steps)
        except StopIteration as finished:
            return finished.value
        call.engine.events.emit(event)
        if not quiet:
            call.terminal.err(plain.feed(event))


def check_method(call: Call) -> None:
    """Lo que aquí no se puede pedir. Faltas `call-unknown`, `call-unsimulated`, `build-network`, `ssh-socket`."""
    if call["call"] in ("outline", "targets"):
        raise fault("call-unsimulated", method=call["call"])
    if call["call"] not in ("", "build", "check"):
        raise fault("call-unknown", method=call["call"])
    if call["network"] not in NETWORKS:
        raise fault("build-network", network=call["network"])
    if call["ssh"] and "SSH_AUTH_SOCK" not in call.terminal.environment:
        raise fault("ssh-socket", name=call["ssh"][0].partition("=")[0])


def build(call: Call) -> int:
    """`docker build`."""
    mode = call["progress"]
    quiet = call["quiet"] or mode == "quiet"
    if call["quiet"] and mode not in ("auto", "quiet"):
        call.error(f"ERROR: progress={mode} and quiet cannot be used together")
        return 1
    if mode not in MODES:
        call.error(f"ERROR: invalid progress mode {mode}")
        return 1
    for flag, warning in RETIRED.items():
        if flag in call.flags.given:
            call.error(f"WARNING: {warning}")
    if call["check"] or call["call"] == "check":
        return check(call)
    findings: list[Any] = []
    try:
        check_method(call)
        outputs = read_outputs(call)
        options, context = options_of(call), context_of(call)
        text = (context.dockerfile or b"").decode("utf-8", "replace")
        lint = Linter.of(text, options.build_args.get(OVERRIDE))
        findings = lint.findings
        builder = call.engine.builder
        image = drain(build_steps(builder.ports, context, options, lint), call, quiet or mode == "none")
    except DockerlabError as error:
        call.terminal.err(progress.failure(error, findings, quiet))
        call.terminal.explain(error)
        return 1
    kept = deliver(call, image, outputs)
    if kept:
        builder.keep(image, options.tags)
    if quiet and kept:
        call.line(image.id)
    else:
        call.terminal.err(progress.warnings(findings))
    if call["iidfile"]:
        with open(call.path(call["iidfile"]), "w", encoding="utf-8") as file:
            file.write(image.id)
    return 0


def check(call: Call) -> int:
    """`docker build --check`: los avisos, sin construir. Con alguno, 1."""
    failed, lint = None, Linter()
    try:
        options, context = options_of(call), context_of(call)
    except DockerlabError as error:
        call.terminal.err(progress.failure(error))
        call.terminal.explain(error)
        return 1
    text = (context.dockerfile or b"").decode("utf-8", "replace")
    try:
        lint = Linter.of(text, options.build_args.get(OVERRIDE))
        drain(check_steps(call.engine.builder.ports, context, options, lint), call, False)
    except DockerlabError as error:
        failed = error
    out, err = progress.check(lint.findings, context.name, text, failed)
    call.terminal.out("\n" * bool(call["quiet"]) + out)
    call.terminal.err(err)
    if failed is not None:
        call.terminal.explain(failed)
    return 1 if lint.findings or failed is not None else 0


# ── la caché ────────────────────────────────────────────────────────────────


def lifetime(text: str) -> int:
    """Los nanosegundos de `until=24h`. Falta `cache-until`."""
    try:
        return durations.parse(text)
    except ValueError as error:
        raise fault("cache-until", reason=str(error)) from None


def cache_test(call: Call) -> Callable[[Any], bool]:
    """Lo que `--filter` deja quitar de la caché: `until`, `type`, `id`, `description`, `shared`, `private`, `inuse`.

    Falta `cache-until`.
    """
    wanted, now, shared = filters.group(call["filter"]), call.engine.clock.now, call.engine.builder.shared()
    ages = [lifetime(text) for text in wanted.get("until", wanted.get("unused-for", ()))]
    tests: dict[str, filters.Test] = {
        "until": lambda record, _: now - record.used >= max(ages), "unused-for": lambda record, _: (
            now - record.used >= max(ages)),
        "type": lambda record, value: record.kind == value, "id": lambda record, value: record.id == value,
        "description": lambda record, value: record.description == value,
        "description~": lambda record, value: re.search(value, record.description) is not None,
        "shared": lambda record, value: (record.chain in shared) == (value in ("true", "1")),
        "private": lambda record, value: (record.chain not in shared) == (value in ("true", "1")),
        "inuse": lambda record, value: value in ("false", "0")}
    known = {name: values for name, values in wanted.items() if name in tests}
    return lambda record: len(known) == len(wanted) and filters.matches(record, known, tests)


def prune_cache(call: Call, everything: bool) -> tuple[list[str], int]:
    """Quita lo que ninguna imagen usa: ids borrados y bytes recuperados."""
    ages = [lifetime(text) for text in filters.group(call["filter"]).get("until", ())]
    now = call.engine.clock.now
    gone = call.engine.builder.prune(everything, lambda record: not ages or now - record.used >= max(ages))
    size = sum(record.size for record in gone)
    call.engine.emit("builder", "prune", "", reclaimed=str(size))
    return [record.id for record in gone], size


def disk_usage(call: Call) -> int:
    """`docker buildx du`."""
    rows = call.engine.builder.usage()
    context = call.context()
    lines = [["ID", "RECLAIMABLE", "SIZE", "LAST ACCESSED"]]
    lines += [[row["ID"], "true" if not row["InUse"] else "false",
               human_size(row["Size"]) + ("*" if row["Shared"] else ""),
               ago(row["LastUsedAt"] / SECOND, context)] for row in rows]
    call.terminal.out(tabulate(lines, 1))
    shared = sum(row["Size"] for row in rows if row["Shared"])
    total = sum(row["Size"] for row in rows)
    call.terminal.out(tabulate([["Shared:", human_size(shared)], ["Private:", human_size(total - shared)],
                                ["Reclaimable:", human_size(total)], ["Total:", human_size(total)]], 1))
    return 0


UNUSED = "WARNING! This will remove all dangling build cache. Are you sure you want to continue?"
ALL = "WARNING! This will remove all build cache. Are you sure you want to continue?"


def prune(call: Call) -> int:
    """`docker builder prune`."""
    if not call.confirm(ALL if call["all"] else UNUSED):
        return 0
    context = call.context()
    gone = call.engine.builder.prune(call["all"], cache_test(call))
    if gone:
        call.line("ID\t\t\t\t\t\tRECLAIMABLE\tSIZE\t\tLAST ACCESSED")
    for record in gone:
        call.line(f"{record.id:<40}\t{'true':<5}\t{human_size(record.size):<10}\t{ago(record.used / SECOND, context)}")
    call.line(f"Total:\t{human_size(sum(record.size for record in gone))}")
    return 0


def version(call: Call) -> int:
    """`docker buildx version`."""
    call.line("github.com/docker/buildx 0.29.1+ds1 0.29.1+ds1-4")   # el del Docker con que se compara
    return 0


HANDLERS = {"buildx build": build, "buildx du": disk_usage, "buildx prune": prune, "buildx version": version}
