"""`images`, `history`, `image inspect`, `tag`, `rmi`, `image prune`: las imágenes de este equipo."""

from __future__ import annotations

import fnmatch
from typing import Any

from dockerlab.errors import DockerlabError, fault
from dockerlab.images import Reference, Stored
from dockerlab.inspection import image_json
from dockerlab.summaries import image_history, image_summary
from dockerlab.units import human_size

from .. import columns, filters
from ..call import Call
from ..inspecting import inspect_all
from ..times import parse_time


def image_tests(call: Call) -> dict[str, filters.Test]:
    """Los filtros de `docker images`."""
    engine = call.engine

    def moment(name: str) -> int:
        return engine.images.get(name).stamp

    def named(stored: Stored, pattern: str) -> bool:
        return any(match_reference(ref, pattern) for ref in engine.images.references_to(stored.image.id))

    return {
        "dangling": lambda item, value: engine.images.is_dangling(item.image.id) == (value in ("true", "1")),
        "label": lambda item, value: filters.by_label(dict(item.image.config.labels), value),
        "before": lambda item, value: item.stamp < moment(value),
        "since": lambda item, value: item.stamp > moment(value),
        "reference": named,
        "until": lambda item, value: item.stamp < parse_time(value, engine.clock.now)}


def match_reference(reference: Reference, pattern: str) -> bool:
    """¿Encaja el nombre con el patrón (`node:*`, `*/app`)?"""
    names = (reference.familiar, reference.familiar_name, str(reference), reference.name)
    return any(fnmatch.fnmatchcase(name, pattern) for name in names)


def filtered(call: Call) -> list[Stored]:
    """Las imágenes que pasan los filtros. Faltas de filtros."""
    wanted = filters.group(call["filter"])
    tests = image_tests(call)
    filters.check_names(wanted, tests)
    if "dangling" in wanted:
        wanted["dangling"] = ["true" if filters.truth("dangling", wanted["dangling"]) else "false"]
    shown = [stored for stored in call.engine.images.list() if filters.matches(stored, wanted, tests)]
    if call["all"]:
        return shown
    return [stored for stored in shown
            if call.engine.images.references_to(stored.image.id) or not call.engine.images.children(stored.image.id)]


def list_images(call: Call) -> int:
    """`docker images`: una fila por etiqueta."""
    rows, patterns = [], [value for name, value in call["filter"] if name == "reference"]

    def named(text: str) -> bool:
        return any(match_reference(Reference.parse(text), pattern) for pattern in patterns)

    for stored in filtered(call):
        item = image_summary(call.engine, stored)
        if patterns:
            item = {**item, "RepoTags": [tag for tag in item["RepoTags"] if named(tag)],
                    "RepoDigests": [digest for digest in item["RepoDigests"] if named(digest)]}
        if call.args:
            item = narrowed(item, call.args[0])
            if not item["RepoTags"] and not item["RepoDigests"]:
                continue
        rows.append(item)
    digests = call["digests"] or ".Digest" in call["format"]
    context = call.context(digests=digests)
    layout = columns.DIGESTS if digests else None
    if call["format"] == "json" and not digests:      # sin pedirlos, no se miran
        rows = [{**row, "RepoDigests": []} if row["RepoTags"] else row for row in rows]
    rows = columns.image_rows(rows, context)
    dangling = "dangling" in dict(call["filter"])
    rows = [row for row in rows if row["Tag"] != columns.NONE or row["Repository"] == columns.NONE or digests
            or dangling or not row["RepoTags"]]
    return call.table(columns.IMAGE, rows, layout, digests=digests)


def narrowed(item: dict[str, Any], name: str) -> dict[str, Any]:
    """La imagen, solo con los nombres que encajan con `name` (`node`, `node:14`, `node*`)."""
    def fits(text: str) -> bool:
        reference = Reference.parse(text)
        wanted = name if ":" in name.rpartition("/")[2] or "@" in name else f"{name}:*"
        return fnmatch.fnmatchcase(reference.familiar, wanted) or fnmatch.fnmatchcase(str(reference), wanted) or (
            bool(reference.digest) and fnmatch.fnmatchcase(reference.familiar_name, name))
    return {**item, "RepoTags": [tag for tag in item["RepoTags"] if fits(tag)],
            "RepoDigests": [digest for digest in item["RepoDigests"] if fits(digest)]}


def history(call: Call) -> int:
    """`docker history`."""
    rows = image_history(call.engine, call.engine.images.get(call.args[0]))
    human = call["human"]
    if call["quiet"]:
        for row in rows:
            call.line(columns.short_id(row["Id"]) if not call["no-trunc"] else row["Id"])
        return 0
    return call.table(columns.HISTORY, rows, None if human else columns.EXACT_HISTORY, human=human)


def inspect(call: Call) -> int:
    """`docker image inspect`."""
    return inspect_all(call, lambda name: image_json(call.engine, call.engine.images.get(name)))


def tag(call: Call) -> int:
    """`docker tag`."""
    for text in call.args:
        try:
            Reference.parse(text)
        except DockerlabError as error:
            if len(text) == 64 or text.startswith("sha256:"):
                continue
            raise fault("tag-reference", text=text, reason=error.text) from None
    if "@" in call.args[1]:
        raise fault("tag-digest", text=call.args[1])
    call.engine.tag(*call.args)
    return 0


def remove(call: Call) -> int:
    """`docker rmi`: lo que pierde el nombre y lo que se borra."""
    errors = []
    for name in call.args:
        try:
            for row in call.engine.remove_image(name, force=call["force"], prune=not call["no-prune"]):
                call.line(f"{row.kind}: {row.what}")
        except DockerlabError as error:
            errors.append(error)
    for error in errors:
        call.fail(error)
    missing = [error for error in errors if error.key in ("no-such-image",)]
    return 0 if call["force"] and len(missing) == len(errors) else 1 if errors else 0


DANGLING = "WARNING! This will remove all dangling images.\nAre you sure you want to continue?"
UNUSED = ("WARNING! This will remove all images without at least one container associated to them.\n"
          "Are you sure you want to continue?")


def prune_images(call: Call, everything: bool) -> tuple[list[str], int]:
    """Las líneas de lo borrado y los bytes recuperados."""
    wanted = filters.group(call["filter"])
    tests = {"until": image_tests(call)["until"], "label": image_tests(call)["label"],
             "label!": lambda item, value: not filters.by_label(dict(item.image.config.labels), value),
             "dangling": lambda item, value: True}
    filters.check_names(wanted, tests)
    done = call.engine.prune_images(every=everything, keep=lambda stored: not filters.matches(stored, wanted, tests))
    return [f"{row.kind.lower()}: {row.what}" for row in done], sum(row.bytes for row in done)


def prune(call: Call) -> int:
    """`docker image prune`."""
    if not call.confirm(UNUSED if call["all"] else DANGLING):
        return 0
    lines, size = prune_images(call, call["all"])
    if lines:
        call.terminal.out("Deleted Images:\n" + "\n".join(lines) + "\n\n")
    call.line(f"Total reclaimed space: {human_size(size)}")
    return 0


HANDLERS = {"image ls": list_images, "image history": history, "image inspect": inspect, "image tag": tag,
            "image rm": remove, "image prune": prune}
