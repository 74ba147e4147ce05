"""Construir: etapas, pasos, lo que queda y lo que no."""

from __future__ import annotations

import io
import tarfile

import pytest

from dockerlab.build.context import Context
from dockerlab.build.options import Base, Options
from dockerlab.build.steps import build_steps
from dockerlab.dockerfile.lint import Linter
from dockerlab.errors import BuildError, DockerfileError
from dockerlab.events import BuildFinished, BuildStarted, StepOutput, StepStarted
from dockerlab.images import Reference

from .bench import Outcome, construct, image, make_ports


def read(built, path):
    """El contenido de un archivo de la imagen."""
    return built.image.filesystem().read(path).decode()


def layers_of(built):
    """Cuántas capas puso la construcción sobre busybox."""
    return len(built.image.layers) - len(image(Reference.parse("busybox").tagged).layers)


def test_events_tell_the_whole_story_in_order():
    built = construct("FROM busybox\nENV A=1\nCOPY a /a\nRUN cat /a; echo mal >&2\n", {"a": "hola\n"}, tags=("x",))
    names = [type(event).__name__ for event in built.events if type(event).__name__ != "BuildTask"]
    assert names == ["BuildStarted", *["StepStarted", "StepFinished"] * 3, "StepStarted", "StepOutput", "StepOutput",
                     "StepFinished", "BuildFinished"]
    started = next(event for event in built.events if isinstance(event, BuildStarted))
    assert started.steps == (("FROM busybox", 1, 1), ("ENV A=1", 2, 2), ("COPY a /a", 3, 3),
                             ("RUN cat /a; echo mal >&2", 4, 4))
    assert [event.index for event in built.events if isinstance(event, StepStarted)] == [1, 2, 3, 4]
    assert [(event.stream, event.text) for event in built.events if isinstance(event, StepOutput)] == [
        (1, "hola\n"), (2, "mal\n")]
    assert [event.time for event in built.events] == sorted(event.time for event in built.events)
    assert built.events[-1] == BuildFinished(built.events[-1].time, built.image.id, ("x:latest",))


def test_metadata_makes_no_layer_and_says_what_it_changed():
    built = construct('FROM busybox\nENV A=1 B="2 3"\nEXPOSE 80\nLABEL l=m\nVOLUME /v\nUSER 7\nSTOPSIGNAL SIGINT\n'
                      'HEALTHCHECK --interval=5s CMD true\nSHELL ["/bin/sh","-ec"]\nONBUILD RUN x\nCMD ["a"]\n'
                      'ENTRYPOINT ["b"]\nMAINTAINER yo\n')
    assert layers_of(built) == 0
    assert {step.layer for step in built.steps[1:]} == {""}
    assert dict(built.step("ENV").changed)["Env"].endswith(" A=1 B=2 3")
    assert built.step("EXPOSE").changed == (("ExposedPorts", "80/tcp"),)
    assert built.step("LABEL").changed == (("Labels", "l=m"),)
    assert built.step("CMD").changed == (("Cmd", '["a"]'),)
    assert dict(built.step("FROM").changed)["Cmd"] == '["sh"]'


def test_files_make_layers_even_when_nothing_changes():
    built = construct("FROM busybox\nWORKDIR /tmp\nRUN true\nCOPY *.zip /z/\nWORKDIR /\nRUN rm -f /nada\n")
    assert layers_of(built) == 4
    assert [entry.empty_layer for entry in built.image.config.history[1:]] == [False, False, False, True, False]
    empty = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
    assert built.step("WORKDIR /tmp").layer == built.step("COPY").layer == empty


def test_deleting_in_a_later_layer_does_not_shrink():
    built = construct("FROM busybox\nRUN head -c 5000 /dev/zero > /grande\nRUN rm /grande\n")
    assert [step.size for step in built.steps[1:]] == [5000, 0]


def test_names_are_numbered_like_buildkit():
    text = ("FROM busybox AS uno\nRUN echo 1\nFROM busybox\nWORKDIR /\nENV X=1\n"
            "COPY --from=uno /etc/passwd /p\nRUN echo $X\n")
    assert [step.name for step in construct(text).steps] == [
        "[uno 1/2] FROM docker.io/library/busybox:latest", "[uno 2/2] RUN echo 1",
        "[stage-1 1/4] FROM docker.io/library/busybox:latest", "WORKDIR /", "ENV X=1",
        "[stage-1 2/4] COPY --from=uno /etc/passwd /p", "[stage-1 3/4] RUN echo 1"]


def test_numbers_are_padded_and_unknown_variables_stay_in_run():
    text = "FROM busybox\nARG A=1\n" + "RUN true\n" * 8 + 'RUN echo "$A $B"\nCOPY ["a", "/$B/x"]\n'
    names = [step.name for step in construct(text, {"a": ""}).steps if step.name.startswith("[")]
    assert names[1] == "[ 2/11] RUN true"
    assert names[-2:] == ['[10/11] RUN echo "1 $B"', "[11/11] COPY [a, //x]"]


def test_only_what_the_target_needs_is_built():
    text = ("FROM busybox AS base\nRUN echo base > /base\nFROM base AS pruebas\nRUN echo p > /p\n"
            "FROM noexiste AS nada\nRUN false\nFROM base AS final\nRUN echo f > /f\n")
    assert [step.name for step in construct(text, target="pruebas").steps if step.name.startswith("[")] == [
        "[base 1/2] FROM docker.io/library/busybox:latest", "[base 2/2] RUN echo base > /base",
        "[pruebas 1/1] RUN echo p > /p"]
    built = construct(text)
    assert not built.image.filesystem().exists("/p") and read(built, "/base") == "base\n"


@pytest.mark.parametrize(("text", "message"), [
    ("FROM busybox\nCOPY --from=0 / /x\n", "circular dependency detected on stage: stage-0"),
    ("FROM busybox AS a\nCOPY --from=b /etc /x\nFROM busybox AS b\nCOPY --from=a /x /y\n",
     "circular dependency detected on stage: a"),
    ("FROM noexiste:1\n", "noexiste:1: failed to resolve source metadata for docker.io/library/noexiste:1: "
                          "docker.io/library/noexiste:1: not found"),
    ("FROM busybox AS uno\nFROM busybox\nCOPY --from=unos /x /y\n",
     "unos: failed to resolve source metadata for docker.io/library/unos:latest: "
     "docker.io/library/unos:latest: not found (did you mean uno?)"),
])
def test_a_graph_that_cannot_be_built_fails_before_any_step(text, message):
    built = construct(text)
    assert built.error.text == message
    assert built.steps == [] and isinstance(built.events[-1], BuildFinished)


def test_target_that_does_not_exist():
    assert construct("FROM busybox AS a\n", target="nada").error.text == 'target stage "nada" could not be found'


def test_copy_from_another_image():
    built = construct("FROM scratch\nCOPY --from=busybox:1.36 /etc/busybox-release /r\n")
    assert read(built, "/r").startswith("1.36")
    assert "FROM docker.io/library/busybox:1.36" in built.tasks


def test_run_sees_env_args_user_and_workdir():
    built = construct("FROM busybox\nARG A=1\nARG SIN\nENV B=2\nWORKDIR /w/x\nUSER 1234:77\n"
                      'RUN echo "$A|$B|$SIN|$HOME|$(pwd)|$(id -u):$(id -g)|$(hostname)"\n')
    assert built.output == "1|2||/|/w/x|1234:77|buildkitsandbox\n"
    assert built.image.config.environment.get("A") is None


def test_the_shell_can_be_changed():
    assert construct('FROM busybox\nSHELL ["/bin/sh", "-ec"]\nRUN false; echo no\n').error.text == (
        'process "/bin/sh -ec false; echo no" did not complete successfully: exit code: 1')


FAILURES = [
    ("RUN exit 42", 'process "/bin/sh -c exit 42" did not complete successfully: exit code: 42', ""),
    ('RUN ["/no/esta", "a"]', 'process "/no/esta a" did not complete successfully: exit code: 1',
     "runc run failed: unable to start container process: error during container init: "
     'exec: "/no/esta": stat /no/esta: no such file or directory\n'),
    ('RUN ["nada"]', 'process "nada" did not complete successfully: exit code: 1',
     "runc run failed: unable to start container process: error during container init: "
     'exec: "nada": executable file not found in $PATH\n'),
    ("RUN programa-que-no-existe", 'process "/bin/sh -c programa-que-no-existe" did not complete successfully: '
     "exit code: 127", "/bin/sh: programa-que-no-existe: not found\n"),
    ("RUN <<E\necho a\nfalse\nE", 'process "/bin/sh -c echo a\\nfalse\\n" did not complete successfully: exit code: 1',
     "a\n"),
    ("USER nadie\nRUN true", 'process "/bin/sh -c true" did not complete successfully: '
     "unable to find user nadie: no matching entries in passwd file", ""),
]


@pytest.mark.parametrize(("text", "message", "output"), FAILURES)
def test_a_failing_run_says_its_code_and_what_it_wrote(text, message, output):
    built = construct(f"FROM busybox\n{text}\nRUN echo nunca\n")
    assert isinstance(built.error, BuildError)
    assert (built.error.text, built.output) == (message, output)
    assert built.steps[-1].error == message and built.image is None
    assert built.error.data["vertex"].startswith("[2/3] ")


def test_a_failed_build_leaves_only_the_cache_of_what_was_finished():
    ports = make_ports()
    construct("FROM busybox\nRUN echo bien > /bien\nRUN false\n", None, ports)
    assert len(ports.kernel.processes) == 0 and len(ports.kernel.spaces) == 0
    again = construct("FROM busybox\nRUN echo bien > /bien\nRUN true\n", None, ports)
    assert [step.cached for step in again.steps if step.key] == [True, False]


def test_a_run_that_never_ends_is_stopped():
    built = construct("FROM busybox\nRUN sleep infinity\n")
    assert built.error.key == "run-endless" and "CMD" in built.error.why
    assert [step.error != "" for step in built.steps] == [False, True]


def test_nothing_runs_if_a_copy_will_not_find_its_file():
    built = construct("FROM busybox\nRUN echo hola\nCOPY nada /x\nRUN echo despues\n")
    assert [step.instruction for step in built.steps] == ["FROM busybox", "COPY nada /x"]
    assert built.error.text.endswith('"/nada": not found') and built.output == ""


def test_add_of_a_url_explains_that_there_is_no_network():
    error = construct("FROM busybox\nADD https://example.com/x.txt /x\n").error
    assert error.key == "add-remote" and "sin red" in error.what.replace("no hay red", "sin red")


def test_secret_mounts_leave_nothing():
    built = construct("FROM busybox\nRUN --mount=type=secret,id=c ls -l /run/secrets/c; cat /run/secrets/c\n"
                      "RUN ls -A /run/secrets || echo no\n", secrets={"c": b"s3cr3t0\n"})
    assert built.output.startswith("-r--------    1 root     root ") and "s3cr3t0\n" in built.output
    assert built.output.endswith("no\n")
    assert all("s3cr3t0" not in str(layer.tar()) for layer in built.image.layers)


def test_secret_as_a_variable_is_hidden_in_the_name():
    built = construct("FROM busybox\nRUN --mount=type=secret,id=c,env=S echo $S\n", secrets={"c": b"xyz"})
    assert built.output == "xyz\n"
    assert built.steps[-1].name.endswith("] RUN --mount=type=secret,id=c,env=S echo ****")


@pytest.mark.parametrize(("mount", "error"), [("required", "secret c: not found"), ("mode=0400", "")])
def test_a_missing_secret_only_matters_if_it_is_required(mount, error):
    built = construct(f"FROM busybox\nRUN --mount=type=secret,id=c,{mount} true\n")
    assert (built.error.text if built.error else "") == error


def test_cache_mounts_last_between_builds_and_stay_out_of_the_image():
    ports = make_ports()
    text = "FROM busybox\nRUN --mount=type=cache,target=/c echo {} >> /c/n; cat /c/n\n"
    assert construct(text.format(1), None, ports).output == "1\n"
    built = construct(text.format(2), None, ports)
    assert built.output == "1\n2\n"
    assert not built.image.filesystem().exists("/c")
    assert "exec.cachemount" in {record.kind for record in ports.cache.records.values()}


def test_cache_mounts_keep_owner_and_mode():
    built = construct("FROM busybox\nRUN --mount=type=cache,target=/w,uid=5,mode=0700 stat -c '%a %u' /w\n")
    assert built.output == "700 5\n"


def test_tmpfs_mounts_are_empty_and_vanish():
    built = construct("FROM busybox\nRUN --mount=type=tmpfs,target=/t touch /t/a; ls /t\nRUN ls -d /t || true\n")
    assert built.output == "a\nls: /t: No such file or directory\n"


def test_bind_mounts_show_the_context_read_only_unless_asked():
    built = construct("FROM busybox\nRUN --mount=target=/m touch /m/x || cat /m/f\n"
                      "RUN --mount=target=/m,rw echo y > /m/f && cat /m/f\nRUN ls -d /m || true\n", {"f": "x\n"})
    assert built.output == ("touch: /m/x: Read-only file system\nx\ny\nls: /m: No such file or directory\n")


def test_bind_mounts_from_a_stage_and_from_an_image():
    built = construct("FROM busybox AS a\nRUN echo 1 > /f\nFROM busybox\n"
                      "RUN --mount=from=a,source=/f,target=/g cat /g\n"
                      "RUN --mount=from=busybox:1.36,source=/etc,target=/e ls /e/busybox-release\n")
    assert built.output == "1\n/e/busybox-release\n"


def test_a_run_does_not_keep_what_it_mounts():
    built = construct("FROM scratch\nCOPY --from=busybox /bin /bin\nRUN true\n")
    names = {path for path in built.image.layers[-1].entries if "/" not in path}
    assert names == {"dev", "proc", "sys"}


def test_onbuild_runs_in_the_child():
    ports = make_ports()
    parent = construct("FROM busybox\nONBUILD COPY app /app\nONBUILD RUN cat /app\n", None, ports).image
    ports.resolve = lambda reference, platform, pull: Base(parent)
    built = construct("FROM padre\nCMD x\n", {"app": "hola\n"}, ports)
    assert [step.name for step in built.steps if step.name.startswith("[")][1:] == [
        "[2/3] ONBUILD COPY app /app", "[3/3] ONBUILD RUN cat /app"]
    assert built.output == "hola\n" and built.image.config.on_build == ()


def test_labels_from_outside_leave_no_history():
    built = construct("FROM busybox\nLABEL a=1 b=1\n", labels={"b": "2", "c": "3"})
    assert dict(built.image.config.labels) == {"a": "1", "b": "2", "c": "3"}
    assert [row.created_by for row in built.image.config.history[1:]] == ["LABEL a=1 b=1"]


def test_a_tar_on_standard_input_is_a_context():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        files = {"Dockerfile": "FROM busybox\nCOPY . /c\nRUN ls -A /c\n", ".dockerignore": "a\n", "a": "x"}
        for name, text in files.items():
            info = tarfile.TarInfo(f"./{name}")
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text.encode()))
    built = Outcome(make_ports(), Context.from_stdin(out.getvalue()))
    assert built.output == ".dockerignore\nDockerfile\na\n"
    assert built.tasks[:2] == ["[internal] load remote build context", "copy /context /"]


def test_a_dockerfile_on_standard_input_has_no_context():
    built = Outcome(make_ports(), Context.from_stdin(b"FROM busybox\nRUN echo hola > /f\n"))
    assert read(built, "/f") == "hola\n"
    assert Outcome(make_ports(), Context.from_stdin(b"FROM busybox\nCOPY a /\n")).error.key == "copy-not-found"


def test_warnings_reach_the_linter_and_can_be_errors():
    lint = Linter()
    list(build_steps(make_ports(), Context.of({"Dockerfile": "FROM busybox\nCMD echo\n"}), Options(), lint))
    assert [finding.rule.name for finding in lint.findings] == ["JSONArgsRecommended"]
    strict = construct("# check=error=true\nFROM busybox\nCMD echo\n")
    assert isinstance(strict.error, DockerfileError) and strict.steps == []
