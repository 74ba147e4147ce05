"""El puente entre los vectores de prueba de Docker y dockerlab.

Cada función tiene el nombre y la forma que piden los vectores, y solo delega;
importa dentro para que cada juego de pruebas cargue lo suyo.
"""

from __future__ import annotations

# --- Dockerfile -------------------------------------------------------------


def parse(text):
    """Instrucciones, líneas, avisos y el volcado en paréntesis de BuildKit."""
    from dockerlab.dockerfile.parser import parse as parse_dockerfile
    result = parse_dockerfile(text)
    return {
        "dump": "\n".join(f"({_dump(one)})" for one in result.instructions),
        "nodes": [[one.keyword, _arguments(one), list(one.flags)] for one in result.instructions],
        "lines": [[one.start, one.end] for one in result.instructions],
        "escape": result.escape,
        "warnings": [warning.text for warning in result.warnings],
        "heredocs": [[{"name": doc.name, "content": doc.content, "expand": doc.expand, "chomp": doc.chomp,
                       "fd": doc.fd} for doc in one.heredocs] for one in result.instructions],
    }


def _arguments(instruction):
    """Los vectores no miran dentro de un ONBUILD que está dentro de otro."""
    chained = instruction.inner and instruction.inner.keyword == "ONBUILD"
    return [instruction.args[0], ""] if chained else list(instruction.args)


def _dump(instruction):
    from dockerlab.dockerfile.golang import quote, quote_list
    head = instruction.word.lower()
    if instruction.flags:
        head += " " + quote_list(instruction.flags)
    if instruction.inner:
        return f"{head} ({_dump(instruction.inner)})"
    return " ".join([head, *map(quote, instruction.args)]).strip()


def expand(word, env, escape):
    from dockerlab.dockerfile.words import expand as expand_word
    return expand_word(word, env, escape)


def words(word, env, escape):
    from dockerlab.dockerfile.words import split
    return list(split(word, env, escape))


def heredoc(src):
    from dockerlab.dockerfile.heredocs import read
    found = read(src)
    return found and _heredoc(found)


def heredocs_from_line(line):
    from dockerlab.dockerfile.heredocs import announced
    return [_heredoc(found) for found in announced(line)]


def _heredoc(found):
    return {"Name": found.name, "Expand": found.expand, "Chomp": found.chomp, "FileDescriptor": found.fd,
            "Content": found.content}


def directive(key, text, any_format):
    from dockerlab.dockerfile.directives import detect
    found = detect(key, text, any_format)
    return found and (found.value.partition(" ")[0], found.value, found.line)


def json_array(s):
    from dockerlab.dockerfile.operands import json_array as read_array
    values = read_array(s)
    if values is None:
        raise ValueError(s)
    return list(values)


def split_words(s):
    from dockerlab.dockerfile.operands import split_words as split_quoted
    return list(split_quoted(s))


def instructions(text):
    """Etapas y argumentos globales, tras todas las comprobaciones."""
    from dockerlab.dockerfile import parse as parse_dockerfile
    from dockerlab.dockerfile import read
    from dockerlab.dockerfile.stages import arguments
    meta_args, stages = read(parse_dockerfile(text))
    return {
        "stages": [[stage.name, stage.base, [[one.word, one.start] for one in stage.instructions]]
                   for stage in stages],
        "metaArgs": [list(pair) for one in meta_args for pair in arguments(one)],
    }


def ignore_match(patterns, path):
    from dockerlab.dockerfile.ignore import Ignore
    return Ignore.of(patterns).matches(path)


def ignore_parse(text):
    from dockerlab.dockerfile.ignore import parse as parse_ignore
    return list(parse_ignore(text))


def lint(text, dockerignore, build_args):
    from dockerlab.build.check import check
    from dockerlab.dockerfile.ignore import Ignore
    ignore = Ignore.read(dockerignore) if dockerignore else None
    findings, _ = check(text, build_args, ignore=ignore)
    return [(finding.rule.name, finding.start, finding.text) for finding in findings]


def image_config(text, base):
    import json

    from dockerlab.build.check import configure
    from dockerlab.build.plan import plan
    from dockerlab.images import ImageConfig
    config = ImageConfig.from_json(json.dumps(base).encode())
    planned = plan(text, lambda reference, platform: config)
    return configure(planned)[planned.target].config.to_data()


# --- Línea de órdenes -------------------------------------------------------


def ports(specs):
    from dockerlab.cli.options.ports import parse_ports
    exposed, bindings = parse_ports(specs)
    return {"exposed": exposed, "bindings": bindings}


def volume(text):
    from dockerlab.cli.options.volumes import parse_volume
    found = parse_volume(text)
    return {"type": found.type, "source": found.source, "target": found.target, "read_only": found.read_only,
            "bind": {"propagation": found.propagation}, "volume": {"nocopy": found.nocopy}}


def mount(text):
    from dockerlab.cli.options.mounts import parse_mount
    return parse_mount(text)


def network(text):
    from dockerlab.cli.options.networks import parse_network
    return parse_network(text)


def ulimit(text):
    from dockerlab.cli.options.resources import parse_ulimit
    return parse_ulimit(text)


def cpus(text):
    from dockerlab.cli.options.resources import parse_cpus
    return parse_cpus(text)


def restart(text):
    from dockerlab.cli.options.resources import parse_restart
    return parse_restart(text)


def gpus(text):
    from dockerlab.cli.options.resources import parse_gpus
    return parse_gpus(text)


def memoryswap(text):
    from dockerlab.cli.options.resources import parse_swap
    return parse_swap(text)


def memory(text):
    from dockerlab.units import ram_in_bytes
    return ram_in_bytes(text)


def link(text):
    from dockerlab.cli.options.hosts import parse_link
    return list(parse_link(text))


def extrahost(text):
    from dockerlab.cli.options.hosts import parse_extra_host
    return parse_extra_host(text)


def host(text):
    from dockerlab.cli.options.hosts import parse_host
    return parse_host(text)


def label(text):
    from dockerlab.cli.options.hosts import parse_label
    return parse_label(text)


def ip(text):
    from dockerlab.cli.options.hosts import parse_address
    return parse_address(text)


def dnssearch(text):
    from dockerlab.cli.options.hosts import parse_dns_search
    return parse_dns_search(text)


def filter(text):
    from dockerlab.cli.flags import parse_filter
    name, value = parse_filter(text)
    return {name: {value: True}} if name else {}


def env_file(text, env):
    from dockerlab.cli.options.envfile import parse_lines
    return list(parse_lines(text, env))


def run_args(words):
    from dockerlab.cli.commands import lookup
    from dockerlab.cli.flags import FlagParser
    from dockerlab.cli.run_options import Place, checks, run_spec
    place = Place("/", {}, lambda path: "")
    spec = run_spec(FlagParser(lookup("run"), checks(place)).parse(words), place)
    return {"name": spec.name, "detach": spec.detach, "platform": spec.platform, "Config": spec.config,
            "HostConfig": spec.host, "NetworkingConfig": spec.networking}


def human_size(size):
    from dockerlab import units
    return units.human_size(size)


def human_size3(size):
    from dockerlab import units
    return units.human_size(size, 3)


def bytes_size(size):
    from dockerlab import units
    return units.bytes_size(size)


def human_duration(seconds):
    from dockerlab import units
    return units.human_duration(seconds)


def from_human_size(text):
    from dockerlab import units
    return units.from_human_size(text)


def ram_in_bytes(text):
    from dockerlab import units
    return units.ram_in_bytes(text)


def format(kind, items, form, trunc, now, digest=False, human=True, verbose=False, os="linux"):
    from dockerlab.cli import columns, disk
    from dockerlab.cli.formatter import Context, render
    context = Context(now, trunc, {"digests": digest, "human": human, "os": os})
    if kind == "df":
        return (disk.verbose if verbose else disk.summary)(items, form, context)
    rows = columns.image_rows(items, context) if kind == "image" else items
    return render(columns.kind_for(kind, os), rows, form, context)


def container_status(state):
    from dockerlab.clock import EPOCH, SECOND
    from dockerlab.containers.container import Health, State
    from dockerlab.containers.status import status_text

    def instant(ago):
        return EPOCH - round(ago * SECOND) if ago is not None else 0

    names = ("paused", "restarting", "running") if state["running"] else ("removing", "dead")
    never = "created" if state.get("started_ago") is None else "exited"
    status = next((name for name in names if state.get(name)), never)
    value = State(status, exit_code=state["exit"], started_at=instant(state.get("started_ago")),
                  finished_at=instant(state.get("finished_ago")),
                  health=Health(state["health"]) if state.get("health") else None)
    return status_text(value, EPOCH), value.status


def should_restart(policy, maximum, exit_code, manually_stopped, restart_count):
    from dockerlab.containers.restart import should_restart as decide
    return decide(policy, maximum, exit_code, manually_stopped, restart_count)


def parse_signal(text):
    from dockerlab.containers.signals import parse
    return parse(text)


_names = None


def random_name():
    global _names
    from dockerlab.containers.names import NameSequence
    _names = _names or NameSequence()
    return _names.next()


# --- Imágenes ---------------------------------------------------------------


def reference(s):
    """Las partes de una referencia completa y sus formas de escribirla."""
    from dockerlab.images.reference import Reference
    found = Reference.parse(s)
    return {"domain": found.domain, "path": found.path, "tag": found.tag, "digest": found.digest,
            "familiar": found.familiar, "string": str(found), "tagged": str(found.tagged)}


# --- Compose ----------------------------------------------------------------


def compose_substitute(s, env):
    from dockerlab.compose.template import substitute
    return substitute(s, env.get)


def dotenv(text):
    from dockerlab.compose.dotenv import parse as parse_env
    return parse_env(text, {})


def compose_load(text):
    """El proyecto canónico de un solo archivo, sin seguir `extends` ni `include` ni leer nada más.

    Los vectores son de una versión posterior de la biblioteca, que ya no escribe dos valores por defecto.
    """
    from dockerlab.compose.loader import Loader
    environment = {"FOO": "first", "HOME": "/home/u", "COMPOSE_PROJECT_NAME": "proj"}
    project = Loader("/src/proj", environment, name="proj", alone=True).load_text(text).to_json()
    for service in project["services"].values():
        for item in service.get("volumes") or ():
            (item.get("bind") or {}).pop("create_host_path", None)
        for item in service.get("env_file") or ():
            if item["required"]:
                del item["required"]
    return project
