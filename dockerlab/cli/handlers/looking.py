"""`ps`, `logs`, `top`, `stats`, `port`, `diff`, `inspect`: mirar contenedores sin tocarlos."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote_plus

from dockerlab.clock import SECOND
from dockerlab.containers.container import Container
from dockerlab.errors import DockerlabError, fault
from dockerlab.inspection import container_json
from dockerlab.summaries import container_summary, open_ports

from .. import columns, filters
from ..call import Call
from ..container_columns import CONTAINER, raw_rows
from ..inspecting import inspect_all
from ..options.ports import join_address, sort_ports
from ..processes import table
from ..session import ENDLESS, Follower
from ..times import parse_time

ALIVE = ("running", "paused", "restarting")
SAMPLE = 1.0    # segundos entre las dos tomas con que se calcula el procesador


def ancestor(call: Call) -> filters.Test:
    """`ancestor=imagen`: hecho con ella, o con una que la tiene de madre."""
    def test(container: Container, name: str) -> bool:
        found = call.engine.images.find(name)
        return found is not None and found.image.id in (
            container.image, *call.engine.images.lineage(container.image))
    return test


def ps_tests(call: Call) -> dict[str, filters.Test]:
    """Los filtros de `docker ps`."""
    engine = call.engine
    wanted = filters.group(call["filter"])
    marks = {name: engine.containers.get(name).id for key in ("before", "since") for name in wanted.get(key, ())}
    order = {record.id: place for place, record in enumerate(engine.containers.list())}

    def relative(newer: bool) -> filters.Test:
        def test(container: Container, name: str) -> bool:
            mark = order[marks[name]]
            return order[container.id] < mark if newer else order[container.id] > mark
        return test

    def published(container: Container, port: str) -> bool:
        return (port if "/" in port else f"{port}/tcp") in container.ports

    return {
        "name": lambda item, value: filters.by_name(f"/{item.name}", value) or filters.by_name(item.name, value),
        "id": lambda item, value: item.id.startswith(value),
        "label": lambda item, value: filters.by_label(item.config.get("Labels"), value),
        "status": lambda item, value: item.state.status == value,
        "exited": lambda item, value: item.state.status == "exited" and str(item.state.exit_code) == value,
        "ancestor": ancestor(call), "before": relative(False), "since": relative(True),
        "health": lambda item, value: (item.state.health.status if item.state.health else "none") == value,
        "volume": lambda item, value: any(value in (point.name, point.source, point.target) for point in item.mounts),
        "network": lambda item, value: value in engine.switchboard.wanted(item) or any(
            net.id.startswith(value) for net, _ in engine.switchboard.of(item)),
        "publish": published,
        "expose": lambda item, value: (value if "/" in value else f"{value}/tcp") in open_ports(item),
        "is-task": lambda item, value: value in ("false", "0")}


def list_containers(call: Call) -> int:
    """`docker ps`."""
    wanted = filters.group(call["filter"])
    tests = ps_tests(call)
    filters.check_names(wanted, tests)
    for value in wanted.get("status", ()):
        filters.choice("status", value, filters.STATES, "state")
    for value in wanted.get("health", ()):
        filters.choice("health", value, filters.HEALTHS, "health")
    for value in wanted.get("exited", ()):
        filters.integer("exited", value)
    last = 1 if call["latest"] else call["last"]
    everyone = call["all"] or last > 0 or "status" in wanted
    found = [record for record in call.engine.containers.list()
             if (everyone or record.state.status in ALIVE) and filters.matches(record, wanted, tests)]
    sized = call["size"] or ".Size" in call["format"]
    rows = [container_summary(call.engine, record, sized) for record in (found[:last] if last > 0 else found)]
    layout = CONTAINER.table + "\t{{.Size}}" if call["size"] else None
    if call["format"] == "raw":
        call.terminal.out(raw_rows(rows, call.context(), call["quiet"], call["size"]))
        return 0
    try:
        if not rows and call["format"]:
            call.check_template(CONTAINER)
        return call.table(CONTAINER, rows, layout)
    except DockerlabError as error:
        what = "parse" if error.key == "template-parse" else "execute"
        error.text = error.text.replace("template parsing error", f"failed to {what} template")
        raise


def log_lines(container: Container) -> list[tuple[int, int, bytes]]:
    """Los registros de salida en líneas: (instante, flujo, línea con su salto)."""
    lines: list[tuple[int, int, bytes]] = []
    partial: dict[int, tuple[int, bytes]] = {}
    for time, stream, data in container.log:
        started, text = partial.pop(stream, (time, b""))
        *whole, rest = (text + data).split(b"\n")
        for number, line in enumerate(whole):
            lines.append((started if number == 0 else time, stream, line + b"\n"))
        if rest:
            partial[stream] = (started if not whole else time, rest)
    return lines + [(time, stream, rest) for stream, (time, rest) in partial.items()]


def nanosecond_stamp(instant: int) -> bytes:
    """`2026-10-05T12:00:00.000000000Z `, con las nueve cifras."""
    from dockerlab.clock import rfc3339
    return f"{rfc3339(instant - instant % SECOND)[:-1]}.{instant % SECOND:09d}Z ".encode()


def limit(call: Call, flag: str) -> int | None:
    """El instante de `--since` o `--until`; `0` es como no decir nada. Falta `log-time-invalid`."""
    if call[flag] in ("", "0"):
        return None
    try:
        return parse_time(call[flag], call.engine.clock.now)
    except DockerlabError as error:
        raise fault("log-time-invalid", flag=flag, reason=error.text) from None


def details_of(container: Container) -> str:
    """Lo que `logs --details` pone delante de cada línea: los metadatos y variables que pidió `--log-opt`."""
    asked = (container.host_config.get("LogConfig") or {}).get("Config") or {}
    labels = container.config.get("Labels") or {}
    variables = dict(item.partition("=")[::2] for item in container.config.get("Env") or ())
    found: dict[str, str] = {"tag": asked["tag"]} if asked.get("tag") else {}
    for option, values in (("labels", labels), ("env", variables)):
        names = (asked.get(option) or "").split(",")
        pattern = asked.get(f"{option}-regex")
        found |= {name: value for name, value in values.items()
                  if name in names or pattern and re.search(pattern, name)}
    return ",".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in sorted(found.items())) + " "


def logs(call: Call) -> int:
    """`docker logs`."""
    container = call.container(call.args[0])
    engine, terminal = call.engine, call.terminal
    if (container.host_config.get("LogConfig") or {}).get("Type") == "none":
        raise fault("log-unreadable")
    since, until = (limit(call, flag) for flag in ("since", "until"))
    told = (details_of(container) if call["details"] else "").encode()
    tail = int(call["tail"]) if call["tail"].isdecimal() else None
    lines = [line for line in log_lines(container)
             if (since is None or line[0] >= since) and (until is None or line[0] <= until)]
    if tail is not None:
        lines = lines[len(lines) - tail:] if tail and tail < len(lines) else lines if tail else []

    def show(time: int, stream: int, line: bytes) -> None:
        stamp = nanosecond_stamp(time) if call["timestamps"] else b""
        terminal.emit(stream, stamp + told + line)

    for line in lines:
        show(*line)
    if call["follow"] and container.state.alive:
        follower = Follower(engine, terminal, container)
        follower.heard = len(container.log)
        follower.hear = lambda _, stream, data: show(engine.clock.now, stream, data)
        follower.listen()
        if follower.run() != "done":
            terminal.note(ENDLESS.partition(" Para")[0])
    return 0


def top(call: Call) -> int:
    """`docker top`."""
    name, *options = call.args
    processes = call.engine.containers.top(call.container(name))
    call.engine.containers.emit(call.container(name), "top")
    call.terminal.out(table(processes, options))
    return 0


def usage_row(call: Call, container: Container, asked: str, before: dict[str, int]) -> dict[str, Any]:
    """Lo que gasta un contenedor; `before`: el procesador que llevaba gastado cada uno hace un segundo."""
    engine, space = call.engine, container.space
    zeros = dict.fromkeys(("NetworkRx", "NetworkTx", "BlockRead", "BlockWrite", "Memory", "MemoryLimit",
                           "MemoryPercentage", "CPUPercentage", "PidsCurrent"), 0)
    row = {**zeros, "Container": asked, "Name": f"/{container.name}", "ID": container.id, "IsInvalid": False}
    if space is None:
        return row
    limit, memory = container.host_config.get("Memory") or engine.host.memory, engine.kernel.memory(space)
    spent = (space.cpu_ns - before.get(container.id, space.cpu_ns)) / (SAMPLE * SECOND)
    return {**row, "CPUPercentage": spent * 100, "Memory": memory, "MemoryLimit": limit,
            "MemoryPercentage": memory / limit * 100,
            "PidsCurrent": len(engine.containers.runtime.processes(container))}


def stats(call: Call) -> int:
    """`docker stats`: una toma; la de verdad se repite hasta Ctrl+C."""
    names = call.args
    if not names:
        names = [record.id for record in call.engine.containers.list() if call["all"] or record.state.status in ALIVE]
    found = [(call.container(name), name if call.args else name[:12]) for name in names]
    before = {record.id: record.space.cpu_ns for record, _ in found if record.space is not None}
    call.engine.settle(SAMPLE)
    rows = [usage_row(call, record, asked, before) for record, asked in found]
    return call.table(columns.kind_for("stats"), rows)


def port(call: Call) -> int:
    """`docker port`."""
    container = call.container(call.args[0])
    ports = container.ports
    if len(call.args) == 1:
        for name in sort_ports(ports):
            for item in ports[name]:
                call.line(f"{name} -> {join_address(item['HostIp'], item['HostPort'])}")
        return 0
    asked = call.args[1]
    number = asked.partition("/")[0]
    if not number.isdecimal():
        raise fault("port-number", port=asked, number=number)
    found = ports.get(asked if "/" in asked else f"{asked}/tcp")
    if not found:
        raise fault("port-none", port=asked, name=call.args[0])
    for item in found:
        call.line(join_address(item["HostIp"], item["HostPort"]))
    return 0


def diff(call: Call) -> int:
    """`docker diff`."""
    changes = call.container(call.args[0]).root.changes()
    items = [{"Kind": "CAD".index(kind), "Path": path} for kind, path in changes]
    call.terminal.out("".join(f"{'CAD'[item['Kind']]} {item['Path']}\n" for item in items))
    return 0


def inspect(call: Call) -> int:
    """`docker container inspect`."""
    return inspect_all(call, lambda name: container_json(call.engine, call.container(name), call["size"]))


HANDLERS = {"container ls": list_containers, "container logs": logs, "container top": top,
            "container stats": stats, "container port": port, "container diff": diff, "container inspect": inspect}
