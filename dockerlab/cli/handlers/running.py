"""`run`, `create`, `start`, `attach`, `exec`: poner programas en marcha."""

from __future__ import annotations

import os
from typing import Any

from dockerlab.containers.container import Container
from dockerlab.containers.exec import begin
from dockerlab.errors import DockerlabError, fault
from dockerlab.host import START_TIME

from ..call import Call
from ..options.hosts import with_value
from ..run_options import RunSpec, merged_lines, run_spec
from ..session import ENDLESS, Follower, pty_of, run_until, type_line
from .sharing import begin_pull, report_pull

HOST_PLATFORM = "linux/amd64"


def check_terminal(call: Call, attached: bool) -> None:
    """`-it` pide una persona delante. Falta `not-a-tty`."""
    if attached and call["tty"] and call["interactive"] and call.terminal.ask is None:
        raise fault("not-a-tty")


def find_image(call: Call, spec: RunSpec) -> None:
    """Descarga la imagen si hace falta, contándolo por los errores como `docker run`."""
    engine = call.engine
    found = engine.images.find(spec.image)
    fits = found and (not spec.platform or found.image.config.fits(spec.platform))
    if spec.pull == "never" or (spec.pull == "missing" and fits):
        return
    reference = call.reference(spec.image).tagged
    if spec.pull == "missing":
        call.error(f"Unable to find image '{reference.familiar}' locally")
    pulled = begin_pull(call, spec.image, spec.platform, (lambda text: None) if call["quiet"] else call.error)
    if not call["quiet"]:
        report_pull(pulled, call.error)


def networks(spec: RunSpec) -> tuple[dict[str, Any], dict[str, Any]]:
    """Lo que se pide del anfitrión y de las redes, con `default` por su nombre: aquí es `bridge`."""
    named = {"bridge" if name == "default" else name: details
             for name, details in spec.networking["EndpointsConfig"].items()}
    mode = spec.host["NetworkMode"]
    return {**spec.host, "NetworkMode": "bridge" if mode == "default" else mode}, {"EndpointsConfig": named}


def create(call: Call, spec: RunSpec) -> Container:
    """El contenedor pedido, sin arrancar."""
    if not spec.image.startswith("sha256:") and not call.engine.images.find(spec.image):
        call.reference(spec.image)
    find_image(call, spec)
    config = {**spec.config, **dict.fromkeys(("AttachStdin", "AttachStdout", "AttachStderr", "StdinOnce"), False)
              } if spec.detach else dict(spec.config)
    if call["cidfile"] and os.path.exists(call.path(call["cidfile"])):
        raise fault("cidfile-exists", path=call["cidfile"])
    container = call.engine.create(spec.image, spec.name or None, config, *networks(spec), pull="never")
    image = call.engine.images.get(spec.image).image
    if not spec.platform and not image.config.fits(HOST_PLATFORM):
        call.error(f"WARNING: The requested image's platform ({image.config.platform}) does not match the detected "
                   f"host platform ({HOST_PLATFORM}/v3) and no specific platform was requested")
    if container.network_mode == "host" and container.host_config.get("PortBindings"):
        call.error("WARNING: Published ports are discarded when using host network mode")
    if call["cidfile"]:
        with open(call.path(call["cidfile"]), "w", encoding="utf-8") as file:
            file.write(container.id)
    return container


def create_container(call: Call) -> int:
    """`docker create`."""
    try:
        spec = run_spec(call.flags, call.where())
    except DockerlabError as error:
        error.data["misused"] = True     # mal pedido: no llega al demonio
        raise
    call.line(create(call, spec).id)
    return 0


def start_or_clean(call: Call, container: Container, stdin: bytes | None) -> None:
    """Arranca; si no puede y era de usar y tirar, lo tira."""
    try:
        call.engine.containers.start(container, stdin)
    except DockerlabError:
        if container.host_config.get("AutoRemove") and container.id in call.engine.containers.records:
            call.engine.containers.remove(container, force=True, volumes=True)
        raise


def streams_of(container: Container) -> tuple[int, ...]:
    """Los flujos a los que se conectó quien lo creó."""
    named = (("AttachStdout", 1), ("AttachStderr", 2))
    return tuple(number for name, number in named if container.config.get(name))


def run_container(call: Call) -> int:
    """`docker run`."""
    spec = run_spec(call.flags, call.where())
    if spec.detach and call["attach"]:
        call.fail(fault("options-conflict", reason="cannot specify both --attach and --detach"))
        return 1
    if not spec.detach and spec.config["AttachStdin"] and spec.config["Tty"] and call.terminal.ask is None:
        call.fail(fault("not-a-tty"))
        return 1
    container = create(call, spec)
    if spec.detach:
        try:
            start_or_clean(call, container, None)
        except DockerlabError:
            if container.id in call.engine.containers.records:
                call.line(container.id)
            raise
        call.engine.settle(START_TIME)
        call.line(container.id)
        return 0
    call.engine.containers.emit(container, "attach")
    follower = Follower(call.engine, call.terminal, container, streams_of(container))
    start_or_clean(call, container, typed_input(call, container))
    follower.listen()
    return follower.wait()


def typed_input(call: Call, container: Container) -> bytes | None:
    """Lo que el programa leerá: la entrada entera con `-i`; a mano, si hay un terminal de verdad."""
    if not container.config.get("OpenStdin") or (container.config.get("Tty") and call.terminal.ask):
        return None
    return call.terminal.read()


def start_containers(call: Call) -> int:
    """`docker start`."""
    if call["attach"] or call["interactive"]:
        return start_attached(call)
    failed = []
    for name in call.args:
        try:
            call.engine.containers.start(call.container(name))
        except DockerlabError as error:
            failed.append(name)
            call.fail(error)
        else:
            call.line(name)
    call.engine.settle(START_TIME)
    if failed:
        call.error(f"Error: failed to start containers: {', '.join(failed)}")
    return 1 if failed else 0


def start_attached(call: Call) -> int:
    """`docker start -a`: como `run`, con uno que ya existe."""
    if len(call.args) > 1:
        raise fault("start-several")
    container = call.container(call.args[0])
    follower = Follower(call.engine, call.terminal, container)
    follower.heard = len(container.log)
    stdin = typed_input(call, container) if call["interactive"] else None
    call.engine.containers.emit(container, "attach")
    call.engine.containers.start(container, stdin)
    follower.listen()
    return follower.wait()


def attach(call: Call) -> int:
    """`docker attach`: ver lo que escriba desde ahora."""
    container = call.container(call.args[0])
    try:
        call.engine.containers.move("attach", container)
    except DockerlabError as error:
        error.data["client"] = True
        raise
    follower = Follower(call.engine, call.terminal, container)
    follower.heard = len(container.log)
    call.engine.containers.emit(container, "attach")
    follower.listen()
    return follower.wait()


def check_keys(text: str) -> None:
    """La combinación para soltarse: letras, `ctrl-x` o signos, separados por comas. Falta `detach-keys`."""
    for key in text.split(","):
        if len(key) != 1 and not (key.startswith("ctrl-") and len(key) == 6):
            raise fault("detach-keys", keys=text)


def exec_command(call: Call) -> int:
    """`docker exec`."""
    name, *argv = call.args
    container = call.container(name)
    check_terminal(call, not call["detach"])
    place = call.where()
    env = [with_value(text, place.environment)
           for text in merged_lines(call.flags, place, "env-file", "env", place.environment)]
    by_hand = call["tty"] and call["interactive"] and not call["detach"]
    stdin = call.terminal.read() if call["interactive"] and not (by_hand or call["detach"]) else None
    if call["detach-keys"]:
        check_keys(call["detach-keys"])
    try:
        process, output = begin(call.engine.containers, container, argv, env=env, cwd=call["workdir"],
                                user=call["user"], tty=call["tty"], stdin=stdin, privileged=call["privileged"])
    except DockerlabError as error:
        if error.code not in (126, 127, 128):
            raise
        if call["detach"]:
            error.code = 1
            raise
        call.line(error.text)
        call.terminal.explain(error)
        return error.code
    return 0 if call["detach"] else follow_exec(call, process, output)


def follow_exec(call: Call, process: Any, output: Any) -> int:
    """Espera a un `exec` contando lo que escribe; si pide líneas y hay quien teclee, se las da."""
    shown = 0
    while True:
        run_until(call.engine, lambda: not process.alive, lambda: process)
        for stream, data in output.chunks[shown:]:
            call.terminal.emit(stream, data)
        shown = len(output.chunks)
        if not process.alive:
            return process.exit_code
        if not type_line(call.engine, call.terminal, pty_of(process)):
            call.terminal.note(ENDLESS)
            return 130


HANDLERS = {"container run": run_container, "container create": create_container,
            "container start": start_containers, "container attach": attach, "container exec": exec_command}
