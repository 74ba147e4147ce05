"""`docker compose`: `config`, `ps`, `logs`, `ls`, `images`, `top`, `port`, `events`... sin tocar nada."""

from __future__ import annotations

import json
from typing import Any

from dockerlab.clock import SECOND, rfc3339
from dockerlab.compose import emit, specs
from dockerlab.compose.graph import order
from dockerlab.compose.template import variables
from dockerlab.compose.views import containers, service_of
from dockerlab.compose.waiting import LIVING
from dockerlab.containers.connect import exposed
from dockerlab.errors import fault
from dockerlab.images import Reference
from dockerlab.inspection import volume_json
from dockerlab.summaries import container_summary
from dockerlab.units import human_size

from .. import columns
from ..call import Call
from ..columns import ago
from ..compose_job import Job
from ..compose_logs import Chorus
from ..container_columns import CONTAINER
from ..formatter import Column, Kind, tabulate
from ..options.ports import join_address
from ..processes import COLUMNS, FULL
from ..session import ENDLESS
from ..times import parse_time
from .looking import usage_row

VERSION = specs.VERSION


# ── config ──────────────────────────────────────────────────────────────────

def config(call: Call) -> int:
    """`docker compose config`: el proyecto como Compose lo entiende."""
    if call["variables"]:
        return show_variables(call)
    job = Job(call, (), interpolate=not call["no-interpolate"])
    job.named = call.args
    if call["hash"]:
        names = sorted(job.project.services) if call["hash"] == "*" else call["hash"].split(",")
        for name in names:
            job.project.service(name)
            call.line(f"{name} {job.project.config_hash(name)}")
        return 0
    found = listed(call, job)
    if found is not None:
        call.terminal.out("".join(f"{name}\n" for name in found))
        return 0
    project = job.chosen()
    if not (job.call.parents.get("compose") or call.flags).get("all-resources"):
        project = project.used()
    if call["quiet"]:
        return 0
    text = json.dumps(project.to_json(), indent=2, ensure_ascii=False) + "\n" if call["format"] == "json" else (
        emit.dump(project.to_data()))
    if not call["no-interpolate"]:
        text = text.replace("$", "$$")
    if "output" in call.flags.given:
        with open(call.path(call["output"]), "w", encoding="utf-8") as file:
            file.write(text)
    else:
        call.terminal.out(text)
    return 0


def listed(call: Call, job: Job) -> list[str] | None:
    """Las listas de `config`: servicios, imágenes, volúmenes..."""
    project = job.chosen()
    everything = {**project.services, **project.disabled}
    lists = {
        "services": lambda: order(project), "volumes": lambda: sorted(project.used().volumes),
        "networks": lambda: sorted(project.used().networks), "images": lambda: [
            project.image(name) for name in sorted(project.services)],
        "profiles": lambda: sorted({name for service in everything.values() for name in service.get("profiles") or ()}),
        "models": list,
        "environment": lambda: [f"{key}={value}" for key, value in sorted(project.environment.items())]}
    return next((make() for name, make in lists.items() if call[name]), None)


def show_variables(call: Call) -> int:
    """`config --variables`: las que el archivo nombra."""
    rows = {}
    for path in Job.files_of(call):
        with open(path, encoding="utf-8") as file:
            for found in variables(file.read()):
                default = found.operand if found.operator.endswith("-") else ""
                other = found.operand if found.operator.endswith("+") else ""
                rows[found.name] = [found.name, str(found.operator.endswith("?")).lower(), default, other]
    call.terminal.out(tabulate([["NAME", "REQUIRED", "DEFAULT VALUE", "ALTERNATE VALUE"],
                                *(rows[name] for name in sorted(rows))], 20, 1))
    return 0


# ── ps ──────────────────────────────────────────────────────────────────────

COLUMNS_PS = {
    "Name": Column("NAME", lambda item, _: item["Names"][0].removeprefix("/")),
    **{name: CONTAINER.columns[name] for name in ("ID", "Names", "Image", "Command")},
    "Service": Column("SERVICE", lambda item, _: item["Labels"].get(f"{specs.PREFIX}.service", "")),
    "Project": Column("PROJECT", lambda item, _: item["Labels"].get(f"{specs.PREFIX}.project", "")),
    **{name: CONTAINER.columns[name] for name in ("CreatedAt", "RunningFor", "Status", "Ports", "State", "Labels",
                                                  "Label", "LocalVolumes", "Mounts", "Networks", "Size")},
    "Health": Column("HEALTH", CONTAINER.columns["HealthStatus"].value),
    "ExitCode": Column("EXIT CODE", lambda item, _: item["ExitCode"]),
    "Publishers": Column("PUBLISHERS", lambda item, _: [
        {"URL": row.get("IP", ""), "TargetPort": row["PrivatePort"], "PublishedPort": row.get("PublicPort", 0),
         "Protocol": row["Type"]} for row in item["Ports"]])}
PS = Kind("*formatter.ContainerContext", COLUMNS_PS,
          "{{.Name}}\t{{.Image}}\t{{.Command}}\t{{.Service}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}", json=tuple(
              "Command CreatedAt ExitCode Health ID Image Labels LocalVolumes Mounts Name Names Networks Ports Project "
              "Publishers RunningFor Service Size State Status".split()))


def ps(call: Call) -> int:
    """`docker compose ps`."""
    job = Job(call, call.args)
    states = [*call["status"], *([call["filter"].partition("=")[2]] if call["filter"] else ())]
    found = job.containers()
    if call["all"]:
        found += [record for record in containers(call.engine, job.project.name, oneoff=True)
                  if not job.named or service_of(record) in job.named]
    found = [record for record in found if (record.state.status in states if states else
                                            call["all"] or record.state.status in LIVING)]
    found.sort(key=lambda record: record.name)
    if call["services"]:
        call.terminal.out("".join(f"{name}\n" for name in dict.fromkeys(map(service_of, found))))
        return 0
    if call["quiet"]:
        call.terminal.out("".join(f"{record.id}\n" for record in found))
        return 0
    rows = [{**container_summary(call.engine, record), "ExitCode": record.state.exit_code} for record in found]
    return call.table(PS, rows)


# ── logs ────────────────────────────────────────────────────────────────────

def logs(call: Call) -> int:
    """`docker compose logs`."""
    job = Job(call, call.args)
    now = call.engine.clock.now
    since = parse_time(call["since"], now) if call["since"] else None
    until = parse_time(call["until"], now) if call["until"] else None
    tail = int(call["tail"]) if call["tail"].isdecimal() else None
    records = [job.one(call.args[0], call["index"], alive=False)] if call["index"] and call.args else job.containers()
    chorus = Chorus(call, job.project.name, records)
    for record in records:
        chorus.past(record, since, until, tail)
    alive = [record for record in records if record.state.alive]
    if call["follow"] and alive:
        for record in alive:
            chorus.listen(record, len(record.log))
        if chorus.follow(alive):
            call.terminal.note(ENDLESS.partition(" Para")[0])
    return 0


# ── lo demás ────────────────────────────────────────────────────────────────

def projects(call: Call) -> int:
    """`docker compose ls`."""
    found: dict[str, list[Any]] = {}
    for record in call.engine.containers.records.values():
        name = (record.config.get("Labels") or {}).get(f"{specs.PREFIX}.project")
        if name and (call["all"] or record.state.status in LIVING):
            found.setdefault(name, []).append(record)
    wanted = [value for name, value in call["filter"] if name == "name"]
    rows = []
    for name in sorted(found):
        if wanted and not any(value in name for value in wanted):
            continue
        states = sorted(record.state.status for record in found[name])
        shown = ", ".join(f"{state}({states.count(state)})" for state in dict.fromkeys(states))
        files = (found[name][0].config.get("Labels") or {}).get(f"{specs.PREFIX}.project.config_files", "")
        rows.append({"Name": name, "Status": shown, "ConfigFiles": files})
    if call["quiet"]:
        call.terminal.out("".join(f"{row['Name']}\n" for row in rows))
    elif call["format"] == "json":
        call.line(json.dumps(rows, separators=(",", ":")))
    else:
        call.terminal.out(tabulate([["NAME", "STATUS", "CONFIG FILES"], *(list(row.values()) for row in rows)], 20, 1))
    return 0


def images(call: Call) -> int:
    """`docker compose images`."""
    job = Job(call, call.args)
    rows, seen = [], []
    for record in sorted(job.containers(), key=lambda record: record.name):
        stored = call.engine.images.images.get(record.image)
        reference = Reference.parse(record.image_name).tagged
        size, stamp = (stored.image.size, stored.stamp) if stored else (0, 0)
        seen.append(record.image)
        rows.append({"ID": record.image, "ContainerName": record.name, "Repository": reference.familiar_name,
                     "Tag": reference.tag, "Platform": "linux/amd64", "Size": size, "LastTagTime": rfc3339(stamp)})
    if call["quiet"]:
        call.terminal.out("".join(f"{identity.removeprefix('sha256:')}\n" for identity in dict.fromkeys(seen)))
    elif call["format"] == "json":
        call.line(json.dumps(rows, separators=(",", ":")))
    else:
        titles = ["CONTAINER", "REPOSITORY", "TAG", "PLATFORM", "IMAGE ID", "SIZE", "CREATED"]
        lines = [[row["ContainerName"], row["Repository"], row["Tag"], row["Platform"], columns.short_id(row["ID"]),
                  human_size(row["Size"], 3), ago(call.engine.images.images[row["ID"]].stamp / SECOND, call.context())]
                 for row in rows]
        call.terminal.out(tabulate([titles, *lines], 20, 1))
    return 0


def top(call: Call) -> int:
    """`docker compose top`."""
    job = Job(call, call.args)
    rows = []
    for record in job.containers(alive=True):
        number = (record.config.get("Labels") or {}).get(f"{specs.PREFIX}.container-number", "")
        rows += [[service_of(record), number, *(COLUMNS[name][1](process) for name in FULL)]
                 for process in call.engine.containers.top(record)]
    if rows:
        call.terminal.out(tabulate([["SERVICE", "#", *(COLUMNS[name][0] for name in FULL)], *rows], 4, 2))
    return 0


def port(call: Call) -> int:
    """`docker compose port`."""
    job = Job(call)
    record = job.one(call.args[0], call["index"])
    wanted = f"{call.args[1]}/{call['protocol']}"
    found = record.ports.get(wanted)
    if not found:
        ports = [f"{item['HostPort']}/{name.partition('/')[2]}" for name, items in record.ports.items()
                 for item in items]
        ports += [f"0/{name.partition('/')[2]}" for name in exposed(record) if name not in record.ports]
        raise fault("compose-port-none", port=wanted, name=record.name, ports=", ".join(ports))
    call.line(join_address(found[0]["HostIp"], found[0]["HostPort"]))
    return 0


def events(call: Call) -> int:
    """`docker compose events`: los que ya pasaron."""
    job = Job(call, call.args)
    now = call.engine.clock.now
    since = parse_time(call["since"], now) if call["since"] else (0 if call["until"] else now)
    until = parse_time(call["until"], now) if call["until"] else now
    for event in call.engine.events.events:
        known = dict(event.attributes)
        service = known.get(f"{specs.PREFIX}.service", "")
        mine = event.type == "container" and known.get(f"{specs.PREFIX}.project") == job.project.name
        if not mine or (job.named and service not in job.named) or not since <= event.time <= until:
            continue
        if event.action.startswith(("exec_", "health_status", "attach")):
            continue
        shown = {key: value for key, value in known.items() if not key.startswith(specs.PREFIX)}
        if call["json"]:
            call.line(json.dumps({"action": event.action, "attributes": shown, "id": event.actor, "service": service,
                                  "time": rfc3339(event.time), "type": "container"}, separators=(",", ":")))
        else:
            stamp = f"{rfc3339(event.time)[:19].replace('T', ' ')}.{event.time % SECOND // 1000:06d}"
            details = ", ".join(f"{key}={value}" for key, value in shown.items())
            call.line(f"{stamp} container {event.action} {event.actor} ({details})\n")
    if not call["until"]:
        call.terminal.note("`docker compose events` se quedaría esperando los siguientes hasta Ctrl+C; "
                           "para ver los que ya pasaron, añade `--since 1h --until 0s`.")
    return 0


def volumes(call: Call) -> int:
    """`docker compose volumes`."""
    job = Job(call, call.args)
    used = {point.name for record in job.containers() for point in record.mounts if point.type == "volume"}
    mine = [volume for volume in call.engine.volumes.volumes.values()
            if (volume.labels or {}).get(f"{specs.PREFIX}.project") == job.project.name
            and (not job.named or volume.name in used)]
    return call.table(columns.VOLUME, [volume_json(volume) for volume in sorted(mine, key=lambda item: item.name)])


def stats(call: Call) -> int:
    """`docker compose stats`: una toma."""
    job = Job(call, call.args)
    records = job.containers(alive=not call["all"])
    before = {record.id: record.space.cpu_ns for record in records if record.space is not None}
    call.engine.settle(1.0)
    rows = [usage_row(call, record, record.id[:12], before) for record in records]
    return call.table(columns.kind_for("stats"), rows)


def version(call: Call) -> int:
    """`docker compose version`."""
    if call["short"]:
        call.line(VERSION)
    elif call["format"] == "json":
        call.line(json.dumps({"version": VERSION}, separators=(",", ":")))
    else:
        call.line(f"Docker Compose version {VERSION}")
    return 0


HANDLERS = {f"compose {name}": handler for name, handler in {
    "config": config, "ps": ps, "logs": logs, "ls": projects, "images": images, "top": top, "port": port,
    "events": events, "volumes": volumes, "stats": stats, "version": version}.items()}
