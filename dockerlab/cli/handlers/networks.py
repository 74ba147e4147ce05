"""`network create`, `ls`, `inspect`, `rm`, `prune`, `connect`, `disconnect`."""

from __future__ import annotations

from dockerlab.containers.networks import PREDEFINED
from dockerlab.errors import DockerlabError, fault
from dockerlab.housekeeping import create_network, remove_network, sweep_networks
from dockerlab.inspection import network_json

from .. import columns, filters
from ..call import Call
from ..inspecting import inspect_all
from ..times import parse_time


def create(call: Call) -> int:
    """`docker network create`."""
    if call["scope"] == "swarm":
        raise fault("network-swarm")
    call.line(create_network(
        call.engine, call.args[0], driver="null" if call["config-only"] else call["driver"],
        subnet=next(iter(call["subnet"]), ""), gateway=next(iter(call["gateway"]), ""),
        ip_range=next(iter(call["ip-range"]), ""), internal=call["internal"], attachable=call["attachable"],
        ipv6=bool(call["ipv6"]), labels=call.flags.pairs("label"), options=call["opt"]).id)
    return 0


def network_tests() -> dict[str, filters.Test]:
    """Los filtros de `docker network ls`."""
    return {"name": lambda item, value: filters.by_name(item.name, value),
            "id": lambda item, value: item.id.startswith(value),
            "driver": lambda item, value: item.driver == value,
            "label": lambda item, value: filters.by_label(item.labels, value),
            "scope": lambda item, value: value == "local",
            "type": lambda item, value: (value == "builtin") == (item.name in PREDEFINED),
            # Docker real: la lista no mira quién está conectado, así que todas las propias cuentan como sueltas
            "dangling": lambda item, value: (item.name not in PREDEFINED) == (value in ("true", "1"))}


def list_networks(call: Call) -> int:
    """`docker network ls`."""
    wanted = filters.group(call["filter"])
    tests = network_tests()
    filters.check_names(wanted, tests)
    for value in wanted.get("type", ()):
        if value not in ("builtin", "custom"):
            raise fault("network-filter", name="type", value=value)
    rows = [network_json(network) for network in filters.natural(call.engine.networks.list())
            if filters.matches(network, wanted, tests)]
    return call.table(columns.NETWORK, rows)


def inspect(call: Call) -> int:
    """`docker network inspect`."""
    return inspect_all(call, lambda name: network_json(call.engine.networks.get(name)))


def remove(call: Call) -> int:
    """`docker network rm`."""
    errors = []
    for name in call.args:
        try:
            remove_network(call.engine, name)
        except DockerlabError as error:
            if not (call["force"] and error.key == "no-such-network"):
                errors.append(error)
        else:
            call.line(name)
    for error in errors:
        call.fail(error)
    if errors:
        call.error("exit status 1")
    return 1 if errors else 0


WARNING = ("WARNING! This will remove all custom networks not used by at least one container.\n"
           "Are you sure you want to continue?")


def prune_networks(call: Call) -> list[str]:
    """Las redes propias sin nadie: nombres borrados."""
    wanted = filters.group(call["filter"])
    label = network_tests()["label"]
    tests = {"label": label, "label!": lambda item, value: not label(item, value),
             "until": lambda item, value: item.created < parse_time(value, call.engine.clock.now)}
    filters.check_names(wanted, tests)
    return sweep_networks(call.engine, lambda network: filters.matches(network, wanted, tests))


def prune(call: Call) -> int:
    """`docker network prune`."""
    if call.confirm(WARNING) and (names := prune_networks(call)):
        call.terminal.out("Deleted Networks:\n" + "\n".join(names) + "\n\n")
    return 0


def connect(call: Call) -> int:
    """`docker network connect`."""
    name, reference = call.args
    container = call.container(reference)
    details = {"Aliases": call["alias"], "Links": call["link"], "DriverOpts": call.flags.pairs("driver-opt"),
               "IPAMConfig": {"IPv4Address": call["ip"]} if call["ip"] else None}
    call.engine.containers.connect(container, name, {key: value for key, value in details.items() if value})
    return 0


def disconnect(call: Call) -> int:
    """`docker network disconnect`."""
    name, reference = call.args
    call.engine.containers.disconnect(call.container(reference), name, call["force"])
    return 0


HANDLERS = {"network create": create, "network ls": list_networks, "network inspect": inspect,
            "network rm": remove, "network prune": prune, "network connect": connect,
            "network disconnect": disconnect}
