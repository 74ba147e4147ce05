"""`pull`, `push`, `save`, `load`, `search`, `login`, `logout`, `manifest inspect`: las imágenes que van y vienen."""

from __future__ import annotations

import base64
import io
import json
import os
from collections.abc import Callable
from typing import Any

from dockerlab.errors import DockerlabError, fault
from dockerlab.images import Reference
from dockerlab.images.manifest import descriptor
from dockerlab.images.reference import DEFAULT_DOMAIN, DEFAULT_TAG
from dockerlab.registry.transport import is_here

from .. import columns, filters
from ..call import Call

HUB = "https://index.docker.io/v1/"
STARTED = ("platform-missing", "blob-unknown", "blob-verify")   # faltas de una descarga que ya había empezado
MISSING = {"pull-denied": "manifest-denied", "manifest-unknown": "no-such-manifest"}


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
            line(f"{columns.short_id(digest)}: {'Already exists' if present else 'Pull complete'}")
    line(f"Digest: {pulled.digest}")


def begin_pull(call: Call, name: str, platform: str, line: Callable[[str], None]) -> Any:
    """Descarga; lo que falla cuando ya se sabe qué imagen es se cuenta sin el aviso del demonio."""
    try:
        return call.engine.pull(name, platform)
    except DockerlabError as error:
        if error.key in STARTED:
            reference = call.reference(name).tagged
            line(f"{reference.digest or reference.tag}: Pulling from {reference.path}")
            error.data["client"] = True
        raise


def pull(call: Call) -> int:
    """`docker pull`."""
    reference = call.reference(call.args[0])
    if call["all-tags"]:
        return pull_all(call, reference)
    if not reference.tag and not reference.digest and not call["quiet"]:
        call.line(f"Using default tag: {DEFAULT_TAG}")
    if reference.familiar_name == "scratch":
        raise fault("pull-scratch")
    pulled = begin_pull(call, call.args[0], call["platform"], (lambda text: None) if call["quiet"] else call.line)
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
    """`docker push`; con `-a`, todas las etiquetas del repositorio."""
    reference, every, quiet = call.reference(call.args[0]), call["all-tags"], call["quiet"]
    if every and (reference.tag or reference.digest):
        raise fault("push-all-tag")
    if not every and not reference.tag and not quiet:
        call.line(f"Using default tag: {DEFAULT_TAG}")
    if not quiet:
        call.line(f"The push refers to repository [{reference.name}]")
    images = call.engine.images
    mine = sorted(other for other in images.references if other.name == reference.name and not other.digest)
    wanted = mine if every else [reference.tagged]
    if not wanted or images.find(str(wanted[0])) is None:
        raise fault("push-no-tag" if mine else "push-no-image", reference=reference.tagged.familiar,
                    name=reference.familiar_name)
    for one in wanted:
        push_one(call, one)
    if quiet:
        call.line(str(reference if every else wanted[0]))
    return 0


def push_one(call: Call, reference: Reference) -> None:
    """Sube una etiqueta y cuenta qué pasó con cada capa."""
    images = call.engine.images
    image = images.get(str(reference)).image
    try:
        pushed = call.engine.hub.push(reference, image, images)
    except DockerlabError as error:
        report_denied(call, error)
        raise
    images.tag(reference.with_digest(pushed.digest), image.id)
    call.engine.emit("image", "push", reference.familiar, name=reference.familiar_name)
    if call["quiet"]:
        return
    for digest, state in reversed(pushed.layers):
        call.line(f"{columns.short_id(digest)}: {state}")
    call.line(f"{reference.tag}: digest: {pushed.digest} size: {pushed.size}")


def report_denied(call: Call, error: DockerlabError) -> None:
    """Antes de que el registro diga que no, las capas ya estaban preparándose; el error lo cuenta el cliente."""
    for digest in () if call["quiet"] else reversed(error.data.get("layers", ())):
        call.line(f"{columns.short_id(digest)}: Preparing")
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


def same_repository(call: Call, name: str) -> list[Reference]:
    """Las etiquetas de un repositorio nombrado sin ninguna (`docker save app`), por orden; vacía si no es uno."""
    try:
        asked = Reference.parse(name)
    except DockerlabError:
        return []
    if asked.tag or asked.digest:
        return []
    return sorted((one for one in call.engine.images.references if one.tag and one.name == asked.name),
                  key=lambda one: one.tag)


def to_save(call: Call) -> list[tuple[Any, list[Reference]]]:
    """Las imágenes pedidas, cada una con los nombres con los que se pidió; por repositorio, todas sus etiquetas."""
    store, wanted = call.engine.images, {}
    for name in call.args:
        stored = store.find(name)
        family = same_repository(call, name)
        for reference in family:
            image = store.get(str(reference)).image
            wanted.setdefault(image.id, (image, []))[1].append(reference)
        if family:
            continue
        if stored is None:
            raise fault("no-such-image", name=name)
        names = wanted.setdefault(stored.image.id, (stored.image, []))[1]
        if not stored.image.id.startswith((name, f"sha256:{name}")):
            names.append(Reference.parse(name).tagged)
    return list(wanted.values())


def save(call: Call) -> int:
    """`docker save`."""
    from dockerlab.images.archive import save as write_archive
    target = check_output(call, "save image", "save-terminal")
    images = to_save(call)
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


def read_images(data: bytes) -> list[Any]:
    """Las imágenes de un archivo. Si está cortado, lo dice la propia línea de órdenes, que es quien lo lee."""
    from dockerlab.images.load import load as read_archive
    try:
        return read_archive(io.BytesIO(data))
    except DockerlabError as error:
        error.data["client"] = error.key == "archive-truncated"
        raise


def load(call: Call) -> int:
    """`docker load`."""
    if not call["input"] and call.terminal.tty:
        raise fault("load-terminal")
    data = call.read_file(call["input"]) if call["input"] else call.terminal.read()
    for loaded in read_images(data):
        call.engine.images.add(loaded.image)
        for reference in loaded.references:
            before = call.engine.images.tag(reference, loaded.image.id)
            if before:
                call.line(f"The image {reference.familiar} already exists, renaming the old one with ID {before} "
                          "to empty string")
            call.line(f"Loaded image: {reference.familiar}")
        if not loaded.references:
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
    """`docker manifest inspect`: el manifiesto o, si la hay, la lista; con `-v`, cada uno entero."""
    reference = call.reference(call.args[-1]).tagged
    try:
        if is_here(reference.domain.partition(":")[0]) and not call["insecure"]:
            raise fault("manifest-insecure", reference=reference)
        body = call.engine.hub.manifest(reference)
    except DockerlabError as error:
        key = MISSING.get(error.key)
        raise fault(key, reference=reference) if key else error from None
    found = json.loads(body)
    entries = found.get("manifests")
    if call["verbose"]:
        about = [described(call, reference.with_digest(entry["digest"]), entry["platform"], f"{reference}@")
                 for entry in entries or ()] or described(call, reference, None, "")
        text = json.dumps(about, indent="\t")
    elif entries:
        order = ("mediaType", "size", "digest", "platform")
        text = json.dumps({**found, "manifests": [{key: entry[key] for key in order} for entry in entries]}, indent=3)
    else:
        text = json.dumps(found, indent="\t")
    call.line(text)
    return 0


def described(call: Call, reference: Reference, platform: dict[str, str] | None, name: str) -> dict[str, Any]:
    """Un manifiesto con su nombre, su descriptor, sus bytes y lo que dicen."""
    hub = call.engine.hub
    body = hub.manifest(reference)
    if platform is None:
        config = hub.find(reference)[0].config
        platform = {"architecture": config.architecture, "os": config.os}
    found = json.loads(body)
    about = descriptor(found["mediaType"], body)
    key = "OCIManifest" if "oci" in found["mediaType"] else "SchemaV2Manifest"
    return {"Ref": f"{name}{reference.digest}" if name else str(reference),
            "Descriptor": {**about, "platform": platform}, "Raw": base64.b64encode(body).decode(), key: found}


HANDLERS = {"image pull": pull, "image push": push, "image save": save, "image load": load, "search": search,
            "login": login, "logout": logout, "manifest inspect": manifest_inspect}
