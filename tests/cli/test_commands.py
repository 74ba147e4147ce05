"""Las órdenes, sobre un motor de verdad en memoria."""

from __future__ import annotations

import io
import tarfile

import pytest

from dockerlab.cli import Terminal, run


def test_the_seeds_four_commands(docker):
    identity = docker("run -d --name my-container busybox sleep 1000").out.strip()
    assert len(identity) == 64
    rows = docker("ps").out.splitlines()
    assert rows[0].split() == ["CONTAINER", "ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES"]
    assert identity[:12] in rows[1] and rows[1].endswith("my-container")
    assert docker("stop my-container").out == "my-container\n"
    assert docker("ps").out.count("\n") == 1
    assert docker("rm my-container").out == "my-container\n"
    assert docker("ps -aq").out == ""


def test_both_streams_and_the_exit_code_come_out(docker):
    result = docker("run --rm busybox sh -c 'echo sale; echo mal >&2; exit 3'")
    assert (result.code, result.out, result.err, result.text) == (3, "sale\n", "mal\n", "sale\nmal\n")


def test_input_reaches_the_program_only_with_i(docker):
    assert docker("run --rm -i busybox cat", b"hola\n").out == "hola\n"
    assert docker("run --rm busybox cat", b"hola\n").out == ""


@pytest.mark.parametrize("line, code, text", [
    ("run busybox noexiste", 127, 'executable file not found in $PATH'),
    ("run busybox /etc/passwd", 126, "permission denied"),
    ("run imagen-que-no-existe", 125, "pull access denied for imagen-que-no-existe"),
    ("start nadie", 1, "Error: failed to start containers: nadie"),
    ("inspect nadie", 1, "Error: No such object: nadie"),
    ("rmi nadie", 1, "Error response from daemon: No such image: nadie:latest"),
    ("tag busybox MAYUS", 1, 'Error parsing reference: "MAYUS" is not a valid repository/tag'),
    ("cp a b", 1, "must specify at least one container source"),
    ("kill -s FOO nadie", 1, "cannot kill container: nadie: invalid signal: FOO"),
    ("ps -f raro=1", 1, "Error response from daemon: invalid filter 'raro'"),
    ("build noexiste", 1, 'ERROR: failed to build: unable to prepare context: path "noexiste" not found'),
    ("volume rm nadie", 1, "Error response from daemon: get nadie: no such volume"),
    ("network rm bridge", 1, "bridge is a pre-defined network and cannot be removed\nexit status 1"),
    ("run -it busybox sh", 1, "the input device is not a TTY"),
    ("images --format {{.Nada}}", 1, "can't evaluate field Nada in type *formatter.imageContext"),
])
def test_errors_keep_dockers_words_and_leave_the_engine_as_it_was(docker, engine, line, code, text):
    before = (set(engine.images.images), set(engine.containers.records), set(engine.volumes.volumes),
              set(engine.networks.networks))
    result = docker(line)
    assert (result.code, text in result.err) == (code, True), result.err
    left = {record for record in engine.containers.records if record not in before[1]}
    docker(f"rm -f {' '.join(left)}") if left else None
    after = (set(engine.images.images), set(engine.containers.records), set(engine.volumes.volumes),
             set(engine.networks.networks))
    assert after == before


def test_an_error_is_explained_once_and_only_to_who_asks(engine):
    explained, err = [], []
    terminal = Terminal(lambda text: None, err.append, explaining=explained.append)
    assert run(engine, ["stop", "uno", "otro"], terminal) == 1
    assert len(explained) == 1 and "uno" in explained[0].what and "docker ps -a" in explained[0].tip
    assert "".join(err).count("No such container") == 2


def told(engine, *words):
    """Ejecuta una orden en primer plano: (código, notas)."""
    notes = []
    terminal = Terminal(lambda text: None, lambda text: None, noting=notes.append)
    return run(engine, list(words), terminal), notes


def test_foreground_programs_that_never_end_are_interrupted(engine):
    program = "trap 'exit 7' INT; while :; do sleep 100 & wait; done"
    code, notes = told(engine, "run", "busybox", "sh", "-c", program)
    assert (code, "Ctrl+C" in notes[0]) == (7, True)


def test_programs_that_ignore_the_interruption_stay_running_and_it_is_told(engine):
    code, notes = told(engine, "run", "--name", "terco", "busybox", "sh", "-c",
                       "trap '' INT; while :; do sleep 100; done")
    assert (code, "docker stop terco" in notes[1]) == (130, True)
    assert engine.containers.get("terco").state.status == "running"


def test_waiting_is_told_not_done(engine):
    notes = []
    terminal = Terminal(lambda text: None, lambda text: None, noting=notes.append)
    run(engine, ["run", "-d", "--name", "web", "busybox", "sleep", "1000"], terminal)
    run(engine, ["stop", "web"], terminal)
    assert ["10 segundos" in note for note in notes] == [True]


def test_typing_in_a_container(engine):
    lines = iter(["echo hola $((1+1))", "exit 4"])
    out = []
    terminal = Terminal(out.append, out.append, ask=lambda prompt: next(lines))
    assert run(engine, ["run", "-it", "busybox", "sh"], terminal) == 4
    assert "hola 2" in "".join(out)


def test_typing_in_an_exec(engine):
    lines = iter(["echo $HOSTNAME"])

    def ask(prompt):
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None
    out = []
    terminal = Terminal(out.append, out.append, ask=ask)
    run(engine, ["run", "-d", "--name", "web", "--hostname", "pc", "busybox", "sleep", "1000"], terminal)
    assert run(engine, ["exec", "-it", "web", "sh"], terminal) == 0
    assert "pc" in "".join(out)


def test_prune_asks_and_no_answer_is_no(docker):
    docker("run --name fin busybox true")
    assert docker("container prune").out == (
        "WARNING! This will remove all stopped containers.\nAre you sure you want to continue? [y/N] ")
    assert docker("ps -aq").out
    assert docker("container prune", b"y\n").out.count("Deleted Containers:") == 1


def test_save_and_load_keep_id_and_tags(docker, tmp_path):
    identity = docker("images -q --no-trunc busybox").out
    assert docker("save -o b.tar busybox").code == 0
    docker("rmi busybox")
    assert docker("load -i b.tar").out == "Loaded image: busybox:latest\n"
    assert docker("images -q --no-trunc busybox").out == identity
    with tarfile.open(tmp_path / "b.tar") as archive:
        assert {"oci-layout", "index.json", "manifest.json"} <= set(archive.getnames())


def test_binary_output_is_not_spoilt(engine):
    pieces = []
    terminal = Terminal(lambda text: None, lambda text: None, binary=lambda stream, data: pieces.append(data))
    run(engine, ["create", "--name", "web", "busybox"], terminal)
    run(engine, ["export", "web"], terminal)
    with tarfile.open(fileobj=io.BytesIO(b"".join(pieces))) as archive:
        assert "bin/busybox" in archive.getnames() or "bin/sh" in archive.getnames()


def test_two_chunks_of_one_letter_are_one_letter(engine):
    out = []
    terminal = Terminal(out.append, out.append)
    terminal.emit(1, "ñ".encode()[:1])
    terminal.emit(1, "ñ".encode()[1:])
    assert "".join(out) == "ñ"


def test_env_file_and_variables_of_whoever_types(docker, tmp_path):
    (tmp_path / "v.env").write_bytes(b"# nota\r\nUNO=1\r\nFUERA\r\nNADIE\r\n")
    result = docker("run --rm --env-file v.env -e DOS busybox env", environment={"FUERA": "sí", "DOS": "2"})
    lines = result.out.splitlines()
    assert "UNO=1" in lines and "FUERA=sí" in lines and "DOS=2" in lines
    assert not any(line.startswith("NADIE") for line in lines)


def test_stats_top_port_and_diff(docker):
    docker("run -d --name web -p 8080:80 -m 64m busybox sh -c 'echo x > /nuevo; sleep 1000'")
    assert docker("stats --no-stream --format '{{.Name}} {{.PIDs}}'").out.split()[0] == "web"
    assert docker("top web -o pid,cmd").out.splitlines()[0].split() == ["PID", "CMD"]
    assert docker("port web").out == "80/tcp -> 0.0.0.0:8080\n80/tcp -> [::]:8080\n"
    assert docker("diff web").out == "A /nuevo\n"


def test_build_from_a_folder_and_run(docker, tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM busybox\nCOPY f /f\nCMD [\"cat\", \"/f\"]\n")
    (tmp_path / "f").write_text("hola\n")
    built = docker("build -t app .")
    assert (built.code, built.out) == (0, "") and "naming to docker.io/library/app" in built.err
    assert docker("run --rm app").out == "hola\n"
    assert "CACHED" in docker("build -t app .").err


def test_a_trailing_slash_in_the_working_folder_stays_in_the_image_only(docker, tmp_path):
    """Docker 28.5.2: la imagen la guarda como se escribió; el contenedor y sus programas la ven limpia."""
    (tmp_path / "Dockerfile").write_text("FROM busybox\nWORKDIR /biblioteca/\n")
    docker("build -q -t app .")
    assert docker("image inspect -f '{{.Config.WorkingDir}}' app").out == "/biblioteca/\n"
    assert docker("run --name uno app pwd").out == "/biblioteca\n"
    assert docker("inspect -f '{{.Config.WorkingDir}}' uno").out == "/biblioteca\n"
    docker("run -d --name dos app sleep 100")
    assert docker("exec -w /tmp/ dos pwd").out == "/tmp\n"


def test_json_format_is_one_object_per_line(docker):
    import json
    docker("run -d --name web busybox sleep 1000")
    row = json.loads(docker("ps --format json").out)
    assert (row["Names"], row["State"], row["Image"]) == ("web", "running", "busybox")


def test_no_other_engine_is_ever_reached(docker):
    result = docker("-H tcp://192.168.1.5:2375 ps")
    assert (result.code, result.err) == (
        1, "Cannot connect to the Docker daemon at tcp://192.168.1.5:2375. Is the docker daemon running?\n")
    assert "parse" in docker("-H 'con blancos' ps").err


def test_every_tag_of_an_image_shows_its_digest(docker):
    docker("pull -q busybox")
    docker("tag busybox busybox:otra")
    rows = docker("images --digests --format '{{.Tag}} {{.Digest}}'").out.split("\n")[:2]
    (first, one), (second, other) = sorted(row.split() for row in rows)
    assert (first, second) == ("latest", "otra") and one == other and one.startswith("sha256:")
