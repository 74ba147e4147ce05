"""La configuración: el JSON es el que escribe BuildKit, byte a byte, y el ajeno se conserva."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockerlab.clock import EPOCH
from dockerlab.errors import ArchiveError
from dockerlab.images import Healthcheck, HistoryEntry, ImageConfig

FULL = ImageConfig(
    env=("PATH=/bin", "A=<&>"), cmd=("/bin/sh", "-c", "echo \"ñ\""), entrypoint=("/bin/sh",), working_dir="/w",
    user="nobody", exposed_ports=("80/tcp", "53/udp"), volumes=("/v",), labels=(("z", "1"), ("a", "2")),
    healthcheck=Healthcheck(("CMD-SHELL", "true"), interval=5_000_000_000), shell=("/bin/sh", "-c"),
    stop_signal="9", on_build=("RUN x",), args_escaped=True, author="yo", created=EPOCH,
    history=(HistoryEntry(EPOCH, "COPY b /b # buildkit", "buildkit.dockerfile.v0"),
             HistoryEntry(EPOCH, "USER nobody", "buildkit.dockerfile.v0", True)), diff_ids=("sha256:" + "0" * 64,))


def test_the_json_is_byte_for_byte_what_buildkit_writes():
    assert FULL.to_json().decode() == (
        '{"architecture":"amd64","author":"yo","config":{"User":"nobody","ExposedPorts":{"53/udp":{},"80/tcp":{}},'
        '"Env":["PATH=/bin","A=\\u003c\\u0026\\u003e"],"Entrypoint":["/bin/sh"],"Cmd":["/bin/sh","-c",'
        '"echo \\"ñ\\""],"Volumes":{"/v":{}},"WorkingDir":"/w","Labels":{"a":"2","z":"1"},"StopSignal":"9",'
        '"ArgsEscaped":true,"Healthcheck":{"Test":["CMD-SHELL","true"],"Interval":5000000000},"OnBuild":["RUN x"],'
        '"Shell":["/bin/sh","-c"]},"created":"2026-10-05T12:00:00Z","history":[{"created":"2026-10-05T12:00:00Z",'
        '"created_by":"COPY b /b # buildkit","comment":"buildkit.dockerfile.v0"},{"created":"2026-10-05T12:00:00Z",'
        '"created_by":"USER nobody","comment":"buildkit.dockerfile.v0","empty_layer":true}],"os":"linux",'
        '"rootfs":{"type":"layers","diff_ids":["sha256:' + "0" * 64 + '"]}}')


def test_a_configuration_read_back_is_the_same():
    again = ImageConfig.from_json(FULL.to_json())
    assert again.replace(exposed_ports=FULL.exposed_ports, labels=FULL.labels) == FULL
    assert again.to_json() == FULL.to_json()


def test_unknown_fields_of_a_loaded_image_keep_its_id():
    raw = b'{"architecture":"arm64", "os":"linux","x":[1], "config":{"Cmd":["a"]},"rootfs":{"diff_ids":[]}}'
    config = ImageConfig.from_json(raw)
    assert (config.to_json(), config.platform, config.cmd) == (raw, "linux/arm64", ("a",))
    assert json.loads(config.replace(user="u").to_json())["config"] == {"User": "u", "Cmd": ["a"]}


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'{"config":[]}', b'{"config":{"Env":"A"}}', b"\xff",
                                 b'{"created":"ayer"}', b'{"history":[1]}', b'{"rootfs":{"diff_ids":[3]}}'])
def test_what_is_no_configuration_is_refused(raw):
    with pytest.raises(ArchiveError) as refused:
        ImageConfig.from_json(raw)
    assert refused.value.key == "bad-image-config"


values = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=6),
                      lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
                          ["config", "Env", "rootfs", "diff_ids", "history", "created", "Labels", "os", "x"]),
                          inner, max_size=4), max_leaves=12)


@given(values)
def test_any_json_is_a_configuration_or_an_archive_error(value):
    try:
        ImageConfig.from_json(json.dumps(value).encode())
    except ArchiveError:
        pass
