"""De un servicio al contenedor que se pide al motor (los cuerpos de *ContainerCreate*)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from dockerlab.dockerfile import durations
from dockerlab.errors import fault

from .model import Project, Service

VERSION = "2.40.3"
PREFIX = "com.docker.compose"


def labels(project: Project, name: str, number: int, oneoff: bool = False, image: str = "") -> dict[str, str]:
    """Las etiquetas con las que Compose reconoce lo suyo."""
    service = project.services[name]
    waits = ",".join(f"{other}:{wait['condition']}:{str(bool(wait.get('restart'))).lower()}"
                     for other, wait in (service.get("depends_on") or {}).items())
    own = {"config-hash": project.config_hash(name), "container-number": str(number), "depends_on": waits,
           "image": image, "oneoff": str(oneoff), "project": project.name,
           "project.config_files": ",".join(project.files), "project.working_dir": project.folder, "service": name,
           "version": VERSION}
    return {**(service.get("labels") or {}), **{f"{PREFIX}.{key}": value for key, value in own.items()}}


def duration(text: str | None) -> int:
    """Nanosegundos, o cero."""
    return durations.parse(text) if text else 0


def healthcheck(service: Service) -> dict[str, Any] | None:
    """La comprobación de salud."""
    found = service.get("healthcheck")
    if not found:
        return None
    if found.get("disable"):
        return {"Test": ["NONE"]}
    times = {"Interval": "interval", "Timeout": "timeout", "StartPeriod": "start_period",
             "StartInterval": "start_interval"}
    return {"Test": list(found.get("test") or ()), **{key: duration(found.get(name)) for key, name in times.items()},
            "Retries": int(found.get("retries") or 0)}


def environment(service: Service) -> list[str]:
    """El entorno; una variable sin valor no llega."""
    return [f"{key}={value}" for key, value in (service.get("environment") or {}).items() if value is not None]


def config(project: Project, name: str, tags: Mapping[str, str], **changes: Any) -> dict[str, Any]:
    """`Config`."""
    service = project.services[name]
    ports = [f"{row['target']}/{row['protocol']}" for row in service.get("ports") or ()]
    exposed = [port if "/" in port else f"{port}/tcp" for port in service.get("expose") or ()]
    grace = service.get("stop_grace_period")
    found = {"Hostname": service.get("hostname", ""), "Domainname": service.get("domainname", ""),
             "User": service.get("user", ""), "Tty": bool(service.get("tty")),
             "OpenStdin": bool(service.get("stdin_open")), "Env": environment(service), "Cmd": service.get("command"),
             "Entrypoint": service.get("entrypoint"), "Image": project.image(name),
             "ExposedPorts": {port: {} for port in [*exposed, *ports]} or None,
             "WorkingDir": service.get("working_dir", ""), "Labels": dict(tags),
             "StopSignal": service.get("stop_signal"), "Healthcheck": healthcheck(service),
             "StopTimeout": round(duration(grace) / 10**9) if grace else None, **changes}
    return {key: value for key, value in found.items() if value is not None or key in ("Cmd", "Entrypoint")}


def limits(service: Service) -> dict[str, Any]:
    """Los límites de recursos, de una forma o de la otra."""
    found = ((service.get("deploy") or {}).get("resources") or {}).get("limits") or {}
    return {"NanoCpus": round(float(found.get("cpus") or service.get("cpus") or 0) * 10**9),
            "Memory": int(found.get("memory") or service.get("mem_limit") or 0),
            "MemoryReservation": int(service.get("mem_reservation") or 0),
            "MemorySwap": int(service.get("memswap_limit") or 0),
            "PidsLimit": int(found.get("pids") or service.get("pids_limit") or 0) or None,
            "CpuShares": int(service.get("cpu_shares") or 0), "CpusetCpus": service.get("cpuset", ""),
            "ShmSize": int(service.get("shm_size") or 0)}


def ulimits(service: Service) -> list[dict[str, Any]]:
    """Los límites del proceso: un número para los dos, o el blando y el duro."""
    pairs = ((name, value if isinstance(value, dict) else {"soft": value, "hard": value})
             for name, value in sorted((service.get("ulimits") or {}).items()))
    return [{"Name": name, "Hard": int(value["hard"]), "Soft": int(value["soft"])} for name, value in pairs]


def restart(service: Service) -> dict[str, Any]:
    """La política de reinicio: `on-failure:3` lleva el máximo detrás."""
    name, _, count = service.get("restart", "no").partition(":")
    policy = (service.get("deploy") or {}).get("restart_policy") or {}
    if policy and "restart" not in service:
        name = {"any": "always", "none": "no"}.get(policy.get("condition", "any"), policy.get("condition", "any"))
        count = str(policy.get("max_attempts") or "")
    return {"Name": name, "MaximumRetryCount": int(count or 0)}


def bindings(service: Service) -> dict[str, list[dict[str, str]]]:
    """Los puertos publicados."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in service.get("ports") or ():
        found.setdefault(f"{row['target']}/{row['protocol']}", []).append(
            {"HostIp": row.get("host_ip", ""), "HostPort": row.get("published", "")})
    return found


def mount(project: Project, item: Mapping[str, Any]) -> dict[str, Any]:
    """Un montaje en su forma larga de la API."""
    kind = item["type"]
    source = item.get("source", "")
    if kind == "volume" and source:
        source = project.volumes[source]["name"]
    found = {"Type": kind, "Source": source, "Target": item["target"], "ReadOnly": bool(item.get("read_only"))}
    if kind == "volume" and (item.get("volume") or {}).get("nocopy"):
        found["VolumeOptions"] = {"NoCopy": True}
    if kind == "tmpfs" and (item.get("tmpfs") or {}).get("size"):
        found["TmpfsOptions"] = {"SizeBytes": int(item["tmpfs"]["size"])}
    return found


def binds(service: Service) -> list[str]:
    """Los montajes del anfitrión que se crean si faltan, en su forma corta."""
    return [f"{item['source']}:{item['target']}:{'ro' if item.get('read_only') else 'rw'}"
            for item in service.get("volumes") or () if short_bind(item)]


def short_bind(item: Mapping[str, Any]) -> bool:
    """¿Se pide una carpeta del anfitrión que puede faltar?"""
    return item["type"] == "bind" and bool((item.get("bind") or {}).get("create_host_path"))


def files(project: Project, service: Service) -> list[tuple[str, bytes, int]]:
    """Los secretos y configuraciones que no son un archivo: (ruta dentro, contenido, permisos)."""
    return [(target, content(project, kind, item["source"], entry), int(item.get("mode") or "0444", 8))
            for kind, item, target, entry in attached(project, service) if "file" not in entry]


def attached(project: Project, service: Service) -> Iterator[tuple[str, Mapping[str, Any], str, Mapping[str, Any]]]:
    """Los secretos y configuraciones de un servicio: clase, cómo los pide, ruta dentro y su descripción."""
    for kind, folder in (("secrets", "/run/secrets/"), ("configs", "/")):
        for item in service.get(kind) or ():
            yield kind, item, item.get("target") or folder + item["source"], getattr(project, kind)[item["source"]]


def content(project: Project, kind: str, name: str, entry: Mapping[str, Any]) -> bytes:
    """Lo que hay en un secreto o una configuración. Faltas `compose-secret-variable` y `bind-missing`."""
    if "environment" in entry:
        variable = entry["environment"]
        if variable not in project.environment:
            raise fault("compose-secret-variable", variable=variable, name=name, kind=kind[:-1])
        return project.environment[variable].encode()
    if "content" in entry:
        return entry["content"].encode()
    path = entry.get("file", "")
    if not os.path.isfile(path):
        raise fault("bind-missing", path=path)
    with open(path, "rb") as file:
        return file.read()


def network_mode(project: Project, name: str, peers: Mapping[str, str]) -> str:
    """El modo de red: el pedido, o la primera de sus redes. `peers`: el contenedor de cada servicio."""
    service = project.services[name]
    mode = service.get("network_mode", "")
    if mode.startswith("service:"):
        return f"container:{peers[mode.partition(':')[2]]}"
    names = list(service.get("networks") or ())
    return mode or (project.networks[names[0]]["name"] if names else "none")


def endpoints(project: Project, name: str, container: str, aliases: bool = True) -> dict[str, Any]:
    """A qué redes se conecta y con qué nombres."""
    service = project.services[name]
    found = {}
    for net, details in (service.get("networks") or {}).items():
        details = details or {}
        links = [f"{link.partition(':')[0]}:{link.partition(':')[2] or link}" for link in service.get("links") or ()]
        address = {"IPv4Address": details["ipv4_address"]} if details.get("ipv4_address") else {}
        names = [container, name, *(details.get("aliases") or ())] if aliases else []
        found[project.networks[net]["name"]] = {"Aliases": names, "IPAMConfig": address, "Links": links}
    return found


def host(project: Project, name: str, peers: Mapping[str, str], **changes: Any) -> dict[str, Any]:
    """`HostConfig`."""
    service = project.services[name]
    mounted = [mount(project, item) for item in service.get("volumes") or () if not short_bind(item)]
    mounted += [{"Type": "bind", "Source": entry["file"], "Target": target, "ReadOnly": True}
                for _, _, target, entry in attached(project, service) if "file" in entry]
    sources = [item if item.startswith("container:") else ":".join([peers[item.partition(":")[0]],
               *item.split(":")[1:]]) for item in service.get("volumes_from") or ()]
    return {"NetworkMode": network_mode(project, name, peers), "PortBindings": bindings(service),
            "RestartPolicy": restart(service), "Binds": binds(service) or None, "Mounts": mounted or None,
            "Tmpfs": dict(item.partition(":")[::2] for item in service.get("tmpfs") or ()) or None,
            "ReadonlyRootfs": bool(service.get("read_only")), "Privileged": bool(service.get("privileged")),
            "CapAdd": service.get("cap_add"), "CapDrop": service.get("cap_drop"), "Dns": service.get("dns"),
            "DnsSearch": service.get("dns_search"), "GroupAdd": service.get("group_add"),
            "ExtraHosts": [text.replace("=", ":", 1) for text in service.get("extra_hosts") or ()] or None,
            "Init": service.get("init"), "PidMode": service.get("pid", ""), "IpcMode": service.get("ipc", ""),
            "Sysctls": service.get("sysctls"), "SecurityOpt": service.get("security_opt"),
            "Ulimits": ulimits(service) or None,
            "VolumesFrom": [item.removeprefix("container:") for item in sources] or None,
            "LogConfig": {"Type": (service.get("logging") or {}).get("driver", "json-file"),
                          "Config": (service.get("logging") or {}).get("options") or {}},
            **limits(service), **changes}
