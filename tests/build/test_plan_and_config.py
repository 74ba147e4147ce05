"""Del Dockerfile a la configuración: el plan de etapas y lo que cambia cada instrucción."""

import pytest

from dockerlab.build.check import configure
from dockerlab.build.config import apply
from dockerlab.build.operations import Copy, MakeDirectory, Run
from dockerlab.build.plan import plan
from dockerlab.build.state import Scope, begin, scratch
from dockerlab.dockerfile import parse
from dockerlab.dockerfile.ignore import Ignore
from dockerlab.dockerfile.lint import Linter
from dockerlab.errors import DockerfileError
from dockerlab.images import ImageConfig

BASE = ImageConfig(env=("PATH=/bin",), cmd=("sh",), on_build=("RUN heredado",), working_dir="/srv")


def planned(text, **options):
    return plan(text, lambda reference, platform: BASE, **options)


def final(text, **options):
    made = planned(text, **options)
    return configure(made)[made.target].config


def steps(text, state=None, **options):
    """Aplica instrucciones sueltas y devuelve lo último que pasó."""
    state = state or begin(scratch())
    for instruction in parse(text).instructions:
        applied = apply(state, instruction, Scope(**options))
        state = applied.state
    return applied


@pytest.mark.parametrize(("line", "created_by", "empty"), [
    ("ENV a=1 b=$a", "ENV a=1 b=", True),
    ('LABEL "k"="v w"', "LABEL k=v w", True),
    ("EXPOSE 81/UDP 80", "EXPOSE [80/tcp 81/udp]", True),
    ("VOLUME /a /b", "VOLUME [/a /b]", True),
    ("USER ana", "USER ana", True),
    ("STOPSIGNAL SIGINT", "STOPSIGNAL SIGINT", True),
    ('SHELL ["/bin/bash", "-c"]', "SHELL [/bin/bash -c]", True),
    ("MAINTAINER ana", "MAINTAINER ana", True),
    ("ARG v=1", "ARG v=1", True),
    ("CMD echo hola", 'CMD ["/bin/sh" "-c" "echo hola"]', True),
    ('ENTRYPOINT ["a", "ñ\\n"]', 'ENTRYPOINT ["a" "ñ\\n"]', True),
    ("HEALTHCHECK --interval=90s --retries=2 CMD x",
     "HEALTHCHECK {Test:[CMD-SHELL x] Interval:1m30s Timeout:0s StartPeriod:0s StartInterval:0s Retries:2}", True),
    ("WORKDIR app", "WORKDIR /app", False),
    ("WORKDIR /", "WORKDIR /", True),
    ("RUN echo", "RUN /bin/sh -c echo # buildkit", False),
    ("COPY --chown=1 --link a b /c/", "COPY --chown=1 a b /c/ # buildkit", False),
    ("ADD --chmod=700 a /", "ADD --chmod=700 a / # buildkit", False),
    ("COPY <<a /b\nhola\na", "COPY <<a /b # buildkit", False),
])
def test_each_instruction_leaves_its_line_of_history(line, created_by, empty):
    applied = steps(line)
    assert (applied.created_by, applied.empty_layer) == (created_by, empty)
    assert applied.state.config.history[-1].created_by == created_by


def test_run_shows_the_arguments_it_was_run_with():
    applied = steps("ARG a=1\nARG b\nENV a=2\nRUN x")
    assert applied.created_by == "RUN |2 a=2 b= /bin/sh -c x # buildkit"


def test_operations_say_what_to_do_with_the_variables_in_place():
    copy = steps("WORKDIR /app\nENV d=dist\nCOPY --from=base $d/ ./x/").operation
    assert copy == Copy(("dist/",), (), "/app/x/", "base")
    assert steps("USER ana\nWORKDIR /a/b").operation == MakeDirectory("/a/b", "ana")
    run = steps('WORKDIR /w\nUSER u\nENV k=v\nRUN ["x", "$k"]').operation
    assert isinstance(run, Run) and run.argv == ("x", "$k")
    assert (run.directory, run.user, run.environment["k"]) == ("/w", "u", "v")


def test_heredocs_become_scripts_files_and_contents():
    assert steps("RUN <<EOF\na\nb\nEOF").operation.argv == ("/bin/sh", "-c", "a\nb\n")
    script = steps("RUN <<EOF\n#!/usr/bin/env python3\nprint()\nEOF").operation
    assert script.files == (("/dev/pipes/EOF", "#!/usr/bin/env python3\nprint()\n"),)
    assert script.argv[-1] == "/dev/pipes/EOF"
    assert steps("RUN cat <<A > x\n1\nA").operation.argv[-1] == "cat <<A > x\n1\nA"
    copy = steps("ENV x=1\nCOPY <<a <<'b' /d/\n\"$x\"\na\n$x\nb").operation
    assert copy.contents == (("a", '"1"\n'), ("b", "$x\n"))


def test_entrypoint_forgets_the_inherited_command_but_not_its_own():
    assert final('FROM a\nENTRYPOINT ["e"]').cmd == ()
    assert final('FROM a\nCMD ["c"]\nENTRYPOINT ["e"]').cmd == ("c",)


def test_arguments_come_from_outside_then_from_their_default_then_from_the_global_ones():
    text = "ARG g=global\nFROM scratch\nARG g\nARG d=defecto\nARG p\nENV all=$g-$d-$p"
    assert final(text).environment["all"] == "global-defecto-"
    assert final(text, build_args={"d": "fuera", "p": "puesto"}).environment["all"] == "global-fuera-puesto"
    assert final("FROM scratch\nARG TARGETARCH\nENV a=$TARGETARCH").environment["a"] == "amd64"


def test_only_what_the_target_needs_is_planned():
    made = planned("FROM a AS uno\nFROM a AS dos\nFROM uno AS tres\nCOPY --from=nginx /x /y\n")
    assert [made.stages[index].base for index in made.needed] == ["a", "uno", "nginx"]
    assert made.stages[3].external and made.stages[3].reference == "docker.io/library/nginx:latest"
    assert planned("FROM a AS uno\nFROM a AS dos\n", target="UNO").needed == (0,)


def test_stages_have_names_and_count_their_steps():
    assert [stage.name for stage in planned("FROM a\nFROM a AS b\n").stages] == ["stage-0", "b"]
    alone = planned("FROM a\nENV x=1\nWORKDIR /x\nRUN y\n").stages[0]
    assert (alone.name, alone.total) == ("", 4)  # FROM, el RUN del ONBUILD, WORKDIR y RUN
    assert planned("FROM scratch\nCOPY a b\n").stages[0].total == 1


def test_onbuild_fires_in_the_child_and_only_there():
    made = planned("FROM scratch AS base\nONBUILD RUN uno\nONBUILD COPY <<x /x\ntexto\nx\n"
                   "FROM base AS hija\nFROM hija\n")
    shown = [[(step.instruction.keyword, step.from_trigger) for step in stage.steps] for stage in made.stages]
    assert shown == [[("ONBUILD", False), ("ONBUILD", False)], [("RUN", True), ("COPY", True)], []]
    assert configure(made)[2].config.on_build == ()
    assert final("FROM a").history[-1].created_by == "RUN /bin/sh -c heredado # buildkit"


@pytest.mark.parametrize(("text", "message", "line"), [
    ("FROM $x", "base name ($x) should not be blank", 1),
    ("FROM A", 'failed to parse stage name "A": invalid reference format: repository name (library/A) must be '
               "lowercase", 1),
    ("FROM --platform=$x a", "empty platform value from expression $x", 1),
    ("FROM a AS x\nCOPY --from=y a b\nFROM a AS y\nCOPY --from=x a b", "circular dependency detected on stage: x", 4),
    ("FROM a AS x\nCOPY --from=y a b\nFROM a AS y\nFROM x",
     'cannot copy from stage "y", it needs to be defined before current stage "x"', 2),
    ("FROM a\nCOPY --from=7 a b", "invalid stage index 7", 2),
    ("FROM a\nCOPY https://x/y b", "source can't be a URL for COPY", 2),
    ("FROM a\nCOPY --chmod=888 a b",
     "invalid chmod parameter: '888'. it should be octal string and between 0 and 07777", 2),
    ("FROM a\nEXPOSE x", "invalid containerPort: x", 2),
    ("FROM a\nSTOPSIGNAL 0", "invalid signal: 0", 2),
    ("FROM a\nVOLUME $x", "VOLUME specified can not be an empty string", 2),
    ("FROM a\n\nENV x=${y:?dilo}", 'failed to process "${y:?dilo}": y: dilo', 3),
])
def test_what_cannot_be_built_says_where(text, message, line):
    with pytest.raises(DockerfileError) as error:
        configure(planned(text))
    assert (error.value.text, error.value.data["line"]) == (message, line)


def test_a_missing_target_gets_a_suggestion():
    with pytest.raises(DockerfileError) as error:
        planned("FROM a AS prueba\n", target="pruebas")
    assert error.value.text == 'target stage "pruebas" could not be found (did you mean prueba?)'


def test_a_base_of_another_platform_is_told():
    lint = Linter()
    other = ImageConfig(architecture="arm64")
    plan("FROM a", lambda reference, platform: other, lint=lint)
    assert [str(finding) for finding in lint.findings] == [
        'InvalidBaseImagePlatform: Base image a was pulled with platform "linux/arm64", expected "linux/amd64" '
        "for current build (line 1)"]


def test_the_ignore_file_is_seen_only_by_copies_from_the_context():
    lint = Linter()
    configure(plan("FROM scratch AS a\nCOPY x /\nFROM scratch\nCOPY --from=a x /\n", None, lint=lint,
                   ignored=Ignore.of(("x",))))
    assert [finding.start for finding in lint.findings] == [2]
