"""De instrucción a configuración: qué cambia cada una en la imagen y qué línea de historia deja.

`apply` es pura: recibe el estado de la etapa y devuelve otro, la línea de
historia y, si hay algo que hacer además (ejecutar, copiar, crear una carpeta), la
operación. Fuente: OCI image-spec, *Image Configuration*; BuildKit, `dockerfile2llb`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from dockerlab.clock import EPOCH
from dockerlab.dockerfile import durations, words
from dockerlab.dockerfile.golang import quote, quote_list, similar
from dockerlab.dockerfile.ignore import clean
from dockerlab.dockerfile.instruction import Instruction
from dockerlab.dockerfile.lint import check_secret
from dockerlab.dockerfile.rules import refuse
from dockerlab.dockerfile.stages import arguments
from dockerlab.errors import DockerfileError
from dockerlab.images import Healthcheck, HistoryEntry, ImageConfig

from . import ports
from .operations import (
    Copy,
    MakeDirectory,
    command_line,
    content_expander,
    is_git,
    is_url,
    make_copy,
    make_run,
)
from .state import Applied, Scope, StageState, resolve_workdir

COMMENT = "buildkit.dockerfile.v0"
NOT_VARIABLES = ("BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE")


def apply(state: StageState, instruction: Instruction, scope: Scope = Scope()) -> Applied:
    """Aplica una instrucción (que no sea FROM). `DockerfileError`, con su línea, si no se puede."""
    step = _Step(state, instruction, replace(scope, lint=scope.lint.for_comments(instruction.comments)))
    try:
        applied = DISPATCH[instruction.keyword](step)
    except DockerfileError as error:
        error.data.setdefault("line", instruction.start)
        error.data.setdefault("lines", (instruction.start, instruction.end))
        raise
    if applied.created_by is None:
        return applied
    config = applied.state.config
    entry = HistoryEntry(EPOCH, applied.created_by, COMMENT, applied.empty_layer)
    config = config.replace(history=(*config.history, entry), created=EPOCH)
    return replace(applied, state=replace(applied.state, config=config))


@dataclass(frozen=True, slots=True)
class _Step:
    """Una instrucción sobre un estado: lo que comparten todas las formas de aplicarla."""

    state: StageState
    instruction: Instruction
    scope: Scope

    @property
    def config(self) -> ImageConfig:
        return self.state.config

    def expand(self, word: str) -> str:
        """`word` con sus variables; avisa de las que no existen."""
        if not words.needs_expansion(word, self.scope.escape):
            return word
        return self.told(words.process(word, self.state.variables, self.scope.escape, splitting=False))

    def expand_content(self, text: str) -> str:
        return self.told(content_expander(self.state.variables)(text))

    def told(self, expansion: words.Expansion) -> str:
        declared = {name for name, _ in self.state.arguments}
        for name in sorted(expansion.unmatched - declared - set(NOT_VARIABLES)):
            meant = similar(name, self.state.variables)
            hint = f" (did you mean ${meant}?)" if meant else ""
            self.scope.lint.report("UndefinedVar", self.instruction, name, hint)
        return expansion.text

    def done(self, created_by: str | None, *, variables: Mapping[str, str] | None = None,
             **changes: object) -> Applied:
        """El estado con esos cambios de configuración y esa línea de historia."""
        state = replace(self.state, config=self.config.replace(**changes)) if changes else self.state
        return Applied(state if variables is None else replace(state, variables=variables), created_by)

    def only_once(self, applied: Applied) -> Applied:
        """Anota que la etapa ya tiene esta instrucción, y avisa si ya la tenía."""
        keyword = self.instruction.keyword
        if keyword in self.state.last:
            self.scope.lint.report("MultipleInstructionsDisallowed", self.state.last[keyword],
                                   self.instruction.word)
        last = {**self.state.last, keyword: self.instruction}
        return replace(applied, state=replace(applied.state, last=last))


def _pairs(step: _Step) -> list[tuple[str, str]]:
    """Los pares de ENV o LABEL, expandidos; avisa de la forma antigua."""
    if "" in step.instruction.args[2::3]:
        step.scope.lint.report("LegacyKeyValueFormat", step.instruction, step.instruction.word)
    return [(step.expand(name), step.expand(value)) for name, value in step.instruction.pairs]


def _env(step: _Step) -> Applied:
    pairs, environment = _pairs(step), step.config.environment
    for name, _ in pairs:
        check_secret(step.scope.lint, step.instruction, name)
    environment.update(pairs)
    return step.done(" ".join(["ENV", *(f"{name}={value}" for name, value in pairs)]),
                     variables={**step.state.variables, **dict(pairs)},
                     env=tuple(f"{name}={value}" for name, value in environment.items()))


def _label(step: _Step) -> Applied:
    pairs = _pairs(step)
    labels = {**dict(step.config.labels), **dict(pairs)}
    return step.done(" ".join(["LABEL", *(f"{name}={value}" for name, value in pairs)]),
                     labels=tuple(labels.items()))


def _arg(step: _Step) -> Applied:
    """ARG: manda `--build-arg`; si no, el valor por defecto; si no, el ARG global del mismo nombre."""
    scope, shown = step.scope, []
    for name, default in arguments(step.instruction):
        check_secret(scope.lint, step.instruction, name)
        if name in scope.build_args:
            value: str | None = scope.build_args[name]
        elif default is not None:
            value = step.expand(default)
        else:
            value = scope.global_args.get(name)
        state = step.state
        if value is not None and name not in NOT_VARIABLES:
            state = replace(state, variables={**state.variables, name: value})
        step = replace(step, state=replace(state, arguments=(*state.arguments, (name, value))))
        shown.append(name if value is None else f"{name}={value}")
    return step.done("ARG " + " ".join(shown))


def _run(step: _Step) -> Applied:
    run = make_run(step.config, step.instruction, step.state.variables, step.expand)
    declared = {name: step.state.variables.get(name, value or "") for name, value in step.state.arguments}
    count = [f"|{len(declared)}"] if declared else []
    shown = " ".join([*count, *(f"{name}={value}" for name, value in declared.items()), *run.argv])
    return Applied(step.state, f"RUN {shown} # buildkit", False, run)


def _copy(step: _Step) -> Applied:
    copy, created_by = make_copy(step.config, step.instruction, step.expand, step.expand_content)
    _report_ignored(step, copy)
    return Applied(step.state, f"{created_by} # buildkit", False, copy)


def _report_ignored(step: _Step, copy: Copy) -> None:
    """Avisa si se copia del contexto algo que .dockerignore deja fuera."""
    ignored = step.scope.ignored
    if ignored is None or copy.stage or ignored.has_exceptions:
        return
    for source in copy.sources:
        path = clean(source)
        out = ignored.matches_everything if path in (".", "/") else ignored.matches(path)
        if out and not (is_url(source) or is_git(source)):
            verb = step.instruction.keyword.capitalize()
            step.scope.lint.report("CopyIgnoredFile", step.instruction, verb, quote(path))


def _workdir(step: _Step) -> Applied:
    path = step.expand(step.instruction.args[0])
    if not (step.state.workdir_set or path.startswith("/")):
        step.scope.lint.report("WorkdirRelativePath", step.instruction, quote(path))
    directory = resolve_workdir(step.config.working_dir, path)
    applied = step.done(f"WORKDIR {directory}", working_dir=directory)
    makes = directory != "/"
    return replace(applied, state=replace(applied.state, workdir_set=True), empty_layer=not makes,
                   operation=MakeDirectory(directory, step.config.user) if makes else None)


def _command(step: _Step) -> tuple[str, ...]:
    """Los argumentos de CMD o ENTRYPOINT; avisa si la forma shell usa la shell de siempre."""
    if not (step.instruction.json or step.config.shell):
        step.scope.lint.report("JSONArgsRecommended", step.instruction, step.instruction.word)
    return command_line(step.config, step.instruction)


def _cmd(step: _Step) -> Applied:
    args = _command(step)
    return step.only_once(step.done(f"CMD {quote_list(args)}", cmd=args, args_escaped=True))


def _entrypoint(step: _Step) -> Applied:
    """ENTRYPOINT borra la CMD heredada: era para otro programa."""
    args = _command(step)
    cmd = step.config.cmd if "CMD" in step.state.last else ()
    return step.only_once(step.done(f"ENTRYPOINT {quote_list(args)}", entrypoint=args, cmd=cmd))


def _healthcheck(step: _Step) -> Applied:
    kind, *command = step.instruction.args
    interval, timeout, start_period, start_interval = (
        durations.parse(step.instruction.flag(name) or "0")
        for name in ("interval", "timeout", "start-period", "start-interval"))
    if kind.upper() == "NONE":
        check = Healthcheck(("NONE",))
    else:
        test = ("CMD", *command) if step.instruction.json else ("CMD-SHELL", *command)
        check = Healthcheck(test, interval, timeout, start_period, start_interval,
                            int(step.instruction.flag("retries") or 0))
    shown = " ".join(f"{name}:{durations.show(value)}" for name, value in (
        ("Interval", check.interval), ("Timeout", check.timeout), ("StartPeriod", check.start_period),
        ("StartInterval", check.start_interval)))
    created_by = f"HEALTHCHECK {{Test:[{' '.join(check.test)}] {shown} Retries:{check.retries}}}"
    return step.only_once(step.done(created_by, healthcheck=check))


def _expose(step: _Step) -> Applied:
    found: list[str] = []
    for word in sorted(step.instruction.args):
        for specification in words.split(word, step.state.variables, step.scope.escape):
            found += ports.exposed(step.instruction, specification, step.scope.lint)
    return step.done(f"EXPOSE [{' '.join(found)}]",
                     exposed_ports=tuple(sorted({*step.config.exposed_ports, *found})))


def _volume(step: _Step) -> Applied:
    paths = [step.expand(path.strip()) for path in step.instruction.args]
    if "" in paths:
        raise refuse(step.instruction, "volume-expanded-empty")
    return step.done(f"VOLUME [{' '.join(paths)}]", volumes=tuple(sorted({*step.config.volumes, *paths})))


def _user(step: _Step) -> Applied:
    user = step.expand(step.instruction.args[0])
    return step.done(f"USER {user}", user=user)


def _stop_signal(step: _Step) -> Applied:
    signal = step.expand(step.instruction.args[0])
    if not _is_signal(signal):
        raise refuse(step.instruction, "signal-invalid", signal=signal)
    return step.done(f"STOPSIGNAL {signal}", stop_signal=signal)


def _is_signal(text: str) -> bool:
    """Un número distinto de cero, o un nombre de señal con o sin SIG."""
    from dockerlab.containers import signals
    digits = text[1:] if text[:1] in ("+", "-") else text
    if digits.isascii() and digits.isdecimal():
        return digits.strip("0") != ""
    try:
        return signals.number(text) > 0
    except ValueError:
        return False


def _maintainer(step: _Step) -> Applied:
    author = step.instruction.args[0]
    return step.done(f"MAINTAINER {author}", author=author)


def _shell(step: _Step) -> Applied:
    return step.done(f"SHELL [{' '.join(step.instruction.args)}]", shell=step.instruction.args)


def _on_build(step: _Step) -> Applied:
    """ONBUILD solo guarda el texto; se ejecutará al usar esta imagen como base."""
    return step.done(None, on_build=(*step.config.on_build, trigger_text(step.instruction)))


def trigger_text(instruction: Instruction) -> str:
    """La instrucción que guarda un ONBUILD, con sus documentos en línea."""
    rest = instruction.original.lstrip()[len("ONBUILD"):].lstrip()
    return rest + "".join(f"\n{doc.content}{doc.name}" for doc in instruction.heredocs)


DISPATCH: Mapping[str, Callable[[_Step], Applied]] = {
    "ADD": _copy, "ARG": _arg, "CMD": _cmd, "COPY": _copy, "ENTRYPOINT": _entrypoint, "ENV": _env,
    "EXPOSE": _expose, "HEALTHCHECK": _healthcheck, "LABEL": _label, "MAINTAINER": _maintainer,
    "ONBUILD": _on_build, "RUN": _run, "SHELL": _shell, "STOPSIGNAL": _stop_signal, "USER": _user,
    "VOLUME": _volume, "WORKDIR": _workdir,
}
