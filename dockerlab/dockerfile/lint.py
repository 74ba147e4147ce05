"""`docker build --check`: recoge los avisos mientras se lee y se planea el Dockerfile.

Un aviso no detiene nada. `# check=skip=Regla` al principio del Dockerfile (o en
el comentario de una instrucción) calla reglas, y `error=true` los vuelve error.
Fuente: https://docs.docker.com/reference/build-checks/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from dockerlab.errors import DockerfileError, fault

from . import directives
from .golang import quote
from .instruction import Dockerfile, Instruction
from .lint_rules import RULES, Rule

SECRET = re.compile(r"(?:_|^)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)",
                    re.I)
HARMLESS = re.compile(r"(?:_|^)(?:public|file|version)(?:_|$)", re.I)
TRUTH = {**dict.fromkeys(("1", "t", "T", "true", "TRUE", "True"), True),
         **dict.fromkeys(("0", "f", "F", "false", "FALSE", "False"), False)}


@dataclass(frozen=True, slots=True)
class Finding:
    """Un aviso: la regla, el texto de Docker y las líneas a que se refiere."""

    rule: Rule
    text: str
    start: int
    end: int

    def __str__(self) -> str:
        """Como lo resume `docker build`: `Regla: texto (line N)`."""
        return f"{self.rule.name}: {self.text} (line {self.start})"


@dataclass(frozen=True, slots=True)
class Options:
    """Lo que pide `# check=…`: reglas que callar o que probar («all»: todas), y si son errores."""

    skip: frozenset[str] = frozenset()
    experimental: frozenset[str] = frozenset()
    error: bool = False

    @classmethod
    def parse(cls, text: str) -> Options:
        """Lee `skip=A,B;error=true;experimental=all`. `DockerfileError` si no se entiende."""
        options = cls()
        for part in text.strip().split(";", 2) if text.strip() else ():
            key, equals, value = part.partition("=")
            key, value = key.strip(), value.strip()
            if not equals or key not in ("skip", "experimental", "error"):
                raise fault("check-option", option=quote(key if equals else part))
            if key == "error":
                if value not in TRUTH:
                    raise fault("check-option-value", option=quote(part), value=quote(value))
                options = replace(options, error=TRUTH[value])
            else:
                options = replace(options, **{key: frozenset(rule.strip() for rule in value.split(","))})
        return options


@dataclass(slots=True, eq=False)
class Linter:
    """Quien recibe los avisos: `findings` crece. Los que da `for_comments` escriben en la misma lista."""

    options: Options = Options()
    findings: list[Finding] = field(default_factory=list)

    @classmethod
    def of(cls, dockerfile_text: str, override: str | None = None) -> Linter:
        """El que pide la directiva `# check=` del texto, o `override` (BUILDKIT_DOCKERFILE_CHECK)."""
        if override is None:
            directive = directives.detect("check", dockerfile_text)
            override = directive.value.partition(" ")[0] if directive else ""
        return cls(Options.parse(override))

    def for_comments(self, comments: Sequence[str]) -> Linter:
        """El mismo, con lo que pida un `# check=…` escrito encima de la instrucción."""
        for comment in comments:
            directive = directives.parse(comment, "", 0)
            if directive is None or directive.name != "check":
                continue
            try:
                here = Options.parse(directive.value.partition(" ")[0])
            except DockerfileError:
                return self  # mal escrito: es un comentario corriente
            return Linter(replace(self.options, skip=self.options.skip | here.skip,
                                  experimental=self.options.experimental | here.experimental), self.findings)
        return self

    def report(self, name: str, where: Instruction | int, *details: str) -> None:
        """Anota un aviso de la regla `name` en una instrucción o una línea, si no está callada."""
        rule = RULES[name]
        chosen = self.options.experimental if rule.experimental else self.options.skip
        if ({name, "all"} & chosen != set()) != rule.experimental:
            return
        start, end = (where, where) if isinstance(where, int) else (where.start, where.end)
        self.findings.append(Finding(rule, rule.text.format(*details), start, end))

    def finish(self) -> None:
        """Con `error=true`, los avisos son un error (`DockerfileError`)."""
        if self.options.error and self.findings:
            names = sorted({finding.rule.name for finding in self.findings})
            raise fault("lint-violation", rules=", ".join(names), line=self.findings[0].start,
                        lines=(self.findings[0].start, self.findings[0].end))


class Silent(Linter):
    """Para construir sin mirar los avisos."""

    def report(self, name: str, where: Instruction | int, *details: str) -> None:
        """No anota nada."""

    def for_comments(self, comments: Sequence[str]) -> Linter:
        """Él mismo."""
        return self


SILENT = Silent()


def check_continuations(lint: Linter, dockerfile: Dockerfile) -> None:
    """Líneas vacías en medio de una instrucción."""
    for warning in dockerfile.warnings:
        lint.report("NoEmptyContinuation", warning.line)


def check_form(lint: Linter, instruction: Instruction) -> None:
    """Lo que se ve en la instrucción sola, aunque luego resulte no ser válida."""
    lint = lint.for_comments(instruction.comments)
    if instruction.keyword == "MAINTAINER":
        lint.report("MaintainerDeprecated", instruction)
    if instruction.keyword == "FROM" and len(instruction.args) > 2:
        word, keyword, name = instruction.word, instruction.args[1], instruction.args[2]
        if len(instruction.args) == 3 and name != name.lower():
            lint.report("StageNameCasing", instruction, name)
        if (word == word.lower() and keyword != keyword.lower()
                or word == word.upper() and keyword != keyword.upper()):
            lint.report("FromAsCasing", instruction, word, keyword)


def check_description(lint: Linter, instruction: Instruction, names: Sequence[str]) -> None:
    """El comentario de encima de un ARG o de un `FROM … AS` describe a uno de `names`."""
    if not (instruction.comments and names) or instruction.comments[-1].split(" ")[0] in names:
        return
    example = names[0] if len(names) == 1 else "<arg_key>"
    lint.for_comments(instruction.comments).report("InvalidDefinitionDescription", instruction,
                                                   instruction.keyword, example)


def check_stage_names(lint: Linter, stages: Iterable[tuple[str, Instruction]]) -> None:
    """Nombres reservados o repetidos; cada etapa es (nombre, su FROM)."""
    seen = set()
    for name, origin in stages:
        if name in ("context", "scratch"):
            lint.report("ReservedStageName", origin, quote(name))
        if name and name in seen:
            lint.report("DuplicateStageName", origin, quote(name))
        seen.add(name)


def check_casing(lint: Linter, instructions: Sequence[Instruction]) -> None:
    """Todas las instrucciones en mayúsculas, o todas en minúsculas: manda la mayoría."""
    words = [instruction.word for instruction in instructions]
    lower, upper = sum(word.islower() for word in words), sum(word.isupper() for word in words)
    wanted, casing = (str.lower, "lowercase") if lower > upper else (str.upper, "uppercase")
    for instruction in instructions:
        if instruction.word != wanted(instruction.word):
            lint.report("ConsistentInstructionCasing", instruction, instruction.word, casing)


def check_secret(lint: Linter, instruction: Instruction, name: str) -> None:
    """Una variable con nombre de contraseña o de clave."""
    if SECRET.search(name) and not HARMLESS.search(name):
        lint.report("SecretsUsedInArgOrEnv", instruction, instruction.keyword, quote(name))
