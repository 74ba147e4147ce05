"""`docker compose`: `run`, `exec`, `cp`, `attach`, `wait`, `export`: dentro de los contenedores de un proyecto."""

from __future__ import annotations

import io
import shlex
from typing import Any

from dockerlab.compose import specs
from dockerlab.containers.exec import begin
from dockerlab.errors import DockerlabError, fault
from dockerlab.images.archive import export as write_export

from ..call import Call
from ..compose_job import Job
from ..copying import ContainerSide, HostSide, split_spec, transfer
from ..options.envfile import parse_lines
from ..options.hosts import with_value
from ..options.ports import parse_ports
from ..options.volumes import absolute_bind
from ..session import Follower, main_process, run_until
from .running import START_TIME, follow_exec
from .sharing import deliver


def exec_command(call: Call) -> int:
    """`docker compose exec`."""
    job = Job(call)
    service, *argv = call.args
    record = job.one(service, call["index"])
    place = call.where()
    env = [with_value(text, place.environment) for text in call["env"]]
    tty = bool(call.terminal.ask) and not ("no-tty" in call.flags.given and call["no-tty"])
    stdin = None if tty or call["detach"] else call.terminal.read()
    try:
        process, output = begin(call.engine.containers, record, argv, env=env, cwd=call["workdir"],
                                user=call["user"], tty=tty, stdin=stdin)
    except DockerlabError as error:
        if error.code not in (126, 127):
            raise
        call.line(error.text)
        call.terminal.explain(error)
        return error.code
    return 0 if call["detach"] else follow_exec(call, process, output)


def run(call: Call) -> int:
    """`docker compose run`: un contenedor más de un servicio, de usar y tirar."""
    service, *argv = call.args
    job = Job(call, [service])
    job.project.service(service)
    runner = job.runner_for(job.chosen())
    if call["quiet"]:
        runner.told = lambda *_: None
    runner.prepare_images(call["build"], call["pull"])
    runner.prepare()
    waits = [name for name in runner.project.services if name != service]
    if waits and not call["no-deps"]:
        others = job.runner_for(runner.project.only(waits))
        job.warn_orphans(call["remove-orphans"])
        others.create()
        others.start()
    record = one_off(call, runner, service, argv)
    if call["detach"]:
        call.engine.containers.start(record)
        call.engine.settle(START_TIME)
        call.line(record.id)
        return 0
    follower = Follower(call.engine, call.terminal, record)
    by_hand = record.config.get("Tty") and call.terminal.ask
    call.engine.containers.start(record, None if by_hand else call.terminal.read())
    follower.listen()
    code = follower.wait()
    if code:
        call.error("")
    return code


def one_off(call: Call, runner: Any, service: str, argv: list[str]) -> Any:
    """El contenedor de `run`, sin arrancar: lo del servicio, con lo que diga la línea."""
    place = call.where()
    wanted = runner.project.services[service]
    lines = [line for path in call["env-from-file"] for line in parse_lines(place.read(path), place.environment)]
    lines += [with_value(text, place.environment) for text in call["env"]]
    env = dict(line.partition("=")[::2] for line in [*specs.environment(wanted), *lines] if "=" in line)
    exposed, bindings = parse_ports(call["publish"])
    tags = {**specs.labels(runner.project, service, 1, True), **call.flags.pairs("label")}
    config: dict[str, Any] = {
        "Env": [f"{key}={value}" for key, value in env.items()], "Labels": tags, "Tty": bool(call.terminal.ask),
        "OpenStdin": bool(call["interactive"]), "StdinOnce": True}
    if argv:
        config["Cmd"] = argv
    if "entrypoint" in call.flags.given:
        config |= {"Entrypoint": shlex.split(call["entrypoint"]), "Cmd": argv or None}
    config |= {key: call[flag] for key, flag in (("User", "user"), ("WorkingDir", "workdir")) if call[flag]}
    if exposed:
        config["ExposedPorts"] = dict.fromkeys(exposed, {})
    host: dict[str, Any] = {"AutoRemove": call["rm"], "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0},
                            "PortBindings": bindings}
    if call["service-ports"]:
        host["PortBindings"] = {**specs.bindings(wanted), **bindings}
    if call["volume"]:
        host["Binds"] = [*specs.binds(wanted), *(absolute_bind(text, place.cwd) for text in call["volume"])]
    for key, flag in (("CapAdd", "cap-add"), ("CapDrop", "cap-drop")):
        if call[flag]:
            host[key] = [*(wanted.get(flag.replace("-", "_")) or ()), *call[flag]]
    name = call["name"] or f"{runner.project.name}-{service}-run-{call.engine.ids.next()[:12]}"
    return runner.build_container(service, 1, name, oneoff=True, config=config, host=host,
                                  aliases=call["use-aliases"])


def copy(call: Call) -> int:
    """`docker compose cp`."""
    source, target = (split_spec(text) for text in call.args)
    if bool(source[0]) == bool(target[0]):
        raise fault("cp-between" if source[0] else "cp-no-container")
    job = Job(call)
    service = source[0] or target[0]
    record = job.one(service, call["index"], alive=False)
    fs = record.space.fs if record.space else call.engine.containers.runtime.file_system(record)
    inside = ContainerSide(fs, record, record.name, call.engine.clock.now)
    outside = HostSide(call.terminal.cwd, str(call.engine.host.root))
    what = f"{record.name}:{source[1]} to {target[1]}" if source[0] else f"{source[1]} to {record.name}:{target[1]}"
    call.error(f" {record.name} copy {what} Copying")
    if source[0]:
        transfer(inside, source[1], outside, target[1], call["follow-link"])
    else:
        transfer(outside, source[1], inside, target[1], call["follow-link"])
    call.error(f" {record.name} copy {what} Copied")
    return 0


def attach(call: Call) -> int:
    """`docker compose attach`: ver lo que un servicio escriba desde ahora."""
    record = Job(call).one(call.args[0], call["index"])
    follower = Follower(call.engine, call.terminal, record)
    follower.heard = len(record.log)
    follower.listen()
    return follower.wait()


def wait(call: Call) -> int:
    """`docker compose wait`: el código del primero que acabe."""
    job = Job(call, call.args)
    records = job.containers(alive=True)
    if not records:
        raise fault("compose-no-containers", project=job.project.name)
    for record in records:
        if run_until(call.engine, lambda one=record: not one.state.alive,
                     lambda one=record: main_process(call.engine, one)) == "done":
            call.line(str(record.state.exit_code))
            if call["down-project"]:
                job.stopper().down()
            return record.state.exit_code
        call.terminal.note(f"«{record.name}» no va a acabar por sí solo: `docker compose wait` esperaría siempre.")
    return 0


def export(call: Call) -> int:
    """`docker compose export`."""
    record = Job(call).one(call.args[0], call["index"])
    buffer = io.BytesIO()
    write_export(record.root, buffer)
    deliver(call, call["output"], buffer.getvalue())
    return 0


HANDLERS = {f"compose {name}": handler for name, handler in {
    "exec": exec_command, "run": run, "cp": copy, "attach": attach, "wait": wait, "export": export}.items()}
