"""Los hechos que preguntan a un motor gemelo: contestan, y el de verdad ni se entera."""

from __future__ import annotations

import pytest

from dockerlab.course.facts import World, differ, tidy
from dockerlab.course.roads import walk
from dockerlab.engine import Engine
from dockerlab.twin import twin

ROAD = """
%%archivo sitio/Dockerfile
FROM nginx:alpine
COPY index.html /usr/share/nginx/html/

%%archivo sitio/index.html
hola

!docker build -q -t sitio sitio
!docker network create plaza
!docker run -d --name web --network plaza -p 127.0.0.1:8080:80 -v datos:/datos sitio
!docker exec web sh -c 'echo guardado > /datos/nota.txt'
!docker run -d --name vecina --network plaza alpine sleep 1000
!docker run -d --name lejana alpine sleep 1000
!docker create --name parada alpine
"""


@pytest.fixture
def engine(tmp_path):
    engine = Engine(folder=str(tmp_path))
    assert not [line for line in walk(engine, ROAD, tmp_path).transcript if line[2]]
    return engine


def state(engine):
    return engine.view(), len(engine.events.events), engine.clock.now


@pytest.mark.parametrize(("url", "caller", "answer"), [
    ("http://localhost:8080", "", "hola\n"),
    ("http://localhost:80", "", None),
    ("http://localhost:8080/nada", "", None),
    ("http://web", "vecina", "hola\n"),
    ("http://web", "lejana", None),
    ("http://localhost", "web", "hola\n"),
    ("http://web", "parada", None),
    ("http://web", "nadie", None),
])
def test_curl_answers_as_the_network_would(engine, url, caller, answer):
    before = state(engine)
    assert World(engine).curl(url, caller) == answer
    assert state(engine) == before


def test_says_tells_what_would_happen_and_nothing_happens(engine, tmp_path):
    before = state(engine)
    world = World(engine)
    assert world.says("docker rm -f web", "docker ps -q --filter name=web") == ""
    assert world.says("%%archivo sitio/index.html\nadiós", "docker build -q -t sitio sitio",
                      "docker run --rm sitio cat /usr/share/nginx/html/index.html") == "adiós"
    assert world.says("docker cp web:/datos/nota.txt nota.txt") == ""
    assert state(engine) == before
    assert (tmp_path / "sitio" / "index.html").read_text(encoding="utf-8") == "hola\n"
    assert not (tmp_path / "nota.txt").exists()


def test_repeated_tells_what_the_cache_would_not_have(engine):
    world = World(engine)
    assert world.repeated("docker build sitio") == []
    assert world.repeated("%%archivo sitio/index.html\nadiós", "docker build sitio") \
        == ["COPY index.html /usr/share/nginx/html/"]


def test_an_image_is_outdated_when_building_again_would_give_another(engine, tmp_path):
    build = "docker build -q sitio"
    assert not World(engine).outdated("sitio", build)
    (tmp_path / "sitio" / "index.html").write_text("adiós\n", encoding="utf-8")
    assert World(engine).outdated("sitio", build)
    assert not World(engine).outdated("otra", build) and not World(engine).outdated("sitio", "docker build -q nada")
    walk(engine, "!docker build -q --no-cache -t sitio sitio", tmp_path)
    assert not World(engine).outdated("sitio", build)


@pytest.mark.parametrize(("files", "old"), [
    ("", False),
    ("%%archivo sitio/index.html\nadiós", False),                                            # la receta es la misma
    ("%%archivo sitio/Dockerfile\nFROM nginx:alpine\nCOPY index.html /tmp/", True),
    ("%%archivo sitio/Dockerfile\nFROM nginx:alpine\nCOPY index.html /tmp/\nRUN false", True),  # hoy falla
    ("%%archivo sitio/Dockerfile\nFROM nginx:alpine\nCOPI index.html /tmp/", True),            # ni se entiende
])
def test_rewritten_tells_an_image_of_another_recipe(engine, tmp_path, files, old):
    walk(engine, files, tmp_path)
    before = state(engine)
    assert World(engine).rewritten("sitio", "docker build -q -t sitio sitio") is old
    assert not World(engine).rewritten("nadie", "docker build -q -t sitio sitio")
    assert state(engine) == before


def test_files_are_read_through_the_mounts_also_when_it_is_stopped(engine):
    world = World(engine)
    assert world.read("web", "/datos/nota.txt") == world.volume_read("datos", "/nota.txt") == "guardado\n"
    walk(engine, "!docker stop web", engine.host.root)
    assert World(engine).read("web", "/datos/nota.txt") == "guardado\n"
    assert World(engine).exists("web", "/datos") and not World(engine).exists("web", "/otra")


def test_the_port_of_a_registry_is_not_a_tag(engine):
    walk(engine, "!docker tag sitio localhost:5000/sitio\n!docker tag sitio localhost:5000/sitio:2", engine.host.root)
    names = ("sitio", "localhost:5000/sitio", "localhost:5000/sitio:2")
    assert len({World(engine).image(name).id for name in names}) == 1


def test_networks_of_several_containers(engine):
    world = World(engine)
    assert world.together("web", "vecina") == ["plaza"]
    assert world.together("web", "lejana") == []


def test_the_life_of_a_container_is_not_the_one_of_its_namesakes(tmp_path):
    engine = Engine(folder=str(tmp_path))
    walk(engine, "!docker run --name ana alpine true\n!docker start -a ana\n!docker rm ana", tmp_path)
    world = World(engine)
    assert (world.lived("ana", "start"), world.lived("ana", "die"), world.lived("ana", "destroy")) == (2, 2, 1)
    walk(engine, "!docker run -d --name ana alpine sleep 1000\n!docker pause ana\n!docker unpause ana", tmp_path)
    world = World(engine)
    assert (world.lived("ana", "start"), world.lived("ana", "unpause"), world.lived("ana", "die")) == (1, 1, 0)
    assert world.happened("die", name="ana") == 2 and world.lived("nadie", "start") == 0


@pytest.mark.parametrize(("answer", "key"), [
    ("docker ps -a", "ps -a"), ("!docker ps", "PS"), ("263 MB", 263), ("0MB", "0"), ("Sí", "si"),
    ("Dos", 2), (10, "diez")])
def test_the_same_answer_said_in_other_words_is_right(answer, key):
    assert differ({"uno": answer}, {"uno": key}) == []


def test_another_answer_is_not(tmp_path):
    assert differ(["docker", "ps", "26"], ["ps", "ps -a", "263 MB"]) == [0, 1, 2]


def test_a_twin_is_the_same_and_is_another(engine, tmp_path):
    other = twin(engine)
    assert other.view() == engine.view() and other.clock.now == engine.clock.now
    before = state(engine)
    walk(other, "!docker rm -f web vecina lejana parada\n!docker volume rm datos\n!docker network rm plaza"
                "\n!docker rmi sitio", tmp_path)
    assert not other.view().containers and state(engine) == before


def test_true_and_false_are_yes_and_no():
    assert tidy({"ana": True, "beto": False}) == {"ana": "si", "beto": "no"} == tidy({"ana": "Sí", "beto": "NO"})
