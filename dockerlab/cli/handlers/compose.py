"""`docker compose`: crear, arrancar, detener y deshacer un proyecto."""

from __future__ import annotations

from typing import Any

from dockerlab.compose.stopper import Stopper
from dockerlab.compose.views import containers, service_of
from dockerlab.compose.waiting import LIVING
from dockerlab.errors import DockerlabError, fault

from .. import progress
from ..call import Call
from ..compose_job import Job
from ..compose_logs import Chorus
from ..flags import parse_int
from ..session import ENDLESS


def grace(call: Call) -> int | None:
    """El plazo pedido, o `None`."""
    return call["timeout"] if "timeout" in call.flags.given else None


def scale_of(texts: list[str]) -> dict[str, int]:
    """`web=3` → {web: 3}. Falta `compose-scale`."""
    found = {}
    for text in texts:
        name, equals, count = text.partition("=")
        try:
            found[name] = parse_int(count)
        except DockerlabError:
            raise fault("compose-scale", text=text) from None
        if not equals:
            raise fault("compose-scale", text=text)
    return found


def recreate_of(call: Call) -> str:
    """Cuándo se vuelve a crear un contenedor que ya existe."""
    if call["force-recreate"] and call["no-recreate"]:
        raise fault("compose-incompatible", one="--force-recreate", other="--no-recreate")
    return "force" if call["force-recreate"] else "never" if call["no-recreate"] else "diverged"


def building(job: Job, work: Any) -> None:
    """Hace `work()`; si una construcción falla, la cuenta como BuildKit."""
    try:
        work()
    except DockerlabError as error:
        if "vertex" in error.data or "dockerfile" in error.data:
            job.call.terminal.err(progress.failure(error))
            error.data["told"] = True
        raise


def prepare(job: Job, scale: dict[str, int]) -> Any:
    """Lo que `up` y `create` tienen en común: imágenes, redes, volúmenes y contenedores."""
    call = job.call
    if not job.project.services:
        raise fault("compose-no-services")
    for name in scale:
        if name not in job.project.services:
            raise fault("compose-scale-missing", name=name)
    runner = job.runner_for(job.chosen(not call.flags.get("no-deps")))
    recreate = recreate_of(call)
    runner.prepare_images(call["build"], call["pull"], not call["no-build"])
    runner.prepare()
    job.warn_orphans(call["remove-orphans"])
    if recreate == "force" and job.named:
        others = job.runner_for(job.chosen().only(
            [name for name in runner.project.services if name not in job.named], False))
        others.create(recreate="diverged")
        runner_named = job.runner_for(job.chosen(False))
        runner_named.create(scale, recreate, grace(call) if "timeout" in call.flags.values else None)
    else:
        runner.create(scale, recreate, grace(call) if "timeout" in call.flags.values else None)
    return runner


def create(call: Call) -> int:
    """`docker compose create`."""
    job = Job(call, call.args)
    building(job, lambda: prepare(job, scale_of(call["scale"])))
    return 0


def up(call: Call) -> int:
    """`docker compose up`."""
    detached = call["detach"] or call["wait"]
    leaving = call["abort-on-container-exit"] or call["exit-code-from"] or call["abort-on-container-failure"]
    if call["detach"] and leaving:
        raise fault("compose-incompatible", one="--detach", other="--abort-on-container-exit")
    job = Job(call, call.args)
    ready: list[Any] = []
    building(job, lambda: ready.append(prepare(job, scale_of(call["scale"]))))
    runner = ready[0]
    if call["no-start"]:
        return 0
    if detached:
        runner.start()
        if call["wait"]:
            runner.wait(call["wait-timeout"])
        return 0
    return up_attached(call, job, runner)


def up_attached(call: Call, job: Job, runner: Any) -> int:
    """`up` en primer plano: los registros de todos, hasta que acaban."""
    wanted = [name for name in call["attach"] or runner.project.services if name not in call["no-attach"]]
    records = [record for name in sorted(runner.project.services) for record in runner.of(name)]
    shown = [record for record in records if any(record in runner.of(name) for name in wanted)]
    chorus = Chorus(call, job.project.name, shown)
    call.line(f"Attaching to {', '.join(chorus.names[record.id] for record in shown)}")
    heard = {record.id: len(record.log) if record.state.finished_at or record.state.alive else 0 for record in shown}
    told, job_tell = set(), job.tell
    runner.told = lambda kind, name, status: None if status in ("Starting", "Started") else job_tell(kind, name, status)

    def begin(event: Any) -> None:
        if getattr(event, "action", "") == "start":
            for record in shown:
                if record.id == event.actor and record.id not in told:
                    told.add(record.id)
                    chorus.listen(record, heard[record.id])
    stop_listening = call.engine.events.subscribe(begin)
    try:
        runner.start()
    finally:
        stop_listening()
    for record in shown:
        if record.id not in told:
            chorus.listen(record, len(record.log))
    first = bool(call["abort-on-container-exit"] or call["exit-code-from"] or call["abort-on-container-failure"])
    going = chorus.follow(shown, first)
    if first:
        return abort(call, job, runner, shown)
    if going:
        call.terminal.note(ENDLESS)
        call.error("Gracefully stopping... (press Ctrl+C again to force)")
        Stopper(job.runner_for(runner.project), grace(call)).stop_all()
        return 130
    return 0


def abort(call: Call, job: Job, runner: Any, shown: list[Any]) -> int:
    """El primero que acaba detiene a los demás; el código es el suyo o el del servicio que se pidió."""
    call.error("Aborting on container exit...")
    ended = [record for record in shown if not record.state.alive]
    chosen = runner.of(call["exit-code-from"]) if call["exit-code-from"] else ended
    stopper = Stopper(job.runner_for(runner.project), grace(call))
    stopper.stop(stopper.backwards())
    code = chosen[0].state.exit_code if chosen else 0
    if code:
        call.error("")
    return code


def start(call: Call) -> int:
    """`docker compose start`."""
    job = Job(call, call.args)
    project = job.chosen()
    for name in job.named or project.services:
        if not job.runner.of(name):
            raise fault("compose-nothing-to-start", service=name)
    job.runner_for(project).start()
    return 0


def stop(call: Call) -> int:
    """`docker compose stop`."""
    Job(call, call.args).stopper(grace(call)).stop_all()
    return 0


def restart(call: Call) -> int:
    """`docker compose restart`."""
    Job(call, call.args).stopper(grace(call)).restart(not call["no-deps"])
    return 0


def kill(call: Call) -> int:
    """`docker compose kill`."""
    job = Job(call, call.args)
    stopper = job.stopper()
    mine = [*stopper.backwards(), *(record for record in containers(call.engine, job.project.name, oneoff=True)
                                    if not job.named or service_of(record) in job.named)]
    living = [record for record in mine if record.state.status in LIVING]
    if not living:
        call.terminal.err("no container to kill")
    stopper.each(living, lambda record: call.engine.containers.kill(record, call["signal"]), "Killed", "Killing")
    return 0


def pause(call: Call) -> int:
    """`docker compose pause`."""
    stopper = Job(call, call.args).stopper()
    stopper.each(stopper.forwards(), call.engine.containers.pause, "Paused")
    return 0


def unpause(call: Call) -> int:
    """`docker compose unpause`."""
    stopper = Job(call, call.args).stopper()
    stopper.each(stopper.forwards(), call.engine.containers.unpause, "Unpaused")
    return 0


def remove(call: Call) -> int:
    """`docker compose rm`."""
    job = Job(call, call.args)
    stopper = job.stopper()
    if call["stop"]:
        living = [record for record in stopper.backwards() if record.state.status in LIVING]
    else:
        living = []
    idle = [record for record in stopper.backwards() if record.state.status not in LIVING or record in living]
    gone = idle
    if not gone:
        call.error("No stopped containers")
        return 0
    question = f"Going to remove {', '.join(record.name for record in gone)}"
    if not call["force"] and not agreed(call, question):
        return 0
    if call["force"]:
        call.line(question)
    stopper.stop(idle if call["stop"] else ())
    stopper.remove(gone, call["volumes"])
    return 0


def agreed(call: Call, question: str) -> bool:
    """La pregunta de `rm`; sin respuesta es que no."""
    call.terminal.out(question)
    if call.terminal.ask is None:
        return False
    try:
        return call.terminal.ask(" [yN] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def down(call: Call) -> int:
    """`docker compose down`."""
    if call["rmi"] not in ("", "all", "local"):
        raise fault("compose-rmi", value=call["rmi"])
    job = Job(call, call.args)
    stopper = Stopper(job.runner_for(job.chosen(False)), grace(call))
    stopper.down(volumes=call["volumes"], images=call["rmi"], orphans=call["remove-orphans"])
    return 0


def scale(call: Call) -> int:
    """`docker compose scale`."""
    wanted = scale_of(call.args)
    job = Job(call)
    for name in wanted:
        job.project.service(name)
    runner = job.runner_for(job.project.only(wanted, not call["no-deps"]))
    runner.prepare_images()
    runner.prepare()
    job.warn_orphans(False)
    runner.create(wanted)
    runner.start()
    return 0


def build(call: Call) -> int:
    """`docker compose build`."""
    job = Job(call, call.args)
    project = job.chosen(call["with-dependencies"])
    given = dict(text.partition("=")[::2] for text in call["build-arg"])
    runner = job.runner_for(project)
    if call["quiet"]:
        runner.told, runner.hear = (lambda *_: None), (lambda _: None)
    names = [name for name, service in project.services.items() if "build" in service]
    if not names:
        job.warn("No services to build")
    building(job, lambda: runner.build(names, no_cache=call["no-cache"], pull=call["pull"], arguments=given))
    return 0


def pull(call: Call) -> int:
    """`docker compose pull`."""
    job = Job(call, call.args)
    project = job.chosen(call["include-deps"])
    names = [name for name, service in project.services.items() if "image" in service
             and not (call["ignore-buildable"] and "build" in service)]
    if call["policy"] == "missing":
        names = [name for name in names if call.engine.images.find(project.image(name)) is None]
    runner = job.runner_for(project)
    if call["quiet"]:
        runner.told = lambda kind, name, status: None if name not in names else job.tell(kind, name, status)
    buildable = {name for name in names if "build" in project.services[name]}
    missed = runner.pull(names, keep_going=set(names) if call["ignore-pull-failures"] else buildable)
    if missed and not call["ignore-pull-failures"]:
        call.error(f"WARNING: Some service image(s) must be built from source by running:\n"
                   f"    docker compose build {' '.join(sorted(missed))}")
        call.engine.pull(project.image(sorted(missed)[0]))
    return 0


HANDLERS = {f"compose {name}": handler for name, handler in {
    "up": up, "create": create, "start": start, "stop": stop, "restart": restart, "kill": kill, "pause": pause,
    "unpause": unpause, "rm": remove, "down": down, "scale": scale, "build": build, "pull": pull}.items()}
