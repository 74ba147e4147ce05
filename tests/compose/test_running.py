"""Un proyecto en marcha: orden, condiciones, escalas, cambios y vuelta a nada."""

from __future__ import annotations

from dockerlab.compose.loader import Loader
from dockerlab.compose.views import Progress, ServiceView, view

THREE = """
services:
  db:
    image: busybox
    command: sh -c 'sleep 1; touch /ok; exec sleep 1000'
    healthcheck: {test: [CMD, test, -f, /ok], interval: 1s}
    volumes: ['datos:/d']
    stop_grace_period: 0s
  init:
    image: busybox
    command: sh -c 'echo preparando; sleep 1'
    depends_on: {db: {condition: service_healthy}}
  web:
    image: busybox
    command: sh -c 'echo hola; exec sleep 1000'
    depends_on:
      init: {condition: service_completed_successfully}
    stop_grace_period: 0s
volumes: {datos: {}}
"""
SLEEPER = "services: {web: {image: busybox, command: sleep 1000, stop_grace_period: 0s}}\n"


def started(desk) -> dict[str, int]:
    return {record.name: record.state.started_at for record in desk.engine.containers.list()}


def test_services_start_when_their_conditions_hold(desk):
    """`web` espera a que `init` acabe bien, e `init` a que `db` esté sano: lo dice el reloj virtual."""
    desk.write(THREE)
    done = desk.compose("up", "-d")
    assert done.code == 0
    assert desk.states() == {"tienda-web-1": "running", "tienda-init-1": "exited", "tienda-db-1": "running"}
    when = started(desk)
    assert when["tienda-init-1"] - when["tienda-db-1"] >= 10**9
    assert when["tienda-web-1"] - when["tienda-init-1"] >= 10**9
    lines = [line.strip() for line in done.err.splitlines()]
    wanted = ["Network tienda_default  Created", "Volume tienda_datos  Created", "Container tienda-db-1  Started",
              "Container tienda-db-1  Healthy", "Container tienda-init-1  Started", "Container tienda-init-1  Exited",
              "Container tienda-web-1  Started"]
    assert [line for line in lines if line in wanted] == wanted


def test_a_failed_dependency_stops_the_rest(desk):
    """Las cuatro maneras de que una condición no se cumpla."""
    base = ("services:\n  db: {{image: busybox, {db}}}\n"
            "  web: {{image: busybox, depends_on: {{db: {{condition: {how}}}}}}}\n")
    cases = (("command: sh -c 'exit 4'", "service_completed_successfully",
              'service "db" didn\'t complete successfully: exit 4'),
             ("command: sleep 100, healthcheck: {test: 'false', interval: 1s, retries: 1}", "service_healthy",
              "dependency failed to start: container tienda-db-1 is unhealthy"),
             ("command: sh -c 'exit 1', healthcheck: {test: 'false', interval: 1s}", "service_healthy",
              "dependency failed to start: container tienda-db-1 exited (1)"),
             ("command: sleep 100", "service_healthy",
              "dependency failed to start: container tienda-db-1 has no healthcheck configured"))
    for service, how, wanted in cases:
        desk.write(base.format(db=service, how=how))
        done = desk.compose("up", "-d")
        assert (done.code, done.err.splitlines()[-1]) == (1, wanted)
        assert desk.states()["tienda-web-1"] == "created"
        desk.compose("down", "-t", "0")


def test_up_again_changes_only_what_changed(desk):
    """Sin cambios, `Running`; con otra variable, se vuelve a crear."""
    desk.write(SLEEPER)
    desk.compose("up", "-d")
    first = desk.engine.containers.get("tienda-web-1").id
    assert desk.compose("up", "-d").err == " Container tienda-web-1  Running\n"
    desk.write(SLEEPER.replace("command", "environment: [A=1], command"))
    assert desk.compose("up", "-d").err.splitlines()[0] == " Container tienda-web-1  Recreate"
    second = desk.engine.containers.get("tienda-web-1")
    assert second.id != first and "A=1" in second.config["Env"] and second.state.status == "running"


def test_scale_adds_and_removes_replicas(desk):
    """De uno a tres, y a uno."""
    desk.write(SLEEPER)
    desk.compose("up", "-d", "--scale", "web=3")
    assert sorted(desk.states()) == ["tienda-web-1", "tienda-web-2", "tienda-web-3"]
    desk.compose("scale", "web=1")
    assert sorted(desk.states()) == ["tienda-web-1"]
    assert desk.compose("up", "-d", "--scale", "nada=2").err == "no such service: nada: not found\n"


def test_orphans_are_warned_about_and_removed_when_asked(desk):
    """Un servicio que desaparece del archivo deja un huérfano."""
    desk.write("services: {viejo: {image: busybox, command: sleep 100, stop_grace_period: 0s}}\n")
    desk.compose("up", "-d")
    desk.write(SLEEPER)
    assert "Found orphan containers ([tienda-viejo-1]) for this project." in desk.compose("up", "-d").err
    desk.compose("up", "-d", "--remove-orphans")
    assert sorted(desk.states()) == ["tienda-web-1"]


def test_down_leaves_the_volumes_unless_told(desk):
    """Los datos sobreviven a `down`; con `-v`, no."""
    desk.write(THREE)
    desk.compose("up", "-d")
    desk.compose("down")
    assert desk.states() == {} and "tienda_datos" in desk.engine.volumes.volumes
    assert "tienda_default" not in desk.engine.networks.networks
    desk.compose("down", "-v")
    assert "tienda_datos" not in desk.engine.volumes.volumes


def test_services_find_each_other_by_name_and_alias(desk):
    """El servidor de nombres de la red del proyecto."""
    desk.write("services:\n  web:\n    image: busybox\n    networks: {default: {aliases: [tienda]}}\n"
               "    command: sh -c 'mkdir /w; echo hola > /w/index.html; exec httpd -f -p 80 -h /w'\n"
               "  cli: {image: busybox, command: sleep 1000, depends_on: [web]}\n")
    desk.compose("up", "-d")
    for name in ("web", "tienda", "tienda-web-1"):
        assert desk.compose("exec", "cli", "wget", "-qO-", f"http://{name}").out == "hola\n"


def test_the_name_of_a_service_gives_every_replica(desk):
    """El servidor de nombres contesta con las direcciones de todas sus copias."""
    desk.write("services:\n  web: {image: busybox, command: sleep 1000}\n"
               "  cli: {image: busybox, command: sleep 1000}\n")
    desk.compose("up", "-d", "--scale", "web=3")
    answer = desk.compose("exec", "cli", "nslookup", "web").out
    networks = [desk.engine.containers.get(f"tienda-web-{number}").id for number in (1, 2, 3)]
    board = desk.engine.networks.networks["tienda_default"]
    addresses = {board.endpoints[id].address for id in networks}
    assert addresses == {line.split()[-1] for line in answer.splitlines()[3:] if line.startswith("Address")}


def test_secrets_and_configs_are_files_inside(desk):
    """De un archivo, de una variable o del propio texto."""
    desk.write("s3creto", "clave.txt")
    desk.write("services:\n  web:\n    image: busybox\n    command: cat /run/secrets/clave /etc/conf /run/secrets/v\n"
               "    secrets: [clave, v]\n    configs: [{source: conf, target: /etc/conf}]\n"
               "secrets: {clave: {file: clave.txt}, v: {environment: VALOR}}\nconfigs: {conf: {content: '|c|'}}\n")
    assert desk.compose("up", "--no-log-prefix", VALOR="fin").out.splitlines()[1] == "s3creto|c|fin"


def test_a_build_is_made_once_and_again_when_asked(desk):
    """`up` construye lo que falta; `build`, siempre."""
    desk.write("FROM busybox\nRUN echo hecho > /h\nCMD [\"cat\", \"/h\"]\n", "Dockerfile")
    desk.write("services: {web: {build: .}}\n")
    done = desk.compose("up")
    assert done.err.startswith(" tienda-web  Built\n") and "web-1  | hecho" in done.out
    assert "Built" not in desk.compose("up", "-d").err
    assert desk.compose("build").err == " tienda-web  Built\n"
    assert desk.compose("down", "--rmi", "local").err.endswith(" Network tienda_default  Removed\n")
    assert desk.engine.images.find("tienda-web") is None


def test_the_dockerfile_is_looked_for_in_the_context(desk):
    """`context: api` lee `api/Dockerfile`; `dockerfile: ../Otro`, lo que haya junto a `api`."""
    desk.write("FROM busybox\nCMD [\"echo\", \"dentro\"]\n", "api/Dockerfile")
    desk.write("FROM busybox\nCMD [\"echo\", \"fuera\"]\n", "Otro")
    desk.write("services:\n  uno: {build: api}\n  dos: {build: {context: api, dockerfile: ../Otro}}\n")
    out = desk.compose("up").out
    assert "uno-1  | dentro" in out and "dos-1  | fuera" in out


def test_limits_and_restart_reach_the_engine(desk):
    """Lo que pide el archivo, como lo enseña `inspect`."""
    desk.write("services:\n  web:\n    image: busybox\n    command: sleep 1000\n    restart: on-failure:3\n"
               "    user: '1000'\n    working_dir: /tmp\n    hostname: h\n    read_only: true\n    tmpfs: /run\n"
               "    cap_drop: [ALL]\n    init: true\n    deploy: {resources: {limits: {cpus: '0.5', memory: 64M}}}\n")
    desk.compose("up", "-d")
    record = desk.engine.containers.get("tienda-web-1")
    host = record.host_config
    assert (host["Memory"], host["NanoCpus"]) == (64 * 2**20, 5 * 10**8) and host["ReadonlyRootfs"] and host["Init"]
    assert host["RestartPolicy"] == {"Name": "on-failure", "MaximumRetryCount": 3} and host["CapDrop"] == ["ALL"]
    assert desk.compose("exec", "web", "sh", "-c", "id -u; pwd; hostname").out == "1000\n/tmp\nh\n"


def test_the_view_tells_services_conditions_and_states(desk):
    """Lo que dibujan las escenas: una fotografía, y una por paso mientras se trabaja."""
    desk.write(THREE)
    seen: list[Progress] = []
    desk.engine.events.subscribe(lambda event: seen.append(event) if isinstance(event, Progress) else None)
    desk.compose("up", "-d")
    project = Loader(str(desk.folder), {}).load([str(desk.folder / "compose.yaml")])
    services = {service.name: service for service in view(desk.engine, project).services}
    assert isinstance(services["db"], ServiceView) and services["init"].waits == (("db", "service_healthy"),)
    assert [(one.state, one.health) for one in services["db"].replicas] == [("running", "healthy")]
    waiting = next(event.view for event in seen if event.status == "Waiting")
    assert {service.name: service.replicas[0].state for service in waiting.services} == {
        "db": "running", "init": "created", "web": "created"}


def test_restarting_a_service_restarts_who_asked_for_it(desk):
    """`depends_on` con `restart: true`; con `--no-deps`, no."""
    desk.write("services:\n  db: {image: busybox, command: sleep 1000, stop_grace_period: 0s}\n"
               "  web:\n    image: busybox\n    command: sleep 1000\n    stop_grace_period: 0s\n"
               "    depends_on: {db: {condition: service_started, restart: true}}\n")
    desk.compose("up", "-d")
    before = started(desk)
    desk.compose("restart", "--no-deps", "db")
    middle = started(desk)
    assert middle["tienda-db-1"] > before["tienda-db-1"] and middle["tienda-web-1"] == before["tienda-web-1"]
    desk.compose("restart", "db")
    assert started(desk)["tienda-web-1"] > middle["tienda-web-1"]


def test_a_new_container_name_is_used_when_it_is_made_again(desk):
    desk.write(SLEEPER)
    desk.compose("up", "-d")
    desk.write(SLEEPER.replace("image: busybox", "image: busybox, container_name: memoria"))
    desk.compose("up", "-d")
    assert [one.name for one in desk.engine.view().containers] == ["memoria"]
