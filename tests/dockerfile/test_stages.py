"""De instrucciones a etapas, con las comprobaciones de BuildKit."""

import tomllib
from importlib.resources import files

import pytest

from dockerlab.dockerfile import parse, read
from dockerlab.dockerfile.durations import parse as duration
from dockerlab.dockerfile.durations import show
from dockerlab.dockerfile.mounts import parse as parse_mounts
from dockerlab.dockerfile.platforms import Platform
from dockerlab.dockerfile.stages import arguments
from dockerlab.errors import DockerfileError


def test_stages_group_what_follows_each_from():
    meta_args, stages = read(parse("ARG V=1\nFROM --platform=linux/arm64 a:$V AS Base\nRUN x\nFROM base\nCMD y\n"))
    assert arguments(meta_args[0]) == (("V", "1"),)
    assert [(one.name, one.base, one.platform, [i.keyword for i in one.instructions]) for one in stages] == [
        ("base", "a:$V", "linux/arm64", ["RUN"]), ("", "base", "", ["CMD"])]


@pytest.mark.parametrize(("line", "message"), [
    ("RUM x", "unknown instruction: RUM (did you mean RUN?)"),
    ("COPY a", "COPY requires at least two arguments, but only one was provided. Destination could not be "
               "determined"),
    ("COPY --form=a b c", "unknown flag: --form (did you mean from?)"),
    ("COPY --from b c", "missing a value on flag: --from"),
    ("COPY --from=a --from=b b c", "duplicate flag specified: --from"),
    ("COPY --link=quizá b c", "expecting boolean value for flag --link, not: quizá".replace("á", "Ã¡")),
    ("COPY a <<EOF\nEOF", "COPY cannot accept a heredoc as a destination"),
    ("FROM a b", "FROM requires either one or three arguments"),
    ("FROM a AS 1b", 'invalid name for build stage: "1b", name can\'t start with a number or contain symbols'),
    ("ENV =x", "ENV names can not be blank"),
    ("WORKDIR", "WORKDIR requires exactly one argument"),
    ("EXPOSE", "EXPOSE requires at least one argument"),
    ("SHELL /bin/sh", "SHELL requires the arguments to be in JSON form"),
    ("ONBUILD ONBUILD RUN x", "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"),
    ("ONBUILD FROM x", "FROM isn't allowed as an ONBUILD trigger"),
    ("HEALTHCHECK NONE x", "HEALTHCHECK NONE takes no arguments"),
    ("HEALTHCHECK curl", 'Unknown type "CURL" in HEALTHCHECK (try CMD)'),
    ("HEALTHCHECK --interval=5 CMD x", 'time: missing unit in duration "5"'),
    ("HEALTHCHECK --interval=1us CMD x", 'Interval "interval" cannot be less than 1ms'),
    ("HEALTHCHECK --retries=dos CMD x", 'strconv.ParseInt: parsing "dos": invalid syntax'),
    ("RUN --network=x ls", 'invalid network mode "x"'),
    ("RUN --security=x ls", 'security "x" is not valid'),
    ("RUN --mount=from=$a ls", "'from' doesn't support variable expansion, define alias stage instead"),
    ('VOLUME [""]', "VOLUME specified can not be an empty string"),
])
def test_a_wrong_instruction_is_refused_with_its_line(line, message):
    with pytest.raises(DockerfileError) as error:
        read(parse(f"FROM a\n\n{line}\n"))
    assert error.value.text == f"dockerfile parse error on line 3: {message}"
    assert error.value.data["line"] == 3
    assert error.value.what and error.value.why and error.value.tip


def test_before_the_first_from_only_arg_may_come():
    with pytest.raises(DockerfileError) as error:
        read(parse("ARG a\nENV b=1\nFROM c"))
    assert (error.value.text, error.value.data["line"]) == ("no build stage in current context", 2)


def test_every_fault_explains_itself():
    """Cada error de la sala dice, en español, qué pasó, por qué y qué probar."""
    for name in ("dockerfile.toml", "plan.toml"):
        table = tomllib.loads(files("dockerlab").joinpath("faults", name).read_text(encoding="utf-8"))
        for key, entry in table.items():
            assert entry["kind"] == "DockerfileError" and entry["text"] and entry["what"], key
            assert key == "word-failed" or (entry["why"] and entry["try"]), key


def test_mounts_are_read_with_their_variables():
    (run,) = parse("RUN --mount=type=cache,target=$d,ro --mount=type=secret,id=t,env=T,required ls").instructions
    cache, secret = parse_mounts(run, lambda text: text.replace("$d", "/c"))
    assert (cache.type, cache.target, cache.read_only) == ("cache", "/c", True)
    assert (secret.id, secret.env, secret.required, secret.read_only) == ("t", "T", True, True)


@pytest.mark.parametrize(("mount", "message"), [
    ("typ=tmpfs", "unexpected key 'typ' in 'typ=tmpfs' (did you mean type?)"),
    ("type=x", 'unsupported mount type "x"'),
    ("type=tmpfss", 'unsupported mount type "tmpfss" (did you mean tmpfs?)'),
    ("type=bind,uid=1", 'uid not allowed for "bind" type mounts'),
    ("type=cache,size=1k", "unexpected key 'size' for mount type 'cache'"),
    ("type=tmpfs,sharing=locked", "invalid cache sharing set for tmpfs mount"),
    ("type=secret", "invalid secret mount. one of source, target required"),
    ("type=cache,mode=9", "invalid value 9 for mode"),
    ("loquesea", "invalid field 'loquesea' must be a key=value pair"),
])
def test_a_wrong_mount_is_refused(mount, message):
    (run,) = parse(f"RUN --mount={mount} ls").instructions
    with pytest.raises(DockerfileError) as error:
        parse_mounts(run, str)
    assert error.value.text == message


def test_durations_are_those_of_go():
    assert duration("1m30.5s") == 90_500_000_000
    assert duration("0") == 0
    assert [show(value) for value in (0, 1_500, 2_500_000, 90_000_000_000, 3_600_000_000_000)] == [
        "0s", "1.5µs", "2.5ms", "1m30s", "1h0m0s"]
    with pytest.raises(ValueError, match='unknown unit "d" in duration "1d"'):
        duration("1d")


def test_platforms_have_one_name():
    assert str(Platform.parse("x86_64")) == "linux/amd64"
    assert str(Platform.parse("linux/aarch64")) == "linux/arm64"
    assert str(Platform.parse("linux/arm/v7")) == "linux/arm/v7"
    with pytest.raises(DockerfileError, match="unknown operating system or architecture"):
        Platform.parse("marte")


def test_the_tip_asks_in_spanish_what_docker_asks_in_english():
    for line, asked in (("RUM x", "(¿querías decir RUN?)"), ("COPY --form=a b c", "(¿querías decir from?)")):
        with pytest.raises(DockerfileError) as failed:
            read(parse(f"FROM a\n{line}\n"))
        assert asked in failed.value.tip and "did you mean" not in failed.value.tip
    with pytest.raises(DockerfileError) as failed:
        read(parse("FROM a\nTONTERÍA x\n"))
    assert failed.value.tip == "Corrige la palabra, o une la línea con la anterior."
