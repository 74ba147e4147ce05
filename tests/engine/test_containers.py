"""La vida de los contenedores, vista desde el motor."""

from __future__ import annotations

import pytest

from dockerlab.clock import SECOND
from dockerlab.errors import DockerlabError
from tests.engine.conftest import start


def text(container) -> str:
    return b"".join(data for _, _, data in container.log).decode()


def test_the_writable_layer_survives_stop_and_start_and_dies_with_rm(engine):
    container = start(engine, "sleep", "1000", name="web")
    engine.containers.exec(container, ["touch", "/marca"])
    engine.containers.stop(container, timeout=0)
    engine.containers.start(container)
    assert engine.containers.exec(container, ["ls", "/marca"]).exit_code == 0
    engine.containers.remove(container, force=True)
    again = start(engine, "sleep", "1000", name="web")
    assert engine.containers.exec(again, ["ls", "/marca"]).exit_code == 1


def test_stop_waits_ten_virtual_seconds_for_a_process_that_ignores_term(engine):
    container = start(engine, "sleep", "1000")
    before = engine.clock.now
    engine.containers.stop(container)
    assert container.state.exit_code == 137
    assert 10 <= (engine.clock.now - before) / SECOND < 10.1


def test_two_containers_of_one_image_do_not_see_each_other(engine):
    one, two = start(engine, "sleep", "9"), start(engine, "sleep", "9")
    engine.containers.exec(one, ["touch", "/solo-en-uno"])
    assert one.root.changes() == [("A", "/solo-en-uno")]
    assert two.root.changes() == []


def test_a_taken_name_is_refused_and_says_which_container_has_it(engine):
    first = start(engine, "sleep", "9", name="web")
    with pytest.raises(DockerlabError, match=first.id) as refused:
        engine.create("busybox", "web", {"Cmd": ["true"]})
    assert "docker rm web" in refused.value.tip
    assert len(engine.containers.list()) == 1


def test_an_unknown_program_leaves_the_container_created_with_127(engine):
    container = engine.create("busybox", "nada", {"Cmd": ["no-existe"]})
    with pytest.raises(DockerlabError, match="executable file not found in .PATH"):
        engine.containers.start(container)
    assert (container.state.status, container.state.exit_code) == ("created", 127)


def test_on_failure_tries_again_twice_with_a_growing_wait(engine):
    container = start(engine, "false", host={"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 2}})
    engine.containers.wait(container)
    starts = [event.time for event in engine.events.events if event.action == "start"]
    assert container.restart_count == 2
    assert [round((late - early) / SECOND, 1) for early, late in zip(starts, starts[1:])] == [0.1, 0.2]


def test_a_container_with_always_comes_back_until_somebody_stops_it(engine):
    container = start(engine, "false", host={"RestartPolicy": {"Name": "always"}})
    engine.settle(4)
    assert container.state.status == "restarting" and container.restart_count > 3
    engine.containers.stop(container)
    count = container.restart_count
    engine.settle(60)
    assert (container.state.status, container.restart_count) == ("exited", count)


def test_health_goes_from_starting_to_unhealthy_and_back(engine):
    check = {"Test": ["CMD", "cat", "/ok"], "Interval": SECOND, "Retries": 2}
    container = start(engine, "sleep", "1000", Healthcheck=check)
    seen = [container.state.health.status]
    engine.settle(2.5)
    seen.append(container.state.health.status)
    engine.containers.exec(container, ["touch", "/ok"])
    engine.settle(1.5)
    seen.append(container.state.health.status)
    assert seen == ["starting", "unhealthy", "healthy"]


def test_a_place_to_mount_on_that_the_image_lacks_is_made_on_start_and_shows_in_diff(engine):
    """Grabado de Docker: al crear el contenedor todavía no está; al arrancarlo, sí."""
    container = engine.create("busybox", None, {"Cmd": ["sleep", "9"]}, {"Binds": ["datos:/a/fondo", "datos:/tmp"]})
    assert container.root.changes() == []
    engine.containers.start(container)
    assert container.root.changes() == [("A", "/a"), ("A", "/a/fondo")]


def test_data_in_a_named_volume_outlive_the_container(engine):
    first = start(engine, "touch", "/datos/guardado", host={"Binds": ["datos:/datos"]})
    engine.containers.wait(first)
    engine.containers.remove(first, volumes=True)
    second = start(engine, "ls", "/datos", host={"Binds": ["datos:/datos"]})
    engine.containers.wait(second)
    assert text(second) == "guardado\n"
    with pytest.raises(DockerlabError, match="volume is in use"):
        engine.remove_volume("datos")


def test_a_bind_mount_shows_the_folder_and_never_writes_to_it(engine, tmp_path):
    (tmp_path / "datos").mkdir()
    (tmp_path / "datos" / "hola.txt").write_text("hola\n")
    container = start(engine, "sleep", "9", host={"Binds": ["./datos:/d"]})
    shown = engine.containers.exec(container, ["cat", "/d/hola.txt"])
    engine.containers.exec(container, ["touch", "/d/nuevo"])
    engine.containers.exec(container, ["rm", "/d/hola.txt"])
    listed = engine.containers.exec(container, ["ls", "/d"])
    assert shown.output == ((1, b"hola\n"),)
    assert listed.output == ((1, b"nuevo\n"),)
    assert [path.name for path in (tmp_path / "datos").iterdir()] == ["hola.txt"]


@pytest.mark.parametrize("source", ["..", "../otro", "/", "/etc", "./enlace"])
def test_a_bind_mount_cannot_leave_the_folder(engine, tmp_path, source):
    (tmp_path / "enlace").symlink_to("/etc")
    with pytest.raises(DockerlabError) as refused:
        engine.create("busybox", None, {"Cmd": ["true"]}, {"Binds": [f"{source}:/d"]})
    assert refused.value.key == "bind-outside"


def test_a_link_inside_a_bind_mount_is_followed_inside_the_container(engine, tmp_path):
    (tmp_path / "passwd").symlink_to("/etc/passwd")
    container = start(engine, "cat", "/d/passwd", host={"Binds": [".:/d"]})
    engine.containers.wait(container)
    assert text(container).startswith("root:x:0:0:root:/root:/bin/sh\n")


def test_a_published_port_belongs_to_one_container_only(engine):
    ports = {"PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}}
    first = start(engine, "sleep", "99", name="uno", host=ports)
    second = engine.create("busybox", "dos", {"Cmd": ["sleep", "99"]}, ports)
    with pytest.raises(DockerlabError, match="Bind for 0.0.0.0:8080 failed: port is already allocated"):
        engine.containers.start(second)
    assert second.state.status == "created"
    engine.containers.stop(first, timeout=0)
    engine.containers.start(second)
    assert second.ports["80/tcp"][0]["HostPort"] == "8080"


def test_a_paused_container_does_not_notice_time(engine):
    container = start(engine, "sleep", "5")
    engine.containers.pause(container)
    engine.settle(60)
    assert container.state.status == "paused"
    engine.containers.unpause(container)
    engine.settle(6)
    assert container.state.status == "exited"


def test_the_same_orders_give_the_same_ids(engine, tmp_path):
    from dockerlab.engine import Engine
    other = Engine(catalogue=engine.catalogue, folder=str(tmp_path))
    first, second = start(engine, "sleep", "9"), start(other, "sleep", "9")
    assert (first.id, first.name) == (second.id, second.name)
    assert engine.view() == other.view()


def test_a_script_with_windows_line_endings_asks_for_an_interpreter_that_is_not_there(engine, tmp_path):
    """Docker real: 255 y «exec /entrada.sh: no such file or directory»; con `sh -c`, 127 y «not found»."""
    from dockerlab.client import Docker
    (tmp_path / "entrada.sh").write_bytes(b"#!/bin/sh\r\necho hola\r\n")
    (tmp_path / "Dockerfile").write_text("FROM busybox\nCOPY --chmod=755 entrada.sh /\nCMD [\"/entrada.sh\"]\n")
    docker = Docker(engine)
    assert docker(f"build -q -t guion {tmp_path}")
    assert docker("run --name uno guion").strip() == "exec /entrada.sh: no such file or directory"
    assert engine.containers.get("uno").state.exit_code == 255
    assert docker("run guion sh -c /entrada.sh").strip() == "sh: /entrada.sh: not found"
    assert docker("run guion sh /entrada.sh") == "hola\r\n"
