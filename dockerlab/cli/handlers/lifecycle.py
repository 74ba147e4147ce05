"""Llevar contenedores de un estado a otro: `stop`, `kill`, `pause`, `wait`, `rename`, `update`, `rm`..."""

from __future__ import annotations

from typing import Any

from dockerlab.containers import signals
from dockerlab.errors import DockerlabError, fault

from ..call import Call
from ..options.resources import parse_restart
from ..run_options import HOST_FIELDS
from ..session import main_process, run_until
from .running import START_TIME


def grace(call: Call) -> int | None:
    """El plazo pedido, en segundos; `None` si no se pidió ninguno."""
    name = next((name for name in ("timeout", "time") if name in call.flags.given), None)
    return call[name] if name else None


def stop(call: Call) -> int:
    """`docker stop`."""
    def one(name: str) -> None:
        container = call.container(name)
        alive = container.state.status in ("running", "paused")
        signal = signals.parse(call["signal"]) if call["signal"] and alive else None
        call.engine.containers.stop(container, grace(call), signal)
    return call.each(call.args, one)


def restart(call: Call) -> int:
    """`docker restart`."""
    code = call.each(call.args, lambda name: call.engine.containers.restart(
        call.container(name), grace(call), call["signal"] or None))
    call.engine.settle(START_TIME)
    return code


def kill(call: Call) -> int:
    """`docker kill`."""
    def one(name: str) -> None:
        try:
            signal = signals.parse(call["signal"] or "KILL")
            call.engine.containers.kill(call.container(name), signal, name)
        except DockerlabError as error:
            if not error.text.startswith("cannot kill"):
                error.text = f"cannot kill container: {name}: {error.text}"
            raise
    return call.each(call.args, one)


def pause(call: Call) -> int:
    """`docker pause`."""
    return call.each(call.args, lambda name: call.engine.containers.pause(call.container(name)))


def unpause(call: Call) -> int:
    """`docker unpause`."""
    return call.each(call.args, lambda name: call.engine.containers.unpause(call.container(name)))


def wait(call: Call) -> int:
    """`docker wait`: el código de cada uno, cuando acabe."""
    def one(name: str) -> None:
        container = call.container(name)
        records = call.engine.containers.records

        def finished() -> bool:
            return container.state.status in ("exited", "dead", "removing") or container.id not in records
        if run_until(call.engine, finished, lambda: main_process(call.engine, container)) == "done":
            call.line(str(container.state.exit_code))
        else:
            call.terminal.note(f"«{container.name}» no va a acabar por sí solo: `docker wait` esperaría siempre.")
    return call.each(call.args, one, echo=False)


def rename(call: Call) -> int:
    """`docker rename`."""
    old, new = (name.strip() for name in call.args)
    if not old or not new:
        raise fault("rename-empty")
    try:
        call.engine.containers.rename(call.container(old), new)
    except DockerlabError as error:
        call.fail(error)
        call.error(f"Error: failed to rename container named {old}")
        return 1
    return 0


UPDATABLE = ("blkio-weight", "cpu-period", "cpu-quota", "cpu-rt-period", "cpu-rt-runtime", "cpu-shares", "cpus",
             "cpuset-cpus", "cpuset-mems", "memory", "memory-reservation", "memory-swap", "pids-limit")


def update(call: Call) -> int:
    """`docker update`."""
    if not call.flags.given:
        raise fault("update-nothing")
    fields = {name: field for field, name in HOST_FIELDS.items()}
    changes: dict[str, Any] = {fields[name]: call[name] for name in UPDATABLE if name in call.flags.given}
    if "restart" in call.flags.given:
        changes["RestartPolicy"] = parse_restart(call["restart"])
    return call.each(call.args, lambda name: call.engine.containers.update(call.container(name), changes))


def remove(call: Call) -> int:
    """`docker rm`. Con `-f`, que no exista se cuenta pero no es un fallo."""
    def one(name: str) -> None:
        call.engine.containers.remove(call.container(name), force=call["force"], volumes=call["volumes"])
    code = call.each([name.removeprefix("/") for name in call.args], one)
    return code if not call["force"] or code == 0 else forced_code(call)


def forced_code(call: Call) -> int:
    """Con `-f` solo cuentan como fallo los que siguen existiendo."""
    return 1 if any(name in call.engine.containers.names for name in call.args) else 0


HANDLERS = {"container stop": stop, "container restart": restart, "container kill": kill, "container pause": pause,
            "container unpause": unpause, "container wait": wait, "container rename": rename,
            "container update": update, "container rm": remove}
