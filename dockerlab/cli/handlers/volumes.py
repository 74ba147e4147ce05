"""`volume create`, `ls`, `inspect`, `rm`, `prune`."""

from __future__ import annotations

from dockerlab.errors import fault
from dockerlab.housekeeping import create_volume, sweep_volumes
from dockerlab.inspection import volume_json
from dockerlab.summaries import volume_summary
from dockerlab.units import human_size

from .. import columns, filters
from ..call import Call
from ..inspecting import inspect_all


def create(call: Call) -> int:
    """`docker volume create`; sin nombre, uno de 64 cifras."""
    engine = call.engine
    if call.args and call["name"]:
        raise fault("options-conflict",
                    reason="cannot specify a volume-name through both --name and as a positional arg")
    named = call.args[0] if call.args else call["name"]
    name = named or engine.ids.next()
    for option in call["opt"]:
        if option not in ("type", "o", "device", "size"):
            raise fault("volume-option", name=name, option=option)
    create_volume(engine, name, driver=call["driver"], anonymous=not named,
                  labels=call.flags.pairs("label") or None, options=call["opt"] or None)
    call.line(name)
    return 0


def volume_tests(call: Call) -> dict[str, filters.Test]:
    """Los filtros de `docker volume ls`."""
    engine = call.engine
    return {"name": lambda item, value: filters.by_name(item.name, value),
            "driver": lambda item, value: item.driver == value,
            "label": lambda item, value: filters.by_label(item.labels, value),
            "dangling": lambda item, value: (not engine.containers.using_volume(item.name)) == (
                value in ("true", "1"))}


def list_volumes(call: Call) -> int:
    """`docker volume ls`."""
    wanted = filters.group(call["filter"])
    tests = volume_tests(call)
    filters.check_names(wanted, tests)
    if "dangling" in wanted:
        filters.truth("dangling", wanted["dangling"])
    rows = [volume_summary(call.engine, volume) for volume in filters.natural(call.engine.volumes.list())
            if filters.matches(volume, wanted, tests)]
    return call.table(columns.VOLUME, rows)


def inspect(call: Call) -> int:
    """`docker volume inspect`."""
    return inspect_all(call, lambda name: volume_json(call.engine.volumes.get(name)), "volume.Volume")


def remove(call: Call) -> int:
    """`docker volume rm`."""
    return call.each(call.args, lambda name: call.engine.remove_volume(name, call["force"]))


WARNING = ("WARNING! This will remove {which} local volumes not used by at least one container.\n"
           "Are you sure you want to continue?")


def prune_volumes(call: Call, everything: bool) -> tuple[list[str], int]:
    """Los volúmenes que nadie usa, anónimos o todos: nombres borrados y bytes recuperados."""
    engine = call.engine
    wanted = filters.group(call["filter"])
    label = volume_tests(call)["label"]
    tests = {"label": label, "label!": lambda item, value: not label(item, value), "all": lambda *_: True}
    filters.check_names(wanted, tests)
    everything = everything or "all" in wanted and filters.truth("all", wanted["all"])
    return sweep_volumes(engine, everything, lambda volume: filters.matches(volume, wanted, tests))


def prune(call: Call) -> int:
    """`docker volume prune`."""
    if not call.confirm(WARNING.format(which="all" if call["all"] else "anonymous")):
        return 0
    names, size = prune_volumes(call, call["all"])
    if names:
        call.terminal.out("Deleted Volumes:\n" + "\n".join(names) + "\n\n")
    call.line(f"Total reclaimed space: {human_size(size)}")
    return 0


HANDLERS = {"volume create": create, "volume ls": list_volumes, "volume inspect": inspect, "volume rm": remove,
            "volume prune": prune}
