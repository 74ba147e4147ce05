"""El almacén: etiquetas que se mueven, huérfanas, y lo que dice `docker rmi`."""

from __future__ import annotations

import pytest

from dockerlab.errors import Conflict, DockerlabError, NotFound
from dockerlab.filesystem import File, Layer
from dockerlab.images import Image, ImageStore, Remover, User

BASE = Image.empty().with_layer(Layer({"base": File(b"12345")}), "base")
APP = BASE.with_layer(Layer({"app": File(b"123")}), "app")
OTHER = BASE.with_layer(Layer({"otra": File(b"1")}), "otra")


@pytest.fixture
def store():
    store = ImageStore()
    for name, image in (("base", BASE), ("app", APP)):
        store.add(image)
        store.tag(name, image.id)
    return store


def told(removals):
    return [(one.kind, one.what) for one in removals]


def test_a_tag_that_moves_leaves_a_dangling_image(store):
    store.add(OTHER)
    assert store.tag("app", OTHER.id) == APP.id
    assert store.get("app").image == OTHER
    assert store.is_dangling(APP.id) and not store.is_dangling(OTHER.id)


@pytest.mark.parametrize("name", ["app", "app:latest", "docker.io/library/app", APP.id, APP.id[7:], APP.id[7:15]])
def test_an_image_is_found_by_name_by_id_and_by_the_start_of_its_id(store, name):
    assert store.get(name).image == APP and name in store


@pytest.mark.parametrize("name, text", [("nada", "No such image: nada:latest"), ("app:2", "No such image: app:2"),
                                        ("sha256:" + "0" * 64, "No such image: sha256:" + "0" * 64)])
def test_what_is_not_there_is_told_as_docker_tells_it(store, name, text):
    with pytest.raises(NotFound) as missing:
        store.get(name)
    assert str(missing.value) == text


def test_a_bad_name_is_told_apart_from_a_missing_one(store):
    with pytest.raises(DockerlabError) as refused:
        store.get("MAYUS")
    assert refused.value.key == "bad-reference"


def test_the_last_name_takes_the_image_and_its_own_layers_along(store):
    store.tag("app:copia", APP.id)
    assert told(Remover(store).remove("app:copia")) == [("Untagged", "app:copia")]
    assert told(Remover(store).remove("app")) == [("Untagged", "app:latest"), ("Deleted", APP.id),
                                                  ("Deleted", APP.chain_ids[1])]
    assert BASE.id in store.images


def test_layers_that_the_build_cache_holds_are_not_deleted(store):
    careful = Remover(store, held=lambda chain: True)
    assert told(careful.remove("app")) == [("Untagged", "app:latest"), ("Deleted", APP.id)]


def test_digest_references_go_with_the_last_tag_of_their_repository(store):
    digest = "sha256:" + "d" * 64
    store.tag(f"app@{digest}", APP.id)
    assert told(Remover(store).remove("app"))[:2] == [("Untagged", "app:latest"), ("Untagged", f"app@{digest}")]


def test_removing_by_id_needs_a_single_repository(store):
    store.tag("otro:1", APP.id)
    with pytest.raises(Conflict) as refused:
        Remover(store).remove(APP.id)
    assert str(refused.value) == (f"conflict: unable to delete {APP.short_id} (must be forced) - "
                                  "image is referenced in multiple repositories")
    assert told(Remover(store).remove(APP.id, force=True))[:3] == [
        ("Untagged", "app:latest"), ("Untagged", "otro:1"), ("Deleted", APP.id)]


def test_an_image_in_use_is_protected(store):
    def users(image_id):
        return [User("c" * 64, True)] if image_id == APP.id else []
    with pytest.raises(Conflict) as refused:
        Remover(store, users=users).remove("app")
    assert str(refused.value) == (f'conflict: unable to remove repository reference "app" (must force) - container '
                                  f"{'c' * 12} is using its referenced image {APP.short_id}")
    assert told(Remover(store, users=users).remove("app", force=True)) == [("Untagged", "app:latest")]
    assert APP.id in store.images
    with pytest.raises(Conflict) as refused:
        Remover(store, users=users).remove(APP.id, force=True)
    assert str(refused.value).endswith(f"(cannot be forced) - image is being used by running container {'c' * 12}")


def test_a_stopped_container_can_be_overruled(store):
    def users(image_id):
        return [User("c" * 64, False)]
    with pytest.raises(Conflict) as refused:
        Remover(store, users=users).remove(APP.id)
    assert "(must be forced) - image is being used by stopped container" in str(refused.value)
    assert ("Deleted", APP.id) in told(Remover(store, users=users).remove(APP.id, force=True))


def test_parents_without_a_name_go_with_their_last_child():
    store = ImageStore()
    store.add(BASE)
    store.add(APP, parent=BASE.id)
    store.tag("app", APP.id)
    assert store.lineage(APP.id) == [APP.id, BASE.id]
    with pytest.raises(Conflict):
        Remover(store).remove(BASE.id)
    gone = [what for _, what in told(Remover(store).remove("app"))]
    assert [what for what in gone if what in (APP.id, BASE.id)] == [APP.id, BASE.id]
    assert len(store) == 0


def test_prune_takes_dangling_images_and_with_every_the_unused(store):
    store.add(OTHER)
    assert [one.what for one in Remover(store).prune() if one.image == OTHER.id][0] == OTHER.id
    assert {BASE.id, APP.id} == set(store.images)
    done = Remover(store, users=lambda image: [User("c", False)] if image == BASE.id else []).prune(every=True)
    assert set(store.images) == {BASE.id}
    assert sum(one.bytes for one in done) == 3


def test_a_filter_saves_images_from_prune(store):
    assert Remover(store).prune(every=True, keep=lambda stored: True) == []


def test_sizes_count_shared_layers_once(store):
    store.add(OTHER)
    assert (APP.size, store.disk_size(), store.shared_size(APP.id)) == (8, 9, 5)


def test_the_newest_comes_first():
    store = ImageStore()
    store.add(BASE, stamp=1)
    store.add(APP, stamp=3)
    store.add(OTHER, stamp=2)
    assert [one.image for one in store.list()] == [APP, OTHER, BASE]
    store.add(BASE, stamp=9)
    assert store.list()[0].image == BASE
