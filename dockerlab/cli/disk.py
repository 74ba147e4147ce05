"""`docker system df`: el resumen y, con `-v`, una tabla por clase."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dockerlab.clock import SECOND
from dockerlab.errors import DockerlabError
from dockerlab.units import human_size

from .columns import IMAGE, VOLUME, ago, image_rows
from .container_columns import CONTAINER
from .formatter import Column, Context, Kind, final_format, render, reword
from .template import Struct, Template

TITLES = {"Images": "Images", "Containers": "Containers", "Volumes": "Local Volumes", "BuildCache": "Build Cache"}


def _reclaimable(item: Mapping[str, Any], _: Context) -> str:
    size = human_size(item["Reclaimable"])
    if item["Type"] == "Build Cache" or item["TotalSize"] <= 0:
        return size
    return f"{size} ({item['Reclaimable'] * 100 // item['TotalSize']}%)"


SUMMARY = Kind("*formatter.diskUsageImagesContext", {
    "Type": Column("TYPE", lambda item, _: item["Type"]),
    "TotalCount": Column("TOTAL", lambda item, _: str(item["TotalCount"])),
    "Active": Column("ACTIVE", lambda item, _: str(item["ActiveCount"])),
    "Size": Column("SIZE", lambda item, _: human_size(item["TotalSize"])),
    "Reclaimable": Column("RECLAIMABLE", _reclaimable),
}, "{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}")

CACHE = Kind("*formatter.buildCacheContext", {
    "ID": Column("CACHE ID", lambda item, context: item["ID"][:12] if context.trunc else item["ID"]),
    "Parent": Column("PARENT", lambda item, _: ",".join(item.get("Parents") or ())),
    "CacheType": Column("CACHE TYPE", lambda item, _: item["Type"]),
    "Description": Column("DESCRIPTION", lambda item, _: item["Description"]),
    "InUse": Column("IN USE", lambda item, _: "true" if item["InUse"] else "false"),
    "Shared": Column("SHARED", lambda item, _: "true" if item["Shared"] else "false"),
    "Size": Column("SIZE", lambda item, _: human_size(item["Size"])),
    "CreatedSince": Column("CREATED", lambda item, context: ago(item["CreatedAt"] / SECOND, context)),
    "CreatedAt": Column("CREATED AT", lambda item, _: str(item["CreatedAt"])),
    "LastUsedSince": Column("LAST USED", lambda item, context: ago(item["LastUsedAt"] / SECOND, context)
                            if item["LastUsedAt"] else ""),
    "LastUsedAt": Column("LAST USED AT", lambda item, _: str(item["LastUsedAt"])),
    "UsageCount": Column("USAGE", lambda item, _: str(item["UsageCount"])),
}, "{{.ID}}\t{{.CacheType}}\t{{.Size}}\t{{.CreatedSince}}\t{{.LastUsedSince}}\t{{.UsageCount}}\t{{.Shared}}")

VERBOSE = (
    ("Images", "Images space usage:", IMAGE,
     "table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}\t{{.SharedSize}}\t{{.UniqueSize}}"
     "\t{{.Containers}}"),
    ("Containers", "Containers space usage:", CONTAINER,
     "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t{{.RunningFor}}\t{{.Status}}"
     "\t{{.Names}}"),
    ("Volumes", "Local Volumes space usage:", VOLUME, "table {{.Name}}\t{{.Links}}\t{{.Size}}"),
    ("BuildCache", "Build cache usage:", CACHE, "table " + CACHE.table))


def rows_of(usage: Mapping[str, Any], name: str, context: Context) -> list[Any]:
    """Los elementos de una clase, ya como filas de su tabla."""
    items = list(usage[name]["Items"] or ())
    return image_rows(items, context) if name == "Images" else items


def summary(usage: Mapping[str, Any], form: str, context: Context) -> str:
    """Una fila por clase: cuántos hay, cuánto ocupan y cuánto se puede recuperar."""
    items = [{**usage[name], "Type": title} for name, title in TITLES.items()]
    return render(SUMMARY, items, SUMMARY.layout(form), context)


def verbose(usage: Mapping[str, Any], form: str, context: Context) -> str:
    """`docker system df -v`: una tabla por clase, o un JSON con todas."""
    text, is_table = final_format(form)
    if is_table or not form:
        parts = []
        for name, title, kind, layout in VERBOSE:
            total = f" {human_size(usage[name]['TotalSize'])}" if name == "BuildCache" else ""
            parts.append(f"{title}{total}\n\n{render(kind, rows_of(usage, name, context), layout, context)}")
        return "\n".join(parts)
    value = {name: [kind.row(item, context) for item in rows_of(usage, name, context)]
             for name, _, kind, _ in VERBOSE}
    try:
        return Template(text).render(Struct(value))
    except DockerlabError as error:
        raise reword(error) from None
