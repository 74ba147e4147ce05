"""`pull`, `push`, `save`, `load`, `search`, `login`, `logout`, `manifest inspect`: las imágenes que van y vienen."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from typing import Any

from ...errors import DockerlabError, fault
from ...images import Reference
from ...images.reference import DEFAULT_DOMAIN, DEFAULT_TAG
from .. import columns, filters
from ..call import Call

HUB = "https://index.docker.io/v1/"


def report_pull(pulled: Any, line: Callable[[str], None]) -> None:
    """Lo que cuenta `docker pull`: capa a capa, el digest y si había algo nuevo."""
    report_layers(pulled, line)
    line(f"Status: {'Downloaded newer image' if pulled.fresh else 'Image is up to date'} for "
         f"{pulled.reference.familiar}")
    if pulled.warning:
        line(f"WARNING: {pulled.warning}")


def report_layers(pulled: Any, line: Callable[[str], None]) -> None:
    """La parte de cada etiqueta: sus capas y su digest."""
    reference = pulled.reference
    line(f"{reference.digest or reference.tag}: Pulling from {reference.path}")
    if pulled.fresh:
        for digest, present in pulled.layers:
            line(f"{digest[7:19]}: {'Already exists' if present else 'Pull complete'}")
    line(f"Digest: {pulled.digest}")


def pull(call: Call) -> int:
    """`docker pull`."""
    reference = call.reference(call.args[0])
    if call["all-tags"]:
        return pull_all(call, reference)
    if not reference.tag and not reference.digest and not call["quiet"]:
        call.line(f"Using default tag: {DEFAULT_TAG}")
    if reference.familiar_name == "scratch":
        raise fault("pull-scratch")
    pulled = call.engine.pull(call.args[0], call["platform"])
    if not call["quiet"]:
        report_pull(pulled, call.line)
    call.line(str(pulled.reference))
    return 0


def pull_all(call: Call, reference: Reference) -> int:
    """`docker pull -a`: todas las etiquetas del repositorio."""
    if reference.tag or reference.digest:
        raise fault("pull-all-tag")
    fresh, line = False, (lambda text: None) if call["quiet"] else call.line
    for tag in call.engine.hub.tags(reference):
        pulled = call.engine.pull(f"{reference.name}:{tag}", call["platform"])
        report_layers(pulled, line)
        fresh |= pulled.fresh
    line(f"Status: {'Downloaded newer image' if fresh else 'Image is up to date'} for {reference.familiar}")
    call.line(reference.name)
    return 0


def push(call: Call) -> int:
    """`docker push`."""
    reference = call.reference(call.args[0])
    if not reference.tag and not call["quiet"]:
        call.line(f"Using default tag: {DEFAULT_TAG}")
    reference = reference.tagged
    if not call["quiet"]:
        call.line(f"The push refers to repository [{reference.name}]")
    images = call.engine.images
    stored = images.find(str(reference))
    if stored is None:
        known = any(other.name == reference.name for other in images.references)
        raise fault("push-no-tag" if known else "push-no-image", reference=reference.familiar,
                    name=reference.familiar_name)
    try:
        pushed = call.engine.hub.push(reference, stored.image, images)
    except DockerlabError as error:
        report_denied(call, error)
        raise
    call.engine.images.tag(Reference(reference.domain, reference.path, "", pushed.digest), stored.image.id)
    call.engine.emit("image", "push", reference.familiar, name=reference.familiar_name)
    if call["quiet"]:
        call.line(str(reference))
        return 0
    for digest, state in reversed(pushed.layers):
        call.line(f"{digest[7:19]}: {state}")
    call.line(f"{reference.tag}: digest: {pushed.digest} size: {pushed.size}")
    return 0


def report_denied(call: Call, error: DockerlabError) -> None:
    """Antes de que el registro diga que no, las capas ya estaban preparándose; el error lo cuenta el cliente."""
    for digest in reversed(error.data.get("layers", ())):
        call.line(f"{digest[7:19]}: Preparing")
    error.data["client"] = True


def check_output(call: Call, command: str, key: str) -> str:
    """Dónde se va a guardar. Faltas: la de `key` si iría a la pantalla; `output-path` si no hay carpeta."""
    target = call["output"]
    if not target and call.terminal.tty:
        raise fault(key)
    folder = os.path.dirname(target)
    if folder and not os.path.isdir(call.path(folder)):
        raise fault("output-path", command=command, folder=folder)
    return target


def to_save(call: Call) -> list[tuple[Any, list[Reference]]]:
    """Las imágenes pedidas, cada una con los nombres con los que se pidió; por repositorio, todas sus etiquetas."""
    store, wanted = call.engine.images, {}
    for name in call.args:
        stored = store.find(name)
        if stored is None:
            raise fault("no-such-image", name=name)
        names = wanted.setdefault(stored.image.id, (stored.image, []))[1]
        if not stored.image.id.startswith((name, f"sha256:{name}")):
            names.append(Reference.parse(name).tagged)
    return list(wanted.values())


def save(call: Call) -> int:
    """`docker save`."""
    from ...images.archive import save as write_archive
    images = to_save(call)
    target = check_output(call, "save image", "save-terminal")
    buffer = io.BytesIO()
    write_archive(images, buffer)
    deliver(call, target, buffer.getvalue())
    return 0


def deliver(call: Call, target: str, data: bytes) -> None:
    """Los bytes a un archivo del anfitrión o a la salida."""
    if target:
        with open(call.path(target), "wb") as file:
            file.write(data)
    else:
        call.terminal.emit(1, data)


def load(call: Call) -> int:
    """`docker load`."""
    from ...images.load import load as read_archive
    if not call["input"] and call.terminal.tty:
        raise fault("load-terminal")
    data = call.read_file(call["input"]) if call["input"] else call.terminal.read()
    for loaded in read_archive(io.BytesIO(data)):
        call.engine.images.add(loaded.image)
        for reference in loaded.references:
            before = call.engine.images.tag(reference, loaded.image.id)
            if before:
                call.line(f"The image {reference.familiar} already exists, renaming the old one with ID {before} "
                          "to empty string")
            if not call["quiet"]:
                call.line(f"Loaded image: {reference.familiar}")
        if not loaded.references and not call["quiet"]:
            call.line(f"Loaded image ID: {loaded.image.id}")
        call.engine.emit("image", "load", loaded.image.id, name=loaded.image.id)
    return 0


def search(call: Call) -> int:
    """`docker search`, en el catálogo del simulador."""
    wanted = filters.group(call["filter"])
    filters.check_names(wanted, ("is-official", "stars", "is-automated"))
    rows = call.engine.hub.search(call.args[0])
    if "is-official" in wanted:
        official = filters.truth("is-official", wanted["is-official"])
        rows = [row for row in rows if row["is_official"] == official]
    if "stars" in wanted:
        least = max(int(value) for value in wanted["stars"] if value.isdecimal())
        rows = [row for row in rows if row["star_count"] >= least]
    rows = rows[:call["limit"] or 25]
    return call.table(columns.SEARCH, rows, table=not call["format"] or call["format"].startswith("table"))


def login(call: Call) -> int:
    """`docker login`: aquí cualquier contraseña vale, y ninguna se guarda."""
    server = call.args[0] if call.args else ""
    if call["password"]:
        call.error("WARNING! Using --password via the CLI is insecure. Use --password-stdin.")
    user = call["username"]
    if call["password-stdin"]:
        if call["password"]:
            raise fault("login-two")
        if not user:
            raise fault("login-user")
        secret = call.terminal.read().decode(errors="replace").rstrip("\r\n")
    elif call["password"]:
        secret = call["password"]
    elif call.terminal.ask:
        user = user or call.terminal.ask("Username: ")
        secret = call.terminal.ask("Password: ")
    else:
        raise fault("login-terminal")
    call.engine.hub.login(server or DEFAULT_DOMAIN, user, secret)
    call.line("Login Succeeded")
    return 0


def logout(call: Call) -> int:
    """`docker logout`."""
    call.line(f"Removing login credentials for {call.args[0] if call.args else HUB}")
    call.engine.hub.logout(call.args[0] if call.args else DEFAULT_DOMAIN)
    return 0


def manifest_inspect(call: Call) -> int:
    """`docker manifest inspect`."""
    reference = call.reference(call.args[-1]).tagged
    try:
        found = call.engine.hub.manifest(reference)
    except DockerlabError as error:
        if error.key == "pull-denied":
            raise fault("manifest-denied") from None
        if error.key == "manifest-unknown":
            raise fault("no-such-manifest", reference=reference) from None
        raise
    call.terminal.out(json.dumps(found, indent="\t") + "\n")
    return 0


HANDLERS = {"image pull": pull, "image push": push, "image save": save, "image load": load, "search": search,
            "login": login, "logout": logout, "manifest inspect": manifest_inspect}
