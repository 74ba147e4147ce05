"""Dockerfiles y contextos al azar, construidos aquí y por el Docker de verdad: tienen que dar lo mismo.

Se comparan el árbol (tipo, permisos, dueño, destino y contenido de lo que cambia
sobre la base), la configuración, la historia y qué pasos acierta la caché al
repetir la construcción tras un cambio.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import uuid
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dockerlab.build.context import Context
from tests.extras import need

from .bench import Outcome, make_ports
from .record_copy_rules import plant, reason, tree
from .test_copy_rules import seen

EXAMPLES = int(os.environ.get("DOCKERLAB_EXAMPLES", "12"))
NAME = f"dockerlab-azar-{uuid.uuid4().hex[:8]}"

names = st.sampled_from(["a", "b.txt", "c.txt", "d/a", "d/b.txt", "d/e/c", "f/x.txt", ".oculto"])
texts = st.sampled_from(["", "uno\n", "dos\n", "tres y más\n"])
contexts = st.dictionaries(names, texts, min_size=2, max_size=7)
modes = st.sampled_from(["", "", "@755", "@600", "@444"])
sources = st.sampled_from([".", "a", "d", "d/", "d/e", "*.txt", "d/*", "?", "[ab]*", "a b.txt", "d f", "/d/a",
                           "./d/../a", "noesta", "**/*.txt"])
targets = st.sampled_from(["/x", "/x/", "/x/y", "/d/e/", ".", "rel", "rel/", "/", "/p/q/r", "$K/z", "../arriba"])
flags = st.sampled_from(["", "", "", "--chown=7 ", "--chown=7:8 ", "--chown=nobody ", "--chmod=640 ", "--chmod=u+x ",
                         "--chmod=a=rX ", "--link ", "--exclude=*.txt ", "--chown=1:2 --chmod=755 "])
commands = st.sampled_from([
    "mkdir -p /p/q && echo \"$K-$A\" > /p/q/f", "rm -rf /x", "mv /x /z || true", "chmod 700 /p || true",
    "ln -s /x /l || true", "touch /t && chown 5:6 /t", "echo hola >> /x/f || true", "cp -r /p /c || true",
    "id -u > /tmp/id; pwd > /tmp/cwd", "find /p /x -type f 2>/dev/null | sort > /tmp/found; true", "true",
    "for i in 1 2 3; do echo $i; done > /tmp/n; cat /tmp/n | tail -1 > /tmp/m",
    "umask 077; echo s > /tmp/s; mkdir /tmp/d",
    "test -d /x && rm -f /x/a || echo no", "echo \"$HOME\" > /tmp/home", "sh -c 'exit 3' || echo $? > /tmp/c",
    "echo ana:x:9:9::/home/ana:/bin/sh >> /etc/passwd", "rm -rf /var/www /home", "mkdir /x; rmdir /x; true", "exit 4",
    "cd /tmp && printf 'a\\tb' > tab && wc -c < tab > largo", "chmod -R go-w /p; ls -l /nada; true",
])
metadata = st.sampled_from([
    "ENV K=/k", "ENV K=/k A=$A-b", "ENV PATH=/app:$PATH", "ARG A=1", "ARG A", "LABEL a=b c=\"d e\"", "USER 7",
    "USER 7:8", "USER root", "USER nobody", "EXPOSE 80 443/tcp", "VOLUME /v", 'VOLUME ["/v", "/w"]', "CMD echo hola",
    'CMD ["a", "b"]',
    'ENTRYPOINT ["/x"]', "ENTRYPOINT x", "STOPSIGNAL SIGINT", "HEALTHCHECK --interval=5s CMD true", "HEALTHCHECK NONE",
    'SHELL ["/bin/sh", "-ec"]', "ONBUILD RUN true", "MAINTAINER yo",
])
workdirs = st.sampled_from(["WORKDIR /w", "WORKDIR sub/dir", "WORKDIR /x", "WORKDIR $K", "WORKDIR ../o", "WORKDIR /"])
copies = st.builds(lambda word, flag, source, target: f"{word} {flag}{source} {target}",
                   st.sampled_from(["COPY", "COPY", "ADD"]), flags, sources, targets)
lines = st.lists(st.one_of(copies, copies, commands.map("RUN {}".format), metadata, workdirs), min_size=1, max_size=7)
second = st.one_of(st.just(()), st.tuples(
    st.sampled_from(["FROM busybox", "FROM uno", "FROM scratch", "FROM busybox:1.36 AS dos"]),
    st.sampled_from(["COPY --from=uno /p /copia/", "COPY --from=0 / /todo", "COPY --from=uno --chown=3 /etc/p* /y/",
                     "COPY --from=busybox:1.36 /etc/busybox-release /", "LABEL z=z", "WORKDIR /fin"])))
changes = st.one_of(st.tuples(st.just("write"), names, texts), st.tuples(st.just("mode"), names, st.just("755")),
                    st.tuples(st.just("remove"), names, st.just("")), st.tuples(st.just("arg"), st.just("A"), texts),
                    st.tuples(st.just("nothing"), names, texts))


@cache
def real_base(image):
    """El árbol de una imagen base del motor real."""
    return {} if image == "scratch" else real_tree(f"FROM {image}\n")


def real_tree(dockerfile):
    """El árbol de un Dockerfile sin contexto, construido por el motor real."""
    docker = need("docker")
    done = docker.run("build", "-o", "type=tar,dest=-", "-", stdin=dockerfile.encode())
    assert done.returncode == 0, done.stderr.decode()
    return tree(done.stdout)


@cache
def our_base(image):
    """El árbol de la misma imagen, aquí."""
    context = Context.from_stdin(f"FROM {image}\n".encode())
    return {} if image == "scratch" else seen(Outcome(make_ports(), context).image)


def delta(found, base):
    """Lo que cambia sobre la base: nuevo, distinto o quitado. `/proc` y `/sys` los pone el motor al ejecutar."""
    return ({path: row for path, row in found.items() if base.get(path) != row},
            {path for path in base if path not in found})


def real_build(folder, options):
    """Construye con el motor real: error o (árbol, configuración, historia, aciertos)."""
    docker = need("docker")
    done = docker.run("build", "--progress=plain", "-t", NAME, *options, str(folder))
    err = done.stderr.decode()
    if done.returncode:
        return {"error": reason(err)}
    exported = docker.run("build", "-o", "type=tar,dest=-", *options, str(folder))
    config = json.loads(docker.run("inspect", "-f", "{{json .Config}}", NAME).stdout)
    history = docker.run("history", "--no-trunc", "--format", "{{.CreatedBy}}", NAME).stdout.decode().splitlines()
    docker.run("rmi", "-f", NAME)
    return {"tree": tree(exported.stdout), "config": {key: value for key, value in config.items() if value},
            "history": [line for line in history if "BusyBox" not in line and "busybox-release /etc/" not in line],
            "hits": hits_of(err)}


def hits_of(text):
    """Del texto llano: nombre de cada paso → si salió de la caché."""
    titles = dict(re.findall(r"^#(\d+) (\[[^\]]*\d+/\d+\] (?!FROM ).*)$", text, re.M))
    cached = set(re.findall(r"^#(\d+) CACHED$", text, re.M))
    return {title.replace("[stage-0 ", "["): number in cached for number, title in titles.items()}


def our_build(folder, ports, options):
    """Lo mismo, aquí."""
    built = Outcome(ports, Context.from_folder(folder), build_args=options)
    if built.error:
        from dockerlab.cli.progress import failure
        return {"error": reason(failure(built.error))}
    history = [row.created_by for row in reversed(built.image.config.history)
               if "BusyBox" not in row.created_by and "busybox-release /etc/" not in row.created_by]
    return {"tree": seen(built.image), "config": built.image.config.run_config(), "history": history,
            "hits": {step.name.replace("[stage-0 ", "["): step.cached for step in built.steps if step.key}}


def complaint(outcome):
    """El error, o None. Si faltan varios archivos, BuildKit nombra uno cualquiera de ellos."""
    return outcome.get("error") and re.sub(r'"/[^"]*": not found', "not found", outcome["error"])


def compare(real, ours, base):
    """Exige que las dos construcciones sean la misma."""
    assert complaint(real) == complaint(ours)
    if "error" in real:
        return
    real_delta, our_delta = delta(real["tree"], real_base(base)), delta(ours["tree"], our_base(base))
    assert our_delta == real_delta
    assert ours["config"] == real["config"]
    assert [shown(line) for line in ours["history"]] == [shown(line) for line in real["history"]]


def shown(line):
    """Una línea de historia. HEALTHCHECK se escribe de otra forma desde la versión siguiente a la 28.5."""
    return "HEALTHCHECK" if line.startswith("HEALTHCHECK") else line


def mutate(folder, change):
    """Un cambio en el contexto; devuelve los `--build-arg` que pide."""
    kind, name, value = change
    path = folder / name
    if kind == "arg":
        return {name: value.strip()}
    if kind == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value)
    elif path.exists() and kind == "mode":
        path.chmod(int(value, 8))
    elif path.exists() and kind == "remove":
        path.unlink()
    return {}


@settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize="DOCKERLAB_RANDOM" not in os.environ,
          suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(files=contexts, mode=modes, first=lines, then=second, change=changes)
def test_random_builds_are_those_of_docker(files, mode, first, then, change):
    docker = need("docker")
    base = "busybox" if not then or then[0] in ("FROM busybox", "FROM uno") else then[0].split()[1]
    some = sorted(files)[0]
    once = "COPY unico /unico"  # para que no acierte lo que construyeron otras pruebas
    rest = [then[0], once, then[1]] if then else []
    dockerfile = "\n".join(["FROM busybox AS uno", once, *first, *rest]) + "\n"
    with tempfile.TemporaryDirectory(dir=docker.work) as work:
        folder, ports = Path(work) / "contexto", make_ports()
        folder.mkdir()
        plant(folder, {f"{name}{mode if name == some else ''}": text for name, text in files.items()})
        (folder / "Dockerfile").write_text(dockerfile)
        (folder / "unico").write_text(uuid.uuid4().hex)
        real, ours = real_build(folder, []), our_build(folder, ports, {})
        compare(real, ours, base)
        arguments = mutate(folder, change)
        options = [word for name, value in arguments.items() for word in ("--build-arg", f"{name}={value}")]
        real, ours = real_build(folder, options), our_build(folder, ports, arguments)
        compare(real, ours, base)
        if "error" not in real:
            # BuildKit no cuenta los pasos aprovechados que no le hizo falta mirar.
            assert {name: ours["hits"].get(name) for name in real["hits"]} == real["hits"]
            assert all(ours["hits"][name] for name in set(ours["hits"]) - set(real["hits"]))
        shutil.rmtree(folder)
