"""La caché acierta y falla donde el motor real: la tabla está medida en él, cambio a cambio."""

from __future__ import annotations

import os

import pytest

from dockerlab.build.cache import MANY, Cache, CacheKey
from dockerlab.build.context import Context

from .bench import Outcome, construct, make_ports

DOCKERFILE = ('FROM busybox\nARG V=1\nCOPY a.txt /a\nRUN cat /a\nENV E=1\nCOPY d /d\nRUN echo "fin $V"\n')
STEPS = ("COPY a.txt", "RUN cat", "COPY d", "RUN echo")
HIT, RUN = True, False


def edit(old, new):
    """Cambia el Dockerfile."""
    def change(folder):
        path = folder / "Dockerfile"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
    return change


def write(name, text):
    """Escribe un archivo del contexto."""
    return lambda folder: (folder / name).write_text(text)


def nothing(folder):
    """No cambia nada."""


MATRIX = {
    "nothing": (nothing, {}, (HIT, HIT, HIT, HIT)),
    "content of a.txt": (write("a.txt", "otra\n"), {}, (RUN, RUN, RUN, RUN)),
    "mtime of a.txt only": (lambda folder: os.utime(folder / "a.txt", (1, 1)), {}, (HIT, HIT, HIT, HIT)),
    "mode of a.txt": (lambda folder: (folder / "a.txt").chmod(0o755), {}, (RUN, RUN, RUN, RUN)),
    "a.txt rewritten with equal content": (write("a.txt", "a\n"), {}, (HIT, HIT, HIT, HIT)),
    "content of d/x": (write("d/x", "otra\n"), {}, (HIT, HIT, RUN, RUN)),
    "new file in d": (write("d/nuevo", "n\n"), {}, (HIT, HIT, RUN, RUN)),
    "file in d renamed": (lambda folder: (folder / "d/x").rename(folder / "d/z"), {}, (HIT, HIT, RUN, RUN)),
    "file in d deleted": (lambda folder: (folder / "d/y").unlink(), {}, (HIT, HIT, RUN, RUN)),
    "mtime of directory d": (lambda folder: os.utime(folder / "d", (1, 1)), {}, (HIT, HIT, HIT, HIT)),
    "new file nobody copies": (write("suelto", "s\n"), {}, (HIT, HIT, HIT, HIT)),
    "a comment in the Dockerfile": (edit("RUN cat", "# hola\nRUN cat"), {}, (HIT, HIT, HIT, HIT)),
    "blanks in RUN": (edit("RUN cat", "RUN    cat"), {}, (HIT, HIT, HIT, HIT)),
    "blanks inside the RUN command": (edit("RUN cat /a", "RUN cat   /a"), {}, (HIT, RUN, RUN, RUN)),
    "lower case instruction": (edit("RUN cat", "run cat"), {}, (HIT, HIT, HIT, HIT)),
    "RUN text": (edit("RUN cat /a", "RUN cat /a /a"), {}, (HIT, RUN, RUN, RUN)),
    "ENV value": (edit("ENV E=1", "ENV E=2"), {}, (HIT, HIT, HIT, RUN)),
    "ARG default": (edit("ARG V=1", "ARG V=2"), {}, (HIT, RUN, RUN, RUN)),
    "--build-arg V=2": (nothing, {"build_args": {"V": "2"}}, (HIT, RUN, RUN, RUN)),
    "--build-arg V=1 (the default)": (nothing, {"build_args": {"V": "1"}}, (HIT, HIT, HIT, HIT)),
    "--build-arg of an undeclared name": (nothing, {"build_args": {"W": "2"}}, (HIT, HIT, HIT, HIT)),
    "--label": (nothing, {"labels": {"a": "b"}}, (HIT, HIT, HIT, HIT)),
    "LABEL added at the end": (edit('fin $V"\n', 'fin $V"\nLABEL a=b\n'), {}, (HIT, HIT, HIT, HIT)),
    "LABEL added after FROM": (edit("FROM busybox\n", "FROM busybox\nLABEL a=b\n"), {}, (HIT, HIT, HIT, HIT)),
    "target of COPY d": (edit("COPY d /d", "COPY d /dd"), {}, (HIT, HIT, RUN, RUN)),
    "COPY --chown added": (edit("COPY a.txt", "COPY --chown=1 a.txt"), {}, (RUN, RUN, RUN, RUN)),
    "FROM by another tag, other image": (edit("FROM busybox", "FROM busybox:1.36"), {}, (RUN, RUN, RUN, RUN)),
    "FROM written busybox:latest": (edit("FROM busybox", "FROM busybox:latest"), {}, (HIT, HIT, HIT, HIT)),
    "--no-cache": (nothing, {"no_cache": True}, (RUN, RUN, RUN, RUN)),
    "another tag (-t)": (nothing, {"tags": ("otra",)}, (HIT, HIT, HIT, HIT)),
}


@pytest.fixture
def folder(tmp_path):
    """El contexto de la tabla."""
    place = tmp_path / "contexto"
    (place / "d").mkdir(parents=True)
    (place / "Dockerfile").write_text(DOCKERFILE)
    for name, text in {"a.txt": "a\n", "d/x": "x\n", "d/y": "y\n"}.items():
        (place / name).write_text(text)
    return place


def hits(outcome):
    """Qué pasos de la tabla acertaron."""
    assert outcome.error is None, outcome.error
    found = [step for step in outcome.steps if step.key]
    assert len(found) == len(STEPS)
    return tuple(step.cached for step in found)


@pytest.mark.parametrize("name", MATRIX)
def test_the_cache_misses_where_docker_misses(name, folder):
    change, options, expected = MATRIX[name]
    ports = make_ports()
    assert hits(Outcome(ports, Context.from_folder(folder))) == (RUN, RUN, RUN, RUN)
    change(folder)
    again = Outcome(ports, Context.from_folder(folder), **options)
    assert hits(again) == expected
    for step in again.steps:
        assert bool(step.why) == (bool(step.key) and not step.cached)


def test_context_moved_to_another_directory_hits(folder):
    ports = make_ports()
    first = Outcome(ports, Context.from_folder(folder))
    moved = folder.rename(folder.with_name("otro"))
    again = Outcome(ports, Context.from_folder(moved))
    assert hits(again) == (HIT, HIT, HIT, HIT)
    assert again.image.id == first.image.id


def test_dockerfile_renamed_hits(folder):
    ports = make_ports()
    Outcome(ports, Context.from_folder(folder))
    other = (folder / "Dockerfile").rename(folder / "otro.df")
    assert hits(Outcome(ports, Context.from_folder(folder, other))) == (HIT, HIT, HIT, HIT)


def test_two_builders_give_the_same_image(folder):
    first, second = (Outcome(make_ports(), Context.from_folder(folder)) for _ in range(2))
    assert first.image.id == second.image.id


def test_the_image_does_not_depend_on_the_hour(folder):
    late = make_ports()
    late.wait(90_000.5)
    assert Outcome(late, Context.from_folder(folder)).image.id == Outcome(
        make_ports(), Context.from_folder(folder)).image.id


def test_no_cache_still_feeds_the_cache(folder):
    ports = make_ports()
    assert hits(Outcome(ports, Context.from_folder(folder), no_cache=True)) == (RUN,) * 4
    assert hits(Outcome(ports, Context.from_folder(folder))) == (HIT,) * 4


STAGES = ("FROM busybox AS uno\nRUN echo 1 > /1\nCOPY a.txt /a\nFROM uno AS dos\nRUN echo 2 > /2\nCOPY a.txt /b\n"
          "FROM busybox\nCOPY --from=dos /2 /2\nRUN echo 3 > /3\n")


@pytest.mark.parametrize(("stage", "expected"), [("uno", (RUN, RUN, RUN, RUN, HIT, HIT)),
                                                 ("DOS", (HIT, HIT, RUN, RUN, HIT, HIT))])
def test_no_cache_filter_reaches_the_stages_built_on_it_but_not_those_that_copy(stage, expected):
    ports, files = make_ports(), {"a.txt": "a\n"}
    construct(STAGES, files, ports)
    again = construct(STAGES, files, ports, no_cache_filter=(stage,))
    assert tuple(step.cached for step in again.steps if step.key) == expected


def test_copy_from_a_stage_hits_if_the_files_are_the_same():
    ports = make_ports()
    text = "FROM busybox AS a\nRUN {} > /f\nFROM busybox\nCOPY --from=a /f /f\n"
    construct(text.format("echo 1"), None, ports)
    again = construct(text.format("printf '1\\n'"), None, ports)
    assert [step.cached for step in again.steps if step.key] == [RUN, HIT]


def test_copy_only_looks_at_the_last_name_of_its_source():
    ports = make_ports()
    construct("FROM busybox\nCOPY d/z.txt /x\n", {"d/z.txt": "z\n"}, ports)
    assert construct("FROM busybox\nCOPY e/z.txt /x\n", {"e/z.txt": "z\n"}, ports).step("COPY").cached
    assert not construct("FROM busybox\nCOPY e/y.txt /x\n", {"e/y.txt": "z\n"}, ports).step("COPY").cached
    assert not construct("FROM busybox\nCOPY e/?.txt /x\n", {"e/z.txt": "z\n"}, ports).step("COPY").cached


def test_secrets_and_proxies_do_not_count():
    ports = make_ports()
    text = "FROM busybox\nRUN --mount=type=secret,id=c wc -c < /run/secrets/c; echo $HTTP_PROXY\n"
    first = construct(text, None, ports, secrets={"c": b"uno"}, build_args={"HTTP_PROXY": "http://p"})
    assert first.output == "3\nhttp://p\n"
    assert construct(text, None, ports, secrets={"d": b"otro"}).step("RUN").cached


def test_a_bind_mount_counts_by_content():
    ports, text = make_ports(), "FROM busybox\nRUN --mount=type=bind,source=d,target=/m cat /m/f\n"
    assert construct(text, {"d/f": "1\n"}, ports).output == "1\n"
    assert construct(text, {"d/f": "1\n", "otro": "x"}, ports).step("RUN").cached
    assert construct(text, {"d/f": "2\n"}, ports).output == "2\n"


REASONS = [
    (("FROM busybox\nCOPY a /a", {"a": "1"}), ("FROM busybox\nCOPY a /a", {"a": "2"}), "COPY", ("files",),
     "Cambió lo que copia: el archivo tiene otro contenido."),
    (("FROM busybox\nCOPY d /d", {"d/x": "1"}), ("FROM busybox\nCOPY d /d", {"d/x": "1", "d/y": "2"}), "COPY",
     ("files",), "Cambió lo que copia: y es nuevo."),
    (("FROM busybox\nARG V=1\nRUN echo", {}), ("FROM busybox\nARG V=2\nRUN echo", {}), "RUN", ("environment",),
     "Las variables que ve no son las mismas: V pasó de «1» a «2»."),
    (("FROM busybox\nRUN echo uno > /1", {}), ("FROM busybox\nRUN echo uno > /2", {}), "RUN", ("instruction",),
     "La instrucción no es la misma: antes era «RUN echo uno > /1»."),
    (("FROM busybox\nRUN echo", {}), ("FROM busybox\nUSER 7\nRUN echo", {}), "RUN", ("settings",),
     "Se hace con otros ajustes: user=7 es nueva."),
    (("FROM busybox\nCOPY a /a\nRUN echo", {"a": "1"}), ("FROM busybox\nCOPY a /a\nRUN echo", {"a": "2"}), "RUN",
     ("parent",), "Cambió el paso anterior («COPY a /a») y este parte de él."),
    (("FROM busybox\nRUN echo", {}), ("FROM busybox:1.36\nRUN echo", {}), "RUN", ("parent",),
     "Cambió la imagen base."),
    (("FROM busybox\nRUN echo", {}), ("FROM busybox\nWORKDIR /w", {}), "WORKDIR", (),
     "Es la primera vez que se da este paso."),
]


@pytest.mark.parametrize(("before", "after", "step", "differs", "why"), REASONS)
def test_a_miss_says_which_part_of_the_key_changed(before, after, step, differs, why):
    ports = make_ports()
    construct(*before, ports)
    missed = construct(*after, ports).step(step)
    assert (missed.differs, missed.why) == (differs, why)


def test_the_difference_of_two_keys_names_every_part():
    key = CacheKey("p", "RUN a", (("user", "1"),), (("A", "1"),), (("f", "x"),))
    other = CacheKey("q", "RUN b", (("user", "2"),), (("A", "2"),), (("f", "y"),))
    assert key.difference(key) == ()
    assert key.difference(other) == ("parent", "instruction", "settings", "environment", "files")
    assert len({key.digest, other.digest}) == 2


def test_a_key_with_many_files_is_kept_short_and_still_compares():
    files = tuple((f"f{number}", "x") for number in range(MANY + 1))
    key = CacheKey("p", "COPY d /d", files=files)
    assert len(key.brief().files) == 1
    assert key.brief().digest == key.digest
    assert key.difference(key.brief()) == ()
    assert CacheKey("p", "COPY d /d", files=files[1:]).difference(key.brief()) == ("files",)


def test_the_cache_survives_as_json(folder):
    import json
    ports = make_ports()
    Outcome(ports, Context.from_folder(folder))
    layers = {}
    data = json.loads(json.dumps(ports.cache.to_data(lambda layer: layers.update({layer.diff_id: layer}))))
    fresh = make_ports()
    fresh.cache = Cache.from_data(data, layers.__getitem__)
    assert fresh.cache.records == ports.cache.records
    assert hits(Outcome(fresh, Context.from_folder(folder))) == (HIT,) * 4


def test_prune_takes_what_no_image_uses_and_all_takes_everything(folder):
    ports = make_ports()
    built = Outcome(ports, Context.from_folder(folder))
    construct("FROM busybox\nRUN echo suelto\n", None, ports)
    gone = ports.cache.prune(set(built.image.chain_ids))
    assert {record.kind for record in gone} == {"source.local", "regular"}
    assert [record.description for record in gone if record.kind == "regular"] == ["[2/2] RUN echo suelto"]
    assert hits(Outcome(ports, Context.from_folder(folder))) == (HIT,) * 4
    assert ports.cache.prune(set(built.image.chain_ids), everything=True)
    assert ports.cache.records == {} and ports.cache.layers == {}
    assert hits(Outcome(ports, Context.from_folder(folder))) == (RUN,) * 4


def test_one_small_build_leaves_four_records():
    ports = make_ports()
    construct("FROM busybox\nRUN head -c 1000 /dev/zero > /mil\n", None, ports)
    assert [(record.kind, record.size) for record in ports.cache.records.values()] == [
        ("source.local", 47), ("source.local", 0), ("regular", 0), ("regular", 1000)]
    assert all(len(record.id) == 25 for record in ports.cache.records.values())
