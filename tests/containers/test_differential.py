"""Órdenes al azar, aquí y en el Docker de verdad: los mismos estados, códigos, textos, `diff` y `ps`."""

from __future__ import annotations

import os
import re
import shlex

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from dockerlab.cli import capture
from dockerlab.engine import Engine
from tests.engine.conftest import CATALOGUE
from tests.extras import need

PREFIX = f"azar{os.getpid()}"
NAMES = [f"{PREFIX}-uno", f"{PREFIX}-dos"]
VOLUME, NETWORK = f"{PREFIX}-datos", f"{PREFIX}-red"
HEX = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{12})\b")
TINI = re.compile(r"tini \(\d+\)")
SINCE = re.compile(r"(Up|Exited \(\d+\)|Restarting \(\d+\)) (?:Less than a second|About an? \w+|\d+ \w+)(?: ago)?")

PROGRAMS = (
    "sleep 1000",
    "sh -c 'trap \"exit 5\" TERM; while :; do sleep 0.1; done'",
    "true",
    "sh -c 'echo hola; exit 3'",
    "sh -c 'echo mal >&2; echo x > /tmp/hecho; exit 1'",
    "nada",
    "/etc/passwd",
    "sh -c 'kill -9 $$; exit 7'",
)
OPTIONS = (
    "",
    "",
    "--rm",
    "--init",
    "--read-only",
    f"-v {VOLUME}:/d",
    "-v /tmp",
    "--restart on-failure:1",
    "-u 1000",
    "--entrypoint pwd",
    f"--network {NETWORK}",
    "--network none",
    "--stop-signal KILL",
    "--cap-drop ALL",
    "-w /nueva",
)
INSIDE = (
    "touch /tmp/f",
    "sh -c 'echo x >> /etc/passwd'",
    "rm /etc/group",
    "mkdir -p /a/b",
    "sh -c 'echo $PWD; id -u; exit 9'",
    "nada",
    "sh -c 'echo dos > /d/x; cat /d/x'",
    "mv /var/www /srv",
    "chmod 600 /etc/shadow",
    "ls -d /a /d /srv",
    "ln -s /etc/passwd /enlace",
    "sh -c 'rm -r /home && mkdir /home'",
    "chown 7 /etc/passwd",
    "kill 1",
)
VERBS = (
    "stop -t 0",
    "kill",
    "kill -s TERM",
    "kill -s NADA",
    "pause",
    "unpause",
    "restart -t 0",
    "rm",
    "rm -f",
    "rm -v",
    "start",
    "start -a",
    "port",
    "logs",
    "diff",
    "top",
    "update --restart no",
    "wait",
)
LOOKING = (
    "inspect -f '{{.State.Status}} {{.State.ExitCode}} {{.State.Running}} {{.State.Paused}} {{.RestartCount}} "
    "{{.Path}} {{.Args}}'",
)


def plain(text: str) -> str:
    """Sin lo que cambia de una vez a otra: ids, tiempos, números de proceso y la versión de BusyBox.

    El error de un `exec` que no arranca acaba en «\\r\\n» cuando el demonio va despacio, y si no en «\\n».
    """
    text = text.replace("\r\n", "\n")
    text = re.sub(r"BusyBox v.* multi-call", "BusyBox multi-call", text.replace("sh: line 0: ", "sh: "))
    return TINI.sub("tini", SINCE.sub(r"\1 <t>", HEX.sub("<id>", text)))


class TwoEngines(RuleBasedStateMachine):
    """La misma orden, primero aquí y después allí."""

    @initialize()
    def start_clean(self):
        self.real = need("docker")
        self.real.run("pull", "-q", "busybox")
        self.clean()
        self.ours = Engine(catalogue=CATALOGUE, folder=str(self.real.work))
        self.ours.pull("busybox")
        self.history: list[str] = []
        self.both(f"network create {NETWORK}")

    def clean(self):
        self.real.run("rm", "-fv", *NAMES)
        self.real.run("volume", "rm", "-f", VOLUME)
        self.real.run("network", "rm", "-f", NETWORK)

    def here(self, line):
        done = capture(self.ours, shlex.split(line), cwd=str(self.real.work))
        return done.code, plain(done.out), plain(done.err)

    def there(self, line):
        done = self.real.run(*shlex.split(line), timeout=30)
        return done.returncode, plain(done.stdout.decode()), plain(done.stderr.decode())

    def both(self, line, *, unordered=False):
        """La orden en los dos motores; tienen que contestar lo mismo."""
        self.history.append(f"docker {line}")
        ours = self.here(line)
        alive = self.status()
        self.ours.settle(0.35)
        theirs = self.there(line)
        for name, before in alive.items():  # lo que aquí acaba en un momento, allí también: se le espera
            starting = line.split()[0] in ("run", "start", "restart")
            if (starting or before in ("running", "restarting")) and self.status().get(name) == "exited":
                self.real.run("wait", name, timeout=30)
        if unordered:
            ours, theirs = ((code, sorted(out.splitlines()), err) for code, out, err in (ours, theirs))
        assert ours == theirs, "\n".join([*self.history, f"dockerlab {ours}", f"Docker    {theirs}"])

    def status(self):
        """El estado de cada contenedor de aquí."""
        return {record.name: record.state.status for record in self.ours.containers.list()}

    def compare(self):
        """Lo que se ve desde fuera, en los dos."""
        self.both(f"ps -a -f name={PREFIX} --format '{{{{.Names}}}} {{{{.State}}}} {{{{.Status}}}} {{{{.Command}}}}'")
        for name, status in self.status().items():
            if status != "restarting":
                for look in LOOKING:
                    self.both(f"{look} {name}")

    @rule(
        name=st.sampled_from(NAMES),
        how=st.sampled_from(["run", "run -d", "create"]),
        options=st.sampled_from(OPTIONS),
        program=st.sampled_from(PROGRAMS),
    )
    def new(self, name, how, options, program):
        endless = program in PROGRAMS[:2] and "pwd" not in options
        if how == "run" and endless or how == "run -d" and not endless:
            how = "create"  # en primer plano no acabaría, o podría acabar antes de mirar
        if "on-failure" in options and how == "run":
            how = "create"
        self.both(f"{how} --name {name} {options} busybox {program}")
        self.compare()

    @rule(name=st.sampled_from(NAMES), command=st.sampled_from(INSIDE))
    def inside(self, name, command):
        self.both(f"exec {name} {command}")
        self.compare()

    @rule(name=st.sampled_from(NAMES), verb=st.sampled_from(VERBS))
    def verb(self, name, verb):
        record = next((one for one in self.ours.containers.list() if one.name == name), None)
        words = record.argv if record else []
        endless = words[:1] == ["sleep"] or any("while" in word for word in words)
        status = record.state.status if record else "missing"
        if (
            verb == "start -a"
            and (endless or status in ("running", "paused"))
            or verb == "wait"
            and status != "exited"
        ):
            return  # no acabaría nunca
        if verb == "start" and record and not endless:
            verb = "start -a"
        if verb == "top" and status == "running" or verb == "restart -t 0" and record and not endless:
            return  # números de proceso de verdad; un instante que no se puede fijar
        if record and (record.host_config.get("RestartPolicy") or {}).get("Name") == "on-failure" and not endless:
            return
        self.both(f"{verb} {name}", unordered=verb == "diff")
        self.compare()

    @rule(old=st.sampled_from(NAMES), new=st.sampled_from([*NAMES, f"{PREFIX}-tres", "x"]))
    def rename(self, old, new):
        if new == f"{PREFIX}-tres" and old in self.status():
            self.both(f"rename {old} {new}")
            self.both(f"rename {new} {old}")
        else:
            self.both(f"rename {old} {new}")

    @rule(name=st.sampled_from(NAMES), what=st.sampled_from(["volume rm " + VOLUME, "network rm " + NETWORK]))
    def data(self, name, what):
        if what.startswith("volume") and VOLUME in self.ours.volumes.volumes:
            self.both(what)
        self.both(f"network {'dis' if 'net' in what else ''}connect {NETWORK} {name}")
        self.compare()

    def teardown(self):
        if hasattr(self, "ours"):
            for name in self.status():
                self.both(f"diff {name}", unordered=True)
            self.clean()


def play(sequences: int) -> None:
    """Tantas secuencias de ocho órdenes."""
    need("docker")
    run_state_machine_as_test(
        TwoEngines,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=8,
            phases=(Phase.generate,),
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )


def test_fifty_random_sequences_end_as_in_the_real_engine():
    """Estados, códigos, textos, `diff` y `ps`, orden a orden."""
    play(50)


@pytest.mark.long
def test_five_hundred_random_sequences_end_as_in_the_real_engine():
    """Lo mismo, diez veces más."""
    play(500)
