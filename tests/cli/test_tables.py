"""Tablas, tamaños y puertos."""

from __future__ import annotations

import pytest

from dockerlab.cli.formatter import tabulate
from dockerlab.cli.options.ports import display_ports, parse_port
from dockerlab.cli.options.volumes import absolute_bind, parse_volume
from dockerlab.cli.times import parse_time
from dockerlab.clock import EPOCH
from dockerlab.errors import DockerlabError
from dockerlab.summaries import command_text
from dockerlab.units import bytes_size, human_duration, human_size


def test_columns_are_as_wide_as_their_longest_cell_and_never_less_than_ten():
    assert tabulate([["A", "B", "C"], ["larguísima", "b", "c"]]) == (
        "A            B         C\nlarguísima   b         c\n")


def test_a_line_without_the_cell_ends_the_column():
    assert tabulate([["a", "b"], ["sola"], ["otra-bastante-larga", "c"]]) == (
        "a         b\nsola\notra-bastante-larga   c\n")


@pytest.mark.parametrize("size, decimal, binary", [
    (0, "0B", "0B"), (999, "999B", "999B"), (1234567, "1.235MB", "1.177MiB"), (10**9, "1GB", "953.7MiB")])
def test_sizes(size, decimal, binary):
    assert (human_size(size), bytes_size(size)) == (decimal, binary)


@pytest.mark.parametrize("seconds, text", [
    (0.5, "Less than a second"), (1, "1 second"), (59.9, "59 seconds"), (61, "About a minute"), (3600, "About an hour"),
    (36 * 3600, "36 hours"), (8 * 86400, "8 days"), (400 * 86400, "13 months"), (800 * 86400, "2 years")])
def test_durations(seconds, text):
    assert human_duration(seconds) == text


def test_published_ports_show_both_families_and_group_only_equal_numbers():
    ports = [{"PrivatePort": inner, "PublicPort": outer, "Type": "tcp", "IP": "0.0.0.0"}
             for inner, outer in ((80, 80), (81, 81), (90, 9090))]
    assert display_ports([*ports, {"PrivatePort": 53, "Type": "udp"}]) == (
        "53/udp, 0.0.0.0:80-81->80-81/tcp, 0.0.0.0:9090->90/tcp")


def test_ipv6_addresses_are_bracketed():
    assert parse_port("[::1]:80:80") == [("80/tcp", {"HostIp": "::1", "HostPort": "80"})]
    assert display_ports([{"PrivatePort": 80, "PublicPort": 80, "Type": "tcp", "IP": "::"}]) == "[::]:80->80/tcp"


def test_relative_binds_depend_on_the_folder(tmp_path):
    assert absolute_bind("./datos:/d:ro", "/proyecto").replace("\\", "/").endswith("/proyecto/datos:/d:ro")
    assert absolute_bind("datos:/d", "/proyecto") == "datos:/d"


def test_windows_drives_are_not_cut():
    spec = parse_volume(r"C:\app:/app:ro")
    assert (spec.type, spec.source, spec.target, spec.read_only) == ("bind", r"C:\app", "/app", True)


def test_commands_are_quoted_as_in_ps():
    assert command_text(["sh", "-c", "exit 2"]) == "sh -c 'exit 2'"


NOW = EPOCH   # 2026-10-05T12:00:00Z


@pytest.mark.parametrize("text, instant", [
    ("10m", NOW - 600 * 10**9), ("1791201600", NOW), ("1791201600.5", NOW + 5 * 10**8),
    ("2026-10-05T12:00:00", NOW), ("2026-10-05T12:00:00.25Z", NOW + 25 * 10**7), ("2026-10-05T13:00:00+01:00", NOW),
    ("2026-10-05", NOW - 12 * 3600 * 10**9)])
def test_instants_are_read_in_every_form(text, instant):
    assert parse_time(text, NOW) == instant


def test_other_texts_are_no_instant():
    with pytest.raises(DockerlabError, match="failed to parse value as time or duration"):
        parse_time("ayer", NOW)
