"""El motor entero: `system df`, `events`, `info`, `system prune`, `inspect`, `version`, `context`..."""

from __future__ import annotations

from typing import Any

from dockerlab.clock import rfc3339
from dockerlab.containers.container import Container
from dockerlab.errors import DockerlabError, NotFound, fault
from dockerlab.inspection import container_json, image_json, network_json, volume_json
from dockerlab.summaries import disk_usage, event_json
from dockerlab.units import human_size

from .. import disk, filters
from ..about import info_text, info_value, version_text, version_value
from ..call import Call
from ..formatter import render, reword
from ..inspecting import inspect_all
from ..template import Template, to_json
from ..template.values import Struct, typed
from ..times import parse_time
from .images import prune_images
from .networks import prune_networks
from .volumes import prune_volumes


def usage(call: Call) -> int:
    """`docker system df`."""
    show = disk.verbose if call["verbose"] else disk.summary
    call.terminal.out(show(disk_usage(call.engine), call["format"], call.context()))
    return 0


EVENT_TESTS: dict[str, filters.Test] = {
    "container": lambda event, value: event.type == "container" and named(event, value),
    "image": lambda event, value: (event.type == "image" and named(event, value)) or (
        dict(event.attributes).get("image") == value),
    "volume": lambda event, value: event.type == "volume" and named(event, value),
    "network": lambda event, value: event.type == "network" and named(event, value),
    "type": lambda event, value: event.type == value,
    "event": lambda event, value: event.action.partition(":")[0] == value,
    "label": lambda event, value: filters.by_label(dict(event.attributes), value),
    "scope": lambda event, value: value == "local", "daemon": lambda *_: False, "plugin": lambda *_: False}


def named(event: Any, value: str) -> bool:
    """¿Habla de ese objeto, por id, principio de id o nombre?"""
    return event.actor.startswith(value) or dict(event.attributes).get("name") == value


def event_line(event: Any) -> str:
    """`2026-10-05T12:00:00.000000000Z container start 4bf… (image=busybox, name=web)`."""
    attributes = ", ".join(f"{key}={value}" for key, value in event.attributes)
    seconds, nanos = divmod(event.time, 10**9)
    stamp = f"{rfc3339(seconds * 10**9)[:-1]}.{nanos:09d}Z"
    return f"{stamp} {event.type} {event.action} {event.actor}" + (f" ({attributes})" if attributes else "")


def events(call: Call) -> int:
    """`docker events`: los que ya pasaron; sin `--until`, la de verdad seguiría esperando."""
    engine = call.engine
    now = engine.clock.now
    # Docker real: aquí, a diferencia de en las listas, un filtro que no existe no filtra nada
    wanted = {name: values for name, values in filters.group(call["filter"]).items() if name in EVENT_TESTS}
    since = parse_time(call["since"], now) if call["since"] else (0 if call["until"] else now)
    until = parse_time(call["until"], now) if call["until"] else now
    form = "{{json .}}" if call["format"] == "json" else call["format"]
    try:
        template = Template(form) if form else None
        for event in engine.events.events:
            if since <= event.time <= until and filters.matches(event, wanted, EVENT_TESTS):
                call.line(template.render(typed(event_json(event))) if template else event_line(event))
    except DockerlabError as error:
        raise reword(error, "Error parsing format", 64) from None
    if not call["until"]:
        call.terminal.note("`docker events` se quedaría esperando los siguientes hasta Ctrl+C; "
                           "para ver los que ya pasaron, añade `--since 1h --until 0s`.")
    return 0


def described(call: Call, value: dict[str, Any], text: Any, name: str, type_name: str) -> int:
    """`info` y `version`: el texto de siempre, o lo que pida `--format`."""
    form = "{{json .}}" if call["format"] == "json" else call["format"]
    if not form:
        call.terminal.out(text(value))
        return 0
    try:
        template = Template(form, name)
    except DockerlabError as error:
        raise reword(error, code=64) from None
    data = typed(value)
    for side in data.values():
        if isinstance(side, Struct) and "ApiVersion" in side:   # en Go se llama APIVersion; en JSON, ApiVersion
            side.defaults = {"APIVersion": side["ApiVersion"]}
    try:
        call.line(template.render(data) if form != "{{json .}}" else to_json(data))
    except DockerlabError as error:
        reason = error.data["reason"]
        if reason.startswith("map has no entry"):
            missing = f"can't evaluate field {reason.split(chr(34))[1]} in type {type_name}"
            error.text = error.text.replace(reason, missing)
        raise
    return 0


def info(call: Call) -> int:
    """`docker info`."""
    return described(call, info_value(call.engine), info_text, "", "system.dockerInfo")


def version(call: Call) -> int:
    """`docker version`."""
    return described(call, version_value(), version_text, "version", "system.versionInfo")


TYPES = ("config", "container", "image", "network", "node", "plugin", "secret", "service", "task", "volume")


def inspect(call: Call) -> int:
    """`docker inspect`: lo que sea, en el orden en que Docker lo busca."""
    engine, kind = call.engine, call["type"]
    if kind and kind not in TYPES:
        raise fault("inspect-type", type=f'"{kind}"')
    looks = {
        "container": lambda name: container_json(engine, engine.containers.get(name), call["size"]),
        "image": lambda name: image_json(engine, engine.images.get(name)),
        "network": lambda name: network_json(engine.networks.get(name)),
        "volume": lambda name: volume_json(engine.volumes.get(name))}

    def look(name: str) -> dict[str, Any]:
        if kind:
            if kind not in looks:
                raise fault("no-swarm")
            return looks[kind](name)
        for find in looks.values():
            try:
                return find(name)
            except (NotFound, DockerlabError) as error:
                if not isinstance(error, NotFound) and error.key not in ("bad-reference", "no-such-image"):
                    raise
        missing = fault("no-such-object", name=name, client=True)
        missing.text = f"Error: {missing.text}"
        raise missing
    return inspect_all(call, look)


STOPPED = "WARNING! This will remove all stopped containers.\nAre you sure you want to continue?"


def prune_stopped(call: Call) -> tuple[list[str], int]:
    """Los contenedores parados: ids borrados y bytes recuperados."""
    engine = call.engine
    wanted = filters.group(call["filter"])

    def label(item: Container, value: str) -> bool:
        return filters.by_label(item.config.get("Labels"), value)
    tests: dict[str, filters.Test] = {
        "label": label, "label!": lambda item, value: not label(item, value),
        "until": lambda item, value: item.created < parse_time(value, engine.clock.now)}
    filters.check_names(wanted, tests)
    done, size = [], 0
    for record in engine.containers.list():
        if record.state.status in ("created", "exited", "dead") and filters.matches(record, wanted, tests):
            size += record.root.size
            engine.containers.remove(record)
            done.append(record.id)
    engine.emit("container", "prune", "", reclaimed=str(size))
    return done, size


def prune_containers(call: Call) -> int:
    """`docker container prune`."""
    if not call.confirm(STOPPED):
        return 0
    ids, size = prune_stopped(call)
    if ids:
        call.terminal.out("Deleted Containers:\n" + "\n".join(ids) + "\n\n")
    call.line(f"Total reclaimed space: {human_size(size)}")
    return 0


def prune_warning(call: Call) -> str:
    """Lo que `docker system prune` avisa antes de preguntar."""
    parts = ["all stopped containers", "all networks not used by at least one container"]
    if call["volumes"]:
        parts.append("all anonymous volumes not used by at least one container")
    parts.append("all images without at least one container associated to them" if call["all"]
                 else "all dangling images")
    parts.append("all build cache" if call["all"] else "unused build cache")
    wanted = filters.group(call["filter"])
    text = "WARNING! This will remove:\n" + "".join(f"  - {part}\n" for part in parts)
    if wanted:
        items = [f"{name}={value}" for name, values in wanted.items() for value in values]
        text += "\n  Items to be pruned will be filtered with:\n" + "".join(f"  - {item}\n" for item in items)
    return text + "\nAre you sure you want to continue?"


def prune(call: Call) -> int:
    """`docker system prune`: contenedores parados, redes sin nadie, imágenes huérfanas y caché."""
    filters.check_names(filters.group(call["filter"]), ("until", "label", "label!"))
    if call["volumes"] and any(name == "until" for name, _ in call["filter"]):
        raise fault("prune-volumes-until")
    if not call.confirm(prune_warning(call)):
        return 0
    total = 0
    ids, size = prune_stopped(call)
    sections = [("Deleted Containers:", ids)]
    total += size
    sections.append(("Deleted Networks:", prune_networks(call)))
    if call["volumes"]:
        names, size = prune_volumes(call, False)
        sections.append(("Deleted Volumes:", names))
        total += size
    lines, size = prune_images(call, call["all"])
    sections.append(("Deleted Images:", lines))
    total += size
    from .building import prune_cache
    entries, size = prune_cache(call, call["all"])
    sections.append(("Deleted build cache objects:", entries))
    total += size
    for title, rows in sections:
        if rows:
            call.terminal.out(f"{title}\n" + "\n".join(rows) + "\n\n")
    call.line(f"Total reclaimed space: {human_size(total)}")
    return 0


def context_list(call: Call) -> int:
    """`docker context ls`: aquí solo hay un motor, el simulado."""
    from ..about import CONTEXT, CONTEXTS
    form = CONTEXT.layout(call["format"], call["quiet"])
    call.terminal.out(render(CONTEXT, CONTEXTS, form, call.context()))
    return 0


def context_show(call: Call) -> int:
    """`docker context show`."""
    call.line("default")
    return 0


HANDLERS = {"system df": usage, "system events": events, "system info": info, "version": version,
            "inspect": inspect, "container prune": prune_containers, "system prune": prune,
            "context ls": context_list, "context show": context_show}
