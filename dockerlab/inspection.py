"""Lo que enseña `docker inspect`: los JSON de la API de Docker, con sus campos y su orden."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from .clock import rfc3339
from .containers import mounts
from .containers.connect import exposed
from .images.digest import digits

if TYPE_CHECKING:
    from .containers.container import Container, State
    from .containers.networks import Endpoint, Network
    from .containers.volumes import Volume
    from .engine import Engine
    from .images import Stored

ROOT = "/var/lib/docker"
NEVER = "0001-01-01T00:00:00Z"

HOST_CONFIG: dict[str, Any] = {
    "Binds": None, "ContainerIDFile": "", "LogConfig": {"Type": "json-file", "Config": {}},
    "NetworkMode": "bridge", "PortBindings": {}, "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0},
    "AutoRemove": False, "VolumeDriver": "", "VolumesFrom": None, "ConsoleSize": [0, 0], "CapAdd": None,
    "CapDrop": None, "CgroupnsMode": "host", "Dns": [], "DnsOptions": [], "DnsSearch": [], "ExtraHosts": None,
    "GroupAdd": None, "IpcMode": "private", "Cgroup": "", "Links": None, "OomScoreAdj": 0, "PidMode": "",
    "Privileged": False, "PublishAllPorts": False, "ReadonlyRootfs": False, "SecurityOpt": None, "Tmpfs": None,
    "UTSMode": "", "UsernsMode": "", "ShmSize": 67108864, "Sysctls": None, "Runtime": "runc", "Isolation": "",
    "CpuShares": 0, "Memory": 0, "NanoCpus": 0, "CgroupParent": "", "BlkioWeight": 0, "BlkioWeightDevice": [],
    "BlkioDeviceReadBps": [], "BlkioDeviceWriteBps": [], "BlkioDeviceReadIOps": [], "BlkioDeviceWriteIOps": [],
    "CpuPeriod": 0, "CpuQuota": 0, "CpuRealtimePeriod": 0, "CpuRealtimeRuntime": 0, "CpusetCpus": "",
    "CpusetMems": "", "Devices": [], "DeviceCgroupRules": None, "DeviceRequests": None, "MemoryReservation": 0,
    "MemorySwap": 0, "MemorySwappiness": None, "OomKillDisable": False, "PidsLimit": None, "Ulimits": [],
    "CpuCount": 0, "CpuPercent": 0, "IOMaximumIOps": 0, "IOMaximumBandwidth": 0, "Mounts": None,
    "MaskedPaths": ["/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys",
                    "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug",
                    "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap"],
    "ReadonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"], "Init": None,
}
"""Los valores de fábrica de `HostConfig`, en el orden en que Docker los escribe."""
HOST_OPTIONAL = {"Tmpfs", "Sysctls", "Mounts", "Init"}


def instant(value: int) -> str:
    """Una hora de la API; lo que no ha pasado todavía es el año 1."""
    return rfc3339(value) if value else NEVER


def state_json(state: State) -> dict[str, Any]:
    """`.State`."""
    data = {"Status": state.status, "Running": state.status in ("running", "paused", "restarting"),
            "Paused": state.status == "paused", "Restarting": state.status == "restarting",
            "OOMKilled": state.oom_killed, "Dead": state.status == "dead", "Pid": state.pid,
            "ExitCode": state.exit_code, "Error": state.error, "StartedAt": instant(state.started_at),
            "FinishedAt": instant(state.finished_at)}
    if state.health:
        data["Health"] = {"Status": state.health.status, "FailingStreak": state.health.streak, "Log": [
            {"Start": rfc3339(probe.start), "End": rfc3339(probe.end), "ExitCode": probe.exit_code,
             "Output": probe.output} for probe in state.health.log]}
    return data


def endpoint_json(network: Network, end: Endpoint) -> dict[str, Any]:
    """Un enchufe, en `.NetworkSettings.Networks`."""
    prefix = int(network.subnet.partition("/")[2] or 0)
    names = [end.name, *end.aliases, end.container[:12]] if network.resolves_names else None
    return {"IPAMConfig": {"IPv4Address": end.fixed} if end.fixed else None, "Links": list(end.links) or None,
            "Aliases": list(end.aliases) or None, "MacAddress": end.mac, "DriverOpts": None, "GwPriority": 0,
            "NetworkID": network.id, "EndpointID": end.id if end.address or network.driver != "bridge" else "",
            "Gateway": network.gateway if end.address else "", "IPAddress": end.address,
            "IPPrefixLen": prefix if end.address else 0, "IPv6Gateway": "", "GlobalIPv6Address": "",
            "GlobalIPv6PrefixLen": 0, "DNSNames": names}


def network_settings(engine: Engine, container: Container) -> dict[str, Any]:
    """`.NetworkSettings`."""
    joined = {net.name: endpoint_json(net, end) for net, end in engine.switchboard.of(container)}
    for name in engine.switchboard.wanted(container):
        if name not in joined and name in engine.networks.networks:
            from .containers.networks import Endpoint
            joined[name] = endpoint_json(engine.networks.get(name), Endpoint("", container.id, container.name))
    ports: dict[str, Any] = dict.fromkeys(exposed(container)) if container.state.alive else {}
    ports.update(container.ports)
    bridge = joined.get("bridge", {}) if container.network_mode == "bridge" else {}
    return {"Bridge": "", "SandboxID": container.id[::-1] if container.state.alive else "",
            "SandboxKey": f"/run/docker/netns/{container.id[::-1][:12]}" if container.state.alive else "",
            "Ports": ports, "HairpinMode": False, "LinkLocalIPv6Address": "", "LinkLocalIPv6PrefixLen": 0,
            "SecondaryIPAddresses": None, "SecondaryIPv6Addresses": None,
            "EndpointID": bridge.get("EndpointID", ""), "Gateway": bridge.get("Gateway", ""),
            "GlobalIPv6Address": "", "GlobalIPv6PrefixLen": 0, "IPAddress": bridge.get("IPAddress", ""),
            "IPPrefixLen": bridge.get("IPPrefixLen", 0), "IPv6Gateway": "",
            "MacAddress": bridge.get("MacAddress", ""), "Networks": joined}


def host_json(container: Container) -> dict[str, Any]:
    """`.HostConfig`: lo pedido sobre los valores de fábrica."""
    data = {**HOST_CONFIG, **{key: value for key, value in container.host_config.items() if value is not None}}
    return {key: value for key, value in data.items() if not (key in HOST_OPTIONAL and value in (None, {}, []))}


def container_json(engine: Engine, container: Container, size: bool = False) -> dict[str, Any]:
    """Un contenedor entero, como `docker container inspect`."""
    folder = f"{ROOT}/containers/{container.id}"
    overlay = f"{ROOT}/overlay2/{container.id}"
    data = {
        "Id": container.id, "Created": rfc3339(container.created), "Path": container.path, "Args": container.args,
        "State": state_json(container.state), "Image": container.image,
        "ResolvConfPath": f"{folder}/resolv.conf", "HostnamePath": f"{folder}/hostname",
        "HostsPath": f"{folder}/hosts", "LogPath": f"{folder}/{container.id}-json.log",
        "Name": f"/{container.name}", "RestartCount": container.restart_count, "Driver": "overlay2",
        "Platform": "linux", "MountLabel": "", "ProcessLabel": "", "AppArmorProfile": "", "ExecIDs": None,
        "HostConfig": host_json(container),
        "GraphDriver": {"Data": {
            "ID": container.id, "LowerDir": ":".join(
                [f"{overlay}-init/diff", *(f"{ROOT}/overlay2/{digits(layer.diff_id)}/diff"
                                           for layer in container.root.layers[-2::-1])]),
            "MergedDir": f"{overlay}/merged", "UpperDir": f"{overlay}/diff", "WorkDir": f"{overlay}/work"},
            "Name": "overlay2"}}
    if size:
        data["SizeRw"] = container.root.size
        data["SizeRootFs"] = container.root.size + sum(layer.size for layer in container.root.layers)
    data["Mounts"] = [mounts.describe(point) for point in container.mounts
                      if not (point.type == "tmpfs" and point.mode)]   # los de --tmpfs no salen
    data["Config"] = dict(container.config)
    data["NetworkSettings"] = network_settings(engine, container)
    return data


def image_json(engine: Engine, stored: Stored) -> dict[str, Any]:
    """Una imagen, como `docker image inspect`."""
    image = stored.image
    layers = [layer.diff_id for layer in image.layers]
    folders = [f"{ROOT}/overlay2/{digits(digest)}" for digest in layers]
    graph: dict[str, Any] = {}
    if folders:
        if len(folders) > 1:
            graph["LowerDir"] = ":".join(f"{folder}/diff" for folder in folders[-2::-1])
        graph.update(MergedDir=f"{folders[-1]}/merged", UpperDir=f"{folders[-1]}/diff", WorkDir=f"{folders[-1]}/work")
    tagged = next((event.time for event in reversed(engine.events.events)
                   if (event.type, event.action, event.actor) == ("image", "tag", image.id)), 0)
    data = {"Id": image.id, "RepoTags": engine.images.tags(image.id), "RepoDigests": engine.images.digests(image.id),
            "Parent": stored.parent, "Comment": image.config.history[-1].comment if image.config.history else "",
            "Created": rfc3339(stored.stamp), "DockerVersion": "", "Author": image.config.author,
            "Config": image.config.run_config(), "Architecture": image.config.architecture}
    if image.config.variant:
        data["Variant"] = image.config.variant
    data |= {"Os": image.config.os, "Size": image.size, "GraphDriver": {"Data": graph or None, "Name": "overlay2"},
             "RootFS": {"Type": "layers", "Layers": layers} if layers else {"Type": "layers"},
             "Metadata": {"LastTagTime": instant(tagged)}}
    return data


def raw_image(data: dict[str, Any]) -> dict[str, Any]:
    """Lo de `image_json` como lo escribe el demonio: la configuración al final, entera y por orden alfabético."""
    config = {"Cmd": None, "Entrypoint": None, "Env": None, "Labels": None, "OnBuild": None, "User": "",
              "Volumes": None, "WorkingDir": "", **data["Config"]}
    rest = {key: value for key, value in data.items() if key != "Config"}
    return {**rest, "Config": json.loads(json.dumps(config, sort_keys=True))}


def volume_json(volume: Volume) -> dict[str, Any]:
    """Un volumen, como `docker volume inspect`."""
    return {"CreatedAt": rfc3339(volume.created // 10**9 * 10**9), "Driver": volume.driver,
            "Labels": dict(volume.labels) if volume.labels else None, "Mountpoint": volume.mountpoint,
            "Name": volume.name, "Options": dict(volume.options) if volume.options else None, "Scope": "local"}


def network_json(network: Network) -> dict[str, Any]:
    """Una red, como `docker network inspect`."""
    ranged = {"IPRange": network.ip_range} if network.ip_range else {}
    config = [{"Subnet": network.subnet, **ranged, "Gateway": network.gateway}] if network.subnet else None
    prefix = network.subnet.partition("/")[2]
    ends = {end.container: {"Name": end.name, "EndpointID": end.id, "MacAddress": end.mac,
                            "IPv4Address": f"{end.address}/{prefix}" if end.address else "", "IPv6Address": ""}
            for end in network.endpoints.values()}
    return {"Name": network.name, "Id": network.id, "Created": rfc3339(network.created), "Scope": "local",
            "Driver": network.driver, "EnableIPv4": True, "EnableIPv6": network.ipv6,
            "IPAM": {"Driver": "default", "Options": {} if network.resolves_names else None, "Config": config},
            "Internal": network.internal, "Attachable": network.attachable, "Ingress": False,
            "ConfigFrom": {"Network": ""}, "ConfigOnly": False, "Containers": ends,
            "Options": dict(network.options), "Labels": dict(network.labels)}
