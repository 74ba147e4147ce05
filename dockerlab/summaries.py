"""Lo que dan las listas de la API: un resumen de cada contenedor, imagen, volumen y red, y el gasto de disco."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .clock import EPOCH, SECOND
from .containers import mounts
from .containers.connect import exposed
from .containers.status import status_text
from .inspection import volume_json

if TYPE_CHECKING:
    from .containers.container import Container
    from .containers.volumes import Volume
    from .engine import Engine
    from .images import Image, Stored


def command_text(argv: Iterable[str]) -> str:
    """La orden en una línea: los argumentos con blancos, entre comillas simples."""
    words = list(argv)
    return " ".join([words[0], *(f"'{word}'" if " " in word or not word else word for word in words[1:])]
                    ) if words else ""


def open_ports(container: Container) -> list[str]:
    """Los puertos documentados y los publicados de quien está en marcha en una red suya: sin ella no tiene ninguno."""
    if not container.state.alive or container.network_mode in ("none", "host"):
        return []
    return list(dict.fromkeys([*exposed(container), *container.ports]))


def port_rows(container: Container) -> list[dict[str, Any]]:
    """Los puertos de un contenedor en marcha: los publicados y los solo documentados."""
    rows: list[dict[str, Any]] = []
    for port in open_ports(container):
        number, _, protocol = port.partition("/")
        base = {"PrivatePort": int(number), "Type": protocol or "tcp"}
        bound = container.ports.get(port) or ()
        rows += [{"IP": item["HostIp"], **base, "PublicPort": int(item["HostPort"])} for item in bound] or [base]
    return rows


def shown_image(engine: Engine, container: Container) -> str:
    """La imagen como se pidió; si ese nombre ya señala a otra, su id."""
    found = engine.images.find(container.image_name)
    return container.image_name if found is not None and found.image.id == container.image else container.image


def container_summary(engine: Engine, container: Container, size: bool = False) -> dict[str, Any]:
    """*ContainerSummary*. `size`: también lo que ocupa."""
    data = {
        "Id": container.id, "Names": [f"/{container.name}"], "Image": shown_image(engine, container),
        "ImageID": container.image, "Command": command_text(container.argv), "Created": container.created // SECOND,
        "Ports": port_rows(container), "Labels": dict(container.config.get("Labels") or {}),
        "State": container.state.status, "Status": status_text(container.state, engine.clock.now),
        "HostConfig": {"NetworkMode": container.network_mode},
        "NetworkSettings": {"Networks": dict.fromkeys(engine.switchboard.wanted(container))},
        "Mounts": [mounts.describe(point) for point in container.mounts],
        "Health": {"Status": container.state.health.status} if container.state.health else None}
    if size:
        data["SizeRw"] = container.root.size
        data["SizeRootFs"] = container.root.size + sum(layer.size for layer in container.root.layers)
    return data


def image_summary(engine: Engine, stored: Stored, usage: bool = False) -> dict[str, Any]:
    """*ImageSummary*. `usage`: también lo compartido."""
    image = stored.image
    return {"Id": image.id, "ParentId": stored.parent, "RepoTags": engine.images.tags(image.id),
            "RepoDigests": engine.images.digests(image.id), "Created": stored.stamp // SECOND, "Size": image.size,
            "Labels": dict(image.config.labels or {}),
            "SharedSize": engine.images.shared_size(image.id) if usage else -1,
            "Containers": len(engine.containers.using_image(image.id))}


def built_at(engine: Engine, stored: Stored) -> list[int]:
    """Cuándo se dio cada paso, en nanosegundos, del más viejo al más nuevo.

    Lo construido aquí lleva siempre la misma hora en su configuración, para que a todos les
    salga el mismo id: se enseña la de la primera imagen de este equipo que tuvo ese paso.
    """
    history = stored.image.config.history
    stamps = [entry.created or 0 for entry in history]
    mine = [place for place, moment in enumerate(stamps) if moment == EPOCH]
    if mine:
        relatives = [(len(other.image.config.history), other.stamp) for other in engine.images.images.values()
                     if other.image.config.history == history[:len(other.image.config.history)]]
        for place in mine:
            stamps[place] = min((stamp for length, stamp in relatives if length > place), default=EPOCH)
    return stamps


def image_history(engine: Engine, stored: Stored) -> list[dict[str, Any]]:
    """*HistoryResponse*, de la fila más nueva a la más vieja; las de antes no guardan id."""
    image: Image = stored.image
    rows = [{"Id": "<missing>", "Created": moment // SECOND, "CreatedBy": row.entry.created_by, "Size": row.size,
             "Comment": row.entry.comment, "Tags": None}
            for row, moment in reversed([*zip(image.history, built_at(engine, stored), strict=True)])]
    for identity in engine.images.lineage(image.id):
        ancestor = engine.images.images[identity]
        place = len(image.history) - len(ancestor.image.history)
        if place < len(rows):
            rows[place].update(Id=identity, Created=ancestor.stamp // SECOND)
    return rows


def volume_summary(engine: Engine, volume: Volume, usage: bool = False) -> dict[str, Any]:
    """*Volume*, con su gasto si se pide."""
    data = volume_json(volume)
    if usage:
        data["UsageData"] = {"Size": volume.size, "RefCount": len(engine.containers.using_volume(volume.name))}
    return data


def cache_rows(engine: Engine) -> list[dict[str, Any]]:
    """Las entradas de la caché de construcción (*BuildCache*)."""
    return engine.builder.usage() if engine.has_builder else []


def disk_usage(engine: Engine) -> dict[str, Any]:
    """*SystemDataUsageResponse*: cuánto ocupa cada clase y cuánto se puede recuperar."""
    images = [image_summary(engine, stored, usage=True) for stored in engine.images.list()]
    containers = [container_summary(engine, record, size=True) for record in engine.containers.list()]
    volumes = [volume_summary(engine, volume, usage=True) for volume in engine.volumes.list()]
    cache = cache_rows(engine)
    used = {record.image for record in engine.containers.list()}
    alive = ("running", "paused", "restarting")
    total = engine.images.disk_size()
    held = sum(item["Size"] for item in images if item["Id"] in used)
    return {
        "Images": _usage(images, lambda item: item["Id"] in used, total, max(total - held, 0)),
        "Containers": _usage(containers, lambda item: item["State"] in alive, sum(
            item["SizeRw"] for item in containers), sum(
            item["SizeRw"] for item in containers if item["State"] not in alive)),
        "Volumes": _usage(volumes, lambda item: item["UsageData"]["RefCount"] > 0, sum(
            item["UsageData"]["Size"] for item in volumes), sum(
            item["UsageData"]["Size"] for item in volumes if not item["UsageData"]["RefCount"])),
        # Docker real: lo que la caché comparte con las imágenes ya cuenta en la fila de ellas, y aquí no se suma.
        "BuildCache": _usage(cache, lambda item: item["InUse"], sum(
            item["Size"] for item in cache if not item["Shared"]), sum(
            item["Size"] for item in cache if not item["InUse"] and not item["Shared"]))}


def _usage(items: list[dict[str, Any]], active: Any, total: int, reclaimable: int) -> dict[str, Any]:
    return {"ActiveCount": sum(map(active, items)), "TotalCount": len(items), "Reclaimable": reclaimable,
            "TotalSize": total, "Items": items}


def event_json(event: Any) -> dict[str, Any]:
    """*EventMessage*, con los campos antiguos que todavía lleva."""
    attributes = dict(event.attributes)
    legacy = {"status": event.action, "id": event.actor}
    if event.type == "container":
        legacy["from"] = attributes.get("image", "")
    return {**(legacy if event.type in ("container", "image") else {}), "Type": event.type, "Action": event.action,
            "Actor": {"ID": event.actor, "Attributes": attributes}, "scope": "local",
            "time": event.time // SECOND, "timeNano": event.time}

