"""Medir una receta: cifras del motor, y la carpeta como estaba."""

from __future__ import annotations

import pytest

from dockerlab.course.measures import Measures, loose, measure
from dockerlab.engine import Engine
from dockerlab.images import Reference

RECIPE = "FROM node:18-alpine\nWORKDIR /app\n{}CMD [\"node\", \"server.js\"]\n"
SLOW = RECIPE.format("COPY . .\nRUN npm install\n")
QUICK = RECIPE.format("COPY package.json .\nRUN npm install\nCOPY . .\n")


@pytest.fixture
def take(tmp_path):
    folder = tmp_path / "tienda"
    folder.mkdir()
    (folder / "server.js").write_text("console.log(1);\n")
    (folder / "package.json").write_text('{"name": "tienda", "dependencies": {"express": "^4.18.2"}}\n')
    engine = Engine(folder=str(tmp_path))

    def take(name: str, recipe: str, ignored: str = ""):
        (folder / "Dockerfile").write_text(recipe)
        (folder / ".dockerignore").write_text(ignored)
        return measure(engine, tmp_path, "tienda", name, "server.js")
    take.folder, take.engine = folder, engine
    return take


def test_the_order_of_a_recipe_is_paid_in_steps_and_seconds(take):
    slow, quick = take("lenta", SLOW), take("deprisa", QUICK)
    assert (slow.steps, quick.steps) == (2, 1)
    assert slow.seconds > 0.5 > quick.seconds
    assert abs(slow.size - quick.size) < 1000


def test_measuring_again_says_the_same_and_leaves_the_files_as_they_were(take):
    before = {path: path.read_bytes() for path in take.folder.iterdir()}
    first, second = take("una", SLOW), take("una", SLOW)
    assert (first.steps, first.size, first.files) == (second.steps, second.size, second.files)
    assert (take.folder / "server.js").read_bytes() == before[take.folder / "server.js"]


def test_what_is_ignored_does_not_travel(take):
    assert take("todo", QUICK).files == 4
    assert take("justo", QUICK, "Dockerfile\n.dockerignore\n").files == 2


def test_a_recipe_that_does_not_build_says_why(take):
    with pytest.raises(ValueError, match="FROM requires"):
        take("rota", "FROM\n")


def test_a_recipe_that_does_not_start_says_why(take):
    with pytest.raises(ValueError, match="executable file not found"):
        take("muda", 'FROM alpine\nCOPY server.js .\nCMD ["no-esta"]\n')
    with pytest.raises(ValueError, match="unable to find user"):
        take("nadie", QUICK.replace("CMD", "USER ana\nCMD"))


def test_the_picture_says_its_numbers_and_does_not_change(take):
    measures = Measures()
    measures.add(take("lenta", SLOW))
    measures.add(take("lenta", SLOW))
    assert list(measures.rows) == ["lenta"] and repr(measures).count("lenta") == 1
    picture = measures.picture()
    assert "lenta" in picture.words and picture.png() == measures.picture().png()
    assert repr(picture.shown()) == picture.words and "<summary>" in picture.shown()._repr_html_()


def test_powers_health_and_loose_bases_are_seen_in_a_twin_engine(take):
    root = take("root", QUICK)
    assert (root.powers, root.healthy, root.loose) == (14, None, 1)
    server = 'require("http").createServer((a, b) => b.end("hola")).listen(3000);\n'
    (take.folder / "server.js").write_text(server)
    check = "USER node\nHEALTHCHECK --interval=5s CMD wget -qO- http://localhost:3000/ || exit 1\nCMD"
    good = take("sana", QUICK.replace("CMD", check))
    assert good.powers == 0 and 5 <= good.healthy < 6 and "a los 5 s" in repr(good)
    deaf = take("sorda", QUICK.replace("CMD", check.replace("3000", "8080")))
    assert deaf.healthy is None and "no sabe" in repr(deaf)
    assert not take.engine.containers.list()


def test_a_base_is_fixed_by_its_digest_and_an_own_stage_is_not_a_base(take):
    take("una", "FROM node:18-alpine AS comun\nFROM comun AS otra\nFROM comun\nCMD [\"node\"]\n")
    assert loose(take.folder) == 1
    digest = take.engine.hub.find(Reference.parse("node:18-alpine").tagged)[1]
    (take.folder / "Dockerfile").write_text(f"FROM node:18-alpine@{digest} AS comun\nFROM scratch\nFROM comun\n")
    assert loose(take.folder) == 0
    (take.folder / "Dockerfile").write_text(f"ARG BASE=node:18-alpine@{digest}\nARG OTRA=alpine\nFROM $BASE\n")
    assert loose(take.folder) == 0
    (take.folder / "Dockerfile").write_text(f"ARG BASE=node:18-alpine@{digest}\nARG OTRA=alpine\nFROM ${{OTRA}}:3\n")
    assert loose(take.folder) == 1
