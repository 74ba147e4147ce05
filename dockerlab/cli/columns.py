"""Las columnas de cada tabla de `docker`, calculadas de los objetos de la API.

La API de Docker (*ContainerSummary*, *ImageSummary*...) da los datos; aquí se
dice cómo se titula y cómo se escribe cada uno.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dockerlab.units import bytes_size, human_duration, human_size

from .formatter import Column, Context, Kind

NONE = "<none>"


def short_id(identity: str) -> str:
    """Las doce primeras cifras; una etiqueta delante (`sha256:`) no cuenta."""
    return identity.rpartition(":")[2][:12]


def ellipsis(text: str, width: int) -> str:
    """`text` en `width` caracteres; si no cabe, el último es `…`."""
    return text if len(text) <= width else text[:width - 1] + "…"


def utc(seconds: float) -> str:
    """`2026-10-05 12:00:00 +0000 UTC`."""
    moment = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(seconds=int(seconds))
    return f"{moment.year:04d}{moment.strftime('-%m-%d %H:%M:%S')} +0000 UTC"


def ago(seconds: float, context: Context) -> str:
    """`2 hours ago`."""
    return f"{human_duration(context.now - seconds)} ago"


def identity_of(item: Mapping[str, Any], context: Context) -> str:
    """El id, en corto salvo con `--no-trunc`."""
    return short_id(item["Id"]) if context.trunc else item["Id"]


def labels(item: Mapping[str, Any], _: Context) -> str:
    """`a=1,b=2`, por orden."""
    return ",".join(f"{name}={value}" for name, value in sorted((item.get("Labels") or {}).items()))


def one_label(item: Mapping[str, Any], _: Context) -> Any:
    """`{{.Label "nombre"}}`: el valor de un metadato, vacío si no está."""
    return lambda name: (item.get("Labels") or {}).get(name, "")


# ── imágenes ────────────────────────────────────────────────────────────────

def image_rows(items: Any, context: Context) -> list[dict[str, Any]]:
    """Una fila por etiqueta de cada imagen (y por digest, si se piden); sin ninguna, `<none>`."""
    rows = []
    for item in items or ():
        tags = [tag for tag in item["RepoTags"] or () if tag != f"{NONE}:{NONE}"]
        digests = [name for name in item["RepoDigests"] or () if name != f"{NONE}@{NONE}"]
        by_name = {}
        for name in digests:
            repository, _, digest = name.partition("@")
            by_name.setdefault(repository, []).append(digest)
        for tag in tags:
            repository, _, version = tag.rpartition(":")
            found = by_name.get(repository)
            for digest in (found or [NONE]) if context.option("digests") else [(found or [NONE])[0]]:
                rows.append({**item, "Repository": repository, "Tag": version, "Digest": digest})
        if not tags:
            for repository, found in by_name.items():
                rows += [{**item, "Repository": repository, "Tag": NONE, "Digest": digest} for digest in found]
            if not by_name:
                rows.append({**item, "Repository": NONE, "Tag": NONE, "Digest": NONE})
    return rows


def _image_since(item: Mapping[str, Any], context: Context) -> str:
    return "" if item["Created"] <= -62135596800 else ago(item["Created"], context)


def _known(name: str) -> Column:
    title = {"SharedSize": "SHARED SIZE", "UniqueSize": "UNIQUE SIZE", "Containers": "CONTAINERS"}[name]

    def value(item: Mapping[str, Any], _: Context) -> str:
        size = item.get("Size", 0) - item.get("SharedSize", -1) if name == "UniqueSize" else item.get(name, -1)
        if item.get("Containers" if name == "Containers" else "SharedSize", -1) == -1:
            return "N/A"
        return str(size) if name == "Containers" else human_size(size, 3)
    return Column(title, value)


IMAGE = Kind("*formatter.imageContext", {
    "ID": Column("IMAGE ID", identity_of),
    "Repository": Column("REPOSITORY", lambda item, _: item["Repository"]),
    "Tag": Column("TAG", lambda item, _: item["Tag"]),
    "Digest": Column("DIGEST", lambda item, _: item["Digest"]),
    "CreatedSince": Column("CREATED", _image_since),
    "CreatedAt": Column("CREATED AT", lambda item, _: utc(item["Created"])),
    "Size": Column("SIZE", lambda item, _: human_size(item["Size"], 3)),
    "VirtualSize": Column("SIZE", lambda item, _: human_size(item["Size"])),
    **{name: _known(name) for name in ("Containers", "SharedSize", "UniqueSize")},
}, "{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}\t{{.Size}}")

DIGESTS = ("{{.Repository}}\t{{.Tag}}\t{{.Digest}}\t{{.ID}}\t{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A"
           "{{end}}\t{{.Size}}")


# ── historia, redes, volúmenes, cambios, búsquedas ──────────────────────────

def _moment(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _created_by(item: Mapping[str, Any], context: Context) -> str:
    text = item["CreatedBy"].replace("\t", " ")
    return ellipsis(text, 45) if context.trunc else text


def _human(item: Mapping[str, Any], context: Context) -> str:
    return human_size(item["Size"], 3) if context.option("human", True) else str(item["Size"])


HISTORY = Kind("*image.historyContext", {
    "ID": Column("IMAGE", identity_of),
    "CreatedSince": Column("CREATED", lambda item, context: ago(item["Created"], context)
                           if context.option("human", True) else _moment(item["Created"])),
    "CreatedAt": Column("CREATED AT", lambda item, _: _moment(item["Created"])),
    "CreatedBy": Column("CREATED BY", _created_by),
    "Size": Column("SIZE", _human),
    "Comment": Column("COMMENT", lambda item, _: item["Comment"]),
}, "{{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}")

EXACT_HISTORY = "{{.ID}}\t{{.CreatedAt}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}"


def _flag(name: str) -> Any:
    return lambda item, _: "true" if item.get(name) else "false"


def network_created(item: Mapping[str, Any], _: Context) -> str:
    """`2016-01-01 00:00:00 +0000 UTC`, con la fracción de segundo si la hay."""
    return item["Created"].replace("T", " ").removesuffix("Z") + " +0000 UTC"


NETWORK = Kind("*network.networkContext", {
    "ID": Column("NETWORK ID", identity_of),
    "Name": Column("NAME", lambda item, _: item["Name"]),
    "Driver": Column("DRIVER", lambda item, _: item["Driver"]),
    "Scope": Column("SCOPE", lambda item, _: item["Scope"]),
    "IPv4": Column("IPV4", _flag("EnableIPv4")),
    "IPv6": Column("IPV6", _flag("EnableIPv6")),
    "Internal": Column("INTERNAL", _flag("Internal")),
    "Labels": Column("LABELS", labels),
    "Label": Column("LABEL", one_label),
    "CreatedAt": Column("CREATED AT", network_created),
}, "{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}", json=tuple(
    "CreatedAt Driver ID IPv4 IPv6 Internal Labels Name Scope".split()))


def _usage(name: str) -> Any:
    def value(item: Mapping[str, Any], _: Context) -> str:
        usage = item.get("UsageData")
        if not usage:
            return "N/A"
        return human_size(usage["Size"]) if name == "Size" else str(usage["RefCount"])
    return value


def _always(text: str) -> Any:
    return lambda item, context: text


VOLUME = Kind("*formatter.volumeContext", {
    "Name": Column("VOLUME NAME", lambda item, _: item["Name"]),
    "Driver": Column("DRIVER", lambda item, _: item["Driver"]),
    "Scope": Column("SCOPE", lambda item, _: item["Scope"]),
    "Mountpoint": Column("MOUNTPOINT", lambda item, _: item["Mountpoint"]),
    "Labels": Column("LABELS", labels),
    "Label": Column("LABEL", one_label),
    "Links": Column("LINKS", _usage("Links")),
    "Size": Column("SIZE", _usage("Size")),
    "Group": Column("GROUP", _always("N/A")),
    "Availability": Column("AVAILABILITY", _always("N/A")),
    "Status": Column("STATUS", _always("N/A")),
}, "{{.Driver}}\t{{.Name}}", quiet="{{.Name}}", json=tuple(
    "Availability Driver Group Labels Links Mountpoint Name Scope Size Status".split()))

DIFF = Kind("*container.diffContext", {
    "Type": Column("CHANGE TYPE", lambda item, _: "CAD"[item["Kind"]]),
    "Path": Column("PATH", lambda item, _: item["Path"]),
}, "{{.Type}}\t{{.Path}}")


def _description(item: Mapping[str, Any], context: Context) -> str:
    text = item["description"].replace("\n", " ").replace("\r", " ")
    return ellipsis(text, 45) if context.trunc else text


SEARCH = Kind("*registry.searchContext", {
    "Name": Column("NAME", lambda item, _: item["name"]),
    "Description": Column("DESCRIPTION", _description),
    "StarCount": Column("STARS", lambda item, _: str(item["star_count"])),
    "IsOfficial": Column("OFFICIAL", lambda item, context: ("[OK]" if item["is_official"] else "")
                         if context.option("table") else _flag("is_official")(item, context)),
}, "{{.Name}}\t{{.Description}}\t{{.StarCount}}\t{{.IsOfficial}}", quiet="{{.Name}}")


# ── gasto ───────────────────────────────────────────────────────────────────

def _measure(shown: Any, missing: str = "--", windows: str | None = None) -> Any:
    def value(item: Mapping[str, Any], context: Context) -> str:
        if windows is not None and context.option("os") == "windows":
            return windows
        return missing if item["IsInvalid"] else shown(item)
    return value


def _pair(first: str, second: str) -> Any:
    return lambda item: f"{human_size(item[first], 3)} / {human_size(item[second], 3)}"


def _memory(item: Mapping[str, Any], context: Context) -> str:
    if item["IsInvalid"]:
        return "-- / --"
    used = bytes_size(item["Memory"])
    return used if context.option("os") == "windows" else f"{used} / {bytes_size(item['MemoryLimit'])}"


STATS = Kind("*container.statsContext", {
    "Container": Column("CONTAINER", lambda item, _: item["Container"]),
    "ID": Column("CONTAINER ID", lambda item, context: item["ID"][:12] if context.trunc else item["ID"]),
    "Name": Column("NAME", lambda item, _: item["Name"].removeprefix("/") or "--"),
    "CPUPerc": Column("CPU %", _measure(lambda item: f"{item['CPUPercentage']:.2f}%")),
    "MemUsage": Column("MEM USAGE / LIMIT", _memory),
    "MemPerc": Column("MEM %", _measure(lambda item: f"{item['MemoryPercentage']:.2f}%", windows="--")),
    "NetIO": Column("NET I/O", _measure(_pair("NetworkRx", "NetworkTx"))),
    "BlockIO": Column("BLOCK I/O", _measure(_pair("BlockRead", "BlockWrite"))),
    "PIDs": Column("PIDS", _measure(lambda item: str(item["PidsCurrent"]), windows="--")),
}, "{{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}")

KINDS = {"image": IMAGE, "history": HISTORY, "network": NETWORK, "volume": VOLUME,
         "diff": DIFF, "search": SEARCH, "stats": STATS}


def kind_for(name: str, os: str = "linux") -> Kind:
    """La clase de tabla `name`; en Windows, la memoria se llama de otra manera."""
    from .container_columns import CONTAINER
    kind = CONTAINER if name == "container" else KINDS[name]
    if name == "stats" and os == "windows":
        columns = {**kind.columns, "MemUsage": Column("PRIV WORKING SET", _memory)}
        return replace(kind, columns=columns)
    return kind
