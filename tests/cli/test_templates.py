"""Plantillas de Go."""

from __future__ import annotations

import pytest

from dockerlab.cli.inspecting import fill
from dockerlab.cli.template import Row, Template, to_json
from dockerlab.cli.template.values import typed
from dockerlab.errors import DockerlabError
from tests.extras import need

VALUE = {"Id": "77f5", "State": {"Status": "running", "Running": True, "Pid": 3, "ExitCode": 0},
         "Config": {"Cmd": ["sleep", "3000"], "Labels": {"a": "b"}, "Env": ["A=1"], "Entrypoint": None,
                    "Volumes": None},
         "NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "80"}]},
                             "Networks": {"bridge": {"IPAddress": "172.17.0.2"}}},
         "Mounts": [{"Type": "volume", "RW": True}]}


@pytest.mark.parametrize("template, text", [
    ("{{.State.Status}} {{.State.Running}}", "running true"),
    ("{{.Config.Cmd}} {{.Config.Labels}} {{.Mounts}}", "[sleep 3000] map[a:b] [{volume true}]"),
    ("{{.NetworkSettings.Ports}}", "map[80/tcp:[{0.0.0.0 80}]]"),
    ("{{.Config.Entrypoint}}|{{.Config.Volumes}}|{{.State.Health}}", "[]|map[]|<nil>"),
    ("{{json .Config.Entrypoint}} {{json .State}}",
     'null {"Status":"running","Running":true,"Pid":3,"ExitCode":0}'),
    ("{{index .Config.Env 0}} {{index .Config.Labels \"zz\"}}.", "A=1 ."),
    ("{{range $i, $word := .Config.Cmd}}{{if $i}}, {{end}}{{$word}}{{end}}", "sleep, 3000"),
    ("{{range $name, $net := .NetworkSettings.Networks}}{{$name}}={{$net.IPAddress}}{{end}}", "bridge=172.17.0.2"),
    ("{{range .Config.Entrypoint}}x{{else}}nada{{end}}", "nada"),
    ("{{if eq .State.Status \"exited\" \"running\"}}sí{{else}}no{{end}}", "sí"),
    ("{{if .State.ExitCode}}a{{else if .State.Running}}b{{else}}c{{end}}", "b"),
    ("{{with .Config.Labels}}{{.a}}{{end}} {{.Config.Labels.zz}}", "b <no value>"),
    ("{{- \" x\" -}}  y {{/* nota */}}z", " xy z"),
    ("{{$x := .Id}}{{$x}}{{$x = \"otro\"}} {{$x}}", "77f5 otro"),
    ("{{range .Config.Cmd}}{{if eq . \"3000\"}}{{break}}{{end}}{{.}}{{end}}", "sleep"),
    ("{{(index .Mounts 0).Type}} {{len .Config.Cmd}} {{$.Id}}", "volume 2 77f5"),
    ("{{.Id | printf \"%-6s|\" | upper}}", "77F5  |"),
    ("{{and 1 0}} {{or 0 \"x\"}} {{not 0}} {{lt 1 2}} {{ge 2 2}} {{ne \"a\" \"b\"}}", "0 x true true true true"),
    ("{{1.5}} {{1e3}} {{'a'}} {{`crudo`}} {{true}}", "1.5 1000 97 crudo true"),
    ("{{join .Config.Cmd \"+\"}} {{split \"a:b\" \":\"}} {{title \"hola tú\"}} {{pad \"a\" 1 2}}|",
     "sleep+3000 [a b] Hola Tú  a  |"),
    ("{{truncate \"abcdef\" 3}} {{slice \"abcdef\" 1 3}} {{lower \"ÁB\"}}", "abc bc áb"),
    ("{{print 1 2 \"a\" 3}} {{printf \"%s %v %q %d %5.2f %t %x %%\" \"a\" 1 \"b\" 2 3.14159 true 255}}",
     "1 2a3 a 1 \"b\" 2  3.14 true ff %"),
    ("{{printf \"%d\" \"a\"}} {{printf \"%s\"}} {{printf \"x\" 1}}",
     "%!d(string=a) %!s(MISSING) x%!(EXTRA int=1)"),
])
def test_templates_write_what_go_writes(template, text):
    assert fill(Template(template), VALUE) == text


@pytest.mark.parametrize("template, code, reason", [
    ("{{.NoExiste}}", 1, ':1:2: executing "" at <.NoExiste>: map has no entry for key "NoExiste"'),
    ("{{.State.Health.Status}}", 1, ':1:8: executing "" at <.State.Health.Status>: map has no entry for key "Health"'),
    ("{{.Id.x}}", 1, ':1:5: executing "" at <.Id.x>: can\'t evaluate field x in type interface {}'),
    ("{{index .Config.Env 7}}", 1,
     ':1:2: executing "" at <index .Config.Env 7>: error calling index: index out of range: 7'),
    ("{{upper .Config.Cmd}}", 1,
     ':1:15: executing "" at <.Config.Cmd>: wrong type for value; expected string; got []interface {}'),
    ("{{eq .Id 1}}", 1,
     ':1:2: executing "" at <eq .Id 1>: error calling eq: incompatible types for comparison: string and int'),
    ("a\n {{.X}}", 1, ':2:3: executing "" at <.X>: map has no entry for key "X"'),
    ("{{.Config", 64, ":1: unclosed action"),
    ("{{foo .Id}}", 64, ':1: function "foo" not defined'),
    ("{{if .Id}}x", 64, ":1: unexpected EOF"),
    ("{{end}}", 64, ":1: unexpected {{end}}"),
    ("{{}}", 64, ":1: missing value for command"),
    ("{{.Id}", 64, ":1: bad character U+007D '}'"),
    ("{{$x}}", 64, ':1: undefined variable "$x"'),
    ("{{\"a", 64, ":1: unterminated quoted string"),
])
def test_bad_templates_say_where_and_why(template, code, reason):
    with pytest.raises(DockerlabError) as error:
        fill(Template(template), VALUE)
    assert (error.value.code, error.value.text.partition("template: ")[2]) == (code, reason)
    assert error.value.what


def test_json_of_maps_is_sorted_and_of_structures_keeps_the_order():
    assert to_json(typed({"Z": 1, "Labels": {"b": "1", "a": "2"}})) == '{"Z":1,"Labels":{"b":"1","a":"2"}}'
    assert to_json({"b": 1, "a": [None, True]}) == '{"a":[null,true],"b":1}'


def test_rows_disguise_angle_brackets_only_when_whole():
    row = Row({}, {"Ports": lambda _: "80->80"}, "*x", ("Ports",))
    assert to_json(row) == '{"Ports":"80-\\u003e80"}'
    assert Template("{{json .Ports}}").render(row) == '"80->80"'


def test_unknown_columns_name_the_type_of_the_row():
    with pytest.raises(DockerlabError, match=r"can't evaluate field Nada in type \*formatter\.imageContext"):
        Template("{{.Nada}}").render(Row({}, {}, "*formatter.imageContext"))


def test_errors_equal_those_of_the_real_inspect():
    oracle = need("docker")
    name = "dockerlab-plantillas"
    oracle.run("rm", "-f", name)
    try:
        assert oracle.run("create", "--name", name, "--label", "a=b", "busybox", "sleep", "3000").returncode == 0
        import json
        value = json.loads(oracle.run("inspect", name).stdout)[0]
        for template in ("{{.Nombre.x}}", "{{range .Mounts}}{{.}}{{end}}{{len 3}}", "{{.Config.Labels.zz}}",
                         "{{.Args}} {{.Path}}", "{{index .Config.Env \"a\"}}", "{{if}}x{{end}}", "{{1 | 2}}",
                         "{{range $k, $v := .Config.Labels}}{{$k}}{{$v}}{{end}}",
                         "{{.State.Status | upper | printf \"%q\"}}"):
            real = oracle.run("inspect", "-f", template, name)
            try:
                mine = (0, fill(Template(template), value), "")
            except DockerlabError as error:
                text = error.text.removeprefix("template parsing error: ")
                mine = (error.code, "", f"template parsing error: {text}")
            assert mine == (real.returncode, real.stdout.decode().rstrip("\n"), real.stderr.decode().strip()), template
    finally:
        oracle.run("rm", "-f", name)
