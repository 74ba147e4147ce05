"""La cara de Python: volúmenes y redes con los nombres del SDK oficial, y registros nada más arrancar."""

from __future__ import annotations

import pytest

from dockerlab.client import Docker
from dockerlab.errors import DockerlabError, NotFound


@pytest.fixture
def docker():
    return Docker()


def test_a_detached_container_has_already_written_when_run_returns(docker):
    """`run(detach=True)` y `logs()`, seguidos: lo primero que escribe el programa ya está."""
    web = docker.containers.run("busybox", ["sh", "-c", "echo listo; sleep 100"], detach=True, labels={"a": "b"})
    assert web.logs() == b"listo\n"
    web.restart()
    assert web.logs(tail=1) == b"listo\n"
    assert web.labels == {"a": "b"}


def test_a_volume_outlives_its_containers_and_refuses_to_go_while_mounted(docker):
    """Crear, usar, mirar, listar con filtros y eliminar."""
    datos = docker.volumes.create("datos", labels={"curso": "1"})
    docker.containers.run("busybox", "sh -c 'echo hola > /d/f'", volumes={"datos": {"bind": "/d"}}, name="uno")
    assert docker.volumes.get("datos").record.tree.lookup("f").content == b"hola\n"
    assert datos.attrs["Mountpoint"] == "/var/lib/docker/volumes/datos/_data"
    with pytest.raises(DockerlabError, match="volume is in use"):
        datos.remove()
    assert [one.name for one in docker.volumes.list(filters={"dangling": False})] == ["datos"]
    docker.containers.get("uno").remove()
    assert [one.name for one in docker.volumes.list(filters={"label": "curso=1", "dangling": True})] == ["datos"]
    assert docker.volumes.list(filters={"label": "curso=2"}) == []
    datos.remove()
    with pytest.raises(NotFound):
        docker.volumes.get("datos")


def test_pruning_volumes_takes_the_anonymous_ones_and_all_when_asked(docker):
    """Como `docker volume prune` y `-a`."""
    docker.volumes.create("con-nombre")
    anonymous = docker.volumes.create()
    assert docker.volumes.prune()["VolumesDeleted"] == [anonymous.name]
    assert docker.volumes.prune(filters={"all": True})["VolumesDeleted"] == ["con-nombre"]
    assert docker.volumes.prune() == {"VolumesDeleted": None, "SpaceReclaimed": 0}
    assert docker.volumes.list() == []


def test_a_network_connects_names_and_lets_go(docker):
    """Dos contenedores se encuentran por alias en una red propia, y dejan de hacerlo al desconectar."""
    red = docker.networks.create("red", labels={"x": "y"})
    web = docker.containers.run("busybox", "sleep 1000", detach=True, name="web")
    red.connect(web, aliases=["www"])
    otro = docker.containers.run("busybox", "sleep 1000", detach=True, name="otro", network="red")
    assert {one.name for one in red.containers} == {"web", "otro"}
    assert otro.exec_run("ping -c 1 www")[0] == 0
    with pytest.raises(DockerlabError, match="has active endpoints"):
        red.remove()
    red.disconnect("web")
    assert otro.exec_run("ping -c 1 www")[0] == 1
    otro.remove(force=True)
    assert [one.name for one in docker.networks.list(filters={"label": "x"})] == ["red"]
    assert docker.networks.prune() == {"NetworksDeleted": ["red"]}
    assert [one.name for one in docker.networks.list()] == ["bridge", "host", "none"]


def test_a_network_may_choose_its_subnet_and_its_range(docker):
    """`ipam`, en la forma de la API, y una dirección fija dentro."""
    red = docker.networks.create("con-subred", ipam={"Config": [
        {"Subnet": "10.9.0.0/16", "Gateway": "10.9.0.1", "IPRange": "10.9.7.0/24"}]})
    assert red.attrs["IPAM"]["Config"] == [{"Subnet": "10.9.0.0/16", "IPRange": "10.9.7.0/24", "Gateway": "10.9.0.1"}]
    first = docker.containers.run("busybox", "sleep 1000", detach=True, network="con-subred")
    assert first.attrs["NetworkSettings"]["Networks"]["con-subred"]["IPAddress"] == "10.9.7.0"
    solo = docker.containers.run("busybox", "sleep 1000", detach=True)
    red.connect(solo, ipv4_address="10.9.8.8")
    assert red.attrs["Containers"][solo.id]["IPv4Address"] == "10.9.8.8/16"


def test_collections_say_what_they_hold(docker):
    """Para mostrarlas en un cuaderno."""
    docker.volumes.create("datos")
    assert repr(docker.volumes) == "<Volúmenes: datos 0B>"
    assert repr(docker.networks) == "<Redes: bridge 172.17.0.0/16, host host, none null>"
    assert "ninguno" in repr(docker.volumes.get("datos"))
    assert "172.17.0.0/16" in docker.networks.get("bridge")._repr_html_()
