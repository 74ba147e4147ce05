"""Las columnas de `docker ps`, calculadas de *ContainerSummary* (API de Docker)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dockerlab.units import human_size

from .columns import ago, ellipsis, identity_of, labels, one_label, short_id, utc
from .formatter import Column, Context, Kind, render
from .options.ports import display_ports


def _container_image(item: Mapping[str, Any], context: Context) -> str:
    image, identity = item["Image"], item["ImageID"]
    if not image:
        return "<no image>"
    if context.trunc and short_id(identity) == short_id(image) and identity:
        return short_id(identity)
    if context.trunc and "@" in image:
        return image.partition("@")[0]
    return image


def _container_names(item: Mapping[str, Any], context: Context) -> str:
    names = [name.removeprefix("/") for name in item["Names"] or ()]
    if context.trunc:
        names = [name for name in names if "/" not in name]
    return ",".join(names)


def _command(item: Mapping[str, Any], context: Context) -> str:
    command = ellipsis(item["Command"], 20) if context.trunc else item["Command"]
    return '"' + command.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def container_size(item: Mapping[str, Any], context: Context) -> str:
    """`5B (virtual 2.06MB)`."""
    size = human_size(item.get("SizeRw") or 0, 3)
    virtual = item.get("SizeRootFs") or 0
    return f"{size} (virtual {human_size(virtual, 3)})" if virtual > 0 else size


def _mounts(item: Mapping[str, Any], context: Context) -> str:
    names = [mount.get("Name") or mount.get("Source", "") for mount in item["Mounts"] or ()]
    return ",".join(ellipsis(name, 15) if context.trunc else name for name in names)


def _networks(item: Mapping[str, Any], _: Context) -> str:
    return ",".join(sorted((item.get("NetworkSettings") or {}).get("Networks") or {}))


def _health(item: Mapping[str, Any], _: Context) -> str:
    return (item.get("Health") or {}).get("Status", "")


def _platform(item: Mapping[str, Any], _: Context) -> Any:
    platform = (item.get("ImageManifestDescriptor") or {}).get("platform")
    return platform if platform is None else dict(platform)


CONTAINER = Kind("*formatter.ContainerContext", {
    "ID": Column("CONTAINER ID", identity_of),
    "Names": Column("NAMES", _container_names),
    "Image": Column("IMAGE", _container_image),
    "Command": Column("COMMAND", _command),
    "CreatedAt": Column("CREATED AT", lambda item, _: utc(item["Created"])),
    "RunningFor": Column("CREATED", lambda item, context: ago(item["Created"], context)),
    "Ports": Column("PORTS", lambda item, _: display_ports(item["Ports"] or ())),
    "State": Column("STATE", lambda item, _: item["State"]),
    "Status": Column("STATUS", lambda item, _: item["Status"]),
    "HealthStatus": Column("HEALTH STATUS", _health),
    "Size": Column("SIZE", container_size),
    "Labels": Column("LABELS", labels),
    "Label": Column("LABEL", one_label),
    "Mounts": Column("MOUNTS", _mounts),
    "LocalVolumes": Column("LOCAL VOLUMES", lambda item, _: str(sum(
        mount.get("Driver") == "local" for mount in item["Mounts"] or ()))),
    "Networks": Column("NETWORKS", _networks),
    "Platform": Column("PLATFORM", _platform),
}, "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}", json=tuple(
    "Command CreatedAt HealthStatus ID Image Labels LocalVolumes Mounts Names Networks Platform Ports RunningFor Size "
    "State Status".split()))

RAW = ("container_id: {{.ID}}", "image: {{.Image}}", "command: {{.Command}}", "created_at: {{.CreatedAt}}",
       "state: {{.State}}", "status: {{.Status}}", "names: {{.Names}}", "labels: {{.Labels}}", "ports: {{.Ports}}")


def raw_rows(rows: list[Any], context: Context, quiet: bool, size: bool) -> str:
    """`--format raw`: un campo por línea, y una línea en blanco entre contenedores."""
    lines = RAW[:1] if quiet else (*RAW, *(("size: {{.Size}}",) if size else ()))
    end = "" if quiet else "\n"
    text = render(CONTAINER, rows, "\\n".join(lines) + end, context)
    return "\n".join(line.rstrip() if line.endswith(": ") else line for line in text.split("\n"))
