"""`!docker` y `%%docker` en un IPython de verdad."""

from __future__ import annotations

from pathlib import Path

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

from dockerlab.client import Docker

CATALOGUE = Path(__file__).resolve().parent.parent / "oracle" / "catalogue"


@pytest.fixture
def shell(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = InteractiveShell()
    made.user_ns["docker"] = Docker(catalogue=CATALOGUE, folder=str(tmp_path))
    made.run_line_magic("load_ext", "dockerlab")
    made.run_cell("!docker pull -q busybox")
    yield made
    made.run_line_magic("unload_ext", "dockerlab")


def run(shell, capsys, cell):
    capsys.readouterr()
    result = shell.run_cell(cell)
    assert result.success, result.error_in_exec or result.error_before_exec
    return capsys.readouterr().out


def test_exclamation_mark_goes_to_the_simulator_and_sets_the_exit_code(shell, capsys):
    assert run(shell, capsys, "!docker run --rm busybox echo hola") == "hola\n"
    assert shell.user_ns["_exit_code"] == 0
    run(shell, capsys, "!docker run --rm busybox sh -c 'exit 5'")
    assert shell.user_ns["_exit_code"] == 5


def test_output_can_be_kept_in_a_variable(shell, capsys):
    run(shell, capsys, "!docker run -d --name web busybox sleep 1000\nids = !docker ps -q")
    assert len(shell.user_ns["ids"]) == 1 and len(shell.user_ns["ids"][0]) == 12
    assert shell.user_ns["ids"].n == shell.user_ns["ids"][0]


def test_python_variables_are_put_in_and_templates_are_left_alone(shell, capsys):
    out = run(shell, capsys, "name = 'web'\n!docker run -d --name {name} busybox sleep 1000\n"
                             "!docker inspect -f '{{.Name}} {{.State.Status}}' {name}\n"
                             "!docker ps --format '{{{{.Names}}}}'")
    assert out.splitlines()[1:] == ["/web running", "web"]


def test_local_variables_of_a_function_are_seen(shell, capsys):
    out = run(shell, capsys, "def f(word):\n    !docker run --rm busybox echo {word}\n"
                             "    twice = !docker run --rm busybox echo {word}{word}\n    print(twice)\n")
    assert out == ""
    assert run(shell, capsys, "f('eco')") == "eco\n['ecoeco']\n"


def test_errors_are_verbatim_and_the_explanation_is_apart(shell, capsys):
    out = run(shell, capsys, "!docker stop nadie")
    first, *rest = out.splitlines()
    assert first == "Error response from daemon: No such container: nadie"
    assert any("Qué ha pasado" in line for line in rest)
    assert shell.user_ns["_exit_code"] == 1


@pytest.mark.parametrize(("line", "docker_says", "told"), [
    ("run busybox --name ana", 'exec: "--name": executable file not found in $PATH', "Pon las opciones antes"),
    ("run busybox 'echo hola'", 'exec: "echo hola": executable file not found in $PATH', "Separa el programa"),
    ("exec ana 'echo hola > /nota'", 'exec: "echo hola > /nota": stat echo hola > /nota: no such file or directory',
     "Separa el programa")])
def test_a_program_badly_written_is_explained_by_how_it_was_written(shell, capsys, line, docker_says, told):
    run(shell, capsys, "!docker run -d --name ana busybox sleep 1000")
    out = run(shell, capsys, f"!docker {line}")
    assert docker_says in out and told in out


def test_captured_errors_carry_no_explanation(shell, capsys):
    run(shell, capsys, "x = !docker stop nadie")
    assert shell.user_ns["x"] == ["Error response from daemon: No such container: nadie"]


def test_cells_run_line_by_line_showing_each(shell, capsys):
    out = run(shell, capsys, "%%docker\n# comentario\n\ndocker run --rm busybox \\\n    echo \"dos palabras\"\n"
                             "images -q\nstop nadie\nrun --rm busybox echo sigue")
    lines = out.splitlines()
    assert lines[:2] == ['$ docker run --rm busybox echo "dos palabras"', "dos palabras"]
    assert lines[2] == "$ docker images -q" and lines[4] == "$ docker stop nadie"
    assert lines[-1] == "sigue"


def test_a_stray_exclamation_mark_or_a_comment_before_the_cell_does_no_harm(shell, capsys):
    cell = "# los contenedores\n\n%%docker\n!docker run --rm busybox echo hola\n!  docker ps -q"
    assert run(shell, capsys, cell) == "$ docker run --rm busybox echo hola\nhola\n$ docker ps -q\n"


def test_line_magic(shell, capsys):
    assert run(shell, capsys, "%docker images --format '{{.Repository}}'") == "busybox\n"


def test_chains_and_substitutions_of_docker_work(shell, capsys):
    run(shell, capsys, "!docker run -d --name uno busybox sleep 9 && docker run -d --name dos busybox sleep 9")
    assert run(shell, capsys, "!docker rm -f $(docker ps -aq)").count("\n") == 2
    assert run(shell, capsys, "!docker stop nadie || docker run --rm busybox echo plan-b").endswith("plan-b\n")


def test_other_commands_go_where_they_always_went(shell, capfd, tmp_path):
    (tmp_path / "aqui").write_text("")
    shell.run_cell("!ls")
    assert "aqui" in capfd.readouterr().out
    shell.run_cell("nombre = 'x y'\n!echo {nombre} '{{nombre}}'")
    assert "x y {nombre}" in capfd.readouterr().out
    shell.run_cell("y = !echo uno; echo dos")
    assert shell.user_ns["y"] == ["uno", "dos"]
    shell.run_cell("%%bash\necho desde-bash")
    assert "desde-bash" in capfd.readouterr().out


@pytest.mark.parametrize("cell", ["!sudo docker ps", "!cd /tmp && docker ps", "x = !env docker ps",
                                  "%%bash\ndocker ps", "%%sh\ncd x\nsudo docker rm -f y"])
def test_a_real_docker_is_never_called(shell, capfd, monkeypatch, tmp_path, cell):
    fake = tmp_path / "bin" / "docker"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\ntouch " + str(tmp_path / "llamado") + "\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(fake.parent), prepend=":")
    shell.run_cell(cell)
    assert "simulador" in capfd.readouterr().out
    assert not (tmp_path / "llamado").exists()
    assert shell.user_ns["_exit_code"] == 2


def test_the_output_goes_through_filters(shell, capsys):
    run(shell, capsys, "!docker create --name web busybox && docker create --name otro busybox")
    assert run(shell, capsys, "!docker ps -a --format '{{.Names}} {{.Image}}' | grep web") == "web busybox\n"
    assert run(shell, capsys, "!docker ps -aq | wc -l") == "2\n"
    assert run(shell, capsys, "x = !docker ps -a --format '{{.Names}}' | sort | head -n 1\nprint(x)") == "['otro']\n"
    assert run(shell, capsys, "!docker ps -aq | grep nada; echo $?") == "1\n"
    assert "No such container" in run(shell, capsys, "!docker stop nada 2>&1 | tail -n 1")


def test_xargs_brings_the_orders_back(shell, capsys):
    run(shell, capsys, "!docker create --name web busybox && docker create --name otro busybox")
    assert sorted(run(shell, capsys, "!docker ps -a --format '{{.Names}}' | xargs -n1 docker rm").split()) == [
        "otro", "web"]
    assert run(shell, capsys, "!docker ps -aq | xargs -r docker rm") == ""
    assert "requires at least 1 argument" in run(shell, capsys, "!docker ps -aq | xargs docker rm")


def test_the_exit_code_is_said_by_echo(shell, capsys):
    assert run(shell, capsys, "!docker run --rm busybox sh -c 'exit 7'; echo $?") == "7\n"
    assert "es de otro sitio" in run(shell, capsys, "!docker ps && ls")


def test_what_cannot_go_behind_a_pipe_is_explained(shell, capsys):
    assert "cosa del shell" in run(shell, capsys, "!docker ps | python3 -")
    assert "lineas = !docker ps -a" in run(shell, capsys, "!docker ps |")


@pytest.mark.parametrize(("line", "option"), [
    ("docker save busybox > a.tar", "-o"), ("docker image save busybox > a.tar", "-o"),
    ("docker export web > a.tar", "-o"), ("docker load < a.tar", "-i"), ("docker image load < a.tar", "-i")])
def test_a_redirection_that_docker_can_do_is_told(shell, capsys, line, option):
    assert f"`{option} ARCHIVO`" in run(shell, capsys, f"!{line}").replace("<code>", "`").replace("</code>", "`")


def complete(shell, text):
    """Lo que ofrece el tabulador de IPython al final de `text`, sin lo que IPython añade por su cuenta."""
    with provisionalcompleter():
        offered = list(shell.Completer.completions(text, len(text)))
    return [each.text for each in offered if each.type == "docker"]


@pytest.mark.parametrize("text, option", [
    ("!docker ima", "images"), ("x = !docker volume ", "create"), ("%docker run --rm busy", "busybox"),
    ("%%docker\nps\ndocker inspect busybox:", "busybox:latest"), ("%%docker\nrun --na", "--name"),
    ("%%docker\ndocker ima", "images"), ("n = 1\n!docker ima", "images")])
def test_tab_completes_after_docker(shell, text, option):
    assert option in complete(shell, text)


def test_tab_leaves_other_lines_alone(shell):
    assert complete(shell, "!ls ima") == []
    assert complete(shell, "import da") == []


@pytest.mark.parametrize(("cell", "said"), [
    ("print(respuesta)", "Todavía no hay `respuesta`"),
    ("from dockerlab.course import comprobar\ncomprobar()", "Se escribe `comprobar(ejercicio, respuesta)`"),
    ("respuesta = dict(estado=exited)", "'exited'")])
def test_a_name_python_does_not_know_is_told_without_a_traceback(shell, capsys, cell, said):
    assert not shell.run_cell(cell, store_history=True).success
    out = capsys.readouterr().out
    assert said in out and "Traceback" not in out


def test_other_unknown_names_are_shown_as_always(shell, capsys):
    assert not shell.run_cell("nadie + 1", store_history=True).success
    assert "Traceback" in capsys.readouterr().out


def test_unloading_leaves_everything_as_it_was(tmp_path):
    made = InteractiveShell()
    before = (made.system, made.getoutput, made.run_cell_magic, list(made.Completer.custom_matchers),
              made.custom_exceptions)
    made.run_line_magic("load_ext", "dockerlab")
    assert made.system != before[0]
    made.run_line_magic("unload_ext", "dockerlab")
    assert (made.system, made.getoutput, made.run_cell_magic, list(made.Completer.custom_matchers),
            made.custom_exceptions) == before


def test_cells_are_remembered_as_written_with_or_without_history(shell):
    shell.run_cell("!docker ps -a", store_history=False)
    shell.run_cell("!docker images", store_history=True)
    assert shell.dockerlab_notebook.cells[-2:] == ["!docker ps -a", "!docker images"]


def test_an_upper_case_docker_gets_a_word_of_advice_and_no_shell(shell, capsys):
    assert "minúsculas" in run(shell, capsys, "!Docker ps")
    assert shell.user_ns["_exit_code"] == 127


def test_the_last_order_and_its_exit_code_are_remembered(shell, capsys):
    run(shell, capsys, "!docker build -t x no-existe\n")
    assert shell.dockerlab_notebook.latest == (["docker", "build", "-t", "x", "no-existe"], 1)
    run(shell, capsys, "%%docker\nps\n")
    assert shell.dockerlab_notebook.latest == (["docker", "ps"], 0)
